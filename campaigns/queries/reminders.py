"""Who ought to be told what by now: deadlines, signatures, reviews, reports that came back, meetings.

Everything follows from the rows, the calendar and the instant; what was told already is for the ledger to know. So a
missed run is made up by the next, and the number of SQL queries is the same for one unit and for a thousand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import get_current_timezone

from campaigns.domain.filing import StatusChange, filing, is_overdue
from campaigns.domain.reminders import (
    DUE_SOON_DAYS,
    REVIEW_PATIENCE_DAYS,
    due_soon_on,
    overdue_on,
    review_overdue_on,
    signature_overdue_on,
)
from campaigns.domain.workflow import EDITABLE, ReportStatus
from campaigns.domain.working_days import WorkingCalendar
from campaigns.models import Assignment, Campaign, Measurement, Period, Report, ReportEvent
from units.models import Role, Unit
from units.queries.messages import Notice

from .calendars import working_calendar
from .clock import local_day
from .meeting_reminders import meeting_notices, named
from .recipients import People

WITH_THE_UNIT = [*EDITABLE, ReportStatus.TO_SIGN]
"""Statuses in which the unit has still to act; what lies with the lead department is not chased."""

TO_UNITS = ("report_due_soon", "report_overdue", "report_overdue_head")

UNITS_NAMED = 12


def reminders_due(*, now: datetime) -> list[Notice]:
    """Every reminder that has fallen due by `now`, newest stage only, told before or not."""
    scene = _Scene(now, local_day(now), working_calendar(), People.on(local_day(now)))
    periods = _periods_near_due(now)
    backlogs = _backlogs(periods, scene)
    return [
        *_due_soon(backlogs, scene),
        *_overdue(backlogs, scene),
        *_signatures(backlogs, scene),
        *_reviews(scene),
        *_returned(scene),
        *meeting_notices(now=now, people=scene.people),
    ]


def period_reminders(period: Period, *, now: datetime) -> list[Notice]:
    """What the units' own people are reminded of by now about one period, told before or not."""
    scene = _Scene(now, local_day(now), working_calendar(), People.on(local_day(now)))
    backlogs = _backlogs([one for one in _periods_near_due(now) if one.pk == period.pk], scene)
    return [one for one in (*_due_soon(backlogs, scene), *_overdue(backlogs, scene)) if one.kind in TO_UNITS]


def returned_notices(event: ReportEvent) -> list[Notice]:
    """What to tell when this event has just brought a report back to its unit."""
    people = People.on(local_day(event.at), unit_ids=[event.report.unit_id])
    return list(_returned_notices(event, people, working_calendar()))


@dataclass(frozen=True, slots=True)
class _Scene:
    """The instant, and what every kind of reminder looks up."""

    now: datetime
    today: date
    calendar: WorkingCalendar
    people: People


# --- deadlines of a period ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Backlog:
    """The reports of one unit for one period that the unit has still to file."""

    period: Period
    unit: Unit
    reports: list[Report] = field(default_factory=list)
    overdue: list[Report] = field(default_factory=list)

    @property
    def to_sign(self) -> list[Report]:
        return [report for report in self.reports if report.status == ReportStatus.TO_SIGN]


def _periods_near_due(now: datetime) -> list[Period]:
    horizon = now + timedelta(days=max(DUE_SOON_DAYS) + 1)
    return list(
        Period.objects.filter(state=Period.State.OPEN, due_at__lte=horizon, closes_at__gt=now)
        .select_related("campaign")
        .order_by("campaign", "month")
    )


def _backlogs(periods: Sequence[Period], scene: _Scene) -> list[_Backlog]:
    """What the units of these periods have still to file. Two queries."""
    by_id = {period.pk: period for period in periods}
    history: dict[int, list[StatusChange]] = defaultdict(list)
    for event in ReportEvent.objects.filter(
        report__period__in=by_id, report__status__in=WITH_THE_UNIT, to_status__in=("submitted", "returned")
    ).order_by():
        history[event.report_id].append(StatusChange(event.at, event.from_status, event.to_status, event.resubmit_by))
    backlogs: dict[tuple[int, int], _Backlog] = {}
    for report in _expected_reports(by_id):
        period = by_id[report.period_id]
        backlog = backlogs.setdefault((period.pk, report.unit_id), _Backlog(period, report.unit))
        backlog.reports.append(report)
        if _is_overdue(report, period, history[report.pk], scene):
            backlog.overdue.append(report)
    return list(backlogs.values())


def _expected_reports(period_ids: Collection[int]) -> Iterable[Report]:
    """Reports with their units, of assignments that still cover the period's last day."""
    covering = Assignment.objects.filter(action=OuterRef("action"), unit=OuterRef("unit")).covering(
        OuterRef("period__ends_on")  # type: ignore[arg-type]
    )
    has_figure = Measurement.objects.filter(report=OuterRef("pk"), value__isnull=False)
    return (
        Report.objects.filter(Exists(covering), period__in=period_ids, status__in=WITH_THE_UNIT)
        .annotate(has_figure=Exists(has_figure))
        .select_related("unit")
        .defer("progress", "problems", "next_steps")
        .order_by("period", "unit__order", "unit", "action__number")
    )


def _is_overdue(report: Any, period: Period, events: Sequence[StatusChange], scene: _Scene) -> bool:
    stands = filing(
        events,
        has_figure=report.has_figure,
        due_at=period.due_at,
        calendar=scene.calendar,
        tz=get_current_timezone(),
        resubmission_working_days=period.campaign.resubmission_working_days,
    )
    return is_overdue(scene.now, period.due_at, stands)


def _due_soon(backlogs: Iterable[_Backlog], scene: _Scene) -> Iterator[Notice]:
    """To the reporters, while there is time."""
    mine: dict[tuple[int, int], list[_Backlog]] = defaultdict(list)
    for backlog in backlogs:
        for person in scene.people.of(Role.REPORTER, backlog.unit.pk):
            mine[person, backlog.period.pk].append(backlog)
    for (person, _period), rows in mine.items():
        period = rows[0].period
        day = due_soon_on(scene.today, local_day(period.due_at))
        if day is not None and scene.now < period.due_at:
            counted = [(row.unit, row.reports) for row in rows]
            yield _about_period("report_due_soon", period, person, day, counted)


def _overdue(backlogs: Iterable[_Backlog], scene: _Scene) -> Iterator[Notice]:
    """To reporters, heads and the office, each on their own working days, until the period closes."""
    late: dict[tuple[str, int, int], list[_Backlog]] = defaultdict(list)
    for backlog in backlogs:
        if backlog.overdue:
            told = (
                ("reporter", Role.REPORTER, backlog.unit.pk),
                ("head", Role.HEAD, backlog.unit.pk),
                ("office", Role.OFFICE, backlog.period.campaign.office_id),
            )
            for whom, role, unit_id in told:
                for person in scene.people.of(role, unit_id):
                    late[whom, person, backlog.period.pk].append(backlog)
    for (whom, person, _period), rows in late.items():
        period = rows[0].period
        reached = overdue_on(scene.today, local_day(period.due_at), scene.calendar, local_day(period.closes_at))
        day = getattr(reached, whom, None)
        if day is not None:
            kind = "report_overdue" if whom == "reporter" else f"report_overdue_{whom}"
            yield _about_period(kind, period, person, day, [(row.unit, row.overdue) for row in rows])


def _signatures(backlogs: Iterable[_Backlog], scene: _Scene) -> Iterator[Notice]:
    """To the heads: what has waited for their signature since an earlier day, once the reports are due soon."""
    waiting: dict[tuple[int, int], list[tuple[_Backlog, list[date]]]] = defaultdict(list)
    for backlog in backlogs:
        due_on = local_day(backlog.period.due_at)
        days = [signature_overdue_on(scene.today, local_day(one.status_since), due_on) for one in backlog.to_sign]
        reached = [day for day in days if day is not None]
        if reached:
            for person in scene.people.of(Role.HEAD, backlog.unit.pk):
                waiting[person, backlog.period.pk].append((backlog, reached))
    for (person, _period), rows in waiting.items():
        day = max(day for _backlog, days in rows for day in days)
        counted = [(backlog.unit, backlog.to_sign) for backlog, _days in rows]
        yield _about_period("report_waiting_signature", rows[0][0].period, person, day, counted)


def _about_period(
    kind: str, period: Period, person: int, day: date, counted: Sequence[tuple[Unit, Sequence[Report]]]
) -> Notice:
    """One message per person and period, with the number of reports in each unit."""
    reports = [report for _unit, of_unit in counted for report in of_unit]
    return Notice(
        kind=kind,
        subject=f"period:{period.key}",
        recipient_id=person,
        day=day,
        url=_page_of(kind, period, [unit for unit, _reports in counted]),
        params={
            **_campaign(period.campaign),
            "month": period.month,
            "due_at": period.due_at.isoformat(),
            "closes_at": period.closes_at.isoformat(),
            "count": len(reports),
            "to_sign": sum(report.status == ReportStatus.TO_SIGN for report in reports),
            "units": [{**named("name", unit), "count": len(of_unit)} for unit, of_unit in counted[:UNITS_NAMED]],
            "unit_count": len(counted),
            "more_units": max(0, len(counted) - UNITS_NAMED),
        },
    )


def _page_of(kind: str, period: Period, units: Sequence[Unit]) -> str:
    """Where the recipient does what is asked: the form of the unit, the list of the period, or my work."""
    if kind == "report_overdue_office":
        query = urlencode({"campaign": period.campaign.slug, "period": period.month})
        return f"{reverse('reports')}?{query}"
    if kind in ("report_due_soon", "report_overdue") and len(units) == 1:
        return reverse("report_form", args=[period.campaign.slug, period.month, units[0].code])
    return reverse("my_work")


# --- reports that wait, reports that came back ------------------------------------------------------------------------


def _reviews(scene: _Scene) -> Iterator[Notice]:
    """To each reviewer one message about all that has waited for more than three days; to the office for a lead's own
    reports. It comes again on a day on which another report passes the three days."""
    filed_before = datetime.combine(
        scene.today - timedelta(days=REVIEW_PATIENCE_DAYS), time.min, tzinfo=get_current_timezone()
    )
    queue: dict[int, list[Report]] = defaultdict(list)
    for report in (
        Report.objects.awaiting_review()
        .filter(status_since__lt=filed_before)
        .select_related("unit", "action__campaign")
        .defer("progress", "problems", "next_steps")
        .order_by("status_since", "pk")
    ):
        for person in _deciders(report, scene.people):
            queue[person].append(report)
    for person, reports in queue.items():
        days = [review_overdue_on(scene.today, local_day(report.status_since)) for report in reports]
        oldest = reports[0]
        yield Notice(
            kind="report_waiting_review",
            subject="review:queue",
            recipient_id=person,
            day=max(day for day in days if day is not None),
            url=reverse("review"),
            params={
                "count": len(reports),
                "filed_at": oldest.status_since.isoformat(),
                **named("unit", oldest.unit),
                **named("action", oldest.action),
            },
        )


def _deciders(report: Report, people: People) -> list[int]:
    """The action lead's reviewers; the office where the lead itself reports; nobody of the reporting unit."""
    if report.unit_id == report.action.lead_id:
        found = people.of(Role.OFFICE, report.action.campaign.office_id)
    else:
        found = people.of(Role.REVIEWER, report.action.lead_id)
    return [person for person in found if report.unit_id not in people.own_units.get(person, ())]


def _returned(scene: _Scene) -> Iterator[Notice]:
    """Reports that lie with their unit since they came back, where telling at once has failed or was not tried."""
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


def _returned_notices(event: ReportEvent, people: People, calendar: WorkingCalendar) -> Iterator[Notice]:
    """To the unit's reporters, or where it has none to its heads; never to the one who sent it back."""
    report, period = event.report, event.report.period
    recipients = people.of(Role.REPORTER, report.unit_id) or people.of(Role.HEAD, report.unit_id)
    again_by = event.resubmit_by or report.reopened_until or _end_of_grace(event, calendar)
    for person in recipients:
        if person != event.actor_id:
            yield Notice(
                kind="report_returned",
                subject=f"report_event:{event.pk}",
                recipient_id=person,
                day=local_day(event.at),
                url=reverse("report_form", args=[period.campaign.slug, period.month, report.unit.code]),
                params={
                    **named("unit", report.unit),
                    **named("action", report.action),
                    "month": period.month,
                    "reason": event.reason,
                    "verb": event.verb,
                    **({"by_en": event.actor.name, "by_zh": event.actor.name_zh} if event.actor else {}),
                    "again_at": again_by.isoformat(),
                },
            )


def _end_of_grace(event: ReportEvent, calendar: WorkingCalendar) -> datetime:
    """Until when a report that came back in an open period is in time: see `domain.filing`."""
    period = event.report.period
    last_day = calendar.add(local_day(event.at), period.campaign.resubmission_working_days)
    end = datetime.combine(last_day, time.max, tzinfo=get_current_timezone())
    return min(period.closes_at, max(period.due_at, end))


# --- names ----------------------------------------------------------------------------------------------------------


def _campaign(campaign: Campaign) -> dict[str, str]:
    return named("campaign", campaign)
