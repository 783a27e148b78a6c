"""What the page of the background jobs shows: each with its last run, its next one, and what it did of late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from units.models import BeatJob, BeatRun

LATEST = 60
"""So many runs of all jobs are looked at, newest first."""
SHOWN = 5

COUNT_WORDS = {
    "sent": _("sent"),
    "failed": _("failed, to be tried again"),
    "dead": _("given up"),
    "sealed": _("sealed"),
    "told": _("told"),
    "revoked": _("taken back"),
    "periods": _("periods moved"),
    "reminders": _("reminders"),
    "packs": _("packs begun"),
    "raised": _("warnings raised"),
    "moved": _("warnings changed"),
    "ended": pgettext_lazy("long work", "ended"),
    "keys": _("idempotency keys"),
    "uploads": _("uploads"),
    "files": _("files of finished work"),
    "deliveries": _("deliveries"),
    "webhook_deliveries": _("webhook deliveries"),
    "runs": _("notes of runs"),
}


class KnownJob(Protocol):
    @property
    def task(self) -> str: ...
    @property
    def title(self) -> Any: ...
    @property
    def purpose(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Count:
    number: int
    word: Any


@dataclass(frozen=True, slots=True)
class Run:
    started_at: datetime
    seconds: float
    counts: Sequence[Count]
    error: str


@dataclass(frozen=True, slots=True)
class Background:
    """One job. `next_at` is None where the beat has not asked for it yet or ought to have asked by now."""

    known: KnownJob
    every: timedelta
    last: Run | None
    is_running: bool
    next_at: datetime | None
    failed_at: datetime | None
    latest: Sequence[Run]


def background_jobs(known: Sequence[KnownJob], every: Mapping[str, float], *, now: datetime) -> list[Background]:
    """In the order of `known`; `every` are the seconds between two runs. Two queries."""
    rows = {row.task: row for row in BeatJob.objects.all()}
    history: dict[int, list[Run]] = {}
    for run in BeatRun.objects.order_by("-pk")[:LATEST]:
        history.setdefault(run.job_id, []).append(_run(run.started_at, run))
    return [
        _background(one, rows.get(one.task), timedelta(seconds=every[one.task]), history, now)
        for one in known
        if one.task in every
    ]


def _background(
    known: KnownJob, row: BeatJob | None, every: timedelta, history: Mapping[int, list[Run]], now: datetime
) -> Background:
    if row is None or row.started_at is None:
        return Background(known, every, None, False, None, None, ())
    next_at = row.started_at + every
    is_running = row.finished_at is None or row.finished_at < row.started_at
    last = None if row.finished_at is None else _run(row.started_at, row)
    latest = history.get(row.pk, [])[:SHOWN]
    return Background(known, every, last, is_running, next_at if next_at > now else None, row.failed_at, latest)


def _run(started_at: datetime, row: Any) -> Run:
    counts = [Count(number, COUNT_WORDS.get(name, name)) for name, number in row.counts.items()]
    return Run(started_at, row.seconds or 0.0, counts, row.error)
