"""Every step of a follow-up from its registration to the archive, and the extensions of its due date.

Each locks the row, looks at its state again, moves it by the table in `domain.follow_up_life`, raises its version, and
leaves one event and one change in the same transaction. Client systems take none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.follow_up_life import (
    FollowUpState,
    FollowUpStep,
    FollowUpVerb,
    may_ask_extension,
    step,
)
from campaigns.models import (
    Campaign,
    EarlyWarning,
    Extension,
    FollowUp,
    FollowUpEvent,
    Meeting,
    MinutesItem,
    Requirement,
)
from campaigns.operations.follow_up_messages import tell_of_assigned, tell_of_returned
from campaigns.permissions import acting_on_follow_up, can_run_meetings, may_ever_on_follow_up
from campaigns.queries.clock import local_day
from campaigns.refusals import Invalid, Refusal, StaleVersion, WrongState
from units.models import Unit, User
from units.operations.changes import Touched, fields_of, record
from units.permissions import capacities

NOT_YOURS = gettext_lazy("This step is not yours to take.")
LONGEST = 2000
"""Characters of what people write."""
MANY = 200
"""At most so many are closed at once."""
WRITTEN = ("state", "due_on", "closed_on")
REGISTERED = ("number", "title_en", "title_zh", "text", "origin", "lead", "registered_on", "due_on", "state")
V = FollowUpVerb


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be done, by whom and until when; at most one of the sources is named, none is a leader's note."""

    title_en: str
    title_zh: str
    text: str
    lead: Unit
    due_on: date
    supporting: Sequence[Unit] = field(default=())
    meeting: Meeting | None = None
    requirement: Requirement | None = None
    minutes_item: MinutesItem | None = None
    warning: EarlyWarning | None = None

    @property
    def of_meeting(self) -> Meeting | None:
        if self.requirement is not None:
            return self.requirement.meeting
        return self.minutes_item.minutes.meeting if self.minutes_item is not None else self.meeting

    @property
    def origin(self) -> FollowUp.Origin:
        if self.warning is not None:
            return FollowUp.Origin.WARNING
        return FollowUp.Origin.NOTE if self.of_meeting is None else FollowUp.Origin.MEETING


@transaction.atomic
def register_follow_up(*, campaign: Campaign, task: Task, actor: User, now: datetime) -> FollowUp:
    """Makes a follow-up of a meeting's requirement, an item of its minutes, a warning or a leader's note."""
    today = local_day(now)
    if actor.is_service or not can_run_meetings(capacities(actor, today)):
        raise PermissionDenied(NOT_YOURS)
    if task.due_on < today:
        raise Invalid(_("This day lies in the past. Choose a later one."), field="due_on")
    if task.lead in task.supporting:
        raise Invalid(_("The lead unit does not support itself."), field="supporting")
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    item = task.minutes_item
    follow_up = FollowUp.objects.create(
        campaign=campaign,
        number=_next_number(campaign, today.year),
        title_en=task.title_en,
        title_zh=task.title_zh,
        text=task.text,
        origin=task.origin,
        meeting=task.of_meeting,
        agenda_item=item.agenda_item if item is not None else None,
        minutes_item=item,
        requirement=task.requirement,
        warning=task.warning,
        lead=task.lead,
        registered_on=today,
        due_on=task.due_on,
    )
    follow_up.supporting.set(task.supporting)
    FollowUpEvent.objects.create(
        follow_up=follow_up, verb=V.REGISTER, to_state=follow_up.state, actor=actor, at=now, text=""
    )
    record(actor=actor, verb="register_follow_up", touched=[Touched(follow_up, None, fields_of(follow_up, REGISTERED))])
    return follow_up


def _next_number(campaign: Campaign, year: int) -> str:
    """`2022-014` after `2022-013`. The campaign's row is locked, so that two at once get two numbers."""
    start = f"{year}-"
    told = campaign.follow_ups.filter(number__startswith=start).values_list("number", flat=True)
    taken = [int(rest) for rest in (number.removeprefix(start) for number in told) if rest.isascii() and rest.isdigit()]
    return f"{start}{max(taken, default=0) + 1:03}"


# --- the steps --------------------------------------------------------------------------------------------------------


@transaction.atomic
def assign_follow_up(
    *, follow_up_id: int, actor: User, now: datetime, text: str = "", version: int | None = None
) -> FollowUp:
    """Hands it to the lead unit, whose people are told."""
    follow_up = _locked(follow_up_id)
    row = _check(follow_up, V.ASSIGN, actor, now, version)
    follow_up = _move(follow_up, row, actor, now, _words(text, row))
    tell_of_assigned(follow_up, now)
    return follow_up


@transaction.atomic
def accept_follow_up(
    *, follow_up_id: int, actor: User, now: datetime, text: str = "", version: int | None = None
) -> FollowUp:
    return _take(follow_up_id, V.ACCEPT, actor, now, text, version)


@transaction.atomic
def start_follow_up(
    *, follow_up_id: int, actor: User, now: datetime, text: str = "", version: int | None = None
) -> FollowUp:
    return _take(follow_up_id, V.START, actor, now, text, version)


@transaction.atomic
def give_feedback(*, follow_up_id: int, actor: User, now: datetime, text: str, version: int | None = None) -> FollowUp:
    """Says for the lead unit what was done; the evidence lies beside it."""
    return _take(follow_up_id, V.FEEDBACK, actor, now, text, version)


@transaction.atomic
def send_back_follow_up(
    *, follow_up_id: int, actor: User, now: datetime, text: str, version: int | None = None
) -> FollowUp:
    """Gives it back with the reason, which the lead unit's people are told word for word."""
    follow_up = _take(follow_up_id, V.SEND_BACK, actor, now, text, version)
    tell_of_returned(follow_up, text.strip(), now)
    return follow_up


@transaction.atomic
def close_follow_up(
    *, follow_up_id: int, actor: User, now: datetime, text: str = "", version: int | None = None
) -> FollowUp:
    follow_up = _locked(follow_up_id)
    row = _check(follow_up, V.CLOSE, actor, now, version)
    return _move(follow_up, row, actor, now, _words(text, row), {"closed_on": local_day(now)})


@transaction.atomic
def archive_follow_up(
    *, follow_up_id: int, actor: User, now: datetime, text: str = "", version: int | None = None
) -> FollowUp:
    return _take(follow_up_id, V.ARCHIVE, actor, now, text, version)


@dataclass(frozen=True, slots=True)
class BulkClosed:
    """Those that were closed, and those that were not, each with the reason."""

    closed: Sequence[FollowUp]
    refused: Sequence[tuple[FollowUp, str]]


def close_follow_ups(*, wanted: Mapping[int, int], actor: User, now: datetime) -> BulkClosed:
    """Closes many, each id with the version that was looked at and each in a transaction of its own: one that changed
    meanwhile is refused and named. Raises `Invalid` for none or too many."""
    if not 0 < len(wanted) <= MANY:
        raise Invalid(_("Tick at least one and at most %(most)d.") % {"most": MANY})
    closed, refused = [], []
    for pk, version in sorted(wanted.items()):
        try:
            closed.append(close_follow_up(follow_up_id=pk, actor=actor, now=now, version=version))
        except Refusal as refusal:
            refused.append((FollowUp.objects.get(pk=pk), str(refusal)))
    return BulkClosed(closed, refused)


# --- extensions -------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_extension(
    *, follow_up_id: int, actor: User, now: datetime, new_due_on: date, text: str, version: int | None = None
) -> FollowUp:
    """Asks for a later due date, before the due date and with the reason. One at a time."""
    follow_up = _locked(follow_up_id)
    row = _check(follow_up, V.EXTEND, actor, now, version)
    reason = _words(text, row)
    if not may_ask_extension(due_on=follow_up.due_on, today=local_day(now)):
        raise WrongState(_("An extension is asked for before the due date. Nothing was done."))
    if new_due_on <= follow_up.due_on:
        raise Invalid(_("Choose a day after the due date."), field="new_due_on")
    if follow_up.extensions.filter(is_granted=None).exists():
        raise WrongState(_("An extension has been asked for and is not decided yet."))
    extension = Extension.objects.create(
        follow_up=follow_up,
        asked_by=actor,
        asked_at=now,
        old_due_on=follow_up.due_on,
        new_due_on=new_due_on,
        reason=reason,
    )
    asked = Touched(extension, None, fields_of(extension, ("old_due_on", "new_due_on", "reason")))
    return _move(follow_up, row, actor, now, reason, also=[asked])


@transaction.atomic
def grant_extension(
    *, follow_up_id: int, actor: User, now: datetime, new_due_on: date, text: str = "", version: int | None = None
) -> FollowUp:
    """Gives the later due date that was asked for, or another one after today."""
    follow_up = _locked(follow_up_id)
    row = _check(follow_up, V.GRANT, actor, now, version)
    extension = _undecided(follow_up)
    if new_due_on <= max(extension.old_due_on, local_day(now)):
        raise Invalid(_("Choose a day after today and after the due date."), field="new_due_on")
    decided = _decide(extension, actor, now, is_granted=True, new_due_on=new_due_on)
    return _move(follow_up, row, actor, now, _words(text, row), {"due_on": new_due_on}, also=[decided])


@transaction.atomic
def refuse_extension(
    *, follow_up_id: int, actor: User, now: datetime, text: str, version: int | None = None
) -> FollowUp:
    """Leaves the due date as it is, with the reason."""
    follow_up = _locked(follow_up_id)
    row = _check(follow_up, V.REFUSE, actor, now, version)
    reason = _words(text, row)
    extension = _undecided(follow_up)
    decided = _decide(extension, actor, now, is_granted=False, new_due_on=extension.new_due_on)
    return _move(follow_up, row, actor, now, reason, also=[decided])


def _undecided(follow_up: FollowUp) -> Extension:
    extension = follow_up.extensions.select_for_update().filter(is_granted=None).first()
    if extension is None:
        raise WrongState(_("No extension waits for an answer."))
    return extension


def _decide(extension: Extension, actor: User, now: datetime, *, is_granted: bool, new_due_on: date) -> Touched:
    before = fields_of(extension, ("is_granted", "new_due_on"))
    extension.is_granted, extension.new_due_on = is_granted, new_due_on
    extension.decided_by, extension.decided_at = actor, now
    extension.save(update_fields=["is_granted", "new_due_on", "decided_by", "decided_at"])
    return Touched(extension, before, fields_of(extension, ("is_granted", "new_due_on")))


STEPS: dict[FollowUpVerb, Callable[..., FollowUp]] = {
    V.ASSIGN: assign_follow_up,
    V.ACCEPT: accept_follow_up,
    V.START: start_follow_up,
    V.FEEDBACK: give_feedback,
    V.SEND_BACK: send_back_follow_up,
    V.CLOSE: close_follow_up,
    V.ARCHIVE: archive_follow_up,
    V.EXTEND: ask_extension,
    V.GRANT: grant_extension,
    V.REFUSE: refuse_extension,
}
"""What each step calls, in the order in which they are offered."""


# --- what they share --------------------------------------------------------------------------------------------------


def _take(
    follow_up_id: int, verb: FollowUpVerb, actor: User, now: datetime, text: str, version: int | None
) -> FollowUp:
    follow_up = _locked(follow_up_id)
    row = _check(follow_up, verb, actor, now, version)
    return _move(follow_up, row, actor, now, _words(text, row))


def _locked(follow_up_id: int) -> FollowUp:
    return (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("lead", "campaign", "warning__project")
        .get(pk=follow_up_id)
    )


def _check(follow_up: FollowUp, verb: FollowUpVerb, actor: User, now: datetime, version: int | None) -> FollowUpStep:
    """The row of the table by which this person may take this step now; raises where there is none."""
    person = capacities(actor, local_day(now))
    if actor.is_service or not may_ever_on_follow_up(person, verb, follow_up):
        raise PermissionDenied(NOT_YOURS)
    row = step(verb, FollowUpState(follow_up.state))
    if row is None:
        raise WrongState(
            _("This follow-up is “%(state)s” by now. Nothing was done to it.")
            % {"state": follow_up.get_state_display()}
        )
    if not row.who & acting_on_follow_up(person, follow_up):
        raise PermissionDenied(NOT_YOURS)
    if version is not None and follow_up.version != version:
        raise StaleVersion(
            _("This follow-up changed after you opened it. Look at it again, then decide."), current=follow_up
        )
    return row


def _move(
    follow_up: FollowUp,
    row: FollowUpStep,
    actor: User,
    now: datetime,
    text: str,
    changes: Mapping[str, Any] | None = None,
    *,
    also: Sequence[Touched] = (),
) -> FollowUp:
    """Takes the step: new state, version + 1, one event, one change."""
    before, came_from = fields_of(follow_up, (*WRITTEN, "version")), follow_up.state
    for name, value in (changes or {}).items():
        setattr(follow_up, name, value)
    if row.target is not None:
        follow_up.state = row.target.value
    follow_up.version += 1
    follow_up.save(update_fields=[*WRITTEN, "version", "updated_at"])
    after = fields_of(follow_up, (*WRITTEN, "version"))
    changed = [name for name in after if after[name] != before[name]]
    FollowUpEvent.objects.create(
        follow_up=follow_up,
        verb=row.verb,
        from_state=came_from,
        to_state=follow_up.state,
        actor=actor,
        at=now,
        text=text,
    )
    touched = Touched(follow_up, {name: before[name] for name in changed}, {name: after[name] for name in changed})
    record(actor=actor, verb=f"{row.verb.value}_follow_up", reason=text, touched=[touched, *also])
    return follow_up


def _words(text: str, row: FollowUpStep) -> str:
    text = text.strip()
    if row.asks_words and not text:
        told = _("Say what was done.") if row.verb == V.FEEDBACK else _("Give the reason.")
        raise Invalid(told, field="text")
    if len(text) > LONGEST:
        raise Invalid(_("At most %(most)d characters.") % {"most": LONGEST}, field="text")
    return text
