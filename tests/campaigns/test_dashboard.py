"""The dashboard's rows: the same figures as standings and action page, what will be missed, and who may see it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from campaigns.models import EarlyWarning, Period, Project
from campaigns.queries.actions import action_page
from campaigns.queries.dashboard import Dashboard, dashboard
from campaigns.queries.standings import choose_group, ranking_groups, standings
from tests.admin_builders import make
from tests.builders import publish
from tests.campaigns.analysis import approve, more_units, periods_of
from tests.cast import Cast
from units.models import Unit, User
from units.permissions import capacities


def seen(cast: Cast, who: User, month: str = "2022-08", *, at: datetime | None = None) -> Dashboard:
    periods = periods_of(cast)
    period = next(one for one in periods if one.month == month)
    now = at or period.due_at
    person = capacities(who, now.date())
    return dashboard(period, periods=periods, group=choose_group(ranking_groups(), None), person=person, now=now)


def both_months(cast: Cast) -> None:
    july = Period.objects.get(campaign=cast.campaign, month="2022-07")
    for period, roads in ((july, (25, 15)), (cast.august, (45, 20))):
        for unit, value in zip((cast.town, cast.neighbour), roads, strict=True):
            approve(unit, period, {cast.roads: value})


def test_the_city_is_the_one_of_the_standings(cast: Cast) -> None:
    both_months(cast)
    found = seen(cast, cast.leader)
    person = capacities(cast.leader, cast.august.due_at.date())
    group = choose_group(ranking_groups(), None)
    table = standings(found.period, periods=periods_of(cast), group=group, person=person)
    assert found.city is not None
    assert table.city is not None
    assert found.city.published == table.city.published
    assert [(row.unit, row.published) for row in found.standings.rows] == [
        (row.unit, row.published) for row in table.rows
    ]


def test_each_action_is_the_one_of_its_page(cast: Cast) -> None:
    both_months(cast)
    person = capacities(cast.leader, cast.august.due_at.date())
    for line in seen(cast, cast.leader).actions:
        page = action_page(
            cast.august,
            number=line.action.number,
            periods=periods_of(cast),
            person=person,
            today=cast.august.due_at.date(),
        )
        assert page.city is not None
        assert (page.city.published, page.city.light) == (line.city.published, line.city.light)
        assert page.chart == line.way


def test_month_on_month_is_told_in_points(cast: Cast) -> None:
    both_months(cast)
    [roads] = [one for one in seen(cast, cast.leader).actions if one.action == cast.transport]
    assert roads.change == Decimal("12.50")  # 40 and 65 of 200
    [before] = [one for one in seen(cast, cast.leader, "2022-07").actions if one.action == cast.transport]
    assert before.change is None


def test_a_change_does_not_tell_of_a_month_that_is_not_published(cast: Cast) -> None:
    both_months(cast)
    publish(cast)
    assert {one.change for one in seen(cast, cast.stranger).actions} == {None}
    [roads] = [one for one in seen(cast, cast.other_reviewer).actions if one.action == cast.transport]
    assert roads.change == Decimal("12.50"), "the lead sees both months"


def test_what_will_be_missed_is_what_is_projected_below_nine_tenths(cast: Cast) -> None:
    both_months(cast)
    found = seen(cast, cast.leader)
    [roads] = found.missed
    assert roads.action == cast.transport
    assert roads.projection is not None
    assert roads.projection.share == pytest.approx(0.3250 + 49 * 0.00637, abs=0.01)
    assert found.projected == 1
    assert "misses its target by more than a tenth" in found.sentences[0].text


def test_missing_is_never_zero(cast: Cast) -> None:
    found = seen(cast, cast.leader)
    assert found.city is not None
    assert (found.city.published, found.city_change, found.city_projection) == (None, None, None)
    assert all(one.projection is None for one in found.actions)
    assert (found.missed, found.projected, found.lights.green) == ([], 0, 0)


def test_the_way_of_the_city_ends_at_its_composite_and_its_whole_plan(cast: Cast) -> None:
    both_months(cast)
    found = seen(cast, cast.leader)
    assert found.way is not None
    assert found.city is not None
    by_month = {point.period.month: point for point in found.way.periods if point.period}
    assert by_month["2022-08"].attained == found.city.composite.attainment
    assert by_month["2022-10"].planned == 1
    assert by_month["2022-09"].attained is None


def test_before_publication_a_reporter_sees_neither_the_city_nor_other_units(cast: Cast) -> None:
    both_months(cast)
    found = seen(cast, cast.reporter)
    assert (found.city, found.way, list(found.actions)) == (None, None, [])
    assert {row.unit for row in found.standings.rows} == {cast.town}
    assert {row.unit for row in found.completeness.units} == {cast.town}
    assert all(one.kind == "filed" for one in found.sentences)


def test_a_lead_sees_its_own_actions_before_publication(cast: Cast) -> None:
    both_months(cast)
    found = seen(cast, cast.reviewer)
    led = {one.action for one in found.actions}
    assert found.city is None
    assert led
    assert all(action.lead in {cast.lead} for action in led)


def test_the_warnings_of_a_project_stand_together_the_gravest_first(cast: Cast) -> None:
    warning = make(EarlyWarning)
    EarlyWarning.objects.filter(pk=warning.pk).update(level="yellow", state="raised", cleared_at=None)
    Project.objects.filter(pk=warning.project_id).update(campaign=cast.campaign)
    make_of_same_project(warning)
    found = seen(cast, cast.leader)
    [rows] = found.warned
    assert [one.level for one in rows] == ["red", "yellow"]
    assert (found.red_projects, found.yellow_projects) == (1, 0)


def make_of_same_project(warning: EarlyWarning) -> None:
    EarlyWarning.objects.create(
        project=warning.project,
        period=warning.period,
        cause=next(one for one in EarlyWarning.Cause.values if one != warning.cause),
        level="red",
        raised_at=warning.raised_at,
    )


def test_eight_queries_whatever_the_units(cast: Cast, django_assert_num_queries: Any) -> None:
    both_months(cast)
    with django_assert_num_queries(8 + PERIODS_AND_PERSON):
        seen(cast, User.objects.get(pk=cast.leader.pk))
    more_units(cast, 5, cast.august)
    assert Unit.objects.count() > 5
    with django_assert_num_queries(8 + PERIODS_AND_PERSON):
        seen(cast, User.objects.get(pk=cast.leader.pk))


PERIODS_AND_PERSON = 3
"""The account, its memberships and the periods, which a page has read already."""
