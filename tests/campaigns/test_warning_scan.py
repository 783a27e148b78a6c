"""The scan raises, regrades and marks warnings: as the rules say, once, all or nothing, with few statements."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.domain import warnings as rules
from campaigns.domain.warnings import Finding, PlanFigures, Step
from campaigns.models import EarlyWarning, Milestone, Period, Project, ProjectPlan, ProjectUpdate, WarningEvent
from campaigns.operations import warning_scan
from campaigns.operations.warning_scan import scan_project, scan_warnings
from campaigns.operations.warnings import agree_measures, clear_warning, explain_warning
from campaigns.queries.clock import local_day
from campaigns.queries.warning_findings import findings
from campaigns.tasks import scan
from tests.builders import move_clock_to
from tests.cast import Cast, at
from tests.warned import project_of, reported, warned
from units.models import Change, ChangeItem, Message

STATEMENTS = 11
"""Of a scan that changes nothing."""


def of(project: Project, cause: str) -> EarlyWarning | None:
    return EarlyWarning.objects.filter(project=project, cause=cause).exclude(state="cleared").first()


def levels(project: Project) -> dict[str, str]:
    rows = EarlyWarning.objects.filter(project=project).exclude(state="cleared")
    return dict(rows.values_list("cause", "level"))


def everything() -> list[Any]:
    return [
        list(EarlyWarning.objects.order_by("pk").values()),
        list(WarningEvent.objects.order_by("pk").values()),
        Change.objects.count(),
        Message.objects.count(),
    ]


# --- what it raises ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("points", "expected"), [("9.99", None), ("10", "yellow"), ("30", "yellow"), ("30.01", "red")])
def test_behind_plan_at_its_thresholds(cast: Cast, points: str, expected: str | None) -> None:
    project = project_of(cast)
    reported(cast, project, cast.july, 5000 - Decimal(points) * 100)
    scan_warnings(now=cast.now)
    assert levels(project).get("behind_plan") == expected


def test_behind_in_two_months_that_follow_each_other_is_red(cast: Cast) -> None:
    project = project_of(cast)
    for period in (cast.july, cast.august):
        reported(cast, project, period, 3900)
    scan_warnings(now=cast.now)
    assert levels(project) == {"behind_plan": "red"}
    assert of(project, "behind_plan").particulars["also_behind_in"] == "2022-07"


def test_days_that_have_passed_and_milestones(cast: Cast) -> None:
    late = project_of(cast, "late", planned_start_on=date(2022, 8, 3))
    very_late = project_of(cast, "very-late", planned_start_on=date(2022, 6, 3))
    not_yet = project_of(cast, "not-yet", planned_start_on=date(2022, 8, 4))
    begun = project_of(cast, "begun", started_on=date(2022, 7, 3))
    begun.milestones.create(name_en="Roof", planned_on=date(2022, 9, 2))
    not_yet.milestones.create(name_en="Roof", planned_on=date(2022, 9, 3))
    for project in (late, very_late, not_yet, begun):
        reported(cast, project, cast.july)
    scan_warnings(now=cast.now)
    assert levels(late) == {"start_overdue": "yellow"}
    assert levels(very_late) == {"start_overdue": "red"}
    assert levels(not_yet) == {}
    assert levels(begun) == {"no_statistical_entry": "red", "milestone_overdue": "yellow"}


def test_a_problem_counts_as_long_as_the_newest_update_names_it(cast: Cast) -> None:
    project, solved = project_of(cast), project_of(cast, "solved")
    for one in (project, solved):
        reported(cast, one, cast.july, problem="No land", problem_since=date(2022, 7, 14))
    reported(cast, solved, cast.august)
    scan_warnings(now=cast.now)
    assert levels(project) == {"problem_open": "yellow"}
    assert levels(solved) == {}


def test_a_closed_period_without_update_is_told(cast: Cast) -> None:
    project = project_of(cast)
    reported(cast, project, cast.august)
    scan_warnings(now=cast.now)
    warning = of(project, "no_update")
    assert warning is not None
    assert (warning.level, warning.period, warning.basis) == ("yellow", cast.july, "2022-07")


@pytest.mark.parametrize("fields", [{"stage": "completed"}, {"stage": "exited", "exit_reason": "Sold"}])
def test_settled_projects_are_not_watched(cast: Cast, fields: dict[str, str]) -> None:
    project = project_of(cast, planned_start_on=date(2022, 1, 1), **fields)
    scan_warnings(now=cast.now)
    assert levels(project) == {}


def test_a_package_is_watched_through_its_parts(cast: Cast) -> None:
    package = project_of(cast, "package", planned_start_on=date(2022, 1, 1))
    part = project_of(cast, "part", planned_start_on=date(2022, 1, 1), package=package)
    scan_warnings(now=cast.now)
    assert levels(package) == {}
    assert levels(part)["start_overdue"] == "red"


def test_campaigns_that_are_over_are_not_watched(cast: Cast) -> None:
    project = project_of(cast, planned_start_on=date(2022, 1, 1))
    cast.campaign.periods.update(state="published", closed_at=cast.now, published_at=cast.now)
    assert scan_warnings(now=cast.now).is_idle
    assert levels(project) == {}


# --- SQL and domain ---------------------------------------------------------------------------------------------------


def by_the_rules(project: Project, cast: Cast) -> dict[str, Finding]:
    """What the domain says of one project, each fact looked up by hand."""
    today = local_day(cast.now)
    periods = list(Period.objects.filter(campaign=project.campaign, starts_on__lte=today).order_by("month"))
    updates = {one.period_id: one for one in ProjectUpdate.objects.filter(project=project, updated_at__lte=cast.now)}
    plans = dict(ProjectPlan.objects.filter(project=project).values_list("month", "planned_to_date"))
    told = [one for one in periods if one.pk in updates]
    with_figure = [one for one in told if updates[one.pk].invested_to_date is not None]
    steps = [
        Step(one.name_en, one.name_zh, one.planned_on, one.done_on) for one in Milestone.objects.filter(project=project)
    ]
    found = [
        rules.start_overdue(project.planned_start_on, project.started_on, today),
        rules.no_statistical_entry(project.started_on, project.statistical_entry_on, today),
        rules.milestone_overdue(steps, today),
        rules.no_update("2022-07", cast.july.pk in updates),
    ]
    if with_figure:
        newest = periods.index(with_figure[-1])
        seen = [
            PlanFigures(one.month, plans.get(one.month), getattr(updates.get(one.pk), "invested_to_date", None))
            for one in periods[max(0, newest - 1) : newest + 1]
        ]
        found.append(rules.behind_plan(seen[-1], seen[0] if len(seen) > 1 else None, project.plan_this_year))
    if told:
        last = updates[told[-1].pk]
        found.append(rules.problem_open(last.problem, last.problem_since or local_day(last.updated_at), today))
    return {one.cause.value: one for one in found if one is not None}


def by_chance(cast: Cast, number: int, chance: random.Random) -> Project:
    """A project whose every fact lies near a threshold."""

    def near(*months: int) -> date | None:
        month = chance.choice(months)
        return None if chance.random() < 0.3 else date(2022, month, 3) + timedelta(days=chance.randint(-1, 1))

    started = near(8, 7)
    project = project_of(
        cast,
        f"p-{number}",
        planned_start_on=near(8, 6),
        started_on=started,
        statistical_entry_on=None if chance.random() < 0.7 else date(2022, 8, 30),
        plan_this_year=Decimal(chance.choice(["10000", "3333.33", "0", "0.07"])),
    )
    for step in range(chance.randint(0, 2)):
        project.milestones.create(name_en=f"{step}", planned_on=date(2022, 9, 3 + chance.randint(-1, 1)))
    for period in (cast.july, cast.august):
        if chance.random() < 0.75:
            points = Decimal(chance.choice(["0", "9.99", "10", "10.01", "29.99", "30", "30.01"]))
            done = max(Decimal(0), round(5000 - points * project.plan_this_year / 100, 2))
            problem = chance.choice(["", "No land"])
            reported(
                cast, project, period, chance.choice([done, done, None]), problem=problem,
                problem_since=chance.choice([None, date(2022, 8, 2), date(2022, 8, 3)]),
            )  # fmt: skip
    return project


def test_the_query_and_the_rules_say_the_same_of_every_project(cast: Cast) -> None:
    chance = random.Random(7)  # noqa: S311  (the same cases each time)
    projects = [by_chance(cast, number, chance) for number in range(120)]
    found = findings(cast.now)
    assert {cause for _project, cause in found} == set(EarlyWarning.Cause.values)
    for project in projects:
        project.refresh_from_db()
        told = {cause: one.finding for (project_id, cause), one in found.items() if project_id == project.pk}
        assert told == by_the_rules(project, cast), project.code


@pytest.mark.parametrize("cents", range(-2, 3))
def test_a_cent_around_the_threshold_is_seen_in_large_amounts_too(cast: Cast, cents: int) -> None:
    year = Decimal("12345678901.10")
    project = project_of(cast, plan_this_year=year, total_investment=year)
    ProjectPlan.objects.create(project=project, month="2022-07", planned_to_date=Decimal("9876543210.99"))
    reported(cast, project, cast.july, Decimal("9876543210.99") - year / 10 + Decimal(cents) / 100)
    assert (levels_found(cast, project) == {"behind_plan"}) is (cents <= 0)


def levels_found(cast: Cast, project: Project) -> set[str]:
    return {cause for project_id, cause in findings(cast.now) if project_id == project.pk}


# --- once, and whole --------------------------------------------------------------------------------------------------


def test_the_same_scan_again_changes_nothing(cast: Cast) -> None:
    warned(cast)
    before = everything()
    assert scan_warnings(now=cast.now).is_idle
    assert scan_project(project_id=Project.objects.get().pk, now=cast.now).is_idle
    assert everything() == before


@pytest.mark.parametrize("broken", ["tell_of_warnings", "record", "_events", "_touched"])
def test_a_scan_that_is_killed_half_way_has_changed_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    project = project_of(cast, planned_start_on=date(2022, 6, 1))
    before = everything()

    def die(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(warning_scan, broken, die)
        with pytest.raises(KeyboardInterrupt):
            scan_warnings(now=cast.now)
    assert everything() == before
    scan_warnings(now=cast.now)
    assert levels(project) == {"start_overdue": "red", "no_update": "yellow"}


def test_more_projects_and_updates_need_no_more_statements(cast: Cast) -> None:
    chance = random.Random(3)  # noqa: S311
    counted = []
    for numbers in (range(3), range(3, 30)):
        for number in numbers:
            by_chance(cast, number, chance)
        scan_warnings(now=cast.now)
        with CaptureQueriesContext(connection) as captured:
            assert scan_warnings(now=cast.now).is_idle
        counted.append(len(captured))
    assert counted == [STATEMENTS, STATEMENTS]


def test_the_task_reads_the_business_clock_and_may_come_twice(cast: Cast) -> None:
    project = project_of(cast, planned_start_on=date(2022, 8, 10))
    reported(cast, project, cast.july)
    move_clock_to(at(9, 9, 23))
    scan()
    assert levels(project) == {}
    move_clock_to(at(9, 10, 0, 5))
    scan()
    scan()
    assert levels(project) == {"start_overdue": "yellow"}
    assert WarningEvent.objects.count() == 1


# --- what becomes of them ---------------------------------------------------------------------------------------------


def test_a_yellow_turns_red_and_keeps_its_answer(cast: Cast) -> None:
    warning = warned(cast, "measures")
    scan_warnings(now=at(10, 30))
    warning.refresh_from_db()
    assert (warning.level, warning.state, warning.measure) == ("red", "measures", "A second shift.")
    last = warning.events.last()
    assert (last.verb, last.level, last.actor) == ("regrade", "red", None)


def test_an_unanswered_yellow_whose_cause_is_gone_clears_by_itself(cast: Cast) -> None:
    warning = warned(cast)
    Project.objects.update(started_on=date(2022, 9, 3))
    scan_warnings(now=cast.now)
    warning.refresh_from_db()
    assert (warning.state, warning.cleared_at, warning.cause_gone_on) == ("cleared", cast.now, cast.now.date())
    assert warning.events.last().actor is None


@pytest.mark.parametrize(
    ("state", "level"), [("raised", "red"), ("explained", "yellow"), ("measures", "red"), ("escalated", "yellow")]
)
def test_what_people_must_clear_is_only_marked(cast: Cast, state: str, level: str) -> None:
    warning = warned(cast, state, level=level)
    Project.objects.update(started_on=date(2022, 9, 3))
    scan_warnings(now=cast.now)
    warning.refresh_from_db()
    assert (warning.state, warning.level, warning.cause_gone_on) == (state, level, cast.now.date())
    assert warning.events.last().verb == "cause_gone"
    Project.objects.update(started_on=None)
    scan_warnings(now=cast.now)
    warning.refresh_from_db()
    assert warning.cause_gone_on is None
    assert warning.events.last().verb == "cause_back"


def test_what_a_reviewer_cleared_while_it_stood_is_not_raised_again_before_it_gets_worse(cast: Cast) -> None:
    warning = warned(cast, "explained")
    clear_warning(warning_id=warning.pk, actor=cast.reviewer, now=cast.now, reason="Agreed.")
    assert scan_warnings(now=at(9, 20)).raised == []
    scan_warnings(now=at(10, 30))
    assert of(warning.project, "start_overdue").level == "red"


def test_what_was_gone_and_comes_back_is_raised_anew(cast: Cast) -> None:
    warning = warned(cast)
    for started in (date(2022, 9, 3), None):
        Project.objects.update(started_on=started)
        scan_warnings(now=cast.now)
    assert EarlyWarning.objects.filter(project=warning.project, cause="start_overdue").count() == 2
    assert of(warning.project, "start_overdue") is not None


def test_a_scan_of_one_project_leaves_the_others(cast: Cast) -> None:
    one, other = (project_of(cast, code, planned_start_on=date(2022, 7, 1)) for code in ("one", "other"))
    scan_project(project_id=one.pk, now=cast.now)
    assert levels(one) != {}
    assert levels(other) == {}


# --- what is written down, and who is told ----------------------------------------------------------------------------


def test_one_change_holds_all_that_a_scan_did(cast: Cast) -> None:
    project_of(cast, "one", planned_start_on=date(2022, 7, 1))
    project_of(cast, "two", planned_start_on=date(2022, 7, 1))
    scan_warnings(now=cast.now)
    change = Change.objects.get(verb="scan_warnings")
    assert change.actor is None
    items = ChangeItem.objects.filter(change=change)
    assert items.count() == 4
    assert items.first().key == {"project": "one", "unit": "town", "cause": "no_update"}


def test_the_units_people_get_one_message_for_all_that_was_found(cast: Cast) -> None:
    for number in range(3):
        project = project_of(cast, f"p-{number}", planned_start_on=date(2022, 7, 30))
        reported(cast, project, cast.july)
    grave = project_of(cast, "grave", planned_start_on=date(2022, 1, 1))
    reported(cast, grave, cast.july)
    scan_warnings(now=cast.now)
    told = Message.objects.order_by("recipient__username", "kind").values_list("recipient__username", "kind")
    kinds = ("warning_raised", "warning_red")
    assert list(told) == [(who, kind) for who in ("head", "reporter") for kind in kinds]
    assert Message.objects.filter(kind="warning_raised").first().params["count"] == 3


def test_a_warning_that_turns_red_is_told_once_more(cast: Cast) -> None:
    warned(cast, "explained")
    assert not Message.objects.filter(kind="warning_red").exists()
    scan_warnings(now=at(10, 30))
    red = Message.objects.filter(kind="warning_red", recipient=cast.head)
    assert [one.params["warnings"][0]["cause"] for one in red] == ["start_overdue"]


def test_history_can_be_loaded_without_telling_anybody(cast: Cast) -> None:
    project_of(cast, planned_start_on=date(2022, 7, 1))
    scan_warnings(now=cast.now, source="sample", tells=False)
    assert set(EarlyWarning.objects.values_list("source", flat=True)) == {"sample"}
    assert not Message.objects.exists()


def test_measures_and_words_stay_when_the_ground_moves(cast: Cast) -> None:
    """A new month's figure is another basis of the same open warning."""
    project = project_of(cast)
    reported(cast, project, cast.july, 3000)
    scan_warnings(now=cast.now)
    warning = of(project, "behind_plan")
    assert warning is not None
    explain_warning(warning_id=warning.pk, actor=cast.reporter, now=cast.now, explanation="Sand is short.")
    agree_measures(
        warning_id=warning.pk, actor=cast.head, now=cast.now, measure="Two more pits.", measure_due_on=date(2022, 9, 30)
    )
    reported(cast, project, cast.august, 3500)
    scan_project(project_id=project.pk, now=cast.now)
    warning.refresh_from_db()
    assert (warning.basis, warning.level, warning.state) == ("2022-08", "red", "measures")
    assert warning.explanation == "Sand is short."
