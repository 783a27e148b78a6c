"""What is reported of projects, by the API: seen by whoever sees the project, written while the period is open."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from campaigns.models import Project, ProjectPhoto, ProjectUpdate
from tests.admin_builders import make
from tests.api_calls import costs_the_same, errors_of, must_be_as_described, results, send
from tests.api_cast import system
from tests.cast import Cast, client_of

URL = "/api/v1/project-updates/"
OURS = f"{URL}?campaign=hundred-days"


@pytest.fixture
def reader(cast: Cast) -> Client:
    return system("read")


@pytest.fixture
def update(cast: Cast) -> ProjectUpdate:
    """What the town reported of its bridge for July."""
    project = make(Project, code="bridge", campaign=cast.campaign, unit=cast.town, lead=cast.lead)
    row = make(
        ProjectUpdate, project=project, period=cast.july, updated_by=cast.reporter, problem="A power line",
        image_percent=40,
    )  # fmt: skip
    make(ProjectPhoto, update=row, caption="South side")
    return row


def test_an_update_tells_what_was_reported_and_by_whom(reader: Client, update: ProjectUpdate) -> None:
    told = reader.get(f"{URL}{update.pk}/").json()
    assert (told["project"], told["unit"], told["period"]) == ("bridge", "town", "hundred-days/2022-07")
    assert (told["image_percent"], told["problem"], told["updated_by"]) == ("40.00", "A power line", "Reporter")
    assert [one["caption"] for one in told["photos"]] == ["South side"]
    must_be_as_described(reader, URL, "PaginatedProjectUpdateList")


@pytest.mark.parametrize(
    ("who", "is_seen"),
    [("reporter", True), ("reviewer", True), ("leader", True), ("outsider", False), ("other_reviewer", False)],
)
def test_it_is_seen_by_whoever_sees_the_project(cast: Cast, update: ProjectUpdate, who: str, is_seen: bool) -> None:
    client = client_of(getattr(cast, who))
    assert len(results(client.get(OURS))) == int(is_seen)
    assert client.get(f"{URL}{update.pk}/").status_code == (200 if is_seen else 404)


def test_filters_narrow_the_list(reader: Client, update: ProjectUpdate) -> None:
    make(ProjectUpdate)
    for query, found in {
        "campaign=hundred-days": 1,
        "campaign=hundred-days&period=2022-07": 1,
        "campaign=hundred-days&period=2022-08": 0,
        "project=bridge": 1,
        "unit=town": 1,
        "unit=neighbour": 0,
    }.items():
        assert len(results(reader.get(f"{URL}?{query}"))) == found, query
    for query in ("period=2022-07", "campaign=hundred-days&period=2022-13", "project=no-such"):
        assert reader.get(f"{URL}?{query}").status_code == 400, query


def test_what_changed_since_an_instant_goes_by_real_time(reader: Client, update: ProjectUpdate) -> None:
    """The business clock may stand in another year than the row was written in."""
    for moment, found in ((update.changed_at, 1), (update.changed_at + timedelta(seconds=1), 0)):
        assert len(results(reader.get(f"{OURS}&updated_since={quote(moment.isoformat())}"))) == found


def test_an_update_is_made_once_and_changed_by_who_has_seen_it(cast: Cast, update: ProjectUpdate) -> None:
    client = system("read", "report", unit=cast.town)
    body = {"project": "bridge", "period": "hundred-days/2022-08", "invested_to_date": "120.00", "note": "Audited."}
    made = send(client, "POST", URL, body)
    assert (made.status_code, made.json()["invested_to_date"], made.json()["version"]) == (201, "120.00", 1)
    assert send(client, "POST", URL, body).status_code == 409
    place = made["Location"]
    assert send(client, "PATCH", place, {"next_step": "Piers."}).status_code == 428
    changed = send(client, "PATCH", place, {"next_step": "Piers."}, if_match=made["ETag"])
    assert (changed.status_code, changed.json()["version"], changed.json()["note"]) == (200, 2, "Audited.")
    assert send(client, "PATCH", place, {"next_step": "Deck."}, if_match=made["ETag"]).status_code == 412
    fixed = send(client, "PATCH", place, {"period": "hundred-days/2022-09"}, if_match=changed["ETag"])
    assert errors_of(fixed) == {"/period": "fixed"}


def test_what_does_not_hold_is_refused_and_names_its_field(cast: Cast, update: ProjectUpdate) -> None:
    client = client_of(cast.reporter)
    body = {"project": "bridge", "period": "hundred-days/2022-08"}
    for words, pointer in (
        ({"problem": "No sand."}, "/problem_since"),
        ({"invested_to_date": "-1.00"}, "/invested_to_date"),
        ({"image_percent": "100.01"}, "/image_percent"),
        ({"invested_to_date": "99999999.00"}, "/note"),
    ):
        answer = send(client, "POST", URL, body | words)
        assert list(errors_of(answer)) == [pointer], words
    closed = body | {"period": "hundred-days/2022-07"}
    assert send(client, "POST", URL, closed).status_code == 409
    assert ProjectUpdate.objects.filter(project__code="bridge").count() == 1


def test_many_cost_as_few_queries_as_one(reader: Client, update: ProjectUpdate) -> None:
    assert costs_the_same(reader, URL, lambda: [make(ProjectPhoto) for _ in range(3)])
