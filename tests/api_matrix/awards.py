"""Award schemes, rounds and red flags; the scores are those of a round that is not public yet."""

from __future__ import annotations

from datetime import date

from awards.models import RedFlag, Round, Scheme, Score
from tests.addresses import Scene
from tests.admin_builders import make
from tests.api_matrix.sample import Sample

TABLE = """
                              people                                         | tokens
                              anon stra repo head outs revi offi lead admi   | read r-to repo p-to mana gone
GET    award-schemes-list     401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    award-schemes-detail   401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    award-rounds-list      401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    award-rounds-detail    401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    award-rounds-scores    401  404  404  404  404  404  200  200  200      200  404  403  404  200  401
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


SAMPLES: dict[str, Sample] = {
    "award-schemes-detail": Sample(
        kwargs=lambda scene: {"code": "flag", "edition": "1"}, given=lambda scene: make(Scheme, code="flag")
    ),
    "award-rounds-detail": Sample(kwargs=of_round, given=computed),
    "award-rounds-scores": Sample(kwargs=of_round, given=computed),
    "red-flags-detail": Sample(kwargs=lambda scene: {"id": RedFlag.objects.latest("pk").pk}, given=held),
}
