"""Follow-ups as a sheet for Excel and CSV, and the list of one page that is handed out after a meeting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from campaigns.documents.pack_words import SHAPES, TINTS, URGENCIES, is_chinese
from campaigns.documents.papers import Cell, Paper, Table
from campaigns.models import FollowUp, Meeting
from campaigns.queries.follow_ups import FollowUpRow, follow_up_row
from campaigns.templatetags.look import short_day_year
from units.documents.sheets import Column, Sheet
from units.models import Source


def light_text(row: FollowUpRow) -> str:
    """The light by shape and word."""
    tone, word = URGENCIES[row.urgency]
    return f"{SHAPES[tone]} {word}" if tone else str(word)


def _sample_note(sources: Iterable[str]) -> str:
    return _("Contains sample figures.") if Source.SAMPLE in sources else ""


def follow_up_list(meeting: Meeting, rows: Sequence[FollowUpRow], now: datetime) -> Paper:
    """What the meeting asked for, by whom and until when."""
    return Paper(
        language="zh" if is_chinese() else "en",
        issuer=meeting.campaign.office.name,
        title=_("Follow-ups of the meeting"),
        as_of=now,
        date=short_day_year(localtime(now)),
        subtitle=f"{meeting.name} · {short_day_year(meeting.held_on)}",
        note=_sample_note(row.follow_up.source for row in rows),
        table=Table(
            title="",
            head=[_("No."), _("Follow-up"), _("Lead unit"), _("Supporting units"), _("Due"), _("State"), _("Light")],
            widths=[2, 7, 3, 4, 3, 2, 3],
            rows=[_cells(row) for row in rows],
            empty=_("There are no follow-ups."),
        ),
        is_wide=True,
    )


def _cells(row: FollowUpRow) -> list[Cell]:
    one = row.follow_up
    supporting = "、".join if is_chinese() else ", ".join
    return [
        Cell(one.number),
        Cell(one.title),
        Cell(one.lead.name),
        Cell(supporting(unit.name for unit in one.supporting.all())),
        Cell(short_day_year(one.due_on)),
        Cell(one.get_state_display()),
        Cell(light_text(row), TINTS.get(URGENCIES[row.urgency][0], "")),
    ]


def follow_up_sheets(rows: Iterable[FollowUp], today: date) -> list[Sheet]:
    """The list as it is filtered on the page; supporting units must be loaded."""
    listed = [follow_up_row(one, today) for one in rows]
    columns = [
        Column(_("No."), 12), Column(_("Follow-up"), 40), Column(_("What is to be done"), 50),
        Column(_("Lead unit"), 24), Column(_("Supporting units"), 30), Column(_("Origin"), 14),
        Column(_("Meeting"), 30),
        Column(_("Registered"), 12), Column(_("Due"), 12), Column(_("State"), 14), Column(_("Light"), 14),
        Column(_("Closed"), 12),
    ]  # fmt: skip
    note = _sample_note({row.follow_up.source for row in listed})
    return [Sheet(_("Follow-ups"), columns, map(_sheet_row, listed), [note] if note else [])]


def _sheet_row(row: FollowUpRow) -> list[Any]:
    one = row.follow_up
    return [
        one.number, one.title, one.text, one.lead.name, ", ".join(unit.name for unit in one.supporting.all()),
        one.get_origin_display(), one.meeting.name if one.meeting else "", one.registered_on, one.due_on,
        one.get_state_display(), str(URGENCIES[row.urgency][1]), one.closed_on,
    ]  # fmt: skip
