"""Writes down what a meeting required, as one whole list in its groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils.translation import gettext as _

from campaigns.models import Meeting, Requirement
from campaigns.operations.meetings import locked_meeting, raise_version
from campaigns.refusals import Invalid, WrongState
from units.models import Source, User
from units.operations.changes import Touched, fields_of, record
from units.operations.constraints import must_be_right

MOST = 200
FIELDS = ("order", "group", "text_en", "text_zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One requirement as it was written; `requirement_id` names the row that it was before, none is a new one."""

    group: str
    text_en: str
    text_zh: str
    requirement_id: int | None = None


@transaction.atomic
def save_requirements(
    *, meeting_id: int, version: int | None, demands: Sequence[Demand], actor: User, now: datetime
) -> Meeting:
    """Keeps exactly these, in this order. What was required is often sorted out after the minutes, so it may be written
    once they are issued too. Raises `Invalid` for one that a follow-up was made of and that is missing now."""
    meeting = locked_meeting(meeting_id, version, actor, now)
    if meeting.is_cancelled:
        raise WrongState(_("This meeting is cancelled. Nothing was changed."))
    if len(demands) > MOST:
        raise Invalid(_("At most %(most)d rows.") % {"most": MOST})
    known = {one.pk: one for one in meeting.requirements.all()}
    named = [one.requirement_id for one in demands if one.requirement_id is not None]
    if len(set(named)) != len(named) or not known.keys() >= set(named):
        raise Invalid(_("This list is not the meeting's any more. Load the page again."))
    touched = [_dropped(row) for pk, row in known.items() if pk not in named]
    before = {pk: fields_of(row, FIELDS) for pk, row in known.items()}
    meeting.requirements.update(order=F("order") + max((one.order for one in known.values()), default=0) + len(demands))
    for order, one in enumerate(demands, start=1):
        row = known.get(one.requirement_id or 0) or Requirement(meeting=meeting)
        touched += _write(row, one, order, before.get(row.pk))
    if touched:
        raised = raise_version(meeting)
        record(actor=actor, verb="save_requirements", touched=[*touched, raised])
    return meeting


def _write(row: Requirement, one: Demand, order: int, before: dict | None) -> list[Touched]:
    row.order, row.group, row.text_en, row.text_zh = order, one.group, one.text_en, one.text_zh
    after = fields_of(row, FIELDS)
    if before is None or any(before[name] != after[name] for name in FIELDS[1:]):
        row.source = Source.ENTERED
    must_be_right(row)
    row.save()
    return [Touched(row, before, after)] if before != after else []


def _dropped(row: Requirement) -> Touched:
    touched = Touched(row, fields_of(row, FIELDS), None)
    try:
        Requirement.objects.get(pk=row.pk).delete()
    except ProtectedError as error:
        raise Invalid(_("A follow-up was made of a requirement that is missing now. Nothing was kept.")) from error
    return touched
