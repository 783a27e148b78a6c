"""How far an action moved since the month before, and where it will stand at this rate: the city's, or a unit's.

Works on what `city.months` and `forecasts` have computed, without a query of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from campaigns.domain.figures import half_up
from campaigns.domain.forecast import Forecast
from campaigns.domain.projection import Projection, projection
from campaigns.models import Action
from campaigns.permissions import can_see_action_standings, can_see_all_standings, can_see_unit_standings
from campaigns.queries.city import CityAction, CityMonth, Month
from campaigns.queries.forecasts import Forecasts
from campaigns.queries.progress import ActionProgress, Weighed
from units.models import Unit
from units.permissions import Capacities

# --- where it leads ---------------------------------------------------------------------------------------------------


def action_projection(city: CityAction, told: Mapping[int, Forecast], cap: Decimal) -> Projection | None:
    """Where the city's action will stand at this rate, from the forecasts of its indicators, by indicator id."""
    expected = [
        (one.indicator.weight, one.line, told[one.indicator.pk])
        for one in city.indicators
        if one.line is not None and one.indicator.pk in told
    ]
    return projection(expected, city.composite.attainment, cap=cap)


def unit_projection(row: ActionProgress, unit: Unit, told: Forecasts, cap: Decimal) -> Projection | None:
    """Where a unit's action will stand at this rate."""
    expected = [
        (one.indicator.weight, one.line, told.units[unit.pk, one.indicator.pk])
        for one in row.indicators
        if (unit.pk, one.indicator.pk) in told.units
    ]
    return projection(expected, row.composite.attainment, cap=cap)


# --- how far it moved -------------------------------------------------------------------------------------------------


def change(now: Weighed, before: Weighed | None) -> Decimal | None:
    """In points against the month before, half-up to 0.01; none where one of the two has no figure."""
    if before is None or now.percent is None or before.percent is None:
        return None
    return half_up(now.percent - before.percent, 2)


def whole_city_change(course: Sequence[CityMonth], person: Capacities) -> Decimal | None:
    """The city's change in the whole campaign; none too where the month before is not for the reader yet."""
    before = _before(course)
    if before is None or not can_see_all_standings(person, before.period):
        return None
    return change(course[-1].city, before.city)


def city_change(course: Sequence[CityMonth], action: Action, person: Capacities) -> Decimal | None:
    """The city's change in one action, in the last month of `course`."""
    before, now = _before(course), course[-1].city.actions.get(action.pk)
    if before is None or now is None or not can_see_action_standings(person, before.period, action):
        return None
    return change(now, before.city.actions.get(action.pk))


def unit_change(course: Sequence[Month], action: Action, unit: Unit, person: Capacities) -> Decimal | None:
    """A unit's change in one action, in the last month of `course`."""
    before, now = _before(course), course[-1].units.get(unit.pk)
    if before is None or now is None or action.pk not in now.actions or unit.pk not in before.units:
        return None
    period = before.period
    if not (can_see_unit_standings(person, period, unit.pk) or can_see_action_standings(person, period, action)):
        return None
    return change(now.actions[action.pk], before.units[unit.pk].actions.get(action.pk))


def whole_unit_change(course: Sequence[Month], unit: Unit, person: Capacities) -> Decimal | None:
    """A unit's change in the whole campaign, in the last month of `course`."""
    before, now = _before(course), course[-1].units.get(unit.pk)
    if before is None or now is None or not can_see_unit_standings(person, before.period, unit.pk):
        return None
    return change(now, before.units.get(unit.pk))


AnyMonth = TypeVar("AnyMonth", bound=CityMonth)


def _before(course: Sequence[AnyMonth]) -> AnyMonth | None:
    return course[-2] if len(course) > 1 else None
