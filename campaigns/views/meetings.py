"""The list of meetings, and the page of one: agenda, requirements, attendance, minutes and follow-ups."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.models import Campaign, Meeting
from campaigns.permissions import can_arrange_meetings
from campaigns.queries import meetings
from campaigns.queries.clock import local_day
from campaigns.queries.meeting_series import series_row
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of, selection_of

TABS = ("agenda", "requirements", "attendance", "minutes")


@require_safe
def meeting_list(request: SiteRequest) -> HttpResponse:
    rows, named = meetings_shown(request)
    context: dict[str, Any] = {"rows": rows, "named": named}
    if can_arrange_meetings(person_of(request)):
        campaign = selection_of(request).campaign
        series = series_row(campaign, local_day(request.business_now)) if campaign else None
        context |= {"may_arrange": True, "campaign": campaign, "series": series}
    return render(request, "campaigns/meetings.html", context)


def meetings_shown(request: SiteRequest) -> tuple[list[meetings.MeetingRow], Campaign | None]:
    """Meetings of all campaigns, since one often serves two; of one campaign where the address names it."""
    named = selection_of(request).campaign if request.GET.get("campaign") else None
    return meetings.meeting_list(campaign=named, today=local_day(request.business_now)), named


@require_safe
def meeting_page(request: SiteRequest, meeting_id: int) -> HttpResponse:
    tab = request.GET.get("tab", TABS[0])
    if tab not in TABS:
        raise Http404(_("The page of a meeting has no part “%s”.") % tab)
    today = local_day(request.business_now)
    try:
        page = meetings.meeting_page(meeting_id, person=person_of(request), today=today)
    except Meeting.DoesNotExist as error:
        raise Http404(_("There is no such meeting.")) from error
    return render(
        request, "campaigns/meeting.html", {"page": page, "meeting": page.meeting, "tab": tab, "today": today}
    )
