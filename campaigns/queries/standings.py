"""Who is ahead and who is behind: ranks, movement, composites, lights and the city's row, for one period.

The reader sees what disclosure allows: everything once the period is published; before that office and leaders
everything, a unit's own people their row, a lead department its actions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from campaigns.domain.composite import Composite
from campaigns.domain.light import Light
from campaigns.domain.ranking import competition_ranks, movement
from campaigns.models import Action, Campaign, Period
from campaigns.permissions import can_see_action_standings, can_see_all_standings, can_see_unit_standings
from campaigns.queries.city import CityAction, CityProgress, city_months
from campaigns.queries.progress import ActionProgress, Inputs, UnitProgress, UnitRows, Weighed, load, only, progress_in
from units.models import RankingGroup, RankingGroupMember, Unit
from units.permissions import Capacities

UNDISCLOSED = Composite(attainment=None, planned=None, coverage=Fraction(0))


# --- ranking groups -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """A ranking group with the ids of its units."""

    group: RankingGroup
    unit_ids: frozenset[int]


class UnknownGroup(LookupError):
    """There is no ranking group with this code."""


def ranking_groups() -> list[Group]:
    """All ranking groups with the ids of their units, in order. One query."""
    members: dict[RankingGroup, set[int]] = {}
    rows = RankingGroupMember.objects.select_related("group").order_by("group__order", "group__code")
    for member in rows:
        members.setdefault(member.group, set()).add(member.unit_id)
    return [Group(group, frozenset(unit_ids)) for group, unit_ids in members.items()]


def choose_group(groups: Sequence[Group], code: str | None) -> Group | None:
    """The group with this code; without a code the one with the most units, none where there are no groups."""
    if code:
        named = [one for one in groups if one.group.code == code]
        if not named:
            raise UnknownGroup(code)
        return named[0]
    return max(groups, key=lambda one: len(one.unit_ids), default=None)


# --- what the reader may see ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Disclosure:
    """How much of a period a person sees: all of it, their own units' rows, the actions their department leads."""

    period: Period
    sees_all: bool
    sees_own: bool
    sees_led: bool


def disclosure(period: Period, person: Capacities, actions: Sequence[Action]) -> Disclosure:
    return Disclosure(
        period=period,
        sees_all=can_see_all_standings(person, period),
        sees_own=bool(person.shown_units),
        sees_led=any(can_see_action_standings(person, period, action) for action in actions),
    )


def disclosed(row: UnitProgress, period: Period, person: Capacities) -> UnitProgress | None:
    """The row as the person may see it; none where that is nothing.

    Before publication a lead sees other units in its own actions alone: without composite, rank and light.
    """
    if can_see_unit_standings(person, period, row.unit.pk):
        return row
    seen = {
        action_id: one for action_id, one in row.actions.items() if can_see_action_standings(person, period, one.action)
    }
    return replace(row, composite=UNDISCLOSED, raw=Light.GREY, light=Light.GREY, actions=seen) if seen else None


# --- the table ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit in one action. Without `progress` it is not assigned, or assigned and not yet for the reader."""

    action: Action
    progress: ActionProgress | None
    is_assigned: bool


@dataclass(frozen=True, slots=True)
class StandingRow(Weighed):
    """One unit's row. `rank` is none where the unit is not ranked or its coverage is too small."""

    unit: Unit
    is_in_group: bool
    rank: int | None
    movement: int | None
    is_new: bool
    composite: Composite
    light: Light
    is_incomplete: bool
    is_undisclosed: bool
    is_corrected: bool
    is_own: bool
    cells: Sequence[Cell]

    @property
    def behind(self) -> int:
        """In how many actions the unit is shown yellow or red."""
        lights = [one.progress.light for one in self.cells if one.progress]
        return sum(light in (Light.YELLOW, Light.RED) for light in lights)

    @property
    def assigned(self) -> int:
        return sum(one.is_assigned for one in self.cells)


@dataclass(frozen=True, slots=True)
class Standings:
    """A period's standings in one ranking group, and the units that are not ranked in it. `places` is how many units
    have a rank, seen by the reader or not."""

    period: Period
    previous: Period | None
    group: Group | None
    actions: Sequence[Action]
    ranked: Sequence[StandingRow]
    others: Sequence[StandingRow]
    places: int
    city: CityProgress | None
    disclosure: Disclosure
    has_sample: bool

    @property
    def rows(self) -> list[StandingRow]:
        """All rows, the ranked ones first."""
        return [*self.ranked, *self.others]

    @property
    def previews(self) -> list[StandingRow]:
        """The reader's own rows of a period that is not published, for those who see no others: their ranks are those
        of the figures approved so far, and may move."""
        if self.period.state not in (Period.State.OPEN, Period.State.CLOSED) or self.disclosure.sees_all:
            return []
        return [row for row in self.ranked if row.is_own and not row.is_undisclosed]

    @property
    def localities(self) -> list[StandingRow]:
        """Localities that are not ranked in this group."""
        return [row for row in self.others if row.unit.is_locality]

    @property
    def departments(self) -> list[StandingRow]:
        return [row for row in self.others if not row.unit.is_locality]

    @property
    def city_cells(self) -> list[CityAction | None]:
        return [self.city.actions.get(action.pk) for action in self.actions] if self.city else []

    @property
    def counted_elsewhere(self) -> list[Unit]:
        """Units whose figures are inside another's and add nothing to the city's."""
        return [row.unit for row in self.rows if row.unit.counted_in_id is not None]

    @property
    def has_corrections(self) -> bool:
        is_city = self.city is not None and self.city.is_corrected
        return is_city or any(row.is_corrected for row in self.rows)

    @property
    def has_lifted_lights(self) -> bool:
        return any(one.progress is not None and one.progress.is_lifted for row in self.rows for one in row.cells)


def standings(
    period: Period,
    *,
    periods: Sequence[Period],
    group: Group | None,
    person: Capacities,
    action: Action | None = None,
) -> Standings:
    """The standings of a period, in one action where one is given; `periods` are all of its campaign's.

    Five queries, whatever the units and actions.
    """
    inputs = load(period.campaign, compared_periods(period, periods))
    return standings_of(inputs, period, periods=periods, group=group, person=person, action=action)


def compared_periods(period: Period, periods: Sequence[Period]) -> set[Period]:
    """What the standings of a period are made from: itself, the one just before, and the published one before."""
    before = [one for one in periods if one.month < period.month]
    return {period, *before[-1:], *last_published(before)}


def standings_of(
    inputs: Inputs,
    period: Period,
    *,
    periods: Sequence[Period],
    group: Group | None,
    person: Capacities,
    action: Action | None = None,
) -> Standings:
    """The same from what is loaded, of `compared_periods` at least. No query."""
    campaign = period.campaign
    before = [one for one in periods if one.month < period.month]
    compared = last_published(before)
    if action is not None:
        inputs = only(inputs, action)
    earlier = {one: progress_in(inputs, one, None) for one in {*before[-1:], *compared}}
    rows = progress_in(inputs, period, earlier[before[-1]] if before else None)
    members = group.unit_ids if group else frozenset()
    ranks = ranks_in(rows, members, campaign)
    earlier_ranks = ranks_in(earlier[compared[0]], members, campaign) if compared else None
    seen = [(row, _shown(row, period, person, action)) for row in rows.values()]
    table = [
        _row(shown, row, inputs, members, ranks, earlier_ranks, person) for row, shown in seen if shown is not None
    ]
    scope = disclosure(period, person, inputs.actions)
    sees_city = scope.sees_all or (action is not None and scope.sees_led)
    return Standings(
        period=period,
        previous=compared[0] if compared else None,
        group=group,
        actions=inputs.actions,
        ranked=sorted((row for row in table if row.is_in_group), key=_place),
        others=[row for row in table if not row.is_in_group],
        places=len(ranks),
        city=city_months(inputs, [*before[-1:], period])[-1].city if sees_city else None,
        disclosure=scope,
        has_sample=inputs.has_sample,
    )


def _shown(row: UnitProgress, period: Period, person: Capacities, action: Action | None) -> UnitProgress | None:
    """The row as the person may see it. In one action its lead may see all of it, and the light is the one that an
    accepted reason lifts."""
    if action is None:
        return disclosed(row, period, person)
    may_see = can_see_action_standings(person, period, action) or can_see_unit_standings(person, period, row.unit.pk)
    return replace(row, light=row.actions[action.pk].light) if may_see else None


def last_published(before: Sequence[Period]) -> list[Period]:
    """The published period nearest before, which ranks are compared with; none or one."""
    return [one for one in before if one.is_published][-1:]


def ranks_in(rows: UnitRows, members: frozenset[int], campaign: Campaign) -> dict[int, int]:
    """The rank by unit id of those members whose coverage suffices."""
    figures: dict[int, Decimal] = {}
    for unit_id, row in rows.items():
        published = row.composite.published
        if unit_id in members and published is not None and row.composite.is_covered(campaign.minimum_coverage):
            figures[unit_id] = published
    return competition_ranks(figures)


def _row(
    shown: UnitProgress,
    whole: UnitProgress,
    inputs: Inputs,
    members: frozenset[int],
    ranks: dict[int, int],
    earlier_ranks: dict[int, int] | None,
    person: Capacities,
) -> StandingRow:
    is_undisclosed = shown.composite is UNDISCLOSED
    rank = None if is_undisclosed else ranks.get(shown.unit.pk)
    earlier = (earlier_ranks or {}).get(shown.unit.pk)
    return StandingRow(
        unit=shown.unit,
        is_in_group=shown.unit.pk in members,
        rank=rank,
        movement=movement(rank, earlier),
        is_new=earlier_ranks is not None and rank is not None and earlier is None,
        composite=shown.composite,
        light=shown.light,
        is_incomplete=not is_undisclosed and not shown.composite.is_covered(inputs.campaign.minimum_coverage),
        is_undisclosed=is_undisclosed,
        is_corrected=shown.is_corrected,
        is_own=shown.unit.pk in person.own_units,
        cells=[Cell(one, shown.actions.get(one.pk), one.pk in whole.actions) for one in inputs.actions],
    )


def _place(row: StandingRow) -> tuple[bool, int, int]:
    """Ranked rows first, in order; the others by the units' own order."""
    return (row.rank is None, row.rank or 0, row.unit.order)
