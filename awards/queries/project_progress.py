"""How far the projects of each unit are by a month: invested to date over planned to date, in one query."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Exists, OuterRef, Subquery

from campaigns.models import Campaign, Project, ProjectPlan, ProjectUpdate


@dataclass(frozen=True, slots=True)
class ProjectShare:
    """One project's plan to the end of the month and its newest figure by then; none where nothing was reported."""

    project: str
    planned: Decimal
    done: Decimal | None
    update: int | None


@dataclass(frozen=True, slots=True)
class ProjectProgress:
    """A unit's projects, weighted by what was planned of each. `percent` is over those with a figure, `coverage` the
    percentage of the planned money that has one."""

    projects: Sequence[ProjectShare]

    @property
    def percent(self) -> Fraction | None:
        told = [one for one in self.projects if one.done is not None]
        planned = sum((Fraction(one.planned) for one in told), Fraction(0))
        done = sum((Fraction(one.done) for one in told if one.done is not None), Fraction(0))
        return 100 * done / planned if planned else None

    @property
    def coverage(self) -> Fraction:
        planned = sum((Fraction(one.planned) for one in self.projects), Fraction(0))
        told = sum((Fraction(one.planned) for one in self.projects if one.done is not None), Fraction(0))
        return 100 * told / planned if planned else Fraction(0)


def project_progress(campaign: Campaign, month: str, units: Collection[int]) -> Mapping[int, ProjectProgress]:
    """By unit id; only units with projects that have a plan by this month. A package counts through its parts, a
    project that exited not at all."""
    newest = (
        ProjectUpdate.objects.filter(
            project=OuterRef("pk"),
            invested_to_date__isnull=False,
            period__month__lte=month,
            period__month__gte=month[:4],
        )
        .order_by("-period__month")
        .values("pk", "invested_to_date")
    )
    plan = ProjectPlan.objects.filter(project=OuterRef("pk"), month=month, planned_to_date__gt=0)
    rows = (
        Project.objects.filter(
            ~Exists(Project.objects.filter(package=OuterRef("pk"))), campaign=campaign, unit__in=units
        )
        .exclude(stage=Project.Stage.EXITED)
        .annotate(
            planned=Subquery(plan.values("planned_to_date")[:1]),
            done=Subquery(newest.values("invested_to_date")[:1]),
            update_id=Subquery(newest.values("pk")[:1]),
        )
        .filter(planned__isnull=False)
        .order_by("code")
        .values_list("unit_id", "code", "planned", "done", "update_id")
    )
    found: dict[int, list[ProjectShare]] = {}
    for unit_id, code, planned, done, update in rows:
        found.setdefault(unit_id, []).append(ProjectShare(code, planned, done, update))
    return {unit_id: ProjectProgress(projects) for unit_id, projects in found.items()}
