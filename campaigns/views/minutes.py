"""Writing, issuing and revising the minutes of a meeting, and the paper of them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.documents.minutes_papers import minutes_paper
from campaigns.documents.papers import TYPES, draw
from campaigns.forms.decisions import DecisionForm
from campaigns.forms.minutes import conclusions_form, written
from campaigns.models import Meeting
from campaigns.operations.meetings import NOT_YOURS
from campaigns.operations.minutes import issue_minutes, revise_minutes, save_minutes
from campaigns.permissions import can_run_meetings
from campaigns.queries.meetings import minutes_of
from campaigns.refusals import Refusal
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of
from units.views.downloads import as_download


def _meeting(meeting_id: int) -> Meeting:
    return get_object_or_404(Meeting.objects.select_related("campaign__office"), pk=meeting_id)


def _to_the_minutes(meeting_id: int) -> HttpResponse:
    return redirect(f"{reverse('meeting', args=[meeting_id])}?tab=minutes")


@require_http_methods(["GET", "HEAD", "POST"])
def edit_minutes(request: SiteRequest, meeting_id: int) -> HttpResponse:
    """The draft, row by row; what was typed stays where it is refused. What is issued leads to the meeting."""
    if not can_run_meetings(person_of(request)):
        raise PermissionDenied(NOT_YOURS)
    meeting = _meeting(meeting_id)
    minutes, items = minutes_of(meeting, person_of(request))
    if minutes is not None and minutes.is_frozen:
        messages.error(request, _("These minutes are issued. Begin a new version to change them."))
        return _to_the_minutes(meeting_id)
    rows = conclusions_form(meeting, items, request.POST or None)
    decision = DecisionForm(request.POST or None, initial={"version": meeting.version})
    refusal, status = "", 200
    if request.method == "POST":
        refusal, status = _save(request, meeting, rows, decision)
        if not status:
            messages.success(request, _("The draft is kept."))
            return redirect("edit_minutes", meeting_id)
    context = {
        "meeting": meeting,
        "minutes": minutes,
        "rows": rows,
        "refusal": refusal,
        "version": _meeting(meeting_id).version,
    }
    return render(request, "campaigns/minutes_edit.html", context, status=status)


def _save(request: SiteRequest, meeting: Meeting, rows: Any, decision: DecisionForm) -> tuple[str, int]:
    """What was refused with the status of the answer; no status where it is kept."""
    if not decision.is_valid() or not rows.is_valid():
        return _("Correct what is marked below. Nothing is lost."), 400
    try:
        save_minutes(
            meeting_id=meeting.pk,
            version=decision.cleaned_data["version"],
            conclusions=written(rows),
            actor=request.user,
            now=request.business_now,
        )
    except Refusal as refused:
        return str(refused), 409
    return "", 0


@require_POST
def issue(request: SiteRequest, meeting_id: int) -> HttpResponse:
    return _take(request, meeting_id, issue_minutes, _("The minutes are issued and frozen."))


@require_POST
def revise(request: SiteRequest, meeting_id: int) -> HttpResponse:
    return _take(request, meeting_id, revise_minutes, _("A new version is begun; the issued one stays as it is."))


def _take(request: SiteRequest, meeting_id: int, operation: Any, told: str) -> HttpResponse:
    if not can_run_meetings(person_of(request)):
        raise PermissionDenied(NOT_YOURS)
    meeting, form = _meeting(meeting_id), DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["version"])))
        return _to_the_minutes(meeting_id)
    try:
        operation(meeting_id=meeting.pk, actor=request.user, now=request.business_now, **form.cleaned_data)
    except Refusal as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, told)
    return _to_the_minutes(meeting_id)


@require_safe
def minutes_file(request: SiteRequest, meeting_id: int, kind: str) -> HttpResponseBase:
    """The newest version that this person may read, always as a download."""
    meeting = _meeting(meeting_id)
    minutes, items = minutes_of(meeting, person_of(request))
    if kind not in TYPES or minutes is None:
        raise Http404(_("There is no such document."))
    content = draw(minutes_paper(meeting, minutes, items, request.business_now), kind)
    answer = FileResponse(BytesIO(content), content_type=TYPES[kind])
    return as_download(answer, f"minutes-{minutes.number}-v{minutes.version}.{kind}")
