"""What the units of a round attained in one period, read lean: for thousands of units and tens of criteria.

The same figures, targets and arithmetic as `campaigns.queries.progress`, without plans and lights, which no award looks
at; a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from campaigns.domain.composite import Composite, Part, combine, composite
from campaigns.domain.pace import TargetLine, attainment
from campaigns.domain.workflow import ReportStatus
from campaigns.models import Action, Assignment, Campaign, Indicator, Measurement, Period
from campaigns.queries.progress import Owed, covers, indicators_of, target_lines

NOUGHT = Fraction(0)


class ApprovedFigure(NamedTuple):
    """A figure of an approved report, and which version of it this is."""

    report: int
    measurement: int
    version: int
    value: Decimal | None
    growth: Decimal | None
    status: str
    corrected_at: Any

    @property
    def origin(self) -> dict[str, Any]:
        return {
            "report": self.report,
            "measurement": self.measurement,
            "version": self.version,
            "value": None if self.value is None else f"{self.value:f}",
            "status": self.status,
            "is_corrected": self.corrected_at is not None,
        }


@dataclass(frozen=True, slots=True)
class Attained:
    """Lines and figures by (indicator id, unit id); attainments are computed once, whoever asks."""

    campaign: Campaign
    period: Period
    indicators: Mapping[int, Sequence[Indicator]]  # by action id
    assignments: Sequence[Assignment]
    lines: Mapping[Owed, TargetLine]
    figures: Mapping[Owed, ApprovedFigure]
    known: dict[Owed, Fraction | None] = field(default_factory=dict)

    def share(self, indicator_id: int, unit_id: int) -> Fraction | None:
        """The attainment (1 = the whole way); None without a target or an approved figure."""
        key = (indicator_id, unit_id)
        if key not in self.known:
            line, figure = self.lines.get(key), self.figures.get(key)
            is_there = line is not None and figure is not None and figure.value is not None
            self.known[key] = attainment(line, figure.value) if is_there else None  # type: ignore[union-attr, arg-type]
        return self.known[key]

    def composites(self) -> Mapping[int, Mapping[int, UnitAction]]:
        """By unit and action id, where the unit is assigned on the period's day and has a target."""
        found: dict[int, dict[int, UnitAction]] = {}
        for one in self.assignments:
            if covers(one, self.period):
                parts = self._of_action(one.action, one.unit_id)
                if parts is not None:
                    found.setdefault(one.unit_id, {})[one.action_id] = parts
        return found

    def _of_action(self, action: Action, unit_id: int) -> UnitAction | None:
        owed = [one for one in self.indicators.get(action.pk, ()) if (one.pk, unit_id) in self.lines]
        if not owed:
            return None
        whole = composite(
            (Part(one.weight, self.share(one.pk, unit_id), NOUGHT) for one in owed), cap=self.campaign.cap
        )
        used = [self.figures[one.pk, unit_id] for one in owed if (one.pk, unit_id) in self.figures]
        return UnitAction(action, whole, used)


@dataclass(frozen=True, slots=True)
class UnitAction:
    """One unit in one action; of the composite only attainment and coverage mean something."""

    action: Action
    composite: Composite
    figures: Sequence[ApprovedFigure]


def whole_of(actions: Mapping[int, UnitAction]) -> Composite:
    """The composite of a unit over its actions."""
    return combine((one.action.weight, one.composite) for one in actions.values())


def attained(campaign: Campaign, period: Period, units: Sequence[int]) -> Attained:
    """Four queries, whatever the rows."""
    indicators = indicators_of(campaign)
    assignments = Assignment.objects.filter(action__campaign=campaign, unit__in=units)
    return Attained(
        campaign=campaign,
        period=period,
        indicators=indicators,
        assignments=list(assignments.select_related("unit", "action").order_by("unit__order", "action__number")),
        lines=target_lines(campaign, indicators, unit__in=units),
        figures=dict(_figures(period, units)),
    )


def _figures(period: Period, units: Sequence[int]) -> Iterator[tuple[Owed, ApprovedFigure]]:
    rows = Measurement.objects.filter(
        report__period=period, report__status=ReportStatus.APPROVED, report__unit__in=units
    ).values_list(
        "indicator_id", "report__unit_id", "report_id", "pk", "version", "value", "growth", "value_status",
        "corrected_at",
    )  # fmt: skip
    for indicator_id, unit_id, *told in rows.order_by():
        yield (indicator_id, unit_id), ApprovedFigure._make(told)
