"""What units report of their projects each month, read only: it is written where the projects are reported on."""

from __future__ import annotations

from django.db.models import Prefetch
from rest_framework import serializers

from campaigns.api.keys import CampaignFilter, PeriodField, PeriodFilter, UnitFilter
from campaigns.api.projects import ProjectField, ProjectFilter
from campaigns.models import ProjectPhoto, ProjectUpdate
from units.api.filters import ApiFilterSet
from units.api.serializers import ApiSerializer, UnitField
from units.api.viewsets import ReadViewSet


class ProjectPhotoSerializer(ApiSerializer):
    class Meta:
        model = ProjectPhoto
        fields = ("name", "caption", "sha256", "uploaded_at")
        example = {
            "name": "bridge.jpg",
            "caption": "Bridge 2, south side",
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "uploaded_at": "2022-08-02T09:00:00+08:00",
        }


class ProjectUpdateSerializer(ApiSerializer):
    project = ProjectField(read_only=True)
    unit = UnitField(source="project.unit", read_only=True)
    period = PeriodField(read_only=True)
    updated_by = serializers.CharField(source="updated_by.display_name", read_only=True)
    photos = ProjectPhotoSerializer(many=True, read_only=True)

    class Meta:
        model = ProjectUpdate
        fields = (
            "id",
            "project",
            "unit",
            "period",
            "invested_to_date",
            "image_percent",
            "image_progress",
            "problem",
            "problem_since",
            "next_step",
            "note",
            "photos",
            "updated_by",
            "updated_at",
            "source",
            "version",
            "changed_at",
        )
        read_only_fields = fields
        example = {
            "id": 12,
            "project": "ring-road",
            "unit": "tongxiang",
            "period": "hundred-days/2022-07",
            "invested_to_date": "13200.00",
            "image_percent": "55.00",
            "image_progress": "Bridges 1 and 2 closed, 6 km of road bed done.",
            "problem": "A power line has still to be moved.",
            "problem_since": "2022-06-20",
            "next_step": "Bridge 3 by the end of August.",
            "note": "",
            "photos": [ProjectPhotoSerializer.Meta.example],
            "updated_by": "Wang Fang",
            "updated_at": "2022-08-02T09:00:00+08:00",
            "source": "entered",
            "version": 1,
            "changed_at": "2022-08-02T09:00:00+08:00",
        }


class ProjectUpdateFilters(ApiFilterSet):
    campaign = CampaignFilter(field_name="period__campaign")
    period = PeriodFilter()
    project = ProjectFilter()
    unit = UnitFilter(field_name="project__unit")

    class Meta:
        model = ProjectUpdate
        fields = ("campaign", "period", "project", "unit")


class ProjectUpdateViewSet(ReadViewSet):
    """What is reported of a project for a period: investment of this year to date, image progress, problems.

    `updated_at` is when it was reported by the business clock, `changed_at` when the row changed, in real time.
    """

    queryset = ProjectUpdate.objects.select_related("project__unit", "period__campaign", "updated_by").prefetch_related(
        Prefetch("photos", ProjectPhoto.objects.order_by("pk"))
    )
    serializer_class = ProjectUpdateSerializer
    filterset_class = ProjectUpdateFilters
    ordering = ("-period__month", "project__code")
    ordering_fields = {
        "period": "period__month",
        "project": "project__code",
        "updated_at": "updated_at",
        "changed_at": "changed_at",
    }
    updated_field = "changed_at"
