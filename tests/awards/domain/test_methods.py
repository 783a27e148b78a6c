"""The five methods: parameters that make no sense are told, and what must hold of every share whatever the figures."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.domain.methods import FULL, Method, ParameterError, field_of, method_of, parameters_of, share_of

FIGURES = st.fractions(min_value=-500, max_value=500, max_denominator=1000)
SOME = {
    Method.TARGET: {"target": 100},
    Method.LINEAR: {"step_per_point": "1.5", "bonus_cap": 10, "penalty_cap": 60},
    Method.RANK_STEP: {"first": 100, "step": 5, "floor": 20},
    Method.BANDED: {"band": 5, "points": 4, "bonus_cap": 20, "penalty_cap": 60},
    Method.EFFICACY: {},
}


@pytest.mark.parametrize(
    ("method", "parameters", "code", "name"),
    [
        ("linear", {"step": 1}, "unknown", "step"),
        ("linear", {"bonus_cap": -1}, "too_small", "bonus_cap"),
        ("linear", {"full_at": "much"}, "not_a_number", "full_at"),
        ("linear", {"full_at": True}, "not_a_number", "full_at"),
        ("linear", {"full_at": [1]}, "not_a_number", "full_at"),
        ("linear", {"full_at": "NaN"}, "not_a_number", "full_at"),
        ("linear", {"full_at": "1e9"}, "too_large", "full_at"),
        ("linear", {"full_at": "1e-99999"}, "too_many_decimals", "full_at"),
        ("banded", {"points": 4}, "missing", "band"),
        ("banded", {"band": 5}, "missing", "points"),
        ("banded", {"band": 0, "points": 4}, "too_small", "band"),
        ("rank_step", {"step": -5}, "too_small", "step"),
        ("rank_step", {"first": 80, "floor": 90}, "floor_above_first", "floor"),
        ("efficacy", {"base": 60}, "unknown", "base"),
    ],
)
def test_parameters_that_make_no_sense_are_told(method: str, parameters: dict, code: str, name: str) -> None:
    with pytest.raises(ParameterError) as refused:
        parameters_of(method_of(method), parameters)
    assert (refused.value.code, refused.value.name) == (code, name)


def test_a_method_that_is_none_is_told() -> None:
    with pytest.raises(ParameterError) as refused:
        method_of("guess")
    assert refused.value.code == "unknown_method"


def test_an_empty_box_is_the_default() -> None:
    assert parameters_of(Method.LINEAR, {"full_at": "", "bonus_cap": None}) == parameters_of(Method.LINEAR, {})


@given(st.sampled_from(Method), st.lists(FIGURES, min_size=1, max_size=8), FIGURES, st.booleans())
def test_a_better_figure_never_scores_lower(
    method: Method, others: list[Fraction], more: Fraction, is_lower_better: bool
) -> None:
    """One unit improves, everybody else stays."""
    figures = {str(place): value for place, value in enumerate(others)}
    better = figures | {"0": others[0] + (-abs(more) if is_lower_better else abs(more))}

    def share(field_figures: dict[str, Fraction]) -> Fraction:
        field = field_of(field_figures, is_lower_better=is_lower_better)
        parameters = parameters_of(method, SOME[method])
        return share_of(method, parameters, field_figures["0"], field, is_lower_better=is_lower_better)

    assert share(better) >= share(figures)


@given(st.sampled_from(Method), st.lists(FIGURES, min_size=1, max_size=8))
def test_of_two_units_the_better_one_has_no_smaller_share(method: Method, values: list[Fraction]) -> None:
    field = field_of(dict(enumerate(values)))
    shares = [share_of(method, parameters_of(method, SOME[method]), one, field) for one in sorted(values)]
    assert shares == sorted(shares)
    assert min(shares) >= 0


@given(FIGURES, st.integers(min_value=1, max_value=5))
def test_efficacy_is_full_where_highest_and_lowest_are_the_same(value: Fraction, count: int) -> None:
    field = field_of(dict.fromkeys(range(count), value))
    assert share_of(Method.EFFICACY, {}, value, field) == FULL


@given(st.sampled_from(Method), st.lists(FIGURES, min_size=1, max_size=6))
def test_a_missing_figure_earns_nothing_and_changes_nobody_elses_share(method: Method, values: list[Fraction]) -> None:
    parameters = parameters_of(method, SOME[method])
    alone, beside = field_of(dict(enumerate(values))), field_of({**dict(enumerate(values)), "none": None})
    assert share_of(method, parameters, None, beside) == 0
    for one in values:
        assert share_of(method, parameters, one, alone) == share_of(method, parameters, one, beside)
