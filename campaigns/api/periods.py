"""Periods: everybody reads them; the office, or who manages, closes them early and publishes them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from rest_framework.request import Request

from campaigns.api.keys import CampaignField, CampaignFilter, PeriodFilter
from campaigns.models import Period
from campaigns.operations.periods import close_period, publish_period
from campaigns.permissions import can_run_periods
from units.api.filters import ApiFilterSet, DayFilter, WordFilter
from units.api.routers import MONTH, SLUG
from units.api.serializers import ApiSerializer
from units.api.viewsets import NOT_YOURS, ReadViewSet, Scope, transition


class PeriodSerializer(ApiSerializer):
    campaign = CampaignField(read_only=True)

    class Meta:
        model = Period
        fields = (
            "campaign",
            "month",
            "state",
            "starts_on",
            "ends_on",
            "opens_at",
            "due_at",
            "closes_at",
            "closed_at",
            "published_at",
            "source",
            "version",
            "updated_at",
        )
        read_only_fields = fields
        example = {
            "campaign": "hundred-days",
            "month": "2022-07",
            "state": "published",
            "starts_on": "2022-07-12",
            "ends_on": "2022-07-31",
            "opens_at": "2022-07-25T00:00:00+08:00",
            "due_at": "2022-08-05T18:00:00+08:00",
            "closes_at": "2022-08-12T18:00:00+08:00",
            "closed_at": "2022-08-12T18:00:00+08:00",
            "published_at": "2022-08-16T09:00:00+08:00",
            "source": "entered",
            "version": 4,
            "updated_at": "2022-08-16T09:00:00+08:00",
        }


class PeriodFilters(ApiFilterSet):
    campaign = CampaignFilter()
    period = PeriodFilter(field_name="pk")
    state = WordFilter(Period.State)
    on = DayFilter(method="with_day")

    class Meta:
        model = Period
        fields = ("campaign", "period", "state", "on")

    def with_day(self, queryset: QuerySet[Period], name: str, day: Any) -> QuerySet[Period]:
        """Those that the day lies in."""
        return queryset.filter(starts_on__lte=day, ends_on__gte=day)


class PeriodViewSet(ReadViewSet):
    """The months of campaigns. They are made with their campaign, opened and closed by the business clock."""

    queryset = Period.objects.select_related("campaign")
    serializer_class = PeriodSerializer
    filterset_class = PeriodFilters
    key = {"campaign": ("campaign__slug", SLUG), "month": ("month", MONTH)}
    ordering = ("campaign__slug", "month")
    ordering_fields = {
        "campaign": "campaign__slug",
        "month": "month",
        "due_at": "due_at",
        "updated_at": "updated_at",
    }
    is_for_all = True

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if self.action in ("close", "publish") and not can_run_periods(self.person):
            raise PermissionDenied(NOT_YOURS)

    @transition(scope=Scope.MANAGE)
    def close(self, period: Period) -> Period:
        """Closes an open period before its time: nothing more can be filed for it, unless a report is reopened."""
        return close_period(period=period, actor=self.actor, now=self.now)

    @transition(scope=Scope.MANAGE)
    def publish(self, period: Period) -> Period:
        """Publishes a closed period: its standings are for all, its reports decided for good."""
        return publish_period(period=period, actor=self.actor, now=self.now)
