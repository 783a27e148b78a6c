"""Keeps a channel to so many messages a minute, all workers together, and leaves it alone for a while where it asks.

The instants of the last minute stand in one row that is locked while a delivery is claimed: no worker can be faster
than the others know of. Real time; what lies more than a minute ahead was noted by a clock that has been put back, and
does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction

from units.models import ChannelPace

T = TypeVar("T")

MINUTE = timedelta(minutes=1)
REST = timedelta(seconds=50)
"""For a channel that does not answer: less than the beat's interval, so that each beat tries it once."""


class Resting(Exception):
    """The channel has had its share of this minute, or is left alone for now."""


def resting(now: datetime) -> frozenset[str]:
    """The channels that are left alone now. One query."""
    rows = ChannelPace.objects.filter(rests_until__gt=now, rests_until__lte=now + MINUTE)
    return frozenset(rows.values_list("channel", flat=True))


@transaction.atomic
def in_pace(channel: str, claim: Callable[[], T | None], *, a_minute: int, now: datetime) -> T | None:
    """What `claim` gets, counted against the minute; raises `Resting` where the minute is full."""
    pace = _locked(channel)
    instant = now.timestamp()
    sent = [one for one in pace.sent if abs(one - instant) < MINUTE.total_seconds()]
    if len(sent) >= a_minute:
        raise Resting
    claimed = claim()
    if claimed is not None:
        pace.sent = [*sent, instant]
        pace.save(update_fields=["sent"])
    return claimed


def rest(channel: str, *, until: datetime) -> None:
    """Nobody uses the channel before then."""
    ChannelPace.objects.update_or_create(channel=channel, defaults={"rests_until": until})


def wake(channels: Collection[str]) -> None:
    """Somebody says that it works again."""
    ChannelPace.objects.filter(channel__in=channels).update(rests_until=None)


def _locked(channel: str) -> ChannelPace:
    rows = ChannelPace.objects.select_for_update().filter(channel=channel)
    found = rows.first()
    if found is None:
        ChannelPace.objects.bulk_create([ChannelPace(channel=channel)], ignore_conflicts=True)
        found = rows.get()
    return found
