"""Ranks units by their published figure, and tells how far each moved since the period before.

The rule is in ``docs/algorithms/ranking.md``.
"""

from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def competition_ranks(values: Mapping[Key, Decimal]) -> dict[Key, int]:
    """The rank of each key within one ranking group, highest value first; equal values share the better rank and the
    next one is left out (1, 2, 2, 4). Give published figures: units that are shown equal are ranked equal.
    """
    first_place: dict[Decimal, int] = {}
    for place, value in enumerate(sorted(values.values(), reverse=True), start=1):
        first_place.setdefault(value, place)
    return {key: first_place[value] for key, value in values.items()}


def movement(now_rank: int | None, before_rank: int | None) -> int | None:
    """Places gained (+) or lost (-) against the preceding published period; ``None`` where one of the two is missing:
    the first period, or a unit that had no rank."""
    if now_rank is None or before_rank is None:
        return None
    return before_rank - now_rank
