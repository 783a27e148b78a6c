"""The month's form as a file: out as Excel or CSV, back in with a preview row by row, and written once confirmed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.documents.figures_form import form_table, form_workbook
from campaigns.documents.figures_import import plan_figures
from campaigns.documents.figures_plan import Plan
from campaigns.forms.imports import TableForm
from campaigns.operations.imports import import_figures
from campaigns.queries.report_sheet import Sheet, report_sheet
from campaigns.refusals import Refusal
from campaigns.requests import SiteRequest
from campaigns.views.report_form import unit_of_form
from campaigns.views.shell import person_of, selection_of
from units.documents.tables import grids_from_json, grids_to_json
from units.models import Unit, Upload
from units.operations.uploads import keep_upload, mark_written
from units.queries.uploads import find_upload
from units.views.downloads import must_be_known, table_answer, workbook_answer

KIND = "figures"


def _sheet(request: SiteRequest, unit: Unit) -> Sheet:
    selection = selection_of(request)
    if selection.period is None:
        raise Http404
    return report_sheet(
        unit=unit,
        period=selection.period,
        periods=selection.periods,
        person=person_of(request),
        now=request.business_now,
    )


# --- out ------------------------------------------------------------------------------------------------------------


@require_safe
def figures_form(request: SiteRequest, campaign: str, month: str, unit: str, kind: str) -> HttpResponseBase:
    """Exactly what the unit owes for the period, with what is saved or was last filed."""
    must_be_known(kind)
    sheet = _sheet(request, unit_of_form(request, unit))
    name = f"{sheet.unit.code}-{sheet.period.month}"
    if kind == "csv":
        return table_answer([form_table(sheet)], kind=kind, name=name)
    return workbook_answer(form_workbook(sheet, now=request.business_now), name=name)


# --- in -------------------------------------------------------------------------------------------------------------


def _unit_to_fill(request: SiteRequest, code: str) -> Unit:
    """The unit, for those who fill its reports: its reporters, and the office on behalf of one of them."""
    unit, person = unit_of_form(request, code), person_of(request)
    if unit.pk not in person.reporter_of and not person.is_office:
        raise PermissionDenied(_("This step is not yours to take."))
    return unit


@require_http_methods(["GET", "HEAD", "POST"])
def import_form(request: SiteRequest, campaign: str, month: str, unit: str) -> HttpResponse:
    """Takes the file or the pasted cells and leads to their preview; nothing is written yet."""
    place = _unit_to_fill(request, unit)
    period = selection_of(request).period
    is_sent = request.method == "POST"
    form = TableForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        upload = keep_upload(
            kind=KIND,
            owner=request.user,
            name=form.name,
            params={"campaign": campaign, "month": month, "unit": unit},
            grid=grids_to_json(form.grids),
            at=timezone.now(),
        )
        return redirect("preview_figures", campaign, month, unit, upload.pk)
    context = {"form": form, "unit": place, "period": period}
    return render(request, "campaigns/import_figures.html", context, status=400 if is_sent else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SiteRequest, campaign: str, month: str, unit: str, upload_id: int) -> HttpResponse:
    """What the upload would change now; POST writes exactly what was looked at, or shows the preview anew."""
    place = _unit_to_fill(request, unit)
    upload = find_upload(upload_id=upload_id, kind=KIND, owner=request.user, at=timezone.now())
    if upload is None or upload.params != {"campaign": campaign, "month": month, "unit": unit}:
        raise Http404(_("This preview is gone. Choose the file again."))
    sheet = _sheet(request, place)
    plan = plan_figures(grids_from_json(upload.grid), sheet, now=request.business_now)
    if request.method == "POST":
        return _write(request, upload, sheet, plan)
    return _draw(request, upload, sheet, plan)


def _write(request: SiteRequest, upload: Upload, sheet: Sheet, plan: Plan) -> HttpResponse:
    if plan.problems:
        return _draw(request, upload, sheet, plan, refusal=_("Nothing was written: correct the rows named below."))
    if not plan.changed:
        messages.success(request, _("Everything in this file is in already. Nothing was changed."))
        return redirect("report_form", sheet.period.campaign.slug, sheet.period.month, sheet.unit.code)
    if plan.fingerprint != request.POST.get("fingerprint"):
        told = _("The reports were changed in the meantime. Nothing was written: look at the preview once more.")
        return _draw(request, upload, sheet, plan, refusal=told)
    try:
        import_figures(saves=plan.saves(), actor=request.user, now=request.business_now)
    except Refusal as refusal:
        fresh_sheet = _sheet(request, sheet.unit)
        fresh = plan_figures(grids_from_json(upload.grid), fresh_sheet, now=request.business_now)
        told = _("Nothing was written. %(why)s") % {"why": refusal}
        return _draw(request, upload, fresh_sheet, fresh, refusal=told)
    mark_written(upload, at=timezone.now())
    count = len(plan.changed)
    told = ngettext("%(count)d row is written.", "%(count)d rows are written.", count) % {"count": count}
    messages.success(request, told + " " + _("Look it over and send it."))
    return redirect("report_form", sheet.period.campaign.slug, sheet.period.month, sheet.unit.code)


def _draw(request: SiteRequest, upload: Upload, sheet: Sheet, plan: Plan, *, refusal: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "upload": upload,
        "plan": plan,
        "sheet": sheet,
        "unit": sheet.unit,
        "period": sheet.period,
        "refusal": refusal,
        "form": TableForm(),
        "can_write": bool(plan.changed) and not plan.problems,
    }
    return render(request, "campaigns/import_figures_preview.html", context, status=409 if refusal else 200)
