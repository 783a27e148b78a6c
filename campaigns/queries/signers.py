"""The people behind a unit's report: who reports, and who signs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from campaigns.queries.clock import local_day
from units.models import Membership, Role, Unit, User


def reporters_of(unit: Unit, now: datetime) -> Sequence[User]:
    """Who reports for the unit today, stand-ins too. One query."""
    return _people(unit, Role.REPORTER, now)


def signers_of(unit: Unit, now: datetime) -> Sequence[User]:
    """Who signs for the unit today, stand-ins too. One query."""
    return _people(unit, Role.HEAD, now)


def _people(unit: Unit, role: str, now: datetime) -> Sequence[User]:
    memberships = Membership.objects.on(local_day(now)).filter(unit=unit, role=role, user__is_active=True)
    return [one.user for one in memberships.select_related("user").order_by("pk")]
