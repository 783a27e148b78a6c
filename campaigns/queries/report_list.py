"""The reports of a period as a list shows them: since when they stand where they stand, and how they stand to time.

Late and overdue are computed from the recorded events, in three queries for any number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.timezone import get_current_timezone

from campaigns.domain.deadlines import days_left
from campaigns.domain.filing import Filing, StatusChange, filing, is_overdue
from campaigns.models import Measurement, Report, ReportEvent
from campaigns.permissions import can_fill_now
from campaigns.queries.calendars import working_calendar
from units.permissions import Capacities

ORDERINGS: Mapping[str, Sequence[str]] = {
    "unit": ("unit__order", "unit__code", "action__number"),
    "action": ("action__number", "unit__order", "unit__code"),
    "status": ("status", "status_since", "pk"),
    "since": ("status_since", "pk"),
}
"""How a list may be sorted, by the name in the address; with a minus the other way round."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One row: the report, and how it stands to its due instant."""

    report: Report
    filing: Filing
    is_overdue: bool
    days_left: int
    can_fill: bool

    @property
    def is_late(self) -> bool:
        """Filed, but not in time."""
        return self.filing.is_filed and not self.filing.is_on_time

    @property
    def is_due(self) -> bool:
        """Still to come, and not overdue."""
        return not self.filing.is_filed and not self.is_overdue


def ordered(reports: QuerySet[Report], ordering: str) -> QuerySet[Report]:
    """Sorted by one of `ORDERINGS`; raises `KeyError` for any other."""
    fields = ORDERINGS[ordering.removeprefix("-")]
    if ordering.startswith("-"):
        return reports.order_by(*(f"-{name}" for name in fields))
    return reports.order_by(*fields)


def listed(reports: Iterable[Report], *, person: Capacities, now: datetime) -> list[Listed]:
    """The rows of these reports, which come with period and campaign. Three queries."""
    reports = list(reports)
    zone = get_current_timezone()
    filings = filings_of(reports)
    rows = []
    for report in reports:
        how, due_at = filings[report.pk], report.period.due_at
        left = days_left(now, how.resubmit_by if how.resubmit_by and how.resubmit_by > due_at else due_at, tz=zone)
        rows.append(Listed(report, how, is_overdue(now, due_at, how), left, can_fill_now(person, report, now)))
    return rows


def filings_of(reports: Sequence[Report]) -> dict[int, Filing]:
    """By report id, whether and when it was filed. Three queries."""
    if not reports:
        return {}
    ids = [one.pk for one in reports]
    changes: dict[int, list[StatusChange]] = {}
    for report_id, at, came_from, to, resubmit_by in ReportEvent.objects.filter(report__in=ids).values_list(
        "report_id", "at", "from_status", "to_status", "resubmit_by"
    ):
        changes.setdefault(report_id, []).append(StatusChange(at, came_from, to, resubmit_by))
    with_figure = set(
        Measurement.objects.filter(report__in=ids, value__isnull=False).values_list("report_id", flat=True).distinct()
    )
    calendar, zone = working_calendar(), get_current_timezone()
    return {
        one.pk: filing(
            changes.get(one.pk, []),
            has_figure=one.pk in with_figure,
            due_at=one.period.due_at,
            calendar=calendar,
            tz=zone,
            resubmission_working_days=one.period.campaign.resubmission_working_days,
        )
        for one in reports
    }
