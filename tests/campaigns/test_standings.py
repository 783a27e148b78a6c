"""The standings: ranks and movement, who sees what before publication, and the page that shows them."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Action, Assignment, Campaign, Indicator, Period
from campaigns.operations.judgements import accept_reason
from campaigns.operations.reports import correct_measurement
from campaigns.queries.standings import choose_group, ranking_groups, standings
from tests.builders import bring_all_to, close, figure, publish
from tests.campaigns.analysis import approve, more_units, periods_of
from tests.cast import client_of
from units.models import RankingGroup, RankingGroupMember, Unit
from units.permissions import capacities

LOCALITIES = ("town", "neighbour")


def full(cast, unit, period=None, *, exports=90, share=15, roads=45):
    values = {cast.exports: exports, cast.share: share}
    approve(unit, period or cast.august, values if unit == cast.lead else {**values, cast.roads: roads})


def everyone(cast, period=None):
    full(cast, cast.town, period, exports=100)
    full(cast, cast.neighbour, period, exports=60)
    full(cast, cast.lead, period)


def table_for(cast, person, period=None, group=None):
    periods = periods_of(cast)
    chosen = next(one for one in periods if one.pk == (period or cast.august).pk)
    groups = ranking_groups()
    return standings(
        chosen,
        periods=periods,
        group=choose_group(groups, group),
        person=capacities(person, cast.now.date()),
    )


def rows(table):
    return {row.unit.code: row for row in (*table.ranked, *table.others)}


# --- ranks ----------------------------------------------------------------------------------------------------------


def test_units_are_ranked_by_their_composite_and_departments_stand_apart(cast):
    everyone(cast)
    table = table_for(cast, cast.office)
    assert [(row.unit.code, row.rank) for row in table.ranked] == [("town", 1), ("neighbour", 2)]
    assert [row.unit.code for row in table.departments] == ["lead"]
    assert rows(table)["lead"].rank is None
    assert table.localities == []


def test_equal_figures_share_the_better_rank(cast):
    full(cast, cast.town)
    full(cast, cast.neighbour)
    third = more_units(cast, 1, cast.august)[0]
    full(cast, third, exports=10)
    assert [row.rank for row in table_for(cast, cast.office).ranked] == [1, 1, 3]


def test_a_unit_that_lacks_figures_is_listed_without_a_rank(cast):
    full(cast, cast.town, exports=60)
    full(cast, cast.neighbour, exports=100, roads=None)
    first, last = table_for(cast, cast.office).ranked
    assert (first.unit, first.rank) == (cast.town, 1)
    assert (last.unit, last.rank, last.is_incomplete, last.coverage) == (cast.neighbour, None, True, 50)


def test_the_campaign_says_how_much_coverage_a_rank_needs(cast):
    Campaign.objects.filter(pk=cast.campaign.pk).update(minimum_coverage=50)
    full(cast, cast.town, exports=60)
    full(cast, cast.neighbour, exports=100, share=None, roads=90)
    assert [row.unit.code for row in table_for(cast, cast.office).ranked if row.rank] == ["neighbour", "town"]


def test_movement_is_against_the_published_period_before(cast):
    full(cast, cast.town, cast.july, exports=10)
    full(cast, cast.neighbour, cast.july, exports=60)
    everyone(cast)
    assert rows(table_for(cast, cast.office))["town"].movement is None, "July is not published"
    publish(cast, cast.july)
    table = table_for(cast, cast.office)
    assert (rows(table)["town"].movement, rows(table)["neighbour"].movement) == (1, -1)
    assert table.previous == cast.july


def test_a_unit_without_an_earlier_rank_is_new(cast):
    full(cast, cast.neighbour, cast.july)
    publish(cast, cast.july)
    everyone(cast)
    town = rows(table_for(cast, cast.office))["town"]
    assert (town.movement, town.is_new) == (None, True)


def test_a_group_ranks_its_own_units_alone(cast):
    small = RankingGroup.objects.create(code="counties", name_en="Counties", name_zh="县")
    RankingGroupMember.objects.create(group=small, unit=cast.neighbour)
    everyone(cast)
    table = table_for(cast, cast.office, group="counties")
    assert [(row.unit.code, row.rank) for row in table.ranked] == [("neighbour", 1)]
    assert [row.unit.code for row in table.localities] == ["town"]
    assert table_for(cast, cast.office).group.group.code == "localities", "the largest group is the default"


def test_a_unit_that_is_counted_in_another_is_ranked_and_shown(cast):
    Unit.objects.filter(pk=cast.neighbour.pk).update(counted_in=cast.town)
    everyone(cast)
    table = table_for(cast, cast.office)
    assert rows(table)["neighbour"].rank == 2
    assert table.counted_elsewhere == [cast.neighbour]
    assert table.city.actions[cast.transport.pk].indicators[0].value == 45


# --- who sees what --------------------------------------------------------------------------------------------------

ALL = {"town", "neighbour", "lead"}
SEES_BEFORE = {
    # rows; rows with composite and rank; actions seen of the neighbour; whether the city is seen
    "reporter": ({"town"}, {"town"}, set(), False),
    "head": ({"town"}, {"town"}, set(), False),
    "outsider": ({"neighbour"}, {"neighbour"}, {"trade", "transport"}, False),
    "reviewer": (ALL, set(), {"trade"}, False),
    "other_reviewer": ({"town", "neighbour"}, set(), {"transport"}, False),
    "lead_reporter": ({"lead"}, {"lead"}, set(), False),
    "office": (ALL, ALL, {"trade", "transport"}, True),
    "leader": (ALL, ALL, {"trade", "transport"}, True),
    "administrator": (ALL, ALL, {"trade", "transport"}, True),
    "stranger": (set(), set(), set(), False),
}


def actions_seen(cast, table, code):
    names = {cast.trade.pk: "trade", cast.transport.pk: "transport"}
    row = rows(table).get(code)
    return {names[one.progress.action.pk] for one in row.cells if one.progress} if row else set()


@pytest.mark.parametrize("who", SEES_BEFORE)
def test_before_publication_each_sees_what_is_theirs(cast, who):
    everyone(cast)
    table = table_for(cast, getattr(cast, who))
    seen, whole, of_neighbour, sees_city = SEES_BEFORE[who]
    assert set(rows(table)) == seen
    assert {code for code, row in rows(table).items() if row.published is not None} == whole
    assert {code for code, row in rows(table).items() if row.rank} == whole & set(LOCALITIES)
    assert actions_seen(cast, table, "neighbour") == of_neighbour
    assert (table.city is not None) is sees_city
    assert all(row.light == "grey" for code, row in rows(table).items() if code not in whole)


@pytest.mark.parametrize("who", SEES_BEFORE)
def test_once_published_everybody_sees_everything(cast, who):
    everyone(cast)
    publish(cast)
    table = table_for(cast, getattr(cast, who))
    assert set(rows(table)) == ALL
    assert all(row.published is not None for row in rows(table).values())
    assert actions_seen(cast, table, "neighbour") == {"trade", "transport"}
    assert table.city is not None


@pytest.mark.parametrize("who", SEES_BEFORE)
def test_the_page_shows_no_figure_that_the_table_withholds(cast, who):
    """Figures that nobody else has, looked for in the page itself."""
    full(cast, cast.town, exports="72.22", share="13.11", roads=81)
    full(cast, cast.neighbour, exports="33.33", share="17.77", roads=64)
    full(cast, cast.lead)
    page = client_of(getattr(cast, who)).get("/standings/?period=2022-08").content.decode()
    seen, whole, of_neighbour, _city = SEES_BEFORE[who]
    assert ("57.30" in page) is ("town" in whole)  # its composite: ((36.11 + 31.1) / 2 + 81) / 2
    assert ('">64.0</a>' in page) is ("transport" in of_neighbour)
    assert ('">47.2</a>' in page) is ("trade" in of_neighbour)  # (16.665 + 77.7) / 2
    assert ("/units/neighbour/" in page) is ("neighbour" in seen)


# --- the page -------------------------------------------------------------------------------------------------------


def test_the_page_takes_twelve_queries_whatever_the_rows(cast):
    everyone(cast)
    client = client_of(cast.reporter)
    publish(cast)
    counts = []
    for number in (0, 3):
        more_units(cast, number, cast.august)
        with CaptureQueriesContext(connection) as caught:
            answer = client.get("/standings/")
        assert answer.status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 12


def test_more_actions_take_no_more_queries(cast, django_assert_num_queries):
    client = client_of(cast.reporter)
    everyone(cast)
    client.get("/standings/")
    with CaptureQueriesContext(connection) as caught:
        client.get("/standings/?period=2022-08")
    for number in (3, 4):
        action = Action.objects.create(
            campaign=cast.campaign, number=number, name_en=f"Action {number}", name_zh=f"行动{number}", lead=cast.lead
        )
        Indicator.objects.create(
            action=action, code=f"more-{number}", name_en="More", name_zh="更多", measure_en="km", measure_zh="公里"
        )
        Assignment.objects.create(action=action, unit=cast.town)
    with django_assert_num_queries(len(caught)):
        client.get("/standings/?period=2022-08")


def test_without_an_address_the_last_published_period_is_shown(cast_with_july):
    answer = client_of(cast_with_july.reporter).get("/standings/")
    assert answer.context["table"].period.month == "2022-07"
    assert b"Standings, July" in answer.content


@pytest.mark.parametrize(
    "query", ["group=nonsense", "period=2022-13", "period=x", "campaign=x", "campaign=hundred-days&period=2023-01"]
)
def test_an_unknown_group_period_or_campaign_is_not_found(cast, query):
    assert client_of(cast.reporter).get(f"/standings/?{query}").status_code == 404


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("reporter", "You see your own row."),
        ("reviewer", "You see the actions that your department leads."),
        ("office", "You see everything that is approved so far"),
        ("stranger", "Its figures appear here when the campaign office publishes it."),
    ],
)
def test_an_unpublished_period_says_what_is_shown(cast, who, words):
    page = client_of(getattr(cast, who)).get("/standings/?period=2022-08").content.decode()
    assert "August 2022 is not published." in page
    assert words in page


def test_a_published_period_needs_no_such_words(cast):
    publish(cast)
    assert "not published" not in client_of(cast.reporter).get("/standings/?period=2022-08").content.decode()


def test_the_own_row_is_marked(cast):
    everyone(cast)
    publish(cast)
    page = client_of(cast.reporter).get("/standings/").content.decode()
    own = page[page.index('<tr class="me">') :]
    assert own.index("/units/town/") < own.index("</tr>")
    assert page.count('<tr class="me">') == 1


def test_cells_lead_to_the_action_and_rows_to_the_unit(cast):
    everyone(cast)
    publish(cast)
    page = client_of(cast.reporter).get("/standings/").content.decode()
    assert f"/actions/{cast.campaign.slug}/{cast.transport.number}/?period=2022-08#town" in page
    assert f"/units/town/?campaign={cast.campaign.slug}&amp;period=2022-08" in page


def test_the_legend_names_the_thresholds_of_the_campaign(cast):
    client = client_of(cast.office)
    assert "On track: 80% of the plan or more" in client.get("/standings/").content.decode()
    Campaign.objects.filter(pk=cast.campaign.pk).update(green_from=Decimal("82.5"))
    page = client.get("/standings/").content.decode()
    assert "On track: 82.5% of the plan or more" in page
    assert "Behind: 60–82.5%" in page
    Campaign.objects.filter(pk=cast.campaign.pk).update(light_method="points_behind")
    assert "On track: less than 10 points behind the plan" in client.get("/standings/").content.decode()


def test_a_lifted_light_and_a_corrected_figure_are_marked(cast):
    bring_all_to(cast, "approved")
    accept_reason(
        action=cast.trade,
        unit=cast.town,
        period=cast.august,
        reason="Flood.",
        actor=cast.reviewer,
        now=cast.now,
    )
    client = client_of(cast.office)
    before = client.get("/standings/?period=2022-08").content.decode()
    assert "made from a corrected figure" not in before
    close(cast)
    measured = cast.report().measurements.get(indicator=cast.exports)
    correct_measurement(
        measurement_id=measured.pk, actor=cast.office, now=cast.now, figure=figure("90.01"), reason="Typing."
    )
    page = client.get("/standings/?period=2022-08").content.decode()
    assert "made from a corrected figure" in page
    row = rows(table_for(cast, cast.office))["town"]
    assert row.is_corrected
    lifted = next(one.progress for one in row.cells if one.progress.action == cast.trade)
    assert (lifted.computed, lifted.light) == ("red", "yellow")
    assert "accepted reason, lifted one step" in page


def test_samples_wear_their_badge(cast):
    client = client_of(cast.reporter)
    assert '<span class="sample">' not in client.get("/standings/").content.decode()
    Action.objects.filter(pk=cast.trade.pk).update(source="sample")
    assert '<span class="sample">' in client.get("/standings/").content.decode()


def test_it_reads_in_chinese(cast):
    everyone(cast)
    publish(cast)
    answer = client_of(cast.reporter, headers={"accept-language": "zh-hans"}).get("/standings/")
    page = answer.content.decode()
    assert "河畔市" in page
    assert "全部县（市、区）" in page
    assert '<html lang="zh-Hans"' in page


def test_an_installation_without_a_campaign_says_so(db, django_user_model):
    person = django_user_model.objects.create(username="first", name="First")
    answer = client_of(person).get("/standings/")
    assert answer.status_code == 200
    assert b"There is no campaign yet." in answer.content


def test_an_upcoming_period_has_not_begun(cast):
    page = client_of(cast.office).get("/standings/?period=2022-10").content.decode()
    assert Period.objects.get(pk=cast.october.pk).state == "upcoming"
    assert "October 2022 has not begun." in page


def test_the_page_only_reads(cast):
    assert client_of(cast.office).post("/standings/").status_code == 405
