"""Actions by the API: known by campaign and number, with lead and supporting units by their codes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from campaigns.models import Action
from tests.admin_builders import make
from tests.api_calls import costs_the_same, errors_of, must_be_as_described, results, send, table
from tests.api_cast import system
from tests.cast import Cast, client_of
from units.models import Change, Unit

URL = "/api/v1/actions/"
TRADE = f"{URL}hundred-days/1/"
NEW = {
    "campaign": "hundred-days",
    "number": 3,
    "name_en": "Consumption",
    "name_zh": "促消费",
    "weight": "1.50",
    "lead": "lead",
    "supporting": ["second-lead", "town"],
}


@pytest.fixture
def manager(cast: Cast) -> Client:
    return system("read", "manage")


def test_an_action_is_made_and_found_by_campaign_and_number(manager: Client) -> None:
    answer = send(manager, "POST", URL, NEW)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert {name: told[name] for name in NEW} == {**NEW, "supporting": ["town", "second-lead"]}
    assert answer["Location"].endswith("/actions/hundred-days/3/")
    assert manager.get(f"{URL}hundred-days/3/")["ETag"] == answer["ETag"]
    assert manager.get(f"{URL}another/3/").status_code == 404
    must_be_as_described(manager, URL, "PaginatedActionList")


def test_supporting_units_are_written_as_a_whole_and_recorded(manager: Client, cast: Cast) -> None:
    cast.trade.supporting.set([cast.town, cast.neighbour])
    answer = send(manager, "PATCH", TRADE, {"supporting": ["second-lead", "town"]}, if_match='"1"')
    assert (answer.json()["supporting"], answer.json()["version"]) == (["town", "second-lead"], 2)
    (item,) = Change.objects.get(verb="change").items.all()
    before = sorted([cast.town.pk, cast.neighbour.pk])
    assert (item.before["supporting"], item.after["supporting"]) == (before, [cast.town.pk, cast.second_lead.pk])
    assert send(manager, "PATCH", TRADE, {"supporting": []}, if_match="*").json()["supporting"] == []


@pytest.mark.parametrize(
    ("fields", "place", "code"),
    [
        ({"colour": "red"}, "/colour", "unknown"),
        ({"campaign": "nowhere"}, "/campaign", "does_not_exist"),
        ({"campaign": 1}, "/campaign", "invalid"),
        ({"number": "3"}, "/number", "invalid"),
        ({"number": 0}, "/number", "constraint"),
        ({"weight": 1.5}, "/weight", "invalid"),
        ({"weight": "0"}, "/weight", "constraint"),
        ({"lead": "nowhere"}, "/lead", "does_not_exist"),
        ({"supporting": "town"}, "/supporting", "not_a_list"),
        ({"supporting": ["town", "nowhere"]}, "/supporting/1", "does_not_exist"),
        ({"supporting": ["town", "town"]}, "/supporting", "repeated"),
        ({"name_zh": ""}, "/name_zh", "blank"),
        ({"source": "article"}, "/source", "read_only"),
    ],
)
def test_a_wrong_value_is_told_by_its_place(manager: Client, fields: dict[str, Any], place: str, code: str) -> None:
    assert errors_of(send(manager, "POST", URL, {**NEW, **fields})) == {place: code}
    assert Action.objects.count() == 2


def test_a_number_is_given_once_and_stays(manager: Client) -> None:
    answer = send(manager, "POST", URL, {**NEW, "number": 1})
    assert set(errors_of(answer).values()) == {"unique"}
    answer = send(manager, "PATCH", TRADE, {"number": 7, "campaign": "another"}, if_match="*")
    assert errors_of(answer) == {"/number": "fixed", "/campaign": "fixed"}


def test_a_change_says_which_version_it_saw(manager: Client, cast: Cast) -> None:
    tag = manager.get(TRADE)["ETag"]
    assert manager.get(TRADE, headers={"if-none-match": tag}).status_code == 304
    assert send(manager, "PATCH", TRADE, {"weight": "2.00"}).status_code == 428
    assert send(manager, "PATCH", TRADE, {"weight": "2.00"}, if_match='"4"').status_code == 412
    assert send(client_of(cast.office), "PATCH", TRADE, {"weight": "2.00"}, if_match=tag).status_code == 200
    assert send(client_of(cast.reviewer), "PATCH", TRADE, {"weight": "2.00"}, if_match="*").status_code == 403


def test_an_action_on_which_something_hangs_stays(manager: Client) -> None:
    answer = send(manager, "DELETE", TRADE, if_match="*")
    assert (answer.status_code, answer.json()["type"]) == (409, "/api/docs/#problem-in-use")
    send(manager, "POST", URL, NEW)
    assert send(manager, "DELETE", f"{URL}hundred-days/3/", if_match='"1"').status_code == 204


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("campaign=hundred-days", [1, 2]),
        ("campaign=hundred-days&ordering=-number", [2, 1]),
        ("lead=second-lead", [2]),
        ("supporting=neighbour", [1]),
        ("unit=lead", [1]),
        ("unit=town", [1, 2]),
        ("unit=second-lead", []),
    ],
)
def test_filters_narrow_the_list(manager: Client, cast: Cast, query: str, found: list[int]) -> None:
    cast.trade.supporting.set([cast.neighbour])
    assert [one["number"] for one in results(manager.get(f"{URL}?{query}"))] == found


def test_a_filter_that_names_nothing_is_refused(manager: Client) -> None:
    for query in ("campaign=nowhere", "lead=nobody", "number=1", "is_led=true"):
        assert manager.get(f"{URL}?{query}").status_code == 400


def test_as_a_table_and_with_as_few_queries_for_many_as_for_one(manager: Client, cast: Cast) -> None:
    Action.objects.get(pk=cast.trade.pk).supporting.set([cast.town, cast.neighbour])
    row = table(manager.get(f"{URL}?format=csv"))[0]
    assert (row["campaign"], row["number"], row["supporting"]) == ("hundred-days", "1", "town;neighbour")

    def more() -> None:
        for _each in range(3):
            make(Action).supporting.set([make(Unit)])

    assert costs_the_same(manager, URL, more)
