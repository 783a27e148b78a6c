"""Looks up what the rows of a bulk of figures name: the same number of queries for ten rows as for a thousand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.domain.assignments import is_expected
from campaigns.models import Assignment, Indicator, Period, Report, Target
from units.models import Unit

AT_ONCE = 1000
"""How many rows or keys one statement takes."""

ReportKey = tuple[int, int, int]
"""The ids of unit, action and period."""


@dataclass(frozen=True, slots=True)
class Named:
    """Units and indicators by code, periods by `<campaign>/<month>`, and what is asked of the units."""

    units: dict[str, Unit]
    indicators: dict[str, Indicator]
    periods: dict[str, Period]
    targets: frozenset[tuple[int, int]]
    with_targets: frozenset[tuple[int, int]]
    assignments: dict[tuple[int, int], Assignment]

    def owes(self, unit: Unit, indicator: Indicator) -> bool:
        """What has a target for the unit; all of an action in which it has none."""
        has_none = (indicator.action_id, unit.pk) not in self.with_targets
        return has_none or (indicator.pk, unit.pk) in self.targets

    def is_expected(self, unit: Unit, indicator: Indicator, period: Period) -> bool:
        """Whether the period expects a report of the unit on the indicator's action."""
        assignment = self.assignments.get((unit.pk, indicator.action_id))
        return assignment is not None and is_expected(
            assignment_starts_on=assignment.starts_on,
            assignment_ends_on=assignment.ends_on,
            period_last_day=period.ends_on,
            is_unit_active=unit.is_active,
        )


def named(*, units: Collection[str], indicators: Collection[str], periods: Collection[str]) -> Named:
    """Five queries for a thousand of each."""
    found_units = {one.code: one for part in portions(units) for one in Unit.objects.filter(code__in=part)}
    found_indicators = {
        one.code: one
        for part in portions(indicators)
        for one in Indicator.objects.filter(code__in=part).select_related("action")
    }
    unit_ids = sorted(one.pk for one in found_units.values())
    action_ids = {one.action_id for one in found_indicators.values()}
    targets = [
        line
        for part in portions(unit_ids)
        for line in Target.objects.filter(unit__in=part, indicator__action__in=action_ids).values_list(
            "indicator_id", "unit_id", "indicator__action_id"
        )
    ]
    assignments = {
        (one.unit_id, one.action_id): one
        for part in portions(unit_ids)
        for one in Assignment.objects.filter(unit__in=part, action__in=action_ids)
    }
    return Named(
        units=found_units,
        indicators=found_indicators,
        periods=_periods(periods),
        targets=frozenset((indicator_id, unit_id) for indicator_id, unit_id, _action_id in targets),
        with_targets=frozenset((action_id, unit_id) for _indicator_id, unit_id, action_id in targets),
        assignments=assignments,
    )


def _periods(keys: Iterable[str]) -> dict[str, Period]:
    """Each portion of the keys is of few campaigns and months; what lies between them is left aside."""
    found = {}
    for part in portions(keys):
        pairs = [key.split("/") for key in part if key.count("/") == 1]
        rows = Period.objects.filter(
            campaign__slug__in={slug for slug, _month in pairs}, month__in={month for _slug, month in pairs}
        ).select_related("campaign")
        found.update({one.key: one for one in rows})
    return found


def report_ids(keys: Iterable[ReportKey]) -> dict[ReportKey, int]:
    """The reports that there are. In order of period and action, a thousand keys span few others between them."""
    found: dict[ReportKey, int] = {}
    for part in portions(sorted(set(keys), key=lambda key: (key[2], key[1], key[0]))):
        wanted = set(part)
        rows = Report.objects.filter(
            unit__in={unit for unit, _action, _period in part},
            action__in={action for _unit, action, _period in part},
            period__in={period for _unit, _action, period in part},
        ).order_by()
        for pk, *key in rows.values_list("pk", "unit_id", "action_id", "period_id"):
            if tuple(key) in wanted:
                found[key[0], key[1], key[2]] = pk
    return found


def portions(values: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """At most a thousand at a time."""
    every = list(values)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
