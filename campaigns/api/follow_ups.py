"""Follow-up items: what is to be done, by whom and by when, and how it stands on the business day. Read only."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from campaigns.api.keys import CampaignField, CampaignFilter, UnitFilter
from campaigns.domain.follow_up_life import Urgency
from campaigns.models import FollowUp, Meeting
from campaigns.queries.follow_ups import of_urgency, urgency_of
from units.api.filters import ApiFilterSet, BooleanFilter, DayFilter, KeyFilter, WordFilter
from units.api.serializers import ApiSerializer, KeysField, UnitField
from units.api.viewsets import ReadViewSet
from units.models import Unit

URGENCIES = [(one.value, one.value) for one in Urgency]


class FollowUpSerializer(ApiSerializer):
    campaign = CampaignField(read_only=True)
    meeting: Any = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)
    agenda_item: Any = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)
    minutes_item: Any = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)
    requirement: Any = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)
    warning: Any = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)
    lead = UnitField(read_only=True)
    supporting = KeysField(child=UnitField(read_only=True), read_only=True)
    urgency = serializers.SerializerMethodField(
        help_text=_("Against its due date: overdue is red, returned and behind yellow, near (three days) blue.")
    )

    class Meta:
        model = FollowUp
        fields = (
            "id",
            "number",
            "campaign",
            "title_en",
            "title_zh",
            "text",
            "origin",
            "meeting",
            "agenda_item",
            "minutes_item",
            "requirement",
            "warning",
            "lead",
            "supporting",
            "registered_on",
            "due_on",
            "state",
            "urgency",
            "closed_on",
            "source",
            "version",
            "updated_at",
        )
        read_only_fields = fields
        example = {
            "id": 9,
            "number": "2022-014",
            "campaign": "hundred-days",
            "title_en": "Move the power line",
            "title_zh": "电力线路迁改",
            "text": "",
            "origin": "meeting",
            "meeting": 4,
            "agenda_item": 31,
            "minutes_item": None,
            "requirement": None,
            "warning": None,
            "lead": "tongxiang",
            "supporting": ["transport"],
            "registered_on": "2022-08-29",
            "due_on": "2022-09-30",
            "state": "in_hand",
            "urgency": "in_time",
            "closed_on": None,
            "source": "entered",
            "version": 4,
            "updated_at": "2022-09-01T10:00:00+08:00",
        }

    def get_urgency(self, follow_up: FollowUp) -> Urgency:
        return urgency_of(follow_up, self.context["view"].today)


@extend_schema_field({"type": "string"})
class TaskedUnitFilter(UnitFilter):
    """By a unit that leads or supports."""

    def filter(self, queryset: Any, value: Any) -> Any:
        if value is None:
            return queryset
        return queryset.filter(Q(lead=value) | Q(pk__in=value.supported_follow_ups.values("pk")))


@extend_schema_field({"type": "integer", "minimum": 0})
class MeetingFilter(KeyFilter):
    """By the id of a meeting."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Meeting.objects.all(), key="pk", **kwargs)


class FollowUpFilters(ApiFilterSet):
    campaign = CampaignFilter()
    lead = UnitFilter()
    unit = TaskedUnitFilter(help_text=_("Lead or supporting."))
    meeting = MeetingFilter()
    origin = WordFilter(FollowUp.Origin)
    state = WordFilter(FollowUp.State)
    urgency = WordFilter(URGENCIES, method="of_urgency")
    is_overdue = BooleanFilter(method="of_time")
    due_until = DayFilter(field_name="due_on", lookup_expr="lte")

    class Meta:
        model = FollowUp
        fields = ("campaign", "lead", "unit", "meeting", "origin", "state", "urgency", "is_overdue", "due_until")

    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today or date.max

    def of_urgency(self, rows: Any, name: str, asked: str) -> QuerySet:
        return of_urgency(rows, Urgency(asked), self.today)

    def of_time(self, rows: Any, name: str, is_overdue: bool) -> QuerySet:
        overdue = of_urgency(rows, Urgency.OVERDUE, self.today)
        return overdue if is_overdue else rows.exclude(pk__in=overdue.order_by().values("pk"))


class FollowUpViewSet(ReadViewSet):
    """Follow-up items, for the units that lead or support them, the office and leaders."""

    queryset = FollowUp.objects.select_related("campaign", "lead").prefetch_related(
        Prefetch("supporting", Unit.objects.order_by("order", "code"))
    )
    serializer_class = FollowUpSerializer
    filterset_class = FollowUpFilters
    ordering = ("due_on", "number")
    ordering_fields = ("number", "due_on", "registered_on", "state", "updated_at")

    def filterset_kwargs(self, request: Request) -> dict[str, Any]:
        return {"today": self.today}
