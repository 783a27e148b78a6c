"""Who is ahead and who is behind: ranks, movement, composites, lights and the city's row, for one period.

The reader sees what disclosure allows: everything once the period is published; before that office and leaders
everything, a unit's own people their row, a lead department its actions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from campaigns.domain.composite import Composite
from campaigns.domain.light import Light
from campaigns.domain.ranking import competition_ranks, movement
from campaigns.models import Action, Campaign, Period
from campaigns.permissions import can_see_action_standings, can_see_all_standings, can_see_unit_standings
from campaigns.queries.city import CityProgress, city_progress
from campaigns.queries.progress import ActionProgress, Inputs, UnitProgress, load, progress_in
from units.models import RankingGroup, RankingGroupMember, Unit
from units.permissions import Capacities

UNDISCLOSED = Composite(attainment=None, planned=None, coverage=Fraction(0))


@dataclass(frozen=True, slots=True)
class Group:
    """A ranking group with the ids of its units."""

    group: RankingGroup
    unit_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One unit's row. `rank` is none where the unit is not ranked or its coverage is too small."""

    unit: Unit
    rank: int | None
    movement: int | None
    is_new: bool
    composite: Composite
    light: Light
    is_incomplete: bool
    is_undisclosed: bool
    is_corrected: bool
    is_own: bool
    cells: Sequence[ActionProgress | None]

    @property
    def published(self) -> Decimal | None:
        """Percent, half-up to 0.01: the figure that is ranked."""
        return self.composite.published

    @property
    def coverage(self) -> Decimal:
        """Percent of the weight that has a figure."""
        return Decimal(round(100 * self.composite.coverage))


@dataclass(frozen=True, slots=True)
class Standings:
    """A period's standings in one ranking group, and the units that are not ranked in it."""

    period: Period
    previous: Period | None
    group: Group | None
    actions: Sequence[Action]
    ranked: Sequence[StandingRow]
    others: Sequence[StandingRow]
    city: CityProgress | None
    is_disclosed_in_full: bool

    @property
    def has_sample(self) -> bool:
        return any(action.source == "sample" for action in self.actions) or self.period.source == "sample"


def standings(period: Period, *, periods: Sequence[Period], group: Group | None, person: Capacities) -> Standings:
    """The standings of a period; `periods` are all of its campaign's. Five queries, whatever the units and actions."""
    campaign = period.campaign
    before = [one for one in periods if one.month < period.month]
    compared = _last_published(before)
    inputs = load(campaign, {period, *before[-1:], *compared})
    rows = progress_in(inputs, period, before[-1] if before else None)
    members = group.unit_ids if group else frozenset()
    ranks = _ranks(rows, members, campaign)
    earlier_ranks = _ranks(progress_in(inputs, compared[0], None), members, campaign) if compared else None
    table = [
        _row(_disclosed(row, period, person), inputs, ranks, earlier_ranks, person)
        for row in rows.values()
        if _is_disclosed(row, period, person)
    ]
    in_full = can_see_all_standings(person, period)
    return Standings(
        period=period,
        previous=compared[0] if compared else None,
        group=group,
        actions=inputs.actions,
        ranked=sorted((row for row in table if row.unit.pk in members), key=_place),
        others=[row for row in table if row.unit.pk not in members],
        city=_city(inputs, period, before, rows) if in_full else None,
        is_disclosed_in_full=in_full,
    )


def ranking_groups() -> list[Group]:
    """All ranking groups with the ids of their units, in order. One query."""
    members: dict[RankingGroup, set[int]] = {}
    rows = RankingGroupMember.objects.select_related("group").order_by("group__order", "group__code")
    for member in rows:
        members.setdefault(member.group, set()).add(member.unit_id)
    return [Group(group, frozenset(unit_ids)) for group, unit_ids in members.items()]


def _is_disclosed(row: UnitProgress, period: Period, person: Capacities) -> bool:
    """Whether the person may see anything of this row."""
    if can_see_unit_standings(person, period, row.unit.pk):
        return True
    return any(can_see_action_standings(person, period, one.action) for one in row.actions.values())


def _disclosed(row: UnitProgress, period: Period, person: Capacities) -> UnitProgress:
    """The row as the person may see it: before publication a lead sees other units in its own actions alone."""
    if can_see_unit_standings(person, period, row.unit.pk):
        return row
    seen = {
        action_id: one for action_id, one in row.actions.items() if can_see_action_standings(person, period, one.action)
    }
    return UnitProgress(row.unit, UNDISCLOSED, Light.GREY, Light.GREY, seen)


def _last_published(before: Sequence[Period]) -> list[Period]:
    """The published period nearest before, which ranks are compared with."""
    return [one for one in before if one.is_published][-1:]


def _ranks(rows: dict[int, UnitProgress], members: frozenset[int], campaign: Campaign) -> dict[int, int]:
    figures = {
        unit_id: row.composite.published
        for unit_id, row in rows.items()
        if unit_id in members and row.composite.is_covered(campaign.minimum_coverage)
    }
    return competition_ranks({unit_id: figure for unit_id, figure in figures.items() if figure is not None})


def _row(
    row: UnitProgress,
    inputs: Inputs,
    ranks: dict[int, int],
    earlier_ranks: dict[int, int] | None,
    person: Capacities,
) -> StandingRow:
    is_undisclosed = row.composite is UNDISCLOSED
    rank = None if is_undisclosed else ranks.get(row.unit.pk)
    earlier = (earlier_ranks or {}).get(row.unit.pk)
    return StandingRow(
        unit=row.unit,
        rank=rank,
        movement=movement(rank, earlier),
        is_new=earlier_ranks is not None and rank is not None and earlier is None,
        composite=row.composite,
        light=row.light,
        is_incomplete=not is_undisclosed and not row.composite.is_covered(inputs.campaign.minimum_coverage),
        is_undisclosed=is_undisclosed,
        is_corrected=row.is_corrected,
        is_own=row.unit.pk in person.own_units,
        cells=[row.actions.get(action.pk) for action in inputs.actions],
    )


def _place(row: StandingRow) -> tuple[bool, int, int]:
    """Ranked rows first, in order; the others by the units' own order."""
    return (row.rank is None, row.rank or 0, row.unit.order)


def _city(inputs: Inputs, period: Period, before: Sequence[Period], rows: dict[int, UnitProgress]) -> CityProgress:
    previous = None
    if before:
        previous = city_progress(inputs, before[-1], progress_in(inputs, before[-1], None))
    return city_progress(inputs, period, rows, previous)
