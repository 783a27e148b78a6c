"""The actions: the list, the page of one, and the lead's judgement beside the computed light."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import AcceptedReason, Action, Likelihood, Measurement, Target
from campaigns.operations.judgements import accept_reason, judge_likelihood
from tests.builders import publish
from tests.campaigns.analysis import approve, more_units
from tests.cast import client_of
from units.models import Change, Unit

AUGUST = "?period=2022-08"


def address(cast, action=None, part="", query=AUGUST):
    return f"/actions/{cast.campaign.slug}/{(action or cast.transport).number}/{part}{query}"


def roads(cast, town=35, neighbour=50, period=None):
    for unit, figure in ((cast.town, town), (cast.neighbour, neighbour)):
        approve(unit, period or cast.august, {cast.roads: figure})


def page_of(cast, person, action=None, query=AUGUST):
    answer = client_of(person).get(address(cast, action, query=query))
    assert answer.status_code == 200
    return answer.context["page"], answer.content.decode()


# --- the list -------------------------------------------------------------------------------------------------------


def test_the_list_shows_the_city_the_plan_and_the_units_by_light(cast):
    roads(cast, 35, 50)
    publish(cast)
    answer = client_of(cast.stranger).get("/actions/")
    row = next(one for one in answer.context["table"].rows if one.action == cast.transport)
    assert (row.whole.published, row.whole.light) == (Decimal("42.50"), "green")
    assert (row.units.green, row.units.yellow, row.units.red, row.units.grey) == (1, 1, 0, 0)
    page = answer.content.decode()
    assert "Road Bureau" in page
    assert address(cast) in page


def test_before_publication_a_unit_sees_its_own_lights_in_the_list(cast):
    roads(cast, 35, 50)
    answer = client_of(cast.reporter).get(f"/actions/{AUGUST}")
    table = answer.context["table"]
    assert table.shows_own
    assert [row.units for row in table.rows] == [None, None]
    row = next(one for one in table.rows if one.action == cast.transport)
    assert (row.whole.published, row.likelihood) == (Decimal("35.00"), None)
    assert "Light, Riverside Town" in answer.content.decode()


def test_before_publication_a_lead_sees_the_actions_it_leads(cast):
    roads(cast)
    table = client_of(cast.other_reviewer).get(f"/actions/{AUGUST}").context["table"]
    assert [row.whole is not None for row in table.rows] == [False, True]


def test_before_publication_a_stranger_sees_names_alone(cast):
    roads(cast)
    answer = client_of(cast.stranger).get(f"/actions/{AUGUST}")
    assert [row.whole for row in answer.context["table"].rows] == [None, None]
    assert "not published" in answer.content.decode()


@pytest.mark.parametrize("path", ["/actions/", "/actions/hundred-days/2/", "/units/town/"])
def test_the_pages_take_the_same_queries_whatever_the_rows(cast, path):
    roads(cast)
    publish(cast)
    client = client_of(cast.reporter)
    counts = []
    for number in (0, 3):
        more_units(cast, number, cast.august)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 17


# --- the page of one ------------------------------------------------------------------------------------------------


def test_the_page_shows_the_city_against_its_plan(cast):
    roads(cast, 35, 50)
    publish(cast)
    page, html = page_of(cast, cast.stranger)
    assert (page.city.published, page.city.gap) == (Decimal("42.50"), Decimal("-8.50"))
    assert [row.unit for row in page.units] == [cast.neighbour, cast.town]
    figure = page.main
    assert (figure.value, figure.line.target, figure.planned_figure) == (85, 200, 102)
    assert (figure.present, figure.expected) == (2, 2)
    assert page.days_left == 46
    assert "planned 51.0%" in html


def test_the_page_says_where_it_leads_and_what_every_day_must_bring(cast):
    roads(cast, 17, 17, cast.july)
    roads(cast, 35, 50)
    publish(cast, cast.july)
    publish(cast)
    page, html = page_of(cast, cast.stranger)
    told = page.main.forecast
    assert (str(told.projected), str(told.low), str(told.high)) == ("166.67", "165.82", "167.97")
    assert (str(told.required_rate), str(told.rate), str(told.shortfall)) == ("2.3469", "1.6667", "33.33")
    assert page.projection.share == Fraction(5, 6)
    assert (page.change, page.target_on) == (Decimal("25.50"), cast.campaign.ends_on)
    for words in ("Projected, 19 October", "band 83–84%", "short by 33", "now 1.67", "+25.5 points since July"):
        assert words in html
    assert "at this rate 83% by 19 October" in html


def test_without_a_figure_nothing_is_projected(cast):
    page, html = page_of(cast, cast.office)
    assert (page.projection, page.change, page.main.forecast) == (None, None, None)
    assert "Projected, 19 October" not in html
    assert "Days left" in html


def test_a_unit_sees_where_its_own_way_leads_before_publication(cast):
    roads(cast, 17, 17, cast.july)
    roads(cast, 35, 50)
    page, html = page_of(cast, cast.reporter)
    assert str(page.main.forecast.projected) == "68.63"
    assert page.projection.share == Fraction(35, 51)
    assert page.change == Decimal("18.00")
    assert "Projected, 19 October" in html


def test_a_month_that_is_not_published_is_neither_compared_with_nor_carried_on(cast):
    roads(cast, 17, 17, cast.july)
    roads(cast, 35, 50)
    publish(cast)
    page, _html = page_of(cast, cast.stranger)
    assert (page.city.published, page.change, page.projection) == (Decimal("42.50"), None, None)
    assert {row.change for row in page.units} == {None}
    own = next(row for row in page_of(cast, cast.reporter)[0].units if row.is_own)
    assert own.change == Decimal("18.00")


def test_each_unit_says_how_far_it_moved_and_the_growth_that_it_entered(cast):
    for period, exports in ((cast.july, 40), (cast.august, 90)):
        approve(cast.town, period, {cast.exports: exports, cast.share: 15})
    Measurement.objects.filter(indicator=cast.exports, report__period=cast.august).update(growth=Decimal("-3.5"))
    page, html = page_of(cast, cast.office, cast.trade)
    town = next(row for row in page.units if row.unit == cast.town)
    assert (town.change, town.grown.indicator) == (Decimal("12.50"), cast.exports)
    assert "+12.5 points since July" in html
    assert "−3.50% year on year" in html


def test_a_partial_city_figure_says_how_many_units_are_in(cast):
    roads(cast, 35, None)
    page, html = page_of(cast, cast.office)
    assert (page.main.value, page.main.is_partial, page.whole.percent) == (35, True, None)
    assert "1 of 2 units" in html
    assert "no complete figure yet" in html


def test_the_way_to_the_target_has_a_table_twin(cast):
    roads(cast, 17, 17, cast.july)
    roads(cast, 35, 50)
    publish(cast, cast.july)
    page, html = page_of(cast, cast.office)
    points = [(point.period.month, point.attained) for point in page.chart.periods]
    assert [float(share) if share is not None else None for _month, share in points] == [0.17, 0.425, None, None]
    assert [round(float(point.planned), 2) for point in page.chart.points] == [0, 0.2, 0.51, 0.81, 1]
    assert "42.5% attained by 31 August, 51.0% planned" in html
    assert "data-chart" in html
    assert "42.50%" in html
    assert "charts.js" in html


def test_periods_that_are_not_published_stay_out_of_the_picture(cast):
    roads(cast, 17, 17, cast.july)
    roads(cast, 35, 50)
    publish(cast)
    page, _html = page_of(cast, cast.stranger)
    assert [point.attained is not None for point in page.chart.periods] == [False, True, False, False]
    assert page.since is None


def test_a_warning_says_since_when(cast):
    roads(cast, 5, 5, cast.july)
    roads(cast, 20, 20)
    publish(cast, cast.july)
    page, html = page_of(cast, cast.office)
    assert (page.city.light, page.since) == ("red", cast.july)
    assert "since July" in html


def test_before_publication_a_unit_sees_its_own_way_alone(cast):
    roads(cast, 35, 50)
    judge_likelihood(
        action=cast.transport,
        unit=None,
        period=cast.august,
        level="unlikely",
        reason="The city waits for steel.",
        next_step="",
        actor=cast.other_reviewer,
        now=cast.now,
    )
    page, html = page_of(cast, cast.reporter)
    assert (page.city, page.subject) == (None, cast.town)
    assert [row.unit for row in page.units] == [cast.town]
    assert (page.main.value, page.whole.published) == (35, Decimal("35.00"))
    assert page.likelihood is None
    assert "The city waits for steel." not in html
    assert "/units/neighbour/" not in html


def test_before_publication_a_stranger_sees_nothing_of_it(cast):
    roads(cast)
    page, html = page_of(cast, cast.stranger)
    assert (page.city, page.units, page.figures, page.chart) == (None, [], [], None)
    assert "Nothing to show yet." in html


def test_what_is_counted_elsewhere_and_scope_notes_are_told(cast):
    Unit.objects.filter(pk=cast.neighbour.pk).update(counted_in=cast.town)
    Target.objects.filter(indicator=cast.roads, unit=cast.town).update(scope_note_en="With the county’s roads.")
    cast.roads.scope_note_en = "Roads that are open to traffic."
    cast.roads.save()
    roads(cast)
    html = page_of(cast, cast.office)[1]
    assert "Hillside County is counted in the figures of Riverside Town and adds nothing to the city’s." in html
    assert "Roads that are open to traffic." in html
    assert "With the county’s roads." in page_of(cast, cast.reporter)[1]


def test_the_neighbouring_actions_are_one_click_away(cast):
    page, html = page_of(cast, cast.office)
    assert (page.previous_action, page.next_action) == (cast.trade, None)
    assert address(cast, cast.trade) in html


def test_an_unknown_action_is_not_found(cast):
    client = client_of(cast.office)
    assert client.get(f"/actions/{cast.campaign.slug}/99/").status_code == 404
    assert client.get("/actions/nowhere/1/").status_code == 404
    assert client.get(address(cast, query="?period=2022-99")).status_code == 404


def test_an_action_without_indicators_says_so(cast):
    Action.objects.create(campaign=cast.campaign, number=3, name_en="Safety", name_zh="安全", lead=cast.lead)
    answer = client_of(cast.office).get(f"/actions/{cast.campaign.slug}/3/")
    assert answer.status_code == 200
    assert "Nothing to show yet." in answer.content.decode()


# --- judging --------------------------------------------------------------------------------------------------------

JUDGEMENT = {"unit": "city", "level": "unlikely", "reason": "Orders fell.", "next_step": "Visit ten firms."}


def test_the_lead_judges_the_city_beside_the_light(cast):
    roads(cast, 50, 50)
    client = client_of(cast.other_reviewer)
    answer = client.post(address(cast, part="judge/"), JUDGEMENT, follow=True)
    row = Likelihood.objects.get()
    assert (row.unit, row.level, row.judged_by, row.period) == (None, "unlikely", cast.other_reviewer, cast.august)
    assert Change.objects.filter(verb="judge_likelihood").count() == 1
    html = answer.content.decode()
    assert "Your judgement stands beside the computed light." in html
    assert "Orders fell." in html
    assert answer.context["page"].city.light == "green", "never merged with the light"


def test_the_lead_judges_one_unit(cast):
    client = client_of(cast.other_reviewer)
    client.post(address(cast, part="judge/"), {**JUDGEMENT, "unit": "town"})
    client.post(address(cast, part="judge/"), {**JUDGEMENT, "unit": "town", "level": "likely"})
    row = Likelihood.objects.get()
    assert (row.unit, row.level, row.version) == (cast.town, "likely", 2)
    form = client.get(address(cast, query=f"{AUGUST}&judge=town")).context["judging"]
    assert form.initial == {
        "unit": "town",
        "level": "likely",
        "reason": "Orders fell.",
        "next_step": "Visit ten firms.",
    }


@pytest.mark.parametrize("who", ["reporter", "head", "reviewer", "office", "leader", "administrator", "stranger"])
@pytest.mark.parametrize("part", ["judge/", "accept-reason/", "withdraw-reason/"])
def test_nobody_else_judges(cast, who, part):
    roads(cast)
    answer = client_of(getattr(cast, who)).post(address(cast, part=part), {**JUDGEMENT, "unit": "town"})
    assert answer.status_code == 403
    assert not Likelihood.objects.exists()
    assert not AcceptedReason.objects.exists()


@pytest.mark.parametrize("who", ["reporter", "reviewer", "office", "leader"])
def test_nobody_else_sees_the_forms(cast, who):
    roads(cast)
    assert "Judge a likelihood" not in page_of(cast, getattr(cast, who))[1]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"level": ""}, "level"),
        ({"level": "certain"}, "level"),
        ({"reason": "   "}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"reason": "a\x00b"}, "reason"),
        ({"next_step": "x" * 2001}, "next_step"),
        ({"unit": "lead"}, "unit"),
        ({"unit": "' OR 1=1"}, "unit"),
        ({"unit": ""}, "unit"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_what_was_typed_is_kept(cast, wrong, field):
    answer = client_of(cast.other_reviewer).post(address(cast, part="judge/"), {**JUDGEMENT, **wrong})
    assert answer.status_code == 400
    assert answer.context["judging"].errors.keys() == {field}
    assert not Likelihood.objects.exists()
    assert "Visit ten firms." in answer.content.decode() or field == "next_step"
    assert '<details class="write" id="judge" open>' in answer.content.decode()


def test_a_period_that_has_not_begun_cannot_be_judged(cast):
    answer = client_of(cast.other_reviewer).post(f"/actions/{cast.campaign.slug}/2/judge/?period=2022-10", JUDGEMENT)
    assert answer.status_code == 400
    html = answer.content.decode()
    assert "The period has not begun yet." in html
    assert "Orders fell." in html


def test_the_lead_accepts_and_withdraws_a_reason(cast):
    roads(cast, 35, 50)
    client = client_of(cast.other_reviewer)
    answer = client.post(
        address(cast, part="accept-reason/"), {"unit": "town", "reason": "The bridge was flooded."}, follow=True
    )
    page = answer.context["page"]
    row = next(one for one in page.units if one.unit == cast.town)
    assert (row.progress.computed, row.progress.light) == ("yellow", "green")
    assert "The bridge was flooded." in answer.content.decode()
    answer = client.post(address(cast, part="withdraw-reason/"), {"unit": "town"}, follow=True)
    assert not AcceptedReason.objects.exists()
    again = client.post(address(cast, part="withdraw-reason/"), {"unit": "town"}, follow=True)
    assert "It may have been withdrawn already." in again.content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"unit": "neighbour"}, "unit"), ({"reason": ""}, "reason"), ({"reason": "x" * 2001}, "reason")],
)
def test_a_reason_is_for_a_unit_that_is_behind(cast, wrong, field):
    roads(cast, 35, 50)
    answer = client_of(cast.other_reviewer).post(
        address(cast, part="accept-reason/"), {"unit": "town", "reason": "Flood.", **wrong}
    )
    assert answer.status_code == 400
    assert answer.context["accepting"].errors.keys() == {field}
    assert not AcceptedReason.objects.exists()


def test_the_forms_cannot_be_had_by_a_link(cast):
    client = client_of(cast.other_reviewer)
    for part in ("judge/", "accept-reason/", "withdraw-reason/"):
        assert client.get(address(cast, part=part)).status_code == 405
    assert client.get(address(cast, query=f"{AUGUST}&judge=nobody")).status_code == 404


def test_who_judged_is_named_to_those_who_may_know(cast):
    roads(cast)
    for unit in (None, cast.town):
        judge_likelihood(
            action=cast.transport,
            unit=unit,
            period=cast.august,
            level="likely",
            reason="Well.",
            next_step="",
            actor=cast.other_reviewer,
            now=cast.now,
        )
    accept_reason(
        action=cast.transport,
        unit=cast.town,
        period=cast.august,
        reason="Flood.",
        actor=cast.other_reviewer,
        now=cast.now,
    )
    publish(cast)
    times = {who: page_of(cast, getattr(cast, who))[1].count("Other Reviewer") for who in ("office", "leader", "head")}
    assert times == {"office": 2, "leader": 2, "head": 1}, "a unit's head reads who judged the own unit"
    html = page_of(cast, cast.stranger)[1]
    assert "Other Reviewer" not in html
    assert "Flood." in html, "an accepted reason stays visible"


def test_an_action_that_will_be_missed_is_never_called_enough_for_its_target(cast):
    """One indicator makes it at this rate, the other does not: the projection is that of the action."""
    for unit in (cast.town, cast.neighbour, cast.lead):
        approve(unit, cast.july, {cast.exports: 60, cast.share: 11, cast.roads: 50})
    publish(cast, cast.july)
    page, html = page_of(cast, cast.leader, cast.trade, query="?period=2022-07")
    assert page.main.indicator == cast.exports
    assert page.main.forecast.shortfall == 0
    assert page.projection.share < 1
    assert "enough for the target" not in html
    assert "enough for the target" in page_of(cast, cast.leader, query="?period=2022-07")[1]
