"""The major projects of a unit, seen by video link: plan and actual, image progress, problem, next step, milestones,
open warnings and the newest photos; and the early-warning projects of all units.

The reader sees the projects that `visible_to` shows; how many others there are is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch

from campaigns.domain.project_checks import share_of
from campaigns.domain.questions import Question, about_warning, milestone_late
from campaigns.models import EarlyWarning, Milestone, Project, ProjectPhoto, ProjectPlan, ProjectUpdate
from campaigns.queries.clock import local_day
from campaigns.queries.presentation.looks import Look
from campaigns.queries.warning_list import MeetingRow, for_meeting, warnings_of
from units.models import Unit
from units.permissions import Capacities

PHOTOS = 3
OUT = (Project.Stage.EXITED, Project.Stage.COMPLETED, Project.Stage.IN_PRODUCTION)


@dataclass(frozen=True, slots=True)
class ShownProject:
    """One project at the end of the month looked at; money in 10,000 yuan. `planned` is the plan to the month of the
    update, `late` are its milestones past their day."""

    project: Project
    update: ProjectUpdate | None
    planned: Decimal | None
    late: Sequence[Milestone]
    warnings: Sequence[EarlyWarning]
    photos: Sequence[ProjectPhoto]

    @property
    def done(self) -> Decimal | None:
        return self.update.invested_to_date if self.update else None

    @property
    def share_of_year(self) -> Decimal | None:
        """Percent of this year's plan."""
        return share_of(self.done, self.project.plan_this_year)

    @property
    def share_to_date(self) -> Decimal | None:
        """Percent of the plan to date."""
        return share_of(self.done, self.planned)

    @property
    def level(self) -> str | None:
        """The gravest light of the open warnings, as it is displayed."""
        return str(self.warnings[0].displayed_level.value) if self.warnings else None


@dataclass(frozen=True, slots=True)
class ProjectVideo:
    """`is_partial` where the unit has projects that are not for the reader."""

    unit: Unit | None
    look: Look
    projects: Sequence[ShownProject]
    is_partial: bool
    questions: Sequence[Question | None]

    template = "projects"


@dataclass(frozen=True, slots=True)
class WarningVideo:
    look: Look
    rows: Sequence[MeetingRow]
    is_partial: bool
    questions: Sequence[Question | None]

    template = "warnings"

    @property
    def red(self) -> int:
        return sum(any(one.level == EarlyWarning.Level.RED for one in row.warnings) for row in self.rows)

    @property
    def yellow(self) -> int:
        return len(self.rows) - self.red


# --- a unit's projects ------------------------------------------------------------------------------------------------


def project_video(
    look: Look, unit: Unit | None, project_id: int | None, *, person: Capacities, now: datetime
) -> ProjectVideo:
    """The projects of the unit that are under way, or the one that the item names. Seven queries, whatever the rows."""
    rows = Project.objects.select_related("unit", "lead")
    if project_id is not None:
        rows = rows.filter(pk=project_id)
    else:
        is_package = Exists(Project.objects.filter(package=OuterRef("pk")))
        rows = rows.filter(campaign=look.campaign, unit=unit).exclude(stage__in=OUT).exclude(is_package)
    found = list(rows.order_by("code").prefetch_related(*_parts(look)))
    today = local_day(now)
    shown = [_shown(one, today) for one in found if one.is_seen_by(person)]
    return ProjectVideo(
        unit=unit,
        look=look,
        projects=shown,
        is_partial=len(shown) < len(found),
        questions=[question for one in shown for question in _about_project(one, today)],
    )


def _parts(look: Look) -> list[Prefetch]:
    updates = ProjectUpdate.objects.select_related("period").prefetch_related("photos")
    open_ones = EarlyWarning.objects.exclude(state=EarlyWarning.State.CLEARED)
    return [
        Prefetch("updates", updates.filter(period__month__lte=look.period.month).order_by("period__month")),
        Prefetch("plans", ProjectPlan.objects.filter(month__lte=look.period.month)),
        Prefetch("milestones", Milestone.objects.order_by("planned_on", "order")),
        Prefetch("warnings", open_ones.order_by("level", "raised_at", "pk")),  # "red" before "yellow"
    ]


def _shown(project: Project, today: date) -> ShownProject:
    updates = list(project.updates.all())
    update = next((one for one in reversed(updates) if one.invested_to_date is not None), None)
    update = update or next(reversed(updates), None)
    month = update.period.month if update else ""
    photos = [photo for one in reversed(updates) for photo in one.photos.all()]
    return ShownProject(
        project=project,
        update=update,
        planned=next((one.planned_to_date for one in project.plans.all() if one.month == month), None),
        late=[one for one in project.milestones.all() if one.done_on is None and one.planned_on < today],
        warnings=list(project.warnings.all()),
        photos=photos[:PHOTOS],
    )


def _about_project(one: ShownProject, today: date) -> Iterator[Question | None]:
    for warning in one.warnings:
        yield _about_warning(warning, today)
    for step in one.late:
        yield milestone_late(step, planned_on=step.planned_on, done_on=step.done_on, today=today)


# --- the early-warning projects ---------------------------------------------------------------------------------------


def warning_video(look: Look, *, person: Capacities, now: datetime) -> WarningVideo:
    """Escalated ones first, then red, then yellow. One query."""
    rows = for_meeting(warnings_of(look.campaign, person))
    return WarningVideo(
        look=look,
        rows=rows,
        is_partial=not person.reads_everything,
        questions=[_about_warning(one, local_day(now)) for row in rows for one in row.warnings],
    )


def _about_warning(warning: EarlyWarning, today: date) -> Question | None:
    return about_warning(
        warning,
        is_red=warning.level == EarlyWarning.Level.RED,
        is_answered=bool(warning.explanation or warning.measure),
        measure=warning.measure,
        measure_due_on=warning.measure_due_on,
        raised_on=local_day(warning.raised_at),
        today=today,
    )
