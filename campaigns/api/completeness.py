"""Which reports of a period are there, for other systems: counted in all, for each unit and for each action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from campaigns.api.computed import EXAMPLE, ComputedSerializer, ComputedViewSet, PercentField
from campaigns.api.keys import ActionField
from campaigns.models import Period
from campaigns.queries.completeness import Completeness, completeness
from units.api.serializers import Strict, UnitField


class ReportCountsSerializer(Strict):
    """Rates are percent of what is expected; null where nothing is."""

    expected = serializers.IntegerField()
    filed = serializers.IntegerField(help_text=_("Submitted with a figure, and not sent back since."))
    on_time = serializers.IntegerField()
    approved = serializers.IntegerField()
    filed_rate = PercentField(allow_null=True)
    on_time_rate = PercentField(allow_null=True)
    approved_rate = PercentField(allow_null=True)


class UnitCountsSerializer(Strict):
    unit = UnitField(read_only=True)
    counts = ReportCountsSerializer()


class ActionCountsSerializer(Strict):
    action = ActionField(read_only=True)
    counts = ReportCountsSerializer()


COUNTS = {
    "expected": 8,
    "filed": 6,
    "on_time": 5,
    "approved": 4,
    "filed_rate": "75.00",
    "on_time_rate": "62.50",
    "approved_rate": "50.00",
}


class CompletenessSerializer(ComputedSerializer):
    due_at = serializers.DateTimeField(source="period.due_at")
    closes_at = serializers.DateTimeField(source="period.closes_at")
    total = ReportCountsSerializer()
    units = UnitCountsSerializer(many=True)
    actions = ActionCountsSerializer(many=True)

    class Meta:
        example = {
            **EXAMPLE,
            "due_at": "2022-09-05T18:00:00+08:00",
            "closes_at": "2022-09-13T18:00:00+08:00",
            "total": COUNTS,
            "units": [{"unit": "tongxiang", "counts": COUNTS}],
            "actions": [{"action": "hundred-days/1", "counts": COUNTS}],
        }


class CompletenessViewSet(ComputedViewSet):
    """How many reports are expected, filed, on time and approved, over those that are disclosed to the caller: before
    publication the own unit's and those of the actions that the caller's department leads."""

    serializer_class = CompletenessSerializer
    table = ("units", "actions")

    def compute(self, period: Period, periods: Sequence[Period], asked: Mapping[str, Any]) -> Completeness:
        return completeness(period, person=self.person, now=self.now)
