"""Writes the minutes of a meeting, issues them with their number, and begins the next version of what was issued.

The meeting's row is locked and its version raised at each step, so that two who write at once do not lose each other's
words. What was issued is never written again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from campaigns.models import AgendaItem, Meeting, Minutes, MinutesItem
from campaigns.operations.meetings import locked_meeting, raise_version
from campaigns.permissions import can_run_meetings
from campaigns.refusals import Invalid, WrongState
from units.models import Unit, User
from units.operations.changes import Touched, fields_of, record

FIELDS = ("number", "version", "issued_at")
ITEM_FIELDS = ("order", "agenda_item", "conclusion_en", "conclusion_zh", "responsible", "due_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """One item as it was written; `item_id` names the row that it was before, none is a new one."""

    item_id: int | None
    agenda_item: AgendaItem | None
    conclusion_en: str
    conclusion_zh: str
    responsible: Unit | None
    due_on: date | None


@transaction.atomic
def save_minutes(
    *, meeting_id: int, version: int, conclusions: Sequence[Conclusion], actor: User, now: datetime
) -> Minutes:
    """Keeps the draft with these items in this order; the first time it gets its number. Raises `WrongState` once the
    newest version is issued, and `Invalid` for an item that a follow-up was made of and that is missing now."""
    meeting = _locked(meeting_id, version, actor, now)
    minutes = _newest(meeting)
    if minutes is not None and minutes.is_frozen:
        raise WrongState(_("These minutes are issued. Begin a new version to change them."))
    touched = []
    if minutes is None:
        number = _next_number(meeting.held_on.year)
        minutes = Minutes.objects.create(meeting=meeting, number=number, version=1)
        touched.append(Touched(minutes, None, fields_of(minutes, FIELDS)))
    touched += _write(minutes, conclusions)
    raised = raise_version(meeting)
    record(actor=actor, verb="save_minutes", touched=[*touched, raised])
    return minutes


@transaction.atomic
def issue_minutes(*, meeting_id: int, version: int, actor: User, now: datetime) -> Minutes:
    """Freezes the draft; from then on everybody who has signed in reads it."""
    meeting = _locked(meeting_id, version, actor, now)
    minutes = _newest(meeting)
    if minutes is None or minutes.is_frozen:
        raise WrongState(_("There is no draft to issue."))
    if not minutes.items.exists():
        raise Invalid(_("Write at least one conclusion before you issue the minutes."))
    before = fields_of(minutes, FIELDS)
    minutes.issued_at, minutes.issued_by = now, actor
    minutes.save(update_fields=["issued_at", "issued_by"])
    raised = raise_version(meeting)
    touched = Touched(minutes, before, fields_of(minutes, FIELDS))
    record(actor=actor, verb="issue_minutes", touched=[touched, raised])
    return minutes


@transaction.atomic
def revise_minutes(*, meeting_id: int, version: int, actor: User, now: datetime) -> Minutes:
    """Begins the next version under the same number, with the items of the one that was issued."""
    meeting = _locked(meeting_id, version, actor, now)
    issued = _newest(meeting)
    if issued is None or not issued.is_frozen:
        raise WrongState(_("Only what is issued gets a new version."))
    minutes = Minutes.objects.create(meeting=meeting, number=issued.number, version=issued.version + 1)
    for item in issued.items.order_by("order"):
        told = {name: getattr(item, name) for name in (*ITEM_FIELDS, "source")}
        MinutesItem.objects.create(minutes=minutes, **told)
    raised = raise_version(meeting)
    touched = Touched(minutes, None, fields_of(minutes, FIELDS))
    record(actor=actor, verb="revise_minutes", touched=[touched, raised])
    return minutes


def _locked(meeting_id: int, version: int, actor: User, now: datetime) -> Meeting:
    meeting = locked_meeting(meeting_id, version, actor, now, may=can_run_meetings)
    if meeting.is_cancelled:
        raise WrongState(_("This meeting is cancelled. Nothing was changed."))
    return meeting


def _newest(meeting: Meeting) -> Minutes | None:
    return meeting.minutes.order_by("-version").first()


def _next_number(year: int) -> str:
    """`2022-8` after `2022-7`, over all campaigns."""
    start = f"{year}-"
    told = Minutes.objects.filter(number__startswith=start).values_list("number", flat=True)
    taken = [int(rest) for rest in (number.removeprefix(start) for number in told) if rest.isascii() and rest.isdigit()]
    return f"{start}{max(taken, default=0) + 1}"


def _write(minutes: Minutes, conclusions: Sequence[Conclusion]) -> list[Touched]:
    """Items that stay keep their row, since follow-ups name it; orders are freed first, so that rows may change
    places."""
    known = {item.pk: item for item in minutes.items.all()}
    kept = {one.item_id for one in conclusions}
    touched = [_dropped(item) for pk, item in known.items() if pk not in kept]
    top = max((item.order for item in known.values()), default=0) + len(conclusions)
    for place, pk in enumerate((pk for pk in known if pk in kept), start=1):
        MinutesItem.objects.filter(pk=pk).update(order=top + place)
    for order, one in enumerate(conclusions, start=1):
        item = known.get(one.item_id or 0) or MinutesItem(minutes=minutes)
        before = fields_of(item, ITEM_FIELDS) if item.pk else None
        item.order, item.agenda_item, item.responsible, item.due_on = (
            order,
            one.agenda_item,
            one.responsible,
            one.due_on,
        )
        item.conclusion_en, item.conclusion_zh = one.conclusion_en, one.conclusion_zh
        item.save()
        after = fields_of(item, ITEM_FIELDS)
        if before != after:
            touched.append(Touched(item, before, after))
    return touched


def _dropped(item: MinutesItem) -> Touched:
    touched = Touched(item, fields_of(item, ITEM_FIELDS), None)
    try:
        item.delete()
    except ProtectedError as error:
        raise Invalid(_("A follow-up was made of an item that is missing now. Nothing was kept.")) from error
    return touched
