"""Award schemes by the API: each edition with its criteria and gates."""

from __future__ import annotations

import pytest
from django.test import Client

from awards.models import Criterion, Gate, Scheme
from tests.admin_builders import make
from tests.api_calls import costs_the_same, must_be_as_described, results
from tests.api_cast import system
from tests.cast import Cast, client_of

URL = "/api/v1/award-schemes/"


@pytest.fixture
def reader(cast: Cast) -> Client:
    return system("read")


@pytest.fixture
def scheme(cast: Cast) -> Scheme:
    row = make(Scheme, code="flag", campaign=cast.campaign, group=cast.localities)
    first = make(Criterion, scheme=row, order=1, indicator=cast.exports, action=None, parameters={"step": "1"})
    gate = make(Gate, scheme=row, criterion=first, order=1)
    make(Gate, scheme=row, criterion=first, order=2, behind=gate)
    return row


def test_a_scheme_tells_how_it_scores(cast: Cast, scheme: Scheme) -> None:
    client = client_of(cast.stranger)
    told = client.get(f"{URL}flag/1/").json()
    assert (told["edition"], told["group"], told["minimum_score"]) == (1, "localities", "90.00")
    criterion = told["criteria"][0]
    assert (criterion["indicator"], criterion["action"], criterion["parameters"]) == ("exports", None, {"step": "1"})
    assert [(one["criterion"], one["behind"]) for one in told["gates"]] == [(1, None), (1, 1)]
    must_be_as_described(client, URL, "PaginatedSchemeList")


def test_an_edition_is_a_name_and_a_change_gives_a_new_tag(reader: Client, scheme: Scheme) -> None:
    before = reader.get(f"{URL}flag/1/")["ETag"]
    scheme.flags = 5
    scheme.save()
    after = reader.get(f"{URL}flag/1/")["ETag"]
    assert before.partition("-")[0] != after.partition("-")[0]
    assert reader.get(f"{URL}flag/1/", headers={"if-none-match": after}).status_code == 304


def test_editions_stand_side_by_side(reader: Client, scheme: Scheme, cast: Cast) -> None:
    make(Scheme, code="flag", version=2, is_active=False, campaign=cast.campaign)
    ours = results(reader.get(f"{URL}?campaign=hundred-days"))
    assert [(one["code"], one["edition"]) for one in ours] == [("flag", 1), ("flag", 2)]
    assert reader.get(f"{URL}flag/2/").json()["is_active"] is False
    assert reader.get(f"{URL}flag/3/").status_code == 404


def test_filters_narrow_the_list(reader: Client, scheme: Scheme) -> None:
    for query, found in {
        "group=localities": 1,
        "interval=half_year": 1,
        "interval=month": 0,
        "is_active=false": 0,
    }.items():
        assert len(results(reader.get(f"{URL}?campaign=hundred-days&{query}"))) == found, query
    for query in ("campaign=no-such", "interval=week", "code=flag"):
        assert reader.get(f"{URL}?{query}").status_code == 400, query


def test_many_cost_as_few_queries_as_one(reader: Client, scheme: Scheme) -> None:
    assert costs_the_same(reader, URL, lambda: [make(Gate) for _ in range(3)])
