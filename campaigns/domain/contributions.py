"""Says how much each action brings to the distance between a unit's composite and its plan.

The contributions are exact and add up to the composite's gap. The rule is in ``docs/algorithms/contributions.md``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from campaigns.domain.composite import Composite
from campaigns.domain.figures import half_up

Weighted = tuple[Decimal, Composite]
"""An action's weight and the unit's composite in it."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """A share of the whole way, 1 = all of it: below nought pulls the composite under its plan, above lifts it."""

    share: Fraction

    @property
    def points(self) -> Decimal:
        """As it is shown: points, half-up to 0.01."""
        return half_up(100 * self.share, 2)


def contributions(actions: Iterable[Weighted]) -> list[Contribution | None]:
    """The contribution of each action, in the order given: its weight x (composite - planned) / the weights of all
    actions that have a composite. ``None`` for an action without one, which takes no part in the mean either.

    Raises ``ValueError`` for a weight below nought.
    """
    rows = [(Fraction(weight), one) for weight, one in actions]
    if any(weight < 0 for weight, _one in rows):
        raise ValueError("a weight is not negative")
    whole = sum((weight for weight, one in rows if one.attainment is not None), Fraction(0))
    return [_contribution(weight, one, whole) for weight, one in rows]


def _contribution(weight: Fraction, one: Composite, whole: Fraction) -> Contribution | None:
    if one.attainment is None or one.planned is None or not whole:
        return None
    return Contribution(weight * (one.attainment - one.planned) / whole)
