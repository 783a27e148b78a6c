"""Meetings with agenda, requirements and attendance, their minutes, and the invitation for a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.keys import CampaignFilter, PeriodFilter
from campaigns.api.meeting_bodies import (
    AttendanceBody,
    CancelBody,
    DemandsBody,
    EditItemBody,
    ItemBody,
    ItemOnlyBody,
    NextBody,
    OrderBody,
    demand_of,
)
from campaigns.api.meeting_parts import MeetingSerializer, MinutesSerializer
from campaigns.documents.invitation import invitation
from campaigns.models import (
    AgendaItem,
    Attendance,
    Meeting,
    MeetingKind,
    Minutes,
    MinutesItem,
    Report,
    Requirement,
)
from campaigns.operations.agenda import FACTS, ItemFacts, add_item, edit_item, remove_item, reorder_agenda
from campaigns.operations.attendance import Attendee, save_attendance
from campaigns.operations.meeting_series import next_meeting, series_of
from campaigns.operations.meetings import (
    FIELDS,
    MeetingFacts,
    NumberedKind,
    cancel_meeting,
    edit_meeting,
    make_meeting,
)
from campaigns.operations.requirements import save_requirements
from campaigns.permissions import can_arrange_meetings
from campaigns.queries.meetings import minutes_of
from campaigns.refusals import Invalid
from units.api.filters import ApiFilterSet, DayFilter, WordFilter
from units.api.viewsets import NOT_YOURS, ReadViewSet, Scope, transition

PARTS_OF_ITEM = ("presenter", "project", "report__action")
READING = ("list", "retrieve", "minutes", "invitation")


class MeetingFilters(ApiFilterSet):
    campaign = CampaignFilter()
    period = PeriodFilter()
    kind = WordFilter(Meeting.Kind, method="of_kind")
    held_from = DayFilter(field_name="held_on", lookup_expr="gte")
    held_until = DayFilter(field_name="held_on", lookup_expr="lte")

    class Meta:
        model = Meeting
        fields = ("campaign", "period", "kind", "held_from", "held_until")

    def of_kind(self, rows: QuerySet, name: str, kind: str) -> QuerySet:
        return rows.filter(Exists(MeetingKind.objects.filter(meeting=OuterRef("pk"), kind=kind)))


class MeetingViewSet(ReadViewSet):
    """Meetings are read by everybody; the projects, reports and people they name by whoever may see those. They are
    called and changed by the office, administrators and tokens with `manage`; what minutes were issued of stays as it
    is.
    """

    queryset = Meeting.objects.select_related("campaign", "period__campaign").prefetch_related(
        Prefetch("kinds", MeetingKind.objects.order_by("order", "pk")),
        Prefetch("agenda", AgendaItem.objects.select_related(*PARTS_OF_ITEM).order_by("order")),
        Prefetch("requirements", Requirement.objects.order_by("order")),
        Prefetch("attendances", Attendance.objects.select_related("unit").order_by("order", "pk")),
        Prefetch("minutes", Minutes.objects.order_by("version")),
    )
    serializer_class = MeetingSerializer
    filterset_class = MeetingFilters
    ordering = ("-held_on",)
    ordering_fields = ("held_on", "updated_at")
    is_for_all = True
    items: list[MinutesItem] = []

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if self.action and self.action not in READING and not can_arrange_meetings(self.person):
            raise PermissionDenied(NOT_YOURS)

    # --- the meeting ---

    @transaction.atomic
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Calls a meeting. Papers are due two working days ahead, at 18:00, where nothing else is said."""
        serializer: Any = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return self._made(make_meeting(facts=_facts(serializer.validated_data), actor=self.actor, now=self.now))

    def _made(self, meeting: Meeting) -> Response:
        place = self.reverse_action("detail", kwargs={"id": meeting.pk})
        return self.answer(self.shown(meeting.pk), status.HTTP_201_CREATED, {"Location": place})

    @transaction.atomic
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        meeting = self.get_object()
        self.must_match(meeting)
        serializer: Any = self.get_serializer(meeting, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        kept = {name: getattr(meeting, name) for name in FIELDS}
        kept["kinds"] = [{"kind": one.kind, "year": one.year, "number": one.number} for one in meeting.kinds.all()]
        facts = _facts(kept | serializer.validated_data)
        edit_meeting(facts=facts, **self._common(meeting))
        return self.answer(self.shown(meeting.pk))

    def _common(self, meeting: Meeting) -> dict[str, Any]:
        return {"meeting_id": meeting.pk, "version": self.seen_version, "actor": self.actor, "now": self.now}

    @transition(scope=Scope.MANAGE, body=CancelBody)
    def cancel(self, meeting: Meeting, reason: str) -> Meeting:
        """Says that it is not held, and why."""
        return cancel_meeting(**self._common(meeting), reason=reason)

    @extend_schema(responses={201: MeetingSerializer})
    @action(detail=False, methods=["post"], url_path="next", url_name="next", scope=Scope.MANAGE)
    def make_next(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Makes the next monthly analysis of a campaign with the agenda of its template."""
        campaign = self.given(NextBody)["campaign"]
        common: dict[str, Any] = {"actor": self.actor, "now": self.now}
        series = series_of(campaign=campaign, kind=Meeting.Kind.MONTHLY_ANALYSIS.value, **common)
        return self._made(next_meeting(series_id=series.pk, version=None, **common))

    make_next.body_class = NextBody  # type: ignore[attr-defined]  # the schema reads it

    # --- its parts ---

    @transition(scope=Scope.MANAGE, body=ItemBody)
    def add_item(self, meeting: Meeting, **given: Any) -> Meeting:
        """Puts an item at the end of the agenda."""
        add_item(**self._common(meeting), item=_item(given))
        return meeting

    @transition(scope=Scope.MANAGE, body=EditItemBody)
    def edit_item(self, meeting: Meeting, item: int, **given: Any) -> Meeting:
        """Changes an item; what is not named stays."""
        found = next((one for one in meeting.agenda.all() if one.pk == item), None)
        if found is None:
            raise Invalid(_("This item is not on the agenda any more."), field="item")
        kept = {name: getattr(found, name) for name in FACTS} | {"report": found.report_id}
        edit_item(**self._common(meeting), item_id=item, item=_item(kept | given))
        return meeting

    @transition(scope=Scope.MANAGE, body=ItemOnlyBody)
    def remove_item(self, meeting: Meeting, item: int) -> Meeting:
        """Takes an item off the agenda, where nothing rests on it."""
        return remove_item(**self._common(meeting), item_id=item)

    @transition(scope=Scope.MANAGE, body=OrderBody)
    def reorder(self, meeting: Meeting, order: list[Mapping[str, Any]]) -> Meeting:
        """Puts the whole agenda into another order."""
        placed = [(one["item"], one["session"]) for one in order]
        return reorder_agenda(**self._common(meeting), order=placed)

    @transition(scope=Scope.MANAGE, body=AttendanceBody)
    def attendance(self, meeting: Meeting, rows: list[dict[str, Any]]) -> Meeting:
        """Keeps exactly these as who attended."""
        return save_attendance(**self._common(meeting), attendees=[Attendee(**one) for one in rows])

    @transition(scope=Scope.MANAGE, body=DemandsBody)
    def requirements(self, meeting: Meeting, rows: list[dict[str, Any]]) -> Meeting:
        """Keeps exactly these as what the meeting required; those that keep their id keep their follow-ups."""
        return save_requirements(**self._common(meeting), demands=[demand_of(one) for one in rows])

    # --- what comes of it ---

    @action(detail=True, serializer_class=MinutesSerializer)
    def minutes(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The newest minutes that were issued; for the office, who writes them, the newest that there are."""
        minutes, self.items = minutes_of(self.get_object(), self.person)
        if minutes is None:
            raise Http404
        return self.answer(minutes)

    @extend_schema(responses={(200, "text/calendar"): OpenApiTypes.STR})
    @action(detail=True, url_path="invitation.ics", url_name="invitation")
    def invitation(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The meeting as an event for a calendar (RFC 5545), in the language that is asked for."""
        meeting = self.get_object()
        answer = HttpResponse(invitation(meeting, host=request.get_host()), content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="meeting-{meeting.pk}.ics"'
        return answer


def _facts(given: Mapping[str, Any]) -> MeetingFacts:
    kinds = [NumberedKind(one["kind"], one.get("year"), one.get("number")) for one in given["kinds"]]
    return MeetingFacts(**{name: value for name, value in given.items() if name != "kinds"}, kinds=kinds)


def _item(given: Mapping[str, Any]) -> ItemFacts:
    report_id = given.get("report")
    report = Report.objects.filter(pk=report_id).first() if report_id else None
    if report_id and report is None:
        raise Invalid(_("There is no “%s”.") % report_id, field="report")
    return ItemFacts(**{**given, "report": report})
