"""What each action brings to the distance between a unit's composite and its plan."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.composite import Composite, combine
from campaigns.domain.contributions import Contribution, contributions

NOTHING = Composite(None, None, Fraction(0))
weights = st.decimals("0", 100, places=2)
shares = st.fractions(0, Fraction(6, 5), max_denominator=500)
reached = st.builds(Composite, shares, shares, st.just(Fraction(1)))
actions = st.lists(st.tuples(weights, reached | st.just(NOTHING)), max_size=12)


def reaching(attained: str, planned: str) -> Composite:
    return Composite(Fraction(attained), Fraction(planned), Fraction(1))


def test_an_action_counts_by_its_weight() -> None:
    found = contributions([(Decimal(3), reaching("2/5", "1/2")), (Decimal(1), reaching("1", "1/2"))])
    assert found == [Contribution(Fraction(-3, 40)), Contribution(Fraction(1, 8))]
    assert [str(one.points) for one in found if one] == ["-7.50", "12.50"]


def test_an_action_without_a_figure_brings_nothing_and_takes_nothing() -> None:
    found = contributions([(Decimal(1), reaching("2/5", "1/2")), (Decimal(9), NOTHING)])
    assert found == [Contribution(Fraction(-1, 10)), None]


def test_without_any_weight_there_are_none() -> None:
    assert contributions([]) == []
    assert contributions([(Decimal(0), reaching("1", "1/2"))]) == [None]


def test_a_weight_below_nought_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        contributions([(Decimal(-1), NOTHING)])


@given(actions)
def test_they_add_up_to_the_gap_of_the_composite_exactly(rows: list[tuple[Decimal, Composite]]) -> None:
    whole = combine(rows)
    found = [one.share for one in contributions(rows) if one is not None]
    if whole.attainment is None or whole.planned is None:
        assert found == []
    else:
        assert sum(found) == whole.attainment - whole.planned
