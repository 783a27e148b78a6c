"""How the periods of a campaign stand: what is expected, filed, on time, approved, and still to be decided.

Five queries for any number of periods and reports. Rates are over what is expected, so none exceeds 100 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.domain.workflow import ReportStatus
from campaigns.domain.working_days import WorkingCalendar
from campaigns.models import Assignment, Campaign, Period, Report
from campaigns.queries.progress import covers
from campaigns.queries.report_list import filings_of


@dataclass(frozen=True, slots=True)
class PeriodCounts:
    """One period with its reports counted. `undecided` lie with a lead department, `unfiled` with their units;
    both are to know before the period is published."""

    period: Period
    expected: int
    filed: int
    on_time: int
    approved: int
    undecided: int

    @property
    def unfiled(self) -> int:
        return self.expected - self.filed


def period_counts(campaign: Campaign, periods: Sequence[Period]) -> list[PeriodCounts]:
    assignments = list(Assignment.objects.filter(action__campaign=campaign).select_related("unit"))
    reports = list(Report.objects.filter(period__in=periods))
    by_id = {one.pk: one for one in periods}
    for report in reports:
        report.period = by_id[report.period_id]
    filings = filings_of(reports)
    counted = []
    for period in periods:
        expected = {(one.unit_id, one.action_id) for one in assignments if covers(one, period)}
        own = [one for one in reports if one.period_id == period.pk and (one.unit_id, one.action_id) in expected]
        counted.append(
            PeriodCounts(
                period=period,
                expected=len(expected),
                filed=sum(filings[one.pk].is_filed for one in own),
                on_time=sum(filings[one.pk].is_on_time for one in own),
                approved=sum(one.status == ReportStatus.APPROVED for one in own),
                undecided=sum(one.status == ReportStatus.SUBMITTED for one in own),
            )
        )
    return counted


def uncovered_years(periods: Sequence[Period], calendar: WorkingCalendar) -> list[int]:
    """Years in which these periods fall due or close and of which the make-up days are not known."""
    years = {instant.year for one in periods for instant in (one.due_at, one.closes_at)}
    return sorted(year for year in years if not calendar.is_covered(year))
