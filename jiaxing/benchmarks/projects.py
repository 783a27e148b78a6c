"""The projects that benchmarks of list, map and warnings play on: thousands, each with an update for every period."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal

from django.db import connection
from django.db.models import F
from django.utils.timezone import get_current_timezone

from campaigns.models import Campaign, Period, Project, ProjectPlan, ProjectUpdate
from campaigns.operations.periods import make_periods
from campaigns.operations.warning_scan import scan_warnings
from jiaxing.benchmarks import Stage
from jiaxing.loading.scale import LAST_MONTH, STANDS_AT
from units.models import Source, User

PROJECTS = 2000
UPDATES = 24
AT_ONCE = 2000
YEAR_PLAN = 12000


def campaign_with_projects(stage: Stage) -> tuple[Campaign, int]:
    """The campaign of the projects and how many it has; made when it is first asked for, and looked at for warnings."""
    slug, number = f"{stage.campaign.slug}-projects", min(PROJECTS, 20 * stage.scale.units)
    found = Campaign.objects.filter(slug=slug).first()
    if found is None:
        found = add_campaign(stage, slug)
        add_projects(stage, found, number)
        scan_warnings(now=STANDS_AT, tells=False)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does it soon after so many rows
    return found, number


def add_campaign(stage: Stage, slug: str) -> Campaign:
    """A campaign of two years beside that of the stage; all its months but the last are closed."""
    campaign = Campaign.objects.create(
        slug=slug,
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
        latitude=Decimal(30) + Decimal(place % 100) / 100,
        longitude=Decimal(120) + Decimal(place // 100) / 20,
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
