"""Early warnings on projects: what raised each, how grave it is, and how far its answer is."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from campaigns.api.keys import CampaignFilter, PeriodField, PeriodFilter, UnitFilter
from campaigns.api.projects import ProjectField, ProjectFilter
from campaigns.models import EarlyWarning
from units.api.filters import ApiFilterSet, BooleanFilter, WordFilter
from units.api.serializers import ApiSerializer, UnitField
from units.api.viewsets import ReadViewSet


class WarningSerializer(ApiSerializer):
    project = ProjectField(read_only=True)
    unit = UnitField(source="project.unit", read_only=True)
    lead = UnitField(source="project.lead", read_only=True)
    period = PeriodField(read_only=True)
    particulars = serializers.DictField(read_only=True)

    class Meta:
        model = EarlyWarning
        fields = (
            "id",
            "project",
            "unit",
            "lead",
            "period",
            "cause",
            "level",
            "state",
            "particulars",
            "raised_at",
            "explanation",
            "measure",
            "measure_due_on",
            "accepted_reason",
            "cleared_at",
            "source",
            "version",
            "updated_at",
        )
        read_only_fields = fields
        example = {
            "id": 5,
            "project": "ring-road",
            "unit": "tongxiang",
            "lead": "transport",
            "period": "hundred-days/2022-07",
            "cause": "behind_plan",
            "level": "yellow",
            "state": "measures",
            "particulars": {"points_behind": "12.50"},
            "raised_at": "2022-08-12T18:00:00+08:00",
            "explanation": "A power line has still to be moved.",
            "measure": "A second shift on bridge 3.",
            "measure_due_on": "2022-09-30",
            "accepted_reason": "",
            "cleared_at": None,
            "source": "entered",
            "version": 3,
            "updated_at": "2022-08-15T09:00:00+08:00",
        }


class WarningFilters(ApiFilterSet):
    campaign = CampaignFilter(field_name="project__campaign")
    period = PeriodFilter()
    project = ProjectFilter()
    unit = UnitFilter(field_name="project__unit")
    lead = UnitFilter(field_name="project__lead")
    cause = WordFilter(EarlyWarning.Cause)
    level = WordFilter(EarlyWarning.Level)
    state = WordFilter(EarlyWarning.State)
    is_open = BooleanFilter(method="of_openness")

    class Meta:
        model = EarlyWarning
        fields = ("campaign", "period", "project", "unit", "lead", "cause", "level", "state", "is_open")

    def of_openness(self, rows: QuerySet, name: str, is_open: Any) -> QuerySet:
        cleared = {"state": EarlyWarning.State.CLEARED}
        return rows.exclude(**cleared) if is_open else rows.filter(**cleared)


class WarningViewSet(ReadViewSet):
    """Early warnings: at most one that is open for each project and cause. A project with one is an early-warning
    project."""

    queryset = EarlyWarning.objects.select_related("project__unit", "project__lead", "period__campaign")
    serializer_class = WarningSerializer
    filterset_class = WarningFilters
    ordering = ("-raised_at",)
    ordering_fields = {
        "raised_at": "raised_at",
        "project": "project__code",
        "level": "level",
        "measure_due_on": "measure_due_on",
        "updated_at": "updated_at",
    }
