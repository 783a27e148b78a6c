"""The lead's judgement beside the computed light: how likely a target is, and which reason it accepts."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import AcceptedReason, Action, Likelihood, Period
from campaigns.permissions import can_judge
from campaigns.queries.clock import local_day
from campaigns.refusals import Invalid, WrongState
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
) -> Likelihood:
    """Judges how likely a unit (None: the city) reaches its target in this action; a reason is needed."""
    _must_judge(action, period, actor, now)
    if level not in Likelihood.Level.values:
        raise Invalid(_("Choose one of the four likelihoods."), field="level")
    reason = _required(reason)
    row = Likelihood.objects.select_for_update(of=("self",)).filter(action=action, unit=unit, period=period).first()
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
    *, action: Action, unit: Unit, period: Period, reason: str, actor: User, now: datetime
) -> AcceptedReason:
    """Accepts a reason for being behind: the displayed light rises by one step and the reason stays visible."""
    _must_judge(action, period, actor, now)
    reason = _required(reason)
    row = AcceptedReason.objects.select_for_update(of=("self",)).filter(action=action, unit=unit, period=period).first()
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
def withdraw_reason(*, accepted: AcceptedReason, actor: User, now: datetime) -> None:
    """Takes an accepted reason back: the light shows again what was computed."""
    _must_judge(accepted.action, accepted.period, actor, now)
    if not AcceptedReason.objects.select_for_update(of=("self",)).filter(pk=accepted.pk).exists():
        raise WrongState(_("This reason has been withdrawn already."))
    record(actor=actor, verb="withdraw_reason", touched=[Touched(accepted, fields_of(accepted, ("reason",)), None)])
    accepted.delete()


def _must_judge(action: Action, period: Period, actor: User, now: datetime) -> None:
    if not can_judge(capacities(actor, local_day(now)), action):
        raise PermissionDenied(_("The lead department judges its action."))
    if period.campaign_id != action.campaign_id:
        raise Invalid(_("This period belongs to another campaign."), field="period")
    if period.state == Period.State.UPCOMING:
        raise WrongState(_("The period has not begun yet."))


def _required(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Give the reason; it stays visible."), field="reason")
    return reason
