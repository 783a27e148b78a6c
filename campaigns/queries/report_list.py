"""The reports of a period as a list shows them: since when they stand where they stand, and how they stand to time.

Late and overdue are computed from the recorded events, in three queries for any number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from django.db.models import Aggregate, Exists, F, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONArray
from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone, is_naive

from campaigns.domain.deadlines import days_left
from campaigns.domain.filing import Filing, StatusChange, filing, is_overdue
from campaigns.domain.workflow import ReportStatus
from campaigns.domain.working_days import WorkingCalendar
from campaigns.models import Measurement, Period, Report, ReportEvent
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
    calendar = working_calendar()
    return {
        one.pk: _filing(one, changes.get(one.pk, []), has_figure=one.pk in with_figure, calendar=calendar)
        for one in reports
    }


def with_filings(reports: QuerySet[Report], period: Period) -> list[tuple[Report, Filing]]:
    """The reports of one period, each with whether and when it was filed. Two queries."""
    return with_filings_of(reports, [period])


def with_filings_of(reports: QuerySet[Report], periods: Iterable[Period]) -> list[tuple[Report, Filing]]:
    """The same for reports of several periods, which come with their campaign. Two queries."""
    by_id = {one.pk: one for one in periods}
    steps = reports.annotate(
        has_figure=_HAS_FIGURE,
        step_at=F("events__at"),
        step_from=F("events__from_status"),
        step_to=F("events__to_status"),
        step_resubmit_by=F("events__resubmit_by"),
    )
    changes: dict[Report, list[StatusChange]] = {}
    for one in steps.order_by("pk"):
        of_report = changes.setdefault(one, [])
        if one.step_at is not None:
            of_report.append(StatusChange(one.step_at, one.step_from, one.step_to, one.step_resubmit_by))
    calendar = working_calendar()
    found = []
    for report, steps_taken in changes.items():
        report.period = by_id[report.period_id]
        has_any = report.has_figure  # type: ignore[attr-defined]  # annotated
        found.append((report, _filing(report, steps_taken, has_figure=has_any, calendar=calendar)))
    return found


def with_steps(reports: QuerySet[Report]) -> QuerySet[Report]:
    """Each report with its recorded steps as `steps`, for `filing_of`: in the query of the reports itself."""
    columns = JSONArray("at", "from_status", "to_status", "resubmit_by", "pk")
    taken = ReportEvent.objects.filter(report=OuterRef("pk")).order_by().values("report")
    return reports.annotate(steps=Subquery(taken.annotate(all=JsonRows(columns)).values("all")))


class JsonRows(Aggregate):
    """The rows as one JSON list, in no order."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSONB_AGG", **context)


def filing_of(report: Report, calendar: WorkingCalendar) -> Filing:
    """The same for one report that comes `with_steps` and with its measurements. No query."""
    has_figure = any(one.value is not None for one in report.measurements.all())
    return _filing_with_steps(report, calendar, has_figure=has_figure)


def _filing_with_steps(report: Report, calendar: WorkingCalendar, *, has_figure: bool) -> Filing:
    steps = sorted(report.steps or (), key=itemgetter(-1))  # type: ignore[attr-defined]  # annotated
    changes = [StatusChange(_instant(at), came_from, to, _instant(by)) for at, came_from, to, by, _pk in steps]
    return _filing(report, changes, has_figure=has_figure, calendar=calendar)


def _instant(told: str | None) -> Any:
    """An instant as the database writes it into JSON; SQLite leaves out that it is UTC."""
    instant = parse_datetime(told) if told else None
    return instant.replace(tzinfo=UTC) if instant and is_naive(instant) else instant


def _filing(report: Report, changes: Sequence[StatusChange], *, has_figure: bool, calendar: WorkingCalendar) -> Filing:
    return filing(
        changes,
        has_figure=has_figure,
        due_at=report.period.due_at,
        calendar=calendar,
        tz=get_current_timezone(),
        resubmission_working_days=report.period.campaign.resubmission_working_days,
    )


# --- overdue, asked of the database ---------------------------------------------------------------------------------


def only_overdue(
    reports: QuerySet[Report], *, now: datetime, calendar: WorkingCalendar, wanted: bool = True
) -> QuerySet[Report]:
    """Those that are overdue at this instant, or those that are not, whatever their number.

    The database tells what is due and not filed; of these, the few that came back and have time to come again are
    looked at one by one, in one query.
    """
    missing = Report.objects.filter(period__due_at__lt=now).alias(last_step=_LAST_STEP).exclude(_IS_FILED)
    came_back = with_steps(missing.filter(last_step=ReportStatus.RETURNED)).annotate(has_figure=_HAS_FIGURE)
    in_time = [
        one.pk
        for one in came_back.select_related("period__campaign")
        if not is_overdue(now, one.period.due_at, _filing_with_steps(one, calendar, has_figure=one.has_figure))
    ]
    found = Q(pk__in=missing.exclude(pk__in=in_time).order_by().values("pk"))
    return reports.filter(found if wanted else ~found)


_LAST_STEP = Subquery(
    ReportEvent.objects.filter(report=OuterRef("pk"), to_status__in=[ReportStatus.SUBMITTED, ReportStatus.RETURNED])
    .order_by("-at", "-pk")
    .values("to_status")[:1]
)
"""Whether the report was last filed or last came back; what follows a filing leaves it filed."""

_HAS_FIGURE = Exists(Measurement.objects.filter(report=OuterRef("pk"), value__isnull=False).order_by())

_IS_FILED = Q(last_step=ReportStatus.SUBMITTED) & _HAS_FIGURE
