"""The page of one unit: ranks, actions and figures, past standings, and who sees what of it."""

from decimal import Decimal

import pytest

from campaigns.models import Action
from campaigns.operations.judgements import judge_likelihood
from tests.builders import bring_to, publish
from tests.campaigns.analysis import approve
from tests.cast import client_of
from units.models import RankingGroup, RankingGroupMember, Unit

AUGUST = "?period=2022-08"


def everyone(cast, period=None, *, town=100, neighbour=60):
    period = period or cast.august
    for unit, exports in ((cast.town, town), (cast.neighbour, neighbour)):
        approve(unit, period, {cast.exports: exports, cast.share: 15, cast.roads: 45})
    approve(cast.lead, period, {cast.exports: 90, cast.share: 15})


def page_of(person, code="town", query=AUGUST):
    answer = client_of(person).get(f"/units/{code}/{query}")
    assert answer.status_code == 200
    return answer.context["page"], answer.content.decode()


def test_it_shows_rank_composite_coverage_and_each_figure(cast):
    everyone(cast, cast.july, town=10, neighbour=60)
    everyone(cast)
    publish(cast, cast.july)
    publish(cast)
    page, html = page_of(cast.stranger)
    rank = page.ranks[0]
    assert (rank.rank, rank.ranked, rank.movement, rank.is_new) == (1, 2, 1, False)
    assert (page.progress.published, page.progress.coverage) == (Decimal("47.50"), 100)
    assert [one.progress.action for one in page.actions] == [cast.trade, cast.transport]
    exports = page.actions[0].figures[0]
    assert (exports.value, exports.attainment, exports.planned_figure) == (100, Decimal("0.5"), 102)
    assert "against July" in html
    assert "Exports, to date" in html


def test_a_unit_stands_in_several_groups(cast):
    small = RankingGroup.objects.create(code="cities", name_en="Cities", name_zh="市", order=1)
    RankingGroupMember.objects.create(group=small, unit=cast.neighbour)
    everyone(cast)
    publish(cast)
    page, html = page_of(cast.stranger, "neighbour")
    assert {one.group.code: one.rank for one in page.ranks} == {"localities": 2, "cities": 1}
    assert "Cities" in html


def test_past_standings_are_those_of_published_periods(cast):
    everyone(cast, cast.july, town=10, neighbour=60)
    everyone(cast)
    assert page_of(cast.reporter)[0].past == []
    publish(cast, cast.july)
    past = page_of(cast.reporter)[0].past
    assert [(one.period.month, one.ranks) for one in past] == [("2022-07", [2])]
    publish(cast)
    past = page_of(cast.reporter)[0].past
    assert [(one.period.month, one.ranks) for one in past] == [("2022-08", [1]), ("2022-07", [2])]


def test_each_action_says_how_far_it_moved_and_where_it_leads(cast):
    everyone(cast, cast.july, town=40)
    everyone(cast, town=90)
    publish(cast, cast.july)
    publish(cast)
    page, html = page_of(cast.stranger)
    trade, transport = page.actions
    assert (trade.change, transport.change) == (Decimal("12.50"), Decimal("0.00"))
    assert page.change == Decimal("6.25")
    assert trade.projection.share > trade.progress.composite.attainment
    assert transport.projection.low is not None
    assert page.projection is not None
    assert "+6.25 points since July" in html
    assert "Projected, 19 October" in html


def test_what_pulls_a_unit_down_is_named_worst_first_and_adds_up_to_its_gap(cast):
    Action.objects.filter(pk=cast.trade.pk).update(weight=3)
    everyone(cast, town=20)
    publish(cast)
    page, html = page_of(cast.stranger)
    brought = [(one.progress.action, one.contribution.share) for one in page.by_contribution]
    assert [action for action, _share in brought] == [cast.trade, cast.transport]
    whole = page.progress.composite
    assert sum(share for _action, share in brought) == whole.attainment - whole.planned
    assert [one.progress.action for one in page.pulling_down] == [cast.trade, cast.transport]
    assert "Pulled down most by <b>Stable foreign trade</b> (−34.13 points), <b>Transport construction</b>" in html


def test_a_unit_on_its_plan_has_nothing_that_pulls_it_down(cast):
    everyone(cast, town=200)
    approve(cast.town, cast.august, {cast.share: 20, cast.roads: 60})
    assert "No action lies below its plan." in page_of(cast.office)[1]


def test_who_may_not_see_the_whole_is_not_told_what_pulls_it_down(cast):
    everyone(cast, town=20)
    page, html = page_of(cast.other_reviewer)
    assert [one.contribution for one in page.actions] == [None]
    assert "What pulled it down" not in html


def test_ranks_over_time_are_those_of_published_periods(cast):
    everyone(cast, cast.july, town=10, neighbour=60)
    everyone(cast)
    publish(cast, cast.july)
    page, html = page_of(cast.office)
    assert [one.month for one in page.rank_course.periods] == ["2022-07"]
    assert "1 in August" not in html
    publish(cast)
    page, html = page_of(cast.stranger)
    assert page.rank_course.rows == [(cast.town, [2, 1]), (cast.neighbour, [1, 2])]
    assert "Riverside Town: rank 2 in July, 1 in August" in html
    assert page_of(cast.stranger, "lead")[0].rank_course is None


SEES_BEFORE = {
    # whether the composite and rank are seen, and which actions
    "reporter": (True, {"trade", "transport"}),
    "head": (True, {"trade", "transport"}),
    "outsider": (False, set()),
    "outsider_head": (False, set()),
    "reviewer": (False, {"trade"}),
    "other_reviewer": (False, {"transport"}),
    "lead_reporter": (False, set()),
    "office": (True, {"trade", "transport"}),
    "leader": (True, {"trade", "transport"}),
    "administrator": (True, {"trade", "transport"}),
    "stranger": (False, set()),
}


@pytest.mark.parametrize("who", SEES_BEFORE)
def test_before_publication_each_sees_what_is_theirs(cast, who):
    everyone(cast)
    page, html = page_of(getattr(cast, who))
    sees_whole, actions = SEES_BEFORE[who]
    names = {cast.trade.pk: "trade", cast.transport.pk: "transport"}
    assert page.is_disclosed is sees_whole
    assert bool(page.ranks) is sees_whole
    assert {names[one.progress.action.pk] for one in page.actions} == actions
    assert page.past == []
    assert ("47.50" in html) is sees_whole
    assert "August 2022 is not published." in html


@pytest.mark.parametrize("who", SEES_BEFORE)
def test_once_published_everybody_sees_it(cast, who):
    everyone(cast)
    publish(cast)
    page, html = page_of(getattr(cast, who))
    assert page.is_disclosed
    assert len(page.actions) == 2
    assert "not published" not in html


SEES_REPORTS = {
    "reporter": 2,
    "head": 2,
    "outsider": 0,
    "reviewer": 1,
    "other_reviewer": 1,
    "office": 2,
    "leader": 2,
    "administrator": 2,
    "stranger": 0,
}


@pytest.mark.parametrize("who", SEES_REPORTS)
def test_reports_are_shown_to_those_who_may_see_them(cast, who):
    everyone(cast)
    publish(cast)
    page, html = page_of(getattr(cast, who))
    assert sum(one.report is not None for one in page.actions) == SEES_REPORTS[who]
    assert html.count('href="/reports/') - html.count('href="/reports/"') == SEES_REPORTS[who]


def test_a_report_carries_its_status(cast):
    bring_to(cast, "submitted")
    html = page_of(cast.reporter)[1]
    assert f"/reports/{cast.report().pk}/" in html
    assert "to review" in html


def test_its_reporters_find_the_way_to_the_open_period(cast):
    assert f"/reports/{cast.campaign.slug}/2022-08/town/" in page_of(cast.reporter)[1]
    for person, code in ((cast.head, "town"), (cast.outsider, "town"), (cast.office, "town")):
        assert page_of(person, code)[0].fill_period is None


def test_what_is_counted_in_what_is_told_on_both_pages(cast):
    Unit.objects.filter(pk=cast.neighbour.pk).update(counted_in=cast.town)
    assert "counted in the figures of Riverside Town" in page_of(cast.office, "neighbour")[1]
    assert "its figures contain those of Hillside County" in page_of(cast.office, "town")[1]


def test_the_leads_judgement_stands_beside_the_computed_light(cast):
    everyone(cast)
    judge_likelihood(
        action=cast.trade,
        unit=cast.town,
        period=cast.august,
        level="highly_unlikely",
        reason="Two exporters left.",
        next_step="",
        actor=cast.reviewer,
        now=cast.now,
    )
    page, html = page_of(cast.reporter)
    assert page.judged[0].progress.action == cast.trade
    assert "Two exporters left." in html
    assert "Highly unlikely" in html
    publish(cast)
    assert ">Reviewer ·" not in page_of(cast.stranger)[1]


def test_a_unit_that_takes_no_part_says_so(cast):
    assert "This unit does not report in this campaign." in page_of(cast.reporter, "office")[1]


def test_a_unit_without_figures_has_no_rank_and_no_nought(cast):
    page, html = page_of(cast.reporter)
    assert (page.progress.published, page.ranks[0].rank, page.progress.light) == (None, None, "grey")
    assert "no approved figure" in html
    assert "0.00<u>%</u>" not in html


@pytest.mark.parametrize("address", ["/units/nowhere/", "/units/town/?period=2022-13", "/units/town/?campaign=x"])
def test_what_does_not_exist_is_not_found(cast, address):
    assert client_of(cast.office).get(address).status_code == 404
