"""The way of a report to its approval: submit, recall, sign, send back, approve; many at once where asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from campaigns.domain.workflow import Verb
from campaigns.models import Period, Report
from campaigns.operations.reports.moving import NOT_YOURS, checked_step, locked_report, move, required
from campaigns.queries.calendars import working_calendar
from campaigns.queries.clock import local_day
from campaigns.queries.findings import blocking_findings
from campaigns.refusals import Incomplete, Invalid, Refusal
from units.models import User
from units.permissions import capacities


@transaction.atomic
def submit_report(
    *, report_id: int, actor: User, now: datetime, version: int | None = None, on_behalf_of: User | None = None
) -> Report:
    """Files a draft or returned report: for signature, or straight away where the campaign asks for none.

    The office files on behalf of one of the unit's reporters; both are recorded. Raises `Incomplete` where a required
    figure is missing without a comment or a figure has too many decimals.
    """
    report = locked_report(report_id)
    _check_on_behalf(report, actor, on_behalf_of, now)
    row = checked_step(report, Verb.SUBMIT, actor, now, version)
    problems = blocking_findings(report)
    if problems:
        raise Incomplete(_("Some figures are still missing. Enter them, or say why there is none."), problems=problems)
    return move(report, row, actor=actor, now=now, on_behalf_of=on_behalf_of)


@transaction.atomic
def recall_report(*, report_id: int, actor: User, now: datetime, version: int | None = None) -> Report:
    """Takes a filed, undecided report back to draft."""
    report = locked_report(report_id)
    return move(report, checked_step(report, Verb.RECALL, actor, now, version), actor=actor, now=now)


@transaction.atomic
def sign_report(*, report_id: int, actor: User, now: datetime, version: int | None = None) -> Report:
    """Signs a report for the unit, which files it with the lead department."""
    report = locked_report(report_id)
    return move(report, checked_step(report, Verb.SIGN, actor, now, version), actor=actor, now=now)


@transaction.atomic
def send_back_report(*, report_id: int, actor: User, now: datetime, reason: str, version: int | None = None) -> Report:
    """Sends a report back to the unit with a reason, which the unit sees word for word.

    The unit has the campaign's working days for a resubmission, to the end of the last of them, also where the period
    is closed or closes before.
    """
    report = locked_report(report_id)
    row = checked_step(report, Verb.SEND_BACK, actor, now, version)
    reason = required(reason)
    until = _end_of_resubmission(report, now)
    if report.period.state != Period.State.OPEN or until > report.period.closes_at:
        report.reopened_until = max(until, report.reopened_until or until)
    return move(report, row, actor=actor, now=now, reason=reason)


@transaction.atomic
def approve_report(*, report_id: int, actor: User, now: datetime, version: int | None = None) -> Report:
    """Accepts a report: from now on its figures count. That ends its reopening, if it was reopened."""
    report = locked_report(report_id)
    row = checked_step(report, Verb.APPROVE, actor, now, version)
    report.reopened_until = None
    return move(report, row, actor=actor, now=now)


def _check_on_behalf(report: Report, actor: User, on_behalf_of: User | None, now: datetime) -> None:
    """The office names the reporter it files for; a reporter files in the own name."""
    day = local_day(now)
    person = capacities(actor, day)
    if on_behalf_of is None:
        if person.is_office and report.unit_id not in person.reporter_of:
            raise Invalid(_("Choose the reporter on whose behalf you file."), field="on_behalf_of")
        return
    if not person.is_office:
        raise PermissionDenied(NOT_YOURS)
    if report.unit_id not in capacities(on_behalf_of, day).reporter_of:
        raise Invalid(_("This person does not report for the unit."), field="on_behalf_of")


def _end_of_resubmission(report: Report, now: datetime) -> datetime:
    """The end of the last working day that the campaign gives for a report that came back."""
    days = report.period.campaign.resubmission_working_days
    last_day = working_calendar().add(local_day(now), days)
    return datetime.combine(last_day, time.max, get_current_timezone())


# --- many at once ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one report of many: `refusal` is empty where the step was taken."""

    report_id: int
    refusal: str


def sign_reports(*, reports: Iterable[tuple[int, int]], actor: User, now: datetime) -> list[Outcome]:
    """Signs many reports, given as (id, version); one that is refused does not hold up the others."""
    return _each(sign_report, reports, actor=actor, now=now)


def approve_reports(*, reports: Iterable[tuple[int, int]], actor: User, now: datetime) -> list[Outcome]:
    """Approves many reports, given as (id, version); one that is refused does not hold up the others."""
    return _each(approve_report, reports, actor=actor, now=now)


def _each(
    take_step: Callable[..., Report], reports: Iterable[tuple[int, int]], *, actor: User, now: datetime
) -> list[Outcome]:
    outcomes = []
    for report_id, version in reports:
        try:
            take_step(report_id=report_id, version=version, actor=actor, now=now)
        except (Refusal, PermissionDenied) as refusal:
            outcomes.append(Outcome(report_id, str(refusal)))
        else:
            outcomes.append(Outcome(report_id, ""))
    return outcomes
