"""Red flags by the API: who holds which on the business day, and who held it before."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from awards.models import RedFlag, Round, Scheme
from tests.admin_builders import make
from tests.api_calls import costs_the_same, must_be_as_described, results
from tests.api_cast import system
from tests.builders import move_clock_to
from tests.cast import Cast, at, client_of
from units.models import Unit

URL = "/api/v1/red-flags/"


@pytest.fixture
def reader(cast: Cast) -> Client:
    return system("read")


def give_flag(unit: Unit, scheme: Scheme, held_from: date, held_until: date | None = None) -> RedFlag:
    announced = make(
        Round, scheme=scheme, starts_on=date(held_from.year, 1, 1), state=Round.State.ANNOUNCED, announced_on=held_from
    )
    return make(RedFlag, round=announced, unit=unit, held_from=held_from, held_until=held_until)


@pytest.fixture
def flags(cast: Cast) -> list[RedFlag]:
    """The neighbour's went over to the town on 27 July."""
    scheme = make(Scheme, code="flag", campaign=cast.campaign)
    moved_on = date(2022, 7, 27)
    return [give_flag(cast.neighbour, scheme, date(2021, 7, 28), moved_on), give_flag(cast.town, scheme, moved_on)]


def test_everybody_knows_who_holds_and_who_held_the_flags(cast: Cast, flags: list[RedFlag]) -> None:
    client = client_of(cast.stranger)
    assert [(one["unit"], one["is_current"], one["scheme"]) for one in results(client.get(URL))] == [
        ("town", True, "flag/1"),
        ("neighbour", False, "flag/1"),
    ]
    must_be_as_described(client, URL, "PaginatedRedFlagList")


def test_the_flag_moves_with_the_business_clock(reader: Client, flags: list[RedFlag]) -> None:
    for instant, holder, other in ((at(7, 26), "neighbour", "town"), (at(7, 27), "town", "neighbour")):
        move_clock_to(instant)
        assert [one["unit"] for one in results(reader.get(f"{URL}?is_current=true"))] == [holder]
        assert [one["unit"] for one in results(reader.get(f"{URL}?is_current=false"))] == [other]


def test_a_flag_of_a_round_that_is_not_announced_is_not_told(cast: Cast) -> None:
    hidden = make(RedFlag, unit=cast.town)
    for client in (client_of(cast.office), client_of(cast.reporter)):
        assert results(client.get(URL)) == []
        assert client.get(f"{URL}{hidden.pk}/").status_code == 404


def test_filters_narrow_the_list(reader: Client, flags: list[RedFlag]) -> None:
    for query, found in {
        "unit=town": 1,
        "unit=lead": 0,
        "scheme=flag": 2,
        "campaign=hundred-days": 2,
        "unit=neighbour&is_current=true": 0,
    }.items():
        assert len(results(reader.get(f"{URL}?{query}"))) == found, query
    for query in ("unit=no-such", "scheme=no-such", "is_current=1"):
        assert reader.get(f"{URL}?{query}").status_code == 400, query


def test_many_cost_as_few_queries_as_one(reader: Client, flags: list[RedFlag]) -> None:
    def grow() -> None:
        for _ in range(3):
            give_flag(make(Unit), make(Scheme), date(2022, 7, 27))

    assert costs_the_same(reader, URL, grow)
