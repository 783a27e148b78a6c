"""The closing report of a campaign: how every month ended, what each unit reached, what was late, what was corrected.

Made from published periods alone, so that it says the same to everybody; provisional until the last one is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils.functional import cached_property

from campaigns.domain.figures import half_up
from campaigns.domain.filing import Filing
from campaigns.domain.workflow import ReportStatus
from campaigns.models import Action, Assignment, Campaign, FollowUp, Measurement, Period, Project, Report
from campaigns.queries.completeness import NOT_FILED, Counts
from campaigns.queries.progress import IndicatorProgress, Weighed, covers, load
from campaigns.queries.report_list import filings_of
from campaigns.queries.standings import Group, StandingRow, Standings, standings_of
from units.models import Unit
from units.permissions import Capacities

WHOLE = Decimal(100)
COMPLETED = (Project.Stage.COMPLETED, Project.Stage.IN_PRODUCTION)


@dataclass(frozen=True, slots=True)
class Reached:
    """What was reached of a target, in percent half-up to 0.01; none where there is no figure."""

    percent: Decimal | None

    @property
    def is_met(self) -> bool:
        return self.percent is not None and self.percent >= WHOLE

    @property
    def missed_by(self) -> Decimal | None:
        """Points that lack; none where the target is met or nothing was reported."""
        return None if self.percent is None or self.is_met else WHOLE - self.percent


def reached(weighed: Weighed | None) -> Reached:
    return Reached(None if weighed is None or weighed.percent is None else half_up(weighed.percent, 2))


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One unit at the end: its ranks and composites by month, and in each action what it reached (none: no target)."""

    row: StandingRow
    months: Sequence[StandingRow | None]
    actions: Sequence[Reached | None]

    @property
    def whole(self) -> Reached:
        return reached(self.row)

    @property
    def met(self) -> int:
        return sum(one is not None and one.is_met for one in self.actions)


@dataclass(frozen=True, slots=True)
class ActionResult:
    """One action at the end: the city, and how many of its units met their target."""

    action: Action
    city: Reached
    met: int
    units: int


@dataclass(frozen=True, slots=True)
class Late:
    """One unit in one period with reports that came late, or never."""

    unit: Unit
    period: Period
    counts: Counts
    late: int


@dataclass(frozen=True, slots=True)
class Done:
    """How many of how many."""

    done: int
    total: int


@dataclass(frozen=True)
class Closing:
    """`standings` holds a published period each, in order; everything final is that of the last of them."""

    campaign: Campaign
    periods: Sequence[Period]
    standings: Sequence[Standings]
    filed: Sequence[tuple[Period, Counts]]
    late: Sequence[Late]
    corrected: Sequence[Measurement]
    projects: Done
    follow_ups: Done

    @cached_property
    def published(self) -> list[Period]:
        return [one.period for one in self.standings]

    @cached_property
    def is_final(self) -> bool:
        """Whether every month of the campaign is published."""
        return bool(self.periods) and len(self.published) == len(self.periods)

    @cached_property
    def last(self) -> Standings | None:
        return self.standings[-1] if self.standings else None

    @cached_property
    def has_sample(self) -> bool:
        return any(one.has_sample for one in self.standings)

    @cached_property
    def total(self) -> Counts:
        every = [counts for _period, counts in self.filed]
        return Counts(
            expected=sum(one.expected for one in every),
            filed=sum(one.filed for one in every),
            on_time=sum(one.on_time for one in every),
            approved=sum(one.approved for one in every),
        )

    @cached_property
    def units(self) -> list[UnitResult]:
        """The ranked units in the order in which they ended, then the others."""
        if self.last is None:
            return []
        by_month = [{row.unit.pk: row for row in table.rows} for table in self.standings]
        return [
            UnitResult(
                row=row,
                months=[month.get(row.unit.pk) for month in by_month],
                actions=[reached(cell.progress) if cell.progress else None for cell in row.cells],
            )
            for row in self.last.rows
        ]

    @cached_property
    def actions(self) -> list[ActionResult]:
        if self.last is None:
            return []
        results = []
        for place, (action, city) in enumerate(zip(self.last.actions, self.last.city_cells, strict=True)):
            units = [one.actions[place] for one in self.units if one.actions[place] is not None]
            met = sum(one is not None and one.is_met for one in units)
            results.append(ActionResult(action, reached(city), met, len(units)))
        return results

    @cached_property
    def figures(self) -> list[tuple[Unit, IndicatorProgress]]:
        """Every indicator of every unit as it ended."""
        return [
            (result.row.unit, one)
            for result in self.units
            for cell in result.row.cells
            if cell.progress
            for one in cell.progress.indicators
        ]


def closing(campaign: Campaign, *, periods: Sequence[Period], group: Group | None, person: Capacities) -> Closing:
    """The report; `periods` are all of the campaign's. Twelve queries, whatever the rows and periods."""
    published = [one for one in periods if one.is_published]
    up_to = [one for one in periods if published and one.month <= published[-1].month]
    inputs = load(campaign, up_to)
    filings = list(_filings(published, inputs.assignments))
    return Closing(
        campaign=campaign,
        periods=periods,
        standings=[standings_of(inputs, one, periods=periods, group=group, person=person) for one in published],
        filed=[(period, _counts(one for one in filings if one.period == period)) for period in published],
        late=_late(filings),
        corrected=_corrected(published),
        projects=_done(Project.objects.filter(campaign=campaign), Q(stage__in=COMPLETED)),
        follow_ups=_done(FollowUp.objects.filter(campaign=campaign), Q(state__in=FollowUp.DONE)),
    )


# --- reports ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Filed:
    """One expected report and what became of it."""

    period: Period
    unit: Unit
    filing: Filing
    is_approved: bool

    @property
    def is_late(self) -> bool:
        return self.filing.is_filed and not self.filing.is_on_time


def _filings(periods: Sequence[Period], assignments: Sequence[Assignment]) -> Iterator[_Filed]:
    """Every expected report of the periods, by unit within a period. Four queries."""
    by_id = {one.pk: one for one in periods}
    reports = list(Report.objects.filter(period__in=periods))
    for report in reports:
        report.period = by_id[report.period_id]
    how = filings_of(reports)
    there = {(one.period_id, one.unit_id, one.action_id): one for one in reports}
    for period in periods:
        for one in assignments:
            if covers(one, period):
                yield _filed(period, one.unit, there.get((period.pk, one.unit_id, one.action_id)), how)


def _filed(period: Period, unit: Unit, report: Report | None, how: Mapping[int, Filing]) -> _Filed:
    if report is None:
        return _Filed(period, unit, NOT_FILED, is_approved=False)
    return _Filed(period, unit, how[report.pk], is_approved=report.status == ReportStatus.APPROVED)


def _counts(filings: Iterable[_Filed]) -> Counts:
    filings = list(filings)
    return Counts(
        expected=len(filings),
        filed=sum(one.filing.is_filed for one in filings),
        on_time=sum(one.filing.is_on_time for one in filings),
        approved=sum(one.is_approved for one in filings),
    )


def _late(filings: Iterable[_Filed]) -> list[Late]:
    groups: dict[tuple[Unit, Period], list[_Filed]] = {}
    for one in filings:
        groups.setdefault((one.unit, one.period), []).append(one)
    rows = [
        Late(unit, period, _counts(group), sum(one.is_late for one in group))
        for (unit, period), group in groups.items()
    ]
    return [one for one in rows if one.late or one.counts.missing]


# --- the rest ---------------------------------------------------------------------------------------------------------


def _corrected(periods: Sequence[Period]) -> list[Measurement]:
    """Figures that count and were corrected after their period had closed. One query."""
    rows = Measurement.objects.filter(report__period__in=periods, corrected_at__isnull=False)
    return list(
        rows.filter(report__status=ReportStatus.APPROVED)
        .select_related("report__unit", "report__action", "report__period", "indicator")
        .order_by("report__period__month", "report__unit__order", "report__action__number", "indicator__order", "pk")
    )


def _done(rows: QuerySet, is_done: Q) -> Done:
    """One query."""
    counted = rows.aggregate(done=Count("pk", filter=is_done), total=Count("pk"))
    return Done(counted["done"], counted["total"])
