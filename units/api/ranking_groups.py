"""Ranking groups with the units that are ranked against each other in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Prefetch

from units.api.filters import ApiFilterSet, KeyFilter
from units.api.routers import SLUG
from units.api.serializers import ApiSerializer, KeysField, UnitField
from units.api.viewsets import WriteViewSet
from units.models import RankingGroup, RankingGroupMember, Unit
from units.operations.admin_changes import added, deleted
from units.operations.changes import Touched
from units.permissions import can_manage_units


class RankingGroupSerializer(ApiSerializer):
    units = KeysField(child=UnitField(), required=False)

    class Meta:
        model = RankingGroup
        fields = ("code", "name_en", "name_zh", "order", "units", "source", "version", "updated_at")
        fixed_once_made = ("code",)
        example = {
            "code": "counties",
            "name_en": "Counties, cities and districts",
            "name_zh": "县（市、区）",
            "order": 1,
            "units": ["nanhu", "xiuzhou", "jiashan", "pinghu", "haiyan", "haining", "tongxiang"],
            "source": "article",
            "version": 1,
            "updated_at": "2022-07-12T09:00:00+08:00",
        }


class RankingGroupFilters(ApiFilterSet):
    unit = KeyFilter(queryset=Unit.objects.all(), key="code", field_name="units")

    class Meta:
        model = RankingGroup
        fields = ("unit",)


class RankingGroupViewSet(WriteViewSet):
    """Sets of units that are ranked against each other; a unit may stand in several."""

    queryset = RankingGroup.objects.prefetch_related(Prefetch("units", Unit.objects.order_by("order", "code")))
    serializer_class = RankingGroupSerializer
    filterset_class = RankingGroupFilters
    key = {"code": ("code", SLUG)}
    ordering = ("order", "code")
    ordering_fields = ("code", "order", "name_en", "name_zh", "updated_at")
    is_for_all = True
    may_write = can_manage_units
    parts = ("units",)

    def save_parts(self, row: RankingGroup, values: Mapping[str, Any]) -> Iterable[Touched]:
        if "units" not in values:
            return []
        wanted = {unit.pk: unit for unit in values["units"]}
        members = list(row.members.select_related("unit", "group"))
        gone = [one for one in members if one.unit_id not in wanted]
        touched = deleted(gone)
        row.members.filter(pk__in=[one.pk for one in gone]).delete()
        there = {one.unit_id for one in members}
        new = [RankingGroupMember(group=row, unit=unit) for pk, unit in wanted.items() if pk not in there]
        for member in new:
            member.save()
        return [*touched, *(added(member) for member in new)]
