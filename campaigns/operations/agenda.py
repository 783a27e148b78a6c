"""Builds the agenda of a meeting: adds, changes, removes and moves its items, or puts them all into another order.

Each step locks the meeting, raises its version and leaves one change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils.translation import gettext as _

from campaigns.models import AgendaItem, Meeting, Project, Report
from campaigns.operations.meetings import locked_meeting, must_be_open, raise_version
from campaigns.queries.agenda import in_order
from campaigns.refusals import Invalid
from units.models import Source, Unit, User
from units.operations.changes import Touched, fields_of, record
from units.operations.constraints import must_be_right

MOST_ITEMS = 200
MOST_MINUTES = 480
HANDED_IN = ("handed_in_at", "handed_in_by")
PLACE = ("order", "session")

Placed = tuple[int, str]
"""An item's id, and the session that it is put into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """What an item of the agenda is."""

    kind: str
    title_en: str
    title_zh: str
    presenter: Unit | None = None
    minutes_allotted: int = 10
    session: str = AgendaItem.Session.MAIN
    form: str = AgendaItem.Form.ORAL
    project: Project | None = None
    report: Report | None = None
    text_en: str = ""
    text_zh: str = ""


FACTS = tuple(one.name for one in fields(ItemFacts))
FIELDS = ("order", *FACTS)


@transaction.atomic
def add_item(*, meeting_id: int, version: int | None, item: ItemFacts, actor: User, now: datetime) -> AgendaItem:
    """Puts an item at the end of its session."""
    meeting = _open(meeting_id, version, actor, now)
    top = meeting.agenda.order_by("-order").first()
    if meeting.agenda.count() >= MOST_ITEMS:
        raise Invalid(_("An agenda has at most %(most)d items.") % {"most": MOST_ITEMS})
    row = AgendaItem(meeting=meeting, order=(top.order if top else 0) + 1)
    _set(row, item)
    row.save()
    _record("add_agenda_item", meeting, [Touched(row, None, fields_of(row, FIELDS))], actor)
    return row


@transaction.atomic
def edit_item(
    *, meeting_id: int, item_id: int, version: int | None, item: ItemFacts, actor: User, now: datetime
) -> AgendaItem:
    """Changes one item. Another presenter begins with a paper of their own; files of the one before must go first."""
    meeting = _open(meeting_id, version, actor, now)
    row = _item(meeting, item_id)
    before = fields_of(row, FIELDS)
    presenter_id = row.presenter_id
    _set(row, item)
    after = fields_of(row, FIELDS)
    changed = [name for name in FIELDS if before[name] != after[name]]
    if not changed:
        return row
    if row.presenter_id != presenter_id:
        _must_have_no_files(row)
        row.handed_in_at = row.handed_in_by = None
    row.source = Source.ENTERED
    row.save(update_fields=[*FACTS, *HANDED_IN, "source"])
    touched = Touched(row, {name: before[name] for name in changed}, {name: after[name] for name in changed})
    _record("edit_agenda_item", meeting, [touched], actor)
    return row


@transaction.atomic
def remove_item(*, meeting_id: int, item_id: int, version: int | None, actor: User, now: datetime) -> Meeting:
    """Takes an item off the agenda, where nothing rests on it: no paper, no conclusion, no follow-up, no award."""
    meeting = _open(meeting_id, version, actor, now)
    row = _item(meeting, item_id)
    _must_have_no_files(row)
    touched = Touched(row, fields_of(row, FIELDS), None)
    _record("remove_agenda_item", meeting, [touched], actor)
    try:
        row.delete()
    except ProtectedError as error:
        raise Invalid(_("The minutes, a follow-up or an award speak of this item. It stays.")) from error
    return meeting


@transaction.atomic
def move_item(
    *, meeting_id: int, item_id: int, is_up: bool, version: int | None, actor: User, now: datetime
) -> Meeting:
    """Moves an item one place up or down; at the edge of its session it goes over into the next."""
    meeting = _open(meeting_id, version, actor, now)
    items = in_order(meeting.agenda.all())
    here = [one.pk for one in items].index(_item(meeting, item_id).pk)
    there = here - 1 if is_up else here + 1
    if not 0 <= there < len(items):
        raise Invalid(_("It stands there already."))
    sessions = [one.session for one in items]
    if sessions[here] == sessions[there]:
        items[here], items[there] = items[there], items[here]
    else:
        sessions[here] = sessions[there]
    _place(meeting, items, sessions, "move_agenda_item", actor)
    return meeting


@transaction.atomic
def reorder_agenda(
    *, meeting_id: int, version: int | None, order: Sequence[Placed], actor: User, now: datetime
) -> Meeting:
    """Puts the whole agenda into this order; every item is named once, with its session."""
    meeting = _open(meeting_id, version, actor, now)
    known = {one.pk: one for one in meeting.agenda.all()}
    if sorted(pk for pk, _session in order) != sorted(known):
        raise Invalid(_("Name every item of the agenda once."), field="order")
    if any(session not in AgendaItem.Session.values for _pk, session in order):
        raise Invalid(_("There is no such session."), field="order")
    _place(meeting, [known[pk] for pk, _s in order], [session for _pk, session in order], "reorder_agenda", actor)
    return meeting


# --- what they share --------------------------------------------------------------------------------------------------


def _open(meeting_id: int, version: int | None, actor: User, now: datetime) -> Meeting:
    meeting = locked_meeting(meeting_id, version, actor, now)
    must_be_open(meeting)
    return meeting


def _item(meeting: Meeting, item_id: int) -> AgendaItem:
    """Locked too: its presenter may be handing in a paper."""
    found = meeting.agenda.select_for_update().filter(pk=item_id).first()
    if found is None:
        raise Invalid(_("This item is not on the agenda any more."), field="item")
    return found


def _set(row: AgendaItem, item: ItemFacts) -> None:
    for name in FACTS:
        setattr(row, name, getattr(item, name))
    if not 1 <= item.minutes_allotted <= MOST_MINUTES:
        raise Invalid(_("From 1 to %(most)d minutes.") % {"most": MOST_MINUTES}, field="minutes_allotted")
    must_be_right(row)


def _must_have_no_files(row: AgendaItem) -> None:
    if row.papers.exists():
        raise Invalid(_("The presenter has handed in files for this item. Remove them first."), field="presenter")


def _place(meeting: Meeting, items: Sequence[AgendaItem], sessions: Sequence[str], verb: str, actor: User) -> None:
    """Orders are freed first, since no two items may share one even for a moment."""
    before = [fields_of(one, PLACE) for one in items]
    top = max((one.order for one in items), default=0) + len(items)
    meeting.agenda.update(order=F("order") + top)
    for order, (one, session) in enumerate(zip(items, sessions, strict=True), start=1):
        one.order, one.session = order, session
    AgendaItem.objects.bulk_update(items, PLACE)
    pairs = zip(items, before, strict=True)
    touched = [Touched(one, was, fields_of(one, PLACE)) for one, was in pairs if fields_of(one, PLACE) != was]
    if touched:
        _record(verb, meeting, touched, actor)


def _record(verb: str, meeting: Meeting, touched: Sequence[Touched], actor: User) -> None:
    raised = raise_version(meeting)
    record(actor=actor, verb=verb, touched=[*touched, raised])
