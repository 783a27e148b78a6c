"""The flags of a campaign, and the rounds of a scheme with who holds its flags, as sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from awards.models import RedFlag, Round, Score
from awards.queries.rounds import AwardPage, RoundRow
from campaigns.documents.exports import SAMPLES
from units.documents.sheets import Column, Sheet
from units.models import Source


def flag_sheet(flags: Sequence[RedFlag]) -> Sheet:
    columns = [
        Column(_("Award scheme"), 30), Column(_("Award round"), 30), Column(_("Unit code"), 16), Column(_("Unit"), 28),
        Column(_("Held from"), 12), Column(_("Held until"), 12),
    ]  # fmt: skip
    rows = [
        [one.round.scheme.name, one.round.name, one.unit.code, one.unit.name, one.held_from, one.held_until]
        for one in flags
    ]
    return Sheet(pgettext("of a campaign", "Flags"), columns, rows)


def award_sheets(page: AwardPage) -> list[Sheet]:
    """The rounds with their flags, the latest first, and the scores that the reader may see."""
    columns = [
        Column(_("Award round"), 30), Column(_("First day"), 12), Column(_("Last day"), 12), Column(_("State"), 14),
        Column(_("Publicity from"), 12), Column(_("Publicity until"), 12), Column(_("Announced"), 12),
        Column(_("Meeting"), 40), Column(_("Unit code"), 16), Column(_("Unit"), 28), Column(_("Held from"), 12),
        Column(_("Held until"), 12), Column(_("Holds it now"), 10),
    ]  # fmt: skip
    holders = {flag.pk for flag in page.holders}
    rows = [line for row in page.journey for line in _round(row, holders)]
    sources = {row.round.source for row in page.journey} | {flag.source for row in page.journey for flag in row.flags}
    sheets = [Sheet(_("Award rounds"), columns, rows, _notes(sources))]
    return [*sheets, _scores(page, page.scored)] if page.scored else sheets


def _round(row: RoundRow, holders: set[int]) -> Iterator[list[Any]]:
    one = row.round
    told = [
        one.name, one.starts_on, one.ends_on, one.get_state_display(), one.publicity_from, one.publicity_until,
        one.announced_on, one.meeting.name if one.meeting else "",
    ]  # fmt: skip
    for flag in row.flags:
        is_held = _("yes") if flag.pk in holders else ""
        yield [*told, flag.unit.code, flag.unit.name, flag.held_from, flag.held_until, is_held]
    if not row.flags:
        yield [*told, "", "", None, None, ""]


def _scores(page: AwardPage, scored: Round) -> Sheet:
    places = page.scheme.decimals
    columns = [
        Column(_("Award round"), 30), Column(_("Rank"), 7), Column(_("Unit code"), 16), Column(_("Unit"), 28),
        Column(_("Computed"), 11, places), Column(_("Decided"), 11, places), Column(_("Result"), 12),
        Column(_("Reason"), 40),
    ]  # fmt: skip
    rows = [
        [
            scored.name, one.computed_rank, one.unit.code, one.unit.name, one.computed_score, one.decided_score,
            _result(one), one.decided_reason,
        ]
        for one in page.scores
    ]  # fmt: skip
    return Sheet(_("Scores"), columns, rows, _notes({scored.source, *(one.source for one in page.scores)}))


def _notes(sources: set[str]) -> list[str]:
    return [str(SAMPLES)] if Source.SAMPLE in sources else []


def _result(one: Score) -> str:
    if one.is_winner:
        return _("flag")
    return _("vetoed") if one.is_vetoed else ""
