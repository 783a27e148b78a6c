"""The dashboard: the city in one period, on one page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_current_timezone
from django.views.decorators.http import require_safe

from campaigns.documents.charts.city_way import city_way
from campaigns.domain.deadlines import days_left
from campaigns.domain.months import day_of_campaign
from campaigns.models import Period
from campaigns.permissions import can_see_packs
from campaigns.queries.clock import local_day
from campaigns.queries.dashboard import Dashboard, dashboard
from campaigns.queries.standings import ranking_groups
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of, selection_of
from campaigns.views.standings import group_of

MOVERS = 3
"""So many units that rose, and that fell, are named."""
LISTED = 6
"""So many projects, and units that have not filed, are named; the rest is counted."""


@require_safe
def dashboard_page(request: SiteRequest) -> HttpResponse:
    selection = selection_of(request)
    if selection.period is None:
        return render(request, "campaigns/dashboard.html", {"page": None})
    person, groups = person_of(request), ranking_groups()
    page = dashboard(
        selection.period,
        periods=selection.periods,
        group=group_of(request, groups),
        person=person,
        now=request.business_now,
    )
    context = {"groups": groups, "sees_packs": can_see_packs(person), **_shown(page)}
    return render(request, "campaigns/dashboard.html", context)


def _shown(page: Dashboard) -> dict[str, Any]:
    period = page.period
    campaign = period.campaign
    return {
        "page": page,
        "campaign": campaign,
        "day": day_of_campaign(campaign.starts_on, period.ends_on),
        "days_to_end": _days_to_end(page),
        "chart": city_way(page),
        "risen": page.risen[:MOVERS],
        "fallen": page.fallen[:MOVERS],
        "is_ranked": any(row.rank for row in page.standings.ranked),
        "warned": page.warned[:LISTED],
        "more_warned": max(0, len(page.warned) - LISTED),
        "unfiled": page.unfiled[:LISTED],
        "more_unfiled": max(0, len(page.unfiled) - LISTED),
        "days_to_file": _days_to_file(page),
    }


def _days_to_end(page: Dashboard) -> int | None:
    """Days that are left of the campaign; none on its last day and after it."""
    left = (page.period.campaign.ends_on - local_day(page.as_of)).days
    return left if left > 0 else None


def _days_to_file(page: Dashboard) -> int | None:
    """Days until the reports are due, below nought once they are overdue; none where nothing more can be filed."""
    if page.period.state != Period.State.OPEN:
        return None
    return days_left(page.as_of, page.period.due_at, tz=get_current_timezone())
