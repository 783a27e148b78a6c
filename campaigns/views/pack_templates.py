"""The Word template of a campaign's meeting packs: fetched, replaced, and put back to the built-in one."""

from __future__ import annotations

from io import BytesIO

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.documents.pack_files import TYPES, built_in_template
from campaigns.forms.packs import TemplateForm
from campaigns.models import Campaign, Period
from campaigns.operations.pack_files import replace_template, template_of, withdraw_template
from campaigns.operations.packs import OFFICE_ONLY
from campaigns.permissions import can_issue_packs
from campaigns.queries.packs import current_content
from campaigns.refusals import Refusal
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of, selection_of
from units.views.downloads import as_download


@require_http_methods(["GET", "POST"])
def template(request: SiteRequest, campaign: str) -> HttpResponse:
    """Which template is used; POST puts another in place, once it has been tried on the figures of the period."""
    shown = _campaign(request)
    form = TemplateForm()
    status = 200
    if request.method == "POST":
        form = TemplateForm(request.POST, request.FILES, content=_sample(request))
        if form.is_valid():
            replace_template(
                campaign=shown,
                name=form.safe_name,
                content=form.cleaned_data["file"],
                actor=request.user,
                now=request.business_now,
            )
            messages.success(request, _("The template is in place. Drafts are drawn with it from now on."))
            return redirect("pack_template", campaign)
        status = 400
    context = {"campaign": shown, "template": template_of(shown.pk), "form": form}
    return render(request, "campaigns/pack_template.html", context, status=status)


@require_safe
def template_file(request: SiteRequest, campaign: str, which: str) -> HttpResponseBase:
    """The template that is used (`current.docx`), or the built-in one to begin from (`built-in.docx`)."""
    shown = _campaign(request)
    if which not in ("current", "built-in"):
        raise Http404(_("There is no such document."))
    in_use = template_of(shown.pk) if which == "current" else None
    content = in_use.file.open("rb") if in_use else BytesIO(built_in_template())
    answer = FileResponse(content, content_type=TYPES["docx"])
    return as_download(answer, in_use.name if in_use else "pack-template.docx")


@require_POST
def withdraw(request: SiteRequest, campaign: str) -> HttpResponse:
    shown = _campaign(request)
    try:
        withdraw_template(campaign=shown, actor=request.user, now=request.business_now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The built-in template is in use again."))
    return redirect(reverse("pack_template", args=[campaign]))


def _campaign(request: SiteRequest) -> Campaign:
    if not can_issue_packs(person_of(request)):
        raise PermissionDenied(OFFICE_ONLY)
    found = selection_of(request).campaign
    if found is None:
        raise Http404(_("There is no campaign yet."))
    return found


def _sample(request: SiteRequest) -> dict:
    """The content of a pack of the last published period, to try a template on."""
    period: Period = selection_of(request).period  # type: ignore[assignment]  # a campaign has periods
    content = current_content(period, request.business_now).content
    about = {"number": 1, "state": "draft", "is_before_publication": not period.is_published}
    return {**content, "pack": {**about, "issued_at": None, "issued_by": None}, "digest": ""}
