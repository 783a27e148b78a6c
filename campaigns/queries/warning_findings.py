"""What calls for an early warning by now, on all projects or on some: candidates by SQL, judged by `domain.warnings`.

Seven statements, whatever the number of projects and updates. Each condition here lets through at least what the rule
takes; the rule decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from campaigns.domain.warnings import (
    ENTRY_MONTHS,
    PLAN_RULE,
    PROBLEM_MONTHS,
    START_MONTHS,
    Finding,
    PlanFigures,
    Step,
    behind_plan,
    days_reached,
    milestone_overdue,
    no_statistical_entry,
    no_update,
    problem_open,
    start_overdue,
)
from campaigns.models import Campaign, Milestone, Period, Project, ProjectPlan, ProjectUpdate

from .clock import local_day

SETTLED = (Project.Stage.COMPLETED, Project.Stage.IN_PRODUCTION, Project.Stage.EXITED)
"""Stages in which a project is not warned of any more."""

SLACK = Decimal("0.01")
"""Points by which the database, which may count in floating point, is let off; the rule itself judges exactly."""

EXACT = DecimalField(max_digits=24, decimal_places=4)


@dataclass(frozen=True, slots=True)
class Found:
    """A finding on a project, in the period that it belongs to."""

    project_id: int
    period_id: int
    finding: Finding

    @property
    def key(self) -> tuple[int, str]:
        return self.project_id, self.finding.cause.value


@dataclass(frozen=True, slots=True)
class _Months:
    """The periods that have begun by an instant."""

    newest: dict[int, Period]  # by campaign
    newest_closed: dict[int, Period]
    previous: dict[int, Period]  # of each period, by its id


def running_campaigns(now: datetime) -> QuerySet[Campaign, Any]:
    """Campaigns that have begun and whose last period is not published yet."""
    periods = Period.objects.filter(campaign=OuterRef("pk"))
    waiting = periods.filter(Q(published_at=None) | Q(published_at__gt=now))
    return (
        Campaign.objects.filter(Exists(periods.filter(starts_on__lte=local_day(now))), Exists(waiting))
        .order_by()
        .values("pk")
    )


def watched_projects(now: datetime, project_ids: Collection[int] | None = None) -> QuerySet[Project]:
    """The projects that are watched: of campaigns that run, not settled, and no package, whose parts are watched."""
    rows = Project.objects.filter(campaign__in=running_campaigns(now)).exclude(stage__in=SETTLED)
    rows = rows.exclude(Exists(Project.objects.filter(package=OuterRef("pk"))))
    return rows if project_ids is None else rows.filter(pk__in=project_ids)


def findings(now: datetime, project_ids: Collection[int] | None = None) -> dict[tuple[int, str], Found]:
    """Every cause that holds by now, by project and cause."""
    months = _months(now)
    if not months.newest:
        return {}
    projects = watched_projects(now, project_ids)
    today = local_day(now)
    found = [
        *_days_passed(projects, months, today),
        *_milestones(projects, months, today),
        *_behind_plan(projects, months, now),
        *_problems(projects, months, now, today),
        *_without_update(projects, months, now),
    ]
    return {one.key: one for one in found}


def _months(now: datetime) -> _Months:
    months = _Months({}, {}, {})
    for period in Period.objects.filter(starts_on__lte=local_day(now)).order_by("campaign", "month"):
        campaign = period.campaign_id
        if campaign in months.newest:
            months.previous[period.pk] = months.newest[campaign]
        months.newest[campaign] = period
        if period.closed_at is not None and period.closed_at <= now:
            months.newest_closed[campaign] = period
    return months


# --- days that have passed --------------------------------------------------------------------------------------------


def _days_passed(projects: QuerySet[Project], months: _Months, today: date) -> Iterator[Found]:
    """Starts that are overdue, and starts without statistical entry. One statement."""
    start_by, entry_by = days_reached(today, START_MONTHS[0]), days_reached(today, ENTRY_MONTHS[0])
    rows = projects.filter(
        Q(started_on=None, planned_start_on__lte=start_by) | Q(statistical_entry_on=None, started_on__lte=entry_by)
    ).values_list("pk", "campaign", "planned_start_on", "started_on", "statistical_entry_on")
    for pk, campaign, planned_on, started_on, entry_on in rows.order_by():
        for finding in (
            start_overdue(planned_on, started_on, today),
            no_statistical_entry(started_on, entry_on, today),
        ):
            if finding is not None:
                yield Found(pk, months.newest[campaign].pk, finding)


def _milestones(projects: QuerySet[Project], months: _Months, today: date) -> Iterator[Found]:
    """One statement."""
    rows = Milestone.objects.filter(project__in=projects.values("pk"), done_on=None, planned_on__lt=today)
    late: dict[tuple[int, int], list[Step]] = defaultdict(list)
    for pk, campaign, name_en, name_zh, planned_on in rows.order_by().values_list(
        "project", "project__campaign", "name_en", "name_zh", "planned_on"
    ):
        late[pk, campaign].append(Step(name_en, name_zh, planned_on))
    for (pk, campaign), steps in late.items():
        finding = milestone_overdue(steps, today)
        if finding is not None:
            yield Found(pk, months.newest[campaign].pk, finding)


# --- updates ----------------------------------------------------------------------------------------------------------


def _newest(projects: QuerySet[Project], now: datetime, **that: object) -> QuerySet[ProjectUpdate]:
    """Of each project the update of the newest period that there is by now."""
    told = ProjectUpdate.objects.filter(project__in=projects.values("pk"), updated_at__lte=now, **that)
    place = Window(RowNumber(), partition_by=F("project"), order_by=F("period__month").desc())
    newest = told.order_by().annotate(place=place).filter(place=1)
    return ProjectUpdate.objects.filter(pk__in=newest.values("pk")).order_by()


def _behind_plan(projects: QuerySet[Project], months: _Months, now: datetime) -> Iterator[Found]:
    """By the newest figure of each project, with that of the period just before. One statement."""
    rows = (
        _newest(projects, now, invested_to_date__isnull=False, project__plan_this_year__gt=0)
        .annotate(planned=_plan_of("period__month"), before=_previous(months))
        .annotate(behind=ExpressionWrapper(100 * (F("planned") - F("invested_to_date")), output_field=EXACT))
        .filter(behind__gte=ExpressionWrapper((PLAN_RULE.green_within - SLACK) * F("project__plan_this_year"), EXACT))
        .annotate(before_month=_month_of("before"))
        .annotate(
            before_planned=_plan_of("before_month"),
            before_done=Subquery(
                ProjectUpdate.objects.filter(
                    project=OuterRef("project"), period=OuterRef("before"), updated_at__lte=now
                ).values("invested_to_date")
            ),
        )
        .values_list(
            "project", "period", "period__month", "planned", "invested_to_date", "before_month", "before_planned",
            "before_done", "project__plan_this_year",
        )
    )  # fmt: skip
    for project_id, period_id, month, planned, done, before_month, before_planned, before_done, plan in rows:
        before = PlanFigures(before_month, before_planned, before_done) if before_month else None
        finding = behind_plan(PlanFigures(month, planned, done), before, plan)
        if finding is not None:
            yield Found(project_id, period_id, finding)


def _plan_of(month: str) -> Subquery:
    plans = ProjectPlan.objects.filter(project=OuterRef("project"), month=OuterRef(month))
    return Subquery(plans.values("planned_to_date"))


def _month_of(period: str) -> Subquery:
    return Subquery(Period.objects.filter(pk=OuterRef(period)).values("month"))


def _previous(months: _Months) -> Case:
    """The id of the period just before an update's, by the table of the campaigns' periods."""
    whens = [When(period=pk, then=Value(before.pk)) for pk, before in months.previous.items()]
    return Case(*whens, default=None, output_field=IntegerField(null=True))


def _problems(projects: QuerySet[Project], months: _Months, now: datetime, today: date) -> Iterator[Found]:
    """What the newest update of each project still calls a problem; without a day it counts from its report. One
    statement."""
    long_ago = days_reached(today - timedelta(days=1), PROBLEM_MONTHS)
    rows = (
        _newest(projects, now)
        .exclude(problem="")
        .filter(Q(problem_since__lte=long_ago) | Q(problem_since=None))
        .values_list("project", "period", "problem", "problem_since", "updated_at")
    )
    for project_id, period_id, problem, since, told_at in rows:
        finding = problem_open(problem, since or local_day(told_at), today)
        if finding is not None:
            yield Found(project_id, period_id, finding)


def _without_update(projects: QuerySet[Project], months: _Months, now: datetime) -> Iterator[Found]:
    """Projects of which nothing was reported for the newest closed period. One statement."""
    if not months.newest_closed:
        return
    closed = Q(period__in=[one.pk for one in months.newest_closed.values()])
    told = ProjectUpdate.objects.filter(closed, project=OuterRef("pk"), updated_at__lte=now)
    rows = projects.filter(~Exists(told), campaign__in=list(months.newest_closed))
    for pk, campaign in rows.order_by().values_list("pk", "campaign"):
        period = months.newest_closed[campaign]
        finding = no_update(period.month, has_update=False)
        if finding is not None:
            yield Found(pk, period.pk, finding)
