"""Reports with their steps, figures, and the lead's judgements. All that is asked for is the town's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from campaigns.domain.workflow import ReportStatus as S
from campaigns.models import AcceptedReason, Likelihood
from campaigns.operations.judgements import judge_likelihood
from tests.addresses import Scene
from tests.api_matrix.sample import Sample
from tests.builders import bring_to

TABLE = """
                              people                                         | tokens
                              anon stra repo head outs revi offi lead admi   | read r-to repo p-to mana gone
# reports: the town's, which it, the lead of trade, the office, leaders and administrators see
GET    reports-list           401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    reports-detail         401  404  200  200  404  200  200  200  200      200  200  403  200  200  401
GET    reports-history        401  404  200  200  404  200  200  200  200      200  200  403  200  200  401
POST   reports-list           401  403  201  403  403  403  201  403  403      403  403  201  201  403  401
PATCH  reports-detail         401  404  200  403  404  403  200  403  403      403  403  200  200  403  401
POST   reports-submit         401  404  200  403  404  403  400  403  403      403  403  200  200  403  401
POST   reports-recall         401  404  200  200  404  403  403  403  403      403  403  200  200  403  401
# no token signs or decides
POST   reports-sign           401  404  403  200  404  403  403  403  403      403  403  403  403  403  401
POST   reports-send-back      401  404  403  403  404  200  403  403  403      403  403  403  403  403  401
POST   reports-approve        401  404  403  403  404  200  403  403  403      403  403  403  403  403  401
POST   reports-reopen         401  404  403  403  404  403  200  403  403      403  403  403  403  403  401
POST   reports-reopen-missing 401  403  403  403  403  403  201  403  403      403  403  403  403  403  401

# figures
GET    measurements-list      401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    measurements-detail    401  404  200  200  404  200  200  200  200      200  200  403  200  200  401
POST   measurements-correct   401  404  403  403  404  403  200  403  403      403  403  403  403  403  401

# judgements: of an August that is not published yet
GET    likelihoods-list       401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    likelihoods-detail     401  404  200  200  404  200  200  200  200      200  200  403  200  200  401
POST   likelihoods-list       401  403  403  403  403  201  403  403  403      403  403  403  403  403  401
GET    accepted-reasons-list  401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    accepted-reasons-detail  401 404 200  200  404  200  200  200  200      200  200  403  200  200  401
POST   accepted-reasons-list  401  403  403  403  403  201  403  403  403      403  403  403  403  403  401
DELETE accepted-reasons-detail  401 404 403  403  404  204  403  403  403      403  403  403  403  403  401
"""


def of_town(scene: Scene) -> Mapping[str, Any]:
    return {"id": scene.report.pk}


def of_july(scene: Scene) -> Mapping[str, Any]:
    return {"id": scene.july_report.pk}


def is_at(status: S) -> Callable[[Scene], Any]:
    return lambda scene: bring_to(scene.cast, status)


def reason(scene: Scene) -> Mapping[str, Any]:
    return {"reason": "Please check the exports."}


def reopened(scene: Scene) -> Mapping[str, Any]:
    return {"reason": "The customs revised it.", "until": "2022-09-09T18:00:00+08:00"}


def place(scene: Scene) -> dict[str, Any]:
    return {"unit": "town", "action": "hundred-days/1", "period": "hundred-days/2022-08"}


def without_report(scene: Scene) -> None:
    """August's report of the town on transport is missing."""
    scene.cast.report(scene.cast.town, scene.cast.transport).delete()


def without_july_report(scene: Scene) -> None:
    """July's report of the town on transport was never filed."""
    report = scene.cast.report(scene.cast.town, scene.cast.transport, scene.cast.july)
    report.events.all().delete()
    report.delete()


def july_exports(scene: Scene) -> Mapping[str, Any]:
    return {"id": scene.july_report.measurements.get(indicator=scene.cast.exports).pk}


def judged(scene: Scene) -> Likelihood:
    cast = scene.cast
    return judge_likelihood(
        action=cast.trade, unit=cast.town, period=cast.august, level="likely", reason="Orders are in.", next_step="",
        actor=cast.reviewer, now=cast.now,
    )  # fmt: skip


def excused(scene: Scene) -> None:
    AcceptedReason.objects.update(period=scene.cast.august)


SAMPLES: dict[str, Sample] = {
    "reports-list": Sample(
        bodies={"POST": lambda scene: {**place(scene), "action": "hundred-days/2"}}, given=without_report
    ),
    "reports-detail": Sample(kwargs=of_town, bodies={"PATCH": lambda scene: {"progress": "Two fairs held."}}),
    "reports-history": Sample(kwargs=of_town),
    "reports-submit": Sample(kwargs=of_town),  # the office must say for whom
    "reports-recall": Sample(kwargs=of_town, given=is_at(S.TO_SIGN)),
    "reports-sign": Sample(kwargs=of_town, given=is_at(S.TO_SIGN)),
    "reports-send-back": Sample(kwargs=of_town, bodies={"POST": reason}, given=is_at(S.SUBMITTED)),
    "reports-approve": Sample(kwargs=of_town, given=is_at(S.SUBMITTED)),
    "reports-reopen": Sample(kwargs=of_july, bodies={"POST": reopened}),
    "reports-reopen-missing": Sample(
        bodies={
            "POST": lambda scene: {
                **reopened(scene),
                "unit": "town",
                "action": "hundred-days/2",
                "period": "hundred-days/2022-07",
            }
        },
        given=without_july_report,
    ),
    "measurements-detail": Sample(kwargs=july_exports),
    "measurements-correct": Sample(
        kwargs=july_exports, bodies={"POST": lambda scene: {**reason(scene), "value": "51.5"}}
    ),
    "likelihoods-list": Sample(
        bodies={"POST": lambda scene: {**place(scene), "level": "likely", "reason": "Orders are in."}}
    ),
    "likelihoods-detail": Sample(kwargs=lambda scene: {"id": Likelihood.objects.latest("pk").pk}, given=judged),
    "accepted-reasons-list": Sample(bodies={"POST": lambda scene: {**place(scene), **reason(scene)}}),
    "accepted-reasons-detail": Sample(
        kwargs=lambda scene: {"id": AcceptedReason.objects.latest("pk").pk}, given=excused
    ),
}
