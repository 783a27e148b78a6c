"""A scheme with its rounds: who holds the flag, where it has been, and the scores that may be seen.

Flags and announced results are for everyone; scores before their publicity period for those who read everything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Max, Prefetch, QuerySet, prefetch_related_objects

from awards.models import Adjustment, Appeal, Criterion, RedFlag, Round, Scheme, Score, ScoreLine, Snapshot
from awards.permissions import can_see_appeal
from campaigns.domain.canonical import DIGEST
from campaigns.models import Campaign, Meeting
from units.models import Unit
from units.permissions import Capacities

PUBLIC = frozenset({Round.State.IN_PUBLICITY, Round.State.ANNOUNCED})


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round of the flag's journey; `is_current` where its winners hold the flag today."""

    round: Round
    flags: Sequence[RedFlag]
    is_current: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A flag with the days that its unit has held it, and where that lies on the line of all flags, in thousandths."""

    flag: RedFlag
    days: int
    start: int
    width: int
    is_held: bool


@dataclass(frozen=True, slots=True)
class UnitHistory:
    """The flags one unit has held, the newest first."""

    unit: Unit
    held: Sequence[Held]
    is_holder: bool

    @property
    def flags(self) -> list[RedFlag]:
        return [one.flag for one in self.held]

    @property
    def days(self) -> int:
        return sum(one.days for one in self.held)


@dataclass(frozen=True, slots=True)
class AwardPage:
    """All that the page of one scheme shows; `scores` are those of the newest round that has any."""

    scheme: Scheme
    criteria: Sequence[Criterion]
    holders: Sequence[RedFlag]
    journey: Sequence[RoundRow]
    history: Sequence[UnitHistory]
    today: date
    scored: Round | None
    scores: Sequence[Score]

    @property
    def current(self) -> Round | None:
        return next((row.round for row in self.journey if row.is_current), None)

    @property
    def line_starts_on(self) -> date | None:
        """The first day on which a flag of the scheme was held: where the lines of the units begin."""
        return min((one.flag.held_from for row in self.history for one in row.held), default=None)

    @property
    def is_co_equal(self) -> bool:
        return len(self.holders) > 1

    @property
    def weight(self) -> Decimal:
        return sum((criterion.weight for criterion in self.criteria), Decimal(0))

    @property
    def has_sample_criterion(self) -> bool:
        return any(criterion.source == "sample" for criterion in self.criteria)


def schemes(campaign: Campaign | None = None) -> list[Scheme]:
    """Schemes in force, of all campaigns or of one, the one announced last first. One query."""
    rows = Scheme.objects.filter(is_active=True).select_related("campaign", "group")
    if campaign is not None:
        rows = rows.filter(campaign=campaign)
    newest_first = F("last_announced_on").desc(nulls_last=True)
    return list(rows.annotate(last_announced_on=Max("rounds__announced_on")).order_by(newest_first, "code"))


def award_page(scheme: Scheme, *, person: Capacities, today: date) -> AwardPage:
    """Criteria, rounds of all versions of the scheme, flags and scores: six queries."""
    rounds = list(
        Round.objects.filter(scheme__code=scheme.code)
        .select_related("meeting")
        .prefetch_related(Prefetch("red_flags", queryset=_flags()), Prefetch("scores", queryset=_scores()))
        .order_by("-ends_on", "-starts_on")
    )
    for row in rounds:
        for flag in row.red_flags.all():
            flag.round = row
    journey = [_journey_row(row, today) for row in rounds]
    scored = next((row for row in rounds if row.scores.all() and may_see_scores(row, person)), None)
    return AwardPage(
        scheme=scheme,
        criteria=list(scheme.criteria.select_related("indicator", "action").order_by("order")),
        holders=[flag for row in journey for flag in row.flags if flag.is_held_on(today)],
        journey=journey,
        history=_history(journey, today),
        today=today,
        scored=scored,
        scores=list(scored.scores.all()) if scored else [],
    )


def rounds_announced_at(meeting: Meeting) -> Mapping[int | None, Sequence[Round]]:
    """The rounds whose result a meeting announced, with their flags, by agenda item. Two queries."""
    rounds = (
        Round.objects.filter(meeting=meeting, state=Round.State.ANNOUNCED)
        .select_related("scheme__campaign")
        .prefetch_related(Prefetch("red_flags", queryset=_flags()))
        .order_by("-ends_on", "pk")
    )
    by_item: dict[int | None, list[Round]] = {}
    for row in rounds:
        by_item.setdefault(row.agenda_item_id, []).append(row)
    return by_item


def may_see_scores(row: Round, person: Capacities) -> bool:
    """Everybody from the publicity period on; before that whoever reads everything."""
    return row.state in PUBLIC or person.reads_everything


def load_scores(row: Round) -> None:
    """Gives the round its scores with every step of their sums, bonuses, penalties and vetoes. Three queries."""
    lines = ScoreLine.objects.select_related("criterion").order_by("criterion__order", "pk")
    adjustments = Adjustment.objects.order_by("pk")
    prefetch_related_objects(
        [row], Prefetch("scores", _scores()), Prefetch("scores__lines", lines), Prefetch("adjustments", adjustments)
    )


def appeals_of(row: Round, person: Capacities) -> list[Appeal]:
    """Those that the person may see: the own units', all for whoever reads everything. One query."""
    appeals = row.appeals.select_related("unit", "made_by", "answered_by").order_by("pk")
    return [one for one in appeals if can_see_appeal(person, one.unit_id)]


def snapshot_of(row: Round, version: int | None = None) -> Snapshot | None:
    """The newest snapshot of a round, or the one of this version; they are for everybody. One query."""
    snapshots = row.snapshots.order_by("-version")
    return snapshots.first() if version is None else snapshots.filter(version=version).first()


def snapshot_file(snapshot: Snapshot) -> bytes:
    """The snapshot with its digest as a file that `docs/verify_round.py` computes again."""
    content = {**json.loads(snapshot.content), DIGEST: snapshot.sha256}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _flags() -> QuerySet[RedFlag]:
    """In the order in which the winners were announced."""
    return RedFlag.objects.select_related("unit").order_by("pk")


def _scores() -> QuerySet[Score]:
    return Score.objects.select_related("unit", "failed_gate").order_by(
        F("rank").asc(nulls_last=True), F("computed_rank").asc(nulls_last=True), "unit__order"
    )


def _journey_row(row: Round, today: date) -> RoundRow:
    flags = list(row.red_flags.all()) if row.state == Round.State.ANNOUNCED else []
    return RoundRow(row, flags, any(flag.is_held_on(today) for flag in flags))


def _history(journey: Sequence[RoundRow], today: date) -> list[UnitHistory]:
    """Holders first, then by the number of flags, then in the units' own order."""
    flags = [flag for row in journey for flag in row.flags]
    first = min((flag.held_from for flag in flags), default=today)
    held: dict[Unit, list[Held]] = {}
    for flag in flags:
        held.setdefault(flag.unit, []).append(_held(flag, first, today))
    rows = [UnitHistory(unit, own, any(one.is_held for one in own)) for unit, own in held.items()]
    return sorted(rows, key=lambda one: (not one.is_holder, -len(one.held), one.unit.order))


def _held(flag: RedFlag, first: date, today: date) -> Held:
    """The line of all flags runs from the first day on which any was held until today."""
    whole, days = max((today - first).days, 1), flag.days_held(today)
    start = min(max(1000 * (flag.held_from - first).days // whole, 0), 1000)
    return Held(flag, days, start, min(1000 * days // whole, 1000 - start), flag.is_held_on(today))


def unit_flags(unit: Unit, today: date) -> UnitHistory:
    """The flags that a unit has held under any scheme, for everybody, the newest first. One query."""
    rows = RedFlag.objects.announced().filter(unit=unit, held_from__lte=today).select_related("round__scheme")
    flags = list(rows.order_by("-held_from", "pk"))
    first = min((flag.held_from for flag in flags), default=today)
    held = [_held(flag, first, today) for flag in flags]
    return UnitHistory(unit, held, any(one.is_held for one in held))
