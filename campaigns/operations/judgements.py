"""The lead's judgement beside the computed light: how likely a target is, and which reason it accepts."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import AcceptedReason, Action, Assignment, Likelihood, Period
from campaigns.permissions import can_judge
from campaigns.queries.clock import local_day
from campaigns.refusals import Invalid, StaleVersion, WrongState
from units.models import Unit, User
from units.operations.changes import Touched, fields_of, record
from units.permissions import capacities


@transaction.atomic
def judge_likelihood(
    *,
    action: Action,
    unit: Unit | None,
    period: Period,
    level: str,
    reason: str,
    next_step: str,
    actor: User,
    now: datetime,
    version: int | None = None,
) -> Likelihood:
    """Judges how likely a unit (None: the city) reaches its target in this action; a reason is needed.

    Raises `StaleVersion` where a `version` is given and the judgement that stands has another.
    """
    _must_judge(action, period, actor, now)
    _must_report_on(unit, action)
    if level not in Likelihood.Level.values:
        raise Invalid(_("Choose one of the four likelihoods."), field="level")
    reason = _required(reason)
    row = Likelihood.objects.select_for_update(of=("self",)).filter(action=action, unit=unit, period=period).first()
    _must_be_current(row, version)
    names = ("level", "reason", "next_step")
    before = fields_of(row, names) if row else None
    row = row or Likelihood(action=action, unit=unit, period=period)
    row.level, row.reason, row.next_step = level, reason, next_step.strip()
    row.judged_by, row.judged_at = actor, now
    row.version += 1 if row.pk else 0
    row.save()
    record(actor=actor, verb="judge_likelihood", reason=reason, touched=[Touched(row, before, fields_of(row, names))])
    return row


@transaction.atomic
def accept_reason(
    *,
    action: Action,
    unit: Unit,
    period: Period,
    reason: str,
    actor: User,
    now: datetime,
    version: int | None = None,
) -> AcceptedReason:
    """Accepts a reason for being behind: the displayed light rises by one step and the reason stays visible.

    Raises `StaleVersion` where a `version` is given and the reason that stands has another.
    """
    _must_judge(action, period, actor, now)
    _must_report_on(unit, action)
    reason = _required(reason)
    row = AcceptedReason.objects.select_for_update(of=("self",)).filter(action=action, unit=unit, period=period).first()
    _must_be_current(row, version)
    before = fields_of(row, ("reason",)) if row else None
    row = row or AcceptedReason(action=action, unit=unit, period=period)
    row.reason, row.accepted_by, row.accepted_at = reason, actor, now
    row.version += 1 if row.pk else 0
    row.save()
    record(
        actor=actor, verb="accept_reason", reason=reason, touched=[Touched(row, before, fields_of(row, ("reason",)))]
    )
    return row


@transaction.atomic
def withdraw_reason(*, accepted: AcceptedReason, actor: User, now: datetime, version: int | None = None) -> None:
    """Takes an accepted reason back: the light shows again what was computed."""
    _must_judge(accepted.action, accepted.period, actor, now)
    row = AcceptedReason.objects.select_for_update(of=("self",)).filter(pk=accepted.pk).first()
    if row is None:
        raise WrongState(_("This reason has been withdrawn already."))
    _must_be_current(row, version)
    record(actor=actor, verb="withdraw_reason", touched=[Touched(accepted, fields_of(accepted, ("reason",)), None)])
    accepted.delete()


def _must_judge(action: Action, period: Period, actor: User, now: datetime) -> None:
    if not can_judge(capacities(actor, local_day(now)), action):
        raise PermissionDenied(_("The lead department judges its action."))
    if period.campaign_id != action.campaign_id:
        raise Invalid(_("This period belongs to another campaign."), field="period")
    if period.state == Period.State.UPCOMING:
        raise WrongState(_("The period has not begun yet."))


def _must_report_on(unit: Unit | None, action: Action) -> None:
    if unit is not None and not Assignment.objects.filter(unit=unit, action=action).exists():
        raise Invalid(_("This unit does not report on this action."), field="unit")


def _must_be_current(row: Likelihood | AcceptedReason | None, version: int | None) -> None:
    if version is not None and (row is None or row.version != version):
        raise StaleVersion(_("Somebody of your department changed this meanwhile. Look at it again."), current=row)


def _required(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Give the reason; it stays visible."), field="reason")
    return reason
