"""Who ought to be told of single reports by now: that they wait for a decision, came back, or lie untouched since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import get_current_timezone

from campaigns.domain.reminders import (
    REVIEW_HEAD_DAYS,
    REVIEW_OFFICE_DAYS,
    REVIEW_PATIENCE_DAYS,
    review_overdue_on,
    untouched_on,
)
from campaigns.domain.workflow import ReportStatus
from campaigns.domain.working_days import WorkingCalendar
from campaigns.models import Period, Report, ReportEvent
from campaigns.queries.calendars import working_calendar
from campaigns.queries.clock import local_day
from campaigns.queries.recipients import People
from units.models import Role
from units.queries.messages import Notice

from .scene import NAMED, Scene, named


def report_notices(scene: Scene) -> list[Notice]:
    """Two queries."""
    return [*_reviews(scene), *_returned(scene)]


def returned_notices(event: ReportEvent) -> list[Notice]:
    """What to tell when this event has just brought a report back to its unit."""
    people = People.on(local_day(event.at), unit_ids=[event.report.unit_id])
    return list(_returned_notices(event, people, working_calendar()))


# --- they wait for a decision -----------------------------------------------------------------------------------------

WAITING_REVIEW: tuple[tuple[str, int], ...] = (
    ("report_waiting_review", REVIEW_PATIENCE_DAYS),
    ("report_waiting_review_head", REVIEW_HEAD_DAYS),
    ("report_waiting_review_office", REVIEW_OFFICE_DAYS),
)
"""Each kind with the days of waiting after which it is told."""


def _reviews(scene: Scene) -> Iterator[Notice]:
    """To each person one message about all that has waited for too long: to those who decide on it after three days,
    to the heads of their department after five, to the office after seven. It comes again on a day on which another
    report passes these days."""
    waiting = _waiting(scene)
    for kind, patience in WAITING_REVIEW:
        queue: dict[int, list[tuple[date, Report]]] = defaultdict(list)
        for report in waiting:
            day = review_overdue_on(scene.today, local_day(report.status_since), patience)
            for person in _told_of_waiting(kind, report, scene.people) if day is not None else ():
                queue[person].append((day, report))  # type: ignore[arg-type]
        for person, rows in queue.items():
            day = max(day for day, _report in rows)
            yield _of_waiting(kind, person, day, [report for _day, report in rows])


def _waiting(scene: Scene) -> list[Report]:
    filed_before = datetime.combine(
        scene.today - timedelta(days=REVIEW_PATIENCE_DAYS), time.min, tzinfo=get_current_timezone()
    )
    return list(
        Report.objects.awaiting_review()
        .filter(status_since__lt=filed_before)
        .select_related("unit", "action__campaign", "action__lead", "period")
        .defer("progress", "problems", "next_steps")
        .order_by("status_since", "pk")
    )


def _told_of_waiting(kind: str, report: Report, people: People) -> list[int]:
    """A lead's own reports wait for the office from the first: there is nobody above it to tell."""
    if kind == "report_waiting_review":
        return _deciders(report, people)
    if report.unit_id == report.action.lead_id:
        return []
    if kind == "report_waiting_review_head":
        return people.of(Role.HEAD, report.action.lead_id)
    return people.of(Role.OFFICE, report.action.campaign.office_id)


def _of_waiting(kind: str, person: int, day: date, reports: Sequence[Report]) -> Notice:
    oldest = reports[0]
    leads = list({report.action.lead_id: report.action.lead for report in reports}.values())
    return Notice(
        kind=kind,
        subject="review:queue",
        recipient_id=person,
        day=day,
        url=reverse("review") if kind == "report_waiting_review" else _list_of_filed(oldest),
        params={
            "count": len(reports),
            "filed_at": oldest.status_since.isoformat(),
            **named("unit", oldest.unit),
            **named("action", oldest.action),
            "leads": [named("name", lead) for lead in leads[:NAMED]],
            "more_leads": max(0, len(leads) - NAMED),
        },
    )


def _list_of_filed(report: Report) -> str:
    """The list of the period of the one that has waited longest."""
    of = {"campaign": report.action.campaign.slug, "period": report.period.month, "status": report.status}
    return f"{reverse('reports')}?{urlencode(of)}"


def _deciders(report: Report, people: People) -> list[int]:
    """The action lead's reviewers; the office where the lead itself reports; nobody of the reporting unit."""
    if report.unit_id == report.action.lead_id:
        found = people.of(Role.OFFICE, report.action.campaign.office_id)
    else:
        found = people.of(Role.REVIEWER, report.action.lead_id)
    return [person for person in found if report.unit_id not in people.own_units.get(person, ())]


# --- they came back ---------------------------------------------------------------------------------------------------


def _returned(scene: Scene) -> Iterator[Notice]:
    """Reports that lie with their unit since they came back, where telling at once has failed or was not tried; and
    once more those that nobody has touched for two days."""
    can_come_again = ~Q(report__period__state=Period.State.PUBLISHED) | Q(report__reopened_until__gt=scene.now)
    events = (
        ReportEvent.objects.filter(
            can_come_again, to_status=ReportStatus.RETURNED, report__status=ReportStatus.RETURNED
        )
        .select_related("report__unit", "report__action", "report__period__campaign", "actor")
        .defer("report__progress", "report__problems", "report__next_steps")
        .order_by("pk")
    )
    newest = {event.report_id: event for event in events}
    for event in newest.values():
        yield from _returned_notices(event, scene.people, scene.calendar)
        yield from _untouched(event, scene)


def _returned_notices(event: ReportEvent, people: People, calendar: WorkingCalendar) -> Iterator[Notice]:
    """To the unit's reporters, or where it has none to its heads; never to the one who sent it back."""
    for person in _of_unit(event.report, people):
        if person != event.actor_id:
            yield _of_return("report_returned", event, person, local_day(event.at), calendar)


def _untouched(event: ReportEvent, scene: Scene) -> Iterator[Notice]:
    """A step and a saved figure both make a new version: with the version of the return nobody has touched it."""
    day = untouched_on(scene.today, local_day(event.at))
    if day is not None and event.report.version == event.report_version:
        for person in _of_unit(event.report, scene.people):
            yield _of_return("report_untouched", event, person, day, scene.calendar)


def _of_unit(report: Report, people: People) -> list[int]:
    return people.of(Role.REPORTER, report.unit_id) or people.of(Role.HEAD, report.unit_id)


def _of_return(kind: str, event: ReportEvent, person: int, day: date, calendar: WorkingCalendar) -> Notice:
    report, period = event.report, event.report.period
    again_by = event.resubmit_by or report.reopened_until or _end_of_grace(event, calendar)
    return Notice(
        kind=kind,
        subject=f"report_event:{event.pk}",
        recipient_id=person,
        day=day,
        url=reverse("report_form", args=[period.campaign.slug, period.month, report.unit.code]),
        params={
            **named("unit", report.unit),
            **named("action", report.action),
            "period": period.key,
            "month": period.month,
            "unit_code": report.unit.code,
            "number": report.action.number,
            "reason": event.reason,
            "verb": event.verb,
            **({"by_en": event.actor.name, "by_zh": event.actor.name_zh} if event.actor else {}),
            "returned_at": event.at.isoformat(),
            "again_at": again_by.isoformat(),
        },
    )


def _end_of_grace(event: ReportEvent, calendar: WorkingCalendar) -> datetime:
    """Until when a report that came back in an open period is in time: see `domain.filing`."""
    period = event.report.period
    last_day = calendar.add(local_day(event.at), period.campaign.resubmission_working_days)
    end = datetime.combine(last_day, time.max, tzinfo=get_current_timezone())
    return min(period.closes_at, max(period.due_at, end))
