"""Where the figures of a period will stand on their targets' days, for each unit and indicator and for the city.

Works on what `progress.load` has read of all periods up to the chosen one, without a query of its own. Source: domain
rules 6.7 and 6.8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.domain.forecast import Forecast, Point, forecast
from campaigns.domain.rollup import RollUp
from campaigns.models import Action, Indicator, Period
from campaigns.permissions import can_see_action_standings, can_see_unit_standings
from campaigns.queries.city import CityIndicator, Month
from campaigns.queries.progress import IndicatorProgress
from units.permissions import Capacities

UnitKey = tuple[int, int]
"""Unit id, indicator id."""


@dataclass(frozen=True, slots=True)
class Forecasts:
    """As of one period. Where nothing can be forecast, or nothing is for the reader, there is no entry."""

    units: dict[UnitKey, Forecast]
    city: dict[int, Forecast]  # by indicator id


def forecasts(course: Sequence[Month], person: Capacities) -> Forecasts:
    """The forecasts of the last month of `course`, which are the campaign's months from the first to the chosen one as
    `city.months` computes them.

    A forecast tells of all figures that it is made from: a published month may follow one that is not, and whoever may
    not see that one gets no forecast, rather than another one than everybody else.
    """
    return Forecasts(_of_units(course, person), _of_city(course, person))


# --- units ------------------------------------------------------------------------------------------------------------


def _of_units(course: Sequence[Month], person: Capacities) -> dict[UnitKey, Forecast]:
    rows = [_by_unit_and_indicator(month) for month in course]
    found = {}
    for key, one in rows[-1].items():
        if all(_may_see(person, month.period, one.indicator.action, key[0]) for month in course):
            past = [(month.period, row.get(key)) for month, row in zip(course, rows, strict=True)]
            told = forecast(one.line, _figures(past))
            if told is not None:
                found[key] = told
    return found


def _by_unit_and_indicator(month: Month) -> dict[UnitKey, IndicatorProgress]:
    return {
        (unit_id, one.indicator.pk): one
        for unit_id, unit in month.units.items()
        for action in unit.actions.values()
        for one in action.indicators
    }


def _figures(past: Sequence[tuple[Period, IndicatorProgress | None]]) -> list[Point]:
    """The figures that there are; a month without one is left out."""
    return [(period.ends_on, one.value) for period, one in past if one is not None and one.value is not None]


def _may_see(person: Capacities, period: Period, action: Action, unit_id: int) -> bool:
    return can_see_unit_standings(person, period, unit_id) or can_see_action_standings(person, period, action)


# --- the city ---------------------------------------------------------------------------------------------------------


def _of_city(course: Sequence[Month], person: Capacities) -> dict[int, Forecast]:
    rows = [_by_indicator(month) for month in course]
    found = {}
    for pk, one in rows[-1].items():
        action = one.indicator.action
        if one.line is not None and all(can_see_action_standings(person, month.period, action) for month in course):
            told = forecast(one.line, _city_figures(course, rows, one.indicator))
            if told is not None:
                found[pk] = told
    return found


def _by_indicator(month: Month) -> dict[int, CityIndicator]:
    return {one.indicator.pk: one for action in month.city.actions.values() for one in action.indicators}


def _city_figures(
    course: Sequence[Month], rows: Sequence[dict[int, CityIndicator]], indicator: Indicator
) -> list[Point]:
    """The city's complete figures of the months in which the same units made it as in the last: a unit that joined or
    left is no growth."""
    units = _adding(course[-1], indicator)
    figures: list[Point] = []
    for month, row in zip(course, rows, strict=True):
        one = row.get(indicator.pk)
        value = one.figure.complete_value if one is not None else None
        if value is not None and _adding(month, indicator) == units:
            figures.append((month.period.ends_on, value))
    return figures


def _adding(month: Month, indicator: Indicator) -> frozenset[int]:
    """The ids of the units that add to the city's figure of an indicator; none where the lead files it."""
    if indicator.rollup == RollUp.LEAD:
        return frozenset()
    return frozenset(
        unit_id
        for unit_id, row in month.units.items()
        if row.unit.counted_in_id is None
        and indicator.action_id in row.actions
        and any(one.indicator.pk == indicator.pk for one in row.actions[indicator.action_id].indicators)
    )
