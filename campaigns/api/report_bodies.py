"""How a monthly report is told and written: its figures by their indicators, its deadlines, its steps and their bodies.

Late and overdue are computed for the business instant at which the request came.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from campaigns.api.keys import ActionField, IndicatorField, PeriodField
from campaigns.domain.filing import is_overdue
from campaigns.models import Measurement, Report
from campaigns.models.reports import STATUSES, VERBS, ValueStatus
from campaigns.operations.reports import FIGURE_FIELDS, NARRATIVE, Figure
from campaigns.queries.findings import too_precise
from campaigns.queries.report_history import Step
from campaigns.queries.report_list import filing_of
from units.api.serializers import (
    ApiSerializer,
    FigureField,
    InstantField,
    Reason,
    Strict,
    TextField,
    UnitField,
    WordField,
    refusal,
)
from units.models import User

UNASKED = gettext_lazy("This indicator does not ask for the growth year on year.")


def name_of(person: User | None) -> str | None:
    return person.display_name if person else None


def told(instant: datetime | None) -> Any:
    return None if instant is None else InstantField().to_representation(instant)


# --- figures ----------------------------------------------------------------------------------------------------------


def wrong_with_figure(indicator: Any, given: Mapping[str, Any]) -> dict[str, ErrorDetail]:
    """What an indicator does not take, whatever else the report holds; by field."""
    wrong = {}
    if given.get("value") is not None and (told := too_precise(indicator, given["value"])):
        wrong["value"] = refusal(told, "too_many_decimals")
    if given.get("growth") is not None and not indicator.asks_growth:
        wrong["growth"] = refusal(UNASKED, "not_asked")
    return wrong


def figure_from(given: Mapping[str, Any], measurement: Measurement | None) -> Figure:
    """The figure with what was given; what was left out stays as it is."""
    fields = {name: getattr(measurement, name) for name in FIGURE_FIELDS} if measurement else {"value": None}
    return Figure(**(fields | {name: given[name] for name in FIGURE_FIELDS if name in given}))


class ReportFigureSerializer(ApiSerializer):
    """One figure of a report. Of a figure that is there, what is left out stays; a missing figure is null."""

    indicator = IndicatorField()

    class Meta:
        model = Measurement
        fields = (
            "id",
            "indicator",
            "value",
            "value_status",
            "growth",
            "note",
            "corrected_at",
            "version",
            "source",
            "updated_at",
        )
        example = {
            "id": 210,
            "indicator": "exports",
            "value": "90.0000",
            "value_status": "preliminary",
            "growth": "12.50",
            "note": "",
            "corrected_at": None,
            "version": 1,
            "source": "entered",
            "updated_at": "2022-09-03T08:40:00+08:00",
        }

    def not_taken(self, data: Mapping[str, Any]) -> dict[str, list[ErrorDetail]]:
        """Held against the figure that is there, so that one that was read can be sent back."""
        self.instance = self.measurement_of(data.get("indicator"))
        return super().not_taken(data)

    def measurement_of(self, code: Any) -> Measurement | None:
        report = self.root.instance
        measurements = report.measurements.all() if isinstance(report, Report) else ()
        return next((one for one in measurements if one.indicator.code == code), None)

    def validate(self, attrs: Any) -> Any:
        if "indicator" not in attrs:
            raise ValidationError({"indicator": self.fields["indicator"].error_messages["required"]}, code="required")
        wrong = wrong_with_figure(attrs["indicator"], attrs)
        if wrong:
            raise ValidationError(wrong)
        return attrs


# --- reports ----------------------------------------------------------------------------------------------------------


class ReportSerializer(ApiSerializer):
    unit = UnitField()
    action = ActionField()
    period = PeriodField()
    due_at = InstantField(source="period.due_at", read_only=True)
    closes_at = InstantField(source="period.closes_at", read_only=True)
    resubmit_by = serializers.SerializerMethodField(help_text=gettext_lazy("While it is back with its unit."))
    first_filed_at = serializers.SerializerMethodField(help_text=gettext_lazy("The first submission with a figure."))
    is_filed = serializers.SerializerMethodField()
    is_on_time = serializers.SerializerMethodField()
    is_overdue = serializers.SerializerMethodField()
    measurements = ReportFigureSerializer(many=True, required=False, max_length=500)  # type: ignore[call-arg]  # many
    saved_by = serializers.SerializerMethodField(help_text=gettext_lazy("Who saved it last, by name."))

    class Meta:
        model = Report
        fields = (
            "id",
            "unit",
            "action",
            "period",
            "status",
            "status_since",
            "due_at",
            "closes_at",
            "reopened_until",
            "resubmit_by",
            "first_filed_at",
            "is_filed",
            "is_on_time",
            "is_overdue",
            "progress",
            "problems",
            "next_steps",
            "measurements",
            "saved_by",
            "created_at",
            "source",
            "version",
            "updated_at",
        )
        read_only_fields = ("status", "status_since", "reopened_until", "created_at")
        fixed_once_made = ("unit", "action", "period")
        example = {
            "id": 17,
            "unit": "tongxiang",
            "action": "hundred-days/1",
            "period": "hundred-days/2022-08",
            "status": "draft",
            "status_since": "2022-08-25T00:00:00+08:00",
            "due_at": "2022-09-05T18:00:00+08:00",
            "closes_at": "2022-09-13T18:00:00+08:00",
            "reopened_until": None,
            "resubmit_by": None,
            "first_filed_at": None,
            "is_filed": False,
            "is_on_time": False,
            "is_overdue": False,
            "progress": "Two fairs held.",
            "problems": "",
            "next_steps": "A third in October.",
            "measurements": [ReportFigureSerializer.Meta.example],
            "saved_by": "Statistics system",
            "created_at": "2022-08-25T00:00:00+08:00",
            "source": "entered",
            "version": 3,
            "updated_at": "2022-09-03T08:40:00+08:00",
        }

    def to_representation(self, instance: Report) -> Any:
        self.filing = filing_of(instance, self.context["view"].calendar)
        return super().to_representation(instance)

    @extend_schema_field({"type": ["string", "null"], "format": "date-time"})
    def get_resubmit_by(self, report: Report) -> Any:
        return told(self.filing.resubmit_by)

    @extend_schema_field({"type": ["string", "null"], "format": "date-time"})
    def get_first_filed_at(self, report: Report) -> Any:
        return told(self.filing.first_filed_at)

    def get_is_filed(self, report: Report) -> bool:
        return self.filing.is_filed

    def get_is_on_time(self, report: Report) -> bool:
        return self.filing.is_on_time

    def get_is_overdue(self, report: Report) -> bool:
        return is_overdue(self.context["view"].now, report.period.due_at, self.filing)

    def get_saved_by(self, report: Report) -> str | None:
        return name_of(report.saved_by)

    def validate_measurements(self, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({one["indicator"].pk for one in given}) != len(given):
            raise ValidationError(_("One of them stands twice."), code="repeated")
        return given

    def figures(self) -> dict[int, Figure]:
        """What was sent, by indicator."""
        report = self.instance
        there = {one.indicator_id: one for one in report.measurements.all()} if report else {}
        given = self.validated_data.get("measurements", [])
        return {one["indicator"].pk: figure_from(one, there.get(one["indicator"].pk)) for one in given}

    def narrative(self) -> dict[str, str]:
        return {name: self.validated_data[name] for name in NARRATIVE if name in self.validated_data}


# --- the bodies of steps ----------------------------------------------------------------------------------------------


class Submission(Strict):
    on_behalf_of = TextField(
        required=False,
        max_length=150,
        help_text=gettext_lazy("For the office: the user name of the reporter for whom it files."),
    )


class Reopening(Reason):
    until = InstantField(help_text=gettext_lazy("The new deadline."))


class MissingReopening(Reopening):
    unit = UnitField()
    action = ActionField()
    period = PeriodField()


class CorrectionBody(Reason):
    """The figure as it should have been. What is left out stays as it is."""

    value = FigureField(required=False, allow_null=True, max_digits=20, decimal_places=4)
    value_status = WordField(choices=ValueStatus.choices, required=False)
    growth = FigureField(required=False, allow_null=True, max_digits=9, decimal_places=2)
    note = TextField(required=False, allow_blank=True, max_length=500)


# --- history ----------------------------------------------------------------------------------------------------------


class FigureThenSerializer(Strict):
    """A figure as it was at one time."""

    value = FigureField(max_digits=20, decimal_places=4, allow_null=True)
    value_status = WordField(choices=ValueStatus.choices)
    growth = FigureField(max_digits=9, decimal_places=2, allow_null=True)
    note = TextField()


class CorrectionSerializer(Strict):
    indicator = serializers.CharField(source="indicator.code")
    before = FigureThenSerializer(source="old")
    after = FigureThenSerializer(source="new")


class ReportStepSerializer(Strict):
    at = InstantField(source="event.at")
    verb = WordField(choices=VERBS, source="event.verb")
    from_status = WordField(choices=STATUSES, source="event.from_status")
    to_status = WordField(choices=STATUSES, source="event.to_status")
    actor = serializers.SerializerMethodField()
    on_behalf_of = serializers.SerializerMethodField()
    reason = TextField(source="event.reason")
    resubmit_by = InstantField(source="event.resubmit_by", allow_null=True)
    report_version = serializers.IntegerField(source="event.report_version")
    correction = CorrectionSerializer(allow_null=True)

    def get_actor(self, one: Step) -> str | None:
        return name_of(one.event.actor)

    def get_on_behalf_of(self, one: Step) -> str | None:
        return name_of(one.event.on_behalf_of)


class ReportHistorySerializer(Strict):
    """What happened to the report, the oldest first."""

    steps = ReportStepSerializer(many=True)

    class Meta:
        example = {
            "steps": [
                {
                    "at": "2022-09-02T10:12:00+08:00",
                    "verb": "submit",
                    "from_status": "draft",
                    "to_status": "to_sign",
                    "actor": "Statistics system",
                    "on_behalf_of": None,
                    "reason": "",
                    "resubmit_by": None,
                    "report_version": 4,
                    "correction": None,
                }
            ]
        }
