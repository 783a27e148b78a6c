"""Award rounds, and their scores with every step of the sum, for whoever may see those."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from awards.api.schemes import SchemeCodeFilter, SchemeField
from awards.models import Adjustment, Round, Score, ScoreLine
from awards.queries.rounds import load_scores, may_see_scores
from campaigns.api.keys import CampaignFilter, PeriodField, PeriodFilter
from units.api.filters import ApiFilterSet, WordFilter
from units.api.serializers import ApiSerializer, UnitField
from units.api.viewsets import ReadViewSet


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
            "meeting": 1,
            "agenda_item": 12,
            "source": "article",
            "version": 5,
            "updated_at": "2022-07-27T12:00:00+08:00",
        }


class ScoreLineSerializer(ApiSerializer):
    criterion = serializers.IntegerField(source="criterion.order", read_only=True)
    working = serializers.DictField(read_only=True)

    class Meta:
        model = ScoreLine
        fields = ("criterion", "figure", "working", "points")
        read_only_fields = fields
        example = {"criterion": 1, "figure": "104.200000", "working": {"step": "1"}, "points": "20.8000"}


class AdjustmentSerializer(ApiSerializer):
    class Meta:
        model = Adjustment
        fields = ("kind", "points", "reason", "evidence_note")
        read_only_fields = fields
        example = {"kind": "bonus", "points": "1.0000", "reason": "A model project", "evidence_note": "Notice 12"}


class ScoreSerializer(ApiSerializer):
    unit = UnitField(read_only=True)
    lines = ScoreLineSerializer(many=True, read_only=True)
    adjustments = serializers.SerializerMethodField()

    class Meta:
        model = Score
        fields = (
            "unit",
            "computed_score",
            "computed_rank",
            "decided_score",
            "decided_reason",
            "is_vetoed",
            "is_computed_winner",
            "is_winner",
            "lines",
            "adjustments",
            "source",
        )
        read_only_fields = fields
        example = {
            "unit": "tongxiang",
            "computed_score": "96.2000",
            "computed_rank": 1,
            "decided_score": None,
            "decided_reason": "",
            "is_vetoed": False,
            "is_computed_winner": True,
            "is_winner": True,
            "lines": [ScoreLineSerializer.Meta.example],
            "adjustments": [AdjustmentSerializer.Meta.example],
            "source": "sample",
        }

    @extend_schema_field(AdjustmentSerializer(many=True))
    def get_adjustments(self, score: Score) -> Any:
        own = [one for one in score.round.adjustments.all() if one.unit_id == score.unit_id]
        return AdjustmentSerializer(own, many=True).data


class RoundScoresSerializer(ApiSerializer):
    scores = ScoreSerializer(many=True, read_only=True)

    class Meta:
        model = Round
        fields = ("id", "state", "scores", "version")
        read_only_fields = fields
        example = {"id": 2, "state": "announced", "scores": [ScoreSerializer.Meta.example], "version": 5}


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
    publicity period on, before that for office, leaders and administrators."""

    queryset = Round.objects.select_related("scheme", "period__campaign")
    serializer_class = RoundSerializer
    filterset_class = RoundFilters
    ordering = ("-ends_on",)
    ordering_fields = ("starts_on", "ends_on", "announced_on", "state", "updated_at")
    is_for_all = True

    @action(detail=True, serializer_class=RoundScoresSerializer)
    def scores(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The scores by rank, each with every step of its sum; `criterion` is the order of one in the scheme."""
        row = self.get_object()
        if not may_see_scores(row, self.person):
            raise Http404
        load_scores(row)
        return self.answer(row)
