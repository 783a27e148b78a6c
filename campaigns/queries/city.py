"""How far the whole city is: the units' figures rolled up, without counting any of them twice.

Works on what `progress.load` has read, and on what `history.earlier_figures` has of the months before, without a query
of its own. Source: domain rule 6.8.
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
from campaigns.models import Action, Indicator, Period
from campaigns.queries.history import NOTHING_EARLIER, Earlier
from campaigns.queries.progress import Inputs, UnitRows, Weighed, covers, light_rule, progress_in

UnitIds = tuple[int, ...]
Rolled = Callable[[Callable[[TargetLine], Decimal | Fraction]], CityFigure]
"""Rolls up whatever is taken from each unit's line, by the indicator's own method."""


@dataclass(frozen=True, slots=True)
class CityIndicator:
    """The city's figure, made by `units`; while one is missing it is partial, and has neither attainment nor light."""

    indicator: Indicator
    units: UnitIds
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


@dataclass(frozen=True, slots=True)
class CityMonth:
    """One period of the city."""

    period: Period
    city: CityProgress


@dataclass(frozen=True, slots=True)
class Month(CityMonth):
    """One period: the city, and how far each unit is, by unit id."""

    units: UnitRows


def months(inputs: Inputs, periods: Sequence[Period]) -> list[Month]:
    """The progress of periods that follow each other, first period first, every unit in each of them."""
    found: list[Month] = []
    rows: UnitRows | None = None
    for month in city_months(inputs, periods):
        rows = progress_in(inputs, month.period, rows)
        found.append(Month(month.period, month.city, rows))
    return found


def city_months(inputs: Inputs, periods: Sequence[Period], earlier: Earlier = NOTHING_EARLIER) -> list[CityMonth]:
    """The city alone in periods that follow each other, first period first. No unit's attainment is computed."""
    arithmetic, found = _Arithmetic(inputs, earlier), list[CityMonth]()
    for period in periods:
        found.append(CityMonth(period, arithmetic.progress(period, found[-1].city if found else None)))
    return found


class _Arithmetic:
    """The city over one set of inputs. Remembers the city's lines: they differ only where other units make a figure, or
    where weights do."""

    def __init__(self, inputs: Inputs, earlier: Earlier) -> None:
        self._inputs = inputs
        self._earlier = earlier
        self._rule = light_rule(inputs.campaign)
        self._lines: dict[tuple[int, UnitIds], TargetLine | None] = {}

    def progress(self, period: Period, previous: CityProgress | None) -> CityProgress:
        """`previous` is that of the period just before."""
        adding = self._adding(period)
        actions = {}
        for action in self._inputs.actions:
            before = previous.actions.get(action.pk) if previous else None
            found = self._action(period, action, adding.get(action.pk, ()), before)
            if found is not None:
                actions[action.pk] = found
        whole = combine((one.action.weight, one.composite) for one in actions.values())
        raw = raw_light(whole.attainment, whole.planned, self._rule)
        return CityProgress(whole, raw, computed_light(raw, previous.raw if previous else None), actions)

    def _adding(self, period: Period) -> dict[int, UnitIds]:
        """By action id, the units that are expected to report and not counted in another."""
        adding: dict[int, UnitIds] = {}
        for one in self._inputs.assignments:
            if one.unit.counted_in_id is None and covers(one, period):
                adding[one.action_id] = (*adding.get(one.action_id, ()), one.unit_id)
        return adding

    def _action(self, period: Period, action: Action, adding: UnitIds, before: CityAction | None) -> CityAction | None:
        earlier = {one.indicator.pk: one.raw for one in before.indicators} if before else {}
        indicators = [
            self._indicator(period, indicator, self._making(indicator, action, adding), earlier.get(indicator.pk))
            for indicator in self._inputs.indicators.get(action.pk, ())
        ]
        measured = [one for one in indicators if one.line is not None]
        if not measured:
            return None
        whole = composite(
            (Part(one.indicator.weight, one.attainment, one.planned) for one in measured), cap=self._inputs.campaign.cap
        )
        raw = raw_light(whole.attainment, whole.planned, self._rule)
        return CityAction(action, whole, raw, computed_light(raw, before.raw if before else None), indicators)

    def _making(self, indicator: Indicator, action: Action, adding: UnitIds) -> UnitIds:
        """The units whose figures make the city's; only the lead's own where the lead files it."""
        lines = self._inputs.lines
        return tuple(
            unit_id
            for unit_id in adding
            if (indicator.pk, unit_id) in lines and (indicator.rollup != RollUp.LEAD or unit_id == action.lead_id)
        )

    def _indicator(
        self, period: Period, indicator: Indicator, units: UnitIds, previous_raw: Light | None
    ) -> CityIndicator:
        line = self._line(period, indicator, units)
        figure = self._figure(period, indicator, units)
        actual = figure.complete_value
        reached = None if line is None or actual is None else attainment(line, actual)
        plan = None if line is None else planned(line, period.ends_on)
        raw = raw_light(reached, plan, self._rule)
        return CityIndicator(
            indicator=indicator,
            units=units,
            figure=figure,
            line=line,
            attainment=reached,
            planned=plan,
            planned_figure=None if line is None else planned_value(line, period.ends_on),
            raw=raw,
            light=computed_light(raw, previous_raw),
            is_corrected=self._is_corrected(period, indicator, units),
        )

    # --- its figure ---------------------------------------------------------------------------------------------------

    def _figure(self, period: Period, indicator: Indicator, units: UnitIds) -> CityFigure:
        added = self._earlier.added_up(period, indicator, expected=len(units))
        if added is not None:
            return added
        return roll_up(
            RollUp(indicator.rollup),
            [
                Contribution(self._value(period, unit_id, indicator.pk), self._weight(period, unit_id, indicator))
                for unit_id in units
            ],
        )

    def _value(self, period: Period, unit_id: int, indicator_id: int) -> Decimal | None:
        """A unit's approved figure."""
        measurement = self._inputs.figures.get((period.pk, unit_id, indicator_id))
        return measurement.value if measurement else self._earlier.value(period, unit_id, indicator_id)

    def _weight(self, period: Period, unit_id: int, indicator: Indicator) -> Decimal | None:
        """A unit's weight in a weighted mean: its approved figure of the indicator that weighs."""
        weighing = indicator.rollup_weight_id
        return None if weighing is None else self._value(period, unit_id, weighing)

    def _is_corrected(self, period: Period, indicator: Indicator, units: UnitIds) -> bool:
        """Of a loaded month; an earlier one shows no marks."""
        figures, weighing = self._inputs.figures, indicator.rollup_weight_id
        found = (figures.get((period.pk, unit_id, pk)) for unit_id in units for pk in (indicator.pk, weighing) if pk)
        return any(one is not None and one.corrected_at is not None for one in found)

    # --- its line -----------------------------------------------------------------------------------------------------

    def _line(self, period: Period, indicator: Indicator, units: UnitIds) -> TargetLine | None:
        """The city's own target where one is given, else the units' rolled up as their figures are."""
        own = self._inputs.lines.get((indicator.pk, None))
        if own is not None:
            return own
        if indicator.rollup_weight_id is not None:
            return self._rolled_line(period, indicator, units)
        key = (indicator.pk, units)
        if key not in self._lines:
            self._lines[key] = self._rolled_line(period, indicator, units)
        return self._lines[key]

    def _rolled_line(self, period: Period, indicator: Indicator, units: UnitIds) -> TargetLine | None:
        """Where units have trajectories or differ in their days, the line gets a point on each such day."""
        lines = [self._inputs.lines[indicator.pk, unit_id] for unit_id in units]
        weights = [self._weight(period, unit_id, indicator) for unit_id in units]

        def rolled(taken: Callable[[TargetLine], Decimal | Fraction]) -> CityFigure:
            taking = [Contribution(taken(line), weight) for line, weight in zip(lines, weights, strict=True)]
            return roll_up(RollUp(indicator.rollup), taking)

        baseline = rolled(lambda line: line.baseline).complete_value
        target = rolled(lambda line: line.target).complete_value
        if baseline is None or target is None:
            return None
        return TargetLine(
            baseline=baseline,
            baseline_on=min(line.baseline_on for line in lines),
            target=target,
            target_on=max(line.target_on for line in lines),
            direction=lines[0].direction,
            accumulation=lines[0].accumulation,
            points=_points(lines, rolled),
        )


def _points(lines: Sequence[TargetLine], rolled: Rolled) -> tuple[tuple[date, Decimal | Fraction], ...]:
    days = {on for line in lines for on, _value in line.trajectory}
    if len({(line.baseline_on, line.target_on) for line in lines}) > 1:
        days |= {on for line in lines for on in (line.baseline_on, line.target_on)}
    points = [(on, _planned_on(on, rolled)) for on in sorted(days)]
    return tuple((on, value) for on, value in points if value is not None)


def _planned_on(on: date, rolled: Rolled) -> Fraction | None:
    return rolled(lambda line: planned_value(line, on)).complete_value
