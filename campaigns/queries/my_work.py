"""What waits for a person: reports to fill, to sign and to decide, and how their unit stands.

Six queries for a unit's people, whatever the number of reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from campaigns.domain.workflow import EDITABLE, ReportStatus
from campaigns.models import Period, Report, ReportEvent, Target
from campaigns.queries.progress import UnitProgress, load, progress_in
from units.models import Unit
from units.permissions import Capacities


@dataclass(slots=True)
class UnitWork:
    """One unit's reports of a period by what must be done with them."""

    unit: Unit
    reports: list[Report] = field(default_factory=list)
    progress: UnitProgress | None = None

    def with_status(self, *statuses: ReportStatus) -> list[Report]:
        return [report for report in self.reports if report.status in statuses]

    @property
    def returned(self) -> list[Report]:
        return self.with_status(ReportStatus.RETURNED)

    @property
    def to_fill(self) -> list[Report]:
        return self.with_status(ReportStatus.DRAFT)

    @property
    def to_sign(self) -> list[Report]:
        return self.with_status(ReportStatus.TO_SIGN)

    @property
    def submitted(self) -> list[Report]:
        return self.with_status(ReportStatus.SUBMITTED)

    @property
    def approved(self) -> list[Report]:
        return self.with_status(ReportStatus.APPROVED)


@dataclass(slots=True)
class MyWork:
    """`reopened` are reports of other periods that came back or were opened again."""

    units: list[UnitWork]
    reopened: list[Report]
    to_review: list[Report]


def my_work(*, person: Capacities, period: Period, periods: Sequence[Period], now: datetime) -> MyWork:
    """Everything that waits for this person in the period, and what came back from earlier ones."""
    decidable = set()
    rows = list(_reports(person, period))
    if person.reviewer_of or person.is_office:
        decidable = {row.pk for row in rows if row.is_decidable}
    units = {unit.pk: UnitWork(unit) for unit in person.units if unit.pk in person.filing_units}
    reopened = []
    for row in rows:
        if row.unit_id not in units:
            continue
        if row.period_id == period.pk:
            units[row.unit_id].reports.append(row)
        elif row.status in EDITABLE and row.reopened_until is not None and now < row.reopened_until:
            reopened.append(row)
    _add_progress(units, period, periods)
    to_review = sorted((row for row in rows if row.pk in decidable), key=lambda row: (row.status_since, row.pk))
    return MyWork([work for work in units.values() if work.reports], reopened, to_review)


def _reports(person: Capacities, period: Period):  # type: ignore[no-untyped-def]
    own = Q(unit__in=person.filing_units) & (Q(period=period) | Q(reopened_until__isnull=False))
    decidable = Q(pk__in=Report.objects.decidable_by(person).values("pk"))
    returned = ReportEvent.objects.filter(report=OuterRef("pk"), to_status=ReportStatus.RETURNED).order_by("-pk")
    owed = Target.objects.filter(unit=OuterRef("unit"), indicator__action=OuterRef("action")).order_by()
    counted = owed.values("unit").annotate(number=Count("pk")).values("number")
    return (
        Report.objects.filter(own | decidable)
        .select_related("action__lead", "unit", "period__campaign")
        .annotate(
            is_decidable=decidable,
            measured=Count("measurements", filter=Q(measurements__value__isnull=False)),
            owed=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
            returned_reason=Subquery(returned.values("reason")[:1]),
            returned_by=Subquery(returned.values("actor__name")[:1]),
            returned_by_zh=Subquery(returned.values("actor__name_zh")[:1]),
        )
        .order_by("period__month", "action__number", "unit__order")
    )


def _add_progress(units: dict[int, UnitWork], period: Period, periods: Sequence[Period]) -> None:
    if not units:
        return
    before = [one for one in periods if one.month < period.month][-1:]
    inputs = load(period.campaign, [period, *before], units=units)
    earlier = progress_in(inputs, before[0], None) if before else None
    for unit_id, progress in progress_in(inputs, period, earlier).items():
        units[unit_id].progress = progress


def filing_counts(period: Period) -> dict[str, int]:
    """How many reports of the period stand in each status. One query."""
    rows = Report.objects.filter(period=period).order_by().values_list("status").annotate(number=Count("pk"))
    return {status.value: 0 for status in ReportStatus} | dict(rows)
