"""The lists of meetings, of their packs and of campaigns as sheets, with what their pages show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.documents.exports import SAMPLES
from campaigns.models import MeetingKind, Minutes, Pack
from campaigns.queries.campaign_list import CampaignRow, Stage
from campaigns.queries.meetings import MeetingRow
from campaigns.queries.packs import PeriodPacks
from units.documents.sheets import Column, Sheet
from units.models import Source


def _notes(rows: Sequence[Any]) -> list[str]:
    return [str(SAMPLES)] if any(one.source == Source.SAMPLE for one in rows) else []


# --- meetings ---------------------------------------------------------------------------------------------------------


def meeting_sheets(rows: Sequence[MeetingRow]) -> list[Sheet]:
    columns = [
        Column(_("Held on"), 12), Column(_("Begins at"), 10), Column(_("Meeting"), 50), Column(_("Kind"), 40),
        Column(_("Campaign"), 28), Column(_("Place"), 28), Column(_("Minutes"), 16), Column(_("Number"), 12),
        Column(_("Issued"), 17),
    ]  # fmt: skip
    lines = [
        [
            row.meeting.held_on, row.meeting.starts_at.strftime("%H:%M") if row.meeting.starts_at else "",
            row.meeting.name, _("; ").join(map(_kind, row.kinds)), row.meeting.campaign.name, row.meeting.place,
            *_minutes(row.minutes),
        ]
        for row in rows
    ]  # fmt: skip
    return [Sheet(_("Meetings"), columns, lines, _notes([row.meeting for row in rows]))]


def _kind(one: MeetingKind) -> str:
    word = capfirst(one.get_kind_display())
    if not one.number:
        return word
    return _("%(kind)s, no. %(number)s of %(year)s") % {"kind": word, "number": one.number, "year": one.year}


def _minutes(one: Minutes | None) -> list[Any]:
    """How the newest minutes stand; their number and day once they are issued."""
    if one is None:
        return [_("no minutes yet"), "", None]
    return [_("issued"), one.number, one.issued_at] if one.is_frozen else [_("being written"), "", None]


# --- packs ------------------------------------------------------------------------------------------------------------


def pack_list_sheets(rows: Sequence[PeriodPacks]) -> list[Sheet]:
    """Each version of each month's pack; a month without one has a row too."""
    columns = [
        Column(_("Month"), 10), Column(_("Period"), 14), Column(_("Version"), 10), Column(_("State"), 14),
        Column(_("Figures of"), 17), Column(_("Issued"), 17), Column(_("Issued by"), 22),
    ]  # fmt: skip
    return [Sheet(_("Meeting packs"), columns, [line for row in rows for line in _versions(row)])]


def _versions(row: PeriodPacks) -> Iterator[list[Any]]:
    month = [row.period.month, row.period.get_state_display()]
    for pack in row.packs:
        yield [*month, pack.number, *_pack(pack)]
    if not row.packs:
        yield [*month, None, _("none yet"), None, None, ""]


def _pack(pack: Pack) -> list[Any]:
    issuer = pack.issued_by.display_name if pack.issued_by else ""
    return [pack.get_state_display(), pack.built_at, pack.issued_at, issuer]


# --- campaigns --------------------------------------------------------------------------------------------------------


def campaign_sheets(rows: Sequence[CampaignRow]) -> list[Sheet]:
    columns = [
        Column(_("Short name"), 20), Column(_("Campaign"), 40), Column(_("First day"), 12), Column(_("Last day"), 12),
        Column(_("Days"), 8), Column(_("State"), 24), Column(_("Published"), 10), Column(_("Periods"), 10),
        Column(_("Follows"), 40),
    ]  # fmt: skip
    lines = [
        [
            row.campaign.slug, row.campaign.name, row.campaign.starts_on, row.campaign.ends_on, row.campaign.days,
            _stage(row), row.published, row.periods, row.campaign.follows.name if row.campaign.follows else "",
        ]
        for row in rows
    ]  # fmt: skip
    return [Sheet(_("Campaigns"), columns, lines, _notes([row.campaign for row in rows]))]


def _stage(row: CampaignRow) -> str:
    if row.stage == Stage.RUNNING:
        return _("day %(day)s") % {"day": row.day}
    return {
        Stage.COMPLETE: pgettext("campaign", "complete"),
        Stage.OVER: _("over, not all published"),
        Stage.AHEAD: pgettext("campaign", "ahead"),
    }[row.stage]
