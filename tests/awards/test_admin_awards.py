"""Awards in the administration: schemes in use and announced rounds are final, computed scores are never typed."""

from __future__ import annotations

import pytest
from django.test import Client

from awards.models import Adjustment, Criterion, Round, Scheme, Score
from tests.admin_builders import DAY, make
from tests.admin_forms import add, boxes, change, errors, page
from tests.cast import client_of
from units.models import Change, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return make(User, is_superuser=True, is_staff=True)


@pytest.fixture
def client(person: User) -> Client:
    return client_of(person)


def criterion(n: int, **typed: str) -> dict[str, str]:
    given = {"order": f"{n + 1}", "name_en": f"Criterion {n}", "name_zh": "指标", "basis": "mark", "method": "linear"}
    return {f"criteria-{n}-{name}": value for name, value in (given | {"parameters": "{}"} | typed).items()}


def test_the_weights_of_a_scheme_add_to_100(client: Client) -> None:
    scheme = make(Scheme)
    rows = {"criteria-TOTAL_FORMS": "2"}
    wrong = change(client, scheme, **rows, **criterion(0, weight="60"), **criterion(1, weight="30"))
    assert "add to 90" in str(errors(wrong))
    right = change(client, scheme, **rows, **criterion(0, weight="60"), **criterion(1, weight="40"))
    assert right.status_code == 302
    assert scheme.criteria.count() == 2


@pytest.mark.parametrize(
    ("typed", "box"),
    [
        ({"basis": "indicator_growth"}, "indicator"),
        ({"basis": "action_composite"}, "action"),
        ({"weight": "0"}, "weight"),
        ({"weight": "101"}, "weight"),
        ({"parameters": "[1]"}, "parameters"),
        ({"parameters": "oops"}, "parameters"),
    ],
)
def test_a_criterion_that_makes_no_sense_is_refused_beside_the_box(
    client: Client, typed: dict[str, str], box: str
) -> None:
    rows = {"criteria-TOTAL_FORMS": "1", **criterion(0, **({"weight": "100"} | typed))}
    assert f"criteria-0-{box}" in errors(change(client, make(Scheme), **rows))


def test_a_scheme_that_a_round_uses_is_final(client: Client) -> None:
    scheme = make(Round).scheme
    assert client.post(page(Scheme, "change", scheme.pk), {}).status_code == 403
    assert client.post(page(Scheme, "delete", scheme.pk), {"post": "yes"}).status_code == 403


def test_a_second_active_version_of_a_scheme_is_refused(client: Client) -> None:
    scheme = make(Scheme)
    typed = {"version": "2", "name_en": "Two", "name_zh": "二", "interval": "year"}
    answer = add(
        client, Scheme, code=scheme.code, campaign=str(scheme.campaign_id), group=str(scheme.group_id), **typed
    )
    assert "Another version" in errors(answer)["code"][0]


def announced() -> Round:
    return make(Round, state="announced", announced_on=DAY)


def test_an_announced_round_is_final_with_all_that_belongs_to_it(client: Client) -> None:
    round_ = announced()
    adjustment = make(Adjustment, round=round_)
    assert client.post(page(Round, "change", round_.pk), {}).status_code == 403
    assert client.post(page(Round, "delete", round_.pk), {"post": "yes"}).status_code == 403
    assert client.post(page(Adjustment, "change", adjustment.pk), {}).status_code == 403
    assert client.post(page(Adjustment, "delete", adjustment.pk), {"post": "yes"}).status_code == 403
    unit = adjustment.unit_id
    answer = add(
        client,
        Adjustment,
        round=str(round_.pk),
        unit=str(unit),
        kind="bonus",
        points="1",
        reason="Late",
        evidence_note="None",
    )
    assert "has been computed" in errors(answer)["round"][0]


def test_a_computed_score_is_shown_and_not_typed(client: Client) -> None:
    score = make(Score)
    round_page = client.get(page(Round, "change", score.round_id))
    assert "95" in round_page.content.decode()
    assert not [name for name in boxes(round_page) if name.endswith(("_score", "_rank", "is_winner", "is_vetoed"))]


def test_a_round_looks_at_a_period_of_its_campaign(client: Client) -> None:
    from campaigns.models import Period

    answer = change(client, make(Round), period=str(make(Period).pk))
    assert "another campaign" in errors(answer)["period"][0]


@pytest.mark.parametrize(
    ("typed", "box"),
    [
        ({"kind": "veto"}, "points"),
        ({"points": "0"}, "points"),
        ({"reason": ""}, "reason"),
        ({"evidence_note": ""}, "evidence_note"),
    ],
)
def test_an_adjustment_that_makes_no_sense_is_refused_beside_the_box(
    client: Client, typed: dict[str, str], box: str
) -> None:
    assert box in errors(change(client, make(Adjustment), **typed))


def test_an_adjustment_says_who_made_it(client: Client, person: User) -> None:
    round_ = make(Round)
    unit = make(Score, round=round_).unit
    typed = {"kind": "penalty", "points": "2", "reason": "Late reports", "evidence_note": "List of July"}
    assert add(client, Adjustment, round=str(round_.pk), unit=str(unit.pk), **typed).status_code == 302
    assert Adjustment.objects.get().made_by == person
    assert Change.objects.get().items.get().after["reason"] == "Late reports"


def test_an_open_round_goes_with_nothing_left_behind(client: Client) -> None:
    round_ = make(Criterion).scheme.rounds.create(name_en="R", name_zh="轮", starts_on=DAY, ends_on=DAY)
    assert client.post(page(Round, "delete", round_.pk), {"post": "yes"}).status_code == 302
    assert not Round.objects.filter(pk=round_.pk).exists()
