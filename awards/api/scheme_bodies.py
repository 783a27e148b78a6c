"""A scheme as it comes in a body, for the operation that saves it; and what is wrong with it, by its place there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awards.models import Scheme
from awards.operations.schemes import FIELDS, CriterionGiven, GateGiven, SchemeGiven
from awards.queries.scheme_rules import criteria_of, gates_of
from awards.refusals import WrongScheme
from units.api.serializers import refusal

OF_CRITERION = (
    "order",
    "name_en",
    "name_zh",
    "weight",
    "basis",
    "method",
    "parameters",
    "indicator",
    "action",
    "tie_order",
)


def given_from(values: Mapping[str, Any], row: Scheme | None = None) -> SchemeGiven:
    """The whole scheme: what the body tells, and for the rest what the row says."""
    told = {name: values[name] for name in FIELDS if name in values}
    if row is not None:
        told = {name: getattr(row, name) for name in FIELDS} | told
    criteria = values.get("criteria")
    gates = values.get("gates")
    return SchemeGiven(
        **told,
        criteria=_stored_criteria(row) if criteria is None else [CriterionGiven(**one) for one in criteria],
        gates=_stored_gates(row) if gates is None else [_gate(one) for one in gates],
    )


def _gate(one: Mapping[str, Any]) -> GateGiven:
    """Criterion and gate before it come as `{"order": …}`, the path of their field."""
    behind = one.get("behind")
    return GateGiven(
        order=one["order"],
        name_en=one["name_en"],
        name_zh=one["name_zh"],
        criterion=one["criterion"]["order"],
        minimum=one["minimum"],
        behind=behind["order"] if behind else None,
    )


def _stored_criteria(row: Scheme | None) -> list[CriterionGiven]:
    if row is None:
        return []
    return [CriterionGiven(**{name: getattr(one, name) for name in OF_CRITERION}) for one in criteria_of(row)]


def _stored_gates(row: Scheme | None) -> list[GateGiven]:
    if row is None:
        return []
    return [
        GateGiven(
            order=one.order,
            name_en=one.name_en,
            name_zh=one.name_zh,
            criterion=one.criterion.order,
            minimum=one.minimum,
            behind=one.behind.order if one.behind else None,
        )
        for one in gates_of(row)
    ]


def by_place(wrong: WrongScheme) -> dict[str, Any]:
    """What is wrong, nested as the body is."""
    found: dict[str, Any] = {}
    for one in wrong.problems:
        told = refusal(one.message, one.code)
        if one.part == "scheme":
            found.setdefault(one.name or "non_field_errors", []).append(told)
            continue
        part = found.setdefault(one.part, {})
        if one.place is None:
            part.setdefault("non_field_errors", []).append(told)
        else:
            part.setdefault(str(one.place), {}).setdefault(one.name or "non_field_errors", []).append(told)
    return found
