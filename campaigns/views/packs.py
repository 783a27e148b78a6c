"""The meeting packs of a campaign, and the page of one: its sentences, its documents, issuing it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from campaigns.documents.pack_files import TYPES, document_of
from campaigns.forms.packs import PackForm
from campaigns.models import Pack, Period
from campaigns.models.packs import Languages
from campaigns.operations import packs as operations
from campaigns.operations.pack_files import template_of
from campaigns.permissions import can_build_packs, can_issue_packs, can_see_packs
from campaigns.queries.packs import PackPage, find_pack, pack_page, packs_of, sentence_kinds
from campaigns.refusals import Invalid, Refusal
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of, selection_of
from units.views.downloads import as_download


@require_safe
def pack_list(request: SiteRequest) -> HttpResponse:
    must_see_packs(request)
    person, selection = person_of(request), selection_of(request)
    campaign = selection.campaign
    context = {
        "campaign": campaign,
        "rows": packs_of(campaign, selection.periods, person) if campaign else [],
        "template": template_of(campaign.pk) if campaign and can_issue_packs(person) else None,
        "may_build": can_build_packs(person),
        "may_issue": can_issue_packs(person),
    }
    return render(request, "campaigns/packs.html", context)


def must_see_packs(request: SiteRequest) -> None:
    if not can_see_packs(person_of(request)):
        raise PermissionDenied(_("Meeting packs are for who sits in the meeting."))


@require_POST
def build(request: SiteRequest, campaign: str, month: str) -> HttpResponse:
    """Has the period's draft built, or built anew; leads to its page, where the bar is."""
    if not can_build_packs(person_of(request)):
        raise PermissionDenied(operations.OFFICE_ONLY)
    period: Period = selection_of(request).period  # type: ignore[assignment]  # the address names one
    try:
        pack = operations.build_pack(period=period, actor=request.user, now=request.business_now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('packs')}?campaign={campaign}")
    return redirect("pack", pack.pk)


# --- one pack ---------------------------------------------------------------------------------------------------------


@require_safe
def pack(request: SiteRequest, pack_id: int) -> HttpResponse:
    found = visible_pack(request, pack_id)
    return _page(request, found, form=_form(found) if _may_edit(request, found) else None)


@require_POST
def save(request: SiteRequest, pack_id: int) -> HttpResponse:
    """Writes the sentences; what somebody typed is shown again where it cannot be kept."""
    found = visible_pack(request, pack_id)
    if not can_issue_packs(person_of(request)):
        raise PermissionDenied(operations.OFFICE_ONLY)
    form = _form(found, request.POST) if found.is_draft else None
    if form is None or not form.is_valid():
        refusal = "" if form else str(operations.IS_ISSUED if found.is_issued else operations.BEING_BUILT)
        return _page(request, found, form=form, refusal=refusal, status=400 if form else 409)
    try:
        operations.save_sentences(
            pack_id=found.pk,
            version=form.cleaned_data["version"],
            sentences=form.sentences,
            remarks=form.remarks,
            actor=request.user,
            now=request.business_now,
        )
    except Refusal as refused:
        status = 400 if isinstance(refused, Invalid) else 409
        return _page(request, found, form=form, refusal=str(refused), status=status)
    messages.success(request, _("Saved. The documents are drawn anew."))
    return redirect(f"{reverse('pack', args=[found.pk])}#sentences")


@require_http_methods(["GET", "POST"])
def issue(request: SiteRequest, pack_id: int) -> HttpResponse:
    """Freezes the pack, once the office has seen what that means."""
    found = visible_pack(request, pack_id)
    if not can_issue_packs(person_of(request)):
        raise PermissionDenied(operations.OFFICE_ONLY)
    refusal, status = "", 200
    if request.method == "POST":
        told = request.POST.get("version", "")
        version = int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0
        try:
            operations.issue_pack(pack_id=found.pk, version=version, actor=request.user, now=request.business_now)
        except Refusal as refused:
            refusal, status = str(refused), 409
        else:
            messages.success(request, _("The pack is issued. Office and leaders have been told."))
            return redirect("pack", found.pk)
        found = visible_pack(request, pack_id)
    context = {"page": pack_page(found, now=request.business_now), "pack": found, "refusal": refusal}
    return render(request, "campaigns/pack_issue.html", context, status=status)


@require_GET
def pack_file(request: SiteRequest, pack_id: int, language: str, kind: str) -> HttpResponseBase:
    """One document, always as a download."""
    found = visible_pack(request, pack_id)
    if kind not in TYPES or language not in Languages.values or not found.is_built:
        raise Http404(_("There is no such document."))
    try:
        content = document_of(found, kind, language)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("pack", found.pk)
    name = f"pack-{found.period.campaign.slug}-{found.period.month}-v{found.number}-{language}.{kind}"
    return as_download(FileResponse(content, content_type=TYPES[kind]), name)


def visible_pack(request: SiteRequest, pack_id: int) -> Pack:
    found = find_pack(pack_id, person_of(request))
    if found is None:
        raise Http404(_("There is no such pack."))
    return found


def _may_edit(request: SiteRequest, found: Pack) -> bool:
    return found.is_draft and can_issue_packs(person_of(request))


def _form(found: Pack, data: object = None) -> PackForm:
    page_drafts = {words.language.partition("-")[0]: words.drafts for words in found.words.all()}
    drafts = {name: {one["kind"]: one["text"] for one in rows} for name, rows in page_drafts.items()}
    return PackForm(
        data,  # type: ignore[arg-type]
        content=found.content,
        kinds=sentence_kinds(found),
        drafts={"en": {}, "zh": {}} | drafts,
        version=found.version,
    )


def _page(
    request: SiteRequest, found: Pack, *, form: PackForm | None, refusal: str = "", status: int = 200
) -> HttpResponse:
    person = person_of(request)
    page: PackPage = pack_page(found, now=request.business_now)
    job = found.job if found.job and not found.job.is_finished else None
    context = {
        "page": page,
        "pack": found,
        "period": found.period,
        "form": form,
        "refusal": refusal,
        "job": job,
        "failed": found.job if found.job and found.job.state == "failed" else None,
        "polls": job is not None and job.owner_id == request.user.pk,
        "languages": Languages.choices,
        "kinds": TYPES,
        "may_build": can_build_packs(person),
        "may_issue": can_issue_packs(person),
    }
    return render(request, "campaigns/pack.html", context, status=status)
