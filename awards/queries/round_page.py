"""The page of one round: scores for whoever may see them, what was put on units, appeals, snapshots, who may act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from awards.domain.round_life import RoundVerb, Window, is_over
from awards.domain.scheme_checks import Basis
from awards.models import Adjustment, Appeal, Criterion, Mark, Round, Score, Snapshot
from awards.permissions import may_now_on_round
from awards.queries.round_content import is_outdated
from awards.queries.rounds import appeals_of, may_see_scores
from units.models import Unit
from units.permissions import Capacities


@dataclass(frozen=True, slots=True)
class RoundPage:
    """All that the page shows. `scores` and `adjustments` are empty for who may not see them yet; `may` are the steps
    that this person may take now; `is_outdated` is asked for those alone who can do something about it, and of appeals
    only those that this person may see."""

    award: Round
    sees_scores: bool
    sees_people: bool
    scores: Sequence[Score]
    adjustments: Sequence[Adjustment]
    appeals: Sequence[Appeal]
    snapshots: Sequence[Snapshot]
    may: frozenset[RoundVerb]
    own_scored: frozenset[int]
    has_marks: bool
    is_outdated: bool
    is_window_over: bool
    has_open_appeal: bool

    @property
    def winners(self) -> Sequence[Score]:
        return [one for one in self.scores if one.is_winner]

    @property
    def has_decisions(self) -> bool:
        return any(one.is_decided for one in self.scores)

    @property
    def has_sample(self) -> bool:
        return self.award.source == "sample" or any(one.source == "sample" for one in self.scores)


def round_page(award: Round, person: Capacities, today: date) -> RoundPage:
    """At most five queries, and those of `is_outdated` for office and administrators once there are scores."""
    scores = list(
        Score.objects.filter(round=award)
        .select_related("unit", "failed_gate", "decided_by")
        .order_by(F("rank").asc(nulls_last=True), F("computed_rank").asc(nulls_last=True), "unit__order")
    )
    scored = frozenset(one.unit_id for one in scores)
    sees_scores = may_see_scores(award, person)
    may = frozenset(verb for verb in RoundVerb if may_now_on_round(person, verb, award, scored))
    window = _window(award)
    if RoundVerb.APPEAL in may and not (window and window.has(today)):
        may -= {RoundVerb.APPEAL}
    appeals = appeals_of(award, person)
    return RoundPage(
        award=award,
        sees_scores=sees_scores,
        sees_people=person.reads_everything,
        scores=scores if sees_scores else [],
        adjustments=_adjustments(award) if sees_scores else [],
        appeals=appeals,
        snapshots=list(award.snapshots.order_by("-version")),
        may=may,
        own_scored=person.filing_units & scored,
        has_marks=RoundVerb.MARK in may and award.scheme.criteria.filter(basis=Basis.MARK).exists(),
        is_outdated=(person.is_office or person.is_administrator) and is_outdated(award),
        is_window_over=window is not None and is_over(window, today, award.scheme.publicity_working_days),
        has_open_appeal=any(one.answered_at is None for one in appeals),
    )


def _window(award: Round) -> Window | None:
    if award.publicity_from is None or award.publicity_until is None:
        return None
    return Window(award.publicity_from, award.publicity_until)


def _adjustments(award: Round) -> list[Adjustment]:
    rows = Adjustment.objects.filter(round=award).select_related("unit", "made_by")
    return list(rows.order_by("unit__order", "pk"))


@dataclass(frozen=True, slots=True)
class MarkSheet:
    """What the form of marks stands on: who is marked by which criteria, and what was given."""

    criteria: Sequence[Criterion]
    units: Sequence[Unit]
    marks: Sequence[Mark]


def mark_sheet(award: Round) -> MarkSheet:
    """Three queries."""
    return MarkSheet(
        criteria=list(award.scheme.criteria.filter(basis=Basis.MARK).order_by("order")),
        units=list(award.scheme.group.units.filter(is_active=True).order_by("order", "code")),
        marks=list(Mark.objects.filter(round=award)),
    )


def rounds_by_scheme(codes: Sequence[str]) -> Mapping[str, Sequence[Round]]:
    """The rounds under each code, the latest first. One query."""
    found: dict[str, list[Round]] = {code: [] for code in codes}
    rows = Round.objects.filter(scheme__code__in=codes).select_related("scheme")
    for one in rows.order_by("-ends_on", "-starts_on"):
        found[one.scheme.code].append(one)
    return found
