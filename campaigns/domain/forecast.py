"""Says where a figure will stand on the day of its target if it goes on as it did so far.

Exact fractions in the indicator's unit of measure until ``Forecast.published`` rounds them. The rule is in
``docs/algorithms/forecast.md``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from math import lcm

from campaigns.domain.figures import half_up
from campaigns.domain.pace import Accumulation, Direction, TargetLine

Point = tuple[date, Decimal | Fraction]
"""A day and the figure that stood at its end."""

FIGURE_PLACES, RATE_PLACES = 2, 4
LOW, MEDIAN, HIGH = Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)
POINTS_OF_A_BAND = 3


@dataclass(frozen=True, slots=True)
class PublishedForecast:
    """A forecast as it is shown: half-up, figures to 0.01 (or the indicator's decimals, where it has more), the rates
    a day to 0.0001."""

    projected: Decimal
    low: Decimal | None
    high: Decimal | None
    rate: Decimal | None
    required_rate: Decimal | None
    shortfall: Decimal
    days_left: int
    from_day: date


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where the figure will stand on the target's day, exact.

    ``low`` and ``high`` are the band, none with fewer than three points and for a level. ``rate`` is what every day
    from ``from_day``, the day of the last figure, is expected to bring, ``required_rate`` what it must bring to end on
    the target: none where no day is left.
    ``shortfall`` is what will be missing in the indicator's direction, never below nought.
    """

    projected: Fraction
    low: Fraction | None
    high: Fraction | None
    rate: Fraction | None
    required_rate: Fraction | None
    shortfall: Fraction
    days_left: int
    from_day: date

    def published(self, decimals: int = FIGURE_PLACES) -> PublishedForecast:
        """Rounded to be shown; ``decimals`` are the indicator's."""
        places = max(FIGURE_PLACES, decimals)
        return PublishedForecast(
            projected=half_up(self.projected, places),
            low=None if self.low is None else half_up(self.low, places),
            high=None if self.high is None else half_up(self.high, places),
            rate=None if self.rate is None else half_up(self.rate, RATE_PLACES),
            required_rate=None if self.required_rate is None else half_up(self.required_rate, RATE_PLACES),
            shortfall=half_up(self.shortfall, places),
            days_left=self.days_left,
            from_day=self.from_day,
        )


def forecast(line: TargetLine, figures: Iterable[Point]) -> Forecast | None:
    """The forecast for ``line.target_on`` from the figures there are, in any order; a missing one is left out.

    A level stays where it is. What adds up goes on from its last figure by the median of the slopes between any two of
    its points (Theil-Sen), the baseline being the first; figures of days that do not lie after it are left aside.
    ``None`` where no figure is left: a baseline alone says nothing.
    """
    if line.accumulation is Accumulation.LEVEL:
        points = _by_day(figures)
        return _forecast(line, points[-1], slopes=None) if points else None
    points = _by_day([(line.baseline_on, line.baseline), *(one for one in figures if one[0] > line.baseline_on)])
    if len(points) < 2:
        return None
    return _forecast(line, points[-1], slopes=_slopes(points), has_band=len(points) >= POINTS_OF_A_BAND)


@dataclass(frozen=True, slots=True)
class _Slopes:
    """Changes per day in order, each a whole number of one small part: so they are exact, and fast to sort."""

    ordered: Sequence[int]
    parts: int

    def percentile(self, share: Fraction) -> Fraction:
        """What stands at (n - 1) x share of them, on a straight line between two neighbours."""
        place = (len(self.ordered) - 1) * share
        below = int(place)
        above = min(below + 1, len(self.ordered) - 1)
        start, end = self.ordered[below], self.ordered[above]
        return (start + (place - below) * (end - start)) / self.parts


def _forecast(line: TargetLine, last: Point, *, slopes: _Slopes | None, has_band: bool = False) -> Forecast:
    last_day, last_figure = last[0], Fraction(last[1])
    days_left = max(0, (line.target_on - last_day).days)

    def reached(share: Fraction) -> Fraction:
        return last_figure + slopes.percentile(share) * days_left if slopes else last_figure

    target = Fraction(line.target)
    projected = reached(MEDIAN)
    missing = target - projected if line.direction is Direction.HIGHER else projected - target
    return Forecast(
        projected=projected,
        low=reached(LOW) if has_band else None,
        high=reached(HIGH) if has_band else None,
        rate=(projected - last_figure) / days_left if days_left else None,
        required_rate=(target - last_figure) / days_left if days_left else None,
        shortfall=max(missing, Fraction(0)),
        days_left=days_left,
        from_day=last_day,
    )


def _by_day(points: Iterable[Point]) -> list[Point]:
    return sorted(dict(points).items())


def _slopes(points: Sequence[Point]) -> _Slopes:
    """The change per day between any two points."""
    figures = [Fraction(figure) for _day, figure in points]
    scale = lcm(*(figure.denominator for figure in figures))
    whole = [figure.numerator * (scale // figure.denominator) for figure in figures]
    shares, days = _shares(tuple(day for day, _figure in points))
    changes = (later - earlier for earlier, later in combinations(whole, 2))
    ordered = sorted(change * share for change, share in zip(changes, shares, strict=True))
    return _Slopes(ordered, scale * days)


@lru_cache(maxsize=256)
def _shares(days: tuple[date, ...]) -> tuple[Sequence[int], int]:
    """For each two days what a change between them is multiplied by, so that all are over the same number of days; and
    that number. Nearly all units have their figures on the same days."""
    spans = [(later - earlier).days for earlier, later in combinations(days, 2)]
    common = lcm(*spans)
    return [common // span for span in spans], common
