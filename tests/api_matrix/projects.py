"""Projects, what is reported of them, and the early warnings on them: of the town, led by the trade bureau."""

from __future__ import annotations

from typing import Any

from campaigns.models import EarlyWarning, Project, ProjectUpdate
from tests.addresses import Scene
from tests.admin_builders import make
from tests.api_matrix.sample import Sample, named
from tests.warned import warned as warned_in

TABLE = """
                              people                                         | tokens
                              anon stra repo head outs revi offi lead admi   | read r-to repo p-to mana gone
GET    projects-list          401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
POST   projects-list          401  403  403  403  403  403  201  403  201      403  403  403  403  201  401
GET    projects-detail        401  404  200  200  404  200  200  200  200      200  200  403  200  200  401
PATCH  projects-detail        401  403  403  403  403  403  200  403  200      403  403  403  403  200  401
DELETE projects-detail        401  403  403  403  403  403  204  403  204      403  403  403  403  204  401
GET    project-updates-list   401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    project-updates-detail 401  404  200  200  404  200  200  200  200      200  200  403  200  200  401
POST   project-updates-list   401  403  201  403  403  403  201  403  403      403  403  201  201  403  401
PATCH  project-updates-detail 401  404  200  403  404  403  200  403  403      403  403  200  200  403  401
GET    warnings-list          401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    warnings-detail        401  404  200  200  404  200  200  200  200      200  200  403  200  200  401
# no token takes a step
POST   warnings-explain       401  404  200  200  404  403  403  403  403      403  403  403  403  403  401
POST   warnings-measure       401  404  200  200  404  200  403  403  403      403  403  403  403  403  401
POST   warnings-accept-reason 401  404  403  403  404  200  403  403  403      403  403  403  403  403  401
POST   warnings-escalate      401  404  403  403  404  200  200  403  403      403  403  403  403  403  401
POST   warnings-clear         401  404  403  403  404  200  403  403  403      403  403  403  403  403  401
"""


def project_of(scene: Scene, **fields: Any) -> Project:
    cast = scene.cast
    given = {"campaign": cast.campaign, "unit": cast.town, "lead": cast.lead, "action": cast.trade, "code": "harbour"}
    return make(Project, **given | fields)


def updated_in_august(scene: Scene) -> None:
    make(ProjectUpdate, project=project_of(scene, code="pier"), period=scene.cast.august)


def new_update(scene: Scene) -> dict[str, Any]:
    return {"project": project_of(scene).code, "period": "hundred-days/2022-08", "invested_to_date": "100.00"}


def warned(scene: Scene) -> None:
    make(EarlyWarning, project=project_of(scene), period=scene.cast.july)


def of_warning(scene: Scene) -> dict[str, Any]:
    return {"id": EarlyWarning.objects.get(cause="start_overdue").pk}


def explained(scene: Scene) -> None:
    warned_in(scene.cast, "explained")


def step_of(body: dict[str, Any]) -> Sample:
    return Sample(kwargs=of_warning, bodies={"POST": lambda scene: body}, given=explained)


def new_project(scene: Scene) -> dict[str, Any]:
    return {
        **named("new-harbour"),
        "campaign": "hundred-days",
        "unit": "town",
        "lead": "lead",
        "action": "hundred-days/1",
        "total_investment": "5000.00",
        "milestones": [{"name_en": "Start", "name_zh": "开工", "planned_on": "2022-08-01"}],
        "monthly_plan": [{"month": "2022-08", "planned_to_date": "100.00"}],
    }


SAMPLES: dict[str, Sample] = {
    "projects-list": Sample(bodies={"POST": new_project}),
    "projects-detail": Sample(
        kwargs=lambda scene: {"code": "harbour"},
        bodies={"PATCH": lambda scene: {"stage": "under_construction"}},
        given=project_of,
    ),
    "project-updates-list": Sample(bodies={"POST": new_update}),
    "project-updates-detail": Sample(
        kwargs=lambda scene: {"id": ProjectUpdate.objects.latest("pk").pk},
        bodies={"PATCH": lambda scene: {"next_step": "Piers."}},
        given=updated_in_august,
    ),
    "warnings-detail": Sample(kwargs=lambda scene: {"id": EarlyWarning.objects.latest("pk").pk}, given=warned),
    "warnings-explain": step_of({"explanation": "The land came late."}),
    "warnings-measure": step_of({"measure": "A second shift.", "measure_due_on": "2022-09-30"}),
    "warnings-accept-reason": step_of({"reason": "A flood."}),
    "warnings-escalate": step_of({"reason": "No progress."}),
    "warnings-clear": step_of({"reason": "It goes on."}),
}
