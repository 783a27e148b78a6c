"""The monthly update of a project, its stages and its exit: who may, what must hold, and what stays behind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.domain.project_checks import check_investment, share_of
from campaigns.models import EarlyWarning, Project, ProjectUpdate
from campaigns.operations.project_updates import Photo, UpdateWords, save_project_update
from campaigns.operations.projects import exit_project, set_project_stage
from campaigns.operations.warning_scan import scan_warnings
from campaigns.refusals import Invalid, StaleVersion, WrongState
from tests.cast import Cast, at
from tests.warned import project_of, reported
from units.models import Change


def save(cast: Cast, project: Project, *, version: int | None = None, **words: Any) -> ProjectUpdate:
    return save_project_update(
        project_id=project.pk, period_id=cast.august.pk, actor=cast.reporter, now=cast.now, version=version,
        words=UpdateWords(**words),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("invested", "last", "codes"),
    [
        (None, 10, []),
        (90, 10, []),
        ("90.01", 10, ["beyond_total"]),
        (10, 10, []),
        ("9.99", 10, ["below_last_month"]),
        (5, None, []),
        (91, 95, ["beyond_total", "below_last_month"]),
    ],
)
def test_what_asks_for_a_note(invested: object, last: object, codes: list[str]) -> None:
    found = check_investment(
        invested=None if invested is None else Decimal(str(invested)),
        total=Decimal(100),
        invested_before=Decimal(10),
        last_month=None if last is None else Decimal(str(last)),
    )
    assert [one.code for one in found] == codes


def test_a_share_of_nothing_is_none() -> None:
    assert share_of(Decimal(5), Decimal(0)) is None
    assert share_of(None, Decimal(10)) is None
    assert share_of(Decimal(5), Decimal(10)) == 50


def test_an_update_leaves_one_change_and_is_looked_at_for_warnings(cast: Cast) -> None:
    project = project_of(cast)
    reported(cast, project, cast.july)
    project.plans.create(month="2022-08", planned_to_date=6000)
    changes = Change.objects.filter(verb="save_project_update")
    update = save(cast, project, invested_to_date=Decimal(5001), next_step="Piers.")
    assert (update.version, update.updated_by, update.updated_at) == (1, cast.reporter, cast.now)
    assert changes.count() == 1
    update = save(cast, project, version=1, invested_to_date=Decimal(5000), next_step="Piers.")
    assert update.version == 2
    warning = EarlyWarning.objects.get(project=project, cause="behind_plan")
    assert warning.particulars["points_behind"] == "10.00"


def test_the_same_words_once_more_are_no_change(cast: Cast) -> None:
    project = project_of(cast)
    save(cast, project, invested_to_date=Decimal("5.00"))
    assert save(cast, project, version=1, invested_to_date=Decimal("5.00")).version == 1
    assert Change.objects.filter(verb="save_project_update").count() == 1


def test_only_the_units_reporters_and_the_office_report(cast: Cast) -> None:
    project = project_of(cast)
    for who in (cast.head, cast.outsider, cast.reviewer, cast.leader, cast.stranger):
        with pytest.raises(PermissionDenied):
            save_project_update(
                project_id=project.pk, period_id=cast.august.pk, actor=who, now=cast.now, words=UpdateWords()
            )
    save_project_update(
        project_id=project.pk, period_id=cast.august.pk, actor=cast.office, now=cast.now,
        words=UpdateWords(next_step="Piers."),
    )  # fmt: skip


def test_an_update_that_says_nothing_is_none(cast: Cast) -> None:
    project = project_of(cast)
    with pytest.raises(Invalid) as refused:
        save(cast, project)
    assert refused.value.field == "invested_to_date"
    assert not ProjectUpdate.objects.exists()
    save(cast, project, image_progress="Nothing moved.")


def test_the_unit_says_when_a_milestone_was_done_and_its_warning_goes(cast: Cast) -> None:
    project = project_of(cast)
    reported(cast, project, cast.july)
    roof = project.milestones.create(name_en="Roof", planned_on=date(2022, 9, 2))
    other = project_of(cast, "other").milestones.create(name_en="Roof", planned_on=date(2022, 9, 2))
    scan_warnings(now=cast.now)
    warning = EarlyWarning.objects.get(project=project, cause="milestone_overdue")
    given: dict[str, Any] = {
        "project_id": project.pk, "period_id": cast.august.pk, "actor": cast.reporter, "now": cast.now,
        "words": UpdateWords(next_step="Doors."),
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        save_project_update(**given, reached={roof.pk: date(2022, 9, 4)})
    assert refused.value.field == f"milestone_{roof.pk}"
    assert not ProjectUpdate.objects.filter(period=cast.august).exists()
    save_project_update(**given, reached={roof.pk: date(2022, 9, 3), other.pk: date(2022, 9, 3)})
    for one in (roof, other, warning, project):
        one.refresh_from_db()
    assert (roof.done_on, other.done_on) == (date(2022, 9, 3), None)
    assert (warning.state, project.version) == ("cleared", 2)
    items = Change.objects.get(verb="save_project_update").items
    assert set(items.values_list("object_type", flat=True)) == {"campaigns.projectupdate", "campaigns.milestone"}


def test_figures_that_need_a_note_are_refused_without_one(cast: Cast) -> None:
    project = project_of(cast, total_investment=10000, invested_before=4000)
    reported(cast, project, cast.july, 5000)
    for invested in (Decimal("4999.99"), Decimal("6000.01")):
        with pytest.raises(Invalid) as refused:
            save(cast, project, invested_to_date=invested)
        assert refused.value.field == "note"
        save(cast, project, invested_to_date=invested, note="Audited anew.")


def test_a_problem_and_its_day_belong_together(cast: Cast) -> None:
    project = project_of(cast)
    for words, field in (
        ({"problem": "No sand."}, "problem_since"),
        ({"problem_since": date(2022, 8, 1)}, "problem"),
        ({"problem": "No sand.", "problem_since": date(2022, 9, 4)}, "problem_since"),
    ):
        with pytest.raises(Invalid) as refused:
            save(cast, project, **words)
        assert refused.value.field == field


def test_closed_periods_ended_projects_and_packages_take_no_update(cast: Cast) -> None:
    project = project_of(cast)
    for period_id, now in ((cast.july.pk, cast.now), (cast.august.pk, at(9, 14))):
        with pytest.raises(WrongState):
            save_project_update(
                project_id=project.pk, period_id=period_id, actor=cast.reporter, now=now, words=UpdateWords()
            )
    project_of(cast, "part", package=project)
    with pytest.raises(WrongState):
        save(cast, project)
    with pytest.raises(WrongState):
        save(cast, project_of(cast, "gone", stage="exited", exit_reason="No land."))


def test_who_comes_too_late_overwrites_nothing(cast: Cast) -> None:
    project = project_of(cast)
    save(cast, project, version=0, next_step="Mine.")
    with pytest.raises(StaleVersion):
        save(cast, project, version=0, next_step="Theirs.")
    assert ProjectUpdate.objects.get().next_step == "Mine."


def test_the_same_photo_is_kept_once_and_too_many_are_refused(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    given = {
        "project_id": project_of(cast).pk, "period_id": cast.august.pk, "actor": cast.reporter, "now": cast.now,
        "words": UpdateWords(image_percent=Decimal(5)),
    }  # fmt: skip
    update = save_project_update(**given, photos=[Photo("a.jpg", b"a"), Photo("b.jpg", b"a")])
    assert update.photos.count() == 1
    with pytest.raises(Invalid):
        save_project_update(**given, photos=[Photo(f"{n}.jpg", f"{n}".encode()) for n in range(12)])


# --- stage and exit ---------------------------------------------------------------------------------------------------


def stage(cast: Cast, project: Project, who: Any, **values: Any) -> Project:
    days = {"started_on": None, "finished_on": None, "statistical_entry_on": None}
    return set_project_stage(project_id=project.pk, actor=who, now=cast.now, **{"stage": "new_start", **days, **values})


def test_the_lead_and_the_office_move_a_project_and_the_unit_does_not(cast: Cast) -> None:
    project = project_of(cast)
    for who in (cast.reporter, cast.head, cast.other_reviewer, cast.leader):
        with pytest.raises(PermissionDenied):
            stage(cast, project, who)
    assert stage(cast, project, cast.reviewer, started_on=date(2022, 8, 1)).started_on == date(2022, 8, 1)
    assert stage(cast, project, cast.office, stage="completed", version=2).version == 3
    with pytest.raises(StaleVersion):
        stage(cast, project, cast.office, version=1)


def test_a_finish_before_the_start_a_day_to_come_and_an_exit_without_reason_are_refused(cast: Cast) -> None:
    project = project_of(cast)
    for values, field in (
        ({"started_on": date(2022, 8, 2), "finished_on": date(2022, 8, 1)}, "finished_on"),
        ({"started_on": date(2022, 9, 4)}, "started_on"),
        ({"stage": "exited"}, "stage"),
        ({"stage": "flying"}, "stage"),
    ):
        with pytest.raises(Invalid) as refused:
            stage(cast, project, cast.office, **values)
        assert refused.value.field == field


def test_the_office_takes_a_project_out_with_a_reason(cast: Cast) -> None:
    project = project_of(cast)
    with pytest.raises(PermissionDenied):
        exit_project(project_id=project.pk, actor=cast.reviewer, now=cast.now, reason="No land.")
    with pytest.raises(Invalid):
        exit_project(project_id=project.pk, actor=cast.office, now=cast.now, reason=" ")
    gone = exit_project(project_id=project.pk, actor=cast.office, now=cast.now, reason="No land.")
    assert (gone.stage, gone.exit_reason) == ("exited", "No land.")
    assert Change.objects.get(verb="exit_project").reason == "No land."
    with pytest.raises(WrongState):
        stage(cast, project, cast.office)
