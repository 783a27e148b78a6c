"""The scores of a round as the API tells them: every step of each sum, with the reports and figures it was made of."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from awards.models import Adjustment, Round, Score, ScoreLine
from units.api.serializers import ApiSerializer, UnitField


class ScoreLineSerializer(ApiSerializer):
    criterion = serializers.IntegerField(source="criterion.order", read_only=True)
    working = serializers.DictField(read_only=True)

    class Meta:
        model = ScoreLine
        fields = ("criterion", "figure", "working", "points")
        read_only_fields = fields
        example = {
            "criterion": 1,
            "figure": "104.200000",
            "working": {
                "figure": "521/5",
                "share": "521/5",
                "points": "521/25",
                "place": 1,
                "is_missing": False,
                "from": {"report": 31, "measurement": 55, "version": 1, "value": "104.20", "is_corrected": False},
            },
            "points": "20.8400",
        }


class AdjustmentSerializer(ApiSerializer):
    class Meta:
        model = Adjustment
        fields = ("id", "kind", "points", "reason", "evidence_note")
        read_only_fields = fields
        example = {
            "id": 3,
            "kind": "bonus",
            "points": "1.0000",
            "reason": "A model project",
            "evidence_note": "Notice 12",
        }


class ScoreSerializer(ApiSerializer):
    unit = UnitField(read_only=True)
    lines = ScoreLineSerializer(many=True, read_only=True)
    adjustments = serializers.SerializerMethodField()
    failed_gate = serializers.IntegerField(source="failed_gate.order", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Score
        fields = (
            "unit",
            "computed_score",
            "computed_rank",
            "decided_score",
            "decided_winner",
            "decided_reason",
            "rank",
            "bonus",
            "penalty",
            "failed_gate",
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
            "decided_winner": None,
            "decided_reason": "",
            "rank": 1,
            "bonus": "1.0000",
            "penalty": "0.0000",
            "failed_gate": None,
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
