"""The page of the background jobs: when each ran, when it runs next, what it did; and a button to run it now."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns import tasks as campaign_jobs
from jiaxing.celery import app
from jiaxing.signs import BEAT, LATE_AFTER, WORKER, last_signs
from units import tasks as unit_jobs
from units.operations import beat_jobs
from units.permissions import can_watch_deliveries
from units.queries.beat_jobs import background_jobs
from units.views.requests import PersonRequest, actor_of

JOBS = [
    beat_jobs.KNOWN[job.name]
    for job in (
        campaign_jobs.tick,
        unit_jobs.deliver,
        campaign_jobs.scan,
        campaign_jobs.work,
        unit_jobs.deliver_webhooks,
        unit_jobs.seal_changes,
        unit_jobs.watch_tokens,
        unit_jobs.clean,
    )
]


@require_safe
def background(request: PersonRequest) -> HttpResponse:
    _must_watch(request)
    now = timezone.now()
    signs = last_signs()
    every = {str(entry["task"]): float(entry["schedule"]) for entry in app.conf.beat_schedule.values()}
    context = {
        "jobs": background_jobs(JOBS, every, now=now),
        "signs": [
            {"name": name, "seen_at": signs.get(key), "is_late": key not in signs or now - signs[key] > LATE_AFTER}
            for key, name in ((BEAT, _("The beat")), (WORKER, _("A worker")))
        ],
    }
    return render(request, "units/background.html", context)


@require_POST
def run_job(request: PersonRequest, task: str) -> HttpResponse:
    _must_watch(request)
    if task not in beat_jobs.KNOWN:
        raise Http404(_("There is no such job."))
    title = beat_jobs.KNOWN[task].title
    if beat_jobs.run_now(task=task, actor=request.user):
        messages.success(request, _("Asked for: %(job)s. It shows here in a moment.") % {"job": title})
    else:
        told = _("The broker did not answer. The beat asks for it in its turn: %(job)s.")
        messages.warning(request, told % {"job": title})
    return redirect("background")


def _must_watch(request: PersonRequest) -> None:
    if not can_watch_deliveries(actor_of(request)):
        raise PermissionDenied(_("This page is for the campaign office and administrators."))
