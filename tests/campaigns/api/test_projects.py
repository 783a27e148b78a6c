"""Projects by the API: seen by whom they concern, written with milestones and monthly plan as whole lists."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from campaigns.models import EarlyWarning, Milestone, Project, ProjectPlan
from tests.admin_builders import INSTANT, make
from tests.api_calls import costs_the_same, errors_of, must_be_as_described, results, send, table
from tests.api_cast import caller, system
from tests.cast import Cast, client_of
from units.models import Change, Source

URL = "/api/v1/projects/"
OURS = f"{URL}?campaign=hundred-days"
START = {"order": 1, "name_en": "Start", "name_zh": "开工", "planned_on": "2022-08-01", "done_on": "2022-08-03"}
ROOF = {"order": 2, "name_en": "Roof", "name_zh": "封顶", "planned_on": "2022-10-01", "done_on": None}
JULY, AUGUST = (
    {"month": "2022-07", "planned_to_date": "100.00"},
    {"month": "2022-08", "planned_to_date": "250.00"},
)
NEW = {
    "code": "harbour",
    "campaign": "hundred-days",
    "name_en": "Harbour",
    "name_zh": "港口",
    "unit": "town",
    "lead": "lead",
    "action": "hundred-days/1",
    "total_investment": "5000.00",
    "milestones": [START, ROOF],
    "monthly_plan": [JULY, AUGUST],
}


@pytest.fixture
def manager(cast: Cast) -> Client:
    return system("read", "manage")


@pytest.fixture
def project(cast: Cast) -> Project:
    """Of the town, led by the trade bureau, with a milestone and a month of its plan from the samples."""
    row = make(Project, code="bridge", campaign=cast.campaign, unit=cast.town, lead=cast.lead, action=cast.trade)
    make(
        Milestone, project=row, order=1, name_en="Start", name_zh="开工", planned_on=date(2022, 8, 1),
        done_on=date(2022, 8, 3), source=Source.SAMPLE,
    )  # fmt: skip
    make(ProjectPlan, project=row, month="2022-07", planned_to_date=Decimal(100), source=Source.SAMPLE)
    return row


def change(client: Client, code: str = "bridge", /, **fields: Any) -> Any:
    return send(client, "PATCH", f"{URL}{code}/", fields, if_match="*")


# --- who sees it ------------------------------------------------------------------------------------------------------

SEEN_BY = {
    "reporter": True,
    "head": True,
    "outsider": False,
    "outsider_head": False,
    "reviewer": True,
    "lead_reporter": True,
    "lead_head": True,
    "other_reviewer": False,
    "office": True,
    "leader": True,
    "administrator": True,
    "stranger": False,
}


@pytest.mark.parametrize(("who", "is_seen"), SEEN_BY.items())
def test_own_unit_lead_department_office_and_leaders_see_a_project(
    cast: Cast, project: Project, who: str, is_seen: bool
) -> None:
    client = client_of(getattr(cast, who))
    assert [one["code"] for one in results(client.get(OURS))] == (["bridge"] if is_seen else [])
    assert client.get(f"{URL}bridge/").status_code == (200 if is_seen else 404)


def test_a_token_sees_projects_of_all_or_of_its_unit(cast: Cast, project: Project) -> None:
    assert len(results(system("read").get(OURS))) == 1
    assert len(results(system("read", unit=cast.town).get(URL))) == 1
    neighbours = system("read", unit=cast.neighbour)
    assert results(neighbours.get(URL)) == []
    assert neighbours.get(f"{URL}bridge/").status_code == 404
    assert b"bridge" not in b"".join(neighbours.get(f"{URL}?format=csv").streaming_content)


# --- writing ----------------------------------------------------------------------------------------------------------


def test_a_project_is_made_with_its_milestones_and_its_monthly_plan(manager: Client) -> None:
    answer = send(manager, "POST", URL, {**NEW, "monthly_plan": [AUGUST, JULY]})
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert told["milestones"] == [START, ROOF]
    assert told["monthly_plan"] == [JULY, AUGUST]
    assert (told["action"], told["package"], told["source"], told["version"]) == ("hundred-days/1", None, "entered", 1)
    assert manager.get(answer["Location"])["ETag"] == answer["ETag"]
    touched = Change.objects.get(verb="add").items.order_by("pk")
    assert [one.object_type for one in touched] == [
        "campaigns.project", "campaigns.milestone", "campaigns.milestone", "campaigns.projectplan",
        "campaigns.projectplan",
    ]  # fmt: skip
    assert {one.unit for one in touched} == {"town"}
    must_be_as_described(manager, URL, "PaginatedProjectList")


def test_a_list_takes_the_place_of_the_old_one(manager: Client, project: Project) -> None:
    started = Milestone.objects.get()
    answer = change(manager, milestones=[ROOF, START], monthly_plan=[{**JULY, "planned_to_date": "120.00"}])
    assert answer.status_code == 200, answer.content
    assert answer.json()["milestones"] == [START, ROOF]
    assert answer.json()["version"] == 2
    kept = Milestone.objects.get(name_en="Start")
    assert (kept.pk, kept.source) == (started.pk, Source.SAMPLE)
    plan = ProjectPlan.objects.get()
    assert (plan.planned_to_date, plan.source) == (Decimal(120), Source.ENTERED)
    answer = change(manager, milestones=[{name: ROOF[name] for name in ("name_en", "name_zh", "planned_on")}])
    assert [(one["name_en"], one["order"]) for one in answer.json()["milestones"]] == [("Roof", 0)]
    assert len(answer.json()["monthly_plan"]) == 1
    assert change(manager, milestones=[]).json()["milestones"] == []


def test_what_was_read_may_be_sent_back_and_changes_nothing(manager: Client, project: Project) -> None:
    told = manager.get(f"{URL}bridge/").json()
    answer = change(manager, **told)
    assert answer.status_code == 200, answer.content
    assert answer.json() == told
    assert not Change.objects.filter(verb="change").exists()


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"milestones": [START, {**ROOF, "planned_on": "soon"}]}, "/milestones/1/planned_on"),
        ({"milestones": [{"name_en": "Roof", "name_zh": "封顶"}]}, "/milestones/0/planned_on"),
        ({"milestones": [START, ROOF, START]}, "/milestones/2/name_en"),
        ({"milestones": [{**START, "colour": "red"}]}, "/milestones/0/colour"),
        ({"milestones": {}}, "/milestones"),
        ({"monthly_plan": [{"month": "2022-13", "planned_to_date": "1"}]}, "/monthly_plan/0/month"),
        ({"monthly_plan": [JULY, {"month": "2022-08", "planned_to_date": "-1"}]}, "/monthly_plan/1/planned_to_date"),
        ({"monthly_plan": [JULY, JULY]}, "/monthly_plan/1/month"),
        ({"total_investment": "-1"}, "/total_investment"),
        ({"stage": "exited"}, "/exit_reason"),
        ({"latitude": "30.00000"}, "/longitude"),
        ({"action": "other/1"}, "/action"),
        ({"package": "no-such"}, "/package"),
        ({"warning_level": "red"}, "/warning_level"),
        ({"code": "other"}, "/code"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(
    manager: Client, project: Project, given: dict[str, Any], place: str
) -> None:
    assert place in errors_of(change(manager, **given))
    project.refresh_from_db()
    assert (project.version, project.milestones.count(), project.plans.count()) == (1, 1, 1)


def test_the_rules_of_the_administration_hold_here_too(manager: Client, project: Project, cast: Cast) -> None:
    from campaigns.models import Action

    foreign = make(Action)
    key = f"{foreign.campaign.slug}/{foreign.number}"
    assert errors_of(change(manager, action=key)) == {"/action": "rule"}


def test_a_package_holds_projects_of_its_campaign_alone(manager: Client, project: Project, cast: Cast) -> None:
    part = make(Project, code="part", campaign=cast.campaign, action=cast.trade, package=project)
    make(Project, code="whole", campaign=cast.campaign, action=cast.trade)
    for code, package in (("whole", "part"), ("bridge", "part"), ("bridge", "whole"), ("part", make(Project).code)):
        assert "/package" in errors_of(change(manager, code, package=package)), (code, package)
    assert change(manager, "part", package="whole").status_code == 200
    part.refresh_from_db()
    assert part.package.code == "whole"


def test_only_who_manages_writes(cast: Cast, project: Project) -> None:
    for who in ("reporter", "head", "reviewer", "leader"):
        client = client_of(getattr(cast, who))
        assert change(client, stage="completed").status_code == 403
        assert send(client, "POST", URL, NEW).status_code == 403
    assert change(system("read"), stage="completed").status_code == 403
    assert change(client_of(cast.office), stage="completed").json()["stage"] == "completed"


def test_stage_and_exit_are_the_steps_of_the_pages(manager: Client, project: Project, cast: Cast) -> None:
    answer = change(manager, stage="completed", started_on="2022-08-01", finished_on="2022-08-20", industry="Ports")
    assert answer.status_code == 200, answer.content
    assert (answer.json()["stage"], answer.json()["industry"]) == ("completed", "Ports")
    assert change(manager, stage="exited", exit_reason="Sold.").json()["exit_reason"] == "Sold."
    steps = Change.objects.filter(verb__in=("change", "set_project_stage", "exit_project")).order_by("pk")
    assert [(one.verb, one.reason) for one in steps] == [
        ("change", ""), ("set_project_stage", ""), ("exit_project", "Sold."),
    ]  # fmt: skip
    assert change(manager, stage="completed").status_code == 409
    assert change(manager, industry="Harbours").status_code == 200


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"started_on": "2022-08-02", "finished_on": "2022-08-01"}, "/finished_on"),
        ({"finished_on": "2031-01-01"}, "/finished_on"),
        ({"statistical_entry_on": "2031-01-01"}, "/statistical_entry_on"),
        ({"exit_reason": "Sold."}, "/exit_reason"),
        ({"stage": "exited", "exit_reason": " "}, "/exit_reason"),
    ],
)
def test_a_step_that_is_refused_leaves_everything_as_it_was(
    manager: Client, project: Project, given: dict[str, Any], place: str
) -> None:
    assert place in errors_of(change(manager, **given, industry="Ports"))
    kept = Project.objects.get(pk=project.pk)
    assert (kept.industry, kept.stage, kept.version) == (project.industry, project.stage, 1)
    assert not Change.objects.filter(verb="change").exists()


def test_what_is_reported_on_stays(manager: Client, project: Project, cast: Cast) -> None:
    make(EarlyWarning, project=project, period=cast.july)
    answer = send(manager, "DELETE", f"{URL}bridge/", if_match="*")
    assert (answer.status_code, answer.json()["type"]) == (409, "/api/docs/#problem-in-use")
    EarlyWarning.objects.all().delete()
    assert send(manager, "DELETE", f"{URL}bridge/", if_match="*").status_code == 204
    assert not Project.objects.filter(code="bridge").exists()


# --- lists ------------------------------------------------------------------------------------------------------------


def test_the_level_of_a_project_is_that_of_its_gravest_open_warning(
    manager: Client, project: Project, cast: Cast
) -> None:
    assert manager.get(f"{URL}bridge/").json()["warning_level"] is None
    make(EarlyWarning, project=project, period=cast.july, level="yellow")
    assert manager.get(f"{URL}bridge/").json()["warning_level"] == "yellow"
    red = make(EarlyWarning, project=project, period=cast.july, level="red", cause="start_overdue")
    assert manager.get(f"{URL}bridge/").json()["warning_level"] == "red"
    EarlyWarning.objects.filter(pk=red.pk).update(state="cleared", cleared_at=INSTANT)
    assert manager.get(f"{URL}bridge/").json()["warning_level"] == "yellow"
    assert len(results(manager.get(f"{OURS}&warning_level=yellow"))) == 1
    assert results(manager.get(f"{OURS}&warning_level=red")) == []


def test_filters_narrow_the_list(manager: Client, project: Project, cast: Cast) -> None:
    make(Project, code="other", campaign=cast.campaign, package=project, stage="completed", project_class="reserve")
    for query, codes in {
        "action=1": ["bridge"],
        "action=2": [],
        "unit=town": ["bridge"],
        "unit=neighbour": [],
        "lead=lead": ["bridge"],
        "package=bridge": ["other"],
        "stage=completed": ["other"],
        "project_class=reserve": ["other"],
        "updated_since=2999-01-01T00:00:00Z": [],
        "ordering=-code": ["other", "bridge"],
    }.items():
        assert [one["code"] for one in results(manager.get(f"{OURS}&{query}"))] == codes, query
    for query in ("unit=no-such", "stage=built", "package=no-such", "colour=red", "action=1", "warning_level=green"):
        assert manager.get(f"{URL}?{query}").status_code == 400, query


def test_as_a_table_and_with_as_few_queries_for_many_as_for_one(manager: Client, project: Project, cast: Cast) -> None:
    row = table(manager.get(f"{OURS}&format=csv"))[0]
    assert (row["code"], row["unit"], row["action"]) == ("bridge", "town", "hundred-days/1")

    def grow() -> None:
        for one in (project, make(Project, package=project), make(Project)):
            for name in ("First", "Second"):
                make(Milestone, project=one, name_en=name)
            make(ProjectPlan, project=one, month="2022-09")
            make(EarlyWarning, project=one, period=cast.july)

    assert costs_the_same(manager, URL, grow)


def test_everybody_may_try_and_nobody_learns_of_a_project_that_is_not_theirs(cast: Cast, project: Project) -> None:
    outsider = caller("outsider", cast)
    assert results(outsider.get(f"{URL}?unit=town")) == []
    assert results(outsider.get(f"{URL}?package=bridge")) == []
