"""Targets by the API: confirmed where they lie against the direction, with a trajectory that is written as a whole."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from campaigns.models import Indicator, Target, TrajectoryPoint
from tests.admin_builders import make
from tests.api_calls import costs_the_same, errors_of, must_be_as_described, results, send, table
from tests.api_cast import system
from tests.cast import Cast
from units.models import Change, Source

URL = "/api/v1/targets/"
JULY, AUGUST = {"on": "2022-07-31", "value": "20.0000"}, {"on": "2022-08-31", "value": "55.5000"}
NEW = {"indicator": "roads", "unit": "lead", "baseline": "0", "target": "40", "trajectory": [JULY, AUGUST]}


@pytest.fixture
def manager(cast: Cast) -> Client:
    return system("read", "manage")


@pytest.fixture
def target(cast: Cast) -> Target:
    """The town's exports, 0 to 200, with two planned figures."""
    row = Target.objects.get(indicator=cast.exports, unit=cast.town)
    for day, value in ((date(2022, 7, 31), 20), (date(2022, 8, 31), 90)):
        TrajectoryPoint.objects.create(target=row, on=day, value=value, source=Source.SAMPLE)
    return row


def change(client: Client, target: Target, **fields: Any) -> Any:
    return send(client, "PATCH", f"{URL}{target.pk}/", fields, if_match="*")


def test_a_target_is_made_with_its_trajectory(manager: Client) -> None:
    answer = send(manager, "POST", URL, {**NEW, "trajectory": [AUGUST, JULY]})
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["indicator"], told["unit"], told["target"]) == ("roads", "lead", "40.0000")
    assert told["trajectory"] == [JULY, AUGUST]
    assert manager.get(answer["Location"])["ETag"] == answer["ETag"]
    kinds = [one.object_type for one in Change.objects.get(verb="add").items.order_by("pk")]
    assert kinds == ["campaigns.target", "campaigns.trajectorypoint", "campaigns.trajectorypoint"]
    must_be_as_described(manager, URL, "PaginatedTargetList")


def test_no_unit_is_the_city_which_has_one_target_of_an_indicator(manager: Client) -> None:
    assert send(manager, "POST", URL, {**NEW, "unit": None}).json()["unit"] is None
    assert errors_of(send(manager, "POST", URL, {**NEW, "unit": None})) == {"/indicator": "unique"}
    without = {name: value for name, value in NEW.items() if name != "unit"}
    assert errors_of(send(manager, "POST", URL, without)) == {"/unit": "required"}
    assert set(errors_of(send(manager, "POST", URL, {**NEW, "unit": "town"})).values()) == {"unique"}


@pytest.mark.parametrize(
    ("direction", "target", "wrong", "right"),
    [("higher", "-5", ["", "ceiling"], "floor"), ("lower", "5", ["", "floor"], "ceiling")],
)
def test_a_target_against_the_direction_must_be_confirmed(
    manager: Client, cast: Cast, direction: str, target: str, wrong: list[str], right: str
) -> None:
    Indicator.objects.filter(pk=cast.roads.pk).update(direction=direction)
    given = {**NEW, "target": target}
    for confirmed_as in wrong:
        assert errors_of(send(manager, "POST", URL, {**given, "confirmed_as": confirmed_as})) == {
            "/confirmed_as": "rule"
        }
    assert send(manager, "POST", URL, {**given, "confirmed_as": right}).json()["confirmed_as"] == right


def test_a_trajectory_is_replaced_as_a_whole_and_what_stays_is_untouched(manager: Client, target: Target) -> None:
    kept = target.trajectory.get(on=date(2022, 7, 31))
    september = {"on": "2022-09-30", "value": "150.0000"}
    answer = change(manager, target, trajectory=[JULY, september])
    assert (answer.json()["trajectory"], answer.json()["version"]) == ([JULY, september], 2)
    assert target.trajectory.get(on=date(2022, 7, 31)).pk == kept.pk
    items = Change.objects.get(verb="change").items.all()
    told = {((one.before or one.after)["on"], one.before is None, one.after is None) for one in items}
    assert told == {("2022-08-31", False, True), ("2022-09-30", True, False)}


def test_another_figure_on_the_same_day_is_entered(manager: Client, target: Target) -> None:
    change(manager, target, trajectory=[JULY, {"on": "2022-08-31", "value": "95"}])
    point = target.trajectory.get(on=date(2022, 8, 31))
    assert (point.value, point.source) == (95, "entered")
    (item,) = Change.objects.get(verb="change").items.all()
    assert (item.before["value"], item.after["value"]) == ("90.0000", "95.0000")


def test_what_is_sent_back_as_it_was_read_changes_nothing(manager: Client, target: Target) -> None:
    whole = manager.get(f"{URL}{target.pk}/").json()
    assert send(manager, "PATCH", f"{URL}{target.pk}/", whole, if_match='"1"').json() == whole
    assert change(manager, target, baseline="0").json()["version"] == 1
    assert change(manager, target, trajectory=[]).json()["trajectory"] == []
    assert not target.trajectory.exists()


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"colour": "red"}, {"/colour": "unknown"}),
        ({"indicator": "nothing"}, {"/indicator": "does_not_exist"}),
        ({"unit": 5}, {"/unit": "invalid"}),
        ({"baseline": 0}, {"/baseline": "invalid"}),
        ({"target": "1.23456"}, {"/target": "max_decimal_places"}),
        ({"target": "12345678901234567"}, {"/target": "max_whole_digits"}),
        ({"baseline_on": "2022-10-19", "target_on": "2022-10-19"}, {"/target_on": "constraint"}),
        ({"confirmed_as": "maybe"}, {"/confirmed_as": "invalid_choice"}),
        ({"trajectory": "none"}, {"/trajectory": "not_a_list"}),
        ({"trajectory": None}, {"/trajectory": "null"}),
        ({"trajectory": [5]}, {"/trajectory/0": "invalid"}),
        ({"trajectory": [{"on": "2022-07-31"}]}, {"/trajectory/0/value": "required"}),
        ({"trajectory": [JULY, {**AUGUST, "note": "x"}]}, {"/trajectory/1/note": "unknown"}),
        ({"trajectory": [{**JULY, "value": 20}]}, {"/trajectory/0/value": "invalid"}),
        ({"trajectory": [{**JULY, "on": "July"}]}, {"/trajectory/0/on": "invalid"}),
        ({"trajectory": [JULY, AUGUST, {**JULY, "value": "9"}]}, {"/trajectory/2/on": "repeated"}),
        ({"trajectory": [{**JULY, "on": "2022-07-11"}, AUGUST]}, {"/trajectory/0/on": "rule"}),
        ({"trajectory": [JULY, {**AUGUST, "on": "2022-10-19"}]}, {"/trajectory/1/on": "rule"}),
    ],
)
def test_a_wrong_value_is_told_by_its_place(manager: Client, fields: dict[str, Any], found: dict[str, str]) -> None:
    before = Target.objects.count(), Change.objects.count()
    assert errors_of(send(manager, "POST", URL, {**NEW, **fields})) == found
    assert (Target.objects.count(), Change.objects.count()) == before


def test_days_that_move_must_still_hold_the_points(manager: Client, target: Target) -> None:
    answer = change(manager, target, target_on="2022-08-31")
    assert errors_of(answer) == {"/trajectory": "rule"}
    assert "2022-08-31" in answer.json()["detail"]
    assert change(manager, target, target_on="2022-08-31", trajectory=[JULY]).status_code == 200


def test_a_change_says_which_version_it_saw(manager: Client, target: Target) -> None:
    url = f"{URL}{target.pk}/"
    tag = manager.get(url)["ETag"]
    assert manager.get(url, headers={"if-none-match": tag}).status_code == 304
    assert send(manager, "PATCH", url, {"trajectory": []}).status_code == 428
    assert send(manager, "PATCH", url, {"trajectory": [JULY]}, if_match=tag).json()["version"] == 2
    stale = send(manager, "PATCH", url, {"trajectory": []}, if_match=tag)
    assert (stale.status_code, stale.json()["current"]["trajectory"]) == (412, [JULY])
    answer = send(manager, "PATCH", url, {"unit": None, "indicator": "share"}, if_match="*")
    assert errors_of(answer) == {"/unit": "fixed", "/indicator": "fixed"}


def test_a_target_goes_with_its_trajectory(manager: Client, target: Target) -> None:
    assert send(manager, "DELETE", f"{URL}{target.pk}/", if_match='"1"').status_code == 204
    assert not TrajectoryPoint.objects.exists()
    assert Change.objects.get(verb="delete").items.count() == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("campaign=hundred-days&action=2", [("roads", "town"), ("roads", "neighbour"), ("roads", None)]),
        ("unit=lead", [("exports", "lead"), ("share", "lead")]),
        ("indicator=roads&is_of_city=false", [("roads", "town"), ("roads", "neighbour")]),
        ("is_of_city=true", [("roads", None)]),
        ("lead=second-lead&ordering=-unit", [("roads", "neighbour"), ("roads", "town"), ("roads", None)]),
        ("confirmed_as=floor", [("roads", None)]),
    ],
)
def test_filters_narrow_the_list(manager: Client, cast: Cast, query: str, found: list[tuple[str, Any]]) -> None:
    make(Target, indicator=cast.roads, unit=None, baseline=9, target=8, confirmed_as="floor")
    assert [(one["indicator"], one["unit"]) for one in results(manager.get(f"{URL}?{query}"))] == found


def test_pages_hold_the_citys_targets_too(manager: Client, cast: Cast) -> None:
    make(Target, indicator=cast.roads, unit=None)
    seen, url = [], f"{URL}?page_size=2&ordering=-unit"
    while url:
        answer = manager.get(url).json()
        seen += [one["id"] for one in answer["results"]]
        url = answer["next"]
    assert sorted(seen) == sorted(Target.objects.values_list("pk", flat=True))


def test_a_table_has_the_trajectory_in_one_cell(manager: Client, target: Target) -> None:
    first, second = table(manager.get(f"{URL}?indicator=exports&ordering=unit&format=csv"))[:2]
    points = json.loads(first["trajectory"])
    assert points == [JULY, {"on": "2022-08-31", "value": "90.0000"}]
    assert (second["unit"], second["trajectory"]) == ("neighbour", "")


def test_as_few_queries_for_many_as_for_one(manager: Client, target: Target) -> None:
    assert costs_the_same(manager, URL, lambda: [make(TrajectoryPoint) for _each in range(3)])
