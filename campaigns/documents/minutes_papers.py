"""The minutes of a meeting as an official paper: item, conclusion, responsible unit, time limit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from campaigns.documents.pack_words import is_chinese
from campaigns.documents.papers import Cell, Fact, Paper, Table
from campaigns.models import Meeting, Minutes, MinutesItem
from campaigns.templatetags.look import MISSING, short_day_year
from units.models import Source


def minutes_paper(meeting: Meeting, minutes: Minutes, items: Sequence[MinutesItem], now: datetime) -> Paper:
    """The same bytes for what is issued, whenever it is drawn; a draft says that it is one."""
    as_of = minutes.issued_at or now
    return Paper(
        language="zh" if is_chinese() else "en",
        issuer=meeting.campaign.office.name,
        title=_("Minutes of the meeting"),
        as_of=as_of,
        date=short_day_year(localtime(as_of)),
        number=_number(minutes),
        subtitle=meeting.name,
        note=_("Contains sample figures.") if Source.SAMPLE in {one.source for one in items} else "",
        facts=[
            Fact(_("Held on"), short_day_year(meeting.held_on)),
            Fact(_("Place"), meeting.place or MISSING),
            Fact(_("Chair"), meeting.chair or MISSING),
        ],
        table=Table(
            title=_("Conclusions"),
            head=[_("No."), _("Item"), _("Conclusion"), _("Responsible unit"), _("Time limit")],
            widths=[1, 4, 7, 3, 3],
            rows=[_cells(item) for item in items],
            empty=_("Nothing is written yet."),
        ),
    )


def _number(minutes: Minutes) -> str:
    told = {"number": minutes.number, "version": minutes.version}
    if not minutes.is_frozen:
        return _("No. %(number)s, version %(version)d, draft") % told
    return _("No. %(number)s") % told if minutes.version == 1 else _("No. %(number)s, version %(version)d") % told


def _cells(item: MinutesItem) -> list[Cell]:
    return [
        Cell(str(item.order)),
        Cell(item.agenda_item.title if item.agenda_item else MISSING),
        Cell(item.conclusion),
        Cell(item.responsible.name if item.responsible else MISSING),
        Cell(short_day_year(item.due_on) if item.due_on else MISSING),
    ]
