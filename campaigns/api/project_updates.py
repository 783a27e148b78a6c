"""What units report of their projects each month: made and changed while the period is open."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.keys import CampaignFilter, PeriodField, PeriodFilter, UnitFilter
from campaigns.api.projects import ProjectField, ProjectFilter
from campaigns.models import ProjectPhoto, ProjectUpdate
from campaigns.operations.project_updates import FIELDS, UpdateWords, save_project_update
from campaigns.permissions import can_update_project
from campaigns.refusals import WrongState
from units.api.filters import ApiFilterSet
from units.api.serializers import ApiSerializer, UnitField
from units.api.viewsets import NOT_YOURS, ReadViewSet, Scope


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
    project = ProjectField()
    unit = UnitField(source="project.unit", read_only=True)
    period = PeriodField()
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
        read_only_fields = ("id", "updated_at", "source", "version", "changed_at")
        fixed_once_made = ("project", "period")
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

    POST makes the update of an open period, PATCH changes it; both for reporters of the unit, the office on their
    behalf, and client systems that report for the unit. `updated_at` is when it was reported by the business clock,
    `changed_at` when the row changed, in real time.
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
    write_scope = Scope.REPORT

    @transaction.atomic
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Makes the update of a project for an open period."""
        serializer: Any = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        project = given["project"]
        if not can_update_project(self.person, project):
            raise PermissionDenied(NOT_YOURS)
        if ProjectUpdate.objects.filter(project=project, period=given["period"]).exists():
            raise WrongState(_("There is such an update already. Change it at its own address."))
        update = self._save(project.pk, given["period"].pk, given, version=0)
        place = self.reverse_action("detail", kwargs={"id": update.pk})
        return self.answer(self.shown(update.pk), status.HTTP_201_CREATED, {"Location": place})

    @transaction.atomic
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Changes the update while its period is open."""
        update = self.get_object()
        if not can_update_project(self.person, update.project):
            raise PermissionDenied(NOT_YOURS)
        self.must_match(update)
        serializer: Any = self.get_serializer(update, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        values = {name: getattr(update, name) for name in FIELDS} | serializer.validated_data
        self._save(update.project_id, update.period_id, values, version=update.version)
        return self.answer(self.shown(update.pk))

    def _save(self, project_id: int, period_id: int, values: dict[str, Any], *, version: int) -> ProjectUpdate:
        words = UpdateWords(**{name: values[name] for name in FIELDS if name in values})
        return save_project_update(
            project_id=project_id, period_id=period_id, actor=self.actor, now=self.now, words=words, version=version
        )
