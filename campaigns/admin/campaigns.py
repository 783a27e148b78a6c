"""Campaigns in the administration. Whatever their deadlines follow from is computed again when it changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.admin.office import OfficeAdmin
from campaigns.models import Campaign
from campaigns.operations.campaign_days import fit_periods, follow_campaign
from campaigns.operations.periods import set_deadlines
from campaigns.queries.campaign_rules import wrong_with_campaign
from units.admin.recorded import person_of
from units.admin.recorded_forms import RecordedForm, describe_constraints
from units.admin.steps import take_each

describe_constraints(
    {
        "campaign_due_same_or_next_month": _("0 or 1: in the same month or in the next."),
        "campaign_due_day_in_month": _("A day of a month: 1 to 31."),
        "campaign_due_hour_in_day": _("An hour: 0 to 23."),
        "campaign_cap_not_below_100": _("The cap must be at least 100 %."),
        "campaign_coverage_is_a_share": _("A share: 0 to 100 %."),
    }
)


class CampaignForm(RecordedForm):
    rules = wrong_with_campaign


@admin.register(Campaign)
class CampaignAdmin(OfficeAdmin):
    form = CampaignForm
    list_display = [
        "slug",
        "name_en",
        "name_zh",
        "starts_on",
        "ends_on",
        "office",
        "asks_signature",
        "light_method",
        "source",
    ]
    list_display_links = ["slug", "name_en"]
    list_filter = ["light_method", "asks_signature", "office", "source"]
    list_select_related = ["office"]
    search_fields = ["slug", "name_en", "name_zh", "short_en", "short_zh"]
    date_hierarchy = "starts_on"
    autocomplete_fields = ["office", "follows"]
    fixed_once_made = ["slug"]
    actions = ["make_periods", "compute_deadlines"]
    fieldsets = [
        (None, {"fields": ["slug", "name_en", "name_zh", "short_en", "short_zh", "office", "source", "version"]}),
        (_("Days"), {"fields": ["starts_on", "ends_on", "follows"]}),
        (
            _("Deadlines"),
            {
                "fields": [
                    "asks_signature",
                    "due_month_offset",
                    "due_day",
                    "due_hour",
                    "closing_working_days",
                    "opens_days_before_end",
                    "resubmission_working_days",
                ]
            },
        ),
        (
            _("Lights and standings"),
            {
                "fields": [
                    "light_method",
                    "green_from",
                    "yellow_from",
                    "green_within",
                    "yellow_within",
                    "cap",
                    "minimum_coverage",
                ]
            },
        ),
    ]

    def after_save(self, request: HttpRequest, row: Any, changed_fields: frozenset[str]) -> None:
        follow_campaign(campaign=row, changed_fields=changed_fields, actor=person_of(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only administrators, and only one that nothing hangs on: all that hangs on it is protected."""
        return request.user.is_superuser and super().has_delete_permission(request, obj)

    @admin.action(description=_("Make the periods that are missing"), permissions=["operate"])
    def make_periods(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> None:
        take_each(
            request,
            queryset,
            lambda campaign: fit_periods(campaign=campaign, actor=person_of(request)),
            done=lambda count: (
                ngettext("Periods made for %d campaign.", "Periods made for %d campaigns.", count) % count
            ),
        )

    @admin.action(description=_("Compute the deadlines again"), permissions=["operate"])
    def compute_deadlines(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> None:
        deadlines_again(request, list(queryset))


def deadlines_again(request: HttpRequest, campaigns: Sequence[Campaign]) -> None:
    """Says how many periods moved."""
    moved: list[Any] = []
    take_each(
        request,
        campaigns,
        lambda campaign: moved.extend(set_deadlines(actor=person_of(request), campaign=campaign)),
        done=lambda _count: ngettext("%d period moved.", "%d periods moved.", len(moved)) % len(moved),
    )
