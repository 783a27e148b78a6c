"""The feed of changes: in order, without gaps for who sees all, and for everybody else only what is theirs."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.admin_builders import make
from tests.api_cast import caller, system
from tests.builders import bring_to
from tests.cast import Cast, client_of
from units.models import ApiToken, Change, Unit, User
from units.operations.changes import Touched, record
from units.operations.sealing import seal_all
from units.queries.changes import last_sequence

ADDRESS = "/api/v1/changes/"


@pytest.fixture
def told(cast: Cast, settings: Any) -> Cast:
    """Reports of two units, a person who left and a token, all sealed."""
    settings.API_THROTTLE = ""
    for unit in (cast.town, cast.neighbour):
        bring_to(cast, "approved", unit=unit)
    record(actor=cast.office, verb="invite", touched=[Touched(cast.stranger, None, {"invited_at": cast.now})])
    record(actor=None, verb="create_token", touched=[Touched(make(ApiToken), None, {"client": "Statistics"})])
    seal_all(now=timezone.now())
    return cast


def read(client: Client, query: str = "") -> dict[str, Any]:
    answer = client.get(ADDRESS + query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def everything(client: Client, size: int = 500) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    query = f"?page_size={size}"
    while True:
        page = read(client, query)
        rows += page["results"]
        if page["next"] is None:
            return rows
        query = "?" + page["next"].partition("?")[2]


def kinds(rows: list[dict[str, Any]]) -> set[str]:
    return {item["object_type"] for row in rows for item in row["items"]}


def test_who_follows_gets_every_change_once_and_in_order(told: Cast) -> None:
    rows = everything(system("read", "manage"), size=2)
    assert [row["sequence"] for row in rows] == list(range(1, last_sequence() + 1))
    assert len(rows) > 10


def test_last_is_where_to_go_on(told: Cast) -> None:
    client = system("read", "manage")
    last = read(client)["last"]
    assert last == Change.objects.filter(sequence__isnull=False).count()
    assert read(client, f"?after={last}") == {"next": None, "previous": None, "last": last, "results": []}
    record(actor=None, verb="test", touched=[])
    assert read(client, f"?after={last}")["results"] == []
    seal_all(now=timezone.now())
    assert [row["verb"] for row in read(client, f"?after={last + 1}")["results"]] == ["test"]
    assert read(client, "?after=999999999999")["last"] == 999999999999


def test_a_change_tells_what_was_done_to_which_row(told: Cast) -> None:
    rows = everything(system("read"))
    row = next(row for row in rows if row["verb"] == "approve_report" and row["items"][0]["unit"] == "town")
    assert row["actor_name"] == told.reviewer.display_name
    (item,) = row["items"]
    assert item["key"] == {"campaign": "hundred-days", "period": "2022-08", "unit": "town", "action": "1"}
    assert (item["before"]["status"], item["after"]["status"]) == ("submitted", "approved")


def test_a_unit_follows_its_own_rows_and_no_others(told: Cast) -> None:
    for client in (system("read", unit=told.town), client_of(told.reporter), client_of(told.head)):
        rows = everything(client)
        assert rows
        assert {item["unit"] for row in rows for item in row["items"]} == {"town"}
        assert not kinds(rows) & {"units.user", "units.membership"}
        assert all(row["digest"] is None for row in rows)
        assert "neighbour" not in json.dumps(rows)


def test_of_a_change_over_several_units_each_sees_its_own_part(told: Cast) -> None:
    touched = [Touched(unit, {"order": 1}, {"order": 2}) for unit in (told.town, told.neighbour)]
    change = record(actor=told.office, verb="change", touched=touched)
    seal_all(now=timezone.now())
    change.refresh_from_db()
    address = f"{ADDRESS}{change.sequence}/"
    assert len(system("read").get(address).json()["items"]) == 2
    (item,) = system("read", unit=told.town).get(address).json()["items"]
    assert item["key"] == {"unit": "town"}
    assert system("read", unit=told.lead).get(address).status_code == 404


def test_people_and_client_systems_are_for_those_who_administer_them(told: Cast) -> None:
    inner = {"units.user", "units.apitoken"}
    for name in ("reads", "leader"):
        assert not kinds(everything(caller(name, told))) & inner
    seal_all(now=timezone.now())
    for name in ("office", "administrator", "manages"):
        assert inner <= kinds(everything(caller(name, told)))


def test_who_has_no_role_follows_nothing(told: Cast) -> None:
    assert everything(client_of(make(User))) == []


def test_what_is_not_sealed_is_not_there_yet(told: Cast) -> None:
    change = record(actor=None, verb="test", touched=[])
    client = system("read", "manage")
    assert "test" not in {row["verb"] for row in everything(client)}
    assert client.get(f"{ADDRESS}{change.pk + 1000}/").status_code == 404


def test_anyone_who_sees_all_can_check_the_chain(told: Cast) -> None:
    """As docs/changes.md shows it."""
    previous = ""
    for row in everything(system("read", "manage")):
        sealed = {name: row[name] for name in row if name not in ("digest", "actor_name", "on_behalf_of_name")}
        text = json.dumps({**sealed, "previous": previous}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert row["digest"] == sha256(text.encode()).hexdigest()
        previous = row["digest"]


@pytest.mark.parametrize(
    "query",
    [
        *("?after=-1", "?after=x", "?after=1.5", "?after=", "?after=1&after=2", "?after=99999999999999999999"),
        *("?before=3", "?cursor=x", "?ordering=at", "?page_size=0", "?page_size=501", "?format=xml"),
        *("?verb=Approve", "?verb=approve report", "?verb=%F0%9F%98%80"),
    ],
)
def test_what_the_feed_does_not_know_is_refused(told: Cast, query: str) -> None:
    answer = system("read").get(ADDRESS + query)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_the_feed_can_be_narrowed_to_a_verb_and_streamed_as_a_table(told: Cast) -> None:
    client = system("read")
    assert {row["verb"] for row in read(client, "?verb=approve_report")["results"]} == {"approve_report"}
    table = b"".join(client.get(f"{ADDRESS}?format=csv&verb=approve_report").streaming_content).decode()
    assert table.splitlines()[0].startswith("sequence,at,actor,")
    assert len(table.splitlines()) == 3


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nobody_writes_to_the_feed(told: Cast, method: str) -> None:
    client = system("read", "report", "manage")
    for address in (ADDRESS, f"{ADDRESS}1/"):
        assert getattr(client, method)(address, "{}", content_type="application/json").status_code == 405


def test_a_change_that_was_read_stays_as_it_was(told: Cast) -> None:
    client = system("read")
    tag = client.get(f"{ADDRESS}1/")["ETag"]
    assert client.get(f"{ADDRESS}1/", headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("name", ["reads", "reads_town", "manages", "office"])
def test_the_feed_takes_the_same_queries_whatever_it_holds(told: Cast, name: str) -> None:
    client = caller(name, told)
    read(client)
    counts = []
    for many in (0, 10):
        for number in range(many):
            unit = make(Unit, code=f"u-{number}")
            touched = [Touched(one, {"order": 1}, {"order": 2}) for one in (told.town, unit)]
            record(actor=make(User), verb="change", touched=touched, on_behalf_of=make(User))
        seal_all(now=timezone.now())
        with CaptureQueriesContext(connection) as caught:
            read(client)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 9
