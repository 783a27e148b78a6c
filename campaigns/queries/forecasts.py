"""Where the figures of a period will stand on their targets' days, for each unit and indicator and for the city.

Works on what `progress.load` and `history.earlier_figures` have read of all periods up to the chosen one, without a
query of its own: the figures of earlier months enter as they are, nothing is computed of them. Source: domain rules 6.7
and 6.8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.domain.forecast import Forecast, Point, forecast
from campaigns.domain.rollup import RollUp
from campaigns.models import Action, Assignment, Period
from campaigns.permissions import can_see_action_standings, can_see_unit_standings
from campaigns.queries.city import CityIndicator, CityMonth
from campaigns.queries.history import NOTHING_EARLIER, Earlier
from campaigns.queries.progress import Inputs, UnitRows, covers
from units.permissions import Capacities

UnitKey = tuple[int, int]
"""Unit id, indicator id."""


@dataclass(frozen=True, slots=True)
class Forecasts:
    """As of one period. Where nothing can be forecast, or nothing is for the reader, there is no entry."""

    units: dict[UnitKey, Forecast]
    city: dict[int, Forecast]  # by indicator id


def forecasts(
    inputs: Inputs,
    course: Sequence[CityMonth],
    units: UnitRows,
    person: Capacities,
    earlier: Earlier = NOTHING_EARLIER,
) -> Forecasts:
    """The forecasts of the last month of `course`, which are the campaign's months from the first to the chosen one,
    and of `units`, its rows. `earlier` holds the units' figures of the months that `inputs` does not.

    A forecast tells of all figures that it is made from: a published month may follow one that is not, and whoever may
    not see that one gets no forecast, rather than another one than everybody else.
    """
    return Forecasts(_of_units(inputs, course, units, person, earlier), city_forecasts(course, person))


# --- units ------------------------------------------------------------------------------------------------------------


def _of_units(
    inputs: Inputs, course: Sequence[CityMonth], units: UnitRows, person: Capacities, earlier: Earlier
) -> dict[UnitKey, Forecast]:
    assigned = {(one.unit_id, one.action_id): one for one in inputs.assignments}
    periods = [month.period for month in course]
    found = {}
    for unit_id, row in units.items():
        for action in row.actions.values():
            if not all(_may_see(person, period, action.action, unit_id) for period in periods):
                continue
            covered = _covered(assigned[unit_id, action.action.pk], periods)
            for one in action.indicators:
                told = forecast(one.line, _figures(inputs, earlier, covered, unit_id, one.indicator.pk))
                if told is not None:
                    found[unit_id, one.indicator.pk] = told
    return found


def _covered(assignment: Assignment, periods: Sequence[Period]) -> list[Period]:
    return [period for period in periods if covers(assignment, period)]


def _figures(
    inputs: Inputs, earlier: Earlier, periods: Sequence[Period], unit_id: int, indicator_id: int
) -> list[Point]:
    """The figures that there are; a month without one is left out."""
    points: list[Point] = []
    for period in periods:
        measurement = inputs.figures.get((period.pk, unit_id, indicator_id))
        value = measurement.value if measurement else earlier.value(period, unit_id, indicator_id)
        if value is not None:
            points.append((period.ends_on, value))
    return points


def _may_see(person: Capacities, period: Period, action: Action, unit_id: int) -> bool:
    return can_see_unit_standings(person, period, unit_id) or can_see_action_standings(person, period, action)


# --- the city ---------------------------------------------------------------------------------------------------------


def city_forecasts(course: Sequence[CityMonth], person: Capacities) -> dict[int, Forecast]:
    """By indicator id."""
    rows = [_by_indicator(month) for month in course]
    found = {}
    for pk, one in rows[-1].items():
        action = one.indicator.action
        if one.line is not None and all(can_see_action_standings(person, month.period, action) for month in course):
            told = forecast(one.line, _city_figures(course, rows, one))
            if told is not None:
                found[pk] = told
    return found


def _by_indicator(month: CityMonth) -> dict[int, CityIndicator]:
    return {one.indicator.pk: one for action in month.city.actions.values() for one in action.indicators}


def _city_figures(
    course: Sequence[CityMonth], rows: Sequence[dict[int, CityIndicator]], last: CityIndicator
) -> list[Point]:
    """The city's complete figures of the months in which the same units made it as in the last: a unit that joined or
    left is no growth."""
    figures: list[Point] = []
    for month, row in zip(course, rows, strict=True):
        one = row.get(last.indicator.pk)
        value = one.figure.complete_value if one is not None else None
        if one is not None and value is not None and _is_made_alike(one, last):
            figures.append((month.period.ends_on, value))
    return figures


def _is_made_alike(one: CityIndicator, other: CityIndicator) -> bool:
    return one.indicator.rollup == RollUp.LEAD or set(one.units) == set(other.units)
