"""The actions of campaigns: everybody reads them, who manages writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Prefetch

from campaigns.api.keys import CampaignField, CampaignFilter, UnitFilter
from campaigns.models import Action
from units.api.filters import ApiFilterSet
from units.api.routers import NUMBER, SLUG
from units.api.serializers import ApiSerializer, KeysField, UnitField
from units.api.viewsets import WriteViewSet
from units.models import Unit
from units.operations.changes import Touched
from units.permissions import can_manage_campaigns


class ActionSerializer(ApiSerializer):
    campaign = CampaignField()
    lead = UnitField()
    supporting = KeysField(child=UnitField(), required=False)

    class Meta:
        model = Action
        fields = (
            "campaign",
            "number",
            "name_en",
            "name_zh",
            "short_en",
            "short_zh",
            "weight",
            "lead",
            "supporting",
            "source",
            "version",
            "updated_at",
        )
        fixed_once_made = ("campaign", "number")
        example = {
            "campaign": "hundred-days",
            "number": 1,
            "name_en": "Stable foreign trade",
            "name_zh": "稳外贸",
            "short_en": "Foreign trade",
            "short_zh": "稳外贸",
            "weight": "1.00",
            "lead": "commerce",
            "supporting": ["customs"],
            "source": "article",
            "version": 1,
            "updated_at": "2022-07-12T09:00:00+08:00",
        }


class ActionFilters(ApiFilterSet):
    campaign = CampaignFilter()
    lead = UnitFilter()
    supporting = UnitFilter()
    unit = UnitFilter(field_name="assignments__unit")

    class Meta:
        model = Action
        fields = ("campaign", "lead", "supporting", "unit")


class ActionViewSet(WriteViewSet):
    """The actions of campaigns, each with the unit that leads it; `unit` asks for those that a unit reports on."""

    queryset = Action.objects.select_related("campaign", "lead").prefetch_related(
        Prefetch("supporting", Unit.objects.order_by("order", "code"))
    )
    serializer_class = ActionSerializer
    filterset_class = ActionFilters
    key = {"campaign": ("campaign__slug", SLUG), "number": ("number", NUMBER)}
    ordering = ("campaign__slug", "number")
    ordering_fields = {
        "campaign": "campaign__slug",
        "number": "number",
        "name_en": "name_en",
        "name_zh": "name_zh",
        "lead": "lead__code",
        "weight": "weight",
        "updated_at": "updated_at",
    }
    is_for_all = True
    may_write = can_manage_campaigns
    parts = ("supporting",)

    def save_parts(self, row: Action, values: Mapping[str, Any]) -> Iterable[Touched]:
        """Supporting units are a field of the action itself, whose picture holds them."""
        if "supporting" in values:
            row.supporting.set(values["supporting"])
        return ()
