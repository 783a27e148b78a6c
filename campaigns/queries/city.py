"""How far the whole city is: the units' figures rolled up, without counting any of them twice.

Works on what `progress.load` has read, without a query of its own. Source: domain rule 6.8.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from campaigns.domain.composite import Composite, Part, combine, composite
from campaigns.domain.light import Light, computed_light, raw_light
from campaigns.domain.pace import TargetLine, attainment, gap, planned, planned_value
from campaigns.domain.rollup import CityFigure, Contribution, RollUp, roll_up
from campaigns.models import Action, Indicator, Measurement, Period
from campaigns.queries.progress import IndicatorProgress, Inputs, UnitProgress, Weighed, light_rule, progress_in

Units = Sequence[tuple[int, IndicatorProgress]]
Rolled = Callable[[Callable[[IndicatorProgress], Decimal | Fraction | None]], CityFigure]
"""Rolls up whatever is taken from each unit, by the indicator's own method."""


@dataclass(frozen=True, slots=True)
class CityIndicator:
    """The city's figure; while units are missing it is partial, and has neither attainment nor light."""

    indicator: Indicator
    figure: CityFigure
    line: TargetLine | None
    attainment: Fraction | None
    planned: Fraction | None
    planned_figure: Fraction | None
    raw: Light
    light: Light
    is_corrected: bool

    @property
    def value(self) -> Decimal | None:
        """The figure as shown, half-up to the indicator's decimals."""
        return self.figure.published(self.indicator.decimals)

    @property
    def gap(self) -> Decimal | None:
        """Points ahead of (+) or behind (−) the plan."""
        return None if self.attainment is None or self.planned is None else gap(self.attainment, self.planned)


@dataclass(frozen=True, slots=True)
class CityAction(Weighed):
    action: Action
    composite: Composite
    raw: Light
    light: Light
    indicators: Sequence[CityIndicator]

    @property
    def is_corrected(self) -> bool:
        return any(one.is_corrected for one in self.indicators)


@dataclass(frozen=True, slots=True)
class CityProgress(Weighed):
    composite: Composite
    raw: Light
    light: Light
    actions: dict[int, CityAction]

    @property
    def is_corrected(self) -> bool:
        return any(one.is_corrected for one in self.actions.values())


def city_progress(
    inputs: Inputs, period: Period, rows: dict[int, UnitProgress], previous: CityProgress | None = None
) -> CityProgress:
    """The city's progress from the units' (`rows` of `progress_in`); `previous` is that of the period just before."""
    adding = [row for row in rows.values() if row.unit.counted_in_id is None]
    actions = {}
    for action in inputs.actions:
        before = previous.actions.get(action.pk) if previous else None
        found = _city_action(inputs, period, action, adding, before)
        if found is not None:
            actions[action.pk] = found
    whole = combine((one.action.weight, one.composite) for one in actions.values())
    raw = raw_light(whole.attainment, whole.planned, light_rule(inputs.campaign))
    return CityProgress(whole, raw, computed_light(raw, previous.raw if previous else None), actions)


@dataclass(frozen=True, slots=True)
class Month:
    """One period: how far each unit is, by unit id, and the city."""

    period: Period
    units: dict[int, UnitProgress]
    city: CityProgress


def months(inputs: Inputs, periods: Sequence[Period]) -> list[Month]:
    """The progress of periods that follow each other, first period first."""
    found: list[Month] = []
    for period in periods:
        before = found[-1] if found else None
        rows = progress_in(inputs, period, before.period if before else None)
        found.append(Month(period, rows, city_progress(inputs, period, rows, before.city if before else None)))
    return found


def _city_action(
    inputs: Inputs, period: Period, action: Action, adding: Sequence[UnitProgress], before: CityAction | None
) -> CityAction | None:
    earlier = {one.indicator.pk: one.raw for one in before.indicators} if before else {}
    indicators = [
        _city_indicator(inputs, period, indicator, _reporting(adding, indicator, action), earlier.get(indicator.pk))
        for indicator in inputs.indicators.get(action.pk, ())
    ]
    measured = [one for one in indicators if one.line is not None]
    if not measured:
        return None
    whole = composite(
        (Part(one.indicator.weight, one.attainment, one.planned) for one in measured), cap=inputs.campaign.cap
    )
    raw = raw_light(whole.attainment, whole.planned, light_rule(inputs.campaign))
    return CityAction(action, whole, raw, computed_light(raw, before.raw if before else None), indicators)


def _reporting(adding: Sequence[UnitProgress], indicator: Indicator, action: Action) -> Units:
    """The units whose figures make the city's; only the lead's own where the lead files it."""
    units = [
        (row.unit.pk, one)
        for row in adding
        if action.pk in row.actions
        for one in row.actions[action.pk].indicators
        if one.indicator.pk == indicator.pk
    ]
    if indicator.rollup == RollUp.LEAD:
        return [(unit_id, one) for unit_id, one in units if unit_id == action.lead_id]
    return units


def _city_indicator(
    inputs: Inputs, period: Period, indicator: Indicator, units: Units, previous_raw: Light | None
) -> CityIndicator:
    weights = {unit_id: _weight(inputs, period, indicator, unit_id) for unit_id, _one in units}

    def rolled(figure_of: Callable[[IndicatorProgress], Decimal | Fraction | None]) -> CityFigure:
        contributions = [Contribution(figure_of(one), weights[unit_id]) for unit_id, one in units]
        return roll_up(RollUp(indicator.rollup), contributions)

    figure = rolled(lambda one: one.value)
    line = _city_line(inputs, indicator, units, rolled)
    actual = figure.complete_value
    reached = None if line is None or actual is None else attainment(line, actual)
    plan = None if line is None else planned(line, period.ends_on)
    raw = raw_light(reached, plan, light_rule(inputs.campaign))
    return CityIndicator(
        indicator=indicator,
        figure=figure,
        line=line,
        attainment=reached,
        planned=plan,
        planned_figure=None if line is None else planned_value(line, period.ends_on),
        raw=raw,
        light=computed_light(raw, previous_raw),
        is_corrected=any(
            one.is_corrected or _is_weight_corrected(inputs, period, indicator, unit_id) for unit_id, one in units
        ),
    )


def _city_line(
    inputs: Inputs,
    indicator: Indicator,
    units: Units,
    rolled: Rolled,
) -> TargetLine | None:
    """The city's own target where one is given, else the units' rolled up as their figures are.

    Where units have trajectories or differ in their days, the rolled-up line gets a point on each such day.
    """
    own = inputs.lines.get((indicator.pk, None))
    if own is not None:
        return own
    baseline = rolled(lambda one: one.line.baseline).complete_value
    target = rolled(lambda one: one.line.target).complete_value
    if baseline is None or target is None:
        return None
    lines = [one.line for _unit, one in units]
    days = {on for line in lines for on, _value in line.trajectory}
    if len({(line.baseline_on, line.target_on) for line in lines}) > 1:
        days |= {on for line in lines for on in (line.baseline_on, line.target_on)}
    points = [(on, _planned_on(on, rolled)) for on in sorted(days)]
    return TargetLine(
        baseline=baseline,
        baseline_on=min(line.baseline_on for line in lines),
        target=target,
        target_on=max(line.target_on for line in lines),
        direction=lines[0].direction,
        accumulation=lines[0].accumulation,
        points=tuple((on, value) for on, value in points if value is not None),
    )


def _planned_on(on: date, rolled: Rolled) -> Fraction | None:
    return rolled(lambda one: planned_value(one.line, on)).complete_value


def _weight(inputs: Inputs, period: Period, indicator: Indicator, unit_id: int) -> Decimal | None:
    """A unit's weight in a weighted mean: its approved figure of the indicator that weighs."""
    measurement = _weighing(inputs, period, indicator, unit_id)
    return measurement.value if measurement else None


def _is_weight_corrected(inputs: Inputs, period: Period, indicator: Indicator, unit_id: int) -> bool:
    measurement = _weighing(inputs, period, indicator, unit_id)
    return measurement is not None and measurement.corrected_at is not None


def _weighing(inputs: Inputs, period: Period, indicator: Indicator, unit_id: int) -> Measurement | None:
    if indicator.rollup_weight_id is None:
        return None
    return inputs.figures.get((period.pk, unit_id, indicator.rollup_weight_id))
