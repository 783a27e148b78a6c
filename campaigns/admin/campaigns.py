"""Campaigns in the administration. Whatever their deadlines follow from is computed again when it changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.admin.office import OfficeAdmin
from campaigns.domain.deadlines import DueRule, deadlines
from campaigns.domain.months import campaign_spans
from campaigns.models import Campaign
from campaigns.operations.campaign_days import fit_periods, hindrance
from campaigns.operations.periods import set_deadlines
from campaigns.queries.calendars import working_calendar
from units.admin.recorded import person_of
from units.admin.recorded_forms import RecordedForm, describe_constraints
from units.admin.steps import take_each

DAYS = frozenset({"starts_on", "ends_on"})
RULE = frozenset({"due_month_offset", "due_day", "due_hour", "closing_working_days", "opens_days_before_end"})
LONGEST = timedelta(days=3 * 366)
YEARS = range(2000, 2100)
MOST = {"closing_working_days": 60, "opens_days_before_end": 366, "resubmission_working_days": 60}

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
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self._check_numbers()
        if not DAYS & set(self.errors):
            self._check_days()
        if not (DAYS | RULE) & set(self.errors):
            self._check_rule()
        return cleaned

    def _check_numbers(self) -> None:
        for name, most in MOST.items():
            if (self.cleaned_data.get(name) or 0) > most:
                self.add_error(name, _("At most %(most)d.") % {"most": most})

    def _check_days(self) -> None:
        starts_on, ends_on = (self.cleaned_data.get(name) for name in ("starts_on", "ends_on"))
        if starts_on is None or ends_on is None or ends_on < starts_on:
            return
        if starts_on.year not in YEARS or ends_on - starts_on > LONGEST:
            self.add_error("ends_on", _("A campaign lasts three years at most, between 2000 and 2099."))
        elif self.instance.pk:
            reason = hindrance(self.instance, starts_on=starts_on, ends_on=ends_on)
            if reason:
                self.add_error("ends_on" if "ends_on" in self.changed_data else "starts_on", reason)

    def _check_rule(self) -> None:
        """Every period must open before it falls due."""
        given = self.cleaned_data
        if given["ends_on"] < given["starts_on"]:
            return
        try:
            rule = DueRule(
                month_offset=given["due_month_offset"],
                day=given["due_day"],
                hour=given["due_hour"],
                closing_working_days=given["closing_working_days"],
                opens_days_before_end=given["opens_days_before_end"],
            )
        except ValueError:
            return  # the constraints say it beside the field
        calendar, zone = working_calendar(), get_current_timezone()
        for span in campaign_spans(given["starts_on"], given["ends_on"]):
            instants = deadlines(span, rule=rule, calendar=calendar, tz=zone)
            if instants.due_at <= instants.opens_at:
                told = _("With this rule %(month)s would fall due before it opens.") % {"month": span.month.key}
                self.add_error("due_hour", told)
                return


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
    autocomplete_fields = ["office"]
    fixed_once_made = ["slug"]
    actions = ["make_periods", "compute_deadlines"]
    fieldsets = [
        (None, {"fields": ["slug", "name_en", "name_zh", "short_en", "short_zh", "office", "source", "version"]}),
        (_("Days"), {"fields": ["starts_on", "ends_on"]}),
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
        if changed_fields & DAYS:
            fit_periods(campaign=row, actor=person_of(request))
        elif changed_fields & RULE:
            set_deadlines(actor=person_of(request), campaign=row)

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
