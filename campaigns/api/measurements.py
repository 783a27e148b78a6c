"""Figures by themselves, as their reports hold them; after closing the office corrects one, with its reason."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from campaigns.api.keys import ActionField, IndicatorField, PeriodField
from campaigns.api.measurement_bulk import BulkMeasurements
from campaigns.api.report_bodies import CorrectionBody, figure_from, wrong_with_figure
from campaigns.api.report_filters import JoinedListViewSet, JoinedNumberFilter
from campaigns.domain.workflow import Verb
from campaigns.models import Measurement
from campaigns.models.reports import STATUSES, ValueStatus
from campaigns.operations.reports import correct_measurement
from campaigns.permissions import may_ever
from units.api.filters import ApiFilterSet, BooleanFilter, WordFilter
from units.api.serializers import ApiSerializer, UnitField, WordField
from units.api.viewsets import NOT_YOURS, Scope, transition


class MeasurementSerializer(ApiSerializer):
    unit = UnitField(source="report.unit", read_only=True)
    action = ActionField(source="report.action", read_only=True)
    period = PeriodField(source="report.period", read_only=True)
    indicator = IndicatorField(read_only=True)
    report_status = WordField(choices=STATUSES, source="report.status", read_only=True)

    class Meta:
        model = Measurement
        fields = (
            "id",
            "report",
            "report_status",
            "unit",
            "action",
            "period",
            "indicator",
            "value",
            "value_status",
            "growth",
            "note",
            "corrected_at",
            "source",
            "version",
            "updated_at",
        )
        read_only_fields = fields
        example = {
            "id": 210,
            "report": 17,
            "report_status": "approved",
            "unit": "tongxiang",
            "action": "hundred-days/1",
            "period": "hundred-days/2022-07",
            "indicator": "exports",
            "value": "51.5000",
            "value_status": "verified",
            "growth": "12.50",
            "note": "",
            "corrected_at": "2022-09-03T09:00:00+08:00",
            "source": "entered",
            "version": 2,
            "updated_at": "2022-09-03T09:00:00+08:00",
        }


class MeasurementFilters(ApiFilterSet):
    campaign = django_filters.CharFilter(field_name="report__period__campaign__slug")
    period = django_filters.CharFilter(field_name="report__period__month")
    unit = django_filters.CharFilter(field_name="report__unit__code")
    action = JoinedNumberFilter(field_name="report__action__number")
    indicator = django_filters.CharFilter(field_name="indicator__code")
    value_status = WordFilter(ValueStatus)
    report_status = WordFilter(STATUSES, field_name="report__status")
    corrected = BooleanFilter(method="as_corrected")

    class Meta:
        model = Measurement
        fields = (
            "campaign",
            "period",
            "unit",
            "action",
            "indicator",
            "value_status",
            "report_status",
            "corrected",
        )

    def as_corrected(self, queryset: QuerySet[Measurement], name: str, is_corrected: bool) -> QuerySet[Measurement]:
        """Corrected after closing, or not."""
        return queryset.filter(corrected_at__isnull=not is_corrected)


class MeasurementViewSet(BulkMeasurements, JoinedListViewSet):
    """The figures of all reports that the caller may see, in whatever status: only approved ones count.

    They are written with their reports, or many at once.
    """

    queryset = Measurement.objects.select_related(
        "indicator", "report__unit", "report__action__campaign", "report__period__campaign"
    )
    serializer_class = MeasurementSerializer
    filterset_class = MeasurementFilters
    write_scope = Scope.REPORT
    ordering = ("id",)
    ordering_fields = {
        "id": "id",
        "unit": "report__unit__order",
        "action": "report__action__number",
        "period": "report__period__month",
        "indicator": "indicator__code",
        "value": "value",
        "updated_at": "updated_at",
    }

    def check_object_permissions(self, request: Request, obj: Measurement) -> None:
        super().check_object_permissions(request, obj)
        if self.action == "correct" and not may_ever(self.person, Verb.CORRECT, obj.report):
            raise PermissionDenied(NOT_YOURS)

    @transition(scope=Scope.REPORT, body=CorrectionBody)
    def correct(self, measurement: Measurement, reason: str, **given: Any) -> Measurement:
        """Replaces the figure of an approved report after closing; the one before is kept. For the office."""
        wrong = wrong_with_figure(measurement.indicator, given)
        if wrong:
            raise ValidationError(wrong)
        return correct_measurement(
            measurement_id=measurement.pk,
            actor=self.actor,
            now=self.now,
            figure=figure_from(given, measurement),
            reason=reason,
            version=measurement.version,
        )
