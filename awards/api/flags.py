"""The mobile red flags: which unit holds which, and which it held before."""

from __future__ import annotations

from datetime import date
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from awards.api.schemes import SchemeCodeFilter, SchemeField
from awards.models import RedFlag
from awards.models.flags import RedFlagQuerySet
from campaigns.api.keys import CampaignFilter, UnitFilter
from units.api.filters import ApiFilterSet, BooleanFilter
from units.api.serializers import ApiSerializer, UnitField
from units.api.viewsets import ReadViewSet


class RedFlagSerializer(ApiSerializer):
    scheme = SchemeField(source="round.scheme")
    round: Any = serializers.PrimaryKeyRelatedField(read_only=True)
    unit = UnitField(read_only=True)
    is_current = serializers.SerializerMethodField()

    class Meta:
        model = RedFlag
        fields = (
            "id",
            "scheme",
            "round",
            "unit",
            "held_from",
            "held_until",
            "is_current",
            "is_co_equal",
            "source",
            "version",
            "updated_at",
        )
        read_only_fields = fields
        example = {
            "id": 1,
            "scheme": "red-flag/1",
            "round": 2,
            "unit": "tongxiang",
            "held_from": "2022-07-27",
            "held_until": None,
            "is_current": True,
            "is_co_equal": True,
            "source": "article",
            "version": 1,
            "updated_at": "2022-07-27T12:00:00+08:00",
        }

    def get_is_current(self, flag: RedFlag) -> bool:
        return flag.is_held_on(self.context["view"].today)


class RedFlagFilters(ApiFilterSet):
    campaign = CampaignFilter(field_name="round__scheme__campaign")
    scheme = SchemeCodeFilter(field_name="round__scheme__code")
    unit = UnitFilter()
    is_current = BooleanFilter(method="of_today")

    class Meta:
        model = RedFlag
        fields = ("campaign", "scheme", "unit", "is_current")

    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today or date.max

    def of_today(self, rows: RedFlagQuerySet, name: str, is_current: bool) -> RedFlagQuerySet:
        return rows.held_on(self.today) if is_current else rows.not_held_on(self.today)


class RedFlagViewSet(ReadViewSet):
    """Who holds the red flags, and who held them: a unit keeps one until the next round of the scheme is announced."""

    queryset = RedFlag.objects.announced().select_related("round__scheme", "unit")
    serializer_class = RedFlagSerializer
    filterset_class = RedFlagFilters
    ordering = ("-held_from", "unit__order")
    ordering_fields = {"held_from": "held_from", "unit": "unit__order", "updated_at": "updated_at"}
    is_for_all = True

    def filterset_kwargs(self, request: Request) -> dict[str, Any]:
        return {"today": self.today}
