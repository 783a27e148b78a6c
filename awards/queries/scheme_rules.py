"""What a scheme says, as plain values for arithmetic and snapshots, and in words what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.domain.scheme_checks import GivenCriterion, GivenGate, Problem, problems_of
from awards.domain.snapshot import text
from awards.models import Criterion, Gate, Scheme
from awards.queries.round_inputs import is_lower_better
from awards.refusals import SchemeProblem


def criteria_of(scheme: Scheme) -> list[Criterion]:
    """In their order, with indicator and action. One query."""
    return list(scheme.criteria.select_related("indicator", "action").order_by("order"))


def gates_of(scheme: Scheme) -> list[Gate]:
    """In their order. One query."""
    return list(scheme.gates.select_related("criterion", "behind").order_by("order"))


def both(row: Any) -> dict[str, str]:
    return {"en": row.name_en, "zh": row.name_zh}


def scheme_content(scheme: Scheme, criteria: Iterable[Criterion], gates: Iterable[Gate]) -> dict[str, Any]:
    """The scheme as a snapshot tells it; nothing of it need be saved. No query."""
    return {
        "code": scheme.code,
        "edition": scheme.version,
        "name": both(scheme),
        "campaign": scheme.campaign.slug,
        "group": scheme.group.code,
        "interval": scheme.interval,
        "flags": scheme.flags,
        "minimum_score": text(scheme.minimum_score),
        "tie_rule": scheme.tie_rule,
        "decimals": scheme.decimals,
        "bonus_cap": text(scheme.bonus_cap),
        "penalty_cap": text(scheme.penalty_cap),
        "publicity_working_days": scheme.publicity_working_days,
        "criteria": [_criterion(one) for one in criteria],
        "gates": [_gate(one) for one in gates],
    }


def _criterion(one: Criterion) -> dict[str, Any]:
    return {
        "order": one.order,
        "name": both(one),
        "weight": text(one.weight),
        "basis": one.basis,
        "indicator": one.indicator.code if one.indicator else None,
        "action": one.action.number if one.action else None,
        "method": one.method,
        "parameters": plain_parameters(one.parameters),
        "tie_order": one.tie_order,
        "is_lower_better": is_lower_better(one),
    }


def plain_parameters(given: Mapping[str, Any]) -> dict[str, str]:
    """As decimals in one way of writing, without those that are not given."""
    return {name: f"{Decimal(str(value)).normalize():f}" for name, value in given.items() if value not in (None, "")}


def _gate(one: Gate) -> dict[str, Any]:
    return {
        "order": one.order,
        "name": both(one),
        "criterion": one.criterion.order,
        "minimum": text(one.minimum),
        "behind": one.behind.order if one.behind else None,
    }


# --- what is wrong ----------------------------------------------------------------------------------------------------


def wrong_with_scheme(scheme: Scheme, criteria: Sequence[Criterion], gates: Sequence[Gate]) -> list[SchemeProblem]:
    """Everything that keeps the scheme from being used, saved or not. No query."""
    found = problems_of(
        tie_rule=scheme.tie_rule,
        criteria=[
            GivenCriterion(
                order=one.order,
                weight=one.weight,
                basis=one.basis,
                has_indicator=one.indicator is not None,
                has_action=one.action is not None,
                method=one.method,
                parameters=one.parameters,
                tie_order=one.tie_order,
            )
            for one in criteria
        ],
        gates=[
            GivenGate(
                order=one.order,
                criterion=one.criterion.order,
                minimum=one.minimum,
                behind=one.behind.order if one.behind else None,
            )
            for one in gates
        ],
    )
    return [in_words(one) for one in found]


def in_words(problem: Problem) -> SchemeProblem:
    words: Any = WORDS[problem.code]
    told = words(problem) if callable(words) else str(words) % problem.params
    parameter = problem.params["name"] if problem.name == "parameters" else ""
    return SchemeProblem(problem.code, problem.part, problem.place, problem.name, told, parameter)


def _of_parameter(sentence: Any) -> Callable[[Problem], str]:
    """The sentence with the name of the parameter before it."""
    return lambda problem: (
        _("%(name)s: %(sentence)s")
        % {
            "name": problem.params["name"],
            "sentence": str(sentence) % problem.params,
        }
    )


WORDS: dict[str, Any] = {
    "no_criteria": gettext_lazy("A scheme needs at least one criterion."),
    "weights": gettext_lazy("The weights add to %(sum)s. They must add to 100."),
    "no_tie_criteria": gettext_lazy("Say of at least one criterion in which order it breaks ties."),
    "repeated": gettext_lazy("%(order)s stands twice. Give each its own number."),
    "weight_range": gettext_lazy("The weight must be above 0 and at most 100."),
    "no_source": gettext_lazy("Choose what this criterion looks at."),
    "no_indicator": gettext_lazy("Choose the indicator that this criterion looks at."),
    "no_action": gettext_lazy("Choose the action that this criterion looks at."),
    "parameter_unknown_method": gettext_lazy("Choose one of the methods."),
    "parameter_unknown": _of_parameter(gettext_lazy("this method does not know it. It takes: %(known)s.")),
    "parameter_missing": _of_parameter(gettext_lazy("this method needs it.")),
    "parameter_not_a_number": _of_parameter(gettext_lazy("give a number.")),
    "parameter_too_small": _of_parameter(gettext_lazy("too small; it starts at %(least)s.")),
    "parameter_too_large": _of_parameter(gettext_lazy("too large; at most %(most)s.")),
    "parameter_too_many_decimals": _of_parameter(gettext_lazy("at most %(most)s decimals.")),
    "parameter_floor_above_first": _of_parameter(gettext_lazy("the floor lies above the first place.")),
    "gate_criterion": gettext_lazy("There is no criterion %(order)s in this scheme."),
    "gate_behind": gettext_lazy("There is no gate %(order)s in this scheme."),
    "gate_minimum": gettext_lazy("A gate asks for more than 0%%."),
    "gate_circle": gettext_lazy("These gates would be asked after each other in a circle: %(orders)s."),
}
