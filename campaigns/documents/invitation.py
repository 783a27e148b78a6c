"""The invitation to a meeting as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from icalendar import Calendar, Event

from campaigns.models import AgendaItem, Meeting
from campaigns.queries.agenda import in_order

PRODUCT = "-//Tough action tracker//Meetings//EN"


def invitation(meeting: Meeting, *, host: str) -> bytes:
    """One event, the same for every reader of a language; a later version of the meeting takes its place, and that of
    a cancelled one takes it out of the calendar.

    `host` makes its name unique in the world. It lasts as long as the agenda; without an hour it takes the whole day.
    """
    agenda = in_order(meeting.agenda.all())
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{host.partition(':')[0]}")
    event.add("sequence", meeting.version - 1)
    event.add("dtstamp", meeting.updated_at.astimezone(UTC))
    event.add("summary", meeting.name)
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    _add_time(event, meeting, agenda)
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.video_url:
        event.add("url", meeting.video_url)
    if meeting.is_cancelled:
        event.add("comment", meeting.cancelled_reason)
    if agenda:
        event.add("description", "\n".join(f"{number}. {item.title}" for number, item in enumerate(agenda, start=1)))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if meeting.is_cancelled else "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical()


def _add_time(event: Event, meeting: Meeting, agenda: list[AgendaItem]) -> None:
    if meeting.starts_at is None:
        event.add("dtstart", meeting.held_on)
        event.add("dtend", meeting.held_on + timedelta(days=1))
        return
    start = timezone.make_aware(datetime.combine(meeting.held_on, meeting.starts_at)).astimezone(UTC)
    event.add("dtstart", start)
    if agenda:
        event.add("dtend", start + timedelta(minutes=sum(item.minutes_allotted for item in agenda)))
