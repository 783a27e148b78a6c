"""Chooses what is worth saying of a month: who leads, who rose and fell most, what lags, what will be missed, who has
not filed.

Units and actions are whatever the caller has of them; the words are put elsewhere, in each language. The rule is in
``docs/algorithms/sentences.md``.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

from campaigns.domain.light import Light

U = TypeVar("U", bound=Hashable)
A = TypeVar("A", bound=Hashable)

MISSED_BELOW = Fraction(9, 10)
"""An action is missed at this rate where less than nine tenths of the way are projected for the day of its target."""


@dataclass(frozen=True, slots=True)
class Placed(Generic[U]):
    """One unit in a ranking group: rank and published figure (percent), places gained (+) or lost (−) since the
    published period before, `None` where there is none."""

    unit: U
    rank: int | None
    figure: Decimal | None
    movement: int | None


@dataclass(frozen=True, slots=True)
class Course(Generic[A]):
    """One action of the city: its light, its gap in points, and the share that is projected (`None`: unknown)."""

    action: A
    light: Light
    gap: Decimal | None
    projected: Fraction | None

    @property
    def is_missed(self) -> bool:
        return self.projected is not None and self.projected < MISSED_BELOW


@dataclass(frozen=True, slots=True)
class Leads(Generic[U]):
    """The units in the first place, several where they are equal, with their figure in percent."""

    units: tuple[U, ...]
    figure: Decimal


@dataclass(frozen=True, slots=True)
class Moved(Generic[U]):
    """The units that gained (+) or lost (−) most places, and how many."""

    units: tuple[U, ...]
    places: int


@dataclass(frozen=True, slots=True)
class Lagging(Generic[A]):
    """Actions with a red and with a yellow light, the largest gap first; `total` have a light."""

    red: tuple[A, ...]
    yellow: tuple[A, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Missed(Generic[A]):
    """Actions that will be missed at this rate, the furthest first; of `total` something can be said."""

    actions: tuple[A, ...]
    total: int


@dataclass(frozen=True, slots=True)
class NotFiled(Generic[U]):
    """Units with how many reports each has not filed, the most first, and how many are expected in all."""

    units: tuple[tuple[U, int], ...]
    expected: int

    @property
    def reports(self) -> int:
        return sum(count for _unit, count in self.units)


def who_leads(placed: Iterable[Placed[U]]) -> Leads[U] | None:
    """The first of those that are ranked; none where nobody is."""
    first = [one for one in placed if one.rank == 1 and one.figure is not None]
    if not first or first[0].figure is None:
        return None
    return Leads(tuple(one.unit for one in first), first[0].figure)


def who_rose(placed: Iterable[Placed[U]]) -> Moved[U] | None:
    """Those that gained most places; none where nobody gained any."""
    return _moved(placed, +1)


def who_fell(placed: Iterable[Placed[U]]) -> Moved[U] | None:
    """Those that lost most places; none where nobody lost any."""
    return _moved(placed, -1)


def what_lags(courses: Iterable[Course[A]]) -> Lagging[A] | None:
    """The actions behind their plan, by light; none where no action has a light."""
    lit = [one for one in courses if one.light is not Light.GREY]
    if not lit:
        return None
    return Lagging(_of_light(lit, Light.RED), _of_light(lit, Light.YELLOW), len(lit))


def what_is_missed(courses: Iterable[Course[A]]) -> Missed[A] | None:
    """The actions that will be missed at this rate; none where nothing can be projected."""
    projected = [one for one in courses if one.projected is not None]
    if not projected:
        return None
    missed = sorted((one for one in projected if one.is_missed), key=lambda one: one.projected or Fraction(0))
    return Missed(tuple(one.action for one in missed), len(projected))


def who_has_not_filed(unfiled: Iterable[tuple[U, int]], *, expected: int) -> NotFiled[U] | None:
    """From (unit, reports that it has not filed); none where nothing is expected."""
    if expected == 0:
        return None
    missing = [one for one in unfiled if one[1] > 0]
    return NotFiled(tuple(sorted(missing, key=lambda one: -one[1])), expected)


def _moved(placed: Iterable[Placed[U]], sign: int) -> Moved[U] | None:
    moved = [(one.unit, sign * one.movement) for one in placed if one.movement and sign * one.movement > 0]
    if not moved:
        return None
    most = max(places for _unit, places in moved)
    return Moved(tuple(unit for unit, places in moved if places == most), sign * most)


def _of_light(lit: Sequence[Course[A]], light: Light) -> tuple[A, ...]:
    found = sorted((one for one in lit if one.light is light), key=lambda one: one.gap or Decimal(0))
    return tuple(one.action for one in found)
