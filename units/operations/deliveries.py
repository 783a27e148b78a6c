"""Takes messages out to their channels: each delivery at least once, and by one worker at a time; see `outbox`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from time import monotonic

from django.db import transaction

from units.channels import Undeliverable, channels
from units.models import Delivery, User
from units.operations.changes import record
from units.operations.outbox import (
    AT_ONCE,
    SECONDS_AT_ONCE,
    Clock,
    Drained,
    lease,
    note_failed,
    note_sent,
    put_back,
    words_of,
)


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
    return Drained.of(outcomes)


def claim(delivery_id: int, *, now: datetime) -> Delivery | None:
    """Leases one delivery, or returns nothing where another worker holds it or has sent it."""
    if not lease(Delivery, delivery_id, now=now):
        return None
    return Delivery.objects.select_related("message__recipient").get(pk=delivery_id)


@transaction.atomic
def retry(*, delivery_ids: Collection[int], actor: User, now: datetime) -> int:
    """Takes up deliveries again that had been given up; returns how many. `now` is real time."""
    given_up = Delivery.objects.select_for_update().filter(pk__in=delivery_ids, status=Delivery.Status.DEAD)
    touched = put_back(given_up, now=now)
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
        return note_failed(delivery, str(problem), at=clock(), is_final=True)
    except Exception as problem:  # noqa: BLE001  (whatever one channel raises, the other deliveries go on)
        return note_failed(delivery, words_of(problem), at=clock())
    return note_sent(delivery, at=clock())
