"""Follow-up items: what is to be done, by whom, by when, how it stands on the business day, and its steps."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from campaigns.api.keys import CampaignField, CampaignFilter, UnitFilter
from campaigns.domain.follow_up_life import FollowUpVerb, Urgency
from campaigns.models import FollowUp, Meeting
from campaigns.operations.follow_ups import STEPS
from campaigns.permissions import may_ever_on_follow_up
from campaigns.queries.follow_ups import of_urgency, urgency_of
from units.api.filters import ApiFilterSet, BooleanFilter, DayFilter, KeyFilter, WordFilter
from units.api.serializers import ApiSerializer, DayField, KeysField, Reason, Strict, TextField, UnitField
from units.api.viewsets import NOT_YOURS, ReadViewSet, Scope, transition
from units.models import Unit

VERBS = {
    **{verb.value: verb for verb in STEPS},
    "grant_extension": FollowUpVerb.GRANT,
    "refuse_extension": FollowUpVerb.REFUSE,
}
"""By the name of the action."""
URGENCIES = [(one.value, one.value) for one in Urgency]


class Said(Strict):
    """Words to a step, where there are any."""

    text = TextField(max_length=2000, required=False, allow_blank=True, default="")


class Feedback(Strict):
    """What was done."""

    text = TextField(max_length=2000)


class AskedExtension(Reason):
    """A later due date, and why."""

    new_due_on = DayField()


class GrantedExtension(Said):
    """The later due date that is given."""

    new_due_on = DayField()


class FollowUpSerializer(ApiSerializer):
    campaign = CampaignField(read_only=True)
    meeting: Any = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)
    agenda_item: Any = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)
    minutes_item: Any = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)
    requirement: Any = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)
    warning: Any = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)
    lead = UnitField(read_only=True)
    supporting = KeysField(child=UnitField(read_only=True), read_only=True)
    urgency = serializers.SerializerMethodField(
        help_text=_("Against its due date: overdue is red, returned and behind yellow, near (three days) blue.")
    )

    class Meta:
        model = FollowUp
        fields = (
            "id",
            "number",
            "campaign",
            "title_en",
            "title_zh",
            "text",
            "origin",
            "meeting",
            "agenda_item",
            "minutes_item",
            "requirement",
            "warning",
            "lead",
            "supporting",
            "registered_on",
            "due_on",
            "state",
            "urgency",
            "closed_on",
            "source",
            "version",
            "updated_at",
        )
        read_only_fields = fields
        example = {
            "id": 9,
            "number": "2022-014",
            "campaign": "hundred-days",
            "title_en": "Move the power line",
            "title_zh": "电力线路迁改",
            "text": "",
            "origin": "meeting",
            "meeting": 4,
            "agenda_item": 31,
            "minutes_item": None,
            "requirement": None,
            "warning": None,
            "lead": "tongxiang",
            "supporting": ["transport"],
            "registered_on": "2022-08-29",
            "due_on": "2022-09-30",
            "state": "in_hand",
            "urgency": "in_time",
            "closed_on": None,
            "source": "entered",
            "version": 4,
            "updated_at": "2022-09-01T10:00:00+08:00",
        }

    def get_urgency(self, follow_up: FollowUp) -> Urgency:
        return urgency_of(follow_up, self.context["view"].today)


@extend_schema_field({"type": "string"})
class TaskedUnitFilter(UnitFilter):
    """By a unit that leads or supports."""

    def filter(self, queryset: Any, value: Any) -> Any:
        if value is None:
            return queryset
        return queryset.filter(Q(lead=value) | Q(pk__in=value.supported_follow_ups.values("pk")))


@extend_schema_field({"type": "integer", "minimum": 0})
class MeetingFilter(KeyFilter):
    """By the id of a meeting."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Meeting.objects.all(), key="pk", **kwargs)


class FollowUpFilters(ApiFilterSet):
    campaign = CampaignFilter()
    lead = UnitFilter()
    unit = TaskedUnitFilter(help_text=_("Lead or supporting."))
    meeting = MeetingFilter()
    origin = WordFilter(FollowUp.Origin)
    state = WordFilter(FollowUp.State)
    urgency = WordFilter(URGENCIES, method="of_urgency")
    is_overdue = BooleanFilter(method="of_time")
    due_until = DayFilter(field_name="due_on", lookup_expr="lte")

    class Meta:
        model = FollowUp
        fields = ("campaign", "lead", "unit", "meeting", "origin", "state", "urgency", "is_overdue", "due_until")

    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today or date.max

    def of_urgency(self, rows: Any, name: str, asked: str) -> QuerySet:
        return of_urgency(rows, Urgency(asked), self.today)

    def of_time(self, rows: Any, name: str, is_overdue: bool) -> QuerySet:
        overdue = of_urgency(rows, Urgency.OVERDUE, self.today)
        return overdue if is_overdue else rows.exclude(pk__in=overdue.order_by().values("pk"))


class FollowUpViewSet(ReadViewSet):
    """Follow-up items, for the units that lead or support them, the office and leaders.

    The office assigns, closes and archives; the people of the lead unit accept, start, give feedback and ask for
    extensions before the due date. Client systems take no step.
    """

    queryset = FollowUp.objects.select_related("campaign", "lead").prefetch_related(
        Prefetch("supporting", Unit.objects.order_by("order", "code"))
    )
    serializer_class = FollowUpSerializer
    filterset_class = FollowUpFilters
    ordering = ("due_on", "number")
    ordering_fields = ("number", "due_on", "registered_on", "state", "updated_at")

    def filterset_kwargs(self, request: Request) -> dict[str, Any]:
        return {"today": self.today}

    def check_object_permissions(self, request: Request, obj: FollowUp) -> None:
        """What this caller may never do is told first, whatever version or state the follow-up is in."""
        super().check_object_permissions(request, obj)
        verb = VERBS.get(self.action)
        if verb and (self.actor.is_service or not may_ever_on_follow_up(self.person, verb, obj)):
            raise PermissionDenied(NOT_YOURS)

    def _take(self, follow_up: FollowUp, **given: Any) -> FollowUp:
        take = STEPS[VERBS[self.action]]
        common = {"follow_up_id": follow_up.pk, "actor": self.actor, "now": self.now, "version": self.seen_version}
        return take(**common, **given)

    @transition(scope=Scope.REPORT, body=Said)
    def assign(self, follow_up: FollowUp, text: str) -> FollowUp:
        """Hands it to the lead unit, whose people are told. For the office."""
        return self._take(follow_up, text=text)

    @transition(scope=Scope.REPORT, body=Said)
    def accept(self, follow_up: FollowUp, text: str) -> FollowUp:
        """Takes it on. For the lead unit's reporters and heads, as the next two."""
        return self._take(follow_up, text=text)

    @transition(scope=Scope.REPORT, body=Said)
    def start(self, follow_up: FollowUp, text: str) -> FollowUp:
        """Says that work has begun."""
        return self._take(follow_up, text=text)

    @transition(scope=Scope.REPORT, body=Feedback)
    def feedback(self, follow_up: FollowUp, text: str) -> FollowUp:
        """Says what was done."""
        return self._take(follow_up, text=text)

    @transition(scope=Scope.REPORT, body=Reason)
    def send_back(self, follow_up: FollowUp, reason: str) -> FollowUp:
        """Gives it back with the reason. For the office, and the reviewers whose warning it comes from."""
        return self._take(follow_up, text=reason)

    @transition(scope=Scope.REPORT, body=Said)
    def close(self, follow_up: FollowUp, text: str) -> FollowUp:
        """Ends it after feedback. For the office."""
        return self._take(follow_up, text=text)

    @transition(scope=Scope.REPORT, body=AskedExtension)
    def extend(self, follow_up: FollowUp, reason: str, new_due_on: date) -> FollowUp:
        """Asks for a later due date, before the due date. For the lead unit's reporters and heads."""
        return self._take(follow_up, text=reason, new_due_on=new_due_on)

    @transition(scope=Scope.REPORT, body=GrantedExtension)
    def grant_extension(self, follow_up: FollowUp, text: str, new_due_on: date) -> FollowUp:
        """Gives the later due date that was asked for, or another. For the office."""
        return self._take(follow_up, text=text, new_due_on=new_due_on)

    @transition(scope=Scope.REPORT, body=Reason)
    def refuse_extension(self, follow_up: FollowUp, reason: str) -> FollowUp:
        """Leaves the due date as it is. For the office."""
        return self._take(follow_up, text=reason)

    @transition(scope=Scope.REPORT, body=Said)
    def archive(self, follow_up: FollowUp, text: str) -> FollowUp:
        """Puts a closed one away. For the office."""
        return self._take(follow_up, text=text)
