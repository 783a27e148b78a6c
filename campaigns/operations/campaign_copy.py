"""Copies a campaign to other days: actions, indicators, weights, assignments, and on demand targets; never figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from campaigns.models import Action, Assignment, Campaign, Indicator, Period, Target, TrajectoryPoint
from campaigns.queries.campaign_copy import Copied, CopyOrder, copied, original, wrong_with_copy
from campaigns.queries.clock import local_day
from campaigns.refusals import Invalid, WrongState
from units.models import User
from units.operations.admin_changes import own_fields
from units.operations.changes import Touched, record
from units.permissions import can_manage_campaigns, capacities


def copy_campaign(*, source: Campaign, order: CopyOrder, actor: User, now: datetime) -> Campaign:
    """The new campaign, with its periods and their deadlines.

    Raises `Invalid` with the field that cannot stay as it is, and `WrongState` where somebody took the slug or a code
    in the same moment. As many statements for a small campaign as for a large one.
    """
    if not can_manage_campaigns(capacities(actor, local_day(now))):
        raise PermissionDenied(_("Only the campaign office may do this."))
    try:
        return _copy(source, order, actor)
    except IntegrityError as error:
        raise WrongState(_("Somebody was faster: this slug or one of the codes is now in use.")) from error


@transaction.atomic
def _copy(source: Campaign, order: CopyOrder, actor: User) -> Campaign:
    whole = original(Campaign.objects.select_for_update().get(pk=source.pk))
    for field, told in wrong_with_copy(whole, order).items():
        raise Invalid(told, field=field)
    made = copied(whole, order)
    _write(made)
    rows: list[models.Model] = [made.campaign]
    for kind in (made.actions, made.indicators, made.assignments, made.targets, made.points, made.periods):
        rows.extend(kind)
    record(actor=actor, verb="copy_campaign", touched=_added(rows, made))
    return made.campaign


def _write(made: Copied) -> None:
    """Every kind at once, each before those that name it."""
    made.campaign.save(force_insert=True)
    Action.objects.bulk_create(made.actions)
    supporting = Action.supporting.through
    supporting.objects.bulk_create(supporting(action=action, unit=unit) for action, unit in made.supporting)
    _write_indicators(made.indicators)
    Assignment.objects.bulk_create(made.assignments)
    Target.objects.bulk_create(made.targets)
    TrajectoryPoint.objects.bulk_create(made.points)
    Period.objects.bulk_create(made.periods)


def _write_indicators(indicators: Iterable[Indicator]) -> None:
    """A weighted mean names a row that may come after it, so it is written as a sum first."""
    indicators = list(indicators)
    weighted = [(one, one.rollup_weight) for one in indicators if one.rollup_weight is not None]
    for one, _weight in weighted:
        one.rollup, one.rollup_weight = Indicator.RollUp.SUM, None
    Indicator.objects.bulk_create(indicators)
    for one, weight in weighted:
        one.rollup, one.rollup_weight = Indicator.RollUp.WEIGHTED_MEAN, weight
    Indicator.objects.bulk_update([one for one, _weight in weighted], ["rollup", "rollup_weight"])


def _added(rows: Iterable[models.Model], made: Copied) -> list[Touched]:
    supporting: dict[models.Model, list[int]] = {action: [] for action in made.actions}
    for action, unit in made.supporting:
        supporting[action].append(unit.pk)
    of_action = {action: {"supporting": sorted(units)} for action, units in supporting.items()}
    return [Touched(one, None, own_fields(one) | of_action.get(one, {})) for one in rows]
