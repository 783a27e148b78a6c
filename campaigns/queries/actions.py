"""The actions of a campaign: the list with the city's light of each, and the page of one with its units side by side.

Before publication a reader sees the actions that their department leads, and their own unit's row in every action.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.functional import cached_property

from campaigns.domain.light import Light
from campaigns.domain.projection import Projection
from campaigns.models import Action, Likelihood, Period
from campaigns.permissions import (
    can_judge,
    can_see_action_standings,
    can_see_reports_of,
    can_see_unit_standings,
)
from campaigns.queries.burn_up import BurnUp, city_way, unit_way
from campaigns.queries.city import CityAction, Month, months
from campaigns.queries.forecasts import Forecasts, forecasts
from campaigns.queries.indicator_rows import IndicatorRow, row_of_city, rows_of
from campaigns.queries.progress import ActionProgress, IndicatorProgress, Inputs, Weighed, load, only
from campaigns.queries.projections import action_projection, city_change, unit_change, unit_projection
from campaigns.queries.standings import Disclosure, disclosure
from units.models import Unit
from units.permissions import Capacities


class UnknownAction(LookupError):
    """The campaign has no action with this number."""


# --- what several pages show ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LightCount:
    """In how many units an action shows each light."""

    green: int
    yellow: int
    red: int
    grey: int


def count_lights(lights: Sequence[Light]) -> LightCount:
    counted = Counter(lights)
    return LightCount(*(counted[light] for light in (Light.GREEN, Light.YELLOW, Light.RED, Light.GREY)))


# --- the list -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action. `units` and `likelihood` are none before the reader may see them, `own` without own unit.

    `whole` is what the row speaks of: the city, or the own unit where no city's figure is for the reader yet.
    """

    action: Action
    whole: CityAction | ActionProgress | None
    units: LightCount | None
    own: ActionProgress | None
    likelihood: Likelihood | None


@dataclass(frozen=True, slots=True)
class ActionList:
    period: Period
    rows: Sequence[ActionRow]
    own_unit: Unit | None
    shows_own: bool
    disclosure: Disclosure
    has_sample: bool

    @property
    def scale(self) -> Fraction:
        """Where the bars end, the same for all of them, so that they can be held against each other."""
        return scale_of([row.whole for row in self.rows if row.whole])


def action_list(period: Period, *, periods: Sequence[Period], person: Capacities) -> ActionList:
    """All actions of the period's campaign. Six queries, whatever the rows."""
    before = [one for one in periods if one.month < period.month][-1:]
    inputs = load(period.campaign, [period, *before])
    found = months(inputs, [*before, period])[-1]
    judged = Likelihood.objects.filter(period=period, unit=None)
    likelihoods = {one.action_id: one for one in judged}
    own = next((row for row in found.units.values() if row.unit.pk in person.shown_units), None)
    scope = disclosure(period, person, inputs.actions)
    shows_own = own is not None and not scope.sees_led
    rows = []
    for action in inputs.actions:
        of_own = own.actions.get(action.pk) if own else None
        is_seen = can_see_action_standings(person, period, action)
        lights = [row.actions[action.pk].light for row in found.units.values() if action.pk in row.actions]
        rows.append(
            ActionRow(
                action=action,
                whole=found.city.actions.get(action.pk) if is_seen else of_own if shows_own else None,
                units=count_lights(lights) if is_seen else None,
                own=of_own,
                likelihood=likelihoods.get(action.pk) if is_seen else None,
            )
        )
    return ActionList(period, rows, own.unit if own else None, shows_own, scope, inputs.has_sample)


# --- the page -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit in the action, with the lead's judgement beside it; `change` is in points against the month before."""

    unit: Unit
    progress: ActionProgress
    change: Decimal | None
    likelihood: Likelihood | None
    is_own: bool
    shows_names: bool

    @property
    def grown(self) -> IndicatorProgress | None:
        """The weightiest figure with a growth year on year; units enter it, it is never computed."""
        entered = [one for one in self.progress.indicators if one.measurement and one.measurement.growth is not None]
        return max(entered, key=lambda one: one.indicator.weight, default=None)


@dataclass(frozen=True)
class ActionPage:
    """One action in one period. `city` is none before the reader may see it: then `figures` are the own unit's, and so
    are `change`, in points against `previous`, the month before, and `projection`."""

    action: Action
    period: Period
    previous: Period | None
    previous_action: Action | None
    next_action: Action | None
    city: CityAction | None
    since: Period | None
    subject: Unit | None
    figures: Sequence[IndicatorRow]
    units: Sequence[UnitRow]
    change: Decimal | None
    projection: Projection | None
    chart: BurnUp | None
    likelihood: Likelihood | None
    disclosure: Disclosure
    days_left: int
    may_judge: bool
    shows_names: bool
    has_sample: bool

    @cached_property
    def whole(self) -> Weighed | None:
        """What the headline speaks of: the city, or the reader's own unit."""
        if self.city is not None:
            return self.city
        return next((row.progress for row in self.units if row.unit == self.subject), None)

    @cached_property
    def main(self) -> IndicatorRow | None:
        """The weightiest indicator, the first of them."""
        return max(self.figures, key=lambda row: row.indicator.weight, default=None)

    @cached_property
    def target_on(self) -> date:
        """The day for which the projection is."""
        line = self.main.line if self.main else None
        return line.target_on if line else self.period.campaign.ends_on

    @cached_property
    def localities(self) -> list[UnitRow]:
        return [row for row in self.units if row.unit.is_locality]

    @cached_property
    def departments(self) -> list[UnitRow]:
        return [row for row in self.units if not row.unit.is_locality]

    @cached_property
    def scale(self) -> Fraction:
        """Where the bars end, the same for all of them, so that they can be held against each other."""
        return scale_of([row.progress for row in self.units])

    @cached_property
    def lights(self) -> LightCount:
        return count_lights([row.progress.light for row in self.units])

    @cached_property
    def reasons(self) -> list[UnitRow]:
        """Units with an accepted reason."""
        return [row for row in self.units if row.progress.reason is not None]

    @cached_property
    def judged(self) -> list[UnitRow]:
        """Units of which the lead has judged how likely they reach the target."""
        return [row for row in self.units if row.likelihood is not None]

    @cached_property
    def excusable(self) -> list[UnitRow]:
        """Units for which a reason may be accepted: those that are behind, and those that have one."""
        behind = (Light.YELLOW, Light.RED)
        return [row for row in self.units if row.progress.computed in behind or row.progress.reason is not None]

    @cached_property
    def counted_elsewhere(self) -> list[Unit]:
        """Units whose figures are inside another's and add nothing to the city's."""
        return [row.unit for row in self.units if row.unit.counted_in_id is not None]


def action_page(
    period: Period, *, number: int, periods: Sequence[Period], person: Capacities, today: date
) -> ActionPage:
    """One action of the period's campaign. Eight queries, whatever the rows; raises `UnknownAction`."""
    found = Action.objects.filter(campaign=period.campaign, number=number)
    action = found.select_related("lead").prefetch_related("supporting").first()
    if action is None:
        raise UnknownAction(number)
    action.campaign = period.campaign
    so_far = [one for one in periods if one.month <= period.month]
    inputs = load(period.campaign, so_far)
    narrowed = only(inputs, action)
    course = months(narrowed, so_far)
    told = forecasts(narrowed, course, course[-1].units, person)
    likelihoods = {one.unit_id: one for one in _likelihoods(action, period)}
    sees_city = can_see_action_standings(person, period, action)
    units = _unit_rows(course, action, person, likelihoods)
    subject = None if sees_city else next((row.unit for row in units if row.is_own), None)
    city = course[-1].city.actions.get(action.pk) if sees_city else None
    previous_action, next_action = _beside(inputs.actions, number)
    return ActionPage(
        action=action,
        period=period,
        previous=course[-2].period if len(course) > 1 else None,
        previous_action=previous_action,
        next_action=next_action,
        city=city,
        since=_since(course, action, person) if city else None,
        subject=subject,
        figures=_figures(inputs, course[-1], action, city, subject, told),
        units=units,
        change=_change(course, action, subject, person) if city or subject else None,
        projection=_projection(course[-1], action, city, subject, told),
        chart=_chart(inputs, periods, course, action, person, subject),
        likelihood=likelihoods.get(None) if sees_city else None,
        disclosure=disclosure(period, person, [action]),
        days_left=max(0, (period.campaign.ends_on - today).days),
        may_judge=can_judge(person, action),
        shows_names=can_see_reports_of(person, unit_id=action.lead_id, lead_id=action.lead_id),
        has_sample=narrowed.has_sample,
    )


def _likelihoods(action: Action, period: Period) -> Sequence[Likelihood]:
    return Likelihood.objects.filter(action=action, period=period).select_related("judged_by")  # type: ignore[return-value]


def _unit_rows(
    course: Sequence[Month], action: Action, person: Capacities, likelihoods: dict[int | None, Likelihood]
) -> list[UnitRow]:
    """The units that the reader may see, the furthest first, those without a figure last."""
    month, period = course[-1], course[-1].period
    sees_all = can_see_action_standings(person, period, action)
    rows = [
        UnitRow(
            unit=row.unit,
            progress=row.actions[action.pk],
            change=unit_change(course, action, row.unit, person),
            likelihood=likelihoods.get(row.unit.pk),
            is_own=row.unit.pk in person.own_units,
            shows_names=can_see_reports_of(person, unit_id=row.unit.pk, lead_id=action.lead_id),
        )
        for row in month.units.values()
        if action.pk in row.actions and (sees_all or can_see_unit_standings(person, period, row.unit.pk))
    ]
    return sorted(rows, key=_furthest_first)


def _furthest_first(row: UnitRow) -> tuple[bool, Fraction, int]:
    percent = row.progress.percent
    return (percent is None, -(percent or Fraction(0)), row.unit.order)


def _beside(actions: Sequence[Action], number: int) -> tuple[Action | None, Action | None]:
    before = [one for one in actions if one.number < number]
    after = [one for one in actions if one.number > number]
    return (before[-1] if before else None, after[0] if after else None)


def _since(course: Sequence[Month], action: Action, person: Capacities) -> Period | None:
    """Since which period the city's light has been what it is now; none where it is new, or not a warning."""
    lights = [
        (month.period, month.city.actions[action.pk].light) for month in course if action.pk in month.city.actions
    ]
    now = lights[-1][1]
    since = None
    for period, light in reversed(lights[:-1]):
        if light is not now or not can_see_action_standings(person, period, action):
            break
        since = period
    return since if now in (Light.YELLOW, Light.RED) else None


def _figures(
    inputs: Inputs, month: Month, action: Action, city: CityAction | None, subject: Unit | None, told: Forecasts
) -> list[IndicatorRow]:
    if city is not None:
        return [row_of_city(one, told) for one in city.indicators]
    if subject is None:
        return []
    return rows_of(month.units[subject.pk].actions[action.pk], inputs, subject, told)


def _change(course: Sequence[Month], action: Action, subject: Unit | None, person: Capacities) -> Decimal | None:
    return unit_change(course, action, subject, person) if subject else city_change(course, action, person)


def _projection(
    month: Month, action: Action, city: CityAction | None, subject: Unit | None, told: Forecasts
) -> Projection | None:
    cap = action.campaign.cap
    if city is not None:
        return action_projection(city, told.city, cap)
    return unit_projection(month.units[subject.pk].actions[action.pk], subject, told, cap) if subject else None


def _chart(
    inputs: Inputs,
    periods: Sequence[Period],
    course: Sequence[Month],
    action: Action,
    person: Capacities,
    subject: Unit | None,
) -> BurnUp | None:
    """The city's way to the target, or the own unit's where the city's is not for the reader yet."""
    if subject is not None:
        return unit_way(inputs, periods, course, action, subject, person)
    if can_see_action_standings(person, course[-1].period, action):
        return city_way(inputs, periods, course, action, person)
    return None


def scale_of(bars: Sequence[Weighed]) -> Fraction:
    shares = [Fraction(3, 2) * one.composite.planned for one in bars if one.composite.planned]
    shares += [one.composite.attainment for one in bars if one.composite.attainment]
    return max(shares, default=Fraction(1))
