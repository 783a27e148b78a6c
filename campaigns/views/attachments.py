"""Files of a report: kept, removed, and given back as downloads."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from campaigns.forms.attachments import ACCEPT, AttachmentForm
from campaigns.models import Attachment, Report
from campaigns.operations.attachments import add_attachment as keep_attachment
from campaigns.operations.attachments import remove_attachment as drop_attachment
from campaigns.permissions import can_fill, can_see_reports_of
from campaigns.refusals import Refusal
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of


def form_url(report: Report) -> str:
    """The page on which this report is filled."""
    kwargs = {"campaign": report.period.campaign.slug, "month": report.period.month, "unit": report.unit.code}
    return reverse("report_form", kwargs=kwargs) + f"#r{report.pk}"


def visible_report(request: SiteRequest, report_id: int) -> Report:
    visible = Report.objects.visible_to(person_of(request)).for_list()
    return get_object_or_404(visible, pk=report_id)


@require_POST
def add_attachment(request: SiteRequest, report_id: int) -> HttpResponse:
    """Keeps one file and answers with the report's list of files."""
    report = visible_report(request, report_id)
    if not can_fill(person_of(request), report):
        raise PermissionDenied(_("This step is not yours to take."))
    form = AttachmentForm(request.POST, request.FILES)
    error = ""
    if form.is_valid():
        try:
            keep(request, report.pk, form)
        except Refusal as refusal:
            error = str(refusal)
    else:
        error = words_of(form.errors["file"])
    return _files(request, report, error=error)


def words_of(errors: Iterable[object]) -> str:
    """A field's errors as one text."""
    return " ".join(str(error) for error in errors)


def keep(request: SiteRequest, report_id: int, form: AttachmentForm) -> Attachment:
    return keep_attachment(
        report_id=report_id,
        upload=form.cleaned_data["file"],
        name=form.safe_name,
        content_type=form.content_type,
        actor=request.user,
        now=request.business_now,
    )


@require_POST
def remove_attachment(request: SiteRequest, attachment_id: int) -> HttpResponse:
    """Takes one file off its report."""
    found = get_object_or_404(Attachment.objects.select_related("report"), pk=attachment_id)
    report = visible_report(request, found.report_id)
    try:
        drop_attachment(attachment_id=attachment_id, actor=request.user, now=request.business_now)
    except Refusal as refusal:
        return _files(request, report, error=str(refusal))
    if request.headers.get("X-Requested-With") != "fetch":
        return redirect(form_url(report))
    return _files(request, report)


def _files(request: SiteRequest, report: Report, *, error: str = "") -> HttpResponse:
    context = {
        "report": report,
        "attachments": report.attachments.order_by("pk"),
        "error": error,
        "can_fill": True,
        "accept": ACCEPT,
    }
    return render(request, "campaigns/report_files.html", context, status=400 if error else 200)


@require_GET
def attachment(request: SiteRequest, attachment_id: int) -> FileResponse:
    """The file itself, always as a download, for those who may see the report."""
    found = get_object_or_404(Attachment.objects.select_related("report__action"), pk=attachment_id)
    report = found.report
    if not can_see_reports_of(person_of(request), unit_id=report.unit_id, lead_id=report.action.lead_id):
        raise Http404
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:  # taken off the report a moment ago
        raise Http404 from error
    return FileResponse(content, as_attachment=True, filename=found.name, content_type=found.content_type)
