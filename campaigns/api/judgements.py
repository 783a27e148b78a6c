"""What the lead's reviewers write beside the computed light: judged likelihoods, and reasons they accept.

POST writes the one there is for an action, unit and period, or the first; where there is one it asks for If-Match.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.keys import ActionField, ActionFilter, CampaignFilter, PeriodField, PeriodFilter, UnitFilter
from campaigns.models import AcceptedReason, Likelihood
from campaigns.operations.judgements import accept_reason, judge_likelihood, withdraw_reason
from campaigns.permissions import can_judge, can_see_reports_of
from units.api.filters import ApiFilterSet, BooleanFilter, WordFilter
from units.api.problems import MEDIA_TYPE
from units.api.serializers import ApiSerializer, UnitField
from units.api.viewsets import NOT_YOURS, ReadViewSet, Scope
from units.models import User

WHERE_THERE_IS_ONE = OpenApiParameter(
    "If-Match",
    {"type": "string", "minLength": 1},
    OpenApiParameter.HEADER,
    description=_("The ETag of the one that stands, where there is one."),
)
PROBLEM = {"$ref": "#/components/schemas/Problem"}
TOO_LATE = {(412, MEDIA_TYPE): PROBLEM, (428, MEDIA_TYPE): PROBLEM}


class JudgementSerializer(ApiSerializer):
    """Names are told as those of reports are: to the own unit, the lead, the office and leaders."""

    action = ActionField()
    period = PeriodField()

    def name_for_caller(self, row: Likelihood | AcceptedReason, person: User) -> str | None:
        lead_id = row.action.lead_id
        unit_id = lead_id if row.unit_id is None else row.unit_id
        sees = can_see_reports_of(self.context["view"].person, unit_id=unit_id, lead_id=lead_id)
        return person.display_name if sees else None


class LikelihoodSerializer(JudgementSerializer):
    unit = UnitField(required=False, allow_null=True, help_text=_("Null is the city."))
    judged_by = serializers.SerializerMethodField()

    class Meta:
        model = Likelihood
        fields = (
            "id",
            "action",
            "unit",
            "period",
            "level",
            "reason",
            "next_step",
            "judged_by",
            "judged_at",
            "source",
            "version",
            "updated_at",
        )
        read_only_fields = ("judged_at",)
        example = {
            "id": 5,
            "action": "hundred-days/1",
            "unit": "tongxiang",
            "period": "hundred-days/2022-08",
            "level": "likely",
            "reason": "Orders for the autumn are in.",
            "next_step": "Win two more buyers.",
            "judged_by": "Li Na",
            "judged_at": "2022-09-02T15:00:00+08:00",
            "source": "entered",
            "version": 1,
            "updated_at": "2022-09-02T15:00:00+08:00",
        }

    def get_judged_by(self, row: Likelihood) -> str | None:
        return self.name_for_caller(row, row.judged_by)


class AcceptedReasonSerializer(JudgementSerializer):
    unit = UnitField()
    accepted_by = serializers.SerializerMethodField()

    class Meta:
        model = AcceptedReason
        fields = (
            "id",
            "action",
            "unit",
            "period",
            "reason",
            "accepted_by",
            "accepted_at",
            "source",
            "version",
            "updated_at",
        )
        read_only_fields = ("accepted_at",)
        example = {
            "id": 3,
            "action": "hundred-days/1",
            "unit": "haiyan",
            "period": "hundred-days/2022-08",
            "reason": "The port was closed for five days by a typhoon.",
            "accepted_by": "Li Na",
            "accepted_at": "2022-09-02T15:00:00+08:00",
            "source": "entered",
            "version": 1,
            "updated_at": "2022-09-02T15:00:00+08:00",
        }

    def get_accepted_by(self, row: AcceptedReason) -> str | None:
        return self.name_for_caller(row, row.accepted_by)


class LikelihoodFilters(ApiFilterSet):
    campaign = CampaignFilter(field_name="period__campaign")
    period = PeriodFilter(field_name="period")
    action = ActionFilter(field_name="action")
    unit = UnitFilter()
    of_city = BooleanFilter(field_name="unit", lookup_expr="isnull")
    level = WordFilter(Likelihood.Level)

    class Meta:
        model = Likelihood
        fields = ("campaign", "period", "action", "unit", "of_city", "level")


class AcceptedReasonFilters(ApiFilterSet):
    campaign = CampaignFilter(field_name="period__campaign")
    period = PeriodFilter(field_name="period")
    action = ActionFilter(field_name="action")
    unit = UnitFilter()

    class Meta:
        model = AcceptedReason
        fields = ("campaign", "period", "action", "unit")


class JudgementViewSet(ReadViewSet):
    """What both have: who reads, who writes, and that a POST writes in the place of what stands."""

    write_scope = Scope.REPORT
    ordering = ("id",)
    ordering_fields = {
        "id": "id",
        "action": "action__number",
        "period": "period__month",
        "unit": "unit__order",
        "updated_at": "updated_at",
    }

    @transaction.atomic
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = {"unit": None, **serializer.validated_data}
        if not can_judge(self.person, given["action"]):
            raise PermissionDenied(NOT_YOURS)
        place = {name: given[name] for name in ("action", "unit", "period")}
        standing = self.queryset.filter(**place).first()
        if standing is not None:
            self.must_match(standing)
        row = self.write(given)
        code = status.HTTP_201_CREATED if standing is None else status.HTTP_200_OK
        address = self.reverse_action("detail", kwargs={"id": row.pk})
        return self.answer(self.shown(row.pk), code, {"Location": address})

    def write(self, given: dict[str, Any]) -> Any:
        raise NotImplementedError


class LikelihoodViewSet(JudgementViewSet):
    """How likely the lead judges a unit, or the city, to reach its target; never merged with the computed light.

    Read by all once the period is published; before that by the lead, the unit's own people, the office and leaders.
    """

    queryset = Likelihood.objects.select_related("action__campaign", "period__campaign", "unit", "judged_by")
    serializer_class = LikelihoodSerializer
    filterset_class = LikelihoodFilters

    @extend_schema(
        parameters=[WHERE_THERE_IS_ONE],
        responses={200: LikelihoodSerializer, 201: LikelihoodSerializer, **TOO_LATE},
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Judges, or judges anew."""
        return super().create(request, *args, **kwargs)

    def write(self, given: dict[str, Any]) -> Likelihood:
        return judge_likelihood(
            action=given["action"],
            unit=given["unit"],
            period=given["period"],
            level=given["level"],
            reason=given["reason"],
            next_step=given.get("next_step", ""),
            actor=self.actor,
            now=self.now,
            version=self.seen_version,
        )


class AcceptedReasonViewSet(JudgementViewSet):
    """Reasons that the lead accepts for being behind: each lifts the displayed light by one step and stays visible.

    Read as likelihoods are. DELETE withdraws one.
    """

    queryset = AcceptedReason.objects.select_related("action__campaign", "period__campaign", "unit", "accepted_by")
    serializer_class = AcceptedReasonSerializer
    filterset_class = AcceptedReasonFilters

    def check_object_permissions(self, request: Request, obj: AcceptedReason) -> None:
        super().check_object_permissions(request, obj)
        if self.action == "destroy" and not can_judge(self.person, obj.action):
            raise PermissionDenied(NOT_YOURS)

    @extend_schema(
        parameters=[WHERE_THERE_IS_ONE],
        responses={200: AcceptedReasonSerializer, 201: AcceptedReasonSerializer, **TOO_LATE},
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Accepts a reason, or another in its place."""
        return super().create(request, *args, **kwargs)

    def write(self, given: dict[str, Any]) -> AcceptedReason:
        return accept_reason(
            action=given["action"],
            unit=given["unit"],
            period=given["period"],
            reason=given["reason"],
            actor=self.actor,
            now=self.now,
            version=self.seen_version,
        )

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        self.must_match(row)
        withdraw_reason(accepted=row, actor=self.actor, now=self.now, version=self.seen_version)
        return Response(status=status.HTTP_204_NO_CONTENT)
