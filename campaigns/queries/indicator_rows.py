"""The figures of an action against their targets, the city's or one unit's, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from campaigns.domain.forecast import Forecast, PublishedForecast
from campaigns.domain.light import Light
from campaigns.domain.pace import TargetLine
from campaigns.models import Indicator
from campaigns.queries.city import CityIndicator
from campaigns.queries.forecasts import Forecasts
from campaigns.queries.progress import ActionProgress, IndicatorProgress, Inputs
from units.models import Unit


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One figure against its target, a unit's or the city's, with where it leads; `present` of `expected` units are
    in the city's."""

    indicator: Indicator
    line: TargetLine | None
    planned_figure: Fraction | None
    value: Decimal | None
    attainment: Fraction | None
    gap: Decimal | None
    light: Light
    present: int | None = None
    expected: int | None = None
    growth: Decimal | None = None
    value_status: str = ""
    scope_note: str = ""
    is_corrected: bool = False
    forecast: PublishedForecast | None = None

    @property
    def is_partial(self) -> bool:
        return self.present is not None and self.expected is not None and self.present < self.expected


def row_of_city(one: CityIndicator, told: Forecasts) -> IndicatorRow:
    return IndicatorRow(
        indicator=one.indicator,
        line=one.line,
        planned_figure=one.planned_figure,
        value=one.value,
        attainment=one.attainment,
        gap=one.gap,
        light=one.light,
        present=one.figure.present,
        expected=one.figure.expected,
        is_corrected=one.is_corrected,
        forecast=_published(told.city.get(one.indicator.pk), one.indicator),
    )


def row_of_unit(one: IndicatorProgress, unit: Unit, scope_note: str, told: Forecasts) -> IndicatorRow:
    measured = one.measurement
    return IndicatorRow(
        indicator=one.indicator,
        line=one.line,
        planned_figure=one.planned_figure,
        value=one.value,
        attainment=one.attainment,
        gap=one.gap,
        light=one.light,
        growth=measured.growth if measured else None,
        value_status=measured.get_value_status_display() if measured and one.value is not None else "",
        scope_note=scope_note,
        is_corrected=one.is_corrected,
        forecast=_published(told.units.get((unit.pk, one.indicator.pk)), one.indicator),
    )


def rows_of(progress: ActionProgress, inputs: Inputs, unit: Unit, told: Forecasts) -> list[IndicatorRow]:
    """A unit's figures in an action, with the scope notes of its targets."""
    notes = inputs.scope_notes
    return [row_of_unit(one, unit, notes.get((one.indicator.pk, unit.pk), ""), told) for one in progress.indicators]


def _published(expected: Forecast | None, indicator: Indicator) -> PublishedForecast | None:
    return expected.published(indicator.decimals) if expected else None
