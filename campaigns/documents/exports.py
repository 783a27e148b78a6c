"""The lists of the pages as sheets: the same rows, in the reader's language, for Excel and for CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from campaigns.domain.figures import half_up
from campaigns.domain.light import Light
from campaigns.models import Measurement, Report
from campaigns.queries.actions import ActionList, ActionPage
from campaigns.queries.completeness import Cell as Filed
from campaigns.queries.completeness import Completeness, Counts
from campaigns.queries.period_list import PeriodCounts
from campaigns.queries.progress import ActionProgress, Weighed
from campaigns.queries.queue import Odd, Waiting
from campaigns.queries.report_list import Listed
from campaigns.queries.standings import StandingRow, Standings
from campaigns.queries.unit_year import UnitYear, each_figure
from units.documents.sheets import Cell, Column, Sheet
from units.models import Source

SAMPLES = gettext_lazy("Contains sample figures.")
LIGHTS = {
    Light.GREEN: gettext_lazy("on track"),
    Light.YELLOW: gettext_lazy("behind"),
    Light.RED: gettext_lazy("far behind"),
    Light.GREY: gettext_lazy("no figure"),
}
ODD = {
    Odd.BELOW: gettext_lazy("Below last month"),
    Odd.STEP: gettext_lazy("Unusual step"),
    Odd.SAME: gettext_lazy("No change"),
    Odd.RANGE: gettext_lazy("Outside the usual range"),
    Odd.NO_FIGURE: gettext_lazy("No figure"),
    Odd.OTHER: gettext_lazy("Does not fit"),
}


def _notes(has_sample: bool) -> list[str]:
    return [str(SAMPLES)] if has_sample else []


def _rounded(value: Any, places: int = 2) -> Decimal | None:
    return None if value is None else half_up(value, places)


def _light(light: Light | None) -> Cell:
    return Cell(str(LIGHTS[light]), light.value) if light is not None else Cell("")


def _number_and_name(number: int, name: str) -> str:
    return f"{number} {name}"


# --- reports ----------------------------------------------------------------------------------------------------------


def report_sheets(rows: Iterable[Listed], reports: QuerySet[Report], month: str) -> list[Sheet]:
    """The list of reports, and the figures in them."""
    columns = [
        Column(_("Unit code"), 16), Column(_("Unit"), 26), Column(_("No."), 6), Column(_("Action"), 30),
        Column(_("Lead unit"), 26), Column(_("Status"), 12), Column(_("Since"), 17), Column(_("Due"), 17),
        Column(_("Time"), 12),
    ]  # fmt: skip
    return [Sheet(_("Reports"), columns, map(_report_row, rows)), figure_sheet(reports, month)]


def _report_row(row: Listed) -> list[Any]:
    report = row.report
    return [
        report.unit.code, report.unit.name, report.action.number, report.action.name, report.action.lead.name,
        report.get_status_display(), localtime(report.status_since), localtime(report.period.due_at), _time(row),
    ]  # fmt: skip


def _time(row: Listed) -> str:
    if row.is_overdue:
        return _("overdue")
    if row.is_late:
        return _("filed late")
    return _("in time") if row.filing.is_filed else _("due")


def figure_sheet(reports: QuerySet[Report], month: str) -> Sheet:
    """Every figure of these reports, one to a row, read in portions."""
    columns = [
        Column(_("Unit code"), 16), Column(_("Unit"), 26), Column(_("Period"), 10), Column(_("No."), 6),
        Column(_("Action"), 30), Column(_("Indicator code"), 18), Column(_("Indicator"), 34),
        Column(_("Unit of measure"), 14), Column(pgettext("column", "Figure"), 14), Column(_("Value status"), 13),
        Column(_("Growth year on year, %"), 12, 2), Column(_("Note"), 40), Column(_("Report"), 12),
    ]  # fmt: skip
    figures = (
        Measurement.objects.filter(report__in=reports.order_by().values("pk"))
        .select_related("report__unit", "report__action", "indicator")
        .order_by("report__unit__order", "report__unit__code", "report__action__number", "indicator__order", "pk")
    )
    return Sheet(_("Figures"), columns, (_figure_row(one, month) for one in figures.iterator(chunk_size=500)))


def _figure_row(one: Measurement, month: str) -> list[Any]:
    report, indicator = one.report, one.indicator
    return [
        report.unit.code, report.unit.name, month, report.action.number, report.action.name, indicator.code,
        indicator.name, indicator.measure, Cell(one.value, places=indicator.decimals), one.get_value_status_display(),
        one.growth, one.note, report.get_status_display(),
    ]  # fmt: skip


# --- standings --------------------------------------------------------------------------------------------------------


def standing_sheets(table: Standings) -> list[Sheet]:
    """Rank, composite and every action's attainment; the cells carry the colour of their light, and the second sheet
    its word. CSV has both beside each other."""
    actions = [_number_and_name(action.number, action.short) for action in table.actions]
    head = [
        Column(_("Rank"), 7), Column(_("Movement"), 9), Column(_("Unit code"), 16), Column(_("Unit"), 28),
        Column(_("Composite, %"), 12, 2), Column(_("Coverage, %"), 11), Column(_("Light"), 13),
    ]  # fmt: skip
    percents = [Column(f"{action}, %", 13, 2) for action in actions]
    rows = [_standing(row) for row in (*table.ranked, *table.others)]
    if table.city is not None:
        city: Weighed = table.city
        lead = [None, None, "", _("City"), _rounded(city.percent), city.coverage, ""]
        cells = [_percent_cell(one.percent, one.light) if one else None for one in table.city_cells]
        rows.append((lead, cells, [str(LIGHTS[one.light]) if one else "" for one in table.city_cells]))
    heat = Sheet(_("Standings"), [*head, *percents], [[*lead, *cells] for lead, cells, _lights in rows],
                 _notes(table.has_sample))  # fmt: skip
    names = [Column(action, 14) for action in actions]
    lights = Sheet(_("Lights"), [head[2], head[3], *names], [[*lead[2:4], *words] for lead, _cells, words in rows])
    return [heat, lights]


def standing_table(table: Standings) -> Sheet:
    """Both sheets in one, for CSV."""
    heat, lights = standing_sheets(table)
    words = [Column(_("%(action)s: light") % {"action": column.heading}) for column in lights.columns[2:]]
    rows = [[*one, *other[2:]] for one, other in zip(heat.rows, lights.rows, strict=True)]
    return Sheet(heat.name, [*heat.columns, *words], rows)


def _standing(row: StandingRow) -> tuple[list[Any], list[Any], list[str]]:
    is_hidden = row.is_undisclosed
    lead = [
        row.rank, row.movement, row.unit.code, row.unit.name, None if is_hidden else _rounded(row.percent),
        None if is_hidden else row.coverage, "" if is_hidden else _light(row.light),
    ]  # fmt: skip
    cells = [_percent_cell(one.progress.percent, one.progress.light) if one.progress else None for one in row.cells]
    return lead, cells, [str(LIGHTS[one.progress.light]) if one.progress else "" for one in row.cells]


def _percent_cell(percent: Any, light: Light) -> Cell:
    return Cell(_rounded(percent), light.value if light is not Light.GREEN else "")


# --- actions ----------------------------------------------------------------------------------------------------------


def action_sheets(table: ActionList) -> list[Sheet]:
    columns = [
        Column(_("No."), 6), Column(_("Action"), 32), Column(_("Lead unit"), 28), Column(_("Light"), 13),
        Column(_("Attained, %"), 11, 2), Column(_("Planned, %"), 11, 2), Column(_("Gap, points"), 11, 2),
        Column(_("Units on track"), 9), Column(_("Units behind"), 9), Column(_("Units far behind"), 9),
        Column(_("Units without a figure"), 9), Column(_("Lead’s view"), 16),
    ]  # fmt: skip
    rows = []
    for row in table.rows:
        counted = row.units
        rows.append([
            row.action.number, row.action.name, row.action.lead.name, *_progress(row.whole),
            *((counted.green, counted.yellow, counted.red, counted.grey) if counted else (None,) * 4),
            row.likelihood.get_level_display() if row.likelihood else "",
        ])  # fmt: skip
    return [Sheet(_("Actions"), columns, rows, _notes(table.has_sample))]


def _progress(one: Any) -> list[Any]:
    """Light, attained, planned, gap; nothing where that is not for the reader."""
    if one is None:
        return ["", None, None, None]
    return [_light(one.light), _rounded(one.percent), _rounded(one.planned_percent), one.gap]


def action_unit_sheets(page: ActionPage) -> list[Sheet]:
    """The units of one action, and each of their figures against its target."""
    columns = [
        Column(_("Unit code"), 16), Column(_("Unit"), 28), Column(_("Light"), 13), Column(_("Attained, %"), 11, 2),
        Column(_("Planned, %"), 11, 2), Column(_("Gap, points"), 11, 2), Column(_("Coverage, %"), 11),
        Column(_("Lead’s view"), 16), Column(_("Accepted reason"), 40),
    ]  # fmt: skip
    rows = [
        [
            row.unit.code, row.unit.name, *_progress(row.progress), row.progress.coverage,
            row.likelihood.get_level_display() if row.likelihood else "",
            row.progress.reason.reason if row.progress.reason else "",
        ]
        for row in page.units
    ]  # fmt: skip
    return [Sheet(_("Units"), columns, rows, _notes(page.has_sample)), _figures_of(page)]


def _figures_of(page: ActionPage) -> Sheet:
    columns = [
        Column(_("Unit code"), 16), Column(_("Unit"), 28), Column(_("Indicator code"), 18), Column(_("Indicator"), 34),
        Column(_("Unit of measure"), 14), Column(_("Baseline")), Column(_("Target")), Column(_("Planned to date")),
        Column(_("Actual")), Column(_("Attained, %"), 11, 2), Column(_("Gap, points"), 11, 2), Column(_("Light"), 13),
    ]  # fmt: skip
    return Sheet(_("Figures"), columns, [line for row in page.units for line in _lines(row.unit, row.progress)])


def _lines(unit: Any, progress: ActionProgress) -> Iterator[list[Any]]:
    for one in progress.indicators:
        indicator, places = one.indicator, one.indicator.decimals
        share = None if one.attainment is None else 100 * one.attainment
        yield [
            unit.code, unit.name, indicator.code, indicator.name, indicator.measure, one.line.baseline,
            one.line.target, Cell(_rounded(one.planned_figure, places), places=places), Cell(one.value, places=places),
            _rounded(share), one.gap, _light(one.light),
        ]  # fmt: skip


# --- completeness -----------------------------------------------------------------------------------------------------


def completeness_sheets(table: Completeness) -> list[Sheet]:
    """Units by actions with how each report stands, the counts of each unit, and on a second sheet those per action."""
    actions = [Column(_number_and_name(one.action.number, one.action.short), 14) for one in table.actions]
    counted = [
        Column(_("Expected"), 10), Column(_("Filed"), 10), Column(_("In time"), 10), Column(_("Approved"), 10),
        Column(_("Filed, %"), 10, 1), Column(_("In time, %"), 10, 1), Column(_("Approved, %"), 10, 1),
    ]  # fmt: skip
    rows = [[row.unit.code, row.unit.name, *_counts(row.counts), *map(_filing, row.cells)] for row in table.units]
    rows.append(["", _("All units"), *_counts(table.total), *(None for _column in actions)])
    per_action = [
        [one.action.number, one.action.name, one.action.lead.name, *_counts(one.counts)] for one in table.actions
    ]
    notes = _notes(any(one.action.source == Source.SAMPLE for one in table.actions))
    return [
        Sheet(_("Completeness"), [Column(_("Unit code"), 16), Column(_("Unit"), 28), *counted, *actions], rows, notes),
        Sheet(_("Actions"), [Column(_("No."), 6), Column(_("Action"), 32), Column(_("Lead unit"), 28), *counted],
              per_action),
    ]  # fmt: skip


def _counts(one: Counts) -> list[Any]:
    rates = (one.filed_rate, one.on_time_rate, one.approved_rate)
    return [
        one.expected, one.filed, one.on_time, one.approved,
        *(None if rate is None else _rounded(100 * rate, 1) for rate in rates),
    ]  # fmt: skip


def _filing(one: Filed | None) -> Cell | None:
    if one is None:
        return None
    if not one.filing.is_filed:
        return Cell(_("missing, overdue"), "red") if one.is_overdue else Cell(_("not filed"), "grey")
    if one.is_approved:
        return Cell(_("approved, filed late") if one.is_late else pgettext("report", "approved"))
    return Cell(_("filed late"), "yellow") if one.is_late else Cell(_("filed on time"))


# --- one unit's year --------------------------------------------------------------------------------------------------


def unit_year_sheets(year: UnitYear) -> list[Sheet]:
    """The year with its months side by side, and every figure in a row of its own."""
    head = [
        Column(_("Campaign"), 26), Column(_("No."), 6), Column(_("Action"), 28), Column(_("Indicator code"), 18),
        Column(_("Indicator"), 34), Column(_("Unit of measure"), 14),
    ]  # fmt: skip
    wide = [*head, Column(_("Baseline")), Column(_("Target")), *(Column(month, 11) for month in year.months)]
    long = [
        *head, Column(_("Period"), 10), Column(pgettext("column", "Figure")), Column(_("Value status"), 13),
        Column(_("Growth year on year, %"), 12, 2), Column(_("Note"), 40), Column(_("Corrected"), 10),
    ]  # fmt: skip
    months = [
        [
            *_identity(row), row.baseline, row.target,
            *(Cell(row.figures[month].value if month in row.figures else None, places=row.decimals)
              for month in year.months),
        ]
        for row in year.rows
    ]  # fmt: skip
    each = [
        [
            *_identity(row), one.month, Cell(one.value, places=row.decimals), one.value_status, one.growth, one.note,
            _("yes") if one.is_corrected else "",
        ]
        for row, one in each_figure(year)
    ]  # fmt: skip
    what = _("approved figures")
    return [
        Sheet(f"{year.year}", wide, months, [f"{year.name}, {what}"]),
        Sheet(_("Figures"), long, each),
    ]


def _identity(row: Any) -> list[Any]:
    return [row.campaign, row.number, row.action, row.code, row.name, row.measure]


# --- review, periods --------------------------------------------------------------------------------------------------


def review_sheets(rows: Sequence[Waiting]) -> list[Sheet]:
    columns = [
        Column(_("Unit code"), 16), Column(_("Unit"), 28), Column(_("No."), 6), Column(_("Action"), 32),
        Column(_("Since"), 17), Column(_("Days"), 7), Column(_("What looks odd"), 50), Column(_("Without a note"), 12),
    ]  # fmt: skip
    lines = [
        [
            row.report.unit.code, row.report.unit.name, row.report.action.number, row.report.action.name,
            localtime(row.report.status_since), row.days,
            _("; ").join(f"{one.indicator.name}: {ODD[one.kind]}" for one in row.oddities),
            _("yes") if row.lacks_note else "",
        ]
        for row in rows
    ]  # fmt: skip
    return [Sheet(_("To review"), columns, lines, _notes(any(r.report.action.source == Source.SAMPLE for r in rows)))]


def period_sheets(rows: Sequence[PeriodCounts]) -> list[Sheet]:
    columns = [
        Column(_("Month"), 10), Column(_("First day"), 12), Column(_("Last day"), 12), Column(_("State"), 12),
        Column(_("Opens"), 17), Column(_("Due"), 17), Column(_("Closes"), 17), Column(_("Expected"), 10),
        Column(_("Filed"), 10), Column(_("In time"), 10), Column(_("Approved"), 10), Column(_("Undecided"), 10),
    ]  # fmt: skip
    lines = [
        [
            row.period.month, row.period.starts_on, row.period.ends_on, row.period.get_state_display(),
            row.period.opens_at, row.period.due_at, row.period.closed_at or row.period.closes_at, row.expected,
            row.filed, row.on_time, row.approved, row.undecided,
        ]
        for row in rows
    ]  # fmt: skip
    return [Sheet(_("Periods"), columns, lines)]
