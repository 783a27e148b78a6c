"""The early warnings of a campaign with their totals, one warning with its history, and the list for the meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from campaigns.models import Campaign, EarlyWarning, WarningEvent
from units.permissions import Capacities

RED, YELLOW = EarlyWarning.Level.RED, EarlyWarning.Level.YELLOW
OPEN = ~Q(state=EarlyWarning.State.CLEARED)
GRAVEST_FIRST = Case(When(level=RED, then=Value(0)), default=Value(1), output_field=IntegerField())


def warnings_of(campaign: Campaign, person: Capacities) -> QuerySet[EarlyWarning]:
    """The warnings on the campaign's projects that this person may see, open and red ones first."""
    is_open = Case(When(OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        EarlyWarning.objects.visible_to(person)
        .filter(project__campaign=campaign)
        .select_related("project__unit", "project__lead", "period")
        .order_by(is_open, GRAVEST_FIRST, "project__unit__order", "project__code", "cause", "-raised_at")
    )


@dataclass(frozen=True, slots=True)
class Totals:
    """Of the open warnings among some: projects and warnings by level, what waits for an answer, measures past their
    day, and causes that are gone but not cleared."""

    projects: int
    red: int
    yellow: int
    to_answer: int
    overdue: int
    gone: int


def totals(rows: QuerySet[EarlyWarning], today: date) -> Totals:
    """One query."""
    counted = (
        rows.order_by()
        .filter(OPEN)
        .aggregate(
            projects=Count("project", distinct=True),
            red=Count("pk", filter=Q(level=RED)),
            yellow=Count("pk", filter=Q(level=YELLOW)),
            to_answer=Count("pk", filter=Q(state=EarlyWarning.State.RAISED)),
            overdue=Count("pk", filter=Q(measure_due_on__lt=today)),
            gone=Count("pk", filter=Q(cause_gone_on__isnull=False)),
        )
    )
    return Totals(**counted)


def history_of(warning: EarlyWarning) -> list[WarningEvent]:
    """Every step, oldest first. One query."""
    return list(warning.events.select_related("actor").order_by("pk"))


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A project of the early-warning list with its open warnings, the gravest first."""

    warnings: Sequence[EarlyWarning]

    @property
    def first(self) -> EarlyWarning:
        return self.warnings[0]


def for_meeting(rows: QuerySet[EarlyWarning]) -> list[MeetingRow]:
    """The open warnings by project: escalated ones first, then red, then yellow, in the order of the units. One
    query."""
    by_project: dict[int, list[EarlyWarning]] = {}
    for one in rows.filter(OPEN):
        by_project.setdefault(one.project_id, []).append(one)
    found = [MeetingRow(sorted(of_project, key=_gravity)) for of_project in by_project.values()]
    return sorted(found, key=lambda row: _gravity(row.first))


def _gravity(warning: EarlyWarning) -> tuple[bool, bool]:
    return warning.state != EarlyWarning.State.ESCALATED, warning.level != RED
