"""What becomes of a project: it moves to another stage, or leaves the campaign with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.project_checks import is_finish_before_start
from campaigns.models import Project
from campaigns.operations.warning_scan import scan_project
from campaigns.permissions import can_exit_project, can_stage_project
from campaigns.queries.clock import local_day
from campaigns.refusals import Invalid, StaleVersion, WrongState
from units.models import Source, User
from units.operations.changes import Touched, fields_of, record
from units.permissions import capacities

NOT_YOURS = gettext_lazy("This step is not yours to take.")
WHY = gettext_lazy("Say why the project exited.")
LONGEST_REASON = 2000
DAYS = ("started_on", "finished_on", "statistical_entry_on")
"""The days on which a project started, finished and entered the statistics."""


@transaction.atomic
def set_project_stage(
    *,
    project_id: int,
    actor: User,
    now: datetime,
    stage: str,
    started_on: date | None,
    finished_on: date | None,
    statistical_entry_on: date | None,
    version: int | None = None,
) -> Project:
    """Moves a project to another stage, with the days on which it started, finished and entered the statistics.

    Raises `WrongState` for a project that has exited, `Invalid` for a finish before the start and for an exit, which
    needs a reason and is a step of its own.
    """
    project = _locked(project_id)
    if not can_stage_project(capacities(actor, local_day(now)), project):
        raise PermissionDenied(NOT_YOURS)
    _must_be_current(project, version)
    if stage == Project.Stage.EXITED:
        raise Invalid(WHY, field="stage")
    if stage not in Project.Stage.values:
        raise Invalid(_("There is no such stage."), field="stage")
    if is_finish_before_start(started_on, finished_on):
        raise Invalid(_("The finish lies before the start."), field="finished_on")
    days = {"started_on": started_on, "finished_on": finished_on, "statistical_entry_on": statistical_entry_on}
    for name, day in days.items():
        if day is not None and day > local_day(now):
            raise Invalid(_("This day lies in the future."), field=name)
    return _write(project, {"stage": stage, **days}, actor=actor, now=now, verb="set_project_stage")


STEPS = ("stage", "exit_reason", *DAYS)
"""What no door writes as a bare field once the project is there."""


@transaction.atomic
def move_project(*, project_id: int, actor: User, now: datetime, values: Mapping[str, Any]) -> Project:
    """Takes the step that these fields of `STEPS` ask for: another stage with its days, the exit with its reason.

    For doors where they come as fields of a whole. Raises what the steps raise; a reason without an exit is `Invalid`.
    """
    project = _locked(project_id)
    there = fields_of(project, STEPS)
    wanted = there | dict(values)
    is_exit = wanted["stage"] == Project.Stage.EXITED
    if not is_exit and wanted["exit_reason"] != there["exit_reason"]:
        raise Invalid(_("Only a project that exits has a reason for it."), field="exit_reason")
    stage = there["stage"] if is_exit else wanted["stage"]
    days = {name: wanted[name] for name in DAYS}
    project = set_project_stage(project_id=project_id, actor=actor, now=now, stage=stage, **days)
    if not is_exit:
        return project
    if not wanted["exit_reason"].strip():
        raise Invalid(WHY, field="exit_reason")
    return exit_project(project_id=project_id, actor=actor, now=now, reason=wanted["exit_reason"])


@transaction.atomic
def exit_project(*, project_id: int, actor: User, now: datetime, reason: str, version: int | None = None) -> Project:
    """Takes a project out of the campaign; the reason stays on its page."""
    project = _locked(project_id)
    if not can_exit_project(capacities(actor, local_day(now))):
        raise PermissionDenied(NOT_YOURS)
    _must_be_current(project, version)
    text = reason.strip()
    if not text:
        raise Invalid(WHY, field="reason")
    if len(text) > LONGEST_REASON:
        raise Invalid(_("At most %(most)d characters.") % {"most": LONGEST_REASON}, field="reason")
    values = {"stage": Project.Stage.EXITED.value, "exit_reason": text}
    return _write(project, values, actor=actor, now=now, verb="exit_project", reason=text)


def _locked(project_id: int) -> Project:
    project = Project.objects.select_for_update(of=("self",)).select_related("unit", "lead").get(pk=project_id)
    if project.stage == Project.Stage.EXITED:
        raise WrongState(_("This project has exited. An administrator can take it back."))
    return project


def _must_be_current(project: Project, version: int | None) -> None:
    if version is not None and project.version != version:
        raise StaleVersion(
            _("Somebody changed this project while you had it open. Compare and save again."), current=project
        )


def _write(
    project: Project, values: dict[str, Any], *, actor: User, now: datetime, verb: str, reason: str = ""
) -> Project:
    before = fields_of(project, tuple(values))
    changed = [name for name in values if before[name] != values[name]]
    if not changed:
        return project
    for name in changed:
        setattr(project, name, values[name])
    project.version += 1
    project.source = Source.ENTERED
    project.save(update_fields=[*changed, "version", "source", "updated_at"])
    touched = Touched(project, {name: before[name] for name in changed}, {name: values[name] for name in changed})
    record(actor=actor, verb=verb, reason=reason, touched=[touched])
    scan_project(project_id=project.pk, now=now)
    return project
