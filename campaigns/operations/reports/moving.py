"""What all steps share: the report locked, the row of the table looked up, the move written, its event and change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.workflow import ReportStatus, Step, Verb, When, is_open_to_tokens, step, target
from campaigns.models import Report, ReportEvent
from campaigns.operations.reminders import tell_returned
from campaigns.permissions import acting_as, is_time_for, may_ever
from campaigns.queries.clock import local_day
from campaigns.refusals import Invalid, StaleVersion, WrongState
from units.models import User
from units.operations.changes import Touched, fields_of, record
from units.permissions import capacities

NOT_YOURS = gettext_lazy("This step is not yours to take.")


def locked_report(report_id: int) -> Report:
    """The report and its period, locked until the end of the transaction, so that neither moves meanwhile."""
    return (
        Report.objects.select_for_update(of=("self", "period"))
        .select_related("unit", "action", "period__campaign")
        .get(pk=report_id)
    )


def checked_step(report: Report, verb: Verb, actor: User, now: datetime, version: int | None) -> Step:
    """The row of the table by which this person may take this step now; raises where there is none.

    A client system takes no step that the table does not open to tokens, whatever else it may.
    """
    person = capacities(actor, local_day(now))
    is_closed_to_actor = actor.is_service and not is_open_to_tokens(verb)
    if is_closed_to_actor or not may_ever(person, verb, report):
        raise PermissionDenied(NOT_YOURS)
    row = step(verb, ReportStatus(report.status))
    if row is None:
        raise WrongState(
            _("This report is “%(status)s” by now. Nothing was done to it.") % {"status": report.get_status_display()}
        )
    if not row.who & acting_as(person, report):
        raise PermissionDenied(NOT_YOURS)
    if not is_time_for(row.when, report, now):
        raise WrongState(_WRONG_TIME[row.when])
    if version is not None and report.version != version:
        raise StaleVersion(_("This report changed after you opened it. Look at it again, then decide."), current=report)
    return row


_WRONG_TIME = {
    When.FILING: gettext_lazy("The period is closed. Ask the campaign office to reopen the report."),
    When.UNTIL_PUBLISHED: gettext_lazy("The period is published: its reports are decided for good."),
    When.AFTER_CLOSING: gettext_lazy("The period is still open. Send the report back instead."),
}


def move(
    report: Report,
    row: Step,
    *,
    actor: User,
    now: datetime,
    reason: str = "",
    on_behalf_of: User | None = None,
    resubmit_by: datetime | None = None,
    touched: Iterable[Touched] = (),
) -> Report:
    """Takes the step: new status, version + 1, one event, one change."""
    before = fields_of(report, ("status", "version", "reopened_until"))
    came_from = report.status
    report.status = target(row, asks_signature=report.period.campaign.asks_signature).value
    report.version += 1
    if report.status != came_from:
        report.status_since = now
    report.save(update_fields=["status", "status_since", "version", "reopened_until", "updated_at"])
    after = fields_of(report, ("status", "version", "reopened_until"))
    change = record(
        actor=actor,
        verb=f"{row.verb.value}_report",
        reason=reason,
        on_behalf_of=on_behalf_of,
        touched=[Touched(report, before, after), *touched],
    )
    event = ReportEvent.objects.create(
        report=report,
        verb=row.verb.value,
        from_status=came_from,
        to_status=report.status,
        actor=actor,
        on_behalf_of=on_behalf_of,
        at=now,
        reason=reason,
        resubmit_by=resubmit_by,
        report_version=report.version,
        change=change,
    )
    if report.status == ReportStatus.RETURNED:
        tell_returned(event=event)
    return report


def required(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Give the reason: the unit sees exactly these words."), field="reason")
    return reason
