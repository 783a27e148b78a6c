"""Calls a meeting, changes what it is, and cancels it.

The meeting's row is locked and its version raised at each step, here and wherever a part of it is written, so that two
who work at once do not lose each other's work. Once its minutes are issued, what they rest on stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.agenda import PAPERS_DUE_AT, papers_due_on
from campaigns.models import Campaign, Meeting, MeetingKind, MeetingSeries, Period
from campaigns.permissions import can_arrange_meetings
from campaigns.queries.calendars import working_calendar
from campaigns.queries.clock import local_day
from campaigns.refusals import Invalid, StaleVersion, WrongState
from units.models import Source, User
from units.operations.changes import Touched, fields_of, record
from units.operations.constraints import must_be_right
from units.permissions import Capacities, capacities

NOT_YOURS = gettext_lazy("This step is not yours to take.")
FIELDS = (
    "campaign", "period", "name_en", "name_zh", "held_on", "starts_at", "place", "video_url", "chair_en", "chair_zh",
    "figures_as_of", "papers_due_at", "summary_en", "summary_zh",
)  # fmt: skip
KIND_FIELDS = ("kind", "year", "number", "order")
CANCELLED = ("cancelled_at", "cancelled_reason")
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class NumberedKind:
    """One kind that the meeting is, with its number in the year where it has one."""

    kind: str
    year: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFacts:
    """What a meeting is. Without `papers_due_at` the papers are due two working days before it, at 18:00."""

    campaign: Campaign
    held_on: date
    name_en: str
    name_zh: str
    kinds: Sequence[NumberedKind]
    period: Period | None = None
    starts_at: time | None = None
    place: str = ""
    video_url: str = ""
    chair_en: str = ""
    chair_zh: str = ""
    figures_as_of: datetime | None = None
    papers_due_at: datetime | None = None
    summary_en: str = ""
    summary_zh: str = ""
    series: MeetingSeries | None = field(default=None, compare=False)


# --- the steps --------------------------------------------------------------------------------------------------------


@transaction.atomic
def make_meeting(*, facts: MeetingFacts, actor: User, now: datetime) -> Meeting:
    """Calls a meeting. Raises `Invalid` or `ValidationError` with what is wrong."""
    must_arrange(actor, now)
    meeting, touched = created(facts)
    record(actor=actor, verb="make_meeting", touched=touched)
    return meeting


def created(facts: MeetingFacts) -> tuple[Meeting, list[Touched]]:
    """The meeting with its kinds, for whoever calls one inside an operation of its own."""
    meeting = Meeting(series=facts.series)
    _set(meeting, facts)
    meeting.save()
    return meeting, [Touched(meeting, None, fields_of(meeting, FIELDS)), *_write_kinds(meeting, facts.kinds)]


@transaction.atomic
def edit_meeting(*, meeting_id: int, version: int | None, facts: MeetingFacts, actor: User, now: datetime) -> Meeting:
    """Changes what the meeting is; nothing changes where nothing differs."""
    meeting = locked_meeting(meeting_id, version, actor, now)
    must_be_open(meeting)
    before = fields_of(meeting, FIELDS)
    _set(meeting, facts)
    after = fields_of(meeting, FIELDS)
    changed = [name for name in FIELDS if after[name] != before[name]]
    touched = _write_kinds(meeting, facts.kinds)
    if not changed and not touched:
        return meeting
    if changed:
        meeting.source = Source.ENTERED
        meeting.save(update_fields=[*FIELDS, "source"])
    told = raise_version(meeting)
    own = Touched(
        meeting,
        {name: before[name] for name in changed} | dict(told.before or {}),
        {name: after[name] for name in changed} | dict(told.after or {}),
    )
    record(actor=actor, verb="edit_meeting", touched=[own, *touched])
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting_id: int, version: int | None, reason: str, actor: User, now: datetime) -> Meeting:
    """Says that it is not held, and why: it stays in the list, its invitation takes it out of calendars, and nobody is
    reminded of it."""
    meeting = locked_meeting(meeting_id, version, actor, now)
    must_be_open(meeting)
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Give the reason."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(_("At most %(most)d characters.") % {"most": LONGEST_REASON}, field="reason")
    if meeting.follow_ups.exists():
        raise WrongState(_("Follow-ups were made from this meeting: it was held."))
    before = fields_of(meeting, CANCELLED)
    meeting.cancelled_at, meeting.cancelled_reason = now, reason
    meeting.save(update_fields=CANCELLED)
    told = raise_version(meeting)
    own = Touched(meeting, before | dict(told.before or {}), fields_of(meeting, (*CANCELLED, "version")))
    record(actor=actor, verb="cancel_meeting", reason=reason, touched=[own])
    return meeting


# --- what every step on a meeting shares ------------------------------------------------------------------------------


def must_arrange(actor: User, now: datetime, may: Callable[[Capacities], bool] = can_arrange_meetings) -> None:
    if not may(capacities(actor, local_day(now))):
        raise PermissionDenied(NOT_YOURS)


def locked_meeting(
    meeting_id: int,
    version: int | None,
    actor: User,
    now: datetime,
    may: Callable[[Capacities], bool] = can_arrange_meetings,
) -> Meeting:
    """The meeting's row, locked; raises `PermissionDenied`, and `StaleVersion` where another version was looked at."""
    must_arrange(actor, now, may)
    meeting = Meeting.objects.select_for_update().get(pk=meeting_id)
    if version is not None and meeting.version != version:
        raise StaleVersion(
            _("This meeting changed after you opened it. Look at it again, then decide."), current=meeting
        )
    return meeting


def must_be_open(meeting: Meeting) -> None:
    """Raises `WrongState` for a cancelled meeting, and for one whose minutes are issued: they quote it."""
    if meeting.is_cancelled:
        raise WrongState(_("This meeting is cancelled. Nothing was changed."))
    if meeting.minutes.filter(issued_at__isnull=False).exists():
        raise WrongState(_("The minutes of this meeting are issued: what they rest on stays as it is."))


def raise_version(meeting: Meeting) -> Touched:
    meeting.version += 1
    meeting.save(update_fields=["version", "updated_at"])
    return Touched(meeting, {"version": meeting.version - 1}, {"version": meeting.version})


# --- what a meeting is ------------------------------------------------------------------------------------------------


def _set(meeting: Meeting, facts: MeetingFacts) -> None:
    for name in FIELDS:
        setattr(meeting, name, getattr(facts, name))
    if meeting.papers_due_at is None:
        meeting.papers_due_at = papers_due_at(facts.held_on)
    _check(meeting, facts)


def papers_due_at(held_on: date) -> datetime:
    return timezone.make_aware(datetime.combine(papers_due_on(held_on, working_calendar()), PAPERS_DUE_AT))


def _check(meeting: Meeting, facts: MeetingFacts) -> None:
    if facts.period is not None and facts.period.campaign_id != facts.campaign.pk:
        raise Invalid(_("This period belongs to another campaign."), field="period")
    if meeting.papers_due_at is not None and local_day(meeting.papers_due_at) > facts.held_on:
        raise Invalid(_("The papers are due after the meeting. Choose an earlier day."), field="papers_due_at")
    kinds = [one.kind for one in facts.kinds]
    if not kinds:
        raise Invalid(_("Say what kind of meeting it is."), field="kinds")
    if len(set(kinds)) != len(kinds):
        raise Invalid(_("One of the kinds stands twice."), field="kinds")
    if any((one.year is None) != (one.number is None) for one in facts.kinds):
        raise Invalid(_("A number in a series needs its year, and begins with 1."), field="kinds")
    must_be_right(meeting)


def _write_kinds(meeting: Meeting, kinds: Sequence[NumberedKind]) -> list[Touched]:
    """Kinds that stay keep their row."""
    known = {one.kind: one for one in meeting.kinds.all()}
    touched = []
    for one in known.values():
        if one.kind not in {kind.kind for kind in kinds}:
            touched.append(Touched(one, fields_of(one, KIND_FIELDS), None))
            MeetingKind.objects.filter(pk=one.pk).delete()
    for order, told in enumerate(kinds, start=1):
        row = known.get(told.kind) or MeetingKind(meeting=meeting, kind=told.kind)
        before: dict[str, Any] | None = fields_of(row, KIND_FIELDS) if row.pk else None
        row.year, row.number, row.order = told.year, told.number, order
        after = fields_of(row, KIND_FIELDS)
        if before != after:
            must_be_right(row)
            row.save()
            touched.append(Touched(row, before, after))
    return touched
