"""What stands beside the boxes of a monthly update: the plan to date, and the newest figure reported before."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from campaigns.models import Milestone, Period, Project, ProjectPlan, ProjectUpdate
from campaigns.queries.warning_findings import SETTLED
from units.permissions import Capacities

MOST_STEPS = 30
"""So many milestones a form shows."""


def last_reported(project: Project, period: Period) -> ProjectUpdate | None:
    """The newest update with a figure of an earlier month of the same year; each year counts from nothing."""
    earlier = project.updates.filter(
        period__month__lt=period.month, period__month__startswith=period.month[:4], invested_to_date__isnull=False
    )
    return earlier.select_related("period").order_by("-period__month").first()


def steps_to_report(project: Project, period: Period) -> list[Milestone]:
    """The milestones that a unit may report as done: those that are not, and those done since the period began. So
    many at the most, the earliest planned first."""
    waiting = Q(done_on=None) | Q(done_on__gte=period.starts_on)
    return list(project.milestones.filter(waiting).order_by("planned_on", "order", "pk")[:MOST_STEPS])


def planned_to_date(project: Project, month: str) -> Decimal | None:
    """This year's plan to the end of the month, in 10,000 yuan."""
    return ProjectPlan.objects.filter(project=project, month=month).values_list("planned_to_date", flat=True).first()


def updates_due(period: Period, person: Capacities, unit_ids: Collection[int]) -> QuerySet[Project]:
    """The projects of these units without an update for the period. A package reports through its parts."""
    reported = ProjectUpdate.objects.filter(project=OuterRef("pk"), period=period)
    parts = Project.objects.filter(package=OuterRef("pk"))
    return (
        Project.objects.visible_to(person)
        .filter(~Exists(reported), ~Exists(parts), campaign_id=period.campaign_id, unit__in=unit_ids)
        .exclude(stage__in=SETTLED)
        .select_related("unit")
        .order_by("unit__order", "code")
    )


def open_period(project: Project, now: datetime) -> Period | None:
    """The period of the project's campaign that takes updates at this instant, the oldest where there are several."""
    rows = Period.objects.filter(campaign=project.campaign_id, state=Period.State.OPEN, closes_at__gt=now)
    return rows.order_by("month").first()
