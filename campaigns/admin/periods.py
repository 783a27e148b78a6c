"""Periods in the administration: made from a campaign, moved by the clock, closed early and published by the office."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.admin.campaigns import deadlines_again
from campaigns.admin.office import OfficeView, now_of
from campaigns.domain.workflow import ReportStatus
from campaigns.models import Campaign, Period
from campaigns.operations.periods import close_period, publish_period
from units.admin.recorded import person_of
from units.admin.steps import ask_then_take


@admin.register(Period)
class PeriodAdmin(OfficeView):
    list_display = [
        "month",
        "campaign",
        "state",
        "starts_on",
        "ends_on",
        "opens_at",
        "due_at",
        "closes_at",
        "approved",
        "source",
    ]
    list_filter = ["state", "campaign", "month", "source"]
    list_select_related = ["campaign", "published_by"]
    search_fields = ["month", "campaign__slug", "campaign__name_en", "campaign__name_zh"]
    date_hierarchy = "ends_on"
    actions = ["close", "publish", "compute_deadlines"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        is_approved = Q(reports__status=ReportStatus.APPROVED)
        counts = {"report_count": Count("reports"), "approved_count": Count("reports", filter=is_approved)}
        return super().get_queryset(request).annotate(**counts)

    @admin.display(description=_("approved"))
    def approved(self, period: Any) -> str:
        return f"{period.approved_count}/{period.report_count}"

    @admin.action(description=_("Close early"), permissions=["operate"])
    def close(self, request: HttpRequest, queryset: QuerySet[Period]) -> HttpResponse | None:
        return ask_then_take(
            self,
            request,
            queryset,
            action="close",
            title=_("Close early"),
            question=_("From now on nothing more can be filed for these periods, unless a report is reopened."),
            step=lambda period, _answer: close_period(period=period, actor=person_of(request), now=now_of(request)),
            done=lambda count: ngettext("%d period closed.", "%d periods closed.", count) % count,
        )

    @admin.action(description=_("Publish"), permissions=["operate"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Period]) -> HttpResponse | None:
        return ask_then_take(
            self,
            request,
            queryset,
            action="publish",
            title=_("Publish"),
            question=_("The standings are then for all, and the reports are decided for good. This cannot be undone."),
            step=lambda period, _answer: publish_period(period=period, actor=person_of(request), now=now_of(request)),
            done=lambda count: ngettext("%d period published.", "%d periods published.", count) % count,
        )

    @admin.action(description=_("Compute the deadlines again"), permissions=["operate"])
    def compute_deadlines(self, request: HttpRequest, queryset: QuerySet[Period]) -> None:
        deadlines_again(request, list(Campaign.objects.filter(periods__in=queryset).distinct()))
