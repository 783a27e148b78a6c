"""The way from baseline to target: what was planned and what was attained at the end of each period.

Works on what `progress.load` has read, without a query of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from campaigns.domain.composite import Part, composite
from campaigns.domain.light import Light
from campaigns.domain.pace import TargetLine, attainment, planned
from campaigns.models import Action, Campaign, Period
from campaigns.permissions import can_see_action_standings, can_see_unit_standings
from campaigns.queries.city import CityMonth, Month
from campaigns.queries.progress import Inputs, Weighed
from units.models import Unit
from units.permissions import Capacities

Way = tuple[Decimal, TargetLine]
"""An indicator's weight and its line from baseline to target."""


@dataclass(frozen=True, slots=True)
class BurnPoint:
    """The end of one day: shares of the whole way. Without `period` it is the eve of day 1."""

    on: date
    period: Period | None
    planned: Fraction
    progress: Weighed | None
    light: Light | None
    start: Fraction | None = None

    @property
    def attained(self) -> Fraction | None:
        if self.period is None:
            return self.start
        return None if self.progress is None else self.progress.composite.attainment


@dataclass(frozen=True, slots=True)
class BurnUp:
    """Points in order, from the eve of day 1 to the last day; those after the chosen period have a plan alone."""

    points: Sequence[BurnPoint]

    @property
    def periods(self) -> list[BurnPoint]:
        return [point for point in self.points if point.period is not None]


def burn_up(
    campaign: Campaign,
    periods: Sequence[Period],
    ways: Sequence[Way],
    reached: dict[int, tuple[Weighed, Light]],
) -> BurnUp | None:
    """`ways`: the indicators' weights and lines; `reached`: progress and light by period id. None without ways."""
    if not ways:
        return None
    eve = campaign.starts_on - timedelta(days=1)
    start = _weighed(campaign, ((weight, attainment(line, line.baseline)) for weight, line in ways))
    points = [BurnPoint(eve, None, _plan(campaign, ways, eve), None, None, start)]
    for period in periods:
        progress, light = reached.get(period.pk, (None, None))
        points.append(BurnPoint(period.ends_on, period, _plan(campaign, ways, period.ends_on), progress, light))
    return BurnUp(points)


def city_way(
    inputs: Inputs, periods: Sequence[Period], course: Sequence[CityMonth], action: Action, person: Capacities
) -> BurnUp | None:
    """The city's way to the target in one action, as far as the reader may see it."""
    city = course[-1].city.actions.get(action.pk)
    if city is None:
        return None
    reached: dict[int, tuple[Weighed, Light]] = {}
    for month in course:
        one = month.city.actions.get(action.pk)
        if one is not None and can_see_action_standings(person, month.period, action):
            reached[month.period.pk] = (one, one.light)
    ways = [(one.indicator.weight, one.line) for one in city.indicators if one.line is not None]
    return burn_up(inputs.campaign, periods, ways, reached)


def unit_way(
    inputs: Inputs,
    periods: Sequence[Period],
    course: Sequence[Month],
    action: Action,
    unit: Unit,
    person: Capacities,
) -> BurnUp | None:
    """A unit's way to the target in one action, as far as the reader may see it."""
    reached: dict[int, tuple[Weighed, Light]] = {}
    for month in course:
        row = month.units.get(unit.pk)
        if row and action.pk in row.actions and can_see_unit_standings(person, month.period, unit.pk):
            reached[month.period.pk] = (row.actions[action.pk], row.actions[action.pk].light)
    lines = [(one, inputs.lines.get((one.pk, unit.pk))) for one in inputs.indicators.get(action.pk, ())]
    ways = [(indicator.weight, line) for indicator, line in lines if line is not None]
    return burn_up(inputs.campaign, periods, ways, reached)


def whole_way(ways: Sequence[tuple[Decimal, BurnUp]], reached: dict[int, tuple[Weighed, Light]]) -> BurnUp | None:
    """The way of the whole campaign: the plans of its actions weighed, and what all of it reached, by period id."""
    whole = sum((Fraction(weight) for weight, _way in ways), Fraction(0))
    if not whole:
        return None
    points = []
    for at in zip(*(way.points for _weight, way in ways), strict=True):
        beside = [(Fraction(weight), one) for (weight, _way), one in zip(ways, at, strict=True)]
        on, period = at[0].on, at[0].period
        progress, light = reached.get(period.pk, (None, None)) if period else (None, None)
        plan = sum((weight * one.planned for weight, one in beside), Fraction(0)) / whole
        start = sum((weight * (one.start or 0) for weight, one in beside), Fraction(0)) / whole
        points.append(BurnPoint(on, period, plan, progress, light, None if period else start))
    return BurnUp(points)


def _plan(campaign: Campaign, ways: Sequence[Way], on: date) -> Fraction:
    return _weighed(campaign, ((weight, planned(line, on)) for weight, line in ways))


def _weighed(campaign: Campaign, shares: Iterable[tuple[Decimal, Fraction]]) -> Fraction:
    """The same weights, floor and cap as the composite's."""
    whole = composite((Part(weight, share, share) for weight, share in shares), cap=campaign.cap)
    return whole.attainment or Fraction(0)
