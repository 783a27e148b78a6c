"""Who ought to be told of a period by now: it has opened, its reports are due, overdue, or wait for a signature."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.timezone import get_current_timezone

from campaigns.domain.filing import StatusChange, filing, is_overdue
from campaigns.domain.reminders import due_soon_on, opened_on, overdue_on, signature_overdue_on
from campaigns.domain.workflow import EDITABLE, ReportStatus
from campaigns.models import Assignment, Measurement, Period, Report, ReportEvent
from campaigns.queries.clock import local_day
from units.models import Role, Unit
from units.queries.messages import Notice

from .scene import NAMED, Scene, named

WITH_THE_UNIT = [*EDITABLE, ReportStatus.TO_SIGN]
"""Statuses in which the unit has still to act; what lies with the lead department is not chased."""

TO_UNITS = ("period_opened", "report_due_soon", "report_overdue", "report_overdue_head")


def period_notices(scene: Scene) -> list[Notice]:
    """Three queries."""
    backlogs = _backlogs(_open_periods(scene.now), scene)
    return [
        *_opened(backlogs, scene),
        *_due_soon(backlogs, scene),
        *_overdue(backlogs, scene),
        *_signatures(backlogs, scene),
    ]


def period_reminders(period: Period, *, now: datetime) -> list[Notice]:
    """What the units' own people are reminded of by now about one period, told before or not."""
    scene = Scene.at(now)
    backlogs = _backlogs([one for one in _open_periods(now) if one.pk == period.pk], scene)
    found = (*_opened(backlogs, scene), *_due_soon(backlogs, scene), *_overdue(backlogs, scene))
    return [one for one in found if one.kind in TO_UNITS]


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


def _open_periods(now: datetime) -> list[Period]:
    return list(
        Period.objects.filter(state=Period.State.OPEN, closes_at__gt=now)
        .select_related("campaign")
        .order_by("campaign", "month")
    )


def _backlogs(periods: Sequence[Period], scene: Scene) -> list[_Backlog]:
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
        OuterRef("period__ends_on")
    )
    has_figure = Measurement.objects.filter(report=OuterRef("pk"), value__isnull=False)
    return (
        Report.objects.filter(Exists(covering), period__in=period_ids, status__in=WITH_THE_UNIT)
        .annotate(has_figure=Exists(has_figure))
        .select_related("unit")
        .defer("progress", "problems", "next_steps")
        .order_by("period", "unit__order", "unit", "action__number")
    )


def _is_overdue(report: Any, period: Period, events: Sequence[StatusChange], scene: Scene) -> bool:
    stands = filing(
        events,
        has_figure=report.has_figure,
        due_at=period.due_at,
        calendar=scene.calendar,
        tz=get_current_timezone(),
        resubmission_working_days=period.campaign.resubmission_working_days,
    )
    return is_overdue(scene.now, period.due_at, stands)


def _opened(backlogs: Iterable[_Backlog], scene: Scene) -> Iterator[Notice]:
    """To the reporters, until the first reminder of the due day."""
    for person, rows in _by_reporter(backlogs, scene):
        period = rows[0].period
        day = opened_on(scene.today, local_day(period.opens_at), local_day(period.due_at))
        if day is not None and scene.now < period.due_at:
            yield _about_period("period_opened", period, person, day, [(row.unit, row.reports) for row in rows])


def _by_reporter(backlogs: Iterable[_Backlog], scene: Scene) -> Iterator[tuple[int, list[_Backlog]]]:
    """What each reporter has still to file, period by period."""
    mine: dict[tuple[int, int], list[_Backlog]] = defaultdict(list)
    for backlog in backlogs:
        for person in scene.people.of(Role.REPORTER, backlog.unit.pk):
            mine[person, backlog.period.pk].append(backlog)
    for (person, _period), rows in mine.items():
        yield person, rows


def _due_soon(backlogs: Iterable[_Backlog], scene: Scene) -> Iterator[Notice]:
    """To the reporters, while there is time."""
    for person, rows in _by_reporter(backlogs, scene):
        period = rows[0].period
        day = due_soon_on(scene.today, local_day(period.due_at))
        if day is not None and scene.now < period.due_at:
            counted = [(row.unit, row.reports) for row in rows]
            yield _about_period("report_due_soon", period, person, day, counted)


def _overdue(backlogs: Iterable[_Backlog], scene: Scene) -> Iterator[Notice]:
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


def _signatures(backlogs: Iterable[_Backlog], scene: Scene) -> Iterator[Notice]:
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
            **named("campaign", period.campaign),
            "month": period.month,
            "due_at": period.due_at.isoformat(),
            "closes_at": period.closes_at.isoformat(),
            "count": len(reports),
            "to_sign": sum(report.status == ReportStatus.TO_SIGN for report in reports),
            "units": [{**named("name", unit), "count": len(of_unit)} for unit, of_unit in counted[:NAMED]],
            "unit_count": len(counted),
            "more_units": max(0, len(counted) - NAMED),
        },
    )


def _page_of(kind: str, period: Period, units: Sequence[Unit]) -> str:
    """Where the recipient does what is asked: the form of the unit, the list of the period, or my work."""
    if kind == "report_overdue_office":
        query = urlencode({"campaign": period.campaign.slug, "period": period.month})
        return f"{reverse('reports')}?{query}"
    if kind in ("period_opened", "report_due_soon", "report_overdue") and len(units) == 1:
        return reverse("report_form", args=[period.campaign.slug, period.month, units[0].code])
    return reverse("my_work")
