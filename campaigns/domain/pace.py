"""Compares a figure with its target and with the plan: attainment, planned share, gap and pace.

Everything is an exact fraction (1 = the whole way from baseline to target) until ``gap`` and ``pace`` publish it.
The rules are in ``docs/algorithms/``: attainment, planned-pace, gap-and-pace.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from campaigns.domain.figures import half_up


class Direction(StrEnum):
    """Which way an indicator is better."""

    HIGHER = "higher"
    LOWER = "lower"

    def is_met(self, figure: Decimal | Fraction, target: Decimal | Fraction) -> bool:
        """Whether ``figure`` is at least as good as ``target``."""
        return figure >= target if self is Direction.HIGHER else figure <= target


class Accumulation(StrEnum):
    """Whether a figure adds up over the campaign, or is a state of its own each month (growth rates are)."""

    CUMULATIVE = "cumulative"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class TargetLine:
    """What one unit has to reach in one indicator: from ``baseline`` on the evening of ``baseline_on`` to ``target`` on
    the evening of ``target_on``, in the indicator's unit of measure.

    ``points`` are the trajectory, planned values at the end of a day, in any order. Points that do not lie between the
    two dates are left aside: baseline and target themselves are never overruled.
    """

    baseline: Decimal | Fraction
    baseline_on: date
    target: Decimal | Fraction
    target_on: date
    direction: Direction
    accumulation: Accumulation
    points: tuple[tuple[date, Decimal | Fraction], ...] = ()

    @property
    def is_limit(self) -> bool:
        """True where the baseline meets the target already: it is a floor or a ceiling to hold, no way to go."""
        return self.direction.is_met(self.baseline, self.target)

    @property
    def trajectory(self) -> tuple[tuple[date, Decimal | Fraction], ...]:
        """The given points that lie between baseline and target, by date; the later one where a date comes twice."""
        inside = {on: value for on, value in self.points if self.baseline_on < on < self.target_on}
        return tuple(sorted(inside.items()))


def attainment(line: TargetLine, actual: Decimal | Fraction) -> Fraction:
    """How much of the way from baseline to target is done: (actual - baseline) / (target - baseline).

    Below 0 where the figure went backwards, above 1 beyond the target. Where the baseline meets or equals the target
    there is no way to go: 1 while ``actual`` meets the target, else 0.
    """
    if line.is_limit:
        return Fraction(line.direction.is_met(actual, line.target))
    baseline = Fraction(line.baseline)
    return (Fraction(actual) - baseline) / (Fraction(line.target) - baseline)


def planned(line: TargetLine, on: date) -> Fraction:
    """How much of the way the plan has behind it at the end of the day ``on``.

    With a trajectory: its value that day, put through the formula of ``attainment``. Without: for a cumulative
    indicator the share of days gone by since ``baseline_on``, from 0 to 1; for a level 1 from the start.
    """
    if line.trajectory:
        return attainment(line, _on_trajectory(line, on))
    if line.accumulation is Accumulation.LEVEL:
        return Fraction(1)
    return _share_of_days(line.baseline_on, line.target_on, on)


def planned_value(line: TargetLine, on: date) -> Fraction:
    """The figure that the plan asks for at the end of the day ``on``, exact, in the indicator's unit of measure.

    Without a trajectory, a level and a limit ask for the target itself.
    """
    if line.trajectory:
        return _on_trajectory(line, on)
    if line.is_limit:
        return Fraction(line.target)
    baseline = Fraction(line.baseline)
    return baseline + planned(line, on) * (Fraction(line.target) - baseline)


def gap(attainment: Fraction, planned: Fraction) -> Decimal:
    """Ahead (+) or behind (-) the plan in percentage points, half-up to 0.01."""
    return half_up(100 * (attainment - planned), 2)


def pace(attainment: Fraction, planned: Fraction) -> Decimal | None:
    """Attainment as a percentage of the plan, half-up to 0.01.

    ``None`` where nothing is planned yet; a trajectory that dips below its baseline plans less than nothing, and a
    ratio to that would point the wrong way, so that it has none either.
    """
    if planned <= 0:
        return None
    return half_up(100 * attainment / planned, 2)


def _on_trajectory(line: TargetLine, on: date) -> Fraction:
    knots = [(line.baseline_on, line.baseline), *line.trajectory, (line.target_on, line.target)]
    if on <= line.baseline_on:
        return Fraction(line.baseline)
    for (start, value), (end, next_value) in pairwise(knots):
        if on <= end:
            return Fraction(value) + _share_of_days(start, end, on) * (Fraction(next_value) - Fraction(value))
    return Fraction(line.target)


def _share_of_days(start: date, end: date, on: date) -> Fraction:
    """The share of the days after ``start`` up to ``end`` that is over when ``on`` ends, from 0 to 1."""
    if on >= end:
        return Fraction(1)
    if on <= start:
        return Fraction(0)
    return Fraction((on - start).days, (end - start).days)
