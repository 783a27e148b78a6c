"""Units: everybody reads them, who manages writes them."""

from __future__ import annotations

from units.api.filters import ApiFilterSet, BooleanFilter, KeyFilter, WordFilter
from units.api.routers import SLUG
from units.api.serializers import ApiSerializer, UnitField
from units.api.viewsets import WriteViewSet
from units.models import RankingGroup, Unit
from units.permissions import can_manage_units
from units.queries.unit_rules import wrong_with_unit


class UnitSerializer(ApiSerializer):
    counted_in = UnitField(required=False, allow_null=True)

    class Meta:
        model = Unit
        fields = (
            "code",
            "division_code",
            "name_en",
            "name_zh",
            "short_en",
            "short_zh",
            "kind",
            "order",
            "counted_in",
            "is_active",
            "source",
            "version",
            "updated_at",
        )
        fixed_once_made = ("code",)
        example = {
            "code": "tongxiang",
            "division_code": "330483",
            "name_en": "Tongxiang City",
            "name_zh": "桐乡市",
            "short_en": "Tongxiang",
            "short_zh": "桐乡",
            "kind": "county_level_city",
            "order": 7,
            "counted_in": None,
            "is_active": True,
            "source": "article",
            "version": 1,
            "updated_at": "2022-07-12T09:00:00+08:00",
        }


class UnitFilters(ApiFilterSet):
    kind = WordFilter(Unit.Kind)
    is_active = BooleanFilter()
    counted_in = KeyFilter(queryset=Unit.objects.all(), key="code")
    group = KeyFilter(queryset=RankingGroup.objects.all(), key="code", field_name="ranking_groups")

    class Meta:
        model = Unit
        fields = ("kind", "is_active", "counted_in", "group")


class UnitViewSet(WriteViewSet):
    """The localities, departments and offices that take part."""

    queryset = Unit.objects.select_related("counted_in")
    serializer_class = UnitSerializer
    filterset_class = UnitFilters
    key = {"code": ("code", SLUG)}
    ordering = ("order", "code")
    ordering_fields = ("code", "order", "name_en", "name_zh", "kind", "updated_at")
    is_for_all = True
    may_write = can_manage_units
    rules = wrong_with_unit
