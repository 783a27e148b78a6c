"""The list of reports of a period as its page shows it, for the page's download and for a job in the background."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from campaigns.documents.exports import report_sheets
from campaigns.filters import ReportFilter
from campaigns.models import Measurement, Period, Report
from campaigns.queries.report_list import ORDERINGS, Listed, listed, ordered
from units.documents.sheets import Sheet
from units.permissions import Capacities


@dataclass(frozen=True, slots=True)
class Chosen:
    """The reports that the filters of a page leave, in its order, and the same rows as a query."""

    period: Period
    reports: QuerySet[Report]
    rows: Sequence[Listed]

    @property
    def size(self) -> int:
        """How many rows the sheets have together."""
        return len(self.rows) + Measurement.objects.filter(report__in=self.reports.order_by().values("pk")).count()

    def sheets(self) -> list[Sheet]:
        return report_sheets(self.rows, self.reports, self.period.month)


def chosen_reports(period: Period, asked: Mapping[str, str], person: Capacities, now: datetime) -> Chosen | None:
    """What the page with this address shows on all its pages; none where a filter or the order is none."""
    visible = Report.objects.visible_to(person).for_period(period).for_list()
    filtered = ReportFilter(asked, campaign=period.campaign, queryset=visible)
    ordering = asked.get("ordering") or "unit"
    if ordering.removeprefix("-") not in ORDERINGS or not filtered.form.is_valid():
        return None
    reports = ordered(filtered.filter_queryset(visible), ordering)
    rows = listed(reports, person=person, now=now)
    if filtered.is_overdue is not None:
        rows = [one for one in rows if one.is_overdue == filtered.is_overdue]
        reports = Report.objects.filter(pk__in=[one.report.pk for one in rows])
    return Chosen(period, reports, rows)
