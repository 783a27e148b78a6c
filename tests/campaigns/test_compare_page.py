"""Two periods or two units side by side: the figures, what the address says, and who sees what of it."""

from decimal import Decimal
from urllib.parse import urlencode

import pytest

from campaigns.models import Period
from tests.builders import publish
from tests.campaigns.analysis import approve
from tests.cast import client_of

CITY = {"period": "2022-08", "unit": "city"}
UNITS = {"period": "2022-08", "unit": "town", "with_unit": "neighbour"}


def both_months(cast):
    for period, town, neighbour in ((cast.july, 25, 15), (cast.august, 45, 20)):
        for unit, value in ((cast.town, town), (cast.neighbour, neighbour)):
            approve(unit, period, {cast.roads: value})


def published(cast):
    both_months(cast)
    publish(cast, cast.july)
    publish(cast)


def asked(person, **query):
    return client_of(person).get(f"/compare/?{urlencode(query)}")


def compared(person, **query):
    answer = asked(person, **query)
    assert answer.status_code == 200
    return answer.context["shown"].compared, answer.content.decode()


def roads(found, cast):
    """The line of the roads' action: both percents and the difference."""
    line = next(one for one in found.lines if one.action == cast.transport)
    return [one.percent if one else None for one in (line.first, line.second)] + [line.difference]


# --- the figures ----------------------------------------------------------------------------------------------------


def test_without_an_address_it_compares_the_city_with_the_month_before(cast):
    published(cast)
    found, html = compared(cast.stranger)
    assert (found.first.period.month, found.second.period.month) == ("2022-07", "2022-08")
    assert found.second.unit is None
    assert roads(found, cast) == [20, Decimal("32.5"), Decimal("12.50")]
    assert "August against July" in html
    assert "August is higher than July in 1 of 1" in html
    assert "data-chart" in html


def test_the_earlier_period_stands_first_whichever_is_asked_for(cast):
    published(cast)
    found, _html = compared(cast.stranger, period="2022-07", unit="town", with_period="2022-08")
    assert (found.first.period.month, found.second.period.month) == ("2022-07", "2022-08")
    assert roads(found, cast) == [25, 45, Decimal("20.00")]


def test_two_units_stand_beside_each_other_in_one_period(cast):
    published(cast)
    found, html = compared(cast.stranger, **UNITS)
    assert (found.first.unit, found.second.unit) == (cast.neighbour, cast.town)
    assert roads(found, cast) == [20, 45, Decimal("25.00")]
    assert "Riverside Town against Hillside County" in html
    assert "August 2022 · approved figures" in html


def test_a_unit_stands_beside_the_city(cast):
    published(cast)
    found, _html = compared(cast.reporter, period="2022-08", with_unit="city")
    assert (found.first.unit, found.second.unit) == (None, cast.town)
    assert roads(found, cast) == [Decimal("32.5"), 45, Decimal("12.50")]


def test_the_whole_comes_last_and_says_how_much_of_it_has_a_figure(cast):
    published(cast)
    found, html = compared(cast.stranger, period="2022-08", unit="town")
    assert found.rows[-1] == found.whole
    assert (found.whole.second.percent, found.whole.second.coverage) == (45, 50)
    assert "50% covered" in html


def test_where_a_side_has_no_figure_there_is_no_difference(cast):
    approve(cast.town, cast.august, {cast.roads: 45})
    publish(cast, cast.july)
    publish(cast)
    found, html = compared(cast.stranger, period="2022-08", unit="town")
    assert roads(found, cast) == [None, 45, None]
    assert "have no figure in common" in html


# --- what the address says --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ({"unit": "nowhere"}, "unit", "“nowhere” is not one of the choices."),
        ({"with_period": "2022-13"}, "with_period", "“2022-13” is not one of the choices."),
        ({"with_period": "2022-08"}, "with_period", "The same stands on both sides."),
        ({"with_period": "2022-10"}, "with_period", "“2022-10” is not one of the choices."),
        ({"unit": "town", "with_unit": "' OR 1=1"}, "with_unit", "is not one of the choices."),
        ({"unit": "town", "with_unit": "town"}, "with_unit", "The same stands on both sides."),
        ({"unit": "office", "with_unit": "town"}, "unit", "“office” is not one of the choices."),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field(cast, query, field, words):
    published(cast)
    answer = asked(cast.stranger, period="2022-08", **query)
    assert answer.status_code == 400
    assert answer.context["shown"].form.errors.keys() == {field}
    assert words in answer.content.decode().replace("&#x27;", "'")
    assert answer.context["shown"].compared is None


def test_two_periods_and_two_units_at_once_are_told(cast):
    published(cast)
    answer = asked(cast.stranger, **UNITS, with_period="2022-07")
    assert answer.status_code == 400
    assert "Compare two periods or two units, not both at once." in answer.content.decode()


@pytest.mark.parametrize("query", [{"period": "2022-99"}, {"campaign": "nowhere"}])
def test_a_campaign_or_period_that_is_none_is_not_found(cast, query):
    assert asked(cast.stranger, **query).status_code == 404


def test_the_first_period_alone_has_nothing_to_be_compared_with(cast):
    Period.objects.exclude(pk=cast.july.pk).update(state=Period.State.UPCOMING)
    answer = asked(cast.office, period="2022-07")
    assert answer.status_code == 200
    assert "There is nothing to compare with yet." in answer.content.decode()


@pytest.mark.parametrize("page", ["/standings/", "/units/town/", "/actions/hundred-days/2/"])
def test_standings_unit_and_action_lead_here(cast, page):
    published(cast)
    html = client_of(cast.stranger).get(page).content.decode()
    assert 'href="/compare/?campaign=hundred-days&amp;period=2022-08' in html


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_before_publication_a_unit_compares_its_own_months(cast):
    both_months(cast)
    publish(cast, cast.july)
    found, html = compared(cast.reporter, period="2022-08")
    assert found.second.unit == cast.town
    assert roads(found, cast) == [25, 45, Decimal("20.00")]
    assert "August 2022 is not published." in html


@pytest.mark.parametrize("who", ["reporter", "head", "stranger", "lead_head"])
def test_before_publication_the_other_unit_and_the_city_stay_hidden(cast, who):
    both_months(cast)
    for other in ({"with_unit": "neighbour"}, {"with_unit": "city"}):
        found, _html = compared(getattr(cast, who), period="2022-08", unit="town", **other)
        assert found.whole.first is None
        assert [line.first for line in found.lines] == [None] * len(found.lines)


def test_a_published_month_beside_one_that_is_not_shows_its_own_side_alone(cast):
    both_months(cast)
    publish(cast)
    found, html = compared(cast.stranger, **CITY)
    assert roads(found, cast) == [None, Decimal("32.5"), None]
    assert "July 2022 is not published." in html


def test_a_lead_sees_the_actions_that_it_leads(cast):
    both_months(cast)
    found, _html = compared(cast.other_reviewer, **UNITS)
    assert [line.action for line in found.lines] == [cast.transport]
    assert (found.whole.first, found.whole.second) == (None, None)
    assert roads(found, cast) == [20, 45, Decimal("25.00")]


def test_who_sees_nothing_is_told_when_it_appears(cast):
    both_months(cast)
    found, html = compared(cast.stranger, **UNITS)
    assert found.rows == []
    assert "The figures appear here when the period is published." in html


# --- as a file --------------------------------------------------------------------------------------------------------


def exported(person, kind="csv", **query):
    return client_of(person).get(f"/compare/export.{kind}?{urlencode(query)}")


def test_the_file_has_the_rows_of_the_page(cast):
    published(cast)
    lines = b"".join(exported(cast.stranger, **UNITS).streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith('No.,Action,"Hillside County: Attained, %"')
    assert lines[2] == "2,Transport construction,20.00,51.00,-31.00,far behind,45.00,51.00,-6.00,on track,25.00"
    assert lines[3].startswith(",Whole campaign,20.00")
    assert exported(cast.stranger, "xlsx", **UNITS).status_code == 200


def test_the_file_shows_no_more_than_the_page(cast):
    both_months(cast)
    told = b"".join(exported(cast.reporter, **UNITS).streaming_content).decode()
    assert "45.00" in told
    assert "20.00" not in told


def test_a_file_of_what_does_not_fit_leads_to_the_page_that_says_so(cast):
    answer = exported(cast.stranger, unit="nowhere")
    assert (answer.status_code, answer.url) == (302, "/compare/?unit=nowhere")
    assert exported(cast.stranger, "pdf").status_code == 404
