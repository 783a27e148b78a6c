"""The city in one period at a glance: ten actions with their projection, standings, movers, misses, early-warning
projects, who has not filed, and what to say of all that.

Dashboard, big screen, meeting and pack read the same rows. Before publication the reader sees what disclosure allows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.utils.functional import cached_property

from campaigns.domain.forecast import Forecast
from campaigns.domain.light import Light
from campaigns.domain.projection import Projection, combined
from campaigns.domain.sentences import Course, Placed
from campaigns.models import Action, EarlyWarning, Likelihood, Period
from campaigns.permissions import can_see_action_standings, can_see_all_standings
from campaigns.queries.actions import LightCount, count_lights
from campaigns.queries.burn_up import BurnUp, city_way, whole_way
from campaigns.queries.city import CityAction, CityMonth, CityProgress, city_months
from campaigns.queries.completeness import Completeness, completeness
from campaigns.queries.forecasts import city_forecasts
from campaigns.queries.history import Earlier, earlier_figures
from campaigns.queries.progress import Inputs, Weighed, load
from campaigns.queries.projections import action_projection, city_change, whole_city_change
from campaigns.queries.sentences import Sentence, sentences
from campaigns.queries.standings import Disclosure, Group, StandingRow, Standings, compared_periods, standings_of
from units.models import Unit
from units.permissions import Capacities

WORST_FIRST = {Light.RED: 0, Light.YELLOW: 1, Light.GREEN: 2, Light.GREY: 3}


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action of the city. `change` is in points against the month before; `way` is drawn small beside it."""

    action: Action
    city: CityAction
    change: Decimal | None
    projection: Projection | None
    likelihood: Likelihood | None
    way: BurnUp | None

    @property
    def course(self) -> Course[Action]:
        return Course(self.action, self.city.light, self.city.gap, self.projection.share if self.projection else None)

    @property
    def is_missed(self) -> bool:
        return self.course.is_missed


@dataclass(frozen=True)
class Dashboard:
    """One period. `city` and `actions` are empty before the reader may see them."""

    period: Period
    previous: Period | None
    as_of: datetime
    city: CityProgress | None
    city_change: Decimal | None
    city_projection: Projection | None
    way: BurnUp | None
    actions: Sequence[ActionLine]
    standings: Standings
    warnings: Sequence[EarlyWarning]
    completeness: Completeness
    disclosure: Disclosure
    has_sample: bool

    @cached_property
    def worst_first(self) -> list[ActionLine]:
        return sorted(self.actions, key=lambda one: (WORST_FIRST[one.city.light], one.city.gap or 0))

    @cached_property
    def lights(self) -> LightCount:
        return count_lights([one.city.light for one in self.actions])

    @cached_property
    def missed(self) -> list[ActionLine]:
        """Actions that will be missed at this rate, the furthest first."""
        missed = [one for one in self.actions if one.is_missed and one.projection]
        return sorted(missed, key=lambda one: one.projection.share if one.projection else Fraction(0))

    @cached_property
    def projected(self) -> int:
        """Of how many actions it can be said whether they will be missed."""
        return sum(one.projection is not None for one in self.actions)

    @cached_property
    def risen(self) -> list[StandingRow]:
        """Units that gained places, most first."""
        return sorted((row for row in self.standings.ranked if (row.movement or 0) > 0), key=lambda row: -_moved(row))

    @cached_property
    def fallen(self) -> list[StandingRow]:
        """Units that lost places, most first."""
        return sorted((row for row in self.standings.ranked if (row.movement or 0) < 0), key=_moved)

    @cached_property
    def unfiled(self) -> list[tuple[Unit, list[Action]]]:
        """Units with the actions of which they have not filed, the most first."""
        rows = [
            (row.unit, [cell.action for cell in row.cells if cell and not cell.filing.is_filed])
            for row in self.completeness.units
        ]
        return sorted((row for row in rows if row[1]), key=lambda row: -len(row[1]))

    @cached_property
    def warned(self) -> list[list[EarlyWarning]]:
        """The open warnings, those of a project together, the gravest first."""
        by_project: dict[int, list[EarlyWarning]] = {}
        for one in self.warnings:
            by_project.setdefault(one.project_id, []).append(one)
        return sorted(
            by_project.values(), key=lambda rows: (rows[0].level != EarlyWarning.Level.RED, rows[0].raised_at)
        )

    @cached_property
    def red_projects(self) -> int:
        return sum(rows[0].level == EarlyWarning.Level.RED for rows in self.warned)

    @cached_property
    def yellow_projects(self) -> int:
        return len(self.warned) - self.red_projects

    @property
    def sentences(self) -> list[Sentence]:
        """In the language that is active when they are asked for."""
        placed = [Placed(row.unit, row.rank, row.published, row.movement) for row in self.standings.ranked]
        unfiled = [(unit, len(actions)) for unit, actions in self.unfiled]
        expected = self.completeness.total.expected
        return sentences(placed, [one.course for one in self.actions], unfiled, expected)


def _moved(row: StandingRow) -> int:
    return row.movement or 0


def dashboard(
    period: Period, *, periods: Sequence[Period], group: Group | None, person: Capacities, now: datetime
) -> Dashboard:
    """The dashboard of a period; `periods` are all of its campaign's. Eight queries, whatever the rows, and
    one more where there are months before those that it is compared with."""
    compared, earlier_periods = split(period, periods)
    inputs = load(period.campaign, compared, with_reasons=False, judged_in=period)
    earlier = earlier_figures(inputs, earlier_periods)
    return dashboard_of(inputs, earlier, period, periods=periods, group=group, person=person, now=now)


def split(period: Period, periods: Sequence[Period]) -> tuple[set[Period], list[Period]]:
    """The period with those that it is compared with, which are computed in full; and the others before it."""
    compared = compared_periods(period, periods)
    return compared, [one for one in periods if one.month < period.month and one not in compared]


def dashboard_of(
    inputs: Inputs,
    earlier: Earlier,
    period: Period,
    *,
    periods: Sequence[Period],
    group: Group | None,
    person: Capacities,
    now: datetime,
) -> Dashboard:
    """The same from what is loaded: `inputs` of the first part of `split`, `earlier` of the second. Three queries."""
    course = city_months(inputs, [one for one in periods if one.month <= period.month], earlier)
    table = standings_of(inputs, period, periods=periods, group=group, person=person)
    lines = _lines(inputs, periods, course, city_forecasts(course, person), person)
    sees_city = table.disclosure.sees_all
    now_city = course[-1].city
    whole = _whole(lines, now_city) if sees_city else None
    return Dashboard(
        period=period,
        previous=course[-2].period if len(course) > 1 else None,
        as_of=now,
        city=now_city if sees_city else None,
        city_change=whole_city_change(course, person) if sees_city else None,
        city_projection=whole,
        way=_city_way(lines, course, person) if sees_city else None,
        actions=lines,
        standings=table,
        warnings=open_warnings(period, person),
        completeness=completeness(period, person=person, now=now, assignments=inputs.assignments),
        disclosure=table.disclosure,
        has_sample=inputs.has_sample or earlier.has_sample,
    )


def open_warnings(period: Period, person: Capacities) -> list[EarlyWarning]:
    """The open warnings on projects of the campaign, red ones first within a project. One query."""
    rows = EarlyWarning.objects.visible_to(person).filter(project__campaign=period.campaign_id)
    rows = rows.exclude(state=EarlyWarning.State.CLEARED).select_related("project__unit")
    return list(rows.order_by("level", "raised_at", "pk"))  # "red" before "yellow"


# --- actions ----------------------------------------------------------------------------------------------------------


def _lines(
    inputs: Inputs,
    periods: Sequence[Period],
    course: Sequence[CityMonth],
    told: Mapping[int, Forecast],
    person: Capacities,
) -> list[ActionLine]:
    period = course[-1].period
    return [
        ActionLine(
            action=city.action,
            city=city,
            change=city_change(course, city.action, person),
            projection=action_projection(city, told, inputs.campaign.cap),
            likelihood=inputs.likelihoods.get(pk),
            way=city_way(inputs, periods, course, city.action, person),
        )
        for pk, city in course[-1].city.actions.items()
        if can_see_action_standings(person, period, city.action)
    ]


# --- the city ---------------------------------------------------------------------------------------------------------


def _whole(lines: Sequence[ActionLine], city: CityProgress) -> Projection | None:
    return combined(
        ((one.action.weight, one.projection) for one in lines if one.projection is not None),
        city.composite.attainment,
    )


def _city_way(lines: Sequence[ActionLine], course: Sequence[CityMonth], person: Capacities) -> BurnUp | None:
    reached: dict[int, tuple[Weighed, Light]] = {
        month.period.pk: (month.city, month.city.light)
        for month in course
        if can_see_all_standings(person, month.period)
    }
    return whole_way([(one.action.weight, one.way) for one in lines if one.way is not None], reached)
