"""A round as one plain object: its rules, every unit's figures with their origins, what was added, what was decided.

`fresh_content` reads the figures of now, `stored_content` those that the round was computed from. Both are what
`awards.domain.snapshot.completed` computes from, and what an announcement freezes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from awards.domain.snapshot import text
from awards.models import Adjustment, Criterion, Gate, Round, Score, ScoreLine
from awards.queries.round_inputs import RoundInputs, round_inputs
from awards.queries.scheme_rules import both, criteria_of, gates_of, scheme_content
from campaigns.domain.canonical import digest_of
from campaigns.models import Period
from units.models import Unit

Content = dict[str, Any]


def fresh_content(
    award: Round, *, period: Period, criteria: Sequence[Criterion] | None = None, gates: Sequence[Gate] | None = None
) -> Content:
    """With the figures of now. A fixed number of queries: those of `round_inputs` and four more.

    The round may be one that is only tried, with criteria and gates that are not saved.
    """
    criteria = criteria_of(award.scheme) if criteria is None else criteria
    gates = gates_of(award.scheme) if gates is None else gates
    inputs = round_inputs(
        campaign=award.scheme.campaign,
        group=award.scheme.group,
        criteria=criteria,
        period=period,
        starts_on=award.starts_on,
        ends_on=award.ends_on,
        award=award if award.pk else None,
    )
    scores = {one.unit_id: one for one in Score.objects.filter(round=award)} if award.pk else {}
    return {
        "round": _round(award),
        "scheme": scheme_content(award.scheme, criteria, gates),
        "units": _units(inputs, criteria, _adjustments(award), scores),
    }


def stored_content(award: Round) -> Content:
    """With the figures that the round was computed from, and decisions and adjustments of now. Five queries."""
    criteria, gates = criteria_of(award.scheme), gates_of(award.scheme)
    scores = list(Score.objects.filter(round=award).select_related("unit").order_by("unit__order", "unit__code"))
    figures: dict[int, list[dict[str, Any]]] = {one.pk: [] for one in scores}
    lines = ScoreLine.objects.filter(score__round=award).order_by("criterion__order")
    for score_id, order, working in lines.values_list("score_id", "criterion__order", "working"):
        figures[score_id].append({"criterion": order, "figure": working["figure"], "from": working["from"]})
    adjustments = _adjustments(award)
    return {
        "round": _round(award),
        "scheme": scheme_content(award.scheme, criteria, gates),
        "units": [_unit(one.unit, figures[one.pk], adjustments.get(one.unit_id, ()), one) for one in scores],
    }


def digest_of_inputs(content: Mapping[str, Any]) -> str:
    """The same for two contents that everything computed follows from alike, whatever was decided since."""
    units = [{name: one[name] for name in ("unit", "figures", "adjustments")} for one in content["units"]]
    units.sort(key=lambda one: one["unit"])
    return digest_of({"scheme": content["scheme"], "units": units})


def is_outdated(award: Round) -> bool:
    """Whether figures, marks, members or adjustments are others than those that the round was computed from."""
    if award.period is None or not award.computed_from:
        return False
    return digest_of_inputs(fresh_content(award, period=award.period)) != award.computed_from


# --- parts ------------------------------------------------------------------------------------------------------------


def _round(award: Round) -> Content:
    return {
        "id": award.pk,
        "name": both(award),
        "starts_on": _day(award.starts_on),
        "ends_on": _day(award.ends_on),
        "period": award.period.key if award.period else None,
        "publicity_from": _day(award.publicity_from),
        "publicity_until": _day(award.publicity_until),
        "announced_on": _day(award.announced_on),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _units(
    inputs: RoundInputs,
    criteria: Sequence[Criterion],
    adjustments: Mapping[int, Sequence[Adjustment]],
    scores: Mapping[int, Score],
) -> list[Content]:
    return [
        _unit(
            unit,
            [
                {"criterion": one.order, "figure": text(figure.value), "from": dict(figure.origin)}
                for one in criteria
                for figure in [inputs.of(unit, one.order)]
            ],
            adjustments.get(unit.pk, ()),
            scores.get(unit.pk),
        )
        for unit in inputs.units
    ]


def _unit(unit: Unit, figures: list[Content], adjustments: Iterable[Adjustment], score: Score | None) -> Content:
    return {
        "unit": unit.code,
        "name": both(unit),
        "figures": figures,
        "adjustments": [_adjustment(one) for one in adjustments],
        "decision": _decision(score) if score is not None and score.is_decided else None,
    }


def _adjustments(award: Round) -> dict[int, list[Adjustment]]:
    found: dict[int, list[Adjustment]] = {}
    if not award.pk:
        return found
    for one in Adjustment.objects.filter(round=award).order_by("pk"):
        found.setdefault(one.unit_id, []).append(one)
    return found


def _adjustment(one: Adjustment) -> Content:
    return {
        "id": one.pk,
        "kind": one.kind,
        "points": text(one.points),
        "reason": one.reason,
        "evidence": one.evidence_note,
        "has_file": bool(one.evidence),
    }


def _decision(score: Score) -> Content:
    decided = score.decided_score
    return {
        "score": None if decided is None else f"{decided:f}",
        "is_winner": score.decided_winner,
        "reason": score.decided_reason,
    }
