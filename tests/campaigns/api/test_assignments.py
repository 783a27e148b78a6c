"""Assignments by the API: which unit reports on which action, and when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from campaigns.models import Assignment
from tests.admin_builders import make
from tests.api_calls import costs_the_same, errors_of, must_be_as_described, results, send, table
from tests.api_cast import system
from tests.cast import Cast

URL = "/api/v1/assignments/"
NEW = {"action": "hundred-days/2", "unit": "lead", "starts_on": "2022-08-01", "ends_on": None}


@pytest.fixture
def manager(cast: Cast) -> Client:
    return system("read", "manage")


def test_an_assignment_names_action_and_unit_by_their_keys(manager: Client) -> None:
    answer = send(manager, "POST", URL, NEW)
    assert answer.status_code == 201, answer.content
    assert {name: answer.json()[name] for name in NEW} == NEW
    assert manager.get(answer["Location"])["ETag"] == answer["ETag"]
    must_be_as_described(manager, URL, "PaginatedAssignmentList")


@pytest.mark.parametrize(
    ("fields", "place", "code"),
    [
        ({"colour": "red"}, "/colour", "unknown"),
        ({"action": "hundred-days/9"}, "/action", "does_not_exist"),
        ({"action": "hundred-days"}, "/action", "does_not_exist"),
        ({"action": "hundred-days/x"}, "/action", "does_not_exist"),
        ({"action": 2}, "/action", "invalid"),
        ({"unit": "nowhere"}, "/unit", "does_not_exist"),
        ({"starts_on": "August"}, "/starts_on", "invalid"),
        ({"ends_on": "2022-07-31"}, "/ends_on", "constraint"),
        ({"id": 5}, "/id", "read_only"),
    ],
)
def test_a_wrong_value_is_told_by_its_place(manager: Client, fields: dict[str, Any], place: str, code: str) -> None:
    assert errors_of(send(manager, "POST", URL, {**NEW, **fields})) == {place: code}
    assert Assignment.objects.count() == 5


def test_a_unit_is_assigned_once_and_to_nothing_else(manager: Client) -> None:
    answer = send(manager, "POST", URL, {**NEW, "unit": "town"})
    assert set(errors_of(answer).values()) == {"unique"}
    made = send(manager, "POST", URL, NEW)
    answer = send(manager, "PATCH", made["Location"], {"unit": "town", "action": "hundred-days/1"}, if_match="*")
    assert errors_of(answer) == {"/unit": "fixed", "/action": "fixed"}


def test_an_assignment_ends_with_its_version_and_is_taken_away(manager: Client, cast: Cast) -> None:
    row = Assignment.objects.get(action=cast.trade, unit=cast.lead)
    url = f"{URL}{row.pk}/"
    tag = manager.get(url)["ETag"]
    assert manager.get(url, headers={"if-none-match": tag}).status_code == 304
    assert send(manager, "PATCH", url, {"ends_on": "2022-09-30"}).status_code == 428
    assert send(manager, "PATCH", url, {"ends_on": "2022-09-30"}, if_match=tag).json()["version"] == 2
    assert send(manager, "PATCH", url, {"ends_on": None}, if_match=tag).status_code == 412
    row.refresh_from_db()
    assert row.ends_on == date(2022, 9, 30)
    assert send(manager, "DELETE", url, if_match='"2"').status_code == 204
    assert manager.get(url).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("campaign=hundred-days&action=2", ["town", "neighbour"]),
        ("campaign=hundred-days&action=1&ordering=-unit", ["lead", "neighbour", "town"]),
        ("unit=lead", ["lead"]),
        ("lead=second-lead", ["town", "neighbour"]),
        ("unit=neighbour&on=2022-08-31", ["neighbour"]),
        ("unit=town&on=2022-08-31", ["town", "town"]),
    ],
)
def test_filters_narrow_the_list(manager: Client, cast: Cast, query: str, found: list[str]) -> None:
    Assignment.objects.filter(action=cast.trade, unit=cast.neighbour).update(ends_on=date(2022, 8, 30))
    assert [one["unit"] for one in results(manager.get(f"{URL}?{query}"))] == found


@pytest.mark.parametrize(
    ("query", "place", "code"),
    [
        ("action=1", "/campaign", "required"),
        ("campaign=hundred-days&action=9", "/action", "invalid_choice"),
        ("campaign=hundred-days&action=x", "/action", "invalid_choice"),
        ("campaign=hundred-days&action=99999999999999999999", "/action", "invalid_choice"),
        ("campaign=nowhere&action=1", "/campaign", "invalid_choice"),
        ("on=2022-8-31", "/on", "invalid"),
    ],
)
def test_a_filter_that_names_nothing_is_refused(manager: Client, query: str, place: str, code: str) -> None:
    assert errors_of(manager.get(f"{URL}?{query}")) == {place: code}


def test_as_a_table_and_with_as_few_queries_for_many_as_for_one(manager: Client) -> None:
    row = table(manager.get(f"{URL}?unit=lead&format=csv"))[0]
    assert (row["action"], row["unit"], row["starts_on"]) == ("hundred-days/1", "lead", "")
    assert costs_the_same(manager, URL, lambda: [make(Assignment), make(Assignment)])
