"""Calling a meeting, changing what it is, cancelling it, and making the next one of a series."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.forms.decisions import DecisionForm, wrong_with_version
from campaigns.forms.meetings import CancelForm, MeetingForm
from campaigns.models import Campaign, Meeting, MeetingSeries
from campaigns.operations.meeting_series import next_meeting, series_of
from campaigns.operations.meetings import NOT_YOURS, cancel_meeting, edit_meeting, make_meeting
from campaigns.permissions import can_arrange_meetings
from campaigns.queries.meetings import is_closed
from campaigns.refusals import Invalid, Refusal
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of, selection_of


def must_arrange(request: SiteRequest) -> None:
    if not can_arrange_meetings(person_of(request)):
        raise PermissionDenied(NOT_YOURS)


def meeting_of(meeting_id: int, rows: QuerySet[Meeting] | None = None) -> Meeting:
    rows = Meeting.objects.all() if rows is None else rows
    return get_object_or_404(rows.select_related("campaign__office", "period"), pk=meeting_id)


def put_error(form: Any, refused: Invalid | ValidationError) -> None:
    """Beside the box that it is about, where the form has one."""
    if isinstance(refused, ValidationError):
        told = refused.message_dict if hasattr(refused, "error_dict") else {"": refused.messages}
        for name, texts in told.items():
            form.add_error(name if name in form.fields else None, texts)
    else:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))


def at_version(form: Any, version: int) -> None:
    """The form as it was typed, from now on for the version that is looked at."""
    told = form.data.copy() if hasattr(form.data, "copy") else dict(form.data)
    told["version"] = str(version)
    form.data = told


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SiteRequest) -> HttpResponse:
    must_arrange(request)
    form = MeetingForm(request.POST or None, campaign=selection_of(request).campaign)
    if form.is_valid():
        try:
            made = make_meeting(facts=form.facts(), actor=request.user, now=request.business_now)
        except (Invalid, ValidationError) as refused:
            put_error(form, refused)
        else:
            messages.success(request, _("The meeting is called. Now its agenda."))
            return redirect("agenda", made.pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "campaigns/meeting_edit.html", {"form": form, "meeting": None}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SiteRequest, meeting_id: int) -> HttpResponse:
    must_arrange(request)
    meeting = meeting_of(meeting_id)
    if request.method != "POST":
        return _draw(request, meeting, MeetingForm(meeting=meeting))
    form = MeetingForm(request.POST, meeting=meeting)
    refusal, status = wrong_with_version(form), 400
    if form.is_valid():
        try:
            edit_meeting(
                meeting_id=meeting.pk,
                version=form.cleaned_data["version"],
                facts=form.facts(),
                actor=request.user,
                now=request.business_now,
            )
        except (Invalid, ValidationError) as refused:
            put_error(form, refused)
        except Refusal as refused:
            refusal, status = str(refused), 409
        else:
            messages.success(request, _("The meeting is kept."))
            return redirect("meeting", meeting.pk)
    meeting = meeting_of(meeting_id)
    at_version(form, meeting.version)
    return _draw(request, meeting, form, refusal=refusal, status=status)


def _draw(
    request: SiteRequest,
    meeting: Meeting,
    form: MeetingForm,
    *,
    cancel: CancelForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "meeting": meeting,
        "form": form,
        "cancel_form": cancel or CancelForm(initial={"version": meeting.version}, auto_id="cancel-%s"),
        "is_cancel_open": cancel is not None,
        "is_closed": is_closed(meeting),
        "refusal": refusal,
    }
    return render(request, "campaigns/meeting_edit.html", context, status=status)


@require_POST
def cancel(request: SiteRequest, meeting_id: int) -> HttpResponse:
    must_arrange(request)
    meeting = meeting_of(meeting_id)
    form = CancelForm(request.POST, auto_id="cancel-%s")
    refusal, status = wrong_with_version(form), 400
    if form.is_valid():
        try:
            cancel_meeting(meeting_id=meeting.pk, actor=request.user, now=request.business_now, **form.cleaned_data)
        except Invalid as refused:
            put_error(form, refused)
        except Refusal as refused:
            refusal, status = str(refused), 409
        else:
            messages.success(request, _("The meeting is cancelled. Its invitation now takes it out of calendars."))
            return redirect("meeting", meeting.pk)
    meeting = meeting_of(meeting_id)
    at_version(form, meeting.version)
    return _draw(request, meeting, MeetingForm(meeting=meeting), cancel=form, refusal=refusal, status=status)


# --- a series ---------------------------------------------------------------------------------------------------------


@require_POST
def make_next(request: SiteRequest, series_id: int) -> HttpResponse:
    """The next meeting of a series with its agenda."""
    must_arrange(request)
    series = get_object_or_404(MeetingSeries, pk=series_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, wrong_with_version(form))
        return redirect("meetings")
    try:
        made = next_meeting(series_id=series.pk, actor=request.user, now=request.business_now, **form.cleaned_data)
    except (Refusal, ValidationError) as refused:
        messages.error(request, " ".join(refused.messages) if isinstance(refused, ValidationError) else str(refused))
        return redirect("meetings")
    messages.success(request, _("The next meeting is called. Look over its day and its agenda."))
    return redirect("agenda", made.pk)


@require_POST
def begin_series(request: SiteRequest, campaign: str) -> HttpResponse:
    """The campaign's monthly analysis, with the default agenda where it has none; its template is edited in the
    administration."""
    must_arrange(request)
    found = get_object_or_404(Campaign, slug=campaign)
    kind = Meeting.Kind.MONTHLY_ANALYSIS.value
    series = series_of(campaign=found, kind=kind, actor=request.user, now=request.business_now)
    messages.success(request, _("The template holds for meetings that are made from now on."))
    return redirect(reverse("admin:campaigns_meetingseries_change", args=[series.pk]))
