"""The monthly update of a project: written while the period is open, photos and reached milestones with it, and
looked at for warnings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.project_checks import check_investment
from campaigns.models import Period, Project, ProjectPhoto, ProjectUpdate
from campaigns.operations.warning_scan import scan_project
from campaigns.permissions import can_update_project
from campaigns.queries.clock import local_day
from campaigns.queries.project_updates import last_reported
from campaigns.queries.warning_findings import SETTLED
from campaigns.refusals import Invalid, StaleVersion, WrongState
from units.models import Source, User
from units.operations.admin_changes import raise_version
from units.operations.changes import Touched, fields_of, record
from units.operations.constraints import must_be_right
from units.permissions import capacities

NOT_YOURS = gettext_lazy("This step is not yours to take.")
MOST_PHOTOS = 12
"""So many photos an update holds at the most."""
FIELDS = (
    "invested_to_date", "image_percent", "image_progress", "problem", "problem_since", "next_step", "note",
)  # fmt: skip
NEEDS_NOTE = {
    "beyond_total": gettext_lazy(
        "With earlier years that is %(sum)s, more than the total investment of %(total)s. Say in the note why."
    ),
    "below_last_month": gettext_lazy("That is below the %(earlier)s reported before. Say in the note why."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateWords:
    """What a unit reports. Investment is this year's to date in 10,000 yuan, image progress in percent."""

    invested_to_date: Decimal | None = None
    image_percent: Decimal | None = None
    image_progress: str = ""
    problem: str = ""
    problem_since: date | None = None
    next_step: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that was checked and drawn anew as JPEG."""

    name: str
    content: bytes


@transaction.atomic
def save_project_update(
    *,
    project_id: int,
    period_id: int,
    actor: User,
    now: datetime,
    words: UpdateWords,
    version: int | None = None,
    photos: Sequence[Photo] = (),
    reached: Mapping[int, date | None] | None = None,
) -> ProjectUpdate:
    """Writes the update of a project for an open period, makes it where there is none, and looks for warnings anew.

    `reached` gives milestones of the project, by id, the day on which they were done. `version` is that of the update
    which was looked at, 0 where there was none, None where nobody looked. Raises `WrongState` for a period that is not
    open or a project that has ended, `StaleVersion` where somebody saved meanwhile, `Invalid` for figures that need a
    note and for an update that says nothing, `ValidationError` for values out of range, `PermissionDenied` for others.
    """
    project = Project.objects.select_for_update(of=("self",)).select_related("unit", "lead").get(pk=project_id)
    if not can_update_project(capacities(actor, local_day(now)), project):
        raise PermissionDenied(NOT_YOURS)
    period = Period.objects.select_related("campaign").get(pk=period_id)
    _must_take_updates(project, period, now)
    update = ProjectUpdate.objects.filter(project=project, period=period).first()
    _must_be_current(update, version)
    _must_hold(project, period, words, now)
    if update is None and words == UpdateWords() and not photos:
        raise Invalid(_("Say at least how much is invested, or how far the project is."), field="invested_to_date")
    update = update or ProjectUpdate(project=project, period=period, version=0)
    touched = [
        *_write(update, words, actor, now),
        *_add_photos(update, photos),
        *_mark_reached(project, reached or {}, now),
    ]
    if touched:
        record(actor=actor, verb="save_project_update", touched=touched)
        scan_project(project_id=project.pk, now=now)
    return update


def _must_take_updates(project: Project, period: Period, now: datetime) -> None:
    if period.campaign_id != project.campaign_id:
        raise Invalid(_("This period belongs to another campaign."), field="period")
    if project.stage in SETTLED:
        raise WrongState(
            _("This project is “%(stage)s”: nothing more is reported.") % {"stage": project.get_stage_display()}
        )
    if not period.takes_figures(now):
        raise WrongState(_("The period is not open. Nothing was saved."))
    if project.parts.exists():
        raise WrongState(_("This is a package: its parts are reported on, one by one."))


def _must_be_current(update: ProjectUpdate | None, version: int | None) -> None:
    if version is None or version == (update.version if update else 0):
        return
    raise StaleVersion(
        _("%(name)s changed this update while you had it open. Nothing of yours is lost: compare and save again.")
        % {"name": update.updated_by.display_name if update else _("Somebody")},
        current=update,
    )


def _must_hold(project: Project, period: Period, words: UpdateWords, now: datetime) -> None:
    if words.problem_since is not None and not words.problem.strip():
        raise Invalid(_("Write what the problem is, or clear its day."), field="problem")
    if words.problem.strip() and words.problem_since is None:
        raise Invalid(_("Say since when the problem is open."), field="problem_since")
    if words.problem_since is not None and words.problem_since > local_day(now):
        raise Invalid(_("This day lies in the future."), field="problem_since")
    if words.note.strip():
        return
    before = last_reported(project, period)
    for finding in check_investment(
        invested=words.invested_to_date,
        total=project.total_investment,
        invested_before=project.invested_before,
        last_month=before.invested_to_date if before else None,
    ):
        raise Invalid(NEEDS_NOTE[finding.code] % finding.params, field="note")


def _write(update: ProjectUpdate, words: UpdateWords, actor: User, now: datetime) -> Iterable[Touched]:
    """Writes what differs; the same words once more are no change."""
    before = fields_of(update, FIELDS) if update.pk else None
    for name in FIELDS:
        value = getattr(words, name)
        setattr(update, name, value.strip() if isinstance(value, str) else value)
    after = fields_of(update, FIELDS)
    if before == after:
        return []
    update.updated_by, update.updated_at, update.source = actor, now, Source.ENTERED
    update.version += 1
    must_be_right(update)
    update.save()
    if before is None:
        return [Touched(update, None, after)]
    changed = [name for name in FIELDS if before[name] != after[name]]
    return [Touched(update, {name: before[name] for name in changed}, {name: after[name] for name in changed})]


def _mark_reached(project: Project, reached: Mapping[int, date | None], now: datetime) -> list[Touched]:
    """Writes on which day milestones were done; where one changes, the project counts a change of its parts."""
    touched = []
    for step in project.milestones.filter(pk__in=reached):
        day, before = reached[step.pk], step.done_on
        if day == before:
            continue
        if day is not None and day > local_day(now):
            raise Invalid(_("This day lies in the future."), field=f"milestone_{step.pk}")
        step.done_on, step.source = day, Source.ENTERED
        step.save(update_fields=["done_on", "source"])
        touched.append(Touched(step, {"done_on": before}, {"done_on": day}))
    if touched:
        raise_version(project)
    return touched


def _add_photos(update: ProjectUpdate, photos: Sequence[Photo]) -> list[Touched]:
    """Keeps photos with the update; the same picture twice is kept once."""
    known = set(update.photos.values_list("sha256", flat=True))
    new = {sha256(one.content).hexdigest(): one for one in photos}
    new = {digest: one for digest, one in new.items() if digest not in known}
    if len(known) + len(new) > MOST_PHOTOS:
        raise Invalid(_("An update holds at most %(most)d photos.") % {"most": MOST_PHOTOS}, field="photos")
    touched = []
    for digest, one in new.items():
        photo = ProjectPhoto(update=update, name=one.name, sha256=digest)
        photo.file.save(one.name, ContentFile(one.content), save=False)
        photo.save()
        touched.append(Touched(photo, None, fields_of(photo, ("name", "sha256"))))
    return touched
