"""Who ought to be told of follow-ups by now: that nobody has accepted them, that they are due soon, or overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import DateTimeField, Max, OuterRef, Subquery
from django.urls import reverse

from campaigns.domain.follow_up_life import IN_WORK, FollowUpVerb
from campaigns.domain.reminders import (
    ACCEPTANCE_RULE,
    FOLLOW_UP_DUE_DAYS,
    due_soon_on,
    follow_up_overdue_on,
    unanswered_on,
)
from campaigns.models import FollowUp, FollowUpEvent
from campaigns.queries.clock import local_day
from units.models import Role
from units.queries.messages import Notice

from .scene import NAMED, Scene, named

DUE_SOON, OVERDUE, OVERDUE_OFFICE = "follow_up_due_soon", "follow_up_overdue", "follow_up_overdue_office"
TO_ACCEPT, UNACCEPTED_OFFICE = "follow_up_to_accept", "follow_up_unaccepted_office"
ToOffice = dict[tuple[str, int], list[tuple[date, FollowUp]]]
"""By kind and campaign: what the office hears in one message, each with its day."""


def follow_up_notices(scene: Scene) -> Iterator[Notice]:
    """To the lead unit's reporters and heads one message for each follow-up, to the office one for all. One query."""
    to_office: ToOffice = defaultdict(list)
    for follow_up in _in_work(scene):
        yield from _of_one(follow_up, scene, to_office)
    for (kind, _campaign), rows in to_office.items():
        follow_ups = [follow_up for _day, follow_up in rows]
        for person in scene.people.of(Role.OFFICE, follow_ups[0].campaign.office_id):
            yield _to_office(kind, person, max(day for day, _follow_up in rows), follow_ups)


def _in_work(scene: Scene) -> Any:
    """What lies with its lead unit, and is near its day, over it, or not accepted yet."""
    assigned = (
        FollowUpEvent.objects.filter(follow_up=OuterRef("pk"), verb=FollowUpVerb.ASSIGN)
        .order_by()
        .values("follow_up")
        .annotate(newest=Max("at"))
        .values("newest")
    )
    near = scene.today + timedelta(days=max(FOLLOW_UP_DUE_DAYS))
    rows = FollowUp.objects.filter(state__in=IN_WORK)
    return (
        (rows.filter(due_on__lte=near) | rows.filter(state=FollowUp.State.ASSIGNED))
        .annotate(assigned_at=Subquery(assigned, output_field=DateTimeField()))
        .select_related("campaign", "lead")
        .order_by("due_on", "pk")
    )


def _of_one(follow_up: Any, scene: Scene, to_office: ToOffice) -> Iterator[Notice]:
    """Overdue, near, or not accepted: the first of these that holds is told."""
    overdue = follow_up_overdue_on(scene.today, follow_up.due_on, scene.calendar)
    near = due_soon_on(scene.today, follow_up.due_on, FOLLOW_UP_DUE_DAYS)
    if overdue is not None:
        yield from _to_unit(OVERDUE, follow_up, overdue.unit, scene)
        _note(to_office, OVERDUE_OFFICE, follow_up, overdue.office)
    elif near is not None:
        yield from _to_unit(DUE_SOON, follow_up, near, scene)
    elif follow_up.state == FollowUp.State.ASSIGNED and follow_up.assigned_at is not None:
        waits = unanswered_on(scene.today, local_day(follow_up.assigned_at), scene.calendar, ACCEPTANCE_RULE)
        if waits is not None:
            yield from _to_unit(TO_ACCEPT, follow_up, waits.unit, scene)
            _note(to_office, UNACCEPTED_OFFICE, follow_up, waits.office)


def _note(to_office: ToOffice, kind: str, follow_up: FollowUp, day: date | None) -> None:
    if day is not None:
        to_office[kind, follow_up.campaign_id].append((day, follow_up))


def _to_unit(kind: str, follow_up: Any, day: date, scene: Scene) -> Iterator[Notice]:
    lead = follow_up.lead_id
    for person in sorted({*scene.people.of(Role.REPORTER, lead), *scene.people.of(Role.HEAD, lead)}):
        yield Notice(
            kind=kind,
            subject=f"follow_up:{follow_up.pk}",
            recipient_id=person,
            day=day,
            url=reverse("follow_up", args=[follow_up.pk]),
            params=_named(follow_up),
        )


def _to_office(kind: str, person: int, day: date, follow_ups: Sequence[FollowUp]) -> Notice:
    campaign = follow_ups[0].campaign
    return Notice(
        kind=kind,
        subject=f"follow_ups:{campaign.slug}",
        recipient_id=person,
        day=day,
        url=f"{reverse('follow_ups')}?campaign={campaign.slug}",
        params={
            **named("campaign", campaign),
            "count": len(follow_ups),
            "follow_ups": [{**_named(one), **named("unit", one.lead)} for one in follow_ups[:NAMED]],
            "more": max(0, len(follow_ups) - NAMED),
        },
    )


def _named(follow_up: FollowUp) -> dict[str, str]:
    return {
        "number": follow_up.number,
        "title_en": follow_up.title_en,
        "title_zh": follow_up.title_zh,
        "due_on": follow_up.due_on.isoformat(),
    }
