"""Weighs the attainments of a unit into one figure per action, and those into one per campaign, with their coverage.

The planned composite is weighed the same way over the same indicators, so that the two can be held against each other.
The rule is in ``docs/algorithms/composite-and-coverage.md``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from campaigns.domain.figures import published_percent


@dataclass(frozen=True, slots=True)
class Part:
    """One indicator that the unit has a target for: its weight, and the shares of attainment and plan (1 = all of it).

    ``attainment`` is ``None`` where there is no approved figure. Raises ``ValueError`` for a weight below nought, or a
    figure without a plan.
    """

    weight: Decimal
    attainment: Fraction | None
    planned: Fraction | None

    def __post_init__(self) -> None:
        if self.weight < 0:
            raise ValueError("a weight is not negative")
        if self.attainment is not None and self.planned is None:
            raise ValueError("an indicator with a figure has a planned share")


@dataclass(frozen=True, slots=True)
class Composite:
    """Exact shares, 1 = all of it: composite attainment, planned composite (both ``None`` where there is no figure),
    and the coverage, the part of all weight that has a figure."""

    attainment: Fraction | None
    planned: Fraction | None
    coverage: Fraction

    @property
    def published(self) -> Decimal | None:
        """The composite as published and ranked: percent, half-up to 0.01."""
        return None if self.attainment is None else published_percent(self.attainment)

    def is_covered(self, minimum_percent: Decimal | int = 100) -> bool:
        """Whether enough of the weight has a figure to be ranked; never without a composite."""
        return self.attainment is not None and 100 * self.coverage >= Fraction(minimum_percent)


_NO_FIGURE = Composite(attainment=None, planned=None, coverage=Fraction(0))


def composite(parts: Iterable[Part], *, cap: Decimal | int) -> Composite:
    """The composite of one unit in one action, over the indicators that have a figure.

    Each attainment is floored at 0 and capped at ``cap`` percent (120: no indicator brings more than 1.2 of its
    weight). The planned shares go through the same floor and cap: who stands exactly on the plan has no gap, even
    where a trajectory leads below the baseline or beyond the target.

    Raises ``ValueError`` for a cap below 100 percent, under which a target met would not count in full.
    """
    if cap < 100:
        raise ValueError("cap is a percentage of at least 100")
    highest = Fraction(cap) / 100
    whole = counted = reached = planned = Fraction(0)
    for part in parts:
        weight = Fraction(part.weight)
        whole += weight
        if part.attainment is None or part.planned is None:
            continue
        counted += weight
        reached += weight * _within(part.attainment, highest)
        planned += weight * _within(part.planned, highest)
    if counted == 0:
        return _NO_FIGURE
    return Composite(attainment=reached / counted, planned=planned / counted, coverage=counted / whole)


def combine(actions: Iterable[tuple[Decimal, Composite]]) -> Composite:
    """The composite of one unit in the whole campaign, from (action weight, composite) of its actions.

    The mean goes over the actions that have a composite, each with its full action weight; coverage is the weighted
    mean of the coverages over all that are given. Leave out actions in which the unit has no target: they would count
    as never covered.

    Raises ``ValueError`` for a weight below nought.
    """
    whole = counted = reached = planned = covered = Fraction(0)
    for action_weight, action in actions:
        if action_weight < 0:
            raise ValueError("a weight is not negative")
        weight = Fraction(action_weight)
        whole += weight
        if action.attainment is None or action.planned is None:
            continue
        counted += weight
        reached += weight * action.attainment
        planned += weight * action.planned
        covered += weight * action.coverage
    if counted == 0:
        return _NO_FIGURE
    return Composite(attainment=reached / counted, planned=planned / counted, coverage=covered / whole)


def _within(share: Fraction, highest: Fraction) -> Fraction:
    return min(max(share, Fraction(0)), highest)
