"""What each presenter lays before a meeting: drawn live from approved reports and project updates, with the files that
were handed in beside it.

The same number of SQL queries for one presenter and for all. Everybody sees what they may see elsewhere: the papers of
the own unit, of units whose actions they lead the part on those, and all of them office, leaders and administrators.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery

from campaigns.domain.agenda import PaperState, paper_state
from campaigns.domain.light import Light
from campaigns.domain.project_checks import share_of
from campaigns.models import (
    Action,
    AgendaItem,
    AgendaPaper,
    Meeting,
    Period,
    Project,
    ProjectPlan,
    ProjectUpdate,
    Report,
)
from campaigns.permissions import can_hand_in_paper, can_see_action_standings, can_see_papers_of
from campaigns.queries.agenda import in_order
from campaigns.queries.city import Month, months
from campaigns.queries.forecasts import Forecasts, forecasts
from campaigns.queries.indicator_rows import IndicatorRow, row_of_city, rows_of
from campaigns.queries.progress import Inputs, load
from campaigns.queries.projects import with_warning_level
from campaigns.queries.standings import disclosed
from units.models import Source
from units.permissions import Capacities

MOST_PROJECTS = 30
"""So many projects of a unit stand in its paper, warned ones first."""
VIDEOS = (AgendaItem.Kind.PROJECT_VIDEO, AgendaItem.Kind.WARNING_VIDEO)


@dataclass(frozen=True, slots=True)
class ActionPart:
    """One action in a paper: the unit's own figures with the narrative of its report, or the city's where it leads."""

    action: Action
    light: Light
    rows: Sequence[IndicatorRow]
    report: Report | None
    is_city: bool

    @property
    def has_forecast(self) -> bool:
        return any(row.forecast for row in self.rows)


@dataclass(frozen=True, slots=True)
class ProjectPart:
    """A project with its newest update up to the meeting's period; money in 10,000 yuan."""

    project: Project
    level: str | None
    update: ProjectUpdate | None
    planned: Decimal | None

    @property
    def share(self) -> Decimal | None:
        """Percent of the plan to date."""
        done = self.update.invested_to_date if self.update else None
        return share_of(done, self.planned) if done is not None and self.planned is not None else None


@dataclass(frozen=True, slots=True)
class PresenterPaper:
    """The paper of one agenda item."""

    number: int
    item: AgendaItem
    state: PaperState | None
    files: Sequence[AgendaPaper]
    actions: Sequence[ActionPart]
    projects: Sequence[ProjectPart]
    more_projects: int
    may_hand_in: bool

    @property
    def is_empty(self) -> bool:
        return not (self.actions or self.projects)

    @property
    def has_sample(self) -> bool:
        sources = {row.indicator.source for part in self.actions for row in part.rows}
        return Source.SAMPLE in sources | {part.project.source for part in self.projects}


@dataclass(frozen=True, slots=True)
class _Figures:
    """What the papers take their figures from; none where the meeting looks at no period."""

    period: Period
    inputs: Inputs
    course: Sequence[Month]
    told: Forecasts
    reports: Mapping[tuple[int, int], Report]  # by unit and action id


def meeting_papers(
    meeting: Meeting, *, person: Capacities, now: datetime, is_open: bool, only: int | None = None
) -> list[PresenterPaper]:
    """The papers that this person may see, in the order of the agenda; `only` that of one item. `is_open` says whether
    papers may still be handed in."""
    items = in_order(meeting.agenda.select_related("presenter", "project__unit").prefetch_related("papers"))
    numbered = [(number, item) for number, item in enumerate(items, start=1) if item.presenter_id is not None]
    figures = _figures(meeting, person, {item.presenter_id for _number, item in numbered if item.presenter_id})
    leads = _leads(figures)
    shown = [
        (number, item)
        for number, item in numbered
        if only in (None, item.pk)
        and item.presenter_id is not None
        and can_see_papers_of(person, unit_id=item.presenter_id, lead_ids=leads.get(item.presenter_id, set()))
    ]
    projects = _projects(meeting, [item for _number, item in shown], person)
    return [_paper(number, item, meeting, figures, projects, person, now, is_open) for number, item in shown]


def _paper(
    number: int,
    item: AgendaItem,
    meeting: Meeting,
    figures: _Figures | None,
    projects: Mapping[int, Sequence[ProjectPart]],
    person: Capacities,
    now: datetime,
    is_open: bool,
) -> PresenterPaper:
    own = [one for one in projects.get(item.presenter_id or 0, ()) if one.project.pk != item.project_id]
    linked = [one for parts in projects.values() for one in parts if one.project.pk == item.project_id]
    listed = linked if item.project_id else own
    if item.kind == AgendaItem.Kind.WARNING_VIDEO and not item.project_id:
        listed = [one for one in own if one.level]
    return PresenterPaper(
        number=number,
        item=item,
        state=paper_state(is_handed_in=item.handed_in_at is not None, due_at=meeting.papers_due_at, now=now),
        files=list(item.papers.all()),
        actions=[] if figures is None or item.kind in VIDEOS else list(_action_parts(item, figures, person)),
        projects=listed[:MOST_PROJECTS],
        more_projects=max(0, len(listed) - MOST_PROJECTS),
        may_hand_in=is_open and can_hand_in_paper(person, item),
    )


# --- figures ----------------------------------------------------------------------------------------------------------


def _figures(meeting: Meeting, person: Capacities, unit_ids: Iterable[int]) -> _Figures | None:
    """Eight queries."""
    period = meeting.period
    if period is None:
        return None
    campaign = meeting.campaign
    periods = [one for one in campaign.periods.order_by("month") if one.month <= period.month]
    for one in periods:
        one.campaign = campaign
    inputs = load(campaign, periods)
    course = months(inputs, periods)
    reports = Report.objects.visible_to(person).approved().filter(period=period, unit__in=unit_ids)
    by_key = {(one.unit_id, one.action_id): one for one in reports.select_related("action")}
    return _Figures(periods[-1], inputs, course, forecasts(inputs, course, course[-1].units, person), by_key)


def _leads(figures: _Figures | None) -> dict[int, set[int]]:
    """By unit the departments that lead its actions."""
    found: dict[int, set[int]] = {}
    if figures is not None:
        actions = {one.pk: one.lead_id for one in figures.inputs.actions}
        for one in figures.inputs.assignments:
            if one.action_id in actions:
                found.setdefault(one.unit_id, set()).add(actions[one.action_id])
    return found


def _action_parts(item: AgendaItem, figures: _Figures, person: Capacities) -> Iterable[ActionPart]:
    """First the actions that the presenter leads, as the city stands; then those on which it reports."""
    month, unit = figures.course[-1], item.presenter
    if unit is None:
        return
    for city in month.city.actions.values():
        if city.action.lead_id == unit.pk and can_see_action_standings(person, figures.period, city.action):
            rows = [row_of_city(one, figures.told) for one in city.indicators]
            yield ActionPart(city.action, city.light, rows, None, is_city=True)
    row = month.units.get(unit.pk)
    shown = disclosed(row, figures.period, person) if row else None
    for one in shown.actions.values() if shown else ():
        report = figures.reports.get((unit.pk, one.action.pk))
        yield ActionPart(one.action, one.light, rows_of(one, figures.inputs, unit, figures.told), report, is_city=False)


# --- projects ---------------------------------------------------------------------------------------------------------


def _projects(meeting: Meeting, items: Sequence[AgendaItem], person: Capacities) -> dict[int, list[ProjectPart]]:
    """By unit, warned projects first. Three queries."""
    units = {item.presenter_id for item in items}
    named = {item.project_id for item in items if item.project_id}
    seen = Project.objects.visible_to(person).exclude(stage=Project.Stage.EXITED)
    rows = seen.filter(unit__in=units) | seen.filter(pk__in=named)
    found = list(_with_newest(rows, meeting.period).select_related("unit", "lead"))
    updates = (
        ProjectUpdate.objects.select_related("period")
        .prefetch_related("photos")
        .in_bulk({one.newest for one in found if one.newest})
    )
    planned = _planned([updates[one.newest] for one in found if one.newest])
    parts: dict[int, list[ProjectPart]] = {}
    for one in sorted(found, key=lambda one: (_urgency(one.warning_level), one.code)):
        update = updates.get(one.newest)
        plan = planned.get((one.pk, update.period.month)) if update else None
        parts.setdefault(one.unit_id, []).append(ProjectPart(one, one.warning_level, update, plan))
    return parts


def _urgency(level: str | None) -> int:
    return {"red": 0, "yellow": 1}.get(level or "", 2)


def _with_newest(rows: QuerySet[Project], period: Period | None) -> QuerySet:
    updates = ProjectUpdate.objects.filter(project=OuterRef("pk"))
    if period is not None:
        updates = updates.filter(period__month__lte=period.month)
    newest = updates.order_by("-period__month").values("pk")[:1]
    return with_warning_level(rows.filter(parts__isnull=True)).annotate(newest=Subquery(newest))


def _planned(updates: Iterable[ProjectUpdate]) -> dict[tuple[int, str], Decimal]:
    told = {(one.project_id, one.period.month) for one in updates}
    rows = ProjectPlan.objects.filter(project__in={pk for pk, _month in told}, month__in={month for _pk, month in told})
    return {(one.project_id, one.month): one.planned_to_date for one in rows}
