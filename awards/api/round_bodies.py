"""Bodies of the steps of a round, and the answers that are computed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from awards.models import Adjustment, Appeal, Criterion, Round, Scheme
from awards.models.rounds import POINTS
from awards.queries.what_if import Changes
from campaigns.api.keys import PeriodField
from units.api.serializers import (
    ApiSerializer,
    DayField,
    FigureField,
    FlagField,
    KeyField,
    Reason,
    Strict,
    TextField,
    UnitField,
    WholeNumberField,
    WordField,
    refusal,
)

MOST_ROWS = 10_000
LARGEST_ID = 2**63 - 1


class OrderOfCriterion(WholeNumberField):
    """A criterion by its order in the scheme."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=32767, **kwargs)


class IdField(WholeNumberField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


class ActiveSchemeField(KeyField):
    """A scheme by its code: the edition in force."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(parts=("code",), queryset=Scheme.objects.filter(is_active=True), **kwargs)


# --- opening and computing --------------------------------------------------------------------------------------------


class NewRound(Strict):
    """A round of the active edition of a scheme, on the figures of one period."""

    scheme = ActiveSchemeField()
    period = PeriodField()
    name_en = TextField(max_length=120)
    name_zh = TextField(max_length=60)
    starts_on = DayField(required=False)
    ends_on = DayField(required=False)


class OneMark(Strict):
    criterion = OrderOfCriterion()
    unit = UnitField()
    value = FigureField(max_digits=5, decimal_places=2, allow_null=True)
    note = TextField(max_length=500, required=False, allow_blank=True, default="")


class GivenMarks(Strict):
    """Marks given by hand; what is not named stays."""

    marks = OneMark(many=True, max_length=MOST_ROWS)  # type: ignore[call-arg]  # of many


class PublicityDays(Strict):
    """First and last day; without them from today on, for as long as the scheme says."""

    starts_on = DayField(required=False)
    ends_on = DayField(required=False)


# --- bonus, penalty, veto ---------------------------------------------------------------------------------------------


class Evidence(Reason):
    """What is put on a unit, with its evidence in words."""

    unit = UnitField()
    evidence_note = TextField(max_length=300, help_text=gettext_lazy("Where the evidence is."))


class Points(Evidence):
    kind = WordField(choices=[one for one in Adjustment.Kind.choices if one[0] != Adjustment.Kind.VETO])
    points = FigureField(**POINTS)


class TakenBack(Reason):
    adjustment = IdField()


# --- appeals ----------------------------------------------------------------------------------------------------------


class NewAppeal(Strict):
    unit = UnitField()
    text = TextField(max_length=4000)


class AppealAnswer(Strict):
    appeal = IdField()
    answer = TextField(max_length=4000)
    is_upheld = FlagField()
    sends_back = FlagField(required=False, default=False)


class AppealSerializer(ApiSerializer):
    unit = UnitField(read_only=True)

    class Meta:
        model = Appeal
        fields = ("id", "unit", "made_at", "text", "answer", "is_upheld", "answered_at")
        read_only_fields = fields
        example = {
            "id": 1,
            "unit": "tongxiang",
            "made_at": "2022-07-21T10:00:00+08:00",
            "text": "The foreign capital of June is counted without the last transfer.",
            "answer": "The transfer arrived on 2 July and counts for the second half.",
            "is_upheld": False,
            "answered_at": "2022-07-22T15:00:00+08:00",
        }


class RoundAppealsSerializer(ApiSerializer):
    appeals = serializers.SerializerMethodField()

    class Meta:
        model = Round
        fields = ("id", "state", "appeals", "version")
        read_only_fields = fields
        example = {"id": 2, "state": "in_publicity", "appeals": [AppealSerializer.Meta.example], "version": 5}

    @extend_schema_field(AppealSerializer(many=True))
    def get_appeals(self, award: Any) -> Any:
        return AppealSerializer(award.seen_appeals, many=True).data


# --- deciding ---------------------------------------------------------------------------------------------------------


class OfUnit(Reason):
    unit = UnitField()


class DecisionBody(OfUnit):
    """Another score, or whether the unit wins: one of the two."""

    score = FigureField(required=False, **POINTS)
    is_winner = FlagField(required=False)

    def validate(self, attrs: Any) -> Any:
        if ("score" in attrs) == ("is_winner" in attrs):
            raise ValidationError({"score": [refusal(_("Decide a score, or who wins."), "required")]})
        return attrs


class DecisionRow(Strict):
    """Another score, whether the unit wins, or both."""

    unit = UnitField()
    score = FigureField(required=False, allow_null=True, **POINTS)
    is_winner = FlagField(required=False, allow_null=True)


class AdjustmentRow(Strict):
    """A bonus or penalty with its points, a veto without."""

    unit = UnitField()
    kind = WordField(choices=Adjustment.Kind.choices)
    points = FigureField(required=False, default=Decimal(0), **POINTS)
    reason = TextField(max_length=2000)
    evidence_note = TextField(max_length=300)


class Revision(Reason):
    """What changes after the announcement: the figures of now, further adjustments, decisions."""

    recompute = FlagField(required=False, default=False)
    adjustments = AdjustmentRow(many=True, required=False, default=list, max_length=100)  # type: ignore[call-arg]
    decisions = DecisionRow(many=True, required=False, default=list, max_length=100)  # type: ignore[call-arg]


# --- reading and trying -----------------------------------------------------------------------------------------------


class SnapshotQuery(Strict):
    version = serializers.IntegerField(
        required=False, min_value=1, max_value=32767, help_text=gettext_lazy("Else the newest.")
    )


class TriedWeight(Strict):
    criterion = OrderOfCriterion()
    weight = FigureField(max_digits=5, decimal_places=2)


class TriedMethod(Strict):
    criterion = OrderOfCriterion()
    method = WordField(choices=Criterion.Method.choices)
    parameters = serializers.DictField(required=False, default=dict)


class TriedRules(Strict):
    """What is tried; everything else is as the scheme has it. The weights must still add to 100."""

    weights = TriedWeight(many=True, required=False, default=list, max_length=100)  # type: ignore[call-arg]
    methods = TriedMethod(many=True, required=False, default=list, max_length=100)  # type: ignore[call-arg]
    flags = WholeNumberField(required=False, min_value=1, max_value=32767)
    minimum_score = FigureField(required=False, max_digits=6, decimal_places=2)
    tie_rule = WordField(required=False, choices=Scheme.TieRule.choices)


def changes_from(given: Mapping[str, Any]) -> Changes:
    return Changes(
        weights={one["criterion"]: one["weight"] for one in given["weights"]},
        methods={one["criterion"]: (one["method"], one["parameters"]) for one in given["methods"]},
        flags=given.get("flags"),
        minimum_score=given.get("minimum_score"),
        tie_rule=given.get("tie_rule"),
    )


class WhatIfRowSerializer(Strict):
    unit = serializers.CharField()
    score = serializers.CharField()
    rank = serializers.IntegerField(allow_null=True)
    is_winner = serializers.BooleanField()
    score_now = serializers.CharField(allow_null=True)
    rank_now = serializers.IntegerField(allow_null=True)
    is_winner_now = serializers.BooleanField()


class WhatIfSerializer(Strict):
    """How the units would stand, beside as they stand."""

    winners = serializers.ListField(child=serializers.CharField())
    rows = WhatIfRowSerializer(many=True)

    class Meta:
        example = {
            "winners": ["tongxiang"],
            "rows": [
                {
                    "unit": "tongxiang",
                    "score": "96.84",
                    "rank": 1,
                    "is_winner": True,
                    "score_now": "95.10",
                    "rank_now": 2,
                    "is_winner_now": True,
                }
            ],
        }
