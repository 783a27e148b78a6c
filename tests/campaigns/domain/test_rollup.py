"""City figures by each method, complete and partial, and the city's target."""

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.rollup import CityFigure, Contribution, RollUp, city_target, roll_up


def of(*pairs: tuple[str | None, str | None]) -> list[Contribution]:
    return [
        Contribution(None if value is None else Decimal(value), None if weight is None else Decimal(weight))
        for value, weight in pairs
    ]


values = st.none() | st.decimals(-1000, 1000, places=2)
units = st.lists(st.builds(Contribution, values, st.none() | st.decimals(0, 50, places=1)), max_size=9)
shared_methods = st.sampled_from([RollUp.SUM, RollUp.MEAN, RollUp.WEIGHTED_MEAN])


@pytest.mark.parametrize(("method", "value"), [(RollUp.SUM, "9"), (RollUp.MEAN, "3"), (RollUp.WEIGHTED_MEAN, "2.8")])
def test_complete_figures(method: RollUp, value: str) -> None:
    city = roll_up(method, of(("2", "3"), ("1", "4"), ("6", "3")))
    assert city == CityFigure(Fraction(value), 3, 3)
    assert not city.is_partial
    assert city.complete_value == city.value


@pytest.mark.parametrize(("method", "value"), [(RollUp.SUM, "8"), (RollUp.MEAN, "4"), (RollUp.WEIGHTED_MEAN, "4")])
def test_a_missing_figure_makes_it_partial(method: RollUp, value: str) -> None:
    city = roll_up(method, of(("2", "3"), (None, "4"), ("6", "3")))
    assert city == CityFigure(Fraction(value), 2, 3)
    assert city.is_partial
    assert city.complete_value is None


def test_a_unit_without_a_weight_is_missing_from_a_weighted_mean_alone() -> None:
    contributions = of(("2", None), ("6", "3"))
    assert roll_up(RollUp.WEIGHTED_MEAN, contributions) == CityFigure(Fraction(6), 1, 2)
    assert roll_up(RollUp.MEAN, contributions) == CityFigure(Fraction(4), 2, 2)


def test_weights_of_nought_make_no_mean() -> None:
    assert roll_up(RollUp.WEIGHTED_MEAN, of(("2", "0"), ("6", "0"))) == CityFigure(None, 2, 2)


def test_no_figure_at_all() -> None:
    assert roll_up(RollUp.SUM, of((None, None), (None, None))) == CityFigure(None, 0, 2)
    assert roll_up(RollUp.SUM, []) == CityFigure(None, 0, 0)


def test_the_lead_files_the_city_figure() -> None:
    assert roll_up(RollUp.LEAD, of(("4.5", None))) == CityFigure(Fraction(9, 2), 1, 1)
    assert roll_up(RollUp.LEAD, of((None, None))) == roll_up(RollUp.LEAD, []) == CityFigure(None, 0, 1)
    with pytest.raises(ValueError, match="one city figure"):
        roll_up(RollUp.LEAD, of(("1", None), ("2", None)))


def test_a_weight_is_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        Contribution(Decimal(1), Decimal(-1))


def test_a_city_figure_is_published_with_the_decimals_of_its_indicator() -> None:
    assert str(roll_up(RollUp.MEAN, of(("1", None), ("0", None), ("1", None))).published(2)) == "0.67"
    assert CityFigure(None, 0, 2).published(2) is None


def test_the_city_target_is_its_own_or_rolled_up() -> None:
    targets = of(("2", "1"), ("6", "3"))
    assert city_target(RollUp.SUM, Decimal(10), targets) == 10
    assert city_target(RollUp.SUM, None, targets) == 8
    assert city_target(RollUp.MEAN, None, targets) == 4
    assert city_target(RollUp.WEIGHTED_MEAN, None, targets) == 5
    assert city_target(RollUp.SUM, None, of(("2", None), (None, None))) is None
    assert city_target(RollUp.LEAD, None, targets) is None
    assert city_target(RollUp.LEAD, Decimal(3), []) == 3


@given(shared_methods, units, st.randoms(use_true_random=False))
def test_the_order_of_units_is_irrelevant(method: RollUp, found: list[Contribution], random: Random) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert roll_up(method, shuffled) == roll_up(method, found)


@given(shared_methods, units)
def test_what_is_present_is_never_more_than_what_is_expected(method: RollUp, found: list[Contribution]) -> None:
    city = roll_up(method, found)
    assert 0 <= city.present <= city.expected == len(found)
    if city.present == 0:
        assert city.value is None


@given(st.sampled_from([RollUp.MEAN, RollUp.WEIGHTED_MEAN]), units)
def test_a_mean_lies_between_its_figures(method: RollUp, found: list[Contribution]) -> None:
    city = roll_up(method, found)
    if city.value is not None:
        present = [one.value for one in found if one.value is not None]
        assert min(present) <= city.value <= max(present)


@given(units)
def test_equal_weights_make_the_plain_mean(found: list[Contribution]) -> None:
    weighted = [Contribution(one.value, Decimal(2)) for one in found]
    assert roll_up(RollUp.WEIGHTED_MEAN, weighted) == roll_up(RollUp.MEAN, found)


@given(units, units)
def test_a_sum_over_all_is_the_sum_of_its_parts(one: list[Contribution], other: list[Contribution]) -> None:
    whole, first, second = (roll_up(RollUp.SUM, found) for found in (one + other, one, other))
    assert (whole.value or 0) == (first.value or 0) + (second.value or 0)
    assert (whole.present, whole.expected) == (first.present + second.present, first.expected + second.expected)


@given(shared_methods, units)
def test_a_missing_figure_changes_how_many_are_in_it_and_never_the_value(
    method: RollUp, found: list[Contribution]
) -> None:
    with_one_missing = roll_up(method, [*found, Contribution(None, Decimal(3))])
    whole = roll_up(method, found)
    assert (with_one_missing.value, with_one_missing.present) == (whole.value, whole.present)
    assert with_one_missing.is_partial
