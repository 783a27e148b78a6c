"""The office's tables as files: units, indicators, targets and the like, out and back in with a preview."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.documents.background import LONG_ROWS, written
from campaigns.documents.figures_plan import Problem
from campaigns.documents.master_import import plan_rows
from campaigns.documents.master_plan import Plan
from campaigns.documents.master_sheet import master_sheet
from campaigns.forms.imports import MasterForm
from campaigns.operations.imports import import_rows
from campaigns.queries.master_kinds import KINDS, Kind, may_import_any
from campaigns.refusals import Refusal
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of
from units.documents.tables import grids_from_json, grids_to_json
from units.models import Upload
from units.operations.jobs import start_job
from units.operations.uploads import keep_upload, mark_written
from units.queries.jobs import jobs_of
from units.queries.uploads import find_upload
from units.views.downloads import table_answer

MOST_SHOWN = 1000
"""So many rows of a preview are drawn, those that change or are refused first; problems are named all."""


def _kind(request: SiteRequest, name: str) -> Kind:
    kind = KINDS.get(name)
    if kind is None:
        raise Http404(_("There is no such table."))
    if not kind.may(person_of(request)):
        raise PermissionDenied(_("This table is brought in by the campaign office or an administrator."))
    return kind


@require_safe
def index(request: SiteRequest) -> HttpResponse:
    """The tables that this person may bring in, and the work in the background."""
    person = person_of(request)
    if not may_import_any(person):
        raise PermissionDenied(_("This page is for the campaign office and administrators."))
    kinds = [kind for kind in KINDS.values() if kind.may(person)]
    return render(request, "campaigns/imports.html", {"kinds": kinds, "jobs": jobs_of(request.user)[:5]})


@require_safe
def template(request: SiteRequest, name: str, kind: str) -> HttpResponseBase:
    """The present rows with the headings that the import reads."""
    return table_answer([master_sheet(_kind(request, name))], kind=kind, name=name)


@require_http_methods(["GET", "HEAD", "POST"])
def import_table(request: SiteRequest, name: str) -> HttpResponse:
    """Takes the file or the pasted cells and leads to their preview; a long one is checked in the background first."""
    kind = _kind(request, name)
    is_sent = request.method == "POST"
    form = MasterForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        upload = keep_upload(
            kind=f"import_{name}",
            owner=request.user,
            name=form.name,
            params={},
            grid=grids_to_json(form.grids),
            at=timezone.now(),
        )
        rows = sum(len(grid.rows) for grid in form.grids)
        if rows > LONG_ROWS:
            return _in_background(request, kind, upload, "check_import", _("Check"), rows)
        return redirect("preview_table", name, upload.pk)
    context = {"form": form, "kind": kind, "columns": [kind.heading(one) for one in kind.columns]}
    return render(request, "campaigns/import_table.html", context, status=400 if is_sent else 200)


def _in_background(
    request: SiteRequest, kind: Kind, upload: Upload, work: str, words: str, rows: int, **more: Any
) -> HttpResponse:
    job = start_job(
        kind=work,
        title=f"{words}: {kind.title}, {upload.name}",
        owner=request.user,
        params={"kind": kind.name, "upload": upload.pk, "page": reverse("preview_table", args=[kind.name, upload.pk]),
                **more},
        total=rows,
    )  # fmt: skip
    return redirect("job", job.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SiteRequest, name: str, upload_id: int) -> HttpResponse:
    """What the upload would change now; POST writes exactly what was looked at, or shows the preview anew."""
    kind = _kind(request, name)
    upload = find_upload(upload_id=upload_id, kind=f"import_{name}", owner=request.user, at=timezone.now())
    if upload is None:
        raise Http404(_("This preview is gone. Choose the file again."))
    plan = _plan(kind, upload)
    if request.method == "POST":
        return _write(request, kind, upload, plan)
    return _draw(request, kind, upload, plan)


def _rows(upload: Upload) -> int:
    return sum(len(grid["rows"]) for grid in upload.grid)


def _plan(kind: Kind, upload: Upload) -> Plan:
    """The plan; of a long upload with what the check in the background found."""
    if _rows(upload) <= LONG_ROWS:
        return plan_rows(kind, grids_from_json(upload.grid))
    plan = plan_rows(kind, grids_from_json(upload.grid), checks=False)
    found = [Problem(what, row, column, sheet) for what, row, column, sheet in upload.params.get("problems", [])]
    return Plan(kind, plan.steps, found or plan.problems)


def _write(request: SiteRequest, kind: Kind, upload: Upload, plan: Plan) -> HttpResponse:
    if plan.problems:
        told = _("Nothing was written: correct the rows named below.")
        return _draw(request, kind, upload, plan, refusal=told)
    if not plan.changed:
        messages.success(request, _("Everything in this file is in already. Nothing was changed."))
        return redirect("imports")
    if plan.fingerprint != request.POST.get("fingerprint"):
        told = _("Rows were changed in the meantime. Nothing was written: look at the preview once more.")
        return _draw(request, kind, upload, plan, refusal=told)
    if _rows(upload) > LONG_ROWS:
        return _in_background(
            request, kind, upload, "write_import", _("Import"), _rows(upload), fingerprint=plan.fingerprint
        )
    try:
        import_rows(kind=kind.name, changes=plan.changes(), actor=request.user, whole=kind.whole)
    except Refusal as refusal:
        told = _("Nothing was written. %(why)s") % {"why": refusal}
        return _draw(request, kind, upload, _plan(kind, upload), refusal=told)
    mark_written(upload, at=timezone.now())
    messages.success(request, written(plan))
    return redirect("imports")


def _draw(request: SiteRequest, kind: Kind, upload: Upload, plan: Plan, *, refusal: str = "") -> HttpResponse:
    telling = sorted(plan.steps, key=lambda step: (not step.problems, not step.is_changed, step.number))
    context = {
        "kind": kind,
        "upload": upload,
        "plan": plan,
        "steps": sorted(telling[:MOST_SHOWN], key=lambda step: step.number),
        "left_out": max(0, len(telling) - MOST_SHOWN),
        "refusal": refusal,
        "form": MasterForm(),
        "can_write": bool(plan.changed) and not plan.problems,
    }
    return render(request, "campaigns/import_table_preview.html", context, status=409 if refusal else 200)
