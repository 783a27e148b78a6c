"""Follow-ups with their lights: the list with its totals, one with its history, what a meeting carries over, and how
long things stay open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.fields import DateField
from django.utils import timezone

from campaigns.domain.follow_up_life import NEAR_DAYS, UNACCEPTED, Urgency, urgency
from campaigns.models import Campaign, Extension, FollowUp, FollowUpEvent, FollowUpFile, Meeting
from campaigns.models.follow_ups import FollowUpQuerySet
from units.models import Unit
from units.permissions import Capacities


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """A follow-up with its urgency; `days` are those left, below zero once it is overdue."""

    follow_up: FollowUp
    urgency: Urgency
    days: int

    @property
    def days_overdue(self) -> int:
        return max(0, -self.days)


def follow_up_row(follow_up: FollowUp, today: date) -> FollowUpRow:
    return FollowUpRow(follow_up, urgency_of(follow_up, today), (follow_up.due_on - today).days)


def urgency_of(follow_up: FollowUp, today: date) -> Urgency:
    return urgency(state=follow_up.state, registered_on=follow_up.registered_on, due_on=follow_up.due_on, today=today)


def of_urgency(rows: FollowUpQuerySet, asked: Urgency, today: date) -> FollowUpQuerySet:
    """Those of the follow-ups that `urgency` says this of, told by the database."""
    return rows.filter(_CONDITIONS[asked](today))


def _open() -> Q:
    return ~Q(state__in=FollowUp.DONE)


def _overdue(today: date) -> Q:
    return _open() & Q(due_on__lt=today)


def _returned(today: date) -> Q:
    return Q(due_on__gte=today, state=FollowUp.State.RETURNED)


def _behind(today: date) -> Q:
    """More of its time is over than is left."""
    on = Value(today, output_field=DateField())
    return Q(due_on__gte=today, state__in=UNACCEPTED) & Q(due_on__lt=on + (on - F("registered_on")))


def _ahead(today: date) -> Q:
    return _open() & Q(due_on__gte=today) & ~Q(state=FollowUp.State.RETURNED) & ~_behind(today)


def _near(today: date) -> Q:
    return _ahead(today) & Q(due_on__lte=today + timedelta(days=NEAR_DAYS))


def _in_time(today: date) -> Q:
    return _ahead(today) & Q(due_on__gt=today + timedelta(days=NEAR_DAYS))


_CONDITIONS = {
    Urgency.CLOSED: lambda today: Q(state__in=FollowUp.DONE),
    Urgency.OVERDUE: _overdue,
    Urgency.RETURNED: _returned,
    Urgency.BEHIND: _behind,
    Urgency.NEAR: _near,
    Urgency.IN_TIME: _in_time,
}


# --- the list ---------------------------------------------------------------------------------------------------------


def follow_ups_of(campaign: Campaign, person: Capacities) -> FollowUpQuerySet:
    """The campaign's follow-ups that this person may see, those due first before the others."""
    rows = FollowUp.objects.visible_to(person).filter(campaign=campaign)
    return rows.select_related("lead", "meeting").order_by("due_on", "number")


@dataclass(frozen=True, slots=True)
class Totals:
    """How many there are of each light; `all` with those that are done."""

    all: int
    overdue: int
    returned: int
    behind: int
    near: int
    in_time: int
    closed: int

    @property
    def open(self) -> int:
        return self.all - self.closed


def totals(rows: QuerySet[FollowUp], today: date) -> Totals:
    """One query."""
    counts = {one.value: Count("pk", filter=_CONDITIONS[one](today)) for one in Urgency}
    return Totals(**rows.order_by().aggregate(all=Count("pk"), **counts))


# --- one follow-up ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FollowUpPage:
    """All that the page of one follow-up shows."""

    row: FollowUpRow
    supporting: Sequence[Unit]
    history: Sequence[FollowUpEvent]
    extensions: Sequence[Extension]
    files: Sequence[FollowUpFile]

    @property
    def asked(self) -> Extension | None:
        """The extension that waits for an answer."""
        return next((one for one in self.extensions if one.is_granted is None), None)


def follow_up_page(follow_up: FollowUp, today: date) -> FollowUpPage:
    """Four queries."""
    return FollowUpPage(
        row=follow_up_row(follow_up, today),
        supporting=list(follow_up.supporting.order_by("order", "code")),
        history=list(follow_up.events.select_related("actor").order_by("pk")),
        extensions=list(follow_up.extensions.select_related("asked_by", "decided_by").order_by("pk")),
        files=list(follow_up.files.select_related("uploaded_by").order_by("pk")),
    )


# --- what is carried over ---------------------------------------------------------------------------------------------


def carried_over(*, campaign: Campaign, kinds: Sequence[str], before: date) -> FollowUpQuerySet:
    """What earlier meetings of a series asked for and is not done: the first agenda item of its next meeting. A series
    is made of the meetings of one of these kinds; each follow-up is told once."""
    earlier = Meeting.objects.filter(kinds__kind__in=kinds, held_on__lt=before).values("pk")
    rows = FollowUp.objects.open().filter(campaign=campaign, meeting__in=earlier)
    return rows.select_related("lead", "meeting").order_by("due_on", "number")


# --- how long things stay open ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitTime:
    """Median days that a unit's follow-ups stayed in each state, and from registration until done (or today)."""

    unit: Unit
    count: int
    by_state: Sequence[float | None]
    whole: float


TIMED = tuple(state for state in FollowUp.State if state not in FollowUp.DONE)


def time_open(rows: QuerySet[FollowUp], today: date) -> list[UnitTime]:
    """By lead unit, in the order of the units. Two queries and one pass over the events, which tell when each state
    ended; the state in which it is now lasts until today."""
    found = list(rows.select_related("lead").order_by("lead__order", "lead__code", "pk"))
    days = _days_by_state(found, today)
    units: dict[int, list[FollowUp]] = defaultdict(list)
    for one in found:
        units[one.lead_id].append(one)
    return [_unit_time(of_unit, days, today) for of_unit in units.values()]


def _days_by_state(found: Sequence[FollowUp], today: date) -> dict[int, dict[str, int]]:
    days: dict[int, dict[str, int]] = {one.pk: defaultdict(int) for one in found}
    since = {one.pk: one.registered_on for one in found}
    events = FollowUpEvent.objects.filter(follow_up__in=list(days)).exclude(from_state=F("to_state")).order_by("pk")
    for pk, came_from, at in events.values_list("follow_up", "from_state", "at"):
        until = timezone.localtime(at).date()
        if came_from:
            days[pk][came_from] += max(0, (until - since[pk]).days)
        since[pk] = until
    for one in found:
        if one.state not in FollowUp.DONE:
            days[one.pk][one.state] += max(0, (today - since[one.pk]).days)
    return days


def _unit_time(rows: Sequence[FollowUp], days: dict[int, dict[str, int]], today: date) -> UnitTime:
    whole = [((one.closed_on or today) - one.registered_on).days for one in rows]
    spent = {state: [days[one.pk][state] for one in rows if state in days[one.pk]] for state in TIMED}
    by_state = [median(spent[state]) if spent[state] else None for state in TIMED]
    return UnitTime(rows[0].lead, len(rows), by_state, median(whole))
