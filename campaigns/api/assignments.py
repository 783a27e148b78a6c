"""Which unit reports on which action, and when: everybody reads it, who manages writes it."""

from __future__ import annotations

from typing import Any

from campaigns.api.keys import ActionField, ActionFilter, CampaignFilter, UnitFilter
from campaigns.models import Assignment
from campaigns.models.actions import AssignmentQuerySet
from units.api.filters import ApiFilterSet, DayFilter
from units.api.serializers import ApiSerializer, UnitField
from units.api.viewsets import WriteViewSet
from units.permissions import can_manage_campaigns


class AssignmentSerializer(ApiSerializer):
    action = ActionField()
    unit = UnitField()

    class Meta:
        model = Assignment
        fields = ("id", "action", "unit", "starts_on", "ends_on", "source", "version", "updated_at")
        fixed_once_made = ("action", "unit")
        example = {
            "id": 8,
            "action": "hundred-days/1",
            "unit": "tongxiang",
            "starts_on": None,
            "ends_on": "2022-09-30",
            "source": "article",
            "version": 1,
            "updated_at": "2022-07-12T09:00:00+08:00",
        }


class AssignmentFilters(ApiFilterSet):
    campaign = CampaignFilter(field_name="action__campaign")
    action = ActionFilter()
    unit = UnitFilter()
    lead = UnitFilter(field_name="action__lead")
    on = DayFilter(method="covering")

    class Meta:
        model = Assignment
        fields = ("campaign", "action", "unit", "lead", "on")

    def covering(self, queryset: AssignmentQuerySet, name: str, day: Any) -> AssignmentQuerySet:
        """Those by which a report is expected for this day."""
        return queryset.covering(day)


class AssignmentViewSet(WriteViewSet):
    """Open ends mean the whole campaign. `on` asks for the assignments of active units that cover a day."""

    queryset = Assignment.objects.select_related("action__campaign", "unit")
    serializer_class = AssignmentSerializer
    filterset_class = AssignmentFilters
    ordering = ("action__campaign__slug", "action__number", "unit__order", "id")
    ordering_fields = {
        "campaign": "action__campaign__slug",
        "action": "action__number",
        "unit": "unit__order",
        "starts_on": "starts_on",
        "ends_on": "ends_on",
        "updated_at": "updated_at",
        "id": "id",
    }
    is_for_all = True
    may_write = can_manage_campaigns
