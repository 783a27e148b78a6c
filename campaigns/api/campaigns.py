"""Campaigns: everybody reads them, who manages writes them; their periods follow."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from campaigns.api.keys import CampaignField, CampaignFilter, UnitFilter
from campaigns.models import Campaign
from campaigns.operations.campaign_days import follow_campaign
from campaigns.queries.campaign_rules import wrong_with_campaign
from units.api.filters import ApiFilterSet, BooleanFilter, DayFilter, WordFilter
from units.api.routers import SLUG
from units.api.serializers import ApiSerializer, UnitField
from units.api.viewsets import NOT_YOURS, WriteViewSet
from units.permissions import can_manage_campaigns


class CampaignSerializer(ApiSerializer):
    office = UnitField()
    follows = CampaignField(required=False, allow_null=True)

    class Meta:
        model = Campaign
        fields = (
            "slug",
            "name_en",
            "name_zh",
            "short_en",
            "short_zh",
            "starts_on",
            "ends_on",
            "office",
            "follows",
            "asks_signature",
            "due_month_offset",
            "due_day",
            "due_hour",
            "closing_working_days",
            "opens_days_before_end",
            "resubmission_working_days",
            "light_method",
            "green_from",
            "yellow_from",
            "green_within",
            "yellow_within",
            "cap",
            "minimum_coverage",
            "source",
            "version",
            "updated_at",
        )
        fixed_once_made = ("slug",)
        example = {
            "slug": "hundred-days",
            "name_en": "A hundred days to overcome difficulties",
            "name_zh": "百日攻坚",
            "short_en": "Hundred days",
            "short_zh": "百日攻坚",
            "starts_on": "2022-07-12",
            "ends_on": "2022-10-19",
            "office": "campaign-office",
            "follows": None,
            "asks_signature": True,
            "due_month_offset": 1,
            "due_day": 5,
            "due_hour": 18,
            "closing_working_days": 5,
            "opens_days_before_end": 7,
            "resubmission_working_days": 2,
            "light_method": "share_of_pace",
            "green_from": "80.00",
            "yellow_from": "60.00",
            "green_within": "10.00",
            "yellow_within": "30.00",
            "cap": "120.00",
            "minimum_coverage": "100.00",
            "source": "article",
            "version": 1,
            "updated_at": "2022-07-12T09:00:00+08:00",
        }


class CampaignFilters(ApiFilterSet):
    office = UnitFilter()
    follows = CampaignFilter()
    on = DayFilter(method="lasting")
    light_method = WordFilter(Campaign.LightMethod)
    asks_signature = BooleanFilter()

    class Meta:
        model = Campaign
        fields = ("office", "follows", "on", "light_method", "asks_signature")

    def lasting(self, queryset: QuerySet[Campaign], name: str, day: Any) -> QuerySet[Campaign]:
        """Those that last on this day."""
        return queryset.filter(starts_on__lte=day, ends_on__gte=day)


class CampaignViewSet(WriteViewSet):
    """What a city does in a fixed number of days. A new one gets its periods; other days or another due rule move
    those that are not closed yet."""

    queryset = Campaign.objects.select_related("office", "follows")
    serializer_class = CampaignSerializer
    filterset_class = CampaignFilters
    key = {"slug": ("slug", SLUG)}
    ordering = ("-starts_on", "slug")
    ordering_fields = ("slug", "starts_on", "ends_on", "name_en", "name_zh", "updated_at")
    is_for_all = True
    may_write = can_manage_campaigns
    rules = wrong_with_campaign

    def after_save(self, row: Campaign, changed_fields: frozenset[str]) -> None:
        follow_campaign(campaign=row, changed_fields=changed_fields, actor=self.actor)

    def before_delete(self, row: Campaign) -> None:
        """The office writes campaigns and takes none away, as in the administration."""
        if not (self.person.is_administrator or self.person.is_manager):
            raise PermissionDenied(NOT_YOURS)
