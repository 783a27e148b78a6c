"""The dashboard as people see it: the answer first, the worst action first, before publication no more than theirs."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.urls import reverse

from campaigns.domain.projection import Projection
from campaigns.models import EarlyWarning, Likelihood, Period, Project
from campaigns.queries.burn_up import BurnPoint, BurnUp
from campaigns.templatetags.analysis import points_a_day, spark
from tests.admin_builders import make
from tests.builders import bring_to, move_clock_to, publish
from tests.campaigns.analysis import approve
from tests.cast import Cast, at, client_of
from units.models import User

AUGUST = "?campaign=hundred-days&period=2022-08"


def page_of(who: User, query: str = AUGUST, language: str = "en") -> str:
    answer = client_of(who, headers={"accept-language": language}).get(reverse("dashboard") + query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def two_months(cast: Cast) -> Cast:
    """Figures of July and August in both actions; roads fall behind, exports do not."""
    july = Period.objects.get(campaign=cast.campaign, month="2022-07")
    for period, roads, exports in ((july, (25, 15), 60), (cast.august, (30, 20), 150)):
        for unit, value in zip((cast.town, cast.neighbour), roads, strict=True):
            approve(unit, period, {cast.roads: value, cast.exports: exports, cast.share: 20})
        approve(cast.lead, period, {cast.exports: exports, cast.share: 20})
    return cast


def test_the_heading_says_which_day_and_the_first_sentence_what_will_be_missed(two_months: Cast) -> None:
    page = page_of(two_months.leader)
    assert "The city at day 51" in page
    assert "At this rate 1 of 2 actions misses its target by more than a tenth: Transport construction." in page


def test_it_says_how_many_days_are_left_until_there_are_none(cast: Cast) -> None:
    assert "46 days left" in page_of(cast.leader)
    assert "还剩46天" in page_of(cast.leader, language="zh-hans")
    move_clock_to(at(10, 18))
    assert "1 day left" in page_of(cast.leader)
    move_clock_to(at(10, 19))
    assert "day left" not in page_of(cast.leader)


def test_the_worst_action_comes_first_with_gap_projection_and_change(two_months: Cast) -> None:
    page = page_of(two_months.leader)
    table = page[page.index("act-tbl") :]
    assert table.index("Transport construction") < table.index("Stable foreign trade")
    assert "Since July" in table
    assert "+5.0" in table  # 20 and 25 per cent


def test_what_is_missed_says_what_each_day_would_have_to_bring(two_months: Cast) -> None:
    assert "points a day, now" in page_of(two_months.leader)


def test_the_lead_s_view_stands_beside_the_light(two_months: Cast) -> None:
    Likelihood.objects.create(
        action=two_months.transport, unit=None, period=two_months.august, level="unlikely", reason="Land is missing.",
        judged_by=two_months.other_reviewer, judged_at=two_months.now,
    )  # fmt: skip
    assert "Unlikely" in page_of(two_months.leader)


def test_the_page_is_told_in_chinese_too(two_months: Cast) -> None:
    page = page_of(two_months.leader, language="zh-hans")
    assert "交通建设" in page
    assert '<html lang="zh-Hans"' in page


def test_the_city_s_way_is_a_chart_with_its_table(two_months: Cast) -> None:
    page = page_of(two_months.leader)
    assert "data-chart" in page
    assert "Table: " in page


def test_an_early_warning_is_named_with_its_unit_and_cause(two_months: Cast) -> None:
    warning = make(EarlyWarning)
    Project.objects.filter(pk=warning.project_id).update(campaign=two_months.campaign)
    EarlyWarning.objects.filter(pk=warning.pk).update(state="raised", level="red", cleared_at=None)
    page = page_of(two_months.leader)
    assert warning.project.name in page
    assert "1 red" in page


def test_who_has_not_filed_is_named_with_the_days(cast: Cast) -> None:
    bring_to(cast, "submitted")
    page = page_of(cast.leader)
    assert "Hillside County" in page
    assert "2 days left" in page


def test_before_publication_a_unit_sees_its_own_row_and_nothing_of_the_city(two_months: Cast) -> None:
    page = page_of(two_months.reporter)
    assert "You see your own row." in page
    assert "Riverside Town" in page
    for hidden in ("Hillside County", "City composite", "Missed at this rate", "act-tbl", "data-chart", "/screen/"):
        assert hidden not in page


def test_once_published_everybody_sees_the_city(cast_with_july: Cast) -> None:
    page = page_of(cast_with_july.outsider, "?period=2022-07")
    assert "City composite" in page
    assert "Riverside Town" in page


def test_meeting_packs_are_offered_to_who_may_see_them(cast_with_july: Cast) -> None:
    assert reverse("packs") in page_of(cast_with_july.leader)
    assert reverse("packs") not in page_of(cast_with_july.reporter)


def test_a_link_shows_the_same_group_again(cast_with_july: Cast) -> None:
    page = page_of(cast_with_july.leader, "?period=2022-07&group=localities")
    assert "group=localities" in page
    assert client_of(cast_with_july.leader).get(reverse("dashboard") + "?group=atlantis").status_code == 404


def test_places_against_the_published_month_before_are_shown(two_months: Cast) -> None:
    for period in (Period.objects.get(campaign=two_months.campaign, month="2022-07"), two_months.august):
        publish(two_months, period, now=at(9, 20))
    approve(two_months.neighbour, two_months.august, {two_months.roads: 90})
    page = page_of(two_months.leader)
    movers = page[page.index("Biggest movers") :]
    assert movers.index("Hillside County") < movers.index("Riverside Town")


def test_a_leader_without_units_is_shown_the_way_from_the_first_page(cast: Cast) -> None:
    page = client_of(cast.leader).get("/").content.decode()
    assert "Open the dashboard" in page


def test_without_a_campaign_it_says_so(db: Any) -> None:
    person = User.objects.create(username="early", name="Early")
    assert "There is no campaign yet." in page_of(person, "")


# --- the small way ----------------------------------------------------------------------------------------------------


def point(day: date, planned: str, start: Fraction | None = None) -> BurnPoint:
    return BurnPoint(day, None, Fraction(planned), None, None, start)


def test_the_small_way_runs_from_the_foot_to_the_head_of_its_picture() -> None:
    way = BurnUp([point(date(2022, 7, 11), "0", Fraction(0)), point(date(2022, 10, 19), "1")])
    onward = Projection(attained=Fraction(0), share=Fraction(1, 2), low=None, high=None, days_left=100)
    drawn = spark(way, onward)
    assert drawn["plan"] == "2.0,22.0 62.0,2.0"
    assert drawn["onward"] == "2.0,22.0 62.0,12.0"
    assert drawn["last"] == ("2.0", "22.0")
    assert spark(None) == {}


def test_a_share_a_day_is_told_in_points() -> None:
    assert points_a_day(Fraction("0.0111")) == Fraction("1.11")
    assert points_a_day(None) is None
