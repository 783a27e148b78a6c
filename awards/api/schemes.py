"""Award schemes with their criteria and gates. A scheme that was used is never edited: a change is a new edition."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from rest_framework import serializers

from awards.models import Criterion, Gate, Scheme
from campaigns.api.keys import ActionField, CampaignField, CampaignFilter, IndicatorField
from units.api.filters import ApiFilterSet, BooleanFilter, KeyFilter, WordFilter, at_parameter, wrong_query
from units.api.routers import NUMBER, SLUG
from units.api.serializers import ApiSerializer, KeyField
from units.api.viewsets import ReadViewSet
from units.models import RankingGroup


class SchemeField(KeyField):
    """A scheme as `red-flag/1`: its code and edition."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(parts=("code", "version"), read_only=True, **kwargs)


class SchemeCodeFilter(django_filters.CharFilter):
    """`scheme=red-flag`: all editions under this code. A code that none has is refused."""

    def filter(self, queryset: Any, value: Any) -> Any:
        if value and not Scheme.objects.filter(code=value).exists():
            told = _("There is no “%s”.") % value[:60]
            raise wrong_query([at_parameter("scheme", told, code="invalid_choice")])
        return super().filter(queryset, value)


class CriterionSerializer(ApiSerializer):
    indicator = IndicatorField(read_only=True, allow_null=True)
    action = ActionField(read_only=True, allow_null=True)
    parameters = serializers.DictField(read_only=True)

    class Meta:
        model = Criterion
        fields = (
            "order",
            "name_en",
            "name_zh",
            "weight",
            "basis",
            "indicator",
            "action",
            "method",
            "parameters",
            "tie_order",
            "source",
        )
        read_only_fields = fields
        example = {
            "order": 1,
            "name_en": "Exports",
            "name_zh": "出口额",
            "weight": "20.00",
            "basis": "indicator_attainment",
            "indicator": "exports",
            "action": None,
            "method": "linear",
            "parameters": {"step": "1"},
            "tie_order": 1,
            "source": "sample",
        }


class GateSerializer(ApiSerializer):
    criterion = serializers.IntegerField(source="criterion.order", read_only=True)
    behind = serializers.IntegerField(source="behind.order", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Gate
        fields = ("order", "name_en", "name_zh", "criterion", "minimum", "behind", "source")
        read_only_fields = fields
        example = {
            "order": 1,
            "name_en": "Reports on time",
            "name_zh": "按时报送",
            "criterion": 1,
            "minimum": "60.00",
            "behind": None,
            "source": "sample",
        }


class SchemeSerializer(ApiSerializer):
    edition = serializers.IntegerField(source="version", read_only=True)
    campaign = CampaignField(read_only=True)
    group = KeyField(parts=("code",))
    criteria = CriterionSerializer(many=True, read_only=True)
    gates = GateSerializer(many=True, read_only=True)

    class Meta:
        model = Scheme
        fields = (
            "code",
            "edition",
            "name_en",
            "name_zh",
            "campaign",
            "group",
            "interval",
            "flags",
            "minimum_score",
            "tie_rule",
            "decimals",
            "bonus_cap",
            "penalty_cap",
            "publicity_working_days",
            "criteria",
            "gates",
            "is_active",
            "source",
            "updated_at",
        )
        read_only_fields = fields
        example = {
            "code": "red-flag",
            "edition": 1,
            "name_en": "Mobile red flag",
            "name_zh": "流动红旗",
            "campaign": "mutual-learning-2022",
            "group": "all-localities",
            "interval": "half_year",
            "flags": 3,
            "minimum_score": "90.00",
            "tie_rule": "shared",
            "decimals": 2,
            "bonus_cap": None,
            "penalty_cap": None,
            "publicity_working_days": 3,
            "criteria": [CriterionSerializer.Meta.example],
            "gates": [GateSerializer.Meta.example],
            "is_active": True,
            "source": "sample",
            "updated_at": "2022-07-12T09:00:00+08:00",
        }


class SchemeFilters(ApiFilterSet):
    campaign = CampaignFilter()
    group = KeyFilter(queryset=RankingGroup.objects.all(), key="code")
    interval = WordFilter(Scheme.Interval)
    is_active = BooleanFilter()

    class Meta:
        model = Scheme
        fields = ("campaign", "group", "interval", "is_active")


class SchemeViewSet(ReadViewSet):
    """How awards are decided: among whom, how often, by which criteria. `edition` is the number of the scheme's
    wording under its code, and no count of changes."""

    queryset = Scheme.objects.select_related("campaign", "group").prefetch_related(
        Prefetch("criteria", Criterion.objects.select_related("indicator", "action__campaign").order_by("order")),
        Prefetch("gates", Gate.objects.select_related("criterion", "behind").order_by("order")),
    )
    serializer_class = SchemeSerializer
    filterset_class = SchemeFilters
    key = {"code": ("code", SLUG), "edition": ("version", NUMBER)}
    ordering = ("code", "version")
    ordering_fields = {"code": "code", "edition": "version", "updated_at": "updated_at"}
    is_for_all = True

    def version_of(self, row: Scheme) -> int:
        """The instant of its last change: an edition is a name."""
        return row.revision
