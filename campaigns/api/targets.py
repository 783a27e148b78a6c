"""Targets with their trajectories: everybody reads them, who manages writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ValidationError

from campaigns.api.keys import ActionFilter, CampaignFilter, IndicatorField, IndicatorFilter, UnitFilter
from campaigns.models import Target
from campaigns.models.indicators import FIGURE
from campaigns.operations.trajectories import replace_trajectory
from campaigns.queries.target_rules import NOT_BETWEEN, lies_between, wrong_with_target
from units.api.filters import ApiFilterSet, BooleanFilter, WordFilter
from units.api.serializers import ApiSerializer, DayField, FigureField, Strict, UnitField, refusal
from units.api.viewsets import WriteViewSet
from units.operations.changes import Touched
from units.permissions import can_manage_campaigns

TWICE = gettext_lazy("This day stands twice.")


class TrajectorySerializer(Strict):
    on = DayField()
    value = FigureField(**FIGURE)


class TargetSerializer(ApiSerializer):
    indicator = IndicatorField()
    unit = UnitField(allow_null=True, help_text=gettext_lazy("Null: the target of the city itself."))
    trajectory = TrajectorySerializer(many=True, required=False, max_length=1000)  # type: ignore[call-arg]  # of many

    class Meta:
        model = Target
        fields = (
            "id",
            "indicator",
            "unit",
            "baseline",
            "baseline_on",
            "target",
            "target_on",
            "confirmed_as",
            "trajectory",
            "scope_note_en",
            "scope_note_zh",
            "source",
            "version",
            "updated_at",
        )
        fixed_once_made = ("indicator", "unit")
        example = {
            "id": 21,
            "indicator": "exports",
            "unit": "tongxiang",
            "baseline": "0.0000",
            "baseline_on": None,
            "target": "200.0000",
            "target_on": None,
            "confirmed_as": "",
            "trajectory": [{"on": "2022-07-31", "value": "50.0000"}, {"on": "2022-08-31", "value": "110.0000"}],
            "scope_note_en": "",
            "scope_note_zh": "",
            "source": "article",
            "version": 1,
            "updated_at": "2022-07-12T09:00:00+08:00",
        }

    def validate_trajectory(self, points: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        days = [point["on"] for point in points]
        again = [place for place, day in enumerate(days) if day in days[:place]]
        if again:
            raise ValidationError({str(place): {"on": [refusal(TWICE, "repeated")]} for place in again})
        return points


class TargetFilters(ApiFilterSet):
    campaign = CampaignFilter(field_name="indicator__action__campaign")
    action = ActionFilter(field_name="indicator__action")
    lead = UnitFilter(field_name="indicator__action__lead")
    indicator = IndicatorFilter()
    unit = UnitFilter()
    is_of_city = BooleanFilter(field_name="unit", lookup_expr="isnull")
    confirmed_as = WordFilter([one for one in Target.ConfirmedAs.choices if one[0]])

    class Meta:
        model = Target
        fields = ("campaign", "action", "lead", "indicator", "unit", "is_of_city", "confirmed_as")


class TargetViewSet(WriteViewSet):
    """From which figure to which, for one indicator and unit. `trajectory` is written as a whole; a target against
    the indicator's direction must be confirmed as a floor or a ceiling."""

    queryset = Target.objects.select_related("indicator__action__campaign", "unit").prefetch_related("trajectory")
    serializer_class = TargetSerializer
    filterset_class = TargetFilters
    ordering = ("indicator__code", "unit__order", "id")
    ordering_fields = {
        "indicator": "indicator__code",
        "unit": "unit__order",
        "baseline": "baseline",
        "target": "target",
        "target_on": "target_on",
        "updated_at": "updated_at",
        "id": "id",
    }
    is_for_all = True
    may_write = can_manage_campaigns
    rules = wrong_with_target
    parts = ("trajectory",)

    def save_parts(self, row: Target, values: Mapping[str, Any]) -> Iterable[Touched]:
        if "trajectory" not in values:
            _must_hold_its_points(row)
            return ()
        points = {point["on"]: point["value"] for point in values["trajectory"]}
        outside = _outside(row, list(points))
        if outside:
            raise ValidationError({"trajectory": outside})
        return replace_trajectory(target=row, points=points)


def _outside(target: Target, days: Sequence[date]) -> dict[str, Any]:
    """What is wrong with the points of these days, by their place in the list."""
    wrong = [place for place, day in enumerate(days) if not lies_between(target, day)]
    return {str(place): {"on": [refusal(NOT_BETWEEN, "rule")]} for place in wrong}


def _must_hold_its_points(target: Target) -> None:
    """Where the days of the target move, the points that stay must still lie between them."""
    days = [point.on for point in target.trajectory.all()]
    lost = [day for day in days if not lies_between(target, day)]
    if lost:
        told = _("Its planned figure on %(day)s would no longer lie between baseline and target: send the trajectory.")
        raise ValidationError({"trajectory": [refusal(told % {"day": lost[0]}, "rule")]})
