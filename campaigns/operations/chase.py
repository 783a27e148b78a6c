"""The office asks units for the reports that they have not filed: each person once per report and day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import Period
from campaigns.permissions import can_chase
from campaigns.queries.chase import chase, may_be_chased
from campaigns.queries.clock import local_day
from campaigns.queries.completeness import Cell, completeness
from campaigns.refusals import WrongState
from units.models import Unit, User
from units.operations.changes import Touched, record
from units.operations.messages import send_all
from units.permissions import capacities


@dataclass(frozen=True, slots=True)
class Chased:
    """How many people were asked for how many reports; who had been asked today already; units with nobody to ask."""

    people: int
    reports: int
    asked_before: Sequence[User]
    unreachable: Sequence[Unit]


@transaction.atomic
def chase_reports(
    *, period: Period, actor: User, now: datetime, unit: Unit | None = None, number: int | None = None
) -> Chased:
    """Asks for every missing report of the period, of one unit, or (with the action's `number`) for one of its reports.

    Raises `WrongState` where nothing of that can be chased.
    """
    person = capacities(actor, local_day(now))
    if not can_chase(person):
        raise PermissionDenied(_("Only the campaign office may do this."))
    Period.objects.select_for_update(of=("self",)).get(pk=period.pk)  # two at once would both find nobody asked
    cells = [
        cell
        for row in completeness(period, person=person, now=now).units
        for cell in row.cells
        if cell is not None and may_be_chased(cell, now) and _is_meant(cell, unit, number)
    ]
    if not cells:
        raise WrongState(_("There is nothing to chase: it is filed, or can no longer be filed."))
    plan = chase(period, cells, now=now)
    sent = send_all(plan.notices)
    if sent:
        _record(plan.cells, actor, now)
    return Chased(
        people=len({one.recipient_id for one in plan.notices}) if sent else 0,
        reports=len(plan.cells) if sent else 0,
        asked_before=list(User.objects.filter(pk__in=plan.asked_before).order_by("name", "pk")),
        unreachable=plan.unreachable,
    )


def _is_meant(cell: Cell, unit: Unit | None, number: int | None) -> bool:
    return (unit is None or cell.unit == unit) and (number is None or cell.action.number == number)


def _record(cells: Sequence[Cell], actor: User, now: datetime) -> None:
    day = local_day(now).isoformat()
    touched = [Touched(cell.report, {}, {"chased_on": day}) for cell in cells if cell.report is not None]
    record(actor=actor, verb="chase_reports", touched=touched)
