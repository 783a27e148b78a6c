"""The closing report of a campaign as sheets: the same rows as on its page, and every figure against its target."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.documents.exports import SAMPLES
from campaigns.domain.figures import half_up
from campaigns.queries.closing import Closing, Reached
from units.documents.sheets import Cell, Column, Sheet


def closing_sheets(report: Closing) -> list[Sheet]:
    return [_standings(report), _actions(report), _units(report), _figures(report), *_reports(report), _totals(report)]


def closing_notes(report: Closing) -> list[str]:
    """What the reader must know of every sheet."""
    notes = [] if report.is_final else [provisional(report)]
    return [*notes, str(SAMPLES)] if report.has_sample else notes


def provisional(report: Closing) -> str:
    told = _("Provisional: %(published)d of %(periods)d months are published.")
    return told % {"published": len(report.published), "periods": len(report.periods)}


def _unit_columns() -> list[Column]:
    return [Column(_("Unit code"), 16), Column(_("Unit"), 28)]


# --- standings and targets --------------------------------------------------------------------------------------------


def _standings(report: Closing) -> Sheet:
    """Rank and composite of every month side by side, the last one first to be read."""
    columns = [Column(_("Final rank"), 8), *_unit_columns(), Column(_("Final composite, %"), 12, 2)]
    for period in report.published:
        columns.append(Column(_("%(month)s: rank") % {"month": period.month}, 9))
        columns.append(Column(_("%(month)s: composite, %%") % {"month": period.month}, 12, 2))
    rows = []
    for one in report.units:
        months: list[Any] = []
        for month in one.months:
            months += [month.rank, month.published] if month else [None, None]
        rows.append([one.row.rank, one.row.unit.code, one.row.unit.name, one.row.published, *months])
    return Sheet(_("Standings"), columns, rows, closing_notes(report))


def _actions(report: Closing) -> Sheet:
    columns = [
        Column(_("No."), 6), Column(_("Action"), 32), Column(_("Lead unit"), 28), Column(_("City reached, %"), 12, 2),
        Column(_("Result"), 12), Column(_("Missed by, points"), 12, 2), Column(_("Units that met it"), 12),
        Column(_("Units"), 8),
    ]  # fmt: skip
    rows = [
        [one.action.number, one.action.name, one.action.lead.name, *_reached(one.city), one.met, one.units]
        for one in report.actions
    ]
    return Sheet(_("Actions"), columns, rows)


def _units(report: Closing) -> Sheet:
    """A row for each unit and action that it reports on."""
    columns = [
        *_unit_columns(), Column(_("No."), 6), Column(_("Action"), 32), Column(_("Reached, %"), 12, 2),
        Column(_("Result"), 12), Column(_("Missed by, points"), 12, 2),
    ]  # fmt: skip
    actions = report.last.actions if report.last else ()
    rows = [
        [one.row.unit.code, one.row.unit.name, action.number, action.name, *_reached(result)]
        for one in report.units
        for action, result in zip(actions, one.actions, strict=True)
        if result is not None
    ]
    return Sheet(_("Units and actions"), columns, rows)


def _reached(one: Reached) -> list[Any]:
    return [one.percent, result_words(one), one.missed_by]


def result_words(one: Reached) -> Cell:
    if one.percent is None:
        return Cell(_("no figure"), "grey")
    return Cell(pgettext("target", "met"), "green") if one.is_met else Cell(pgettext("target", "missed"), "red")


def _figures(report: Closing) -> Sheet:
    columns = [
        *_unit_columns(), Column(_("Indicator code"), 18), Column(_("Indicator"), 34), Column(_("Unit of measure"), 14),
        Column(_("Baseline")), Column(_("Target")), Column(_("Actual")), Column(_("Actual less target")),
        Column(_("Corrected"), 10),
    ]  # fmt: skip
    rows = [
        [
            unit.code, unit.name, one.indicator.code, one.indicator.name, one.indicator.measure, one.line.baseline,
            one.line.target, Cell(one.value, places=one.indicator.decimals),
            Cell(_less(one.value, one.line.target, one.indicator.decimals), places=one.indicator.decimals),
            _("yes") if one.is_corrected else "",
        ]
        for unit, one in report.figures
    ]  # fmt: skip
    return Sheet(_("Figures"), columns, rows)


def _less(value: Decimal | None, target: Decimal | Fraction, places: int) -> Decimal | None:
    """How far above (+) or below (−) its target the figure ended, half-up."""
    return None if value is None else half_up(Fraction(value) - Fraction(target), places)


# --- reports and totals -----------------------------------------------------------------------------------------------


def _reports(report: Closing) -> list[Sheet]:
    counted = [Column(_("Expected"), 10), Column(_("Filed"), 10), Column(_("In time"), 10), Column(_("Approved"), 10)]
    filed = [
        [period.month, one.expected, one.filed, one.on_time, one.approved]
        for period, one in report.filed
    ]  # fmt: skip
    late = [
        [one.unit.code, one.unit.name, one.period.month, one.counts.expected, one.late, one.counts.missing]
        for one in report.late
    ]
    corrected = [
        [
            one.report.unit.code, one.report.unit.name, one.report.period.month, one.report.action.number,
            one.indicator.code, one.indicator.name, Cell(one.value, places=one.indicator.decimals), one.corrected_at,
        ]
        for one in report.corrected
    ]  # fmt: skip
    return [
        Sheet(_("Reports"), [Column(_("Month"), 10), *counted], filed),
        Sheet(
            _("Late and missing"),
            [*_unit_columns(), Column(_("Month"), 10), Column(_("Expected"), 10), Column(_("Filed late"), 10),
             Column(_("Not filed"), 10)],
            late,
        ),
        Sheet(
            _("Corrected figures"),
            [*_unit_columns(), Column(_("Month"), 10), Column(_("No."), 6), Column(_("Indicator code"), 18),
             Column(_("Indicator"), 34), Column(_("Figure now"), 14), Column(_("Corrected at"), 17)],
            corrected,
        ),
    ]  # fmt: skip


def _totals(report: Closing) -> Sheet:
    columns = [Column(_("What"), 34), Column(_("Number"), 12), Column(_("Of"), 12)]
    total = report.total
    rows = [
        [_("Reports filed"), total.filed, total.expected],
        [_("Reports filed in time"), total.on_time, total.expected],
        [_("Figures corrected after closing"), len(report.corrected), None],
        [_("Projects completed"), report.projects.done, report.projects.total],
        [_("Follow-ups closed"), report.follow_ups.done, report.follow_ups.total],
    ]
    return Sheet(_("Totals"), columns, rows)
