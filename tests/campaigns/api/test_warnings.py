"""Early warnings by the API: with their reasons and the state of their answer, for whoever sees the project."""

from __future__ import annotations

import pytest
from django.test import Client

from campaigns.models import EarlyWarning, Project
from tests.admin_builders import INSTANT, make
from tests.api_calls import costs_the_same, must_be_as_described, results
from tests.api_cast import system
from tests.cast import Cast, client_of
from tests.warned import warned
from units.models import Change

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


# --- steps ------------------------------------------------------------------------------------------------------------


def take(client: Client, warning: EarlyWarning, step: str, **body: object) -> object:
    address = f"{URL}{warning.pk}/"
    tag = client.get(address).headers["ETag"]
    return client.post(f"{address}{step}/", body, content_type="application/json", headers={"if-match": tag})


def test_a_warning_is_answered_and_cleared(cast: Cast) -> None:
    warning = warned(cast, level="red")
    unit, lead = client_of(cast.reporter), client_of(cast.reviewer)
    assert take(unit, warning, "explain", explanation="The land came late.").json()["state"] == "explained"
    refused = take(lead, warning, "clear", reason="Fine.")
    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
    told = take(unit, warning, "measure", measure="A second shift.", measure_due_on="2022-09-30").json()
    assert (told["state"], told["measure_due_on"]) == ("measures", "2022-09-30")
    told = take(lead, warning, "accept-reason", reason="A flood.").json()
    assert (told["level"], told["displayed_level"]) == ("red", "yellow")
    assert take(lead, warning, "clear", reason="It has started.").json()["state"] == "cleared"


def test_an_escalated_warning_goes_on_with_measures(cast: Cast) -> None:
    warning = warned(cast)
    assert take(client_of(cast.office), warning, "escalate", reason="No answer.").json()["state"] == "escalated"
    explained = take(client_of(cast.head), warning, "explain", explanation="Sand is short.").json()
    assert (explained["state"], explained["explanation"]) == ("escalated", "Sand is short.")


def test_a_step_needs_the_current_version_and_words(cast: Cast) -> None:
    warning = warned(cast)
    client, address = client_of(cast.reporter), f"{URL}{warning.pk}/explain/"
    body = {"explanation": "Rain"}
    assert client.post(address, body, content_type="application/json").status_code == 428
    stale = client.post(address, body, content_type="application/json", headers={"if-match": '"99"'})
    assert stale.status_code == 412
    assert take(client, warning, "explain", explanation=" ").status_code == 400
    wrong_day = take(client, warning, "explain", explanation="Rain") and take(
        client, warning, "measure", measure="Pumps.", measure_due_on="2022-09-01"
    )
    assert wrong_day.status_code == 400
    assert wrong_day.json()["errors"][0]["pointer"] == "/measure_due_on"


def test_a_step_leaves_a_change_with_its_keys(cast: Cast) -> None:
    warning = warned(cast)
    take(client_of(cast.reporter), warning, "explain", explanation="Rain")
    change = Change.objects.get(verb="explain_warning")
    assert (change.actor, change.reason) == (cast.reporter, "Rain")
    item = change.items.get()
    assert item.key == {"project": "bridge", "unit": "town", "cause": "start_overdue"}
    assert (item.before["state"], item.after["state"]) == ("raised", "explained")
