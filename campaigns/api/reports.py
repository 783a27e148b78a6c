"""Monthly reports: read by those who may, filled by reporters and client systems, moved by steps of the workflow."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.report_bodies import (
    MissingReopening,
    Reopening,
    ReportHistorySerializer,
    ReportSerializer,
    Submission,
)
from campaigns.api.report_filters import JoinedListViewSet, JoinedNumberFilter
from campaigns.domain.workflow import Verb
from campaigns.domain.working_days import WorkingCalendar
from campaigns.models import Measurement, Report
from campaigns.models.reports import STATUSES
from campaigns.operations.report_drafts import make_report
from campaigns.operations.reports import (
    approve_report,
    recall_report,
    reopen_report,
    save_report,
    send_back_report,
    sign_report,
    submit_report,
)
from campaigns.permissions import can_fill, can_run_periods, may_ever
from campaigns.queries.calendars import working_calendar
from campaigns.queries.report_history import report_history
from campaigns.queries.report_list import only_overdue, with_steps
from campaigns.queries.signers import reporters_of
from campaigns.refusals import Invalid, WrongState
from units.api.filters import ApiFilterSet, BooleanFilter, WordFilter
from units.api.serializers import Nothing, Reason
from units.api.viewsets import NOT_YOURS, Scope, transition
from units.models import User

STEPS = {
    "submit": Verb.SUBMIT,
    "recall": Verb.RECALL,
    "sign": Verb.SIGN,
    "send_back": Verb.SEND_BACK,
    "approve": Verb.APPROVE,
    "reopen": Verb.REOPEN,
}


class ReportFilters(ApiFilterSet):
    campaign = django_filters.CharFilter(field_name="period__campaign__slug")
    period = django_filters.CharFilter(field_name="period__month")
    unit = django_filters.CharFilter(field_name="unit__code")
    action = JoinedNumberFilter(field_name="action__number")
    status = WordFilter(STATUSES)
    overdue = BooleanFilter(method="as_to_time")

    class Meta:
        model = Report
        fields = ("campaign", "period", "unit", "action", "status", "overdue")

    def __init__(self, *args: Any, view: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view = view

    def as_to_time(self, queryset: QuerySet[Report], name: str, is_overdue: bool) -> QuerySet[Report]:
        """Overdue at the business instant, or not."""
        return only_overdue(queryset, now=self.view.now, calendar=self.view.calendar, wanted=is_overdue)


class ReportViewSet(JoinedListViewSet):
    """What a unit files on an action for a period. Drafts are made when the period opens.

    PATCH and POST write the narrative and figures, by their indicators, of drafts and of reports that came back; the
    steps move the report. Client systems may submit and recall; they never sign or decide.
    """

    queryset = with_steps(
        Report.objects.select_related("unit", "action__campaign", "period__campaign", "saved_by")
    ).prefetch_related(
        Prefetch(
            "measurements",
            Measurement.objects.select_related("indicator").order_by("indicator__order", "indicator__code"),
        )
    )
    serializer_class = ReportSerializer
    filterset_class = ReportFilters
    write_scope = Scope.REPORT
    ordering = ("id",)
    ordering_fields = {
        "id": "id",
        "unit": "unit__order",
        "action": "action__number",
        "period": "period__month",
        "due_at": "period__due_at",
        "status": "status",
        "status_since": "status_since",
        "updated_at": "updated_at",
    }
    csv_columns = [name for name in ReportSerializer.Meta.fields if name != "measurements"]

    def filterset_kwargs(self, request: Request) -> dict[str, Any]:
        return {"view": self}

    @cached_property
    def calendar(self) -> WorkingCalendar:
        return working_calendar()

    def check_object_permissions(self, request: Request, obj: Report) -> None:
        """What this caller may never do is told first, whatever version or state the report is in."""
        super().check_object_permissions(request, obj)
        verb = STEPS.get(self.action)
        is_barred = not may_ever(self.person, verb, obj) if verb else False
        if is_barred or (self.action == "partial_update" and not can_fill(self.person, obj)):
            raise PermissionDenied(NOT_YOURS)

    # --- filling ---

    @transaction.atomic
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Makes the draft of an open period that is expected and not there yet."""
        serializer: Any = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        report = make_report(
            unit=given["unit"], action=given["action"], period=given["period"], actor=self.actor, now=self.now
        )
        self._save(report, serializer)
        place = self.reverse_action("detail", kwargs={"id": report.pk})
        return self.answer(self.shown(report.pk), status.HTTP_201_CREATED, {"Location": place})

    @transaction.atomic
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        report = self.get_object()
        self.must_match(report)
        serializer: Any = self.get_serializer(report, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        self._save(report, serializer)
        return self.answer(self.shown(report.pk))

    def _save(self, report: Report, serializer: ReportSerializer) -> None:
        save_report(
            report_id=report.pk,
            actor=self.actor,
            version=report.version,
            figures=serializer.figures(),
            narrative=serializer.narrative(),
            now=self.now,
        )

    # --- steps ---

    def _common(self, report: Report) -> dict[str, Any]:
        return {"report_id": report.pk, "actor": self.actor, "now": self.now, "version": self.seen_version}

    @transition(scope=Scope.REPORT, body=Submission)
    def submit(self, report: Report, on_behalf_of: str = "") -> Report:
        """Files it: for signature, or straight away where the campaign asks for none."""
        return submit_report(**self._common(report), on_behalf_of=self._reporter(report, on_behalf_of))

    def _reporter(self, report: Report, username: str) -> User | None:
        """One of the unit's reporters; nobody else is looked for, so that no other name is told."""
        if not username:
            return None
        found = next((one for one in reporters_of(report.unit, self.now) if one.username == username), None)
        if found is None:
            raise Invalid(_("This person does not report for the unit."), field="on_behalf_of")
        return found

    @transition(scope=Scope.REPORT, body=Nothing)
    def recall(self, report: Report) -> Report:
        """Takes a filed, undecided report back to draft."""
        return recall_report(**self._common(report))

    @transition(scope=Scope.REPORT, body=Nothing)
    def sign(self, report: Report) -> Report:
        """Signs it for the unit, which files it with the lead. For the unit's head."""
        return sign_report(**self._common(report))

    @transition(scope=Scope.REPORT, body=Reason)
    def send_back(self, report: Report, reason: str) -> Report:
        """Sends it back to the unit, which sees the reason word for word. For the head and the lead's reviewers."""
        return send_back_report(**self._common(report), reason=reason)

    @transition(scope=Scope.REPORT, body=Nothing)
    def approve(self, report: Report) -> Report:
        """Accepts it: from now on its figures count. For the lead's reviewers."""
        return approve_report(**self._common(report))

    @transition(scope=Scope.REPORT, body=Reopening)
    def reopen(self, report: Report, reason: str, until: Any) -> Report:
        """After closing, gives the unit a new deadline. For the office."""
        return reopen_report(
            unit=report.unit,
            action=report.action,
            period=report.period,
            actor=self.actor,
            now=self.now,
            version=self.seen_version,
            reason=reason,
            until=until,
        )

    @extend_schema(operation_id="api_v1_reports_reopen_missing", responses={201: ReportSerializer})
    @action(detail=False, methods=["post"], url_path="reopen", url_name="reopen-missing", scope=Scope.REPORT)
    def reopen_missing(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The same where the unit filed nothing, so that there is no report yet: it is made and reopened."""
        if not can_run_periods(self.person) or self.actor.is_service:
            raise PermissionDenied(NOT_YOURS)
        given = self.given(MissingReopening)
        named = {name: given[name] for name in ("unit", "action", "period")}
        if Report.objects.filter(**named).exists():
            raise WrongState(_("There is such a report already. Reopen it at its own address."))
        report = reopen_report(**given, actor=self.actor, now=self.now)
        place = self.reverse_action("detail", kwargs={"id": report.pk})
        return self.answer(self.shown(report.pk), status.HTTP_201_CREATED, {"Location": place})

    reopen_missing.body_class = MissingReopening  # type: ignore[attr-defined]  # the schema reads it

    # --- history ---

    @extend_schema(responses=ReportHistorySerializer)
    @action(detail=True, methods=["get"])
    def history(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every step with who, when and why, and what corrections changed."""
        told = report_history(self.get_object())
        return Response(ReportHistorySerializer(told, context=self.get_serializer_context()).data)
