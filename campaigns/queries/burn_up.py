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
from campaigns.models import Campaign, Period
from campaigns.queries.progress import Weighed

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


def _plan(campaign: Campaign, ways: Sequence[Way], on: date) -> Fraction:
    return _weighed(campaign, ((weight, planned(line, on)) for weight, line in ways))


def _weighed(campaign: Campaign, shares: Iterable[tuple[Decimal, Fraction]]) -> Fraction:
    """The same weights, floor and cap as the composite's."""
    whole = composite((Part(weight, share, share) for weight, share in shares), cap=campaign.cap)
    return whole.attainment or Fraction(0)
