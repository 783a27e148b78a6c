"""Which reports of a period are there: every unit in every action, and how many are expected, filed, on time, approved.

Before publication the reader sees what disclosure allows: office and leaders everything, a unit's own people its
reports, a lead department those of its actions. All counts are over what is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from campaigns.domain.assignments import is_expected
from campaigns.domain.filing import Filing, is_overdue
from campaigns.domain.workflow import ReportStatus
from campaigns.models import Action, Assignment, Period, Report
from campaigns.permissions import can_see_action_standings, can_see_reports_of, can_see_unit_standings
from campaigns.queries.report_list import with_filings
from campaigns.queries.standings import Disclosure, disclosure
from units.models import Unit
from units.permissions import Capacities

NOT_FILED = Filing(is_filed=False, is_on_time=False, first_filed_at=None)


@dataclass(frozen=True, slots=True)
class Cell:
    """One expected report. `report` is there for those who may open it, and missing where none was made yet."""

    unit: Unit
    action: Action
    report: Report | None
    filing: Filing
    is_approved: bool
    is_overdue: bool

    @property
    def is_late(self) -> bool:
        """Filed, but not in time."""
        return self.filing.is_filed and not self.filing.is_on_time


@dataclass(frozen=True, slots=True)
class Counts:
    """How many reports; rates are shares of what is expected (none where nothing is), so none exceeds 1."""

    expected: int
    filed: int
    on_time: int
    approved: int

    @property
    def missing(self) -> int:
        return self.expected - self.filed

    @property
    def filed_rate(self) -> Fraction | None:
        return self._rate(self.filed)

    @property
    def on_time_rate(self) -> Fraction | None:
        return self._rate(self.on_time)

    @property
    def approved_rate(self) -> Fraction | None:
        return self._rate(self.approved)

    def _rate(self, count: int) -> Fraction | None:
        return Fraction(count, self.expected) if self.expected else None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit: a cell for each action of the table, none where the unit does not report on it."""

    unit: Unit
    counts: Counts
    cells: Sequence[Cell | None]


@dataclass(frozen=True, slots=True)
class ActionColumn:
    action: Action
    counts: Counts


@dataclass(frozen=True, slots=True)
class Completeness:
    """Units × actions of one period, each in their order."""

    period: Period
    total: Counts
    units: Sequence[UnitRow]
    actions: Sequence[ActionColumn]
    disclosure: Disclosure


def completeness(
    period: Period, *, person: Capacities, now: datetime, assignments: Sequence[Assignment] | None = None
) -> Completeness:
    """The completeness of a period as the person may see it. Three queries, whatever the rows.

    `assignments` are the campaign's, with unit, action and lead, where they have been read already: one query less.
    """
    expected = _expected(period, _assignments(period) if assignments is None else assignments)
    cells = _cells(expected, period, person, now)
    units = dict.fromkeys(one.unit for one in cells.values())
    actions = sorted({one.action for one in cells.values()}, key=lambda one: one.number)
    rows = [(unit, [cells.get((unit.pk, action.pk)) for action in actions]) for unit in units]
    return Completeness(
        period=period,
        total=_count(cells.values()),
        units=[UnitRow(unit, _count(row), row) for unit, row in rows],
        actions=[
            ActionColumn(action, _count(row[place] for _unit, row in rows)) for place, action in enumerate(actions)
        ],
        disclosure=disclosure(period, person, [one.action for one in expected]),
    )


def _assignments(period: Period) -> Sequence[Assignment]:
    rows = Assignment.objects.filter(action__campaign=period.campaign_id).select_related("unit", "action__lead")
    return list(rows.order_by("unit__order", "unit__code", "action__number"))


def _expected(period: Period, assignments: Sequence[Assignment]) -> list[Assignment]:
    """The assignments that cover the period's last day, by unit."""
    found = [
        one
        for one in assignments
        if is_expected(
            assignment_starts_on=one.starts_on,
            assignment_ends_on=one.ends_on,
            period_last_day=period.ends_on,
            is_unit_active=one.unit.is_active,
        )
    ]
    for one in found:
        one.action.campaign = period.campaign
    return found


def _cells(
    assignments: Sequence[Assignment], period: Period, person: Capacities, now: datetime
) -> dict[tuple[int, int], Cell]:
    """By unit and action id, what the person may see. Two queries."""
    filed = with_filings(Report.objects.filter(period=period), period)
    by_key = {(report.unit_id, report.action_id): (report, how) for report, how in filed}
    cells = {}
    for one in assignments:
        if _may_see(person, period, one):
            report, how = by_key.get((one.unit_id, one.action_id), (None, NOT_FILED))
            cells[one.unit_id, one.action_id] = Cell(
                unit=one.unit,
                action=one.action,
                report=report if _may_open(person, one) else None,
                filing=how,
                is_approved=report is not None and report.status == ReportStatus.APPROVED,
                is_overdue=is_overdue(now, period.due_at, how),
            )
    return cells


def _may_see(person: Capacities, period: Period, one: Assignment) -> bool:
    return can_see_unit_standings(person, period, one.unit_id) or can_see_action_standings(person, period, one.action)


def _may_open(person: Capacities, one: Assignment) -> bool:
    return can_see_reports_of(person, unit_id=one.unit_id, lead_id=one.action.lead_id)


def _count(cells: Iterable[Cell | None]) -> Counts:
    there = [one for one in cells if one is not None]
    return Counts(
        expected=len(there),
        filed=sum(one.filing.is_filed for one in there),
        on_time=sum(one.filing.is_on_time for one in there),
        approved=sum(one.is_approved for one in there),
    )
