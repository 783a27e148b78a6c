"""Award schemes, rounds and red flags; the scores are those of a round that is not public yet. Each step is asked for
in a state from which it may be taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from awards.models import Adjustment, Appeal, RedFlag, Round, Score
from awards.operations.appeals import file_appeal
from awards.operations.decisions import decide_winner
from awards.operations.rounds import review_round
from tests.addresses import Scene
from tests.admin_builders import make
from tests.api_matrix.sample import Sample
from tests.awards import builders
from tests.cast import Cast, at

TABLE = """
                              people                                         | tokens
                              anon stra repo head outs revi offi lead admi   | read r-to repo p-to mana gone
GET    award-schemes-list     401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    award-schemes-detail   401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    award-rounds-list      401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    award-rounds-detail    401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    award-rounds-scores    401  404  404  404  404  404  200  200  200      200  404  403  404  200  401
POST   award-schemes-list               401  403  403  403  403  403  403  403  201      403  403  403  403  201  401
PATCH  award-schemes-detail             401  403  403  403  403  403  403  403  200      403  403  403  403  200  401
POST   award-rounds-list                401  403  403  403  403  403  201  403  403      403  403  403  403  201  401
POST   award-rounds-marks               401  403  403  403  403  403  200  403  403      403  403  403  403  403  401
POST   award-rounds-compute             401  403  403  403  403  403  200  403  403      403  403  403  403  403  401
POST   award-rounds-review              401  403  403  403  403  403  200  403  403      403  403  403  403  403  401
POST   award-rounds-publicise           401  403  403  403  403  403  200  403  403      403  403  403  403  403  401
POST   award-rounds-adjust              401  403  403  403  403  403  200  403  403      403  403  403  403  403  401
POST   award-rounds-veto                401  403  403  403  403  403  200  403  403      403  403  403  403  403  401
POST   award-rounds-withdraw-adjustment 401  403  403  403  403  403  200  403  403      403  403  403  403  403  401
POST   award-rounds-answer-appeal       401  403  403  403  403  403  200  403  403      403  403  403  403  403  401
GET    award-rounds-appeals             401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
POST   award-rounds-appeals             401  403  200  200  403  403  403  403  403      403  403  403  403  403  401
POST   award-rounds-decide              401  403  403  403  403  403  403  403  200      403  403  403  403  403  401
POST   award-rounds-withdraw-decision   401  403  403  403  403  403  403  403  200      403  403  403  403  403  401
POST   award-rounds-announce            401  403  403  403  403  403  403  403  200      403  403  403  403  403  401
POST   award-rounds-revise              401  403  403  403  403  403  403  403  200      403  403  403  403  403  401
GET    award-rounds-snapshot            401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
POST   award-rounds-what-if             401  403  403  403  403  403  200  403  200      403  403  403  403  403  401
GET    red-flags-list         401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    red-flags-detail       401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
"""


def computed(scene: Scene) -> None:
    make(Score, round=make(Round, state=Round.State.COMPUTED), unit=scene.cast.town)


def held(scene: Scene) -> None:
    announced = make(Round, state=Round.State.ANNOUNCED, announced_on=date(2022, 7, 27))
    make(RedFlag, round=announced, unit=scene.cast.town)


def of_round(scene: Scene) -> dict[str, int]:
    return {"id": Round.objects.latest("pk").pk}


# --- rounds that went through their steps -----------------------------------------------------------------------------


def reviewed(scene: Scene) -> Round:
    award = builders.computed(scene.cast)
    return review_round(round_id=award.pk, actor=scene.cast.office, now=scene.cast.now)


def in_publicity(scene: Scene) -> Round:
    """From today on."""
    return builders.in_publicity(scene.cast, starts_on=date(2022, 9, 3))


def objected(scene: Scene) -> Appeal:
    cast = scene.cast
    award = in_publicity(scene)
    return file_appeal(round_id=award.pk, unit=cast.town, text="Our mark.", actor=cast.head, now=cast.now)


def in_august(scene: Scene) -> Cast:
    return replace(scene.cast, now=at(8, 17))


def ripe(scene: Scene) -> Round:
    """Its publicity was over in August."""
    return builders.in_publicity(in_august(scene), starts_on=date(2022, 8, 17))


def announced(scene: Scene) -> Round:
    return builders.announced(scene.cast, ripe(scene), now=at(8, 22))


def adjusted(scene: Scene) -> Round:
    return builders.adjusted(scene.cast, builders.computed(scene.cast), scene.cast.town)


def decided(scene: Scene) -> Round:
    cast = scene.cast
    award = builders.computed(cast)
    return decide_winner(
        round_id=award.pk, unit=cast.neighbour, is_winner=True, reason="Why.", actor=cast.administrator, now=cast.now
    )


ON_TOWN = {"unit": "town", "reason": "An accident", "evidence_note": "Report 7"}


def step(given: Any, **body: Any) -> Sample:
    return Sample(kwargs=of_round, given=given, bodies={"POST": lambda scene: body})


CRITERION = {"order": 1, "name_en": "Mark", "name_zh": "评分", "weight": "100", "basis": "mark", "method": "linear"}
NEW_SCHEME = {
    "code": "new",
    "name_en": "New",
    "name_zh": "新",
    "campaign": "hundred-days",
    "group": "localities",
    "interval": "month",
    "criteria": [CRITERION],
}
NEW_ROUND = {"scheme": "flag", "period": "hundred-days/2022-07", "name_en": "July", "name_zh": "七月"}


SAMPLES: dict[str, Sample] = {
    "award-schemes-list": Sample(bodies={"POST": lambda scene: NEW_SCHEME}),
    "award-schemes-detail": Sample(
        kwargs=lambda scene: {"code": "flag", "edition": "1"},
        given=lambda scene: builders.saved_scheme(scene.cast),
        bodies={"PATCH": lambda scene: {"flags": 2}},
    ),
    "award-rounds-list": Sample(
        given=lambda scene: builders.saved_scheme(scene.cast), bodies={"POST": lambda scene: NEW_ROUND}
    ),
    "award-rounds-detail": Sample(kwargs=of_round, given=computed),
    "award-rounds-scores": Sample(kwargs=of_round, given=computed),
    "award-rounds-snapshot": Sample(kwargs=of_round, given=announced),
    "award-rounds-marks": step(
        lambda scene: builders.opened(scene.cast), marks=[{"criterion": 2, "unit": "town", "value": "91"}]
    ),
    "award-rounds-compute": step(lambda scene: builders.opened(scene.cast)),
    "award-rounds-review": step(lambda scene: builders.computed(scene.cast)),
    "award-rounds-publicise": step(reviewed),
    "award-rounds-adjust": step(lambda scene: builders.computed(scene.cast), kind="bonus", points="1", **ON_TOWN),
    "award-rounds-veto": step(lambda scene: builders.computed(scene.cast), **ON_TOWN),
    "award-rounds-withdraw-adjustment": Sample(
        kwargs=of_round,
        given=adjusted,
        bodies={"POST": lambda scene: {"adjustment": Adjustment.objects.latest("pk").pk, "reason": "Wrong unit."}},
    ),
    "award-rounds-appeals": step(in_publicity, unit="town", text="Our mark."),
    "award-rounds-answer-appeal": Sample(
        kwargs=of_round,
        given=objected,
        bodies={
            "POST": lambda scene: {"appeal": Appeal.objects.latest("pk").pk, "answer": "It stays.", "is_upheld": False}
        },
    ),
    "award-rounds-decide": step(
        lambda scene: builders.computed(scene.cast), unit="town", score="70.00", reason="A figure was copied wrong."
    ),
    "award-rounds-withdraw-decision": step(decided, unit="neighbour", reason="After all."),
    "award-rounds-announce": step(ripe),
    "award-rounds-revise": step(announced, reason="Falsified.", adjustments=[{"kind": "veto", **ON_TOWN}]),
    "award-rounds-what-if": step(lambda scene: builders.computed(scene.cast), flags=2),
    "red-flags-detail": Sample(kwargs=lambda scene: {"id": RedFlag.objects.latest("pk").pk}, given=held),
}
