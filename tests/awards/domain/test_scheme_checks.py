"""What keeps a scheme from being used: everything is told, each in its place."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from awards.domain.scheme_checks import GivenCriterion, GivenGate, problems_of

MARK = GivenCriterion(
    order=1,
    weight=Decimal(100),
    basis="mark",
    has_indicator=False,
    has_action=False,
    method="linear",
    parameters={},
)
GATE = GivenGate(order=1, criterion=1, minimum=Decimal(60))


def codes(*criteria: GivenCriterion, gates: Any = (), tie_rule: str = "shared") -> list[tuple[str, str, int | None]]:
    found = problems_of(tie_rule=tie_rule, criteria=criteria, gates=gates)
    return [(one.code, one.part, one.place) for one in found]


def test_a_scheme_that_is_right_has_no_problem() -> None:
    assert codes(MARK, gates=[GATE, replace(GATE, order=2, behind=1)]) == []


@pytest.mark.parametrize("weight", ["99.99", "100.01", "0.01"])
def test_the_weights_add_to_exactly_100(weight: str) -> None:
    assert codes(replace(MARK, weight=Decimal(weight)))[0] == ("weights", "criteria", None)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"basis": ""}, "no_source"),
        ({"basis": "weather"}, "no_source"),
        ({"basis": "indicator_growth"}, "no_indicator"),
        ({"basis": "indicator_attainment"}, "no_indicator"),
        ({"basis": "action_composite"}, "no_action"),
        ({"method": "guess"}, "parameter_unknown_method"),
        ({"method": "banded"}, "parameter_missing"),
        ({"parameters": {"step": 1}}, "parameter_unknown"),
    ],
)
def test_a_criterion_that_cannot_be_computed_is_told_in_its_place(fields: dict[str, Any], code: str) -> None:
    assert codes(replace(MARK, **fields)) == [(code, "criteria", 0)]


def test_gates_in_a_circle_are_refused() -> None:
    circle = [replace(GATE, order=1, behind=2), replace(GATE, order=2, behind=1)]
    assert codes(MARK, gates=circle) == [("gate_circle", "gates", 0)]
    assert codes(MARK, gates=[replace(GATE, behind=1)]) == [("gate_circle", "gates", 0)]


def test_gates_that_point_nowhere_are_refused() -> None:
    assert codes(MARK, gates=[replace(GATE, criterion=7)]) == [("gate_criterion", "gates", 0)]
    assert codes(MARK, gates=[replace(GATE, behind=7)]) == [("gate_behind", "gates", 0)]
    assert codes(MARK, gates=[replace(GATE, minimum=Decimal(0))]) == [("gate_minimum", "gates", 0)]


def test_everything_is_told_at_once() -> None:
    half = replace(MARK, weight=Decimal(40), basis="")
    assert codes(half, half) == [
        ("weights", "criteria", None),
        ("repeated", "criteria", 0),
        ("no_source", "criteria", 0),
        ("repeated", "criteria", 1),
        ("no_source", "criteria", 1),
    ]
    assert codes(tie_rule="criteria") == [("no_criteria", "criteria", None)]
    assert codes(MARK, tie_rule="criteria") == [("no_tie_criteria", "scheme", None)]
