"""Award rounds by the API: everybody knows of them, their scores come out with the publicity period."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from awards.models import Adjustment, Criterion, Round, Scheme, Score, ScoreLine
from tests.admin_builders import make
from tests.api_calls import costs_the_same, must_be_as_described, queries_of, results
from tests.api_cast import system
from tests.cast import Cast, client_of

URL = "/api/v1/award-rounds/"
EVERYTHING = ("office", "leader", "administrator")
OTHERS = ("reporter", "head", "outsider", "reviewer", "stranger")


@pytest.fixture
def reader(cast: Cast) -> Client:
    return system("read")


@pytest.fixture
def scored(cast: Cast) -> Round:
    """The town 95 points and first, the neighbour vetoed."""
    scheme = make(Scheme, code="flag", campaign=cast.campaign, group=cast.localities)
    row = make(Round, scheme=scheme, period=cast.july, state=Round.State.COMPUTED)
    criterion = make(Criterion, scheme=scheme, order=1)
    town = make(Score, round=row, unit=cast.town)
    make(ScoreLine, score=town, criterion=criterion, figure=104, points=94, working={"of": "100"})
    make(Adjustment, round=row, unit=cast.town, reason="Model project")
    make(Score, round=row, unit=cast.neighbour, computed_score=97, computed_rank=None, is_vetoed=True)
    make(Adjustment, round=row, unit=cast.neighbour, kind="veto", points=0, reason="An accident")
    return row


def move(row: Round, state: str) -> None:
    announced_on = date(2022, 7, 27) if state == Round.State.ANNOUNCED else None
    Round.objects.filter(pk=row.pk).update(state=state, announced_on=announced_on)


def test_everybody_knows_of_a_round(cast: Cast, scored: Round) -> None:
    client = client_of(cast.stranger)
    told = client.get(f"{URL}{scored.pk}/").json()
    assert (told["scheme"], told["period"], told["state"]) == ("flag/1", "hundred-days/2022-07", "computed")
    assert not {"scores", "winners"} & told.keys()
    must_be_as_described(client, URL, "PaginatedRoundList")


@pytest.mark.parametrize("state", Round.State.values)
def test_scores_are_for_all_from_the_publicity_period_on(cast: Cast, scored: Round, state: str) -> None:
    move(scored, state)
    is_public = state in (Round.State.IN_PUBLICITY, Round.State.ANNOUNCED)
    for who in (*EVERYTHING, *OTHERS):
        status = client_of(getattr(cast, who)).get(f"{URL}{scored.pk}/scores/").status_code
        assert status == (200 if is_public or who in EVERYTHING else 404), who
    assert system("read", unit=cast.town).get(f"{URL}{scored.pk}/scores/").status_code == (200 if is_public else 404)
    assert system("read").get(f"{URL}{scored.pk}/scores/").status_code == 200


def test_a_score_tells_every_step_of_its_sum_and_no_names(cast: Cast, scored: Round) -> None:
    move(scored, Round.State.ANNOUNCED)
    Score.objects.filter(unit=cast.town).update(decided_score=96, decided_reason="Recount", decided_by=cast.office)
    answer = client_of(cast.stranger).get(f"{URL}{scored.pk}/scores/")
    assert cast.office.display_name not in answer.content.decode()
    by_unit = {one["unit"]: one for one in answer.json()["scores"]}
    town = by_unit["town"]
    assert (town["computed_score"], town["decided_score"], town["decided_reason"]) == ("95.0000", "96.0000", "Recount")
    assert town["lines"] == [{"criterion": 1, "figure": "104.000000", "working": {"of": "100"}, "points": "94.0000"}]
    assert [(one["kind"], one["points"]) for one in town["adjustments"]] == [("bonus", "1.0000")]
    assert [one["reason"] for one in by_unit["neighbour"]["adjustments"]] == ["An accident"]
    assert by_unit["neighbour"]["is_vetoed"] is True


def test_scores_take_as_few_queries_for_many_units_as_for_one(reader: Client, scored: Round) -> None:
    url = f"{URL}{scored.pk}/scores/"
    few = queries_of(reader, url)
    for _ in range(3):
        score = make(Score, round=scored)
        make(ScoreLine, score=score)
        make(Adjustment, round=scored, unit=score.unit)
    assert queries_of(reader, url) == few


def test_filters_narrow_the_list(reader: Client, scored: Round) -> None:
    make(Round)
    for query, found in {
        "campaign=hundred-days": 1,
        "campaign=hundred-days&period=2022-07": 1,
        "scheme=flag": 1,
        "state=computed": 1,
        "state=announced": 0,
    }.items():
        assert len(results(reader.get(f"{URL}?{query}"))) == found, query
    for query in ("scheme=no-such", "state=won", "period=2022-07"):
        assert reader.get(f"{URL}?{query}").status_code == 400, query


def test_many_cost_as_few_queries_as_one(reader: Client, scored: Round) -> None:
    assert costs_the_same(reader, URL, lambda: [make(Round) for _ in range(3)])
