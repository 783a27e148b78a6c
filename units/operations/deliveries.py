"""Takes messages out to their channels: each delivery at least once, and by one worker at a time.

Leases, attempts and back-off are rows in the database, so that a worker may be killed at any moment. Real time here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import F

from units.channels import Undeliverable, channels
from units.models import Delivery, User
from units.operations.changes import Touched, fields_of, record

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

LEASE = timedelta(minutes=5)
"""Longer than any channel takes for one delivery; a dead worker's deliveries are taken up again after it."""

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(days=1),
)
"""How long to wait after the first, second … failed attempt; after one more the delivery is given up."""

AT_ONCE = 500
SECONDS_AT_ONCE = 50.0


@dataclass(frozen=True, slots=True)
class Drained:
    """How many deliveries were sent, failed and will be tried again, and were given up."""

    sent: int = 0
    failed: int = 0
    dead: int = 0


def drain(*, clock: Clock, limit: int = AT_ONCE, seconds: float = SECONDS_AT_ONCE) -> Drained:
    """Sends what is due, oldest first, one delivery at a time and each outside of any transaction.

    Ends after `limit` deliveries or so many seconds; what is left is for the next run. `clock` tells the real time.
    """
    ends_at = monotonic() + seconds
    waiting = Delivery.objects.due(clock()).order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:limit]
    outcomes = []
    for delivery_id in list(waiting):
        if monotonic() > ends_at:
            break
        delivery = claim(delivery_id, now=clock())
        if delivery is not None:
            outcomes.append(_attempt(delivery, clock))
    return Drained(
        sent=outcomes.count(Delivery.Status.SENT),
        failed=outcomes.count(Delivery.Status.PENDING),
        dead=outcomes.count(Delivery.Status.DEAD),
    )


def claim(delivery_id: int, *, now: datetime) -> Delivery | None:
    """Leases one delivery, or returns nothing where another worker holds it or has sent it.

    The condition and the lease are one statement, so two workers can never both have it.
    """
    claimed = Delivery.objects.due(now).filter(pk=delivery_id)
    if not claimed.update(lease_until=now + LEASE, attempts=F("attempts") + 1):
        return None
    return Delivery.objects.select_related("message__recipient").get(pk=delivery_id)


@transaction.atomic
def retry(*, delivery_ids: Collection[int], actor: User, now: datetime) -> int:
    """Takes up deliveries again that had been given up; returns how many. `now` is real time."""
    touched = []
    for delivery in Delivery.objects.select_for_update().filter(pk__in=delivery_ids, status=Delivery.Status.DEAD):
        before = fields_of(delivery, ("status", "attempts"))
        delivery.status, delivery.attempts, delivery.error = Delivery.Status.PENDING, 0, ""
        delivery.next_attempt_at, delivery.lease_until = now, None
        delivery.save()
        touched.append(Touched(delivery, before, fields_of(delivery, ("status", "attempts"))))
    if touched:
        record(actor=actor, verb="retry_deliveries", touched=touched)
    return len(touched)


def _attempt(delivery: Delivery, clock: Clock) -> str:
    channel = channels().get(delivery.channel)
    try:
        if channel is None:
            raise Undeliverable("there is no such channel")
        channel.send(delivery)
    except Undeliverable as problem:
        return _failed(delivery, str(problem), at=clock(), is_final=True)
    except Exception as problem:  # noqa: BLE001  (whatever one channel raises, the other deliveries go on)
        return _failed(delivery, _told(problem), at=clock())
    return _sent(delivery, at=clock())


def _sent(delivery: Delivery, *, at: datetime) -> str:
    """It is out, whoever holds the lease by now."""
    Delivery.objects.filter(pk=delivery.pk, status=Delivery.Status.PENDING).update(
        status=Delivery.Status.SENT, sent_at=at, lease_until=None, error=""
    )
    return Delivery.Status.SENT


def _failed(delivery: Delivery, error: str, *, at: datetime, is_final: bool = False) -> str:
    """Noted only while the lease is still this worker's: `attempts` is what tells one claim from the next."""
    is_dead = is_final or delivery.attempts > len(BACK_OFF)
    status = Delivery.Status.DEAD if is_dead else Delivery.Status.PENDING
    wait = timedelta() if is_dead else BACK_OFF[max(delivery.attempts, 1) - 1]
    Delivery.objects.filter(pk=delivery.pk, status=Delivery.Status.PENDING, attempts=delivery.attempts).update(
        status=status, error=error[:300], lease_until=None, next_attempt_at=at + wait
    )
    logger.warning("Delivery %s by %s: %s (attempt %s)", delivery.pk, delivery.channel, error, delivery.attempts)
    return status


def _told(problem: Exception) -> str:
    """What went wrong, without the server's own words: they may hold addresses and keys."""
    code = getattr(problem, "smtp_code", None) or getattr(problem, "errno", None)
    return f"{type(problem).__name__} {code}" if isinstance(code, int) else type(problem).__name__
