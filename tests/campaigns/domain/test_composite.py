"""Composites weigh what has a figure, keep their coverage beside it, and treat plan and attainment alike."""

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.composite import Composite, Part, combine, composite

CAP = Decimal(120)


def part(weight: str, reached: str | None, plan: str = "1/2") -> Part:
    return Part(Decimal(weight), None if reached is None else Fraction(reached), Fraction(plan))


weights = st.decimals("0.01", 100, places=2)
shares = st.fractions(-2, 3, max_denominator=500)
parts = st.builds(Part, weights, st.none() | shares, shares)
complete_parts = st.builds(Part, weights, shares, shares)
composites = st.lists(parts, max_size=5).map(lambda found: composite(found, cap=CAP))


def test_a_composite_is_the_weighted_mean() -> None:
    found = composite([part("3", "1/2", "2/5"), part("1", "1/4", "1/5")], cap=CAP)
    assert found == Composite(Fraction(7, 16), Fraction(7, 20), Fraction(1))
    assert str(found.published) == "43.75"


def test_each_attainment_is_floored_and_capped() -> None:
    assert composite([part("1", "-2"), part("1", "1")], cap=CAP).attainment == Fraction(1, 2)
    assert composite([part("1", "5"), part("1", "1")], cap=CAP).attainment == Fraction(11, 10)
    assert composite([part("1", "5"), part("1", "1")], cap=Decimal(100)).attainment == 1


def test_the_plan_goes_through_the_same_floor_and_cap() -> None:
    found = composite([part("1", "-1/2", "-1/2"), part("1", "3/2", "3/2")], cap=CAP)
    assert found.attainment == found.planned == Fraction(3, 5)


def test_what_has_no_figure_counts_in_the_coverage_alone() -> None:
    found = composite([part("3", "1/2", "2/5"), part("1", None, "1")], cap=CAP)
    assert found == Composite(Fraction(1, 2), Fraction(2, 5), Fraction(3, 4))


def test_missing_is_not_nought() -> None:
    assert composite([part("1", "1/2"), part("1", None)], cap=CAP) != composite(
        [part("1", "1/2"), part("1", "0")], cap=CAP
    )


@pytest.mark.parametrize("found", [[], [part("1", None)], [part("0", "1")]])
def test_without_a_figure_that_weighs_there_is_no_composite(found: list[Part]) -> None:
    nothing = composite(found, cap=CAP)
    assert nothing == Composite(None, None, Fraction(0))
    assert nothing.published is None
    assert not nothing.is_covered(0)


@pytest.mark.parametrize("cap", [Decimal("1.2"), Decimal("99.99"), 0])
def test_a_cap_below_the_target_is_refused(cap: Decimal | int) -> None:
    with pytest.raises(ValueError, match="percentage"):
        composite([], cap=cap)


def test_parts_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Part(Decimal(-1), None, None)
    with pytest.raises(ValueError, match="planned"):
        Part(Decimal(1), Fraction(1), None)
    with pytest.raises(ValueError, match="negative"):
        combine([(Decimal(-1), composite([], cap=CAP))])


def test_actions_combine_by_their_weight_and_coverage_nests() -> None:
    full = composite([part("1", "1/2", "2/5")], cap=CAP)
    half = composite([part("1", "1", "4/5"), part("1", None)], cap=CAP)
    found = combine([(Decimal(3), full), (Decimal(1), half)])
    assert found == Composite(Fraction(5, 8), Fraction(1, 2), Fraction(7, 8))


def test_an_action_without_a_figure_lowers_the_coverage_alone() -> None:
    full = composite([part("1", "1/2", "2/5")], cap=CAP)
    empty = composite([part("1", None)], cap=CAP)
    assert combine([(Decimal(1), full), (Decimal(1), empty)]) == Composite(
        Fraction(1, 2), Fraction(2, 5), Fraction(1, 2)
    )
    assert combine([(Decimal(1), empty)]) == combine([]) == Composite(None, None, Fraction(0))


def test_the_minimum_coverage_is_counted_in() -> None:
    found = composite([part("3", "1/2"), part("1", None)], cap=CAP)
    assert found.is_covered(75)
    assert not found.is_covered(Decimal("75.01"))
    assert not found.is_covered()


@given(st.lists(parts, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_indicators_is_irrelevant(found: list[Part], random: Random) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert composite(shuffled, cap=CAP) == composite(found, cap=CAP)


@given(st.lists(parts, min_size=1, max_size=6))
def test_composites_stay_between_floor_and_cap_and_coverage_is_a_share(found: list[Part]) -> None:
    whole = composite(found, cap=CAP)
    assert 0 <= whole.coverage <= 1
    assert (whole.attainment is None) is (whole.planned is None) is (whole.coverage == 0)
    if whole.attainment is not None and whole.planned is not None:
        assert 0 <= whole.attainment <= Fraction(6, 5)
        assert 0 <= whole.planned <= Fraction(6, 5)
    assert (whole.coverage == 1) is all(one.attainment is not None for one in found)


@given(st.lists(complete_parts, min_size=1, max_size=6), st.integers(0, 5), st.fractions(0, 2))
def test_a_better_figure_never_lowers_the_composite(found: list[Part], index: int, gain: Fraction) -> None:
    chosen = found[index % len(found)]
    assert chosen.attainment is not None
    better = [Part(one.weight, chosen.attainment + gain, one.planned) if one is chosen else one for one in found]
    before, after = composite(found, cap=CAP).attainment, composite(better, cap=CAP).attainment
    assert before is not None
    assert after is not None
    assert after >= before


@given(st.lists(parts, max_size=6), st.integers(1, 50))
def test_only_the_proportion_of_weights_matters(found: list[Part], factor: int) -> None:
    scaled = [Part(one.weight * factor, one.attainment, one.planned) for one in found]
    assert composite(scaled, cap=CAP) == composite(found, cap=CAP)


@given(st.lists(st.builds(lambda weight, share: Part(weight, share, share), weights, shares), min_size=1, max_size=6))
def test_who_is_on_the_plan_everywhere_has_no_gap(found: list[Part]) -> None:
    whole = composite(found, cap=CAP)
    assert whole.attainment == whole.planned


@given(weights, composites)
def test_one_action_alone_is_the_campaign(weight: Decimal, action: Composite) -> None:
    assert combine([(weight, action)]) == action


@given(st.lists(st.tuples(weights, composites), min_size=1, max_size=5))
def test_the_campaign_lies_between_its_actions(actions: list[tuple[Decimal, Composite]]) -> None:
    whole = combine(actions)
    reached = [action.attainment for _, action in actions if action.attainment is not None]
    coverages = [action.coverage for _, action in actions]
    if whole.attainment is None:
        assert reached == []
    else:
        assert min(reached) <= whole.attainment <= max(reached)
    assert min(coverages) <= whole.coverage <= max(coverages)
