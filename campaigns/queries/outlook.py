"""How far every unit and the city are in a period, where that leads, and how likely the lead judges the target to be.

Computed and judged stand beside each other and are never merged. The reader sees what disclosure allows, as in the
standings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from campaigns.domain.figures import half_up
from campaigns.domain.forecast import Forecast, PublishedForecast
from campaigns.domain.light import Light
from campaigns.domain.pace import TargetLine, pace
from campaigns.models import Action, Indicator, Likelihood, Period
from campaigns.permissions import can_see_action_standings
from campaigns.queries.city import CityAction, CityIndicator, CityMonth, CityProgress, city_months
from campaigns.queries.forecasts import Forecasts, forecasts
from campaigns.queries.history import earlier_figures
from campaigns.queries.progress import ActionProgress, IndicatorProgress, UnitProgress, Weighed, load, progress_in
from campaigns.queries.standings import UNDISCLOSED, Disclosure, disclosed, disclosure
from units.models import Unit
from units.permissions import Capacities


@dataclass(frozen=True, slots=True)
class Lights:
    """From this period's figures alone; with the rule of two yellows; with an accepted reason."""

    raw: Light
    computed: Light
    displayed: Light


@dataclass(frozen=True, slots=True)
class IndicatorOutlook:
    """One figure against its target, a unit's or (without `unit`) the city's, of which `present` of `expected` units
    have one. Shares are exact, 1 = the whole way to the target; the figure is half-up to the indicator's decimals."""

    unit: Unit | None
    indicator: Indicator
    line: TargetLine | None
    value: Decimal | None
    value_status: str | None
    attainment: Fraction | None
    planned: Fraction | None
    planned_value: Fraction | None
    gap: Decimal | None
    pace: Decimal | None
    light: Lights
    forecast: PublishedForecast | None
    present: int | None
    expected: int | None
    is_corrected: bool

    @property
    def action(self) -> Action:
        return self.indicator.action


@dataclass(frozen=True, slots=True)
class CompositeOutlook:
    """A composite: of a unit (or the city) in one action, or (without `action`) in the whole campaign."""

    unit: Unit | None
    action: Action | None
    weighed: Weighed
    light: Lights
    accepted_reason: str | None
    likelihood: Likelihood | None
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """A period as far as the reader may see it: units in their order, the city last."""

    period: Period
    indicators: Sequence[IndicatorOutlook]
    composites: Sequence[CompositeOutlook]
    disclosure: Disclosure
    has_sample: bool


Likelihoods = dict[tuple[int, int | None], Likelihood]
"""By (action id, unit id), no unit for the city."""


def outlook(period: Period, *, periods: Sequence[Period], person: Capacities) -> Outlook:
    """The outlook of a period; `periods` are all of its campaign's. Six queries, whatever the rows, and one more where
    there are months before the last two, of which the figures alone are read."""
    so_far = [one for one in periods if one.month <= period.month]
    inputs = load(period.campaign, so_far[-2:])
    earlier = earlier_figures(inputs, so_far[:-2], with_units=True)
    course = city_months(inputs, so_far, earlier)
    before = progress_in(inputs, so_far[-2], None) if len(so_far) > 1 else None
    rows = progress_in(inputs, period, before)
    expected = forecasts(inputs, course, rows, person, earlier)
    judged = {(one.action_id, one.unit_id): one for one in Likelihood.objects.filter(period=period)}
    units = [shown for row in rows.values() if (shown := disclosed(row, period, person)) is not None]
    scope = disclosure(period, person, inputs.actions)
    city = _seen_city(course[-1], person)
    return Outlook(
        period=period,
        indicators=[*_unit_indicators(units, expected), *_city_indicators(city, expected)],
        composites=[*_unit_composites(units, judged), *_city_composites(course[-1], city, scope, judged)],
        disclosure=scope,
        has_sample=inputs.has_sample or earlier.has_sample,
    )


def _seen_city(month: CityMonth, person: Capacities) -> list[CityAction]:
    return [one for one in month.city.actions.values() if can_see_action_standings(person, month.period, one.action)]


# --- indicators -------------------------------------------------------------------------------------------------------


def _unit_indicators(units: Sequence[UnitProgress], expected: Forecasts) -> Iterator[IndicatorOutlook]:
    for row in units:
        for action in row.actions.values():
            for one in action.indicators:
                yield _of_unit(row.unit, one, expected.units.get((row.unit.pk, one.indicator.pk)))


def _of_unit(unit: Unit, one: IndicatorProgress, expected: Forecast | None) -> IndicatorOutlook:
    return IndicatorOutlook(
        unit=unit,
        indicator=one.indicator,
        line=one.line,
        value=None if one.value is None else half_up(one.value, one.indicator.decimals),
        value_status=one.measurement.value_status if one.measurement and one.value is not None else None,
        attainment=one.attainment,
        planned=one.planned,
        planned_value=one.planned_figure,
        gap=one.gap,
        pace=one.pace,
        light=Lights(one.raw, one.light, one.light),
        forecast=_published(expected, one.indicator),
        present=None,
        expected=None,
        is_corrected=one.is_corrected,
    )


def _city_indicators(city: Sequence[CityAction], expected: Forecasts) -> Iterator[IndicatorOutlook]:
    for action in city:
        for one in action.indicators:
            yield _of_city(one, expected.city.get(one.indicator.pk))


def _of_city(one: CityIndicator, expected: Forecast | None) -> IndicatorOutlook:
    return IndicatorOutlook(
        unit=None,
        indicator=one.indicator,
        line=one.line,
        value=one.value,
        value_status=None,
        attainment=one.attainment,
        planned=one.planned,
        planned_value=one.planned_figure,
        gap=one.gap,
        pace=None if one.attainment is None or one.planned is None else pace(one.attainment, one.planned),
        light=Lights(one.raw, one.light, one.light),
        forecast=_published(expected, one.indicator),
        present=one.figure.present,
        expected=one.figure.expected,
        is_corrected=one.is_corrected,
    )


def _published(expected: Forecast | None, indicator: Indicator) -> PublishedForecast | None:
    return expected.published(indicator.decimals) if expected else None


# --- composites -------------------------------------------------------------------------------------------------------


def _unit_composites(units: Sequence[UnitProgress], judged: Likelihoods) -> Iterator[CompositeOutlook]:
    for row in units:
        for one in row.actions.values():
            yield _of_action(row.unit, one, judged.get((one.action.pk, row.unit.pk)))
        if row.composite is not UNDISCLOSED:
            yield CompositeOutlook(
                unit=row.unit,
                action=None,
                weighed=row,
                light=Lights(row.raw, row.light, row.light),
                accepted_reason=None,
                likelihood=None,
                is_corrected=row.is_corrected,
            )


def _of_action(unit: Unit, one: ActionProgress, likelihood: Likelihood | None) -> CompositeOutlook:
    return CompositeOutlook(
        unit=unit,
        action=one.action,
        weighed=one,
        light=Lights(one.raw, one.computed, one.light),
        accepted_reason=one.reason.reason if one.reason else None,
        likelihood=likelihood,
        is_corrected=one.is_corrected,
    )


def _city_composites(
    month: CityMonth, city: Sequence[CityAction], scope: Disclosure, judged: Likelihoods
) -> Iterator[CompositeOutlook]:
    for one in city:
        yield _city_composite(one, one.action, judged.get((one.action.pk, None)))
    if scope.sees_all and month.city.actions:
        yield _city_composite(month.city, None, None)


def _city_composite(
    one: CityAction | CityProgress, action: Action | None, likelihood: Likelihood | None
) -> CompositeOutlook:
    return CompositeOutlook(
        unit=None,
        action=action,
        weighed=one,
        light=Lights(one.raw, one.light, one.light),
        accepted_reason=None,
        likelihood=likelihood,
        is_corrected=one.is_corrected,
    )
