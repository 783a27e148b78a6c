"""What campaigns are made of: campaigns, actions, indicators, assignments, targets and periods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from campaigns.models import Action, Assignment, Campaign, Indicator, Target
from tests.addresses import Scene
from tests.admin_builders import make
from tests.api_matrix.sample import Sample, named
from tests.builders import close

TABLE = """
                              people                                         | tokens
                              anon stra repo head outs revi offi lead admi   | read r-to repo p-to mana gone
GET    campaigns-list         401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
POST   campaigns-list         401  403  403  403  403  403  201  403  201      403  403  403  403  201  401
GET    campaigns-detail       401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
PATCH  campaigns-detail       401  403  403  403  403  403  200  403  200      403  403  403  403  200  401
DELETE campaigns-detail       401  403  403  403  403  403  403  403  204      403  403  403  403  204  401
GET    actions-list           401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
POST   actions-list           401  403  403  403  403  403  201  403  201      403  403  403  403  201  401
GET    actions-detail         401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
PATCH  actions-detail         401  403  403  403  403  403  200  403  200      403  403  403  403  200  401
DELETE actions-detail         401  403  403  403  403  403  204  403  204      403  403  403  403  204  401
GET    indicators-list        401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
POST   indicators-list        401  403  403  403  403  403  201  403  201      403  403  403  403  201  401
GET    indicators-detail      401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
PATCH  indicators-detail      401  403  403  403  403  403  200  403  200      403  403  403  403  200  401
DELETE indicators-detail      401  403  403  403  403  403  204  403  204      403  403  403  403  204  401
GET    assignments-list       401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
POST   assignments-list       401  403  403  403  403  403  201  403  201      403  403  403  403  201  401
GET    assignments-detail     401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
PATCH  assignments-detail     401  403  403  403  403  403  200  403  200      403  403  403  403  200  401
DELETE assignments-detail     401  403  403  403  403  403  204  403  204      403  403  403  403  204  401
GET    targets-list           401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
POST   targets-list           401  403  403  403  403  403  201  403  201      403  403  403  403  201  401
GET    targets-detail         401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
PATCH  targets-detail         401  403  403  403  403  403  200  403  200      403  403  403  403  200  401
DELETE targets-detail         401  403  403  403  403  403  204  403  204      403  403  403  403  204  401
GET    periods-list           401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    periods-detail         401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
# by the office and by systems, which no administrator is
POST   periods-close          401  403  403  403  403  403  200  403  403      403  403  403  403  200  401
POST   periods-publish        401  403  403  403  403  403  200  403  403      403  403  403  403  200  401
"""


def new_campaign(scene: Scene) -> Mapping[str, Any]:
    names = {"slug": "new", "name_en": "New", "name_zh": "新", "office": "office"}
    return {**names, "starts_on": "2023-03-01", "ends_on": "2023-05-31"}


def new_action(scene: Scene) -> Mapping[str, Any]:
    names = {"name_en": "New", "name_zh": "新"}
    return {"campaign": "hundred-days", "number": 3, **names, "lead": "lead", "supporting": ["town"]}


def new_indicator(scene: Scene) -> Mapping[str, Any]:
    return {**named("new"), "action": "hundred-days/1", "measure_en": "km", "measure_zh": "公里"}


def new_assignment(scene: Scene) -> Mapping[str, Any]:
    return {"action": "hundred-days/2", "unit": "lead"}


def new_target(scene: Scene) -> Mapping[str, Any]:
    return {"indicator": "roads", "unit": "lead", "baseline": "0", "target": "10"}


def august(scene: Scene) -> Mapping[str, Any]:
    return {"campaign": "hundred-days", "month": "2022-08"}


def latest(model: Any) -> Any:
    return lambda scene: {"id": model.objects.latest("pk").pk}


SAMPLES: dict[str, Sample] = {
    "campaigns-list": Sample(bodies={"POST": new_campaign}),
    "campaigns-detail": Sample(
        kwargs=lambda scene: {"slug": "spare"},
        bodies={"PATCH": lambda scene: {"name_en": "Renamed"}},
        given=lambda scene: make(Campaign, slug="spare"),
    ),
    "actions-list": Sample(bodies={"POST": new_action}),
    "actions-detail": Sample(
        kwargs=lambda scene: {"campaign": "hundred-days", "number": 9},
        bodies={"PATCH": lambda scene: {"weight": "2.00"}},
        given=lambda scene: make(Action, campaign=scene.cast.campaign, number=9),
    ),
    "indicators-list": Sample(bodies={"POST": new_indicator}),
    "indicators-detail": Sample(
        kwargs=lambda scene: {"code": "spare"},
        bodies={"PATCH": lambda scene: {"order": 7}},
        given=lambda scene: make(Indicator, code="spare"),
    ),
    "assignments-list": Sample(bodies={"POST": new_assignment}),
    "assignments-detail": Sample(kwargs=latest(Assignment), bodies={"PATCH": lambda scene: {"ends_on": "2022-09-30"}}),
    "targets-list": Sample(bodies={"POST": new_target}),
    "targets-detail": Sample(
        kwargs=latest(Target),
        bodies={"PATCH": lambda scene: {"trajectory": [{"on": "2022-08-31", "value": "5"}]}},
    ),
    "periods-detail": Sample(kwargs=august),
    "periods-close": Sample(kwargs=august),
    "periods-publish": Sample(kwargs=august, given=lambda scene: close(scene.cast)),
}
