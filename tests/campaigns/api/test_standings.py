"""Standings over the API: the figures of the page, for each caller what the page shows them."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns.operations.judgements import accept_reason
from campaigns.operations.reports import correct_measurement
from campaigns.queries.standings import choose_group, ranking_groups, standings
from tests.api_cast import caller, system
from tests.builders import bring_all_to, close, figure, publish
from tests.campaigns.analysis import approve, more_units, periods_of
from tests.campaigns.api.computed import MOST_QUERIES, ask, must_fit, queries_of, read, refused, table
from tests.cast import Cast, client_of
from units.models import RankingGroup, RankingGroupMember, Unit
from units.permissions import capacities


@pytest.fixture(autouse=True)
def _unthrottled(settings: Any) -> None:
    settings.API_THROTTLE = ""


@pytest.fixture
def august(cast_with_july: Cast) -> Cast:
    """Everybody's figures are approved: the town ahead, the neighbour behind."""
    cast = cast_with_july
    approve(cast.town, cast.august, {cast.exports: 90, cast.share: 15, cast.roads: 45})
    approve(cast.neighbour, cast.august, {cast.exports: 60, cast.share: 13, cast.roads: 20})
    approve(cast.lead, cast.august, {cast.exports: 90, cast.share: 15})
    return cast


def rows(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["unit"]: row for row in told["rows"]}


def test_the_figures_are_those_of_the_page(august: Cast) -> None:
    publish(august)
    told = read(system("read"), "standings")
    periods = periods_of(august)
    period = next(one for one in periods if one.pk == august.august.pk)
    page = standings(
        period,
        periods=periods,
        group=choose_group(ranking_groups(), None),
        person=capacities(august.leader, august.now.date()),
    )
    assert [(row["unit"], row["rank"], row["composite"], row["coverage"], row["light"]) for row in told["rows"]] == [
        (row.unit.code, row.rank, str(row.published), row.coverage, row.light) for row in page.rows
    ]
    assert told["city"]["composite"] == str(page.city.published if page.city else None)
    assert rows(told)["town"]["composite"] == "46.25"
    must_fit(told, "Standings")


def test_an_answer_says_of_what_it_tells(august: Cast) -> None:
    publish(august)
    told = read(system("read"), "standings")
    assert (told["campaign"], told["period"], told["state"]) == ("hundred-days", "hundred-days/2022-08", "published")
    assert (told["group"], told["compared_with"]) == ("localities", "hundred-days/2022-07")
    assert rows(told)["town"]["movement"] == 0


def test_without_a_month_it_is_the_last_published_one(august: Cast) -> None:
    client = system("read")
    assert client.get("/api/v1/standings/").json()["period"] == "hundred-days/2022-07"
    publish(august)
    assert client.get("/api/v1/standings/").json()["period"] == "hundred-days/2022-08"


def test_a_group_ranks_its_own_units(august: Cast) -> None:
    small = RankingGroup.objects.create(code="counties", name_en="Counties", name_zh="县")
    RankingGroupMember.objects.create(group=small, unit=august.neighbour)
    told = rows(read(system("read"), "standings", group="counties"))
    assert {code: (row["rank"], row["is_in_group"]) for code, row in told.items()} == {
        "neighbour": (1, True),
        "town": (None, False),
        "lead": (None, False),
    }


def test_one_action_has_standings_of_its_own(august: Cast) -> None:
    approve(august.neighbour, august.august, {august.roads: 60})
    told = read(system("read"), "standings", action="2")
    assert [(row["unit"], row["rank"], row["composite"]) for row in told["rows"]] == [
        ("neighbour", 1, "60.00"),
        ("town", 2, "45.00"),
    ]
    assert {cell["action"] for row in told["rows"] for cell in row["actions"]} == {"hundred-days/2"}
    assert told["city"]["composite"] == "52.50"


def test_in_one_action_the_light_is_the_one_that_a_reason_lifts(august: Cast) -> None:
    accept_reason(
        action=august.trade, unit=august.neighbour, period=august.august, reason="A typhoon.",
        actor=august.reviewer, now=august.now,
    )  # fmt: skip
    row = rows(read(system("read"), "standings", action="1"))["neighbour"]
    (cell,) = row["actions"]
    assert (row["light"], cell["light"], cell["accepted_reason"]) == ("yellow", "yellow", "A typhoon.")


def test_a_missing_figure_is_null_and_never_nought(august: Cast) -> None:
    approve(august.neighbour, august.august, {august.exports: None, august.share: None, august.roads: None})
    row = rows(read(system("read"), "standings"))["neighbour"]
    assert (row["composite"], row["rank"], row["is_incomplete"], row["light"]) == (None, None, True, "grey")
    assert (row["coverage"], row["gap"]) == (0, None)


def test_a_unit_counted_in_another_is_ranked_and_says_so(august: Cast) -> None:
    Unit.objects.filter(pk=august.neighbour.pk).update(counted_in=august.town)
    row = rows(read(system("read"), "standings"))["neighbour"]
    assert (row["counted_in"], row["rank"]) == ("town", 2)


def test_what_is_made_from_a_corrected_figure_says_so(cast_with_july: Cast) -> None:
    cast = cast_with_july
    bring_all_to(cast, "approved")
    close(cast)
    assert not rows(read(system("read"), "standings"))["town"]["is_corrected"]
    correct_measurement(
        measurement_id=cast.report().measurements.get(indicator=cast.exports).pk, actor=cast.office, now=cast.now,
        figure=figure("91"), reason="Typing.",
    )  # fmt: skip
    told = rows(read(system("read"), "standings"))
    assert (told["town"]["is_corrected"], told["neighbour"]["is_corrected"]) == (True, False)


# --- who sees what ----------------------------------------------------------------------------------------------------

ALL = {"town", "neighbour", "lead"}
SEES_BEFORE = {
    # rows; rows with a composite; rows in action 1 alone; whether the city
    "stranger": (set(), set(), set(), False),
    "reporter": ({"town"}, {"town"}, {"town"}, False),
    "head": ({"town"}, {"town"}, {"town"}, False),
    "outsider": ({"neighbour"}, {"neighbour"}, {"neighbour"}, False),
    "reviewer": (ALL, set(), ALL, False),
    "office": (ALL, ALL, ALL, True),
    "leader": (ALL, ALL, ALL, True),
    "administrator": (ALL, ALL, ALL, True),
    "reads": (ALL, ALL, ALL, True),
    "reads_town": ({"town"}, {"town"}, {"town"}, False),
}


@pytest.mark.parametrize("who", SEES_BEFORE)
def test_before_publication_each_caller_sees_what_is_disclosed(august: Cast, who: str) -> None:
    seen, whole, in_action, sees_city = SEES_BEFORE[who]
    client = caller(who, august)
    told = read(client, "standings")
    assert set(rows(told)) == seen
    assert {code for code, row in rows(told).items() if row["composite"] is not None} == whole
    assert {code for code, row in rows(told).items() if row["rank"]} == whole - {"lead"}
    assert all(row["is_undisclosed"] for code, row in rows(told).items() if code not in whole)
    assert (told["city"] is not None) is sees_city
    assert told["disclosed"]["all"] is sees_city
    assert set(rows(read(client, "standings", action="1"))) == in_action


@pytest.mark.parametrize("who", ["stranger", "reporter", "reviewer", "reads_town"])
def test_once_published_everybody_reads_everything(august: Cast, who: str) -> None:
    publish(august)
    told = read(caller(who, august), "standings")
    assert {code for code, row in rows(told).items() if row["composite"] is not None} == ALL
    assert told["city"] is not None


def test_a_lead_sees_no_standings_of_an_action_that_others_lead(august: Cast) -> None:
    told = read(client_of(august.reviewer), "standings", action="2")
    assert (told["rows"], told["city"]) == ([], None)


# --- asking -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"group": "nonsense"}, ("/group", "invalid_choice")),
        ({"action": "99"}, ("/action", "invalid_choice")),
        ({"action": "x"}, ("/action", "invalid")),
        ({"action": "1\n"}, ("/action", "invalid")),
        ({"period": "2023-01"}, ("/period", "invalid_choice")),
        ({"period": "2022-13"}, ("/period", "invalid")),
        ({"campaign": "nonsense"}, ("/campaign", "invalid_choice")),
        ({"format": "xlsx"}, ("/format", "invalid_choice")),
        ({"unit": "town"}, ("/unit", "unknown")),
    ],
)
def test_what_is_not_known_is_refused(cast: Cast, query: dict[str, str], wrong: tuple[str, str]) -> None:
    assert refused(system("read"), "standings", **query) == wrong


def test_a_month_needs_its_campaign(cast: Cast) -> None:
    assert system("read").get("/api/v1/standings/?period=2022-08").status_code == 400


def test_where_there_is_no_campaign_it_says_so(db: None) -> None:
    answer = system("read").get("/api/v1/standings/")
    assert (answer.status_code, answer.json()["detail"]) == (400, "There is no campaign yet.")


def test_an_answer_that_is_unchanged_is_not_sent_again(august: Cast) -> None:
    client = system("read")
    tag = ask(client, "standings")["ETag"]
    asked = {"campaign": "hundred-days", "period": "2022-08"}
    again = client.get("/api/v1/standings/", asked, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    approve(august.town, august.august, {august.roads: 46})
    assert client.get("/api/v1/standings/", asked, headers={"if-none-match": tag}).status_code == 200


def test_the_table_has_a_line_for_each_unit(august: Cast) -> None:
    client = system("read")
    lines = table(client, "standings")
    assert [(line["unit"], line["rank"], line["composite"]) for line in lines] == [
        (row["unit"], str(row["rank"] or ""), row["composite"]) for row in read(client, "standings")["rows"]
    ]


def test_it_only_reads(cast: Cast) -> None:
    assert client_of(cast.administrator).post("/api/v1/standings/").status_code == 405


def test_more_units_take_no_more_queries(august: Cast) -> None:
    client = system("read")
    counts = [queries_of(client, "standings", group="localities", action="1")]
    more_units(august, 3, august.august)
    counts.append(queries_of(client, "standings", group="localities", action="1"))
    assert counts[0] == counts[1] <= MOST_QUERIES
