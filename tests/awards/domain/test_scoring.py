"""Sums, gates, ranks and winners of a round, and what must hold of them whatever the figures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.domain.methods import Method, parameters_of
from awards.domain.scoring import (
    CircularGates,
    CriterionRule,
    Decision,
    GateRule,
    SchemeRule,
    TieRule,
    UnitInput,
    UnitResult,
    decided,
    in_turn,
    score_round,
)


def criterion(order: int, weight: int | str, **fields: Any) -> CriterionRule:
    method = fields.pop("method", Method.LINEAR)
    parameters = parameters_of(method, fields.pop("parameters", {}))
    return CriterionRule(order=order, weight=Fraction(weight), method=method, parameters=parameters, **fields)


def rule(*criteria: CriterionRule, **fields: Any) -> SchemeRule:
    given = {"flags": 3, "minimum_score": Fraction(90), "decimals": 2, "criteria": criteria or (criterion(1, 100),)}
    return SchemeRule(**(given | fields))


def unit(code: str, *figures: Any, **fields: Any) -> UnitInput:
    told = {place: None if one is None else Fraction(str(one)) for place, one in enumerate(figures, start=1)}
    return UnitInput(unit=code, figures=told, **fields)


def of(results: list[UnitResult]) -> dict[str, UnitResult]:
    return {one.unit: one for one in results}


def winners(results: list[UnitResult]) -> list[str]:
    return [one.unit for one in results if one.is_winner]


# --- sums -------------------------------------------------------------------------------------------------------------


def test_bonus_and_penalty_count_within_their_caps() -> None:
    scheme = rule(bonus_cap=Fraction(3), penalty_cap=Fraction(5))
    [one] = score_round(scheme, [unit("a", 95, bonus=Fraction(4), penalty=Fraction(9))])
    assert (one.bonus, one.penalty, one.score) == (3, 5, Decimal("93.00"))


def test_a_score_is_never_below_nought() -> None:
    [one] = score_round(rule(), [unit("a", 10, penalty=Fraction(50))])
    assert one.score == Decimal("0.00")


@pytest.mark.parametrize(("figure", "score"), [("95.005", "95.01"), ("95.0049", "95.00"), ("94.995", "95.00")])
def test_a_score_is_rounded_once_half_up(figure: str, score: str) -> None:
    assert score_round(rule(), [unit("a", figure)])[0].score == Decimal(score)


def test_points_are_not_rounded_before_they_are_added() -> None:
    thirds = rule(*(criterion(order, "33.333333") for order in (1, 2, 3)), decimals=4)
    [one] = score_round(thirds, [unit("a", 100, 100, 100)])
    assert one.exact == Fraction("99.999999")
    assert one.score == Decimal("100.0000")


# --- gates and vetoes -------------------------------------------------------------------------------------------------

TWO = (criterion(1, 60), criterion(2, 40))


def test_a_gate_that_is_not_met_keeps_a_unit_out_whatever_its_score() -> None:
    scheme = rule(*TWO, gates=[GateRule(order=1, criterion=2, minimum=Fraction(60))])
    found = of(score_round(scheme, [unit("a", 140, 59), unit("b", 95, 60), unit("c", 100, None)]))
    assert {code: one.failed_gate for code, one in found.items()} == {"a": 1, "b": None, "c": 1}
    assert [code for code, one in found.items() if one.is_winner] == []
    assert found["a"].score > found["b"].score
    assert found["b"].rank == 1


def test_gates_are_asked_each_after_the_one_it_stands_behind() -> None:
    first = GateRule(order=2, criterion=1, minimum=Fraction(50))
    second = GateRule(order=1, criterion=2, minimum=Fraction(50), behind=2)
    assert [one.order for one in in_turn([second, first])] == [2, 1]
    [one] = score_round(rule(*TWO, gates=[second, first]), [unit("a", 40, 40)])
    assert one.failed_gate == 2


def test_gates_in_a_circle_are_refused() -> None:
    gates = [GateRule(order=n, criterion=1, minimum=Fraction(1), behind=n % 3 + 1) for n in (1, 2, 3)]
    with pytest.raises(CircularGates) as refused:
        score_round(rule(*TWO, gates=gates), [unit("a", 1, 1)])
    assert refused.value.orders == (1, 2, 3)


def test_a_veto_excludes_whatever_the_score_and_takes_nobodys_place() -> None:
    found = of(score_round(rule(), [unit("a", 120, is_vetoed=True), unit("b", 95)]))
    assert (found["a"].rank, found["a"].is_winner, found["a"].score) == (None, False, Decimal("120.00"))
    assert (found["b"].rank, found["b"].is_winner) == (1, True)


# --- ranks and winners ------------------------------------------------------------------------------------------------


def test_all_who_are_tied_at_the_last_flag_win() -> None:
    found = score_round(rule(flags=2), [unit("a", 99), unit("b", 95), unit("c", 95), unit("d", 94)])
    assert [one.rank for one in found] == [1, 2, 2, 4]
    assert winners(found) == ["a", "b", "c"]


def test_units_that_are_shown_equal_are_equal() -> None:
    found = score_round(rule(flags=1), [unit("a", "95.001"), unit("b", "95.004")])
    assert [one.rank for one in found] == [1, 1]


def test_ties_are_broken_by_the_named_criteria_in_their_order_and_then_shared() -> None:
    criteria = (criterion(1, 50, tie_order=2), criterion(2, 50, tie_order=1))
    scheme = rule(*criteria, flags=1, tie_rule=TieRule.CRITERIA)
    found = of(score_round(scheme, [unit("a", 100, 90), unit("b", 90, 100), unit("c", 90, 100)]))
    assert {code: one.rank for code, one in found.items()} == {"a": 3, "b": 1, "c": 1}
    assert {code for code, one in found.items() if one.is_winner} == {"b", "c"}


def test_a_round_may_have_no_winner() -> None:
    assert winners(score_round(rule(), [unit("a", "89.99"), unit("b", 50)])) == []
    assert winners(score_round(rule(), [unit("a", "90")])) == ["a"]


# --- decisions --------------------------------------------------------------------------------------------------------


def test_a_decided_score_is_ranked_among_the_computed_ones() -> None:
    scheme = rule(flags=1)
    results = score_round(scheme, [unit("a", 95), unit("b", 94)])
    found = of(decided(scheme, results, {"b": Decision(score=Decimal("96.00"))}))
    assert (found["b"].rank, found["b"].is_winner, found["a"].is_winner) == (1, True, False)
    assert of(results)["b"].score == Decimal("94.00")


def test_a_decided_winner_wins_unless_it_is_vetoed() -> None:
    scheme = rule(flags=1)
    results = score_round(scheme, [unit("a", 95), unit("b", 80), unit("c", 99, is_vetoed=True)])
    wins = Decision(is_winner=True)
    found = of(decided(scheme, results, {"a": Decision(is_winner=False), "b": wins, "c": wins}))
    assert {code: one.is_winner for code, one in found.items()} == {"a": False, "b": True, "c": False}


# --- what always holds ------------------------------------------------------------------------------------------------

FIGURES = st.one_of(st.none(), st.fractions(min_value=0, max_value=150, max_denominator=50))
UNITS = st.lists(st.tuples(FIGURES, FIGURES, st.booleans()), min_size=1, max_size=7)
SCHEMES = st.sampled_from(
    [
        rule(criterion(1, 70, method=one), criterion(2, 30, method=other, tie_order=1), tie_rule=tie)
        for one in (Method.LINEAR, Method.RANK_STEP, Method.EFFICACY)
        for other in (Method.TARGET, Method.EFFICACY)
        for tie in TieRule
    ]
)


def inputs(rows: list[tuple[Fraction | None, Fraction | None, bool]]) -> list[UnitInput]:
    return [
        UnitInput(unit=f"u{place}", figures={1: one, 2: two}, is_vetoed=is_vetoed)
        for place, (one, two, is_vetoed) in enumerate(rows)
    ]


@given(SCHEMES, UNITS, st.integers())
def test_the_order_of_the_units_does_not_matter(scheme: SchemeRule, rows: list, seed: int) -> None:
    units = inputs(rows)
    shuffled = list(units)
    Random(seed).shuffle(shuffled)  # noqa: S311
    assert of(score_round(scheme, units)) == of(score_round(scheme, shuffled))


@given(SCHEMES, UNITS, st.fractions(min_value=Fraction(1, 10), max_value=10, max_denominator=10))
def test_weights_scale_the_sum_and_leave_the_places(scheme: SchemeRule, rows: list, times: Fraction) -> None:
    scaled = replace(scheme, criteria=[replace(one, weight=one.weight * times) for one in scheme.criteria])
    before, after = score_round(scheme, inputs(rows)), score_round(scaled, inputs(rows))
    assert [one.exact * times for one in before] == [one.exact for one in after]


@given(SCHEMES, UNITS)
def test_equal_rounded_scores_share_a_rank_and_higher_ones_stand_before(scheme: SchemeRule, rows: list) -> None:
    found = [one for one in score_round(replace(scheme, tie_rule=TieRule.SHARED), inputs(rows)) if one.rank]
    for one in found:
        assert one.rank == 1 + sum(other.score > one.score for other in found)


@given(SCHEMES, UNITS)
def test_no_winner_is_kept_out_below_the_minimum_or_behind_the_flags(scheme: SchemeRule, rows: list) -> None:
    for one in score_round(scheme, inputs(rows)):
        assert not one.is_winner or (not one.is_out and one.score >= 90 and one.rank is not None and one.rank <= 3)


@given(SCHEMES, UNITS, st.fractions(min_value=0, max_value=50, max_denominator=10))
def test_a_unit_that_improves_never_scores_lower(scheme: SchemeRule, rows: list, more: Fraction) -> None:
    units = inputs(rows)
    figure = units[0].figures[1]
    if figure is None:
        return
    better = [replace(units[0], figures={**units[0].figures, 1: figure + more}), *units[1:]]
    assert score_round(scheme, better)[0].exact >= score_round(scheme, units)[0].exact
