"""Early warnings on projects: what raised each, how grave it is, how far its answer is, and the steps that people
take."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

from campaigns.api.keys import CampaignFilter, PeriodField, PeriodFilter, UnitFilter
from campaigns.api.projects import ProjectField, ProjectFilter
from campaigns.domain.light import Light
from campaigns.domain.warning_life import WarningVerb
from campaigns.models import EarlyWarning
from campaigns.operations.warnings import (
    accept_warning_reason,
    agree_measures,
    clear_warning,
    escalate_warning,
    explain_warning,
)
from campaigns.permissions import may_ever_on_warning
from units.api.filters import ApiFilterSet, BooleanFilter, WordFilter
from units.api.serializers import ApiSerializer, DayField, Reason, Strict, TextField, UnitField, WordField
from units.api.viewsets import NOT_YOURS, ReadViewSet, Scope, transition

STEPS = {
    "explain": WarningVerb.EXPLAIN,
    "measure": WarningVerb.MEASURE,
    "accept_reason": WarningVerb.ACCEPT_REASON,
    "clear": WarningVerb.CLEAR,
    "escalate": WarningVerb.ESCALATE,
}


class Explanation(Strict):
    """What lies behind a warning."""

    explanation = TextField(max_length=2000)


class AgreedMeasure(Strict):
    """What will be done, and by when."""

    measure = TextField(max_length=2000)
    measure_due_on = DayField()


class WarningSerializer(ApiSerializer):
    project = ProjectField(read_only=True)
    unit = UnitField(source="project.unit", read_only=True)
    lead = UnitField(source="project.lead", read_only=True)
    period = PeriodField(read_only=True)
    particulars = serializers.DictField(read_only=True)
    displayed_level = WordField(
        choices=[(one.value, one.value) for one in (Light.GREEN, Light.YELLOW, Light.RED)],
        read_only=True,
        help_text=_("The level that pages show: one step milder where a reason was accepted."),
    )

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
            "displayed_level",
            "state",
            "particulars",
            "raised_at",
            "explanation",
            "measure",
            "measure_due_on",
            "accepted_reason",
            "cause_gone_on",
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
            "displayed_level": "yellow",
            "state": "measures",
            "particulars": {
                "month": "2022-07",
                "plan_to_date": "14000.00",
                "invested_to_date": "11000.00",
                "plan_this_year": "24000.00",
                "points_behind": "12.50",
            },
            "raised_at": "2022-08-12T18:00:00+08:00",
            "explanation": "A power line has still to be moved.",
            "measure": "A second shift on bridge 3.",
            "measure_due_on": "2022-09-30",
            "accepted_reason": "",
            "cause_gone_on": None,
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
    project.

    They are raised and graded by computation; people explain them, agree measures and end them. A red one needs a
    written measure before it is cleared. Client systems take no step.
    """

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

    def check_object_permissions(self, request: Request, obj: EarlyWarning) -> None:
        """What this caller may never do is told first, whatever version or state the warning is in."""
        super().check_object_permissions(request, obj)
        verb = STEPS.get(self.action)
        if verb and (self.actor.is_service or not may_ever_on_warning(self.person, verb, obj)):
            raise PermissionDenied(NOT_YOURS)

    def _common(self, warning: EarlyWarning) -> dict[str, Any]:
        return {"warning_id": warning.pk, "actor": self.actor, "now": self.now, "version": self.seen_version}

    @transition(scope=Scope.REPORT, body=Explanation)
    def explain(self, warning: EarlyWarning, explanation: str) -> EarlyWarning:
        """Says what lies behind it. For the unit's reporters and heads."""
        return explain_warning(**self._common(warning), explanation=explanation)

    @transition(scope=Scope.REPORT, body=AgreedMeasure)
    def measure(self, warning: EarlyWarning, measure: str, measure_due_on: date) -> EarlyWarning:
        """Writes down what will be done, and by when. For the unit's people and the lead's reviewers."""
        return agree_measures(**self._common(warning), measure=measure, measure_due_on=measure_due_on)

    @transition(scope=Scope.REPORT, body=Reason)
    def accept_reason(self, warning: EarlyWarning, reason: str) -> EarlyWarning:
        """Accepts a reason: the level is shown one step milder, the warning stays open. For the lead's reviewers."""
        return accept_warning_reason(**self._common(warning), reason=reason)

    @transition(scope=Scope.REPORT, body=Reason)
    def escalate(self, warning: EarlyWarning, reason: str) -> EarlyWarning:
        """Takes it before the meeting. For the lead's reviewers and the office."""
        return escalate_warning(**self._common(warning), reason=reason)

    @transition(scope=Scope.REPORT, body=Reason)
    def clear(self, warning: EarlyWarning, reason: str) -> EarlyWarning:
        """Ends it. For the lead's reviewers."""
        return clear_warning(**self._common(warning), reason=reason)
