"""Makes the draft of a report that is expected and not there yet, before the beat does."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import Action, Assignment, Period, Report
from campaigns.operations.reports import NOT_YOURS
from campaigns.permissions import can_fill
from campaigns.queries.clock import local_day
from campaigns.refusals import Invalid, WrongState
from units.models import Unit, User
from units.operations.changes import Touched, record
from units.permissions import capacities


@transaction.atomic
def make_report(*, unit: Unit, action: Action, period: Period, actor: User, now: datetime) -> Report:
    """A draft of the unit on the action for an open period that expects it.

    Raises `WrongState` where there is one already or the period takes none, `Invalid` where none is expected.
    """
    report = Report(unit=unit, action=action, period=period, status_since=now)
    if not can_fill(capacities(actor, local_day(now)), report):
        raise PermissionDenied(NOT_YOURS)
    _must_be_expected(report)
    if not period.takes_figures(now):
        raise WrongState(_("The period is not open. After its closing the campaign office can reopen it for a unit."))
    made, is_new = Report.objects.get_or_create(unit=unit, action=action, period=period, defaults={"status_since": now})
    if not is_new:
        raise WrongState(_("There is such a report already. Change it at its own address."))
    record(actor=actor, verb="make_report", touched=[Touched(made, None, {"status": made.status})])
    return made


def _must_be_expected(report: Report) -> None:
    if report.action.campaign_id != report.period.campaign_id:
        raise Invalid(_("This period belongs to another campaign."), field="period")
    expected = Assignment.objects.filter(unit=report.unit, action=report.action).covering(report.period.ends_on)
    if not expected.exists():
        raise Invalid(_("This unit does not report on this action."), field="action")
