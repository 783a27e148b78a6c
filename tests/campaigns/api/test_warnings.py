"""Early warnings by the API: with their reasons and the state of their answer, for whoever sees the project."""

from __future__ import annotations

import pytest
from django.test import Client

from campaigns.models import EarlyWarning, Project
from tests.admin_builders import INSTANT, make
from tests.api_calls import costs_the_same, must_be_as_described, results
from tests.api_cast import system
from tests.cast import Cast, client_of

URL = "/api/v1/warnings/"


@pytest.fixture
def reader(cast: Cast) -> Client:
    return system("read")


@pytest.fixture
def warning(cast: Cast) -> EarlyWarning:
    project = make(Project, code="bridge", campaign=cast.campaign, unit=cast.town, lead=cast.lead)
    return make(
        EarlyWarning, project=project, period=cast.july, level="red", state="explained", explanation="Rain",
        particulars={"points": "31.50"},
    )  # fmt: skip


def test_a_warning_tells_its_cause_and_how_far_its_answer_is(reader: Client, warning: EarlyWarning) -> None:
    told = reader.get(f"{URL}{warning.pk}/").json()
    assert (told["project"], told["unit"], told["lead"]) == ("bridge", "town", "lead")
    assert (told["cause"], told["level"], told["state"]) == ("behind_plan", "red", "explained")
    assert (told["particulars"], told["explanation"]) == ({"points": "31.50"}, "Rain")
    must_be_as_described(reader, URL, "PaginatedWarningList")


@pytest.mark.parametrize(
    ("who", "is_seen"),
    [("head", True), ("lead_head", True), ("office", True), ("outsider", False), ("stranger", False)],
)
def test_it_is_seen_by_whoever_sees_the_project(cast: Cast, warning: EarlyWarning, who: str, is_seen: bool) -> None:
    client = client_of(getattr(cast, who))
    assert len(results(client.get(URL))) == int(is_seen)
    assert client.get(f"{URL}{warning.pk}/").status_code == (200 if is_seen else 404)


def test_filters_narrow_the_list(reader: Client, warning: EarlyWarning) -> None:
    make(EarlyWarning, state="cleared", cleared_at=INSTANT, cause="no_update")
    for query, found in {
        "is_open=true": 1,
        "is_open=false": 1,
        "level=red": 1,
        "state=cleared": 1,
        "state=raised": 0,
        "cause=behind_plan": 1,
        "project=bridge": 1,
        "unit=town": 1,
        "lead=lead": 1,
        "campaign=hundred-days&period=2022-07": 1,
        "campaign=hundred-days&period=2022-08": 0,
    }.items():
        assert len(results(reader.get(f"{URL}?{query}"))) == found, query
    for query in ("is_open=yes", "level=green", "unit=no-such", "period=2022-07"):
        assert reader.get(f"{URL}?{query}").status_code == 400, query


def test_many_cost_as_few_queries_as_one(reader: Client, warning: EarlyWarning) -> None:
    assert costs_the_same(reader, URL, lambda: [make(EarlyWarning) for _ in range(3)])
