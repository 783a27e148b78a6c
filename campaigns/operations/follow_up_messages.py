"""Tells the reporters and heads of the lead unit of a follow-up that it was assigned, or came back with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse

from campaigns.models import FollowUp
from campaigns.queries.clock import local_day
from campaigns.queries.recipients import People
from units.models import Role
from units.operations.messages import send_all
from units.queries.messages import Notice

ASSIGNED, RETURNED = "follow_up_assigned", "follow_up_returned"


def tell_of_assigned(follow_up: FollowUp, now: datetime) -> int:
    """Call it in the transaction of the step; the lead unit must be loaded."""
    return _tell(ASSIGNED, follow_up, {"text": follow_up.text}, now)


def tell_of_returned(follow_up: FollowUp, reason: str, now: datetime) -> int:
    return _tell(RETURNED, follow_up, {"reason": reason}, now)


def _tell(kind: str, follow_up: FollowUp, words: Mapping[str, str], now: datetime) -> int:
    """Once for each version, so that one returned twice on a day is told twice."""
    day = local_day(now)
    people = People.on(day, unit_ids=[follow_up.lead_id])
    told = {*people.of(Role.REPORTER, follow_up.lead_id), *people.of(Role.HEAD, follow_up.lead_id)}
    params = {
        "number": follow_up.number,
        "title_en": follow_up.title_en,
        "title_zh": follow_up.title_zh,
        "due_on": follow_up.due_on.isoformat(),
        **words,
    }
    return send_all(
        Notice(
            kind=kind,
            subject=f"follow_up:{follow_up.pk}:{follow_up.version}",
            recipient_id=person,
            day=day,
            url=reverse("follow_up", args=[follow_up.pk]),
            params=params,
        )
        for person in sorted(told)
    )
