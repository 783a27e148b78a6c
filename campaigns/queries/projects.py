"""Projects with how they stand: warnings, plan and investment, their totals, and everything of one project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.utils.translation import pgettext

from campaigns.domain.project_checks import share_of
from campaigns.models import Campaign, EarlyWarning, Milestone, Project, ProjectPlan, ProjectUpdate
from units.models import Change, ChangeItem, Unit
from units.permissions import Capacities


def with_warning_level(projects: QuerySet) -> QuerySet:
    """Gives each project `warning_level`: red or yellow by its open warnings, None where it has none. No query more."""
    open_ones = EarlyWarning.objects.filter(project=OuterRef("pk")).exclude(state=EarlyWarning.State.CLEARED)
    levels = (EarlyWarning.Level.RED, EarlyWarning.Level.YELLOW)
    worst = [When(Exists(open_ones.filter(level=level)), then=Value(level.value)) for level in levels]
    return projects.annotate(warning_level=Case(*worst, default=None, output_field=CharField(null=True)))


# --- the list ---------------------------------------------------------------------------------------------------------


def projects_of(campaign: Campaign, person: Capacities) -> QuerySet[Project]:
    """The campaign's projects that this person may see, each with `warning_level`, the newest `month` reported with its
    `done` and `image`, and the `planned` of that month. No query more."""
    return with_progress(Project.objects.visible_to(person).filter(campaign=campaign))


def with_progress(projects: QuerySet[Project]) -> QuerySet[Project]:
    newest = (
        ProjectUpdate.objects.filter(project=OuterRef("pk"), invested_to_date__isnull=False)
        .order_by("-period__month")
        .values("period__month", "invested_to_date", "image_percent")
    )
    plan = ProjectPlan.objects.filter(project=OuterRef("pk"), month=OuterRef("month"))
    return (
        with_warning_level(projects)
        .annotate(
            month=Subquery(newest.values("period__month")[:1]),
            done=Subquery(newest.values("invested_to_date")[:1]),
            image=Subquery(newest.values("image_percent")[:1]),
            is_package=Exists(Project.objects.filter(package=OuterRef("pk"))),
        )
        .annotate(planned=Subquery(plan.values("planned_to_date")[:1]))
        .select_related("unit", "lead")
        .order_by("unit__order", "code")
    )


@dataclass(frozen=True, slots=True)
class ProjectTotals:
    """Of some projects, in 10,000 yuan. A package counts through its parts alone."""

    count: int
    total_investment: Decimal
    plan_this_year: Decimal
    done: Decimal
    red: int = 0
    yellow: int = 0

    @property
    def share_of_plan(self) -> Decimal | None:
        """Percent of this year's plan."""
        return share_of(self.done, self.plan_this_year)


def project_totals(rows: QuerySet) -> ProjectTotals:
    """One query over rows of `with_progress`."""
    counted = (
        rows.filter(is_package=False)
        .order_by()
        .aggregate(
            count=Count("pk"),
            total=Sum("total_investment"),
            plan=Sum("plan_this_year"),
            invested=Sum("done"),
            red=Count("pk", filter=Q(warning_level=EarlyWarning.Level.RED)),
            yellow=Count("pk", filter=Q(warning_level=EarlyWarning.Level.YELLOW)),
        )
    )
    return ProjectTotals(
        count=counted["count"],
        total_investment=counted["total"] or Decimal(0),
        plan_this_year=counted["plan"] or Decimal(0),
        done=counted["invested"] or Decimal(0),
        red=counted["red"],
        yellow=counted["yellow"],
    )


def on_the_map(rows: QuerySet[Project]) -> list[Project]:
    """Those whose place is known. One query."""
    return list(rows.filter(latitude__isnull=False))


LATEST_MOVES = 30
UNTOLD = ("stage", "exit_reason", "version", "source", "updated_at")
"""What a change of a project does not name: its stage and reason stand there as words, the rest is bookkeeping."""


# --- one project ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Month:
    """Plan and actual of this year to the end of one month, in 10,000 yuan."""

    month: str
    planned: Decimal | None
    done: Decimal | None


@dataclass(frozen=True, slots=True)
class UnitPart:
    """What one unit has of a package."""

    unit: Unit
    totals: ProjectTotals


@dataclass(frozen=True, slots=True)
class Move:
    """A change of the project by whom and why: its new `stage`, empty where it stayed, and what else changed, named."""

    stage: str
    fields: str
    change: Change


@dataclass(frozen=True, slots=True)
class ProjectPage:
    project: Project
    updates: Sequence[ProjectUpdate]  # newest first, with their photos
    months: Sequence[Month]
    milestones: Sequence[Milestone]
    warnings: Sequence[EarlyWarning]
    parts: Sequence[Project]
    by_unit: Sequence[UnitPart]
    moves: Sequence[Move]  # newest first

    @property
    def latest(self) -> ProjectUpdate | None:
        return next(iter(self.updates), None)


def project_page(project: Project, person: Capacities) -> ProjectPage:
    """Everything of one project that its page shows. A fixed number of queries."""
    updates = list(
        project.updates.select_related("period", "updated_by").prefetch_related("photos").order_by("-period__month")
    )
    parts = list(with_progress(Project.objects.visible_to(person).filter(package=project)))
    return ProjectPage(
        project=project,
        updates=updates,
        months=_months(project, updates),
        milestones=list(project.milestones.order_by("planned_on", "order")),
        warnings=list(project.warnings.select_related("period").order_by("-raised_at")),
        parts=parts,
        by_unit=_by_unit(parts),
        moves=_moves(project),
    )


def _moves(project: Project) -> list[Move]:
    rows = ChangeItem.objects.filter(object_type="campaigns.project", object_id=str(project.pk))
    stages = dict(Project.Stage.choices)
    found = []
    for one in rows.select_related("change__actor").order_by("-pk")[:LATEST_MOVES]:
        stage = str(stages.get((one.after or {}).get("stage", ""), ""))
        fields = _fields_named(one) if one.before else ""
        if stage or fields:
            found.append(Move(stage, fields, one.change))
    return found


def _fields_named(item: ChangeItem) -> str:
    """What changed besides the stage, as pages call it."""
    names = [one.name for one in Project._meta.concrete_fields if one.name in (item.after or {})]
    told = [str(Project._meta.get_field(name).verbose_name) for name in names if name not in UNTOLD]  # type: ignore[union-attr]
    return pgettext("between names", ", ").join(told)


def _months(project: Project, updates: Sequence[ProjectUpdate]) -> list[Month]:
    """Every month with a plan or a figure, of the newest year that has one."""
    planned = dict(ProjectPlan.objects.filter(project=project).values_list("month", "planned_to_date"))
    done = {one.period.month: one.invested_to_date for one in updates if one.invested_to_date is not None}
    months = sorted(planned.keys() | done.keys())
    year = max(done, default=max(months, default=""))[:4]
    return [Month(one, planned.get(one), done.get(one)) for one in months if one.startswith(year)]


def _by_unit(parts: Sequence[Project]) -> list[UnitPart]:
    units = {one.unit_id: one.unit for one in parts}
    return [
        UnitPart(unit, totals_of([one for one in parts if one.unit_id == unit_id])) for unit_id, unit in units.items()
    ]


def totals_of(parts: Sequence[Any]) -> ProjectTotals:
    """The totals of rows of `with_progress` that are in memory."""
    return ProjectTotals(
        len(parts),
        sum((one.total_investment for one in parts), Decimal(0)),
        sum((one.plan_this_year for one in parts), Decimal(0)),
        sum((one.done or Decimal(0) for one in parts), Decimal(0)),
        sum(one.warning_level == EarlyWarning.Level.RED for one in parts),
        sum(one.warning_level == EarlyWarning.Level.YELLOW for one in parts),
    )
