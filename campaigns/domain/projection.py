"""Weighs the forecasts of an action's indicators into one: which share of the way will be made at this rate.

The same weights, floor and cap as the composite's. The rule is in ``docs/algorithms/forecast.md``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from campaigns.domain.composite import Part, composite
from campaigns.domain.forecast import Forecast
from campaigns.domain.pace import Accumulation, TargetLine, attainment

Expected = tuple[Decimal, TargetLine, Forecast]
"""An indicator's weight, its line and its forecast."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Shares of the way, 1 = all of it: attained by the last figures, projected for the targets' day, and the band.

    ``low`` and ``high``, the worse and the better end, are there where each forecast that may still move has a band.
    ``days_left`` is the longest way that an indicator still has.
    """

    attained: Fraction
    share: Fraction
    low: Fraction | None
    high: Fraction | None
    days_left: int

    @property
    def needed_a_day(self) -> Fraction | None:
        """The share that every day left must bring to make the whole way; none where no day is left."""
        return max(Fraction(0), 1 - self.attained) / self.days_left if self.days_left else None

    @property
    def made_a_day(self) -> Fraction | None:
        """The share that a day brings at this rate; none where no day is left."""
        return (self.share - self.attained) / self.days_left if self.days_left else None


def projection(expected: Iterable[Expected], attained: Fraction | None, *, cap: Decimal | int) -> Projection | None:
    """The projection of an action from its indicators' forecasts; none where there is none, or nothing is attained."""
    rows = list(expected)
    if not rows or attained is None:
        return None
    bands = [_band(line, one) for _weight, line, one in rows]
    ends = [band for band in bands if band is not None]
    has_band = len(ends) == len(rows)
    return Projection(
        attained=attained,
        share=_weighed(rows, [attainment(line, one.projected) for _weight, line, one in rows], cap),
        low=_weighed(rows, [low for low, _high in ends], cap) if has_band else None,
        high=_weighed(rows, [high for _low, high in ends], cap) if has_band else None,
        days_left=max(one.days_left for _weight, _line, one in rows),
    )


def combined(actions: Iterable[tuple[Decimal, Projection]], attained: Fraction | None) -> Projection | None:
    """The projection of a campaign from (action weight, projection) of those actions that have one."""
    rows = list(actions)
    whole = sum((Fraction(weight) for weight, _one in rows), Fraction(0))
    if not whole or attained is None:
        return None

    def mean(shares: Sequence[Fraction]) -> Fraction:
        return (
            sum((Fraction(weight) * one for (weight, _row), one in zip(rows, shares, strict=True)), Fraction(0)) / whole
        )

    lows = [one.low for _weight, one in rows if one.low is not None]
    highs = [one.high for _weight, one in rows if one.high is not None]
    has_band = len(lows) == len(rows)
    return Projection(
        attained=attained,
        share=mean([one.share for _weight, one in rows]),
        low=mean(lows) if has_band else None,
        high=mean(highs) if has_band else None,
        days_left=max(one.days_left for _weight, one in rows),
    )


def _band(line: TargetLine, one: Forecast) -> tuple[Fraction, Fraction] | None:
    """The worse and the better end as attainments. A level, and a figure with no day left, is where it will be."""
    if one.low is not None and one.high is not None:
        worse, better = sorted((attainment(line, one.low), attainment(line, one.high)))
        return worse, better
    if one.days_left and line.accumulation is not Accumulation.LEVEL:
        return None
    certain = attainment(line, one.projected)
    return certain, certain


def _weighed(rows: Sequence[Expected], shares: Sequence[Fraction], cap: Decimal | int) -> Fraction:
    parts = [Part(weight, share, share) for (weight, _line, _one), share in zip(rows, shares, strict=True)]
    return composite(parts, cap=cap).attainment or Fraction(0)
