"""Major projects with plans, milestones and their July updates, and the early warnings on them. All samples."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from campaigns.models import (
    Action,
    Campaign,
    EarlyWarning,
    Milestone,
    Period,
    Project,
    ProjectPlan,
    ProjectUpdate,
    WarningEvent,
)
from units.models import Source, Unit, User

from .files import as_instant, at_clock, read
from .reports import OPEN_CAMPAIGN
from .tally import Tally

YEAR = 2022
UPDATED_MONTH = "2022-07"
LEADER = "Leader in charge 分管领导"
PERSON = "Project lead 项目负责人"


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
    _load_warnings(tally, stands_at, period, projects, people)


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
        leader=LEADER,
        person=PERSON,
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


def _load_warnings(
    tally: Tally, stands_at: datetime, period: Period, projects: dict[str, Project], people: dict[str, User]
) -> None:
    rows = [row for row in read("projects")["warnings"] if as_instant(row["at"]) <= stands_at]
    known = set(EarlyWarning.objects.values_list("project_id", "cause"))
    new = [row for row in rows if (projects[row["project"]].pk, row["cause"]) not in known]
    warnings = [_warning(row, period, projects, stands_at) for row in new]
    stored = tally.add_missing(warnings, "project", "cause")
    events = [
        WarningEvent(warning=stored[(projects[row["project"]].pk, row["cause"])], source=Source.SAMPLE, **step)
        for row in new
        for step in _steps(row, people, stands_at)
    ]
    WarningEvent.objects.bulk_create(events)
    tally.count(WarningEvent, len(events))


def _warning(row: dict, period: Period, projects: dict[str, Project], stands_at: datetime) -> EarlyWarning:
    steps = _steps(row, {}, stands_at)
    state = steps[-1]["to_state"]
    is_explained = any(step["to_state"] == EarlyWarning.State.EXPLAINED for step in steps)
    has_measure = state == EarlyWarning.State.MEASURES
    return EarlyWarning(
        project=projects[row["project"]],
        period=period,
        cause=row["cause"],
        level=row["level"],
        state=state,
        particulars=row["particulars"],
        raised_at=as_instant(row["at"]),
        explanation=row.get("explanation", "") if is_explained else "",
        measure=row["measure"] if has_measure else "",
        measure_due_on=row["measure_due_on"] if has_measure else None,
        cleared_at=steps[-1]["at"] if state == EarlyWarning.State.CLEARED else None,
        source=row["source"],
    )


def _steps(row: dict, people: dict[str, User], stands_at: datetime) -> list[dict]:
    """The warning's life up to where the clock stands."""
    state = EarlyWarning.State
    wanted = [
        (state.RAISED, row["at"], None, ""),
        (state.EXPLAINED, row.get("explained_at"), row.get("by"), row.get("explanation", "")),
        (state.MEASURES, row.get("explained_at") if "measure" in row else None, row.get("by"), row.get("measure", "")),
        (state.ESCALATED, row.get("escalated_at"), row.get("escalated_by"), ""),
        (state.CLEARED, row.get("cleared_at"), row.get("cleared_by"), ""),
    ]
    steps: list[dict] = []
    for to_state, at, username, text in wanted:
        if at is None or as_instant(at) > stands_at:
            continue
        steps.append(
            {
                "from_state": steps[-1]["to_state"] if steps else "",
                "to_state": to_state,
                "level": row["level"],
                "actor": people.get(username) if username else None,
                "at": as_instant(at),
                "text": text,
            }
        )
    return steps
