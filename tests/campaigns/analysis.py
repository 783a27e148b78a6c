"""What the tests of the analysis share: figures approved in a period, progress read back, more units and actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from campaigns.models import Action, Assignment, Indicator, Measurement, Period, Report, Target
from campaigns.queries.city import Month, months
from campaigns.queries.progress import ActionProgress, IndicatorProgress, load
from tests.builders import figure
from tests.cast import Cast
from units.models import RankingGroupMember, Unit


def periods_of(cast: Cast) -> list[Period]:
    return list(Period.objects.filter(campaign=cast.campaign).select_related("campaign").order_by("month"))


def course(cast: Cast) -> dict[str, Month]:
    """Every period of the campaign as computed now, by its month."""
    periods = periods_of(cast)
    return {one.period.month: one for one in months(load(periods[0].campaign, periods), periods)}


def in_action(cast: Cast, action: Action, unit: Unit, month: str = "2022-08") -> ActionProgress:
    return course(cast)[month].units[unit.pk].actions[action.pk]


def of_indicator(cast: Cast, indicator: Indicator, unit: Unit, month: str = "2022-08") -> IndicatorProgress:
    rows = in_action(cast, indicator.action, unit, month).indicators
    return next(row for row in rows if row.indicator.pk == indicator.pk)


def figures(values: Mapping[Indicator, str | int | None]) -> dict[Indicator, object]:
    """Figures to file; none comes with the comment that the checks ask for."""
    return {one: figure(value, note="" if value is not None else "Not counted yet.") for one, value in values.items()}


def approve(
    unit: Unit, period: Period, values: Mapping[Indicator, str | int | None], *, at: datetime | None = None
) -> None:
    """Approved figures of a unit that nobody of the cast files for, or of a period that is closed already."""
    for action in {one.action_id: one.action for one in values}.values():
        report, _made = Report.objects.update_or_create(
            unit=unit,
            action=action,
            period=period,
            defaults={"status": "approved", "status_since": at or period.due_at},
        )
        for indicator, value in values.items():
            if indicator.action_id == action.pk:
                exact = None if value is None else Decimal(value)
                Measurement.objects.update_or_create(report=report, indicator=indicator, defaults={"value": exact})


def more_units(cast: Cast, number: int, period: Period, *, codes: str = "extra") -> list[Unit]:
    """Further localities that take part like the town, with approved figures in the period."""
    made = []
    for index in range(number):
        unit = Unit.objects.create(
            code=f"{codes}-{index}", name_en=f"{codes.title()} {index}", name_zh=f"单位{index}", kind="county", order=20
        )
        RankingGroupMember.objects.create(group=cast.localities, unit=unit)
        for action in (cast.trade, cast.transport):
            Assignment.objects.create(action=action, unit=unit)
        for indicator, goal in ((cast.exports, 200), (cast.share, 20), (cast.roads, 100)):
            Target.objects.create(indicator=indicator, unit=unit, baseline=0, target=goal)
        approve(unit, period, {cast.exports: 60 + index, cast.share: 15, cast.roads: 45})
        made.append(unit)
    return made
