"""Says what is wrong with an award scheme before it is used: weights, sources, parameters, gates, ties.

Works on plain values as they were typed; answers every problem, not the first. The words are chosen where they can be
translated.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from awards.domain.methods import ParameterError, method_of, parameters_of
from awards.domain.scoring import CircularGates, GateRule, TieRule, in_turn

WHOLE = Decimal(100)


class Basis(StrEnum):
    INDICATOR_ATTAINMENT = "indicator_attainment"
    INDICATOR_GROWTH = "indicator_growth"
    ACTION_COMPOSITE = "action_composite"
    CAMPAIGN_COMPOSITE = "campaign_composite"
    PROJECT_PROGRESS = "project_progress"
    ON_TIME = "on_time"
    MARK = "mark"


OF_INDICATOR = frozenset({Basis.INDICATOR_ATTAINMENT, Basis.INDICATOR_GROWTH})


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenCriterion:
    order: int
    weight: Decimal
    basis: str
    has_indicator: bool
    has_action: bool
    method: str
    parameters: Mapping[str, Any]
    tie_order: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenGate:
    order: int
    criterion: int
    minimum: Decimal
    behind: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """`part` is `scheme`, `criteria` or `gates`, `place` the position in that list, `name` the field it belongs to."""

    code: str
    part: str
    place: int | None = None
    name: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


def problems_of(*, tie_rule: str, criteria: Sequence[GivenCriterion], gates: Sequence[GivenGate]) -> list[Problem]:
    """Everything that is wrong, in the order of the page."""
    return [*_of_whole(tie_rule, criteria), *_of_criteria(criteria), *_of_gates(criteria, gates)]


def _of_whole(tie_rule: str, criteria: Sequence[GivenCriterion]) -> Iterator[Problem]:
    if not criteria:
        yield Problem("no_criteria", "criteria")
        return
    total = sum((one.weight for one in criteria), Decimal(0))
    if total != WHOLE:
        yield Problem("weights", "criteria", params={"sum": f"{total:f}"})
    if tie_rule == TieRule.CRITERIA and all(one.tie_order is None for one in criteria):
        yield Problem("no_tie_criteria", "scheme", name="tie_rule")


def _of_criteria(criteria: Sequence[GivenCriterion]) -> Iterator[Problem]:
    orders = Counter(one.order for one in criteria)
    ties = Counter(one.tie_order for one in criteria if one.tie_order is not None)
    for place, one in enumerate(criteria):
        if orders[one.order] > 1:
            yield Problem("repeated", "criteria", place, "order", {"order": one.order})
        if one.tie_order is not None and ties[one.tie_order] > 1:
            yield Problem("repeated", "criteria", place, "tie_order", {"order": one.tie_order})
        if not 0 < one.weight <= WHOLE:
            yield Problem("weight_range", "criteria", place, "weight")
        yield from _of_source(place, one)
        try:
            parameters_of(method_of(one.method), one.parameters)
        except ParameterError as wrong:
            name = "method" if wrong.code == "unknown_method" else "parameters"
            told = {"name": wrong.name, **wrong.params}
            yield Problem(f"parameter_{wrong.code}", "criteria", place, name, told)


def _of_source(place: int, one: GivenCriterion) -> Iterator[Problem]:
    if one.basis not in set(Basis):
        yield Problem("no_source", "criteria", place, "basis")
    elif one.basis in OF_INDICATOR and not one.has_indicator:
        yield Problem("no_indicator", "criteria", place, "indicator")
    elif one.basis == Basis.ACTION_COMPOSITE and not one.has_action:
        yield Problem("no_action", "criteria", place, "action")


def _of_gates(criteria: Sequence[GivenCriterion], gates: Sequence[GivenGate]) -> Iterator[Problem]:
    known = {one.order for one in criteria}
    orders = Counter(one.order for one in gates)
    for place, one in enumerate(gates):
        if orders[one.order] > 1:
            yield Problem("repeated", "gates", place, "order", {"order": one.order})
        if one.criterion not in known:
            yield Problem("gate_criterion", "gates", place, "criterion", {"order": one.criterion})
        if one.behind is not None and one.behind not in orders:
            yield Problem("gate_behind", "gates", place, "behind", {"order": one.behind})
        if one.minimum <= 0:
            yield Problem("gate_minimum", "gates", place, "minimum")
    try:
        in_turn([gate_rule(one) for one in gates])
    except CircularGates as wrong:
        places = {one.order: place for place, one in enumerate(gates)}
        told = ", ".join(map(str, wrong.orders))
        yield Problem("gate_circle", "gates", places[wrong.orders[0]], "behind", {"orders": told})


def gate_rule(one: GivenGate) -> GateRule:
    return GateRule(order=one.order, criterion=one.criterion, minimum=Fraction(one.minimum), behind=one.behind)
