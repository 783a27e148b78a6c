"""Works through long imports and exports, each by one worker at a time; rows are the truth, the broker only nudges.

A worker that dies leaves its lease behind; once it is over, another takes the work up from its beginning. Real time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import IO, Any

from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from units.models import Job, User
from units.operations.nudges import nudge
from units.refusals import Refusal

logger = logging.getLogger(__name__)

WORK_TASK = "campaigns.work"
LEASE = timedelta(minutes=11)
"""Longer than a task may run, so that work is taken up again only when its worker is gone."""
ATTEMPTS = 3
KEPT = timedelta(days=1)
SECONDS_AT_ONCE = 300.0
EVERY = 0.5
"""Seconds between two notes of how far the work is."""

Clock = Callable[[], datetime]
Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Result:
    """What a job leaves: a file to be fetched, or a sentence with the address of a page."""

    told: str = ""
    file: IO[bytes] | None = None
    file_name: str = ""


Handler = Callable[[Job, Tick], Result]


class LeaseLost(Exception):
    """Another worker has taken the job up; this one ends without a trace."""


@transaction.atomic
def start_job(*, kind: str, title: str, owner: User, params: Mapping[str, Any], total: int) -> Job:
    """Puts the work down and asks a worker to look; the owner's language is that of the result."""
    job = Job.objects.create(
        kind=kind,
        title=title[:200],
        owner=owner,
        params=dict(params),
        total=total,
        language=translation.get_language() or "en",
    )
    transaction.on_commit(lambda: nudge(WORK_TASK))
    return job


def work_through(handlers: Mapping[str, Handler], *, clock: Clock, seconds: float = SECONDS_AT_ONCE) -> int:
    """Does what waits, oldest first, until it is done or so many seconds are over; returns how many ended."""
    forget_old(at=clock())
    ends_at = monotonic() + seconds
    ended = 0
    for job_id in list(Job.objects.due(clock()).order_by("pk").values_list("pk", flat=True)):
        if monotonic() > ends_at:
            break
        job = claim(job_id, now=clock())
        if job is not None:
            ended += _work(job, handlers, clock)
    return ended


def claim(job_id: int, *, now: datetime) -> Job | None:
    """Leases one job, or returns nothing where another worker holds it: condition and lease are one statement."""
    claimed = Job.objects.due(now).filter(pk=job_id)
    if not claimed.update(lease_until=now + LEASE, attempts=F("attempts") + 1, state=Job.State.RUNNING, done=0):
        return None
    return Job.objects.select_related("owner").get(pk=job_id)


def _work(job: Job, handlers: Mapping[str, Handler], clock: Clock) -> bool:
    handler = handlers.get(job.kind)
    try:
        with translation.override(job.language):
            if handler is None:
                raise Refusal(_("This kind of work is not known here."))
            result = handler(job, _tick(job, clock))
            return _done(job, result, at=clock())
    except LeaseLost:
        return False
    except Refusal as refusal:
        return _failed(job, str(refusal), at=clock())
    except Exception:
        logger.exception("Job %s (%s) broke off", job.pk, job.kind)
        if job.attempts < ATTEMPTS:
            Job.objects.filter(pk=job.pk, attempts=job.attempts).update(lease_until=None, state=Job.State.WAITING)
            return False
        with translation.override(job.language):
            return _failed(job, _("The work broke off. Try again, or tell an administrator."), at=clock())


def _tick(job: Job, clock: Clock) -> Tick:
    """Notes how far the work is, and keeps the lease; not more often than people look."""
    last = 0.0

    def tick(done: int) -> None:
        nonlocal last
        if monotonic() - last < EVERY:
            return
        last = monotonic()
        mine = Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING)
        if not mine.update(done=min(done, job.total), lease_until=clock() + LEASE):
            raise LeaseLost

    return tick


def _done(job: Job, result: Result, *, at: datetime) -> bool:
    if result.file is not None:
        with result.file as content:
            job.file.save("result", File(content), save=False)
    with transaction.atomic():
        mine = Job.objects.select_for_update().filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING)
        return bool(mine.update(
            state=Job.State.DONE, done=F("total"), finished_at=at, lease_until=None, told=result.told,
            file=job.file.name or "", file_name=result.file_name[:150], error="",
        ))  # fmt: skip


def _failed(job: Job, why: str, *, at: datetime) -> bool:
    mine = Job.objects.filter(pk=job.pk, attempts=job.attempts)
    return bool(mine.update(state=Job.State.FAILED, finished_at=at, lease_until=None, error=why))


def forget_old(*, at: datetime) -> int:
    """Removes jobs that ended more than a day ago, with their files."""
    old = list(Job.objects.filter(finished_at__lt=at - KEPT))
    for job in old:
        if job.file:
            job.file.delete(save=False)
        job.delete()
    return len(old)
