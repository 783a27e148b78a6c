"""Periods by the API: read by campaign and month, closed early and published by the office or who manages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.models import Period
from tests.admin_builders import make
from tests.api_calls import costs_the_same, errors_of, must_be_as_described, results, send, table
from tests.api_cast import system
from tests.builders import close
from tests.cast import Cast, at, client_of
from units.models import Change

URL = "/api/v1/periods/"
AUGUST = f"{URL}hundred-days/2022-08/"


@pytest.fixture
def manager(cast: Cast) -> Client:
    return system("read", "manage")


def take(client: Client, step: str, body: Any = None, **headers: str) -> Any:
    return send(client, "POST", f"{AUGUST}{step}/", {} if body is None else body, **headers)


def test_a_period_is_read_by_campaign_and_month(manager: Client) -> None:
    told = manager.get(AUGUST).json()
    assert (told["campaign"], told["month"], told["state"]) == ("hundred-days", "2022-08", "open")
    assert (told["due_at"], told["closed_at"]) == ("2022-09-05T18:00:00+08:00", None)
    for other in ("another/2022-08", "hundred-days/2022-11", "hundred-days/2022-13"):
        assert manager.get(f"{URL}{other}/").status_code == 404
    must_be_as_described(manager, URL, "PaginatedPeriodList")


def test_periods_are_made_with_their_campaign_and_not_written(manager: Client) -> None:
    for verb, url in (("POST", URL), ("PATCH", AUGUST), ("DELETE", AUGUST)):
        assert send(manager, verb, url, {"state": "published"}, if_match="*").status_code == 405


def test_the_office_closes_early_and_publishes(cast: Cast) -> None:
    client = client_of(cast.office)
    version = cast.august.version
    closed = take(client, "close", if_match=client.get(AUGUST)["ETag"])
    assert closed.status_code == 200, closed.content
    assert (closed.json()["state"], closed.json()["version"]) == ("closed", version + 1)
    assert closed.json()["closed_at"].startswith("2022-09-03T09:")
    published = take(client, "publish", if_match=closed["ETag"])
    assert (published.json()["state"], published["ETag"]) == ("published", client.get(AUGUST)["ETag"])
    period = Period.objects.get(pk=cast.august.pk)
    assert (period.published_by, period.state) == (cast.office, "published")


def test_a_system_that_manages_does_so_by_its_name(manager: Client, cast: Cast) -> None:
    assert take(manager, "close", if_match="*").json()["state"] == "closed"
    change = Change.objects.get(verb="close_period", token__isnull=False)
    assert change.actor.is_service
    assert change.items.get().key == {"campaign": "hundred-days", "period": "2022-08"}


def test_a_step_out_of_turn_is_a_conflict(manager: Client, cast: Cast) -> None:
    answer = take(manager, "publish", if_match="*")
    assert (answer.status_code, answer.json()["type"]) == (409, "/api/docs/#problem-wrong-state")
    assert "Close it first" in answer.json()["detail"]
    close(cast)
    assert take(manager, "close", if_match="*").status_code == 409
    assert send(manager, "POST", f"{URL}hundred-days/2022-10/close/", {}, if_match="*").status_code == 409


def test_a_step_says_which_version_it_saw_and_takes_no_body(manager: Client, cast: Cast) -> None:
    tag = manager.get(AUGUST)["ETag"]
    assert manager.get(AUGUST, headers={"if-none-match": tag}).status_code == 304
    assert take(manager, "close").status_code == 428
    stale = take(manager, "close", if_match='"99"')
    assert (stale.status_code, stale.json()["current"]["state"]) == (412, "open")
    assert errors_of(take(manager, "close", {"at": "noon"}, if_match="*")) == {"/at": "unknown"}
    cast.august.refresh_from_db()
    assert cast.august.state == "open"


@pytest.mark.parametrize("who", ["reporter", "reviewer", "leader", "administrator"])
def test_nobody_else_takes_a_step_whatever_they_saw(cast: Cast, who: str) -> None:
    client = client_of(getattr(cast, who))
    for step in ("close", "publish"):
        assert take(client, step).status_code == 403
    assert take(system("read", "report"), "close").status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("campaign=hundred-days", ["2022-07", "2022-08", "2022-09", "2022-10"]),
        ("campaign=hundred-days&period=2022-08", ["2022-08"]),
        ("state=upcoming&ordering=-month", ["2022-10", "2022-09"]),
        ("state=published", []),
        ("on=2022-07-12", ["2022-07"]),
        ("on=2022-07-11", []),
    ],
)
def test_filters_narrow_the_list(manager: Client, query: str, found: list[str]) -> None:
    assert [one["month"] for one in results(manager.get(f"{URL}?{query}"))] == found


@pytest.mark.parametrize(
    ("query", "place", "code"),
    [
        ("period=2022-08", "/campaign", "required"),
        ("campaign=hundred-days&period=2022-12", "/period", "invalid_choice"),
        ("campaign=nowhere&period=2022-08", "/campaign", "invalid_choice"),
        ("state=over", "/state", "invalid_choice"),
        ("month=2022-08", "/month", "unknown"),
    ],
)
def test_a_filter_that_names_nothing_is_refused(manager: Client, query: str, place: str, code: str) -> None:
    assert errors_of(manager.get(f"{URL}?{query}")) == {place: code}


def test_what_changed_since_an_instant(manager: Client, cast: Cast) -> None:
    since = timezone.now()
    close(cast, now=at(9, 3, 10))
    rows = results(manager.get(URL, {"updated_since": since.isoformat(), "state": "closed"}))
    assert [one["month"] for one in rows] == ["2022-08"]


def test_as_a_table_and_with_as_few_queries_for_many_as_for_one(manager: Client) -> None:
    row = table(manager.get(f"{URL}?state=open&format=csv"))[0]
    assert (row["campaign"], row["month"], row["published_at"]) == ("hundred-days", "2022-08", "")
    assert costs_the_same(manager, URL, lambda: [make(Period), make(Period)])
