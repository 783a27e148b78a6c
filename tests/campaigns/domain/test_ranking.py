"""Competition ranks and movements, as tables and as properties."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.ranking import competition_ranks, movement

figures = st.dictionaries(st.text(max_size=4), st.decimals(0, 120, places=1), max_size=12)


def test_equal_figures_share_a_rank_and_the_next_is_left_out() -> None:
    values = {"nanhu": Decimal(70), "tongxiang": Decimal("88.5"), "jiashan": Decimal("88.50"), "haiyan": Decimal(91)}
    assert competition_ranks(values) == {"haiyan": 1, "tongxiang": 2, "jiashan": 2, "nanhu": 4}


def test_nobody_to_rank() -> None:
    assert competition_ranks({}) == {}


def test_all_equal_are_all_first() -> None:
    assert competition_ranks({unit: Decimal(0) for unit in range(3)}) == {0: 1, 1: 1, 2: 1}


@given(figures)
def test_a_rank_is_one_more_than_the_number_of_better_ones(values: dict[str, Decimal]) -> None:
    ranks = competition_ranks(values)
    assert ranks == {key: 1 + sum(other > value for other in values.values()) for key, value in values.items()}


@given(figures, st.randoms(use_true_random=False))
def test_the_order_of_units_is_irrelevant(values: dict[str, Decimal], random: Random) -> None:
    shuffled = list(values.items())
    random.shuffle(shuffled)
    assert competition_ranks(dict(shuffled)) == competition_ranks(values)


@pytest.mark.parametrize(
    ("now", "before", "moved"), [(1, 3, 2), (3, 1, -2), (2, 2, 0), (1, None, None), (None, 1, None), (None, None, None)]
)
def test_movement_is_places_gained(now: int | None, before: int | None, moved: int | None) -> None:
    assert movement(now, before) == moved
