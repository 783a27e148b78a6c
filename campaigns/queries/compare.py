"""Two periods of the city or of a unit, or two units in one period, side by side: each action, and the whole.

The reader sees of each side what the standings show of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from campaigns.domain.light import Light
from campaigns.models import Action, Campaign, Period
from campaigns.permissions import can_see_action_standings, can_see_all_standings
from campaigns.queries.city import CityAction, CityProgress, Month, months
from campaigns.queries.progress import ActionProgress, UnitProgress, load
from campaigns.queries.projections import change
from campaigns.queries.standings import UNDISCLOSED, Disclosure, disclosed, disclosure
from units.models import Unit
from units.permissions import Capacities

Compared = ActionProgress | CityAction | UnitProgress | CityProgress


@dataclass(frozen=True, slots=True)
class Place:
    """What stands on a side: a unit in a period, without a unit the city."""

    period: Period
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class Side:
    """A place as far as the reader may see it: `actions` by action id, `whole` none where it is not disclosed."""

    place: Place
    whole: Compared | None
    actions: Mapping[int, Compared]


@dataclass(frozen=True, slots=True)
class Line:
    """An action, or (without one) the whole, on both sides; none where a side has nothing of it for the reader."""

    action: Action | None
    first: Compared | None
    second: Compared | None

    @property
    def difference(self) -> Decimal | None:
        """The second against the first, in points half-up to 0.01; none where one of the two has no figure."""
        return change(self.second, self.first) if self.second else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`hidden` are the periods that are not published, with what of them the reader sees."""

    first: Place
    second: Place
    lines: Sequence[Line]
    whole: Line
    hidden: Sequence[Disclosure]
    has_sample: bool

    @property
    def has_figures(self) -> bool:
        """Whether there is anything to compare."""
        return any(one is not None and one.light is not Light.GREY for row in self.rows for one in _sides(row))

    @property
    def rows(self) -> list[Line]:
        """The actions, and the whole where the reader sees it on a side."""
        return [*self.lines, *([self.whole] if self.whole.first or self.whole.second else [])]


def comparison(first: Place, second: Place, *, periods: Sequence[Period], person: Capacities) -> Comparison:
    """Both places are of the campaign whose periods are given. Five queries, whatever the rows."""
    last = max(first.period.month, second.period.month)
    so_far = [one for one in periods if one.month <= last]
    inputs = load(first.period.campaign, so_far)
    course = {month.period.pk: month for month in months(inputs, so_far)}
    one, other = (_side(place, course[place.period.pk], person) for place in (first, second))
    lines = [Line(action, one.actions.get(action.pk), other.actions.get(action.pk)) for action in inputs.actions]
    unpublished = {place.period.pk: place.period for place in (first, second) if not place.period.is_published}
    return Comparison(
        first=first,
        second=second,
        lines=[line for line in lines if line.first or line.second],
        whole=Line(None, one.whole, other.whole),
        hidden=[disclosure(period, person, inputs.actions) for period in unpublished.values()],
        has_sample=inputs.has_sample,
    )


def units_of(campaign: Campaign) -> list[Unit]:
    """The units that take part, in their order. One query."""
    return list(Unit.objects.filter(assignments__action__campaign=campaign).distinct().order_by("order", "code"))


def _side(place: Place, month: Month, person: Capacities) -> Side:
    if place.unit is None:
        return _city_side(place, month, person)
    row = month.units.get(place.unit.pk)
    shown = disclosed(row, place.period, person) if row else None
    if shown is None:
        return Side(place, None, {})
    return Side(place, None if shown.composite is UNDISCLOSED else shown, shown.actions)


def _city_side(place: Place, month: Month, person: Capacities) -> Side:
    seen = {
        pk: one for pk, one in month.city.actions.items() if can_see_action_standings(person, place.period, one.action)
    }
    return Side(place, month.city if can_see_all_standings(person, place.period) else None, seen)


def _sides(row: Line) -> tuple[Compared | None, Compared | None]:
    return row.first, row.second
