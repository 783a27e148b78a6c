"""How many reports of each unit were filed in time over all periods of a round, in three queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from campaigns.models import Assignment, Campaign, Period, Report
from campaigns.queries.progress import covers
from campaigns.queries.report_list import with_filings_of


@dataclass(slots=True)
class Timeliness:
    """Of one unit: how many reports were expected, how many of them came in time, and the ids of those that did not."""

    expected: int = 0
    on_time: int = 0
    late: list[int] = field(default_factory=list)

    @property
    def percent(self) -> Fraction | None:
        return Fraction(100 * self.on_time, self.expected) if self.expected else None


def timeliness(
    campaign: Campaign, starts_on: date, ends_on: date, assignments: Sequence[Assignment]
) -> Mapping[int, Timeliness]:
    """By unit id, over the periods of the campaign that end within these days; `assignments` with their units."""
    periods = list(Period.objects.filter(campaign=campaign, ends_on__gte=starts_on, ends_on__lte=ends_on))
    for period in periods:
        period.campaign = campaign
    units = {one.unit_id for one in assignments}
    reports = Report.objects.filter(period__in=periods, unit__in=units)
    filed = {
        (report.period_id, report.unit_id, report.action_id): (report.pk, how.is_on_time)
        for report, how in with_filings_of(reports, periods)
    }
    found: dict[int, Timeliness] = {}
    for period in periods:
        for one in assignments:
            if not covers(one, period):
                continue
            unit = found.setdefault(one.unit_id, Timeliness())
            unit.expected += 1
            report_id, is_on_time = filed.get((period.pk, one.unit_id, one.action_id), (None, False))
            unit.on_time += is_on_time
            if report_id is not None and not is_on_time:
                unit.late.append(report_id)
    return found
