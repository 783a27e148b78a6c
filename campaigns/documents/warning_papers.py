"""Early warnings on paper: the slip of one, the list for the meeting, and the list as a sheet for Excel and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.documents.pack_words import SHAPES, TINTS, is_chinese
from campaigns.documents.papers import Cell, Fact, Paper, Table
from campaigns.models import Campaign, EarlyWarning, WarningEvent
from campaigns.queries.warning_list import MeetingRow, Totals
from campaigns.queries.warning_words import cause_name, reason_of, rule_of
from campaigns.templatetags.look import MISSING, full_moment, moment, short_day_year
from units.documents.sheets import Cell as SheetCell
from units.documents.sheets import Column, Sheet
from units.models import Source


def _language() -> str:
    return "zh" if is_chinese() else "en"


def _sample_note(sources: Iterable[str]) -> str:
    return _("Contains sample figures.") if Source.SAMPLE in sources else ""


def level_text(warning: EarlyWarning) -> str:
    """The level by shape and word; where a reason was accepted, what it is shown as."""
    text = f"{SHAPES[warning.level]} {warning.get_level_display()}"
    if not warning.accepted_reason:
        return text
    return _("%(level)s, reason accepted") % {"level": text}


def measure_text(warning: EarlyWarning) -> str:
    if not warning.measure:
        return MISSING
    return _("%(measure)s (by %(day)s)") % {
        "measure": warning.measure,
        "day": short_day_year(warning.measure_due_on),
    }


# --- the slip ---------------------------------------------------------------------------------------------------------


def slip(warning: EarlyWarning, history: Sequence[WarningEvent], now: datetime) -> Paper:
    """One warning as the unit gets it: why, by which rule, what was answered, and room to sign."""
    project = warning.project
    return Paper(
        language=_language(),
        issuer=project.campaign.office.name,
        title=_("Early-warning slip"),
        as_of=now,
        date=short_day_year(localtime(now)),
        number=_("Warning %(number)d") % {"number": warning.pk},
        subtitle=project.campaign.name,
        note=_sample_note([project.source, warning.source]),
        facts=[
            Fact(_("Project"), f"{project.name} ({project.code})"),
            Fact(_("Unit"), project.unit.name),
            Fact(_("Lead department"), project.lead.name),
            Fact(_("Cause"), cause_name(warning.cause)),
            Fact(pgettext("of a warning", "Level"), level_text(warning)),
            Fact(_("Why"), reason_of(warning)),
            Fact(_("Rule"), rule_of(warning.cause)),
            Fact(_("Raised"), full_moment(warning.raised_at)),
            Fact(_("State"), warning.get_state_display()),
            Fact(_("Explanation of the unit"), warning.explanation or MISSING),
            Fact(_("Measure"), measure_text(warning)),
            Fact(_("Accepted reason"), warning.accepted_reason or MISSING),
        ],
        table=_history_table(history),
        signatures=[_("For the unit"), _("For the lead department"), _("Date")],
    )


def _history_table(history: Sequence[WarningEvent]) -> Table:
    return Table(
        title=_("History"),
        head=[_("When"), _("Step"), _("Who"), _("Words")],
        widths=[3, 2, 3, 6],
        rows=[
            [Cell(moment(one.at)), Cell(one.get_verb_display()), Cell(who_did(one)), Cell(one.text)] for one in history
        ],
        empty=MISSING,
    )


def who_did(event: WarningEvent) -> str:
    return event.actor.display_name if event.actor else _("computed")


# --- the list for the meeting -----------------------------------------------------------------------------------------


def meeting_list(campaign: Campaign, rows: Sequence[MeetingRow], total: Totals, now: datetime) -> Paper:
    """The open warnings by project, ready to be laid before the meeting."""
    warnings = [one for row in rows for one in row.warnings]
    return Paper(
        language=_language(),
        issuer=campaign.office.name,
        title=_("Early-warning projects"),
        as_of=now,
        date=short_day_year(localtime(now)),
        subtitle=f"{campaign.name} · {summary(total)}",
        note=_sample_note({one.source for one in warnings} | {one.project.source for one in warnings}),
        table=Table(
            title="",
            head=[_("No."), _("Project"), _("Unit"), _("Lead department"), pgettext("of a warning", "Level"),
                  _("Why"), _("Explanation of the unit"), _("Measure"), _("State")],
            widths=[1, 4, 3, 3, 2, 6, 5, 5, 2],
            rows=[cells for number, row in enumerate(rows, start=1) for cells in _meeting_cells(number, row)],
            empty=_("No project has an open warning."),
        ),
        is_wide=True,
    )  # fmt: skip


def summary(total: Totals) -> str:
    words = _("%(projects)d projects, %(red)d red and %(yellow)d yellow warnings")
    return words % {"projects": total.projects, "red": total.red, "yellow": total.yellow}


def _meeting_cells(number: int, row: MeetingRow) -> Iterable[list[Cell]]:
    """A line for each warning; what is the project's stands on the first."""
    project = row.first.project
    for place, one in enumerate(row.warnings):
        is_first = place == 0
        yield [
            Cell(str(number) if is_first else ""),
            Cell(project.name if is_first else ""),
            Cell(project.unit.name if is_first else ""),
            Cell(project.lead.name if is_first else ""),
            Cell(level_text(one), TINTS[one.level]),
            Cell(reason_of(one)),
            Cell(one.explanation or MISSING),
            Cell(measure_text(one)),
            Cell(one.get_state_display()),
        ]


# --- Excel and CSV ----------------------------------------------------------------------------------------------------


def warning_sheets(rows: Iterable[EarlyWarning]) -> list[Sheet]:
    """The list as it is filtered on the page."""
    listed = list(rows)
    columns = [
        Column(_("Project code"), 16), Column(_("Project"), 30), Column(_("Unit"), 24),
        Column(_("Lead department"), 24), Column(_("Period"), 10), Column(_("Cause"), 24),
        Column(pgettext("of a warning", "Level"), 10), Column(_("State"), 14), Column(_("Why"), 50),
        Column(_("Raised"), 17), Column(_("Explanation of the unit"), 40), Column(_("Measure"), 40),
        Column(_("By when"), 12), Column(_("Accepted reason"), 30), Column(_("Cause gone since"), 14),
        Column(_("Cleared"), 17),
    ]  # fmt: skip
    note = _sample_note({one.source for one in listed})
    return [Sheet(_("Early warnings"), columns, map(_sheet_row, listed), [note] if note else [])]


def _sheet_row(one: EarlyWarning) -> list[Any]:
    project = one.project
    return [
        project.code, project.name, project.unit.name, project.lead.name, one.period.month, cause_name(one.cause),
        SheetCell(one.get_level_display(), one.level), one.get_state_display(), reason_of(one), one.raised_at,
        one.explanation, one.measure, one.measure_due_on, one.accepted_reason, one.cause_gone_on, one.cleared_at,
    ]  # fmt: skip
