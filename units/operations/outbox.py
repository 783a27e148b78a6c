"""What is sent out: each row at least once, by one worker at a time, later and later after failures, then given up.

Leases, attempts and back-off are rows in the database, so that a worker may be killed at any moment. Real time here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F

from units.models import Delivery, Sending, WebhookDelivery
from units.operations.changes import Touched, fields_of

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Outgoing = Delivery | WebhookDelivery

LEASE = timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
"""Longer than anything takes to be sent; a dead worker's rows are taken up again after it."""

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(days=1),
)
"""How long to wait after the first, second … failed attempt; after one more the row is given up."""

AT_ONCE = 500
SECONDS_AT_ONCE = 50.0


@dataclass(frozen=True, slots=True)
class Drained:
    """How many were sent, failed and will be tried again, and were given up."""

    sent: int = 0
    failed: int = 0
    dead: int = 0

    def __add__(self, other: Drained) -> Drained:
        return Drained(self.sent + other.sent, self.failed + other.failed, self.dead + other.dead)

    @classmethod
    def of(cls, outcomes: Iterable[str]) -> Drained:
        told = list(outcomes)
        return cls(told.count(Sending.SENT), told.count(Sending.PENDING), told.count(Sending.DEAD))


def lease(model: type[Outgoing], pk: int, *, now: datetime) -> bool:
    """Leases one row; false where another worker holds it or has sent it.

    The condition and the lease are one statement, so two workers can never both have it.
    """
    row = model.objects.due(now).filter(pk=pk)
    return bool(row.update(lease_until=now + LEASE, attempts=F("attempts") + 1))


def note_sent(row: Outgoing, *, at: datetime, **told: Any) -> str:
    """It is out, whoever holds the lease by now."""
    type(row).objects.filter(pk=row.pk, status=Sending.PENDING).update(
        status=Sending.SENT, sent_at=at, lease_until=None, error="", **told
    )
    return Sending.SENT


def note_failed(row: Outgoing, error: str, *, at: datetime, is_final: bool = False, **told: Any) -> str:
    """Noted only while the lease is still this worker's: `attempts` is what tells one claim from the next."""
    is_dead = is_final or row.attempts > len(BACK_OFF)
    status = Sending.DEAD if is_dead else Sending.PENDING
    wait = timedelta() if is_dead else BACK_OFF[max(row.attempts, 1) - 1]
    type(row).objects.filter(pk=row.pk, status=Sending.PENDING, attempts=row.attempts).update(
        status=status, error=error[:300], lease_until=None, next_attempt_at=at + wait, **told
    )
    logger.warning("%s %s: %s (attempt %s)", type(row).__name__, row.pk, error, row.attempts)
    return status


def note_waits(row: Outgoing, *, until: datetime) -> None:
    """The other side asked for a pause: the row waits, and this was no attempt."""
    type(row).objects.filter(pk=row.pk, status=Sending.PENDING, attempts=row.attempts).update(
        lease_until=None, next_attempt_at=until, attempts=F("attempts") - 1
    )


def put_back(rows: Iterable[Outgoing], *, now: datetime) -> list[Touched]:
    """Puts rows that are locked back to where they begin; tells what that touched."""
    touched = []
    for row in rows:
        before = fields_of(row, ("status", "attempts"))
        row.status, row.attempts, row.error = Sending.PENDING, 0, ""
        row.next_attempt_at, row.lease_until, row.sent_at = now, None, None
        row.save()
        touched.append(Touched(row, before, fields_of(row, ("status", "attempts"))))
    return touched


def words_of(problem: Exception) -> str:
    """What went wrong, without the other side's own words: they may hold addresses and keys."""
    code = getattr(problem, "smtp_code", None) or getattr(problem, "errno", None)
    return f"{type(problem).__name__} {code}" if isinstance(code, int) else type(problem).__name__
