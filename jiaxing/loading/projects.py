"""Major projects with plans, milestones and their July updates. All samples."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from campaigns.models import (
    Action,
    Campaign,
    Milestone,
    Period,
    Project,
    ProjectPlan,
    ProjectUpdate,
)
from units.models import Source, Unit, User

from .files import at_clock, read
from .reports import OPEN_CAMPAIGN
from .tally import Tally

YEAR = 2022
UPDATED_MONTH = "2022-07"
LEADER = "Leader in charge 分管领导"
PERSON = "Project lead 项目负责人"
VIDEO = "https://video.example.org/{code}"
"""The sample of a video link; nothing answers under this name."""


def load_projects(tally: Tally, stands_at: datetime) -> None:
    rows = read("projects")["projects"]
    known = set(Project.objects.values_list("code", flat=True))
    campaign = Campaign.objects.get(slug=OPEN_CAMPAIGN)
    units = {unit.code: unit for unit in Unit.objects.all()}
    actions = {action.number: action for action in Action.objects.filter(campaign=campaign)}
    tally.add_missing([_project(row, campaign, units, actions) for row in rows], "code")
    projects = {project.code: project for project in Project.objects.all()}
    new = [(projects[row["code"]], row) for row in rows if row["code"] not in known]
    tally.add_missing([plan for project, row in new for plan in _plans(project, row)], "project", "month")
    tally.add_missing(
        [step for project, row in new for step in _milestones(project, row, stands_at)], "project", "name_en"
    )
    period = Period.objects.get(campaign=campaign, month=UPDATED_MONTH)
    people = {person.username: person for person in User.objects.all()}
    updates = [_update(project, row, period, people) for project, row in new]
    tally.add_missing([one for one in updates if one.updated_at <= stands_at], "project", "period")


def _project(row: dict, campaign: Campaign, units: dict[str, Unit], actions: dict[int, Action]) -> Project:
    return Project(
        campaign=campaign,
        code=row["code"],
        name_en=row["name_en"],
        name_zh=row["name_zh"],
        unit=units[row["unit"]],
        lead=units[row["lead"]],
        action=actions[row["action"]],
        industry=row["industry"],
        project_class=row.get("project_class", Project.Class.IMPLEMENTING),
        stage=row["stage"],
        content_en=row["content_en"],
        content_zh=row["content_zh"],
        total_investment=row["total"],
        invested_before=row["before"],
        plan_this_year=row["plan"],
        planned_start_on=row["start"],
        planned_finish_on=row["finish"],
        started_on=row["started"],
        statistical_entry_on=row["entry"],
        latitude=Decimal(str(row["place"][0])),
        longitude=Decimal(str(row["place"][1])),
        leader=LEADER,
        person=PERSON,
        video_url=VIDEO.format(code=row["code"]),
        source=row["source"],
    )


def _plans(project: Project, row: dict) -> list[ProjectPlan]:
    """This year's plan in equal parts from January, or from the month of the planned start, to December."""
    first = row["start"].month if row["start"].year == YEAR else 1
    months = 13 - first
    return [
        ProjectPlan(
            source=Source.SAMPLE,
            project=project,
            month=f"{YEAR}-{month:02d}",
            planned_to_date=round(Decimal(row["plan"]) * max(0, month - first + 1) / months, 2),
        )
        for month in range(1, 13)
    ]


def _milestones(project: Project, row: dict, stands_at: datetime) -> list[Milestone]:
    return [
        Milestone(
            project=project,
            order=order,
            name_en=name_en,
            name_zh=name_zh,
            planned_on=planned_on,
            done_on=done_on if done_on and done_on <= stands_at.date() else None,
            source=row["source"],
        )
        for order, (name_en, name_zh, planned_on, done_on) in enumerate(row["milestones"], start=1)
    ]


def _update(project: Project, row: dict, period: Period, people: dict[str, User]) -> ProjectUpdate:
    update = row["update"]
    return ProjectUpdate(
        project=project,
        period=period,
        invested_to_date=update["done"],
        image_percent=update["percent"],
        image_progress=update["text"],
        problem=update.get("problem", ""),
        problem_since=update.get("since"),
        next_step=update["next"],
        updated_by=people[row["unit"]],
        updated_at=at_clock(period.ends_on.replace(month=8, day=2), 15, project.unit.order),
        source=row["source"],
    )
