"""Indicators: everybody reads them, who manages writes them."""

from __future__ import annotations

from campaigns.api.keys import ActionField, ActionFilter, CampaignFilter, IndicatorField, UnitFilter
from campaigns.models import Indicator
from campaigns.queries.indicator_rules import wrong_with_indicator
from units.api.filters import ApiFilterSet, BooleanFilter, WordFilter
from units.api.routers import SLUG
from units.api.serializers import ApiSerializer
from units.api.viewsets import WriteViewSet
from units.permissions import can_manage_campaigns


class IndicatorSerializer(ApiSerializer):
    action = ActionField()
    rollup_weight = IndicatorField(required=False, allow_null=True)
    follows = IndicatorField(required=False, allow_null=True)

    class Meta:
        model = Indicator
        fields = (
            "action",
            "code",
            "order",
            "name_en",
            "name_zh",
            "measure_en",
            "measure_zh",
            "decimals",
            "direction",
            "accumulation",
            "counts_from",
            "rollup",
            "rollup_weight",
            "follows",
            "attribute",
            "weight",
            "is_required",
            "asks_growth",
            "minimum",
            "maximum",
            "scope_note_en",
            "scope_note_zh",
            "numerator",
            "denominator",
            "source",
            "version",
            "updated_at",
        )
        fixed_once_made = ("action", "code")
        example = {
            "action": "hundred-days/1",
            "code": "exports",
            "order": 1,
            "name_en": "Exports, to date",
            "name_zh": "出口额",
            "measure_en": "¥100m",
            "measure_zh": "亿元",
            "decimals": 2,
            "direction": "higher",
            "accumulation": "cumulative",
            "counts_from": "day_one",
            "rollup": "sum",
            "rollup_weight": None,
            "follows": None,
            "attribute": "anticipatory",
            "weight": "1.00",
            "is_required": True,
            "asks_growth": True,
            "minimum": "0.0000",
            "maximum": "1000.0000",
            "scope_note_en": "As the customs count it.",
            "scope_note_zh": "海关口径。",
            "numerator": "",
            "denominator": "",
            "source": "article",
            "version": 1,
            "updated_at": "2022-07-12T09:00:00+08:00",
        }


class IndicatorFilters(ApiFilterSet):
    campaign = CampaignFilter(field_name="action__campaign")
    action = ActionFilter()
    lead = UnitFilter(field_name="action__lead")
    unit = UnitFilter(field_name="targets__unit")
    direction = WordFilter(Indicator.Direction)
    accumulation = WordFilter(Indicator.Accumulation)
    rollup = WordFilter(Indicator.RollUp)
    attribute = WordFilter(Indicator.Attribute)
    is_required = BooleanFilter()
    asks_growth = BooleanFilter()

    class Meta:
        model = Indicator
        fields = (
            "campaign",
            "action",
            "lead",
            "unit",
            "direction",
            "accumulation",
            "rollup",
            "attribute",
            "is_required",
            "asks_growth",
        )


class IndicatorViewSet(WriteViewSet):
    """What is measured in an action; `unit` asks for those for which a unit has a target."""

    queryset = Indicator.objects.select_related("action__campaign", "rollup_weight", "follows")
    serializer_class = IndicatorSerializer
    filterset_class = IndicatorFilters
    key = {"code": ("code", SLUG)}
    ordering = ("action__campaign__slug", "action__number", "order", "code")
    ordering_fields = {
        "campaign": "action__campaign__slug",
        "action": "action__number",
        "order": "order",
        "code": "code",
        "name_en": "name_en",
        "name_zh": "name_zh",
        "weight": "weight",
        "updated_at": "updated_at",
    }
    is_for_all = True
    may_write = can_manage_campaigns
    rules = wrong_with_indicator
