"""Who ought to be told of a meeting by now: that it comes, and that a paper for it is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import get_current_timezone

from campaigns.domain.reminders import MEETING_SOON_DAYS, PAPERS_DUE_DAYS, meeting_soon_on, papers_due_on
from campaigns.models import Meeting
from campaigns.queries.clock import local_day
from campaigns.queries.recipients import People
from units.models import Role
from units.queries.messages import Notice

from .scene import named

Titles = list[dict[str, str]]


def meeting_notices(*, now: datetime, people: People) -> list[Notice]:
    """Four queries."""
    return [*_soon(now, people), *_papers_due(now, people)]


def _not_cancelled() -> QuerySet[Meeting]:
    return Meeting.objects.filter(cancelled_at=None).select_related("campaign").prefetch_related("agenda")


def _has_begun(meeting: Meeting, now: datetime) -> bool:
    begins = meeting.starts_at or time.max
    return now >= datetime.combine(meeting.held_on, begins, tzinfo=get_current_timezone())


# --- it comes ---------------------------------------------------------------------------------------------------------


def _soon(now: datetime, people: People) -> Iterator[Notice]:
    """The monthly analysis meeting: to the office, the leaders, and the heads of the units that present."""
    today = local_day(now)
    last = today + timedelta(days=max(MEETING_SOON_DAYS))
    coming = _not_cancelled().filter(held_on__gte=today, held_on__lte=last)
    for meeting in coming.filter(kinds__kind=Meeting.Kind.MONTHLY_ANALYSIS):
        day = meeting_soon_on(today, meeting.held_on)
        if day is not None and not _has_begun(meeting, now):
            yield from _of_meeting(meeting, day, people)


def _of_meeting(meeting: Meeting, day: date, people: People) -> Iterator[Notice]:
    items: dict[int, Titles] = defaultdict(list)
    for item in meeting.agenda.all():
        for person in people.of(Role.HEAD, item.presenter_id) if item.presenter_id else ():
            items[person].append({"title_en": item.title_en, "title_zh": item.title_zh})
    for person in sorted({*people.of(Role.OFFICE, meeting.campaign.office_id), *people.leaders, *items}):
        yield Notice(
            kind="meeting_soon",
            subject=f"meeting:{meeting.pk}",
            recipient_id=person,
            day=day,
            url=reverse("meeting", args=[meeting.pk]),
            params={
                **named("name", meeting),
                "held_on": meeting.held_on.isoformat(),
                "time": meeting.starts_at.strftime("%H:%M") if meeting.starts_at else "",
                "place": meeting.place,
                "items": items.get(person, []),
            },
        )


# --- a paper is due ---------------------------------------------------------------------------------------------------


def _papers_due(now: datetime, people: People) -> Iterator[Notice]:
    """To the reporters and heads of units whose paper is not handed in yet, until the meeting begins."""
    today = local_day(now)
    begins = datetime.combine(today, time.min, tzinfo=get_current_timezone())
    until = begins + timedelta(days=max(PAPERS_DUE_DAYS) + 1)
    for meeting in _not_cancelled().filter(papers_due_at__gte=begins, papers_due_at__lt=until):
        day = papers_due_on(today, local_day(meeting.papers_due_at)) if meeting.papers_due_at else None
        if day is not None and not _has_begun(meeting, now):
            yield from _of_papers(meeting, day, people)


def _of_papers(meeting: Meeting, day: date, people: People) -> Iterator[Notice]:
    """One message for each person and meeting, with what is still to be handed in."""
    items: dict[int, Titles] = defaultdict(list)
    for item in meeting.agenda.all():
        if item.presenter_id is not None and item.handed_in_at is None:
            unit_id = item.presenter_id
            for person in {*people.of(Role.REPORTER, unit_id), *people.of(Role.HEAD, unit_id)}:
                items[person].append({"title_en": item.title_en, "title_zh": item.title_zh})
    for person, titles in sorted(items.items()):
        yield Notice(
            kind="papers_due",
            subject=f"papers:{meeting.pk}",
            recipient_id=person,
            day=day,
            url=reverse("meeting_papers", args=[meeting.pk]),
            params={
                **named("name", meeting),
                "held_on": meeting.held_on.isoformat(),
                "due_at": meeting.papers_due_at.isoformat() if meeting.papers_due_at else "",
                "items": titles,
            },
        )
