"""A campaign beside the one of an earlier year: the same day of each, matched by number and by what is followed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from campaigns.models import Action, Campaign, Indicator, Period
from campaigns.operations.campaign_copy import copy_campaign
from campaigns.queries.campaign_copy import original, suggested_order
from campaigns.queries.campaign_rules import wrong_with_campaign
from campaigns.queries.earlier_year import EarlierYear, earlier_year
from campaigns.queries.indicator_rules import wrong_with_indicator
from tests.campaigns.analysis import approve
from tests.cast import Cast, client_of
from units.models import User
from units.permissions import capacities


@pytest.fixture
def later(cast_with_july: Cast) -> Campaign:
    """The campaign of 2023, copied with its targets; in the July of 2022 exports stood at 50 of 200."""
    cast = cast_with_july
    order = replace(suggested_order(original(cast.campaign)), with_targets=True)
    return copy_campaign(source=cast.campaign, order=order, actor=cast.office, now=cast.now)


def july_of(campaign: Campaign, *, state: str = Period.State.PUBLISHED) -> Period:
    period = Period.objects.select_related("campaign").get(campaign=campaign, month="2023-07")
    period.state, period.closed_at = state, period.closes_at
    period.published_at = period.closes_at if state == Period.State.PUBLISHED else None
    period.save()
    return period


def exports_of(cast: Cast, period: Period, value: int, *, unit: str = "town") -> None:
    approve(getattr(cast, unit), period, {Indicator.objects.get(code="exports-2023"): value})


def beside(cast: Cast, period: Period, person: User | None = None) -> EarlierYear:
    periods = list(Period.objects.filter(campaign=period.campaign).order_by("month"))
    found = earlier_year(period, periods=periods, person=capacities(person or cast.leader, cast.now.date()))
    assert found is not None
    return found


def test_the_city_and_each_unit_stand_beside_themselves_on_the_same_day(cast_with_july: Cast, later: Campaign) -> None:
    cast, period = cast_with_july, july_of(later)
    for unit in ("town", "neighbour", "lead"):
        exports_of(cast, period, 70, unit=unit)
    page = beside(cast, period)
    assert (page.day, page.earlier_day, page.earlier_period) == (20, 20, cast.july)
    trade = page.actions[0]
    assert trade.earlier == cast.trade
    exports = trade.indicators[0]
    assert (exports.earlier, exports.value_now, exports.value_then) == (cast.exports, 210, 150)
    assert (exports.attained.now, exports.attained.then, exports.attained.change) == (35, 25, Decimal("10.00"))
    town = next(one for one in page.units if one.unit == cast.town)
    assert town.attained.then == Decimal("21.25")  # trade 22.50, roads 20.00
    assert town.attained.now == 35


def test_an_indicator_that_follows_none_and_an_action_without_its_number_stand_alone(
    cast_with_july: Cast, later: Campaign
) -> None:
    Indicator.objects.filter(code="share-2023").update(follows=None)
    Action.objects.filter(campaign=later, number=2).update(number=7)
    trade, transport = beside(cast_with_july, july_of(later)).actions
    assert [one.earlier and one.earlier.code for one in trade.indicators] == ["exports", None]
    assert (transport.earlier, transport.attained.then) == (None, None)
    assert transport.indicators[0].earlier == cast_with_july.roads


def test_the_earlier_year_is_taken_from_published_months_alone(cast_with_july: Cast, later: Campaign) -> None:
    Period.objects.filter(pk=cast_with_july.july.pk).update(state=Period.State.CLOSED, published_at=None)
    page = beside(cast_with_july, july_of(later))
    assert page.earlier_period is None
    assert all(one.attained.then is None for one in [*page.actions, *page.units])


def test_before_publication_a_unit_sees_its_own_row_of_this_year(cast_with_july: Cast, later: Campaign) -> None:
    cast, period = cast_with_july, july_of(later, state=Period.State.CLOSED)
    page = beside(cast, period, cast.head)
    assert [one.unit for one in page.units] == [cast.town]
    assert (page.whole, page.actions) == (None, [])
    assert [one.action.number for one in beside(cast, period, cast.reviewer).actions] == [1]


def test_a_campaign_that_follows_none_has_nothing_beside_it(cast_with_july: Cast) -> None:
    cast = cast_with_july
    assert earlier_year(cast.july, periods=[cast.july], person=capacities(cast.leader, cast.now.date())) is None
    assert client_of(cast.leader).get("/campaigns/hundred-days/earlier-year/").status_code == 404


def test_the_page_shows_both_years(cast_with_july: Cast, later: Campaign) -> None:
    exports_of(cast_with_july, july_of(later), 70)
    answer = client_of(cast_with_july.head).get("/campaigns/hundred-days-2023/earlier-year/?period=2023-07")
    text = " ".join(answer.content.decode().split())
    assert "Day 20, 31 July 2023" in text
    assert "beside day 20, 31 July 2022" in text
    assert "+13.75" in text  # the town: 35 % of its exports, against 21.25 %


# --- what may be followed ---------------------------------------------------------------------------------------------


def test_only_a_campaign_that_began_earlier_is_followed(cast: Cast) -> None:
    cast.campaign.follows = Campaign(slug="x", starts_on=date(2022, 7, 12), ends_on=date(2022, 8, 1))
    assert set(wrong_with_campaign(cast.campaign)) == {"follows"}
    cast.campaign.follows.starts_on -= timedelta(days=1)
    assert wrong_with_campaign(cast.campaign) == {}


def test_only_an_indicator_of_another_campaign_is_followed(cast: Cast) -> None:
    cast.exports.follows = cast.roads
    assert set(wrong_with_indicator(cast.exports)) == {"follows"}


def test_nothing_follows_itself(cast: Cast) -> None:
    for row in (cast.campaign, cast.exports):
        row.follows = row
        with pytest.raises(ValidationError, match="cannot follow itself"):
            row.validate_constraints()
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
