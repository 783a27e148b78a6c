"""The agenda in the order in which it is shown, with its running clock; also what the form of an item may name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from campaigns.domain.agenda import Slot, slots
from campaigns.models import AgendaItem, Meeting

SESSION_ORDER = {session: place for place, session in enumerate(AgendaItem.Session.values)}


def in_order(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """The morning session first, then by their order."""
    return sorted(items, key=lambda item: (SESSION_ORDER[item.session], item.order))


@dataclass(frozen=True, slots=True)
class Place:
    """An item with its number and when it is on."""

    number: int
    item: AgendaItem
    slot: Slot
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class SessionPart:
    session: str
    label: str
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Agenda:
    """The whole agenda; `total` are its minutes, and `last` says when it ends."""

    parts: Sequence[SessionPart]
    total: int

    @property
    def last(self) -> Slot | None:
        return self.parts[-1].places[-1].slot if self.parts else None


def agenda_of(meeting: Meeting) -> Agenda:
    """One query."""
    items = in_order(meeting.agenda.select_related("presenter", "project", "report__unit", "report__action"))
    when = slots(meeting.starts_at, [one.minutes_allotted for one in items])
    places = [
        Place(number, item, slot, number == 1, number == len(items))
        for number, (item, slot) in enumerate(zip(items, when, strict=True), start=1)
    ]
    parts = [
        SessionPart(session, str(AgendaItem.Session(session).label), list(part))
        for session, part in groupby(places, key=lambda one: one.item.session)
    ]
    return Agenda(parts, sum(one.minutes_allotted for one in items))
