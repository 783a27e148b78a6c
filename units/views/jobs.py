"""Background work as its owner sees it: how far it is, and the file it left."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from units.documents.sheets import XLSX_TYPE
from units.models import Job
from units.queries.jobs import find_job, jobs_of
from units.views.downloads import as_download
from units.views.requests import PersonRequest

NEWEST = 50


@require_safe
def job_list(request: PersonRequest) -> HttpResponse:
    return render(request, "units/jobs.html", {"jobs": jobs_of(request.user)[:NEWEST]})


@require_safe
def job(request: PersonRequest, job_id: int) -> HttpResponse:
    """The bar; without the script the page is loaded again by its button."""
    return render(request, "units/job.html", {"job": _own(request, job_id)})


@require_safe
def job_state(request: PersonRequest, job_id: int) -> HttpResponse:
    """How far it is, for the script of the page."""
    one = _own(request, job_id)
    state = {"state": one.state, "done": one.done, "total": one.total, "is_finished": one.is_finished}
    answer = JsonResponse(state)
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def job_file(request: PersonRequest, job_id: int) -> HttpResponseBase:
    one = _own(request, job_id)
    if one.state != Job.State.DONE or not one.file:
        raise Http404(_("There is no file."))
    try:
        content = one.file.open("rb")
    except FileNotFoundError as error:
        raise Http404(_("There is no file.")) from error
    return as_download(FileResponse(content, content_type=XLSX_TYPE), one.file_name)


def _own(request: PersonRequest, job_id: int) -> Job:
    found = find_job(job_id, request.user)
    if found is None:
        raise Http404(_("There is no such work."))
    return found
