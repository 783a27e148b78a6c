"""Indicators by the API: known by their codes, right as the administration would have them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from campaigns.models import Indicator
from tests.admin_builders import make
from tests.api_calls import costs_the_same, errors_of, must_be_as_described, results, send, table
from tests.api_cast import system
from tests.cast import Cast

URL = "/api/v1/indicators/"
EXPORTS = f"{URL}exports/"
NEW = {
    "action": "hundred-days/2",
    "code": "bridges",
    "name_en": "Bridges opened",
    "name_zh": "通车桥梁",
    "measure_en": "bridges",
    "measure_zh": "座",
    "decimals": 0,
    "minimum": "0",
}


@pytest.fixture
def manager(cast: Cast) -> Client:
    return system("read", "manage")


def test_an_indicator_is_made_and_found_by_its_code(manager: Client) -> None:
    answer = send(manager, "POST", URL, NEW)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert {name: told[name] for name in NEW} == {**NEW, "minimum": "0.0000"}
    assert (told["direction"], told["rollup"], told["rollup_weight"]) == ("higher", "sum", None)
    assert answer["Location"].endswith("/indicators/bridges/")
    must_be_as_described(manager, URL, "PaginatedIndicatorList")


def test_a_weighted_mean_names_another_indicator(manager: Client) -> None:
    weighted = {"rollup": "weighted_mean", "rollup_weight": "exports"}
    answer = send(manager, "PATCH", f"{URL}share/", weighted, if_match="*")
    assert answer.json()["rollup_weight"] == "exports"
    answer = send(manager, "PATCH", EXPORTS, weighted, if_match="*")
    assert errors_of(answer) == {"/rollup_weight": "rule"}
    answer = send(manager, "PATCH", EXPORTS, {"rollup": "weighted_mean"}, if_match="*")
    assert errors_of(answer) == {"/rollup_weight": "constraint"}


@pytest.mark.parametrize(
    ("fields", "place", "code"),
    [
        ({"colour": "red"}, "/colour", "unknown"),
        ({"action": "hundred-days/9"}, "/action", "does_not_exist"),
        ({"code": "exports"}, "/code", "unique"),
        ({"code": "a b"}, "/code", "slug"),
        ({"decimals": 5}, "/decimals", "max_value"),
        ({"decimals": "2"}, "/decimals", "invalid"),
        ({"direction": "sideways"}, "/direction", "invalid_choice"),
        ({"rollup_weight": "nothing"}, "/rollup_weight", "does_not_exist"),
        ({"weight": "-1.00"}, "/weight", "constraint"),
        ({"weight": "1.234"}, "/weight", "max_decimal_places"),
        ({"minimum": 0}, "/minimum", "invalid"),
        ({"maximum": "-5"}, "/maximum", "constraint"),
        ({"is_required": 1}, "/is_required", "invalid"),
        ({"numerator": "Exports"}, "/denominator", "constraint"),
        ({"measure_zh": None}, "/measure_zh", "null"),
    ],
)
def test_a_wrong_value_is_told_by_its_place(manager: Client, fields: dict[str, Any], place: str, code: str) -> None:
    assert errors_of(send(manager, "POST", URL, {**NEW, **fields})) == {place: code}
    assert Indicator.objects.count() == 3


def test_a_change_says_which_version_it_saw_and_the_code_stays(manager: Client) -> None:
    tag = manager.get(EXPORTS)["ETag"]
    assert manager.get(EXPORTS, headers={"if-none-match": tag}).status_code == 304
    assert send(manager, "PATCH", EXPORTS, {"order": 5}).status_code == 428
    assert send(manager, "PATCH", EXPORTS, {"order": 5}, if_match=tag).json()["version"] == 2
    assert send(manager, "PATCH", EXPORTS, {"order": 6}, if_match=tag).status_code == 412
    answer = send(manager, "PATCH", EXPORTS, {"code": "imports", "action": "hundred-days/2"}, if_match="*")
    assert errors_of(answer) == {"/code": "fixed", "/action": "fixed"}


def test_an_indicator_on_which_something_hangs_stays(manager: Client) -> None:
    assert send(manager, "DELETE", EXPORTS, if_match="*").status_code == 409
    send(manager, "POST", URL, NEW)
    assert send(manager, "DELETE", f"{URL}bridges/", if_match='"1"').status_code == 204


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["exports", "share", "roads"]),
        ("campaign=hundred-days&action=1&ordering=-order", ["share", "exports"]),
        ("lead=second-lead", ["roads"]),
        ("unit=lead", ["exports", "share"]),
        ("direction=higher&accumulation=level", ["share"]),
        ("rollup=mean", ["share"]),
        ("attribute=binding", []),
        ("is_required=false", ["roads"]),
        ("asks_growth=true", ["exports"]),
    ],
)
def test_filters_narrow_the_list(manager: Client, query: str, found: list[str]) -> None:
    assert [one["code"] for one in results(manager.get(f"{URL}?{query}"))] == found


def test_as_a_table_and_with_as_few_queries_for_many_as_for_one(manager: Client) -> None:
    row = table(manager.get(f"{URL}?format=csv"))[0]
    assert (row["action"], row["code"], row["maximum"]) == ("hundred-days/1", "exports", "1000.0000")

    def more() -> None:
        for _each in range(3):
            make(Indicator, rollup="weighted_mean", rollup_weight=make(Indicator))

    assert costs_the_same(manager, URL, more)
