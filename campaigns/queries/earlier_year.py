"""A campaign beside the one of an earlier year that it follows: how far each was on the same day of the campaign.

Actions are matched by number, indicators by what each names as the one it follows. The earlier year is shown from its
published periods alone; of this year the reader sees what disclosure allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from campaigns.domain.figures import half_up
from campaigns.domain.months import day_of_campaign
from campaigns.models import Action, Campaign, Indicator, Period
from campaigns.permissions import can_see_action_standings, can_see_all_standings
from campaigns.queries.city import CityIndicator, Month, months
from campaigns.queries.progress import Weighed, load
from campaigns.queries.standings import UNDISCLOSED, Disclosure, disclosed, disclosure
from units.models import Unit
from units.permissions import Capacities


@dataclass(frozen=True, slots=True)
class Beside:
    """A share of the way to the target in percent, now and then; exact, so that a page rounds it once."""

    now: Fraction | None
    then: Fraction | None

    @property
    def change(self) -> Decimal | None:
        """In points, half-up to 0.01; none where one of the two has no figure."""
        return None if self.now is None or self.then is None else half_up(self.now - self.then, 2)


@dataclass(frozen=True, slots=True)
class IndicatorBeside:
    """The city's figure of an indicator with its attainment, beside that of the one it follows."""

    indicator: Indicator
    earlier: Indicator | None
    value_now: Decimal | None
    value_then: Decimal | None
    attained: Beside


@dataclass(frozen=True, slots=True)
class ActionBeside:
    """The city in one action; `earlier` is the action with the same number."""

    action: Action
    earlier: Action | None
    attained: Beside
    indicators: Sequence[IndicatorBeside]


@dataclass(frozen=True, slots=True)
class UnitBeside:
    unit: Unit
    attained: Beside


@dataclass(frozen=True, slots=True)
class EarlierYear:
    """Two years on the same day. `earlier_period` is the last published one that ended on or before that day of its
    campaign; none where there is none, and then nothing stands beside anything."""

    campaign: Campaign
    earlier: Campaign
    period: Period
    earlier_period: Period | None
    whole: Beside | None
    actions: Sequence[ActionBeside]
    units: Sequence[UnitBeside]
    disclosure: Disclosure
    has_sample: bool

    @property
    def day(self) -> int:
        return day_of_campaign(self.campaign.starts_on, self.period.ends_on)

    @property
    def earlier_day(self) -> int | None:
        earlier = self.earlier_period
        return day_of_campaign(self.earlier.starts_on, earlier.ends_on) if earlier else None


def earlier_year(period: Period, *, periods: Sequence[Period], person: Capacities) -> EarlierYear | None:
    """The period's campaign beside the one that it follows; none where it follows none. Twelve queries."""
    campaign = period.campaign
    earlier = campaign.follows
    if earlier is None:
        return None
    then_periods = list(earlier.periods.order_by("month"))
    for one in then_periods:
        one.campaign = earlier
    matched = same_day(period, then_periods)
    now, has_sample = _month(period, periods)
    then, had_sample = _month(matched, then_periods) if matched else (None, False)
    sees_all = can_see_all_standings(person, period)
    return EarlierYear(
        campaign=campaign,
        earlier=earlier,
        period=period,
        earlier_period=matched,
        whole=Beside(now.city.percent, then.city.percent if then else None) if sees_all else None,
        actions=_actions(now, then, person),
        units=_units(now, then, person),
        disclosure=disclosure(period, person, [one.action for one in now.city.actions.values()]),
        has_sample=has_sample or had_sample,
    )


def same_day(period: Period, earlier: Iterable[Period]) -> Period | None:
    """The last published of the earlier periods that ended no later in its campaign than this one in its own."""
    day = day_of_campaign(period.campaign.starts_on, period.ends_on)
    reached = [one for one in earlier if day_of_campaign(one.campaign.starts_on, one.ends_on) <= day]
    return next((one for one in reversed(reached) if one.is_published), None)


def _month(period: Period, periods: Sequence[Period]) -> tuple[Month, bool]:
    """The period computed, and whether there is a sample in it. Five queries."""
    two = [one for one in periods if one.month <= period.month][-2:]
    inputs = load(period.campaign, two)
    return months(inputs, two)[-1], inputs.has_sample


# --- the rows ---------------------------------------------------------------------------------------------------------


def _actions(now: Month, then: Month | None, person: Capacities) -> list[ActionBeside]:
    before = {one.action.number: one for one in then.city.actions.values()} if then else {}
    rows = []
    for one in now.city.actions.values():
        if can_see_action_standings(person, now.period, one.action):
            earlier = before.get(one.action.number)
            rows.append(
                ActionBeside(
                    action=one.action,
                    earlier=earlier.action if earlier else None,
                    attained=_beside(one, earlier),
                    indicators=[_indicator(each, then) for each in one.indicators],
                )
            )
    return rows


def _indicator(now: CityIndicator, then: Month | None) -> IndicatorBeside:
    earlier = next((one for one in _indicators_of(then) if one.indicator.pk == now.indicator.follows_id), None)
    return IndicatorBeside(
        indicator=now.indicator,
        earlier=earlier.indicator if earlier else None,
        value_now=now.value,
        value_then=earlier.value if earlier else None,
        attained=Beside(_percent(now.attainment), _percent(earlier.attainment if earlier else None)),
    )


def _indicators_of(month: Month | None) -> Iterable[CityIndicator]:
    return (one for action in (month.city.actions.values() if month else ()) for one in action.indicators)


def _units(now: Month, then: Month | None, person: Capacities) -> list[UnitBeside]:
    """Units of this year, as far as the reader may see the whole of them."""
    before = then.units if then else {}
    shown = [disclosed(row, now.period, person) for row in now.units.values()]
    return [
        UnitBeside(row.unit, _beside(row, before.get(row.unit.pk)))
        for row in shown
        if row is not None and row.composite is not UNDISCLOSED
    ]


def _beside(now: Weighed, then: Weighed | None) -> Beside:
    return Beside(now.percent, then.percent if then else None)


def _percent(share: Fraction | None) -> Fraction | None:
    return None if share is None else 100 * share
