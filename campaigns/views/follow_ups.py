"""The follow-ups: the list with its totals and files, how long things stay open, one follow-up and its steps."""

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
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.documents.follow_up_papers import follow_up_list as paper_of
from campaigns.documents.follow_up_papers import follow_up_sheets
from campaigns.documents.papers import TYPES, draw
from campaigns.domain.follow_up_life import FollowUpVerb
from campaigns.filters import FollowUpFilter
from campaigns.forms.attachments import ACCEPT, AttachmentForm
from campaigns.forms.follow_ups import NewFollowUpForm, StepForm
from campaigns.models import Campaign, Extension, FollowUp, FollowUpFile, Meeting
from campaigns.operations.evidence import add_evidence as keep_evidence
from campaigns.operations.follow_ups import NOT_YOURS, STEPS, close_follow_ups, register_follow_up
from campaigns.permissions import can_run_meetings, may_ever_on_follow_up, may_now_on_follow_up
from campaigns.queries.clock import local_day
from campaigns.queries.follow_up_sources import beginnings
from campaigns.queries.follow_ups import (
    TIMED,
    follow_up_page,
    follow_up_row,
    follow_ups_of,
    time_open,
    totals,
)
from campaigns.refusals import Invalid, Refusal
from campaigns.requests import SiteRequest
from campaigns.views.lists import campaign_of, list_context, page_of
from campaigns.views.shell import person_of, selection_of
from campaigns.views.steps import Refused, look_again, refusal_of, stand_at
from units.views.downloads import as_download, must_be_known, table_answer, takes

# --- the list ---------------------------------------------------------------------------------------------------------


@require_safe
def follow_up_list(request: SiteRequest) -> HttpResponse:
    """The open follow-ups of the chosen campaign, or those that the filters ask for."""
    campaign = selection_of(request).campaign
    if campaign is None:
        return render(request, "campaigns/follow_ups.html", {"campaign": None})
    today, person = local_day(request.business_now), person_of(request)
    asked = _filtered(request, campaign)
    is_valid = asked.form.is_valid()
    page = page_of(request, asked.chosen() if is_valid else asked.queryset.none())
    context = list_context(request, campaign, asked, page) | {
        "total": totals(asked.queryset, today),
        "rows": [follow_up_row(one, today) for one in page.object_list],
        "times": time_open(asked.queryset, today),
        "timed": [state.label for state in TIMED],
        "may_run": can_run_meetings(person),
        "has_closable": person.is_office and any(one.state == "feedback" for one in page.object_list),
    }
    return render(request, "campaigns/follow_ups.html", context, status=200 if is_valid else 400)


@require_safe
@takes("campaign", "period", "unit", "state", "light", "origin", "meeting")
def export(request: SiteRequest, kind: str) -> HttpResponseBase:
    """The list as it is filtered; a filter that is none leads to the page, which says so."""
    must_be_known(kind)
    campaign = campaign_of(request)
    asked = _filtered(request, campaign)
    if not asked.form.is_valid():
        return redirect(f"{reverse('follow_ups')}?{request.GET.urlencode()}")
    rows = asked.chosen().prefetch_related("supporting")
    sheets = follow_up_sheets(rows, local_day(request.business_now))
    return table_answer(sheets, kind=kind, name=f"follow-ups-{campaign.slug}")


@require_POST
def close_many(request: SiteRequest) -> HttpResponse:
    """Closes what is ticked, each with the version that was looked at; what could not be closed is named."""
    if not can_run_meetings(person_of(request)):
        raise PermissionDenied(NOT_YOURS)
    back = redirect(f"{reverse('follow_ups')}?{request.POST.get('query', '')}")
    try:
        done = close_follow_ups(wanted=_ticked(request), actor=request.user, now=request.business_now)
    except Invalid as refused:
        messages.error(request, str(refused))
        return back
    if done.closed:
        count = len(done.closed)
        told = ngettext("%(count)d follow-up closed.", "%(count)d follow-ups closed.", count)
        messages.success(request, told % {"count": count})
    for follow_up, reason in done.refused:
        messages.error(request, f"{follow_up.number}: {reason}")
    return back


def _ticked(request: SiteRequest) -> dict[int, int]:
    """By id the version, of boxes that read `id-version` and that this person may see; others are left out."""
    pairs = [one.partition("-") for one in request.POST.getlist("follow_up")]
    told = {int(pk): int(version) for pk, _dash, version in pairs if _is_number(pk) and _is_number(version)}
    seen = FollowUp.objects.visible_to(person_of(request)).filter(pk__in=told).values_list("pk", flat=True)
    return {pk: told[pk] for pk in seen}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _filtered(request: SiteRequest, campaign: Campaign) -> FollowUpFilter:
    rows = follow_ups_of(campaign, person_of(request))
    return FollowUpFilter(request.GET, queryset=rows, today=local_day(request.business_now))


# --- a new one --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def new_follow_up(request: SiteRequest) -> HttpResponse:
    """Registers one; a requirement, an item of minutes or a warning that the address names fills the boxes."""
    if not can_run_meetings(person_of(request)):
        raise PermissionDenied(NOT_YOURS)
    campaign = campaign_of(request)
    form = NewFollowUpForm(campaign, request.POST or None, initial=beginnings(request.GET.dict()))
    status = 400 if request.method == "POST" else 200
    if form.is_valid():
        try:
            made = register_follow_up(campaign=campaign, task=form.task(), actor=request.user, now=request.business_now)
        except Invalid as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, _("Registered. Assign it, so that the unit is told."))
            return redirect("follow_up", made.pk)
    return render(request, "campaigns/follow_up_new.html", {"form": form, "campaign": campaign}, status=status)


# --- one follow-up ----------------------------------------------------------------------------------------------------


@require_safe
def follow_up(request: SiteRequest, follow_up_id: int) -> HttpResponse:
    return _draw(request, _visible(request, follow_up_id))


def _visible(request: SiteRequest, follow_up_id: int) -> FollowUp:
    """The follow-up, or 404 where this person may not see it."""
    rows = FollowUp.objects.visible_to(person_of(request)).select_related(
        "lead", "campaign", "meeting", "requirement", "warning__project", "minutes_item"
    )
    return get_object_or_404(rows, pk=follow_up_id)


def _draw(
    request: SiteRequest,
    found: FollowUp,
    *,
    taken: str = "",
    form: StepForm | None = None,
    file_form: AttachmentForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; `form` is that of the step that was tried, with what was typed and what is wrong with it."""
    person, today = person_of(request), local_day(request.business_now)
    page = follow_up_page(found, today)
    verbs = [verb for verb in STEPS if may_now_on_follow_up(person, verb, found) and _is_time(verb, found, page, today)]
    forms = {verb.value: form if verb == taken and form else StepForm(verb, found, page.asked) for verb in verbs}
    adds = may_ever_on_follow_up(person, FollowUpVerb.FEEDBACK, found) and found.state not in FollowUp.DONE
    context = {
        "page": page,
        "row": page.row,
        "one": found,
        "forms": forms,
        "opened": taken or next(iter(forms), ""),
        "refusal": refusal,
        "typed": form if form and taken not in forms else None,
        "file_form": (file_form or AttachmentForm()) if adds else None,
        "accept": ACCEPT,
    }
    return render(request, "campaigns/follow_up.html", context, status=status)


def _is_time(verb: FollowUpVerb, found: FollowUp, page: Any, today: Any) -> bool:
    """Whether there is anything to ask for or to decide about the due date."""
    if verb == FollowUpVerb.EXTEND:
        return page.asked is None and today < found.due_on
    return page.asked is not None if verb in (FollowUpVerb.GRANT, FollowUpVerb.REFUSE) else True


@require_POST
def take_step(request: SiteRequest, follow_up_id: int, step: str) -> HttpResponse:
    """Takes the step and leads back to the page; refused, the page is drawn with the words that were typed."""
    found = _visible(request, follow_up_id)
    verb = next((one for one in STEPS if one.value.replace("_", "-") == step), None)
    if verb is None:
        raise Http404(_("There is no such step."))
    if not may_ever_on_follow_up(person_of(request), verb, found):
        raise PermissionDenied(NOT_YOURS)
    form = StepForm(verb, found, _asked(found), request.POST)
    refused = refusal_of(form, STEPS[verb], follow_up_id=found.pk, actor=request.user, now=request.business_now)
    if refused is not None:
        return _again(request, _visible(request, follow_up_id), verb, form, refused)
    messages.success(request, _("Done. The step stands in the history."))
    return redirect("follow_up", found.pk)


def _asked(found: FollowUp) -> Extension | None:
    return found.extensions.filter(is_granted=None).first()


def _again(request: SiteRequest, found: FollowUp, verb: FollowUpVerb, form: StepForm, refused: Refused) -> HttpResponse:
    stand_at(request, reverse("follow_up", args=[found.pk]))
    look_again(form, found.version)
    return _draw(request, found, taken=verb.value, form=form, refusal=refused.told, status=refused.status)


@require_POST
def add_evidence(request: SiteRequest, follow_up_id: int) -> HttpResponse:
    """Keeps one file that proves what was done."""
    found = _visible(request, follow_up_id)
    if not may_ever_on_follow_up(person_of(request), FollowUpVerb.FEEDBACK, found):
        raise PermissionDenied(NOT_YOURS)
    form = AttachmentForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            keep_evidence(
                follow_up_id=found.pk,
                upload=form.cleaned_data["file"],
                name=form.safe_name,
                content_type=form.content_type,
                actor=request.user,
                now=request.business_now,
            )
        except Refusal as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, _("The file is kept."))
            return redirect("follow_up", found.pk)
    stand_at(request, reverse("follow_up", args=[found.pk]))
    return _draw(request, found, file_form=form, status=400)


@require_safe
def evidence(request: SiteRequest, file_id: int) -> FileResponse:
    """The file itself, always as a download, for those who may see the follow-up."""
    found = get_object_or_404(FollowUpFile, pk=file_id)
    _visible(request, found.follow_up_id)
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(content, as_attachment=True, filename=found.name, content_type=found.content_type)


# --- after a meeting --------------------------------------------------------------------------------------------------


@require_safe
def meeting_file(request: SiteRequest, meeting_id: int, kind: str) -> HttpResponseBase:
    """The list of one meeting on paper, of the follow-ups that this person may see."""
    if kind not in TYPES:
        raise Http404(_("There is no such document."))
    meeting = get_object_or_404(Meeting.objects.select_related("campaign__office"), pk=meeting_id)
    rows = meeting.follow_ups.visible_to(person_of(request)).select_related("lead").prefetch_related("supporting")
    now = request.business_now
    listed = [follow_up_row(one, local_day(now)) for one in rows.order_by("number")]
    content = draw(paper_of(meeting, listed, now), kind)
    answer = FileResponse(BytesIO(content), content_type=TYPES[kind])
    return as_download(answer, f"follow-ups-{meeting.held_on}.{kind}")
