"""A department reports on the actions that it leads: the city's figure, where it leads, which units are behind, and the
lead's judgement beside that.

Before publication an action is seen by whom disclosure shows it to, as on its page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from campaigns.domain.light import Light
from campaigns.domain.projection import Projection
from campaigns.domain.questions import Question, judgement, no_figure, will_miss
from campaigns.models import Action, Likelihood
from campaigns.permissions import can_see_action_standings
from campaigns.queries.city import CityAction, Month, months
from campaigns.queries.forecasts import Forecasts, forecasts
from campaigns.queries.indicator_rows import IndicatorRow, row_of_city
from campaigns.queries.presentation.localities import HOPEFUL, about_pace
from campaigns.queries.presentation.looks import Look
from campaigns.queries.progress import ActionProgress, load
from campaigns.queries.projections import action_projection, city_change
from units.models import Unit
from units.permissions import Capacities

BEHIND = (Light.RED, Light.YELLOW)


@dataclass(frozen=True, slots=True)
class LedAction:
    """One action of the department; `behind` are its units with a red or yellow light, the red ones first."""

    action: Action
    city: CityAction
    figures: Sequence[IndicatorRow]
    change: Decimal | None
    projection: Projection | None
    behind: Sequence[tuple[Unit, ActionProgress]]
    units: int
    likelihood: Likelihood | None

    @property
    def main(self) -> IndicatorRow | None:
        """The weightiest indicator, the first of them."""
        return max(self.figures, key=lambda row: row.indicator.weight, default=None)


@dataclass(frozen=True, slots=True)
class DepartmentReport:
    """`hidden` of the department's actions are not for the reader yet."""

    unit: Unit
    look: Look
    actions: Sequence[LedAction]
    hidden: int
    has_sample: bool
    questions: Sequence[Question | None]

    template = "department"


def department_report(look: Look, unit: Unit, *, person: Capacities) -> DepartmentReport:
    """Six queries, whatever the rows."""
    so_far = [one for one in look.periods if one.month <= look.period.month]
    inputs = load(look.campaign, so_far)
    course = months(inputs, so_far)
    told = forecasts(inputs, course, course[-1].units, person)
    judged = {one.action_id: one for one in Likelihood.objects.filter(period=look.period, unit=None)}
    led = [one for one in inputs.actions if one.lead_id == unit.pk and one.pk in course[-1].city.actions]
    seen = [one for one in led if can_see_action_standings(person, look.period, one)]
    actions = [_led(course, told, one, judged.get(one.pk), person) for one in seen]
    return DepartmentReport(
        unit=unit,
        look=look,
        actions=actions,
        hidden=len(led) - len(seen),
        has_sample=inputs.has_sample,
        questions=[question for one in actions for question in _questions(one)],
    )


def _led(
    course: Sequence[Month], told: Forecasts, action: Action, likelihood: Likelihood | None, person: Capacities
) -> LedAction:
    city, campaign = course[-1].city.actions[action.pk], course[-1].period.campaign
    rows = [(one.unit, one.actions[action.pk]) for one in course[-1].units.values() if action.pk in one.actions]
    behind = [row for row in rows if row[1].light in BEHIND]
    return LedAction(
        action=action,
        city=city,
        figures=[row_of_city(one, told) for one in city.indicators],
        change=city_change(course, action, person),
        projection=action_projection(city, told.city, campaign.cap),
        behind=sorted(behind, key=lambda row: BEHIND.index(row[1].light)),
        units=len(rows),
        likelihood=likelihood,
    )


def _questions(one: LedAction) -> Iterator[Question | None]:
    projected = one.projection.share if one.projection else None
    yield no_figure(one.action, coverage=one.city.coverage)
    yield from (about_pace(row) for row in one.figures)
    yield will_miss(one.action, light=one.city.light, projected=projected)
    if one.likelihood is not None:
        yield judgement(one.action, is_hopeful=one.likelihood.level in HOPEFUL, projected=projected)
