"""The jobs that the beat asks for: each notes when it ran, how long, what it did and what went wrong.

A job is a function that answers with its counts, `{"sent": 3}`. A run that did nothing leaves its time alone.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from celery import Task, shared_task
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise

from units.models import BeatJob, BeatRun, User
from units.operations import nudges
from units.operations.changes import Touched, current_request, record
from units.operations.outbox import words_of

logger = logging.getLogger(__name__)

KEPT_RUNS = 50
"""So many runs of each job are kept."""

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Known:
    """A job with its name and what it is for, in words for people."""

    task: str
    title: str | Promise
    purpose: str | Promise


KNOWN: dict[str, Known] = {}


def beat_job(task: str, *, title: str | Promise, purpose: str | Promise) -> Callable[[Callable[[], Counts]], Task]:
    """Makes a function a job: under this name a worker runs it, and each run is noted."""
    KNOWN[task] = Known(task, title, purpose)

    def made(job: Callable[[], Counts]) -> Task:
        @functools.wraps(job)
        def run(self: Task) -> None:
            token = current_request.set(self.request.id or "")
            try:
                with noted(task) as counts:
                    counts.update(job())
            finally:
                current_request.reset(token)

        made_task: Task = shared_task(name=task, bind=True)(run)
        return made_task

    return made


@contextmanager
def noted(task: str) -> Iterator[dict[str, int]]:
    """Notes a run with the counts that it fills in; what goes wrong is noted by its name and raised on."""
    started_at, began = timezone.now(), monotonic()
    _note_begun(task, started_at)
    counts: dict[str, int] = {}
    try:
        yield counts
    except Exception as problem:
        _note_ended(task, started_at, monotonic() - began, counts, words_of(problem))
        raise
    _note_ended(task, started_at, monotonic() - began, counts, "")


def _note_begun(task: str, started_at: datetime) -> None:
    with _without_harm():
        BeatJob.objects.update_or_create(task=task, defaults={"started_at": started_at})


def _note_ended(task: str, started_at: datetime, seconds: float, counts: Counts, error: str) -> None:
    done = {name: number for name, number in counts.items() if number}
    with _without_harm():
        failed = {"failures": F("failures") + 1, "failed_at": timezone.now()} if error else {}
        job, _made = BeatJob.objects.get_or_create(task=task)
        BeatJob.objects.filter(pk=job.pk).update(
            finished_at=timezone.now(), seconds=seconds, counts=done, error=error[:300], runs=F("runs") + 1, **failed
        )
        if done or error:
            BeatRun.objects.create(job=job, started_at=started_at, seconds=seconds, counts=done, error=error[:300])


@contextmanager
def _without_harm() -> Iterator[None]:
    """A note that cannot be written is no reason for the work not to be done."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as problem:
        logger.warning("A run could not be noted (%s)", type(problem).__name__)


def run_now(*, task: str, actor: User) -> bool:
    """Asks a worker to run a job now; whether the broker took it. Raises `KeyError` where there is no such job."""
    known = KNOWN[task]
    with transaction.atomic():
        job, _made = BeatJob.objects.get_or_create(task=known.task)
        record(actor=actor, verb="run_job", touched=[Touched(job, {}, {"task": known.task})])
    return nudges.nudge(known.task)


def forget_old_runs() -> int:
    """Keeps the newest runs of each job; returns how many went."""
    forgotten = 0
    for job in BeatJob.objects.all():
        kept = list(job.history.order_by("-pk").values_list("pk", flat=True)[:KEPT_RUNS])
        if len(kept) == KEPT_RUNS:
            forgotten += job.history.filter(pk__lt=kept[-1]).delete()[0]
    return forgotten
