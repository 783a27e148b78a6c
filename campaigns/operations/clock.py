"""Moves the business clock, so that a campaign can be played through."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import BusinessClock
from campaigns.permissions import can_move_clock
from campaigns.queries.clock import instant_of, local_day
from campaigns.refusals import Invalid
from units.models import User
from units.operations.changes import Touched, record
from units.permissions import capacities

FURTHEST = timedelta(days=731)
LAST_YEAR = 2099


@transaction.atomic
def move_clock(*, to: datetime, actor: User, now: datetime) -> BusinessClock:
    """Moves a shifted clock forward; an installation that runs on real time has none to move."""
    if not can_move_clock(capacities(actor, local_day(now))):
        raise PermissionDenied(_("Only an administrator may move the business clock."))
    clock = BusinessClock.objects.select_for_update().filter(pk=1).first()
    if clock is None:
        raise Invalid(_("This installation runs on real time; there is no clock to move."), field="to")
    now = max(now, instant_of(clock))  # somebody may have moved it since the page was asked for
    if to <= now:
        raise Invalid(_("The clock only moves forward. Choose a later time."), field="to")
    if to - now > FURTHEST:
        raise Invalid(_("The clock moves at most two years at a time. Choose an earlier time."), field="to")
    if to.year > LAST_YEAR:
        raise Invalid(_("The clock ends with the year %(year)d.") % {"year": LAST_YEAR}, field="to")
    clock.set_at, clock.stands_at = timezone.now(), to
    clock.save()
    record(actor=actor, verb="move_clock", touched=[Touched(clock, {"stands_at": now}, {"stands_at": to})])
    return clock


@transaction.atomic
def set_clock(*, to: datetime, actor: User | None) -> BusinessClock:
    """Sets the clock when data is loaded; it ticks on from there."""
    clock, _made = BusinessClock.objects.update_or_create(pk=1, defaults={"set_at": timezone.now(), "stands_at": to})
    record(actor=actor, verb="set_clock", touched=[Touched(clock, None, {"stands_at": to})])
    return clock
