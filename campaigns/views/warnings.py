"""The early warnings: the list with its totals and files, the list for the meeting, one warning and its steps."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.documents.papers import TYPES, Paper, draw
from campaigns.documents.warning_papers import meeting_list, slip, summary, warning_sheets
from campaigns.domain.warning_life import WarningVerb
from campaigns.filters import WarningFilter
from campaigns.forms.decisions import DecisionForm
from campaigns.forms.warnings import FORMS, form_of
from campaigns.models import Campaign, EarlyWarning
from campaigns.operations.warnings import (
    NOT_YOURS,
    accept_warning_reason,
    agree_measures,
    clear_warning,
    escalate_warning,
    explain_warning,
)
from campaigns.permissions import may_ever_on_warning, may_now_on_warning
from campaigns.queries.clock import local_day
from campaigns.queries.warning_list import for_meeting, history_of, totals, warnings_of
from campaigns.requests import SiteRequest
from campaigns.views.lists import campaign_of, list_context, page_of
from campaigns.views.shell import person_of, selection_of
from campaigns.views.steps import Refused, look_again, refusal_of, stand_at
from units.views.downloads import as_download, must_be_known, table_answer, takes

# --- the list ---------------------------------------------------------------------------------------------------------


@require_safe
def warning_list(request: SiteRequest) -> HttpResponse:
    """The open warnings of the chosen campaign, or those that the filters ask for."""
    campaign = selection_of(request).campaign
    if campaign is None:
        return render(request, "campaigns/warnings.html", {"campaign": None})
    asked = _filtered(request, campaign)
    is_valid = asked.form.is_valid()
    chosen = asked.chosen() if is_valid else asked.queryset.none()
    page = page_of(request, chosen)
    today = local_day(request.business_now)
    context = list_context(request, campaign, asked, page) | {
        "total": totals(asked.queryset, today),
        "rows": page.object_list,
        "today": today,
        "has_sample": any(one.source == "sample" for one in page.object_list),
    }
    return render(request, "campaigns/warnings.html", context, status=200 if is_valid else 400)


@require_safe
@takes("campaign", "period", "unit", "level", "cause", "state")
def export(request: SiteRequest, kind: str) -> HttpResponseBase:
    """The list as it is filtered; a filter that is none leads to the page, which says so."""
    must_be_known(kind)
    campaign = campaign_of(request)
    asked = _filtered(request, campaign)
    if not asked.form.is_valid():
        return redirect(f"{reverse('warnings')}?{request.GET.urlencode()}")
    return table_answer(warning_sheets(asked.chosen()), kind=kind, name=f"warnings-{campaign.slug}")


def _filtered(request: SiteRequest, campaign: Campaign) -> WarningFilter:
    return WarningFilter(request.GET, queryset=warnings_of(campaign, person_of(request)))


# --- for the meeting --------------------------------------------------------------------------------------------------


@require_safe
def for_the_meeting(request: SiteRequest) -> HttpResponse:
    """The open warnings by project on one page that prints."""
    campaign = selection_of(request).campaign
    if campaign is None:
        return render(request, "campaigns/warnings_meeting.html", {"campaign": None})
    rows = warnings_of(campaign, person_of(request))
    total = totals(rows, local_day(request.business_now))
    context = {"campaign": campaign, "rows": for_meeting(rows), "total": total, "summary": summary(total)}
    return render(request, "campaigns/warnings_meeting.html", context)


@require_safe
def meeting_file(request: SiteRequest, kind: str) -> HttpResponseBase:
    campaign = Campaign.objects.select_related("office").get(pk=campaign_of(request).pk)
    rows = warnings_of(campaign, person_of(request))
    now = request.business_now
    return _as_file(
        lambda: meeting_list(campaign, for_meeting(rows), totals(rows, local_day(now)), now),
        kind,
        f"early-warnings-{campaign.slug}-{local_day(now)}",
    )


def _as_file(made: Callable[[], Paper], kind: str, name: str) -> HttpResponseBase:
    if kind not in TYPES:
        raise Http404(_("There is no such document."))
    content = draw(made(), kind)
    return as_download(FileResponse(BytesIO(content), content_type=TYPES[kind]), f"{name}.{kind}")


# --- one warning ------------------------------------------------------------------------------------------------------


@require_safe
def warning(request: SiteRequest, warning_id: int) -> HttpResponse:
    return _draw(request, _visible(request, warning_id))


@require_safe
def warning_slip(request: SiteRequest, warning_id: int, kind: str) -> HttpResponseBase:
    """The slip of one warning, always as a download."""
    found = _visible(request, warning_id)
    return _as_file(
        lambda: slip(found, history_of(found), request.business_now),
        kind,
        f"early-warning-{found.project.code}-{found.pk}",
    )


def _visible(request: SiteRequest, warning_id: int) -> EarlyWarning:
    """The warning, or 404 where this person may not see it."""
    rows = EarlyWarning.objects.visible_to(person_of(request)).select_related(
        "project__unit", "project__lead", "project__campaign__office", "period"
    )
    return get_object_or_404(rows, pk=warning_id)


def _draw(
    request: SiteRequest,
    found: EarlyWarning,
    *,
    taken: str = "",
    form: DecisionForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; `form` is that of the step that was tried, with what was typed and what is wrong with it."""
    person = person_of(request)
    verbs = [verb for verb in map(WarningVerb, FORMS) if may_now_on_warning(person, verb, found)]
    forms = {verb.value: form if verb == taken and form else form_of(verb.value, found) for verb in verbs}
    context = {
        "warning": found,
        "project": found.project,
        "history": history_of(found),
        "forms": forms,
        "opened": taken or next(iter(forms), ""),
        "refusal": refusal,
        "typed": form if form and taken not in forms else None,
        "today": local_day(request.business_now),
        "has_sample": "sample" in (found.source, found.project.source),
    }
    return render(request, "campaigns/warning.html", context, status=status)


# --- the steps --------------------------------------------------------------------------------------------------------

Operation = Callable[..., EarlyWarning]


@require_POST
def explain(request: SiteRequest, warning_id: int) -> HttpResponse:
    return _take(request, warning_id, WarningVerb.EXPLAIN, explain_warning, _("Your explanation is kept."))


@require_POST
def measure(request: SiteRequest, warning_id: int) -> HttpResponse:
    return _take(request, warning_id, WarningVerb.MEASURE, agree_measures, _("The measure is kept."))


@require_POST
def accept(request: SiteRequest, warning_id: int) -> HttpResponse:
    told = _("The reason is accepted: the light is shown one step milder, and the reason stays beside it.")
    return _take(request, warning_id, WarningVerb.ACCEPT_REASON, accept_warning_reason, told)


@require_POST
def escalate(request: SiteRequest, warning_id: int) -> HttpResponse:
    return _take(request, warning_id, WarningVerb.ESCALATE, escalate_warning, _("The warning goes before the meeting."))


@require_POST
def clear(request: SiteRequest, warning_id: int) -> HttpResponse:
    return _take(request, warning_id, WarningVerb.CLEAR, clear_warning, _("The warning is cleared."))


def _take(request: SiteRequest, warning_id: int, verb: WarningVerb, operation: Operation, told: str) -> HttpResponse:
    """Takes the step and leads back to the page; refused, the page is drawn with the words that were typed."""
    found = _visible(request, warning_id)
    if not may_ever_on_warning(person_of(request), verb, found):
        raise PermissionDenied(NOT_YOURS)
    form = form_of(verb.value, found, request.POST)
    refused = refusal_of(form, operation, warning_id=found.pk, actor=request.user, now=request.business_now)
    if refused is not None:
        return _again(request, _visible(request, warning_id), verb, form, refused)
    messages.success(request, told)
    return redirect("warning", found.pk)


def _again(
    request: SiteRequest, found: EarlyWarning, verb: WarningVerb, form: DecisionForm, refused: Refused
) -> HttpResponse:
    stand_at(request, reverse("warning", args=[found.pk]))
    look_again(form, found.version)
    return _draw(request, found, taken=verb.value, form=form, refusal=refused.told, status=refused.status)
