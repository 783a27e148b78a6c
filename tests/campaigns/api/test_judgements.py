"""Likelihoods and accepted reasons by the API: told as they are disclosed, written by the lead's reviewers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from campaigns.models import AcceptedReason, Assignment, Likelihood
from campaigns.operations.judgements import accept_reason, judge_likelihood
from tests.api_calls import costs_the_same, errors_of, must_be_as_described, results, send
from tests.api_cast import system
from tests.builders import publish
from tests.cast import Cast, client_of
from units.models import Change, Unit

LIKELIHOODS = "/api/v1/likelihoods/"
REASONS = "/api/v1/accepted-reasons/"
PLACE = {"action": "hundred-days/1", "unit": "town", "period": "hundred-days/2022-08"}
JUDGED = {**PLACE, "level": "likely", "reason": "Orders are in.", "next_step": "Win two more buyers."}
ACCEPTED = {**PLACE, "reason": "A typhoon in August."}
SEERS = ("reporter", "outsider", "stranger", "reviewer", "other_reviewer", "office", "leader")


@pytest.fixture(autouse=True)
def _no_throttle(settings: Any) -> None:
    settings.API_THROTTLE = ""


@pytest.fixture
def reviewer(cast: Cast) -> Client:
    return client_of(cast.reviewer)


def judge(cast: Cast, unit: Unit | None) -> Likelihood:
    return judge_likelihood(
        action=cast.trade, unit=unit, period=cast.august, level="likely", reason="Orders are in.", next_step="",
        actor=cast.reviewer, now=cast.now,
    )  # fmt: skip


def accept(cast: Cast, unit: Unit) -> AcceptedReason:
    return accept_reason(
        action=cast.trade, unit=unit, period=cast.august, reason="A typhoon.", actor=cast.reviewer, now=cast.now
    )


# --- reading ----------------------------------------------------------------------------------------------------------


def test_before_publication_a_judgement_is_told_as_standings_are(cast: Cast) -> None:
    for unit in (None, cast.town, cast.neighbour):
        judge(cast, unit)
    seen = {name: [one["unit"] for one in results(client_of(getattr(cast, name)).get(LIKELIHOODS))] for name in SEERS}
    everything = [None, "town", "neighbour"]
    assert seen == {
        "reporter": ["town"],
        "outsider": ["neighbour"],
        "stranger": [],
        "reviewer": everything,
        "other_reviewer": [],
        "office": everything,
        "leader": everything,
    }
    assert len(results(system("read").get(LIKELIHOODS))) == 3
    assert len(results(system("read", unit=cast.town).get(LIKELIHOODS))) == 1


def test_once_published_judgements_are_for_all_and_names_for_those_who_know_them(cast: Cast) -> None:
    judge(cast, cast.town)
    accept(cast, cast.town)
    publish(cast)
    names = {}
    for name in SEERS:
        client = client_of(getattr(cast, name))
        (judged,), (accepted,) = results(client.get(LIKELIHOODS)), results(client.get(REASONS))
        assert judged["judged_by"] == accepted["accepted_by"]
        names[name] = judged["judged_by"]
    assert names == dict.fromkeys(SEERS, "Reviewer") | dict.fromkeys(("outsider", "stranger", "other_reviewer"))


def test_before_publication_a_reason_of_another_unit_is_not_there(cast: Cast) -> None:
    row = accept(cast, cast.neighbour)
    assert client_of(cast.reporter).get(f"{REASONS}{row.pk}/").status_code == 404
    assert client_of(cast.outsider).get(f"{REASONS}{row.pk}/").json()["reason"] == "A typhoon."


def test_judgements_are_found_by_what_they_are_of(cast: Cast, reviewer: Client) -> None:
    judge(cast, None)
    judge(cast, cast.town)
    accept(cast, cast.town)
    august = "?campaign=hundred-days&period=2022-08&action=1"
    assert len(results(reviewer.get(LIKELIHOODS + august))) == 2
    assert [one["unit"] for one in results(reviewer.get(f"{LIKELIHOODS}{august}&of_city=true"))] == [None]
    assert [one["unit"] for one in results(reviewer.get(f"{LIKELIHOODS}{august}&unit=town&level=likely"))] == ["town"]
    assert len(results(reviewer.get(f"{REASONS}{august}&unit=town"))) == 1
    assert results(reviewer.get(f"{REASONS}?campaign=hundred-days&period=2022-07")) == []
    for wrong in ("level=sure", "unit=nowhere", "action=1", "campaign=hundred-days&period=2099-01", "x=1"):
        assert reviewer.get(f"{LIKELIHOODS}?{wrong}").status_code == 400


def test_lists_are_as_described_and_take_the_same_queries_whatever_their_rows(cast: Cast) -> None:
    reader = system("read")
    judge(cast, cast.town)
    accept(cast, cast.town)

    def add() -> None:
        for unit in (cast.neighbour, cast.lead):
            judge(cast, unit)
            accept(cast, unit)

    def take_away() -> None:
        AcceptedReason.objects.exclude(unit=cast.town).delete()

    must_be_as_described(reader, LIKELIHOODS, "PaginatedLikelihoodList")
    must_be_as_described(reader, REASONS, "PaginatedAcceptedReasonList")
    assert costs_the_same(reader, LIKELIHOODS, add)
    assert costs_the_same(reader, REASONS, take_away)


# --- judging ----------------------------------------------------------------------------------------------------------


def test_the_lead_judges_and_judges_anew(cast: Cast, reviewer: Client) -> None:
    made = send(reviewer, "POST", LIKELIHOODS, JUDGED)
    assert made.status_code == 201, made.content
    assert (made.json()["level"], made.json()["judged_by"], made.json()["version"]) == ("likely", "Reviewer", 1)
    assert reviewer.get(made["Location"]).json() == made.json()
    again = send(reviewer, "POST", LIKELIHOODS, {**JUDGED, "level": "unlikely"}, if_match=made["ETag"])
    assert (again.status_code, again.json()["level"], again.json()["version"]) == (200, "unlikely", 2)
    assert Likelihood.objects.count() == 1
    assert Change.objects.filter(verb="judge_likelihood").count() == 2


def test_without_a_unit_it_is_the_city(cast: Cast, reviewer: Client) -> None:
    for named in ({"unit": None}, {}):
        body = {name: value for name, value in JUDGED.items() if name != "unit"} | named
        assert send(reviewer, "POST", LIKELIHOODS, body, if_match="*").json()["unit"] is None
    assert Likelihood.objects.get().version == 2


def test_what_stands_is_not_written_over_unseen(cast: Cast, reviewer: Client) -> None:
    judge(cast, cast.town)
    judge(cast, cast.town)
    assert send(reviewer, "POST", LIKELIHOODS, JUDGED).status_code == 428
    answer = send(reviewer, "POST", LIKELIHOODS, JUDGED, if_match='"1"')
    assert (answer.status_code, answer.json()["current"]["version"]) == (412, 2)


def test_a_version_of_what_is_no_longer_there_is_stale(cast: Cast, reviewer: Client) -> None:
    answer = send(reviewer, "POST", REASONS, ACCEPTED, if_match='"3"')
    assert (answer.status_code, answer.json()["current"]) == (412, {"version": None})


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"level": "sure"}, {"/level": "invalid_choice"}),
        ({"reason": ""}, {"/reason": "blank"}),
        ({"reason": " "}, {"/reason": "invalid"}),
        ({"unit": "nowhere"}, {"/unit": "does_not_exist"}),
        ({"unit": "office"}, {"/unit": "invalid"}),
        ({"action": 1}, {"/action": "invalid"}),
        ({"judged_by": "Me"}, {"/judged_by": "read_only"}),
        ({"judgement": "x"}, {"/judgement": "unknown"}),
    ],
)
def test_what_cannot_be_judged_is_named(
    cast: Cast, reviewer: Client, given: dict[str, Any], wrong: dict[str, str]
) -> None:
    assert errors_of(send(reviewer, "POST", LIKELIHOODS, {**JUDGED, **given})) == wrong
    assert not Likelihood.objects.exists()


def test_a_period_that_has_not_begun_is_not_judged(cast: Cast, reviewer: Client) -> None:
    body = {**JUDGED, "period": "hundred-days/2022-10"}
    assert send(reviewer, "POST", LIKELIHOODS, body).status_code == 409


def test_nobody_but_the_lead_judges(cast: Cast) -> None:
    others = [client_of(person) for person in (cast.other_reviewer, cast.office, cast.administrator, cast.reporter)]
    for client in (*others, system("read", "report", "manage")):
        assert send(client, "POST", LIKELIHOODS, JUDGED).status_code == 403
        assert send(client, "POST", REASONS, ACCEPTED).status_code == 403


# --- accepting --------------------------------------------------------------------------------------------------------


def test_the_lead_accepts_a_reason_words_it_anew_and_withdraws_it(cast: Cast, reviewer: Client) -> None:
    made = send(reviewer, "POST", REASONS, ACCEPTED)
    assert (made.status_code, made.json()["accepted_by"]) == (201, "Reviewer")
    again = send(reviewer, "POST", REASONS, {**ACCEPTED, "reason": "A flood."}, if_match=made["ETag"])
    assert (again.status_code, again.json()["reason"], again.json()["id"]) == (200, "A flood.", made.json()["id"])
    row = f"{REASONS}{made.json()['id']}/"
    assert send(reviewer, "DELETE", row).status_code == 428
    assert send(reviewer, "DELETE", row, if_match=made["ETag"]).status_code == 412
    assert send(client_of(cast.office), "DELETE", row, if_match=again["ETag"]).status_code == 403
    assert send(reviewer, "DELETE", row, if_match=again["ETag"]).status_code == 204
    assert not AcceptedReason.objects.exists()
    assert Change.objects.filter(verb="withdraw_reason").count() == 1


def test_a_reason_is_of_a_unit_that_reports(cast: Cast, reviewer: Client) -> None:
    assert errors_of(send(reviewer, "POST", REASONS, {**ACCEPTED, "unit": None})) == {"/unit": "null"}
    Assignment.objects.filter(unit=cast.town).delete()
    assert errors_of(send(reviewer, "POST", REASONS, ACCEPTED)) == {"/unit": "invalid"}
