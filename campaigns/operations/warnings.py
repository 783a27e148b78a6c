"""Every step that people take on an early warning: explain, agree measures, accept a reason, escalate, clear.

Each locks the row, looks at its state again, moves it by the table in `domain.warning_life`, raises its version, and
leaves one event and one change in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.warning_life import ClearingNeeds, WarningState, WarningStep, WarningVerb, lacks_to_clear, step
from campaigns.models import EarlyWarning, WarningEvent
from campaigns.permissions import acting_on_warning, may_ever_on_warning
from campaigns.queries.clock import local_day
from campaigns.refusals import Invalid, StaleVersion, WrongState
from units.models import User
from units.operations.changes import Touched, fields_of, record
from units.permissions import capacities

NOT_YOURS = gettext_lazy("This step is not yours to take.")
LONGEST = 2000
"""Characters of what people write."""
WRITTEN = ("state", "explanation", "measure", "measure_due_on", "accepted_reason", "cleared_at")


@transaction.atomic
def explain_warning(
    *, warning_id: int, actor: User, now: datetime, explanation: str, version: int | None = None
) -> EarlyWarning:
    """Says for the unit what lies behind the warning; said again, the new words take the place of the old."""
    warning = _locked(warning_id)
    row = _check(warning, WarningVerb.EXPLAIN, actor, now, version)
    text = _required(explanation, "explanation", _("Say what lies behind it."))
    return _move(warning, row, actor, now, text, {"explanation": text})


@transaction.atomic
def agree_measures(
    *, warning_id: int, actor: User, now: datetime, measure: str, measure_due_on: date, version: int | None = None
) -> EarlyWarning:
    """Writes down what will be done and by when; the day may not lie in the past."""
    warning = _locked(warning_id)
    row = _check(warning, WarningVerb.MEASURE, actor, now, version)
    text = _required(measure, "measure", _("Say what will be done."))
    if measure_due_on < local_day(now):
        raise Invalid(_("This day lies in the past. Choose a later one."), field="measure_due_on")
    changes = {"measure": text, "measure_due_on": measure_due_on}
    return _move(warning, row, actor, now, text, changes)


@transaction.atomic
def accept_warning_reason(
    *, warning_id: int, actor: User, now: datetime, reason: str, version: int | None = None
) -> EarlyWarning:
    """Accepts a reason: the displayed level falls by one, the reason stays visible, the warning stays open."""
    warning = _locked(warning_id)
    row = _check(warning, WarningVerb.ACCEPT_REASON, actor, now, version)
    text = _required(reason, "reason", _("Give the reason; it stays visible."))
    return _move(warning, row, actor, now, text, {"accepted_reason": text})


@transaction.atomic
def escalate_warning(
    *, warning_id: int, actor: User, now: datetime, reason: str, version: int | None = None
) -> EarlyWarning:
    """Takes a warning before the meeting, with the reason why."""
    warning = _locked(warning_id)
    row = _check(warning, WarningVerb.ESCALATE, actor, now, version)
    return _move(warning, row, actor, now, _required(reason, "reason", _("Say why it goes before the meeting.")))


@transaction.atomic
def clear_warning(
    *, warning_id: int, actor: User, now: datetime, reason: str, version: int | None = None
) -> EarlyWarning:
    """Ends a warning. Raises `WrongState` for a red without a written measure, and for one that nobody has answered
    while its cause stands."""
    warning = _locked(warning_id)
    row = _check(warning, WarningVerb.CLEAR, actor, now, version)
    lacking = lacks_to_clear(
        level=warning.level,
        has_explanation=bool(warning.explanation),
        has_measure=bool(warning.measure),
        is_cause_gone=warning.cause_gone_on is not None,
    )
    if lacking is not None:
        raise WrongState(_LACKING[lacking])
    text = _required(reason, "reason", _("Say why it is cleared."))
    return _move(warning, row, actor, now, text, {"cleared_at": now})


_LACKING = {
    ClearingNeeds.MEASURE: gettext_lazy("A red warning needs a written measure before it is cleared."),
    ClearingNeeds.ANSWER: gettext_lazy("Its cause stands and the unit has not answered yet. Nothing was cleared."),
}


# --- what they share --------------------------------------------------------------------------------------------------


def _locked(warning_id: int) -> EarlyWarning:
    return (
        EarlyWarning.objects.select_for_update(of=("self",))
        .select_related("project__unit", "period__campaign")
        .get(pk=warning_id)
    )


def _check(warning: EarlyWarning, verb: WarningVerb, actor: User, now: datetime, version: int | None) -> WarningStep:
    """The row of the table by which this person may take this step now; raises where there is none. Client systems
    take none."""
    person = capacities(actor, local_day(now))
    if actor.is_service or not may_ever_on_warning(person, verb, warning):
        raise PermissionDenied(NOT_YOURS)
    row = step(verb, WarningState(warning.state))
    if row is None:
        raise WrongState(
            _("This warning is “%(state)s” by now. Nothing was done to it.") % {"state": warning.get_state_display()}
        )
    if not row.who & acting_on_warning(person, warning):
        raise PermissionDenied(NOT_YOURS)
    if version is not None and warning.version != version:
        raise StaleVersion(
            _("This warning changed after you opened it. Look at it again, then decide."), current=warning
        )
    return row


def _move(
    warning: EarlyWarning,
    row: WarningStep,
    actor: User,
    now: datetime,
    text: str,
    changes: Mapping[str, Any] | None = None,
) -> EarlyWarning:
    """Takes the step: new state and words, version + 1, one event, one change."""
    before, came_from = fields_of(warning, (*WRITTEN, "version")), warning.state
    for name, value in (changes or {}).items():
        setattr(warning, name, value)
    if row.target is not None:
        warning.state = row.target.value
    warning.version += 1
    warning.save(update_fields=[*WRITTEN, "version", "updated_at"])
    after = fields_of(warning, (*WRITTEN, "version"))
    changed = [name for name in after if after[name] != before[name]]
    WarningEvent.objects.create(
        warning=warning,
        verb=row.verb,
        from_state=came_from,
        to_state=warning.state,
        level=warning.level,
        actor=actor,
        at=now,
        text=text,
    )
    touched = Touched(warning, {name: before[name] for name in changed}, {name: after[name] for name in changed})
    record(actor=actor, verb=f"{row.verb.value}_warning", reason=text, touched=[touched])
    return warning


def _required(text: str, field: str, told: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid(told, field=field)
    if len(text) > LONGEST:
        raise Invalid(_("At most %(most)d characters.") % {"most": LONGEST}, field=field)
    return text
