"""Campaigns by the API: their periods follow, as when they are edited in the administration."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from campaigns.models import Campaign
from tests.admin_builders import make
from tests.api_calls import costs_the_same, errors_of, must_be_as_described, results, send, table
from tests.api_cast import system
from tests.cast import Cast, at, client_of
from units.models import Change

URL = "/api/v1/campaigns/"
OLD = f"{URL}hundred-days/"
NEW = {
    "slug": "second",
    "name_en": "Second",
    "name_zh": "第二",
    "starts_on": "2023-03-06",
    "ends_on": "2023-05-31",
    "office": "office",
}


@pytest.fixture
def manager(cast: Cast) -> Client:
    return system("read", "manage")


def change(client: Client, **fields: Any) -> Any:
    return send(client, "PATCH", OLD, fields, if_match="*")


def verbs() -> list[str]:
    return list(Change.objects.exclude(actor=None).order_by("id").values_list("verb", flat=True))


def test_a_campaign_is_read_by_its_slug(manager: Client) -> None:
    told = manager.get(OLD).json()
    assert (told["slug"], told["office"], told["starts_on"]) == ("hundred-days", "office", "2022-07-12")
    assert (told["cap"], told["asks_signature"], told["due_day"]) == ("120.00", True, 5)
    must_be_as_described(manager, URL, "PaginatedCampaignList")


def test_a_new_campaign_gets_its_periods(manager: Client) -> None:
    answer = send(manager, "POST", URL, NEW)
    assert answer.status_code == 201, answer.content
    assert answer["Location"].endswith("/campaigns/second/")
    assert manager.get(answer["Location"])["ETag"] == answer["ETag"]
    periods = Campaign.objects.get(slug="second").periods.values_list("month", "starts_on", "ends_on")
    assert list(periods) == [
        ("2023-03", date(2023, 3, 6), date(2023, 3, 31)),
        ("2023-04", date(2023, 4, 1), date(2023, 4, 30)),
        ("2023-05", date(2023, 5, 1), date(2023, 5, 31)),
    ]
    assert verbs() == ["add", "make_periods"]


def test_another_due_rule_moves_the_deadlines_of_what_is_not_closed(manager: Client, cast: Cast) -> None:
    assert change(manager, due_day=8, due_hour=12).status_code == 200
    due = {one.month: one.due_at for one in cast.campaign.periods.all()}
    assert (due["2022-07"], due["2022-08"]) == (at(8, 5, 18), at(9, 8, 12))
    assert verbs() == ["change", "set_deadlines"]


def test_other_days_fit_the_periods(manager: Client, cast: Cast) -> None:
    assert change(manager, ends_on="2022-11-10").status_code == 200
    assert cast.campaign.periods.get(month="2022-10").ends_on == date(2022, 10, 31)
    assert cast.campaign.periods.get(month="2022-11").ends_on == date(2022, 11, 10)
    assert verbs() == ["change", "fit_periods", "make_periods", "set_deadlines"]


def test_what_deadlines_do_not_follow_from_leaves_them(manager: Client) -> None:
    assert change(manager, green_from="85.00", asks_signature=False).json()["green_from"] == "85.00"
    assert verbs() == ["change"]


@pytest.mark.parametrize(
    ("fields", "place", "words"),
    [
        ({"starts_on": "2022-07-01"}, "/starts_on", "2022-07 is closed"),
        ({"ends_on": "2022-07-31"}, "/ends_on", "2022-08 has reports already"),
        ({"ends_on": "2026-01-01"}, "/ends_on", "three years at most"),
        ({"closing_working_days": 61}, "/closing_working_days", "At most 60"),
        ({"due_month_offset": 0, "due_day": 12, "due_hour": 0}, "/due_hour", "would fall due before it opens"),
    ],
)
def test_the_rules_of_the_administration_hold_here_too(
    manager: Client, cast: Cast, fields: dict[str, Any], place: str, words: str
) -> None:
    answer = change(manager, **fields)
    assert errors_of(answer) == {place: "rule"}
    assert words in answer.json()["detail"]
    cast.campaign.refresh_from_db()
    assert (cast.campaign.version, verbs()) == (1, [])


@pytest.mark.parametrize(
    ("fields", "place", "code"),
    [
        ({"colour": "red"}, "/colour", "unknown"),
        ({"slug": "with space"}, "/slug", "slug"),
        ({"slug": "hundred-days"}, "/slug", "unique"),
        ({"office": "nowhere"}, "/office", "does_not_exist"),
        ({"office": None}, "/office", "null"),
        ({"starts_on": "06.03.2023"}, "/starts_on", "invalid"),
        ({"ends_on": "2023-03-05"}, "/ends_on", "constraint"),
        ({"asks_signature": "yes"}, "/asks_signature", "invalid"),
        ({"due_day": "5"}, "/due_day", "invalid"),
        ({"due_day": 32}, "/due_day", "max_value"),
        ({"due_month_offset": 2}, "/due_month_offset", "constraint"),
        ({"light_method": "by_eye"}, "/light_method", "invalid_choice"),
        ({"cap": 120}, "/cap", "invalid"),
        ({"cap": "99.00"}, "/cap", "constraint"),
        ({"yellow_from": "90.00"}, "/yellow_from", "constraint"),
        ({"version": 3}, "/version", "read_only"),
    ],
)
def test_a_wrong_value_is_told_by_its_place(manager: Client, fields: dict[str, Any], place: str, code: str) -> None:
    found = errors_of(send(manager, "POST", URL, {**NEW, **fields}))
    assert found == {place: code}
    assert not Campaign.objects.filter(slug="second").exists()


def test_the_slug_stays(manager: Client) -> None:
    assert errors_of(change(manager, slug="another")) == {"/slug": "fixed"}
    assert change(manager, slug="hundred-days", name_en="Renamed").status_code == 200


def test_a_change_says_which_version_it_saw(manager: Client) -> None:
    tag = manager.get(OLD)["ETag"]
    assert manager.get(OLD, headers={"if-none-match": tag}).status_code == 304
    assert send(manager, "PATCH", OLD, {"name_en": "Renamed"}).status_code == 428
    stale = send(manager, "PATCH", OLD, {"name_en": "Renamed"}, if_match='"2"')
    assert (stale.status_code, stale.json()["current"]["version"]) == (412, 1)
    assert send(manager, "PATCH", OLD, {"name_en": "Renamed"}, if_match=tag).json()["version"] == 2


def test_a_campaign_on_which_something_hangs_stays(manager: Client, cast: Cast) -> None:
    assert send(manager, "DELETE", OLD, if_match="*").status_code == 409
    spare = make(Campaign)
    assert send(client_of(cast.office), "DELETE", f"{URL}{spare.slug}/", if_match="*").status_code == 403
    assert send(manager, "DELETE", f"{URL}{spare.slug}/", if_match='"1"').status_code == 204


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["second", "hundred-days"]),
        ("office=office&ordering=slug", ["hundred-days", "second"]),
        ("office=town", []),
        ("on=2022-10-19", ["hundred-days"]),
        ("on=2022-10-20", []),
        ("light_method=share_of_pace&asks_signature=true", ["second", "hundred-days"]),
        ("asks_signature=false", []),
    ],
)
def test_filters_narrow_the_list(manager: Client, query: str, found: list[str]) -> None:
    assert send(manager, "POST", URL, NEW).status_code == 201
    assert [one["slug"] for one in results(manager.get(f"{URL}?{query}"))] == found


def test_as_a_table_and_with_as_few_queries_for_many_as_for_one(manager: Client) -> None:
    (row,) = table(manager.get(f"{URL}?format=csv"))
    assert (row["slug"], row["office"], row["minimum_coverage"]) == ("hundred-days", "office", "100.00")
    assert costs_the_same(manager, URL, lambda: [make(Campaign), make(Campaign)])
