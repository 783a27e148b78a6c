"""Adds or averages the figures of the units into the city's, and says how many of them are in it.

A unit that is counted in another (the Port Area in Pinghu) must be left out by the caller: it would count twice.
The rule is in ``docs/algorithms/city-roll-up.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from campaigns.domain.figures import half_up


class RollUp(StrEnum):
    """How the city's figure comes about; ``LEAD`` means that it does not: the lead unit files it."""

    SUM = "sum"
    MEAN = "mean"
    WEIGHTED_MEAN = "weighted_mean"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One unit's approved figure in the indicator's unit of measure (``None``: missing), and its weight in a weighted
    mean. Raises ``ValueError`` for a weight below nought."""

    value: Decimal | Fraction | None
    weight: Decimal | None = None

    def __post_init__(self) -> None:
        if self.weight is not None and self.weight < 0:
            raise ValueError("a weight is not negative")


@dataclass(frozen=True, slots=True)
class CityFigure:
    """The city's figure, exact, out of ``present`` of ``expected`` units; ``None`` where nothing can be said."""

    value: Fraction | None
    present: int
    expected: int

    @property
    def is_partial(self) -> bool:
        """True where a figure is missing: it is shown with "n of m", without attainment, its light grey."""
        return self.present < self.expected

    @property
    def complete_value(self) -> Fraction | None:
        """The figure that attainment may be computed from: ``None`` while it is partial."""
        return None if self.is_partial else self.value

    def published(self, decimals: int) -> Decimal | None:
        """The figure to be shown, half-up to the indicator's decimals."""
        return None if self.value is None else half_up(self.value, decimals)


@dataclass(frozen=True, slots=True)
class Added:
    """Some units' figures added up, each times its weight (1 where nothing weighs), with the sum of these weights and
    the number of figures: all that sum, mean and weighted mean need, whoever did the adding."""

    total: Fraction
    weights: Fraction
    present: int


def roll_up(method: RollUp, contributions: Sequence[Contribution]) -> CityFigure:
    """The city's figure from those of the units that are expected to report and not counted in another.

    In a weighted mean a unit without a weight counts as missing; where all weights are nought there is no mean. For
    ``LEAD`` give the lead's own figure as the single contribution (none: not filed yet); more raise ``ValueError``.
    """
    if method is RollUp.LEAD:
        return _filed_by_lead(contributions)
    return rolled(method, (_weighed if method is RollUp.WEIGHTED_MEAN else _plain)(contributions), len(contributions))


def rolled(method: RollUp, added: Added, expected: int) -> CityFigure:
    """The city's figure from what is added up already, of so many ``expected`` units."""
    value: Fraction | None = added.total
    if not added.present:
        value = None
    elif method is not RollUp.SUM:
        value = added.total / added.weights if added.weights else None
    return CityFigure(value, added.present, expected)


def city_target(method: RollUp, own: Decimal | None, contributions: Sequence[Contribution]) -> Fraction | None:
    """The city's target (or baseline): its own where one is given, else the units' targets rolled up as the figures
    are, so added where the figures add up. ``None`` where a unit has none."""
    if own is not None:
        return Fraction(own)
    if method is RollUp.LEAD:
        return None
    return roll_up(method, contributions).complete_value


def _filed_by_lead(contributions: Sequence[Contribution]) -> CityFigure:
    if len(contributions) > 1:
        raise ValueError("the lead files one city figure")
    value = contributions[0].value if contributions else None
    return CityFigure(None if value is None else Fraction(value), int(value is not None), 1)


def _plain(contributions: Sequence[Contribution]) -> Added:
    values = [Fraction(one.value) for one in contributions if one.value is not None]
    return Added(sum(values, Fraction(0)), Fraction(len(values)), len(values))


def _weighed(contributions: Sequence[Contribution]) -> Added:
    """A figure without a weight cannot take part."""
    present = [
        (Fraction(one.value), Fraction(one.weight))
        for one in contributions
        if one.value is not None and one.weight is not None
    ]
    total = sum((value * weight for value, weight in present), Fraction(0))
    return Added(total, sum((weight for _value, weight in present), Fraction(0)), len(present))
