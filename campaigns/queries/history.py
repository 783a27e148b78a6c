"""The figures of the months before those that are loaded, added up by the database: what the city's way and its
forecast are made from.

No attainment is computed of them and none of their rows is read, but where the city's figure is no plain sum or mean.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Sum, When

from campaigns.domain.figures import half_up
from campaigns.domain.rollup import Added, CityFigure, RollUp, rolled
from campaigns.domain.workflow import ReportStatus
from campaigns.models import Assignment, Indicator, Measurement, Period, Target
from campaigns.models.indicators import FIGURE
from campaigns.queries.progress import Inputs
from units.models import Source

PLAIN = (RollUp.SUM, RollUp.MEAN)
"""What can be added up without knowing who brought what."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Approved figures of the periods `period_ids`. Of the indicators `by_unit` there are the single `values`, of the
    others what the units that make the city's figure add up to."""

    period_ids: frozenset[int] = frozenset()
    by_unit: frozenset[int] = frozenset()
    sums: Mapping[tuple[int, int], Added] = field(default_factory=dict)  # by (period id, indicator id)
    values: Mapping[tuple[int, int, int], Decimal] = field(default_factory=dict)  # by (period, unit, indicator id)
    has_sample: bool = False

    def value(self, period: Period, unit_id: int, indicator_id: int) -> Decimal | None:
        return self.values.get((period.pk, unit_id, indicator_id))

    def added_up(self, period: Period, indicator: Indicator, *, expected: int) -> CityFigure | None:
        """The city's figure of so many units; none where it is to be made from theirs."""
        if period.pk not in self.period_ids or indicator.pk in self.by_unit:
            return None
        added = self.sums.get((period.pk, indicator.pk), Added(Fraction(0), Fraction(0), 0))
        return rolled(RollUp(indicator.rollup), added, expected)


NOTHING_EARLIER = Earlier()


def earlier_figures(inputs: Inputs, periods: Sequence[Period], *, with_units: bool = False) -> Earlier:
    """Of periods that `inputs` does not hold. One query, whatever the rows; none without periods. `with_units` keeps
    every unit's figure, for forecasts of their own."""
    if not periods:
        return NOTHING_EARLIER
    indicators = [one for group in inputs.indicators.values() for one in group]
    by_unit = {one.pk for one in indicators if with_units or one.rollup not in PLAIN}
    by_unit |= {one.rollup_weight_id for one in indicators if one.rollup_weight_id is not None}
    sums: dict[tuple[int, int], Added] = {}
    values: dict[tuple[int, int, int], Decimal] = {}
    has_sample = False
    for period_id, indicator_id, unit_id, total, present, samples in _rows(periods, by_unit):
        has_sample = has_sample or samples > 0
        if unit_id is not None and total is not None:
            values[period_id, unit_id, indicator_id] = _exact(total)
        elif total is not None:
            sums[period_id, indicator_id] = Added(Fraction(_exact(total)), Fraction(present), present)
    return Earlier(frozenset(one.pk for one in periods), frozenset(by_unit), sums, values, has_sample)


def _rows(periods: Sequence[Period], by_unit: Collection[int]) -> QuerySet[Any, tuple[Any, ...]]:
    figures = Measurement.objects.filter(report__period__in=periods, report__status=ReportStatus.APPROVED)
    rows = figures.filter(Q(indicator__in=by_unit) | _makes_the_city()).order_by()
    of_unit = Case(When(indicator__in=by_unit, then=F("report__unit")), output_field=IntegerField())
    return (
        rows.annotate(of_unit=of_unit)
        .values_list("report__period", "indicator", "of_unit")
        .annotate(total=Sum("value"), present=Count("value"), samples=Count("pk", filter=Q(source=Source.SAMPLE)))
    )


def _makes_the_city() -> Q:
    """The unit is expected to report, has a target, and is not counted in another: `city` asks the same."""
    assigned = Assignment.objects.covering(OuterRef("report__period__ends_on")).filter(
        action=OuterRef("indicator__action"), unit=OuterRef("report__unit")
    )
    owed = Target.objects.filter(indicator=OuterRef("indicator"), unit=OuterRef("report__unit"))
    return Q(Exists(assigned.order_by()), Exists(owed.order_by()), report__unit__counted_in=None)


def _exact(total: Decimal) -> Decimal:
    """SQLite adds in floating point, of which 15 digits hold: rounded to a figure's places it is the sum."""
    return half_up(total, FIGURE["decimal_places"])
