"""Award rounds: their steps, and their scores with every step of the sum, for whoever may see those."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from awards.api.round_bodies import (
    AppealAnswer,
    DecisionBody,
    Evidence,
    GivenMarks,
    NewAppeal,
    NewRound,
    OfUnit,
    Points,
    PublicityDays,
    Revision,
    RoundAppealsSerializer,
    SnapshotQuery,
    TakenBack,
    TriedRules,
    WhatIfSerializer,
    changes_from,
)
from awards.api.scheme_bodies import by_place
from awards.api.schemes import SchemeCodeFilter, SchemeField
from awards.api.scores import RoundScoresSerializer
from awards.domain.intervals import Interval, stretch
from awards.domain.round_life import RoundVerb
from awards.models import Adjustment, Round
from awards.operations.adjustments import NewAdjustment, adjust_round, withdraw_adjustment
from awards.operations.announcements import NewDecision, announce_round, revise_announced
from awards.operations.appeals import answer_appeal, file_appeal
from awards.operations.decisions import decide_score, decide_winner, withdraw_decision
from awards.operations.marks import GivenMark, save_marks
from awards.operations.round_steps import scored_units
from awards.operations.rounds import compute_round, open_round, publicise_round, review_round
from awards.permissions import can_open_rounds, can_try_schemes, may_ever_on_round
from awards.queries.rounds import appeals_of, load_scores, may_see_scores, snapshot_file, snapshot_of
from awards.queries.what_if import what_if_round
from awards.refusals import WrongScheme
from campaigns.api.keys import CampaignFilter, PeriodField, PeriodFilter
from units.api.filters import ApiFilterSet, WordFilter
from units.api.serializers import ApiSerializer
from units.api.viewsets import NOT_YOURS, ReadViewSet, Scope, transition
from units.models import Unit

STEPS = {
    "marks": RoundVerb.MARK,
    "compute": RoundVerb.COMPUTE,
    "review": RoundVerb.REVIEW,
    "publicise": RoundVerb.PUBLICISE,
    "adjust": RoundVerb.ADJUST,
    "veto": RoundVerb.ADJUST,
    "withdraw_adjustment": RoundVerb.ADJUST,
    "appeals": RoundVerb.APPEAL,
    "answer_appeal": RoundVerb.ANSWER,
    "decide": RoundVerb.DECIDE,
    "withdraw_decision": RoundVerb.DECIDE,
    "announce": RoundVerb.ANNOUNCE,
    "revise": RoundVerb.REVISE,
}
"""By the name of the action."""


class RoundSerializer(ApiSerializer):
    scheme = SchemeField()
    period = PeriodField(read_only=True, allow_null=True)
    meeting: Any = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)
    agenda_item: Any = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)

    class Meta:
        model = Round
        fields = (
            "id",
            "scheme",
            "name_en",
            "name_zh",
            "starts_on",
            "ends_on",
            "period",
            "state",
            "publicity_from",
            "publicity_until",
            "announced_on",
            "formula",
            "computed_at",
            "meeting",
            "agenda_item",
            "source",
            "version",
            "updated_at",
        )
        read_only_fields = fields
        example = {
            "id": 2,
            "scheme": "red-flag/1",
            "name_en": "First half of 2022",
            "name_zh": "2022年上半年",
            "starts_on": "2022-01-01",
            "ends_on": "2022-06-30",
            "period": "mutual-learning-2022/2022-06",
            "state": "announced",
            "publicity_from": "2022-07-20",
            "publicity_until": "2022-07-22",
            "announced_on": "2022-07-27",
            "formula": "1",
            "computed_at": "2022-07-15T09:00:00+08:00",
            "meeting": 1,
            "agenda_item": 12,
            "source": "article",
            "version": 5,
            "updated_at": "2022-07-27T12:00:00+08:00",
        }


class RoundFilters(ApiFilterSet):
    campaign = CampaignFilter(field_name="scheme__campaign")
    period = PeriodFilter()
    scheme = SchemeCodeFilter(field_name="scheme__code")
    state = WordFilter(Round.State)

    class Meta:
        model = Round
        fields = ("campaign", "period", "scheme", "state")


class RoundViewSet(ReadViewSet):
    """One award of a scheme for a stretch of time. Everybody knows of the rounds; their scores are for all from the
    publicity period on, before that for office, leaders and administrators.

    The office computes, reviews, puts into publicity, adds bonus, penalty and veto, and answers appeals; people of a
    scored unit appeal; an administrator decides otherwise, announces, and revises what was announced. Client systems
    open rounds and read them, and take no other step.
    """

    queryset = Round.objects.select_related("scheme", "period__campaign")
    serializer_class = RoundSerializer
    filterset_class = RoundFilters
    ordering = ("-ends_on",)
    ordering_fields = ("starts_on", "ends_on", "announced_on", "state", "updated_at")
    is_for_all = True

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if self.action == "create" and not can_open_rounds(self.person):
            raise PermissionDenied(NOT_YOURS)
        if self.action == "what_if" and not can_try_schemes(self.person):
            raise PermissionDenied(NOT_YOURS)

    def required_scope(self) -> str:
        return Scope.READ if self.action == "list_appeals" else super().required_scope()

    def get_serializer_class(self) -> Any:
        return RoundAppealsSerializer if self.action == "list_appeals" else super().get_serializer_class()

    def check_object_permissions(self, request: Request, obj: Round) -> None:
        """What this caller may never do is told first, whatever version or state the round is in."""
        super().check_object_permissions(request, obj)
        verb = STEPS.get(self.action)
        if verb is None:
            return
        scored = scored_units(obj) if verb == RoundVerb.APPEAL else ()
        if self.actor.is_service or not may_ever_on_round(self.person, verb, scored):
            raise PermissionDenied(NOT_YOURS)

    # --- reading ---

    @action(detail=True, serializer_class=RoundScoresSerializer)
    def scores(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The scores by rank, each with every step of its sum; `criterion` is the order of one in the scheme."""
        row = self.get_object()
        if not may_see_scores(row, self.person):
            raise Http404
        load_scores(row)
        return self.answer(row)

    @extend_schema(parameters=[SnapshotQuery], responses={(200, "application/json"): OpenApiTypes.OBJECT})
    @action(detail=True, query_class=SnapshotQuery)
    def snapshot(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the announcement froze, with its `digest`: the SHA-256 of the canonical form without that key.
        `docs/verify_round.py` computes digest, scores, ranks and winners again from this answer alone."""
        row, asked = self.get_object(), self.asked().get("version")
        snapshot = snapshot_of(row, asked)
        if snapshot is None:
            raise Http404(_("There is no such snapshot."))
        return HttpResponse(snapshot_file(snapshot), content_type="application/json")

    # --- the office ---

    @extend_schema(request=NewRound, responses={201: RoundSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Opens a round of the active edition of a scheme. Without days: those that the scheme's interval ends with the
        period."""
        given = self.given(NewRound)
        scheme = given.pop("scheme")
        starts_on, ends_on = stretch(Interval(scheme.interval), given["period"].calendar_month)
        days = {"starts_on": given.pop("starts_on", starts_on), "ends_on": given.pop("ends_on", ends_on)}
        award = open_round(scheme=scheme, actor=self.actor, now=self.now, **days, **given)
        place = self.reverse_action("detail", kwargs={"id": award.pk})
        return self.answer(self.shown(award.pk), status.HTTP_201_CREATED, {"Location": place})

    create.body_class = NewRound  # type: ignore[attr-defined]  # the schema reads it

    def _common(self, award: Round) -> dict[str, Any]:
        return {"round_id": award.pk, "actor": self.actor, "now": self.now, "version": self.seen_version}

    @transition(scope=Scope.MANAGE, body=GivenMarks)
    def marks(self, award: Round, marks: list[dict[str, Any]]) -> Round:
        """Gives marks by hand, from 0 to 100; null takes one away. For the office."""
        given = {(one["criterion"], one["unit"].code): GivenMark(one["value"], one["note"]) for one in marks}
        return save_marks(**self._common(award), marks=given)

    @transition(scope=Scope.MANAGE)
    def compute(self, award: Round) -> Round:
        """Computes every score from the figures of now; from the same figures nothing changes. For the office."""
        return compute_round(**self._common(award))

    @transition(scope=Scope.MANAGE)
    def review(self, award: Round) -> Round:
        """The office has looked through the scores."""
        return review_round(**self._common(award))

    @transition(scope=Scope.MANAGE, body=PublicityDays)
    def publicise(self, award: Round, starts_on: date | None = None, ends_on: date | None = None) -> Round:
        """Puts the scores before everybody for the working days that the scheme asks for. For the office."""
        return publicise_round(**self._common(award), starts_on=starts_on, ends_on=ends_on)

    @transition(scope=Scope.MANAGE, body=Points)
    def adjust(self, award: Round, **given: Any) -> Round:
        """Adds a bonus or a penalty with its evidence; a round in publicity goes back to computed. For the office."""
        return adjust_round(**self._common(award), adjustment=NewAdjustment(**given))

    @transition(scope=Scope.MANAGE, body=Evidence)
    def veto(self, award: Round, **given: Any) -> Round:
        """Keeps a unit out, whatever its score; a round in publicity goes back to computed. For the office."""
        return adjust_round(**self._common(award), adjustment=NewAdjustment(kind=Adjustment.Kind.VETO, **given))

    @transition(scope=Scope.MANAGE, body=TakenBack)
    def withdraw_adjustment(self, award: Round, adjustment: int, reason: str) -> Round:
        """Takes a bonus, penalty or veto back. For the office."""
        return withdraw_adjustment(**self._common(award), adjustment_id=adjustment, reason=reason)

    # --- appeals ---

    @transition(scope=Scope.MANAGE, body=NewAppeal)
    def appeals(self, award: Round, unit: Unit, text: str) -> Round:
        """Objects for a scored unit, in the publicity period. For its head and reporters."""
        return file_appeal(**self._common(award), unit=unit, text=text).round

    @extend_schema(responses={200: RoundAppealsSerializer})
    @appeals.mapping.get
    def list_appeals(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The appeals against a round with their answers: the own unit's, all for office, leaders, administrators."""
        row = self.get_object()
        row.seen_appeals = appeals_of(row, self.person)
        return self.answer(row)

    @transition(scope=Scope.MANAGE, body=AppealAnswer)
    def answer_appeal(self, award: Round, appeal: int, **given: Any) -> Round:
        """Answers in writing; an appeal that is upheld may send the round back to computed. For the office."""
        return answer_appeal(**self._common(award), appeal_id=appeal, **given).round

    # --- administrators ---

    @transition(scope=Scope.MANAGE, body=DecisionBody)
    def decide(self, award: Round, unit: Unit, reason: str, **given: Any) -> Round:
        """Gives a unit another score, or says whether it wins; the computed one stays beside it. One of the two."""
        common = {**self._common(award), "unit": unit, "reason": reason}
        if "score" in given:
            return decide_score(**common, score=given["score"])
        return decide_winner(**common, is_winner=given["is_winner"])

    @transition(scope=Scope.MANAGE, body=OfUnit)
    def withdraw_decision(self, award: Round, unit: Unit, reason: str) -> Round:
        """What was computed of the unit stands again. For administrators."""
        return withdraw_decision(**self._common(award), unit=unit, reason=reason)

    @transition(scope=Scope.MANAGE)
    def announce(self, award: Round) -> Round:
        """Freezes the result in a snapshot and moves the flag. For administrators, once the publicity is over."""
        return announce_round(**self._common(award))

    @transition(scope=Scope.MANAGE, body=Revision)
    def revise(self, award: Round, **given: Any) -> Round:
        """Changes an announced round: a new snapshot with the reason beside the old ones. For administrators."""
        adjustments = [NewAdjustment(**one) for one in given.pop("adjustments")]
        decisions = [NewDecision(**one) for one in given.pop("decisions")]
        return revise_announced(**self._common(award), adjustments=adjustments, decisions=decisions, **given)

    # --- trying ---

    @extend_schema(request=TriedRules, responses={200: WhatIfSerializer})
    @action(detail=True, methods=["post"], url_path="what-if", scope=Scope.MANAGE)
    def what_if(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who would win under other weights, methods, flags or ties; nothing is saved. For office, administrators."""
        try:
            found = what_if_round(self.get_object(), changes_from(self.given(TriedRules)))
        except WrongScheme as wrong:
            raise ValidationError(by_place(wrong)) from wrong
        return Response(WhatIfSerializer({"winners": found.winners, "rows": found.rows}).data)

    what_if.body_class = TriedRules  # type: ignore[attr-defined]  # the schema reads it
