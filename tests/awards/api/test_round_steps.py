"""Award rounds by the API, from opening to the snapshot, and what is refused with its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from awards.models import Round, Scheme
from tests.api_calls import errors_of, send
from tests.api_cast import system
from tests.awards.builders import announced, computed, in_publicity, opened, saved_scheme
from tests.awards.test_verify_round import by_script
from tests.builders import move_clock_to
from tests.cast import Cast, at, client_of

URL = "/api/v1/award-rounds/"
NEW = {"scheme": "flag", "period": "hundred-days/2022-07", "name_en": "July 2022", "name_zh": "2022年7月"}


@pytest.fixture
def cast(cast_with_july: Cast, settings: Any) -> Cast:
    settings.API_THROTTLE = ""
    return cast_with_july


def take(client: Client, award: dict[str, Any], step: str, body: Any = None) -> Any:
    """The step on the version that the client has seen."""
    tag = f'"{award["version"]}"'
    return send(client, "POST", f"{URL}{award['id']}/{step}/", body or {}, if_match=tag)


def test_a_round_goes_from_opening_to_the_snapshot(cast: Cast, tmp_path: Path) -> None:
    saved_scheme(cast)
    office, administrator = client_of(cast.office), client_of(cast.administrator)
    answer = send(office, "POST", URL, NEW)
    assert answer.status_code == 201, answer.content
    award = answer.json()
    assert (award["starts_on"], award["ends_on"], award["scheme"]) == ("2022-07-01", "2022-07-31", "flag/1")
    marks = [{"criterion": 2, "unit": "town", "value": "95"}, {"criterion": 2, "unit": "neighbour", "value": "80.5"}]
    steps: list[tuple[str, Any]] = [
        ("marks", {"marks": marks}),
        ("compute", None),
        ("adjust", {"unit": "town", "kind": "bonus", "points": "1.5", "reason": "Good", "evidence_note": "Notice 3"}),
        ("review", None),
        ("publicise", {"starts_on": "2022-09-05"}),
    ]
    for step, body in steps:
        answer = take(office, award, step, body)
        assert answer.status_code == 200, (step, answer.content)
        award = answer.json()
    assert (award["state"], award["publicity_until"]) == ("in_publicity", "2022-09-07")
    move_clock_to(at(9, 6))
    award = take(client_of(cast.outsider_head), award, "appeals", {"unit": "neighbour", "text": "Our mark."}).json()
    [objection] = office.get(f"{URL}{award['id']}/appeals/").json()["appeals"]
    assert client_of(cast.reporter).get(f"{URL}{award['id']}/appeals/").json()["appeals"] == []
    reply = {"appeal": objection["id"], "answer": "It stays.", "is_upheld": False}
    award = take(office, award, "answer-appeal", reply).json()
    move_clock_to(at(9, 8))
    award = take(administrator, award, "announce").json()
    assert (award["state"], award["announced_on"]) == ("announced", "2022-09-08")
    path = tmp_path / "snapshot.json"
    path.write_bytes(client_of(cast.stranger).get(f"{URL}{award['id']}/snapshot/").content)
    assert by_script(path).returncode == 0
    assert json.loads(path.read_bytes())["winners"] == ["town"]


def test_scores_tell_every_step_down_to_the_report(cast: Cast) -> None:
    award = computed(cast)
    told = client_of(cast.leader).get(f"{URL}{award.pk}/scores/").json()["scores"][0]
    assert (told["unit"], told["computed_score"], told["rank"], told["is_winner"]) == ("town", "61.0000", 1, True)
    origin = told["lines"][0]["working"]["from"]
    assert origin["report"] == cast.report(cast.town, cast.trade, cast.july).pk


def test_an_older_snapshot_stays_where_it_was(cast: Cast) -> None:
    award = announced(cast)
    client = client_of(cast.administrator)
    first = client.get(f"{URL}{award.pk}/snapshot/").content
    body = {"reason": "By the committee.", "decisions": [{"unit": "neighbour", "is_winner": True}]}
    assert take(client, {"id": award.pk, "version": award.version}, "revise", body).status_code == 200
    assert client.get(f"{URL}{award.pk}/snapshot/?version=1").content == first
    assert client.get(f"{URL}{award.pk}/snapshot/").content != first
    assert client.get(f"{URL}{award.pk}/snapshot/?version=3").status_code == 404
    assert client.get(f"{URL}{award.pk}/snapshot/?version=x").status_code == 400


def test_what_if_answers_who_would_win(cast: Cast) -> None:
    award = computed(cast)
    client = client_of(cast.office)
    answer = send(client, "POST", f"{URL}{award.pk}/what-if/", {"flags": 2})
    assert answer.json()["winners"] == ["town", "neighbour"]
    wrong = send(client, "POST", f"{URL}{award.pk}/what-if/", {"weights": [{"criterion": 1, "weight": "49.99"}]})
    assert errors_of(wrong) == {"/criteria": "weights"}


BEFORE: dict[str, Callable[[Cast], Round]] = {"open": opened, "computed": computed, "in_publicity": in_publicity}


@pytest.mark.parametrize(
    ("state", "step", "body", "errors"),
    [
        ("computed", "veto", {"unit": "town", "reason": "x", "evidence_note": ""}, {"/evidence_note": "blank"}),
        ("computed", "veto", {"unit": "town", "reason": "An accident"}, {"/evidence_note": "required"}),
        ("open", "marks", {"marks": [{"criterion": 2, "unit": "town", "value": "101"}]}, {"/mark-2-town": "invalid"}),
        ("computed", "adjust", {"unit": "town", "kind": "veto", "points": "1", "reason": "x", "evidence_note": "y"},
         {"/kind": "invalid_choice"}),
    ],
)  # fmt: skip
def test_bad_input_is_told_with_its_place(
    cast: Cast, state: str, step: str, body: dict[str, Any], errors: dict[str, str]
) -> None:
    award = BEFORE[state](cast)
    answer = take(client_of(cast.office), {"id": award.pk, "version": award.version}, step, body)
    assert errors_of(answer) == errors


def test_a_decision_is_a_score_or_a_winner(cast: Cast) -> None:
    award = computed(cast)
    told = {"id": award.pk, "version": award.version}
    client = client_of(cast.administrator)
    for extra in ({}, {"score": "70", "is_winner": True}):
        assert errors_of(take(client, told, "decide", {"unit": "town", "reason": "Why", **extra})) == {
            "/score": "required"
        }
    assert take(client, told, "decide", {"unit": "town", "reason": "Why", "is_winner": False}).status_code == 200


def test_a_window_in_the_past_is_refused(cast: Cast) -> None:
    award = computed(cast)
    client = client_of(cast.office)
    told = take(client, {"id": award.pk, "version": award.version}, "review").json()
    assert errors_of(take(client, told, "publicise", {"starts_on": "2022-09-02"})) == {"/publicity_from": "invalid"}


def test_who_has_not_seen_the_version_is_told_how_it_stands_now(cast: Cast) -> None:
    award = computed(cast)
    client = client_of(cast.office)
    stale = take(client, {"id": award.pk, "version": award.version - 1}, "review")
    assert stale.status_code == 412
    assert stale.json()["current"]["version"] == award.version
    assert send(client, "POST", f"{URL}{award.pk}/review/", {}).status_code == 428


def test_a_step_at_the_wrong_moment_is_a_conflict(cast: Cast) -> None:
    award = opened(cast)
    answer = take(client_of(cast.office), {"id": award.pk, "version": award.version}, "review")
    assert answer.status_code == 409


# --- schemes ----------------------------------------------------------------------------------------------------------

SCHEMES = "/api/v1/award-schemes/"


def criterion(order: int, weight: str, **fields: Any) -> dict[str, Any]:
    given = {"name_en": f"Criterion {order}", "name_zh": "项目", "basis": "mark", "method": "linear"}
    return {"order": order, "weight": weight, **given, **fields}


def body(**fields: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "code": "yearly",
        "name_en": "Yearly flag",
        "name_zh": "年度流动红旗",
        "campaign": "hundred-days",
        "group": "localities",
        "interval": "year",
        "criteria": [criterion(1, "60", basis="indicator_growth", indicator="exports"), criterion(2, "40")],
        "gates": [{"order": 1, "name_en": "Gate", "name_zh": "门槛", "criterion": 2, "minimum": "60"}],
    }
    return given | fields


def test_a_system_that_manages_writes_schemes(cast: Cast) -> None:
    client = system("read", "manage")
    answer = send(client, "POST", SCHEMES, body())
    assert answer.status_code == 201, answer.content
    assert answer["Location"].endswith("/award-schemes/yearly/1/")
    told = answer.json()
    assert [one["indicator"] for one in told["criteria"]] == ["exports", None]
    assert told["gates"][0]["criterion"] == 2
    changed = send(client, "PATCH", f"{SCHEMES}yearly/1/", {"flags": 2}, if_match=answer["ETag"])
    assert (changed.status_code, changed.json()["flags"], changed.json()["edition"]) == (200, 2, 1)
    stale = send(client, "PATCH", f"{SCHEMES}yearly/1/", {"flags": 4}, if_match=answer["ETag"])
    assert stale.status_code == 412


def test_a_scheme_in_use_is_followed_by_the_next_edition(cast: Cast) -> None:
    scheme = saved_scheme(cast)
    opened(cast, scheme)
    client = client_of(cast.administrator)
    tag = client.get(f"{SCHEMES}flag/1/")["ETag"]
    answer = send(client, "PATCH", f"{SCHEMES}flag/1/", {"flags": 2}, if_match=tag)
    assert (answer.status_code, answer.json()["edition"]) == (201, 2)
    assert answer["Location"].endswith("/award-schemes/flag/2/")
    assert client.get(f"{SCHEMES}flag/1/").json()["is_active"] is False
    assert Scheme.objects.get(version=1).flags == 1


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"criteria": [criterion(1, "99.99")]}, {"/criteria": "weights"}),
        ({"criteria": [criterion(1, "100", basis="indicator_growth")]}, {"/criteria/0/indicator": "no_indicator"}),
        ({"criteria": [criterion(1, "100", method="banded")], "gates": []},
         {"/criteria/0/parameters": "parameter_missing"}),
        ({"gates": [
            {"order": 1, "name_en": "A", "name_zh": "甲", "criterion": 1, "minimum": "1", "behind": 2},
            {"order": 2, "name_en": "B", "name_zh": "乙", "criterion": 1, "minimum": "1", "behind": 1}]},
         {"/gates/0/behind": "gate_circle"}),
        ({"tie_rule": "criteria"}, {"/tie_rule": "no_tie_criteria"}),
        ({"criteria": []}, {"/criteria": "no_criteria"}),
    ],
)  # fmt: skip
def test_a_scheme_that_cannot_be_is_told_with_its_places(
    cast: Cast, fields: dict[str, Any], errors: dict[str, str]
) -> None:
    found = errors_of(send(client_of(cast.administrator), "POST", SCHEMES, body(**{"gates": [], **fields})))
    assert found == errors
    assert not Scheme.objects.exists()
