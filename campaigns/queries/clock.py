"""Reads the business clock: the instant by which periods, lateness, lights and reminders are judged.

Call it at the edge (view, task, command) and pass the instant on; nothing below reads a clock.
"""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from campaigns.models import BusinessClock


def business_now() -> datetime:
    """The business instant: real time, or as far after `stands_at` as real time is after `set_at`."""
    return instant_of(clock_row())


def instant_of(clock: BusinessClock | None) -> datetime:
    """What this clock shows now; no clock is real time."""
    return timezone.now() if clock is None else clock.stands_at + (timezone.now() - clock.set_at)


def clock_row() -> BusinessClock | None:
    """The row that shifts the clock, made from BUSINESS_CLOCK at the first look where that setting is given."""
    clock = BusinessClock.objects.filter(pk=1).first()
    if clock is None and settings.BUSINESS_CLOCK is not None:
        clock, _ = BusinessClock.objects.get_or_create(
            pk=1, defaults={"set_at": timezone.now(), "stands_at": settings.BUSINESS_CLOCK}
        )
    return clock


def local_day(now: datetime) -> date:
    """The day on which this instant falls where the city is."""
    return timezone.localtime(now).date()
