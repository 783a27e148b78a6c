"""Writes what was computed of a round into scores and their steps. Called within a step, which holds the lock."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from awards.domain.snapshot import completed
from awards.models import Criterion, Gate, Round, Score, ScoreLine
from awards.queries.round_content import Content, stored_content
from campaigns.domain.figures import half_up
from units.models import Unit, User
from units.operations.changes import Touched, fields_of

AT_ONCE = 2000
FIGURE_PLACES, POINTS_PLACES = 6, 4
"""Places of what is kept to be read; exact figures and points stand in the working."""
COMPUTED = (
    "computed_score", "computed_rank", "rank", "bonus", "penalty", "failed_gate", "is_vetoed", "is_computed_winner",
    "is_winner", "decided_reason", "decided_by",
)  # fmt: skip
TOLD = ("computed_score", "computed_rank", "decided_score", "decided_winner", "rank", "is_vetoed", "is_winner")
"""What the record of changes tells of a score."""


def write_scores(award: Round, content: Content, *, actor: User) -> list[Touched]:
    """Makes scores and steps anew from a completed content; what was decided stays. Returns what changed.

    Two queries to delete, and one for each thousands of rows to write, whatever else.
    """
    before = {one.unit_id: one for one in Score.objects.filter(round=award).select_related("unit")}
    units = {one.code: one for one in Unit.objects.filter(code__in=[one["unit"] for one in content["units"]])}
    gates = {one.order: one for one in Gate.objects.filter(scheme=award.scheme_id)}
    criteria = {one.order: one for one in Criterion.objects.filter(scheme=award.scheme_id)}
    cause = _cause(before.values())
    scores, told = [], []
    for one in content["units"]:
        unit = units[one["unit"]]
        old = before.get(unit.pk)
        score = Score(round=award, unit=unit, source=award.scheme.source)
        if old is not None:
            for name in ("decided_score", "decided_winner", "decided_reason", "decided_by_id"):
                setattr(score, name, getattr(old, name))
        _fill(score, one, gates, cause or ("", actor.pk))
        scores.append(score)
        told.append((old, score))
    ScoreLine.objects.filter(score__round=award).delete()
    Score.objects.filter(round=award).delete()
    made = Score.objects.bulk_create(scores, batch_size=AT_ONCE)
    by_unit = {one.unit.code: one for one in made}
    ScoreLine.objects.bulk_create(
        (line for one in content["units"] for line in _lines(by_unit[one["unit"]], one, criteria)),
        batch_size=AT_ONCE,
    )
    gone = [
        Touched(old, fields_of(old, TOLD), None) for pk, old in before.items() if pk not in {s.unit_id for s in made}
    ]
    return [*_changed(told), *gone]


def resum_scores(award: Round, *, actor: User) -> tuple[Content, list[Touched]]:
    """Computes sums, ranks and winners anew from the stored figures, with the adjustments and decisions of now. Returns
    the content and what changed.

    Whoever wins or loses by a decision on somebody else carries its reason.
    """
    content = completed(stored_content(award))
    scores = {one.unit.code: one for one in Score.objects.filter(round=award).select_related("unit")}
    gates = {one.order: one for one in Gate.objects.filter(scheme=award.scheme_id)}
    cause = _cause(scores.values()) or ("", actor.pk)
    changed, touched = [], []
    for one in content["units"]:
        score = scores[one["unit"]]
        before, told = fields_of(score, COMPUTED), fields_of(score, TOLD)
        score.round = award
        _fill(score, one, gates, cause)
        if fields_of(score, COMPUTED) != before:
            changed.append(score)
            touched.append(Touched(score, told, fields_of(score, TOLD)))
    if changed:
        Score.objects.bulk_update(changed, COMPUTED, batch_size=AT_ONCE)
    return content, touched


def follows(award: Round, content: Content) -> bool:
    """Whether the stored scores are what the completed content tells."""
    stored = {one.unit.code: one for one in Score.objects.filter(round=award).select_related("unit")}
    if stored.keys() != {one["unit"] for one in content["units"]}:
        return False
    for one in content["units"]:
        score, computed, final = stored[one["unit"]], one["computed"], one["final"]
        told = (score.computed_score, score.computed_rank, score.is_computed_winner, score.rank, score.is_winner)
        if told != (
            Decimal(computed["score"]), computed["rank"], computed["is_winner"], final["rank"], final["is_winner"],
        ):  # fmt: skip
            return False
    return True


# --- rows -------------------------------------------------------------------------------------------------------------


def _fill(score: Score, one: Mapping[str, Any], gates: Mapping[int, Gate], cause: tuple[str, int]) -> None:
    computed, final = one["computed"], one["final"]
    score.computed_score = half_up(Fraction(computed["score"]), POINTS_PLACES)
    score.computed_rank = computed["rank"]
    score.rank = final["rank"]
    score.bonus = half_up(Fraction(computed["bonus"]), POINTS_PLACES)
    score.penalty = half_up(Fraction(computed["penalty"]), POINTS_PLACES)
    score.failed_gate = None if computed["failed_gate"] is None else gates[computed["failed_gate"]]
    score.is_vetoed = computed["is_vetoed"]
    score.is_computed_winner = computed["is_winner"]
    score.is_winner = final["is_winner"]
    if score.is_decided:
        return
    is_moved = score.is_winner != score.is_computed_winner
    score.decided_reason, score.decided_by_id = cause if is_moved else ("", None)


def _cause(scores: Any) -> tuple[str, int] | None:
    """Reason and person of a decision in this round, of several the first: what moved the others."""
    decided = next((one for one in scores if one.is_decided), None)
    return None if decided is None else (decided.decided_reason, decided.decided_by_id)


def _lines(score: Score, one: Mapping[str, Any], criteria: Mapping[int, Criterion]) -> Any:
    figures = {figure["criterion"]: figure for figure in one["figures"]}
    for line in one["computed"]["lines"]:
        told = figures[line["criterion"]]
        exact = None if told["figure"] is None else Fraction(told["figure"])
        yield ScoreLine(
            score=score,
            criterion=criteria[line["criterion"]],
            figure=None if exact is None else half_up(exact, FIGURE_PLACES),
            points=half_up(Fraction(line["points"]), POINTS_PLACES),
            working={
                "figure": told["figure"],
                "share": line["share"],
                "points": line["points"],
                "place": line["place"],
                "is_missing": exact is None,
                "from": told["from"],
            },
        )


def _changed(told: list[tuple[Score | None, Score]]) -> list[Touched]:
    found = []
    for old, new in told:
        after = fields_of(new, TOLD)
        before = None if old is None else fields_of(old, TOLD)
        if before != after:
            found.append(Touched(new, before, after))
    return found
