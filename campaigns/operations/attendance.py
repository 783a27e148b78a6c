"""Writes down who attended a meeting, as one whole list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import Attendance, Meeting
from campaigns.operations.meetings import locked_meeting, must_be_open, raise_version
from campaigns.refusals import Invalid
from units.models import Source, Unit, User
from units.operations.changes import Touched, fields_of, record
from units.operations.constraints import must_be_right

MOST = 300
FIELDS = ("order", "unit", "name_en", "name_zh", "office_en", "office_zh", "capacity", "presence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """A unit, or a person by name, who may come from a unit."""

    unit: Unit | None = None
    name_en: str = ""
    name_zh: str = ""
    office_en: str = ""
    office_zh: str = ""
    capacity: str = Attendance.Capacity.ATTENDING
    presence: str = Attendance.Presence.PRESENT

    @property
    def is_somebody(self) -> bool:
        return bool(self.unit or self.name_en or self.name_zh)


Key = tuple[Any, ...]


def _key(one: Attendee | Attendance) -> Key:
    """By what a row is told from the others: a person by name, a unit by itself."""
    if one.name_en:
        return ("person", one.name_en)
    if one.name_zh and one.unit is None:
        return ("person in Chinese", one.name_zh)
    return ("unit", one.unit.pk if one.unit else None)


@transaction.atomic
def save_attendance(
    *, meeting_id: int, version: int | None, attendees: Sequence[Attendee], actor: User, now: datetime
) -> Meeting:
    """Keeps exactly these, in this order; whoever was there before keeps the row. Nothing happens where nothing
    differs. Raises `Invalid` for somebody who stands twice, with the place in the list as `field`."""
    meeting = locked_meeting(meeting_id, version, actor, now)
    must_be_open(meeting)
    _check(attendees)
    known = {_key(one): one for one in meeting.attendances.select_related("unit")}
    wanted = {_key(one) for one in attendees}
    touched = []
    for key, row in known.items():
        if key not in wanted:
            touched.append(Touched(row, fields_of(row, FIELDS), None))
            Attendance.objects.filter(pk=row.pk).delete()
    for order, one in enumerate(attendees, start=1):
        told = _write(known.get(_key(one)) or Attendance(meeting=meeting), one, order)
        touched += [told] if told else []
    if touched:
        raised = raise_version(meeting)
        record(actor=actor, verb="save_attendance", touched=[*touched, raised])
    return meeting


def _check(attendees: Sequence[Attendee]) -> None:
    if len(attendees) > MOST:
        raise Invalid(_("At most %(most)d rows.") % {"most": MOST})
    seen: set[Key] = set()
    for place, one in enumerate(attendees):
        if not one.is_somebody:
            raise Invalid(_("Name a person or a unit."), field=str(place))
        if _key(one) in seen:
            raise Invalid(
                _("%(who)s stands twice.") % {"who": one.name_zh or one.name_en or one.unit}, field=str(place)
            )
        seen.add(_key(one))


def _write(row: Attendance, one: Attendee, order: int) -> Touched | None:
    before = fields_of(row, FIELDS) if row.pk else None
    row.order = order
    for name in FIELDS[1:]:
        setattr(row, name, getattr(one, name))
    after = fields_of(row, FIELDS)
    if before == after:
        return None
    if before is None or any(before[name] != after[name] for name in FIELDS[1:]):
        row.source = Source.ENTERED
    must_be_right(row)
    row.save()
    return Touched(row, before, after)
