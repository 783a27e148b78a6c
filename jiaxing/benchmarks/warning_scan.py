"""The nightly scan for early warnings over thousands of projects with their updates, against one full scan of the same
rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import F
from django.utils.timezone import get_current_timezone

from campaigns.models import Campaign, Period, Project, ProjectPlan, ProjectUpdate
from campaigns.operations.periods import make_periods
from campaigns.operations.warning_scan import scan_warnings
from jiaxing.benchmarks import Benchmark, Stage, rows_of
from jiaxing.loading.scale import LAST_MONTH, STANDS_AT
from units.models import Source, User

PROJECTS = 2000
UPDATES = 24
AT_ONCE = 2000
YEAR_PLAN = 12000
FULL_SCAN = """
    SELECT p.id, p.campaign_id, p.planned_start_on, p.started_on, p.statistical_entry_on, p.plan_this_year, u.period_id,
           u.invested_to_date, u.problem, u.problem_since, u.updated_at, n.planned_to_date
      FROM campaigns_project p
      JOIN campaigns_projectupdate u ON u.project_id = p.id
      JOIN campaigns_period m ON m.id = u.period_id
      JOIN campaigns_projectplan n ON n.project_id = p.id AND n.month = m.month
     WHERE p.campaign_id = %s
"""


def benchmark(stage: Stage) -> Benchmark:
    """Before measuring the scan raises all that there is, so that what is measured is a usual night."""
    campaign = add_campaign(stage)
    number = min(PROJECTS, 20 * stage.scale.units)
    add_projects(stage, campaign, number)
    scan_warnings(now=STANDS_AT, tells=False)
    return Benchmark(
        f"Scan for early warnings of {number:,} projects × {UPDATES} updates / one full scan",
        floor=lambda: rows_of(FULL_SCAN, (campaign.pk,)),
        subject=lambda: scan_warnings(now=STANDS_AT, tells=False),
    )


def add_campaign(stage: Stage) -> Campaign:
    """A campaign of two years beside that of the stage; all its months but the last are closed."""
    campaign = Campaign.objects.create(
        slug=f"{stage.campaign.slug}-projects",
        name_en="Projects to measure with",
        name_zh="性能测试项目",
        starts_on=LAST_MONTH.plus(1 - UPDATES).first_day,
        ends_on=LAST_MONTH.last_day,
        office=stage.campaign.office,
        source=Source.SAMPLE,
    )
    make_periods(campaign=campaign, actor=None, source=Source.SAMPLE)
    closed = campaign.periods.exclude(month=LAST_MONTH.key)
    closed.update(state=Period.State.CLOSED, closed_at=F("closes_at"))
    return campaign


def add_projects(stage: Stage, campaign: Campaign, number: int) -> None:
    """Projects of all units, some behind, some late, most as planned, with an update for each period."""
    action = stage.campaign.actions.order_by("number")[0]
    units = list(action.assignments.order_by("pk").values_list("unit", flat=True))
    periods = list(campaign.periods.order_by("month"))
    projects = Project.objects.bulk_create(
        (_project(campaign, place, units[place % len(units)], action.lead_id) for place in range(number)),
        batch_size=AT_ONCE,
    )
    ProjectPlan.objects.bulk_create(
        (
            ProjectPlan(project=project, month=period.month, planned_to_date=_planned(period), source=Source.SAMPLE)
            for project in projects
            for period in periods
        ),
        batch_size=AT_ONCE,
    )
    person = User.objects.get(username=f"{stage.campaign.slug}-office")
    ProjectUpdate.objects.bulk_create(_updates(projects, periods, person), batch_size=AT_ONCE)


def _project(campaign: Campaign, place: int, unit_id: int, lead_id: int) -> Project:
    is_late = place % 20 == 0
    return Project(
        campaign=campaign,
        code=f"scale-{place:05}",
        name_en=f"Project {place}",
        name_zh=f"项目{place}",
        unit_id=unit_id,
        lead_id=lead_id,
        total_investment=10 * YEAR_PLAN,
        plan_this_year=YEAR_PLAN,
        stage=Project.Stage.UNDER_CONSTRUCTION,
        planned_start_on=date(2022, 6, 1),
        started_on=None if is_late else date(2022, 6, 1),
        statistical_entry_on=None if is_late else date(2022, 6, 20),
        source=Source.SAMPLE,
    )


def _updates(projects: list[Project], periods: list[Period], person: User) -> Iterable[ProjectUpdate]:
    for place, project in enumerate(projects):
        share = Decimal(50 if place % 10 == 0 else 98) / 100
        for period in periods:
            yield ProjectUpdate(
                project=project,
                period=period,
                invested_to_date=_planned(period) * share,
                image_progress="As planned.",
                problem="A road is closed." if place % 25 == 0 else "",
                problem_since=date(2022, 6, 1) if place % 25 == 0 else None,
                updated_by=person,
                updated_at=datetime.combine(period.ends_on, time(12), get_current_timezone()),
                source=Source.SAMPLE,
            )


def _planned(period: Period) -> Decimal:
    return Decimal(YEAR_PLAN * int(period.month[-2:]) // 12)
