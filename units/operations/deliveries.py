"""Takes messages out to their channels: each delivery at least once, and by one worker at a time; see `outbox`.

Each channel is drained for itself, rooms first: one that hangs or is full is left for the next run, and holds up no
other for longer than it takes to give up on it once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from time import monotonic

from django.db import transaction
from django.db.models import Q

from units.channels import Channel, Failed, TooMany, Undeliverable, channels
from units.channels.webhooks import NoAnswer
from units.domain.addresses import NotAllowed
from units.models import Delivery, Sending, User
from units.operations.changes import record
from units.operations.outbox import (
    SECONDS_AT_ONCE,
    Clock,
    Drained,
    lease,
    note_failed,
    note_sent,
    note_waits,
    put_back,
    words_of,
)
from units.operations.pace import MINUTE, REST, Resting, in_pace, rest, resting, wake

AT_ONCE = 5000
"""Of one channel; time is over before."""
OF_ONE_MESSAGE = (SMTPRecipientsRefused, SMTPDataError, SMTPSenderRefused)
"""The server answers and does not take this one; others may do better."""


def drain(*, clock: Clock, limit: int = AT_ONCE, seconds: float = SECONDS_AT_ONCE) -> Drained:
    """Sends what is due, channel by channel, oldest first, each delivery outside of any transaction.

    Each channel ends after `limit` deliveries or so many seconds; what is left is for the next run. `clock` tells the
    real time.
    """
    drained = Drained()
    for name in _with_work(clock()):
        drained += Drained.of(_drain_channel(name, clock, limit, seconds))
    return drained


def _with_work(now: datetime) -> list[str]:
    """The channels that have something due and are not left alone; rooms first, which are quick."""
    due = set(Delivery.objects.due(now).order_by().values_list("channel", flat=True).distinct())
    known = channels()
    return sorted(due - resting(now), key=lambda name: (name in known and not known[name].is_room, name))


def _drain_channel(name: str, clock: Clock, limit: int, seconds: float) -> Iterator[str]:
    ends_at = monotonic() + seconds
    channel = channels().get(name)
    waiting = Delivery.objects.due(clock()).filter(channel=name).order_by("next_attempt_at", "pk")
    for delivery_id in list(waiting.values_list("pk", flat=True)[:limit]):
        if monotonic() > ends_at:
            return
        try:
            delivery = _taken(delivery_id, name, channel, clock())
        except Resting:
            return
        if delivery is None:
            continue
        outcome, goes_on = _attempt(delivery, channel, clock)
        yield outcome
        if not goes_on:
            return


def _taken(delivery_id: int, name: str, channel: Channel | None, now: datetime) -> Delivery | None:
    if channel is None or channel.a_minute is None:
        return claim(delivery_id, now=now)
    return in_pace(name, lambda: claim(delivery_id, now=now), a_minute=channel.a_minute(), now=now)


def claim(delivery_id: int, *, now: datetime) -> Delivery | None:
    """Leases one delivery, or returns nothing where another worker holds it or has sent it."""
    if not lease(Delivery, delivery_id, now=now):
        return None
    return Delivery.objects.select_related("message__recipient").get(pk=delivery_id)


@transaction.atomic
def retry(*, delivery_ids: Collection[int], actor: User, now: datetime) -> int:
    """Takes up deliveries again that had been given up, or have failed and wait; returns how many. `now` is real time.

    What a worker holds just now is left to it.
    """
    stuck = Q(status=Sending.DEAD) | Q(status=Sending.PENDING, attempts__gt=0, lease_until=None)
    rows = list(Delivery.objects.select_for_update().filter(stuck, pk__in=delivery_ids))
    touched = put_back(rows, now=now)
    if touched:
        wake({one.channel for one in rows})
        record(actor=actor, verb="retry_deliveries", touched=touched)
    return len(touched)


def _attempt(delivery: Delivery, channel: Channel | None, clock: Clock) -> tuple[str, bool]:
    """What became of it, and whether the channel goes on with the next one."""
    try:
        if channel is None:
            raise Undeliverable("there is no such channel")
        if not channel.is_set_up():
            raise Undeliverable("the channel is not set up any more")
        channel.send(delivery)
    except Undeliverable as problem:
        return note_failed(delivery, str(problem), at=clock(), is_final=True), True
    except TooMany:
        note_waits(delivery, until=clock() + MINUTE)
        rest(delivery.channel, until=clock() + MINUTE)
        return "waits", False
    except (Failed, NotAllowed) as problem:
        return note_failed(delivery, str(problem), at=clock()), True
    except NoAnswer as problem:
        return _channel_is_down(delivery, str(problem), at=clock())
    except OF_ONE_MESSAGE as problem:
        return note_failed(delivery, words_of(problem), at=clock()), True
    except OSError as problem:
        return _channel_is_down(delivery, words_of(problem), at=clock())
    except Exception as problem:  # noqa: BLE001  (whatever one message raises, the others go on)
        return note_failed(delivery, words_of(problem), at=clock()), True
    return note_sent(delivery, at=clock()), True


def _channel_is_down(delivery: Delivery, error: str, *, at: datetime) -> tuple[str, bool]:
    """Nobody answers there: the next one would only wait as long."""
    rest(delivery.channel, until=at + REST)
    return note_failed(delivery, error, at=at), False
