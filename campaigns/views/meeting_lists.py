"""The lists that the office writes after a meeting: who attended, and what it required."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.forms.decisions import DecisionForm, wrong_with_version
from campaigns.forms.meetings import attendance_form, attendees, demands, demands_form
from campaigns.models import Meeting
from campaigns.operations.attendance import save_attendance
from campaigns.operations.requirements import save_requirements
from campaigns.permissions import can_run_meetings
from campaigns.queries.meetings import is_closed
from campaigns.refusals import Invalid, Refusal
from campaigns.requests import SiteRequest
from campaigns.views.meeting_arranging import meeting_of, must_arrange
from campaigns.views.shell import person_of


@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: SiteRequest, meeting_id: int) -> HttpResponse:
    must_arrange(request)
    meeting = meeting_of(meeting_id)
    rows = attendance_form(meeting, request.POST or None)

    def keep(version: int) -> Any:
        return save_attendance(attendees=attendees(rows), **_common(request, meeting, version))

    return _page(request, meeting, rows, keep, tab="attendance", is_fixed=is_closed(meeting))


@require_http_methods(["GET", "HEAD", "POST"])
def requirements(request: SiteRequest, meeting_id: int) -> HttpResponse:
    must_arrange(request)
    meeting = meeting_of(meeting_id)
    rows = demands_form(meeting, request.POST or None)

    def keep(version: int) -> Any:
        return save_requirements(demands=demands(rows), **_common(request, meeting, version))

    return _page(request, meeting, rows, keep, tab="requirements", is_fixed=meeting.is_cancelled)


def _common(request: SiteRequest, meeting: Meeting, version: int) -> dict[str, Any]:
    return {"meeting_id": meeting.pk, "version": version, "actor": request.user, "now": request.business_now}


def _page(
    request: SiteRequest, meeting: Meeting, rows: Any, keep: Callable[[int], Any], *, tab: str, is_fixed: bool
) -> HttpResponse:
    """The rows; what was typed stays where it is refused."""
    refusal, status = "", 200
    if request.method == "POST":
        refusal, status = _save(request, rows, keep)
        if not status:
            messages.success(request, _("The list is kept."))
            return redirect(f"{reverse('meeting', args=[meeting.pk])}?tab={tab}")
    context = {
        "meeting": meeting,
        "rows": rows,
        "tab": tab,
        "refusal": refusal,
        "is_fixed": is_fixed,
        "may_write": can_run_meetings(person_of(request)),
        "version": meeting_of(meeting.pk).version,
    }
    return render(request, f"campaigns/meeting_{tab}_edit.html", context, status=status)


def _save(request: SiteRequest, rows: Any, keep: Callable[[int], Any]) -> tuple[str, int]:
    """What was refused with the status of the answer; no status where it is kept."""
    decision = DecisionForm(request.POST)
    if not decision.is_valid() or not rows.is_valid():
        return wrong_with_version(decision) or _("Correct what is marked below. Nothing is lost."), 400
    try:
        keep(decision.cleaned_data["version"])
    except ValidationError as refused:
        return " ".join(refused.messages), 400
    except Invalid as refused:
        return str(refused), 400
    except Refusal as refused:
        return str(refused), 409
    return "", 0
