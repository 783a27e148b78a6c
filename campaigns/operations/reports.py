"""Every step in the life of a monthly report: fill, submit, recall, sign, send back, approve, reopen, correct.

Each locks the row, looks at its state again, moves it by the table in `domain.workflow`, raises its version, and
leaves one event and one change in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.checks import check_measurement
from campaigns.domain.workflow import EDITABLE, ReportStatus, Step, Verb, When, is_open_to_tokens, step, target
from campaigns.models import Action, Assignment, Indicator, Measurement, MeasurementVersion, Period, Report, ReportEvent
from campaigns.models.reports import ValueStatus
from campaigns.operations.reminders import tell_returned
from campaigns.permissions import acting_as, can_fill, is_time_for, may_ever
from campaigns.queries.calendars import working_calendar
from campaigns.queries.clock import local_day
from campaigns.queries.findings import blocking_findings, limits_of, told_of_error
from campaigns.refusals import Incomplete, Invalid, Refusal, StaleVersion, WrongState
from units.models import Source, Unit, User
from units.operations.changes import Touched, fields_of, record
from units.permissions import capacities

NARRATIVE = ("progress", "problems", "next_steps")
FIGURE_FIELDS = ("value", "value_status", "growth", "note")

NOT_YOURS = gettext_lazy("This step is not yours to take.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What a unit enters for one indicator: the figure in the indicator's unit of measure, growth in percent."""

    value: Decimal | None
    value_status: str = ValueStatus.PRELIMINARY
    growth: Decimal | None = None
    note: str = ""


# --- filling --------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_report(
    *,
    report_id: int,
    actor: User,
    version: int,
    figures: Mapping[int, Figure],
    narrative: Mapping[str, str],
    now: datetime,
) -> Report:
    """Writes figures (by indicator id) and narrative into a draft or returned report.

    Only what differs is written; where nothing does, the version stays. Raises `StaleVersion` where somebody saved
    meanwhile, `WrongState` where the report can no longer be filled, `PermissionDenied` for other people.
    """
    report = locked_report(report_id)
    person = capacities(actor, local_day(now))
    if not can_fill(person, report):
        raise PermissionDenied(NOT_YOURS)
    must_be_fillable(report, now)
    _must_be_current(report, version)
    touched = [*_write_figures(report, figures), *_write_narrative(report, narrative)]
    if touched:
        report.saved_by = actor
        report.version += 1
        report.source = Source.ENTERED
        report.save(update_fields=[*NARRATIVE, "saved_by", "version", "source", "updated_at"])
        record(actor=actor, verb="save_report", touched=touched)
    return report


def must_be_fillable(report: Report, now: datetime) -> None:
    if report.status not in EDITABLE:
        raise WrongState(
            _("This report is “%(status)s” and can no longer be changed. Recall it first.")
            % {"status": report.get_status_display()}
        )
    if not report.takes_figures(now):
        raise WrongState(_("The period is closed. Ask the campaign office to reopen the report."))


def _must_be_current(report: Report, version: int | None) -> None:
    if version is not None and report.version != version:
        name = report.saved_by.display_name if report.saved_by else ""
        raise StaleVersion(
            _("%(name)s changed this report while you had it open. Nothing of yours is lost: compare and save again.")
            % {"name": name or _("Somebody")},
            current=report,
        )


def _write_figures(report: Report, figures: Mapping[int, Figure]) -> list[Touched]:
    known = set(report.action.indicators.values_list("id", flat=True))
    if not known.issuperset(figures):
        raise Invalid(_("This report has no such indicator."))
    existing = {one.indicator_id: one for one in report.measurements.select_related("indicator")}
    touched = []
    for indicator_id, figure in figures.items():
        measurement = existing.get(indicator_id) or Measurement(report=report, indicator_id=indicator_id)
        before = fields_of(measurement, FIGURE_FIELDS) if measurement.pk else None
        after = {name: getattr(figure, name) for name in FIGURE_FIELDS}
        if before == after or (before is None and figure.value is None and not figure.note and figure.growth is None):
            continue
        for name, value in after.items():
            setattr(measurement, name, value)
        measurement.version += 1 if measurement.pk else 0
        measurement.source = Source.ENTERED
        measurement.save()
        touched.append(Touched(measurement, before, after))
    return touched


def _write_narrative(report: Report, narrative: Mapping[str, str]) -> list[Touched]:
    before = {name: getattr(report, name) for name in NARRATIVE if name in narrative}
    changed = {name: narrative[name] for name, old in before.items() if narrative[name] != old}
    if not changed:
        return []
    for name, value in changed.items():
        setattr(report, name, value)
    return [Touched(report, {name: before[name] for name in changed}, changed)]


# --- the steps ------------------------------------------------------------------------------------------------------


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
    row = _check(report, Verb.SUBMIT, actor, now, version)
    problems = blocking_findings(report)
    if problems:
        raise Incomplete(_("Some figures are still missing. Enter them, or say why there is none."), problems=problems)
    return _move(report, row, actor=actor, now=now, on_behalf_of=on_behalf_of)


@transaction.atomic
def recall_report(*, report_id: int, actor: User, now: datetime, version: int | None = None) -> Report:
    """Takes a filed, undecided report back to draft."""
    report = locked_report(report_id)
    return _move(report, _check(report, Verb.RECALL, actor, now, version), actor=actor, now=now)


@transaction.atomic
def sign_report(*, report_id: int, actor: User, now: datetime, version: int | None = None) -> Report:
    """Signs a report for the unit, which files it with the lead department."""
    report = locked_report(report_id)
    return _move(report, _check(report, Verb.SIGN, actor, now, version), actor=actor, now=now)


@transaction.atomic
def send_back_report(*, report_id: int, actor: User, now: datetime, reason: str, version: int | None = None) -> Report:
    """Sends a report back to the unit with a reason, which the unit sees word for word.

    The unit has the campaign's working days for a resubmission, to the end of the last of them, also where the period
    is closed or closes before.
    """
    report = locked_report(report_id)
    row = _check(report, Verb.SEND_BACK, actor, now, version)
    reason = _required(reason)
    until = _end_of_resubmission(report, now)
    if report.period.state != Period.State.OPEN or until > report.period.closes_at:
        report.reopened_until = max(until, report.reopened_until or until)
    return _move(report, row, actor=actor, now=now, reason=reason)


@transaction.atomic
def approve_report(*, report_id: int, actor: User, now: datetime, version: int | None = None) -> Report:
    """Accepts a report: from now on its figures count. That ends its reopening, if it was reopened."""
    report = locked_report(report_id)
    row = _check(report, Verb.APPROVE, actor, now, version)
    report.reopened_until = None
    return _move(report, row, actor=actor, now=now)


@transaction.atomic
def reopen_report(
    *,
    unit: Unit,
    action: Action,
    period: Period,
    actor: User,
    now: datetime,
    reason: str,
    until: datetime,
    version: int | None = None,
) -> Report:
    """After closing, gives one unit a new deadline for one action; the report is made where there was none.

    From then on until it is approved the lead may decide on it, also where the period is published.
    """
    report, is_new = Report.objects.get_or_create(
        unit=unit, action=action, period=period, defaults={"status_since": now}
    )
    report = locked_report(report.pk)
    row = _check(report, Verb.REOPEN, actor, now, version)
    if is_new and not Assignment.objects.filter(unit=unit, action=action, action__campaign=period.campaign_id).exists():
        raise Invalid(_("This unit does not report on this action."))
    reason = _required(reason)
    if until <= now:
        raise Invalid(_("The new deadline lies in the past. Choose a later one."), field="until")
    report.reopened_until = until
    return _move(report, row, actor=actor, now=now, reason=reason, resubmit_by=until)


@transaction.atomic
def correct_measurement(
    *, measurement_id: int, actor: User, now: datetime, figure: Figure, reason: str, version: int | None = None
) -> Measurement:
    """Replaces one figure of an approved report after closing; the old version is kept and the figure marked.

    What would block a report blocks a correction: too many decimals, a required figure missing without a note.
    """
    report_id = Measurement.objects.values_list("report_id", flat=True).get(pk=measurement_id)
    report = locked_report(report_id)
    row = _check(report, Verb.CORRECT, actor, now, None)
    measurement = Measurement.objects.select_related("indicator").get(pk=measurement_id)
    if version is not None and measurement.version != version:
        raise StaleVersion(_("This figure was corrected meanwhile. Look at the new one first."), current=measurement)
    before = fields_of(measurement, FIGURE_FIELDS)
    after = {name: getattr(figure, name) for name in FIGURE_FIELDS}
    if before == after:
        raise Invalid(_("The figure is the same as before."), field="value")
    _must_fit(measurement.indicator, figure)
    reason = _required(reason)
    MeasurementVersion.objects.create(
        measurement=measurement,
        number=measurement.version,
        replaced_at=now,
        replaced_by=actor,
        reason=reason,
        **before,
    )
    for name, value in after.items():
        setattr(measurement, name, value)
    measurement.version += 1
    measurement.source = Source.ENTERED
    measurement.corrected_at = now
    measurement.save()
    _move(report, row, actor=actor, now=now, reason=reason, touched=[Touched(measurement, before, after)])
    return measurement


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


# --- what they share ------------------------------------------------------------------------------------------------


def locked_report(report_id: int) -> Report:
    """The report and its period, locked until the end of the transaction, so that neither moves meanwhile."""
    return (
        Report.objects.select_for_update(of=("self", "period"))
        .select_related("unit", "action", "period__campaign")
        .get(pk=report_id)
    )


def _check(report: Report, verb: Verb, actor: User, now: datetime, version: int | None) -> Step:
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


def _move(
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


def _must_fit(indicator: Indicator, figure: Figure) -> None:
    """Raises where the figure alone would block a report."""
    for finding in check_measurement(value=figure.value, note=figure.note, limits=limits_of(indicator)):
        if finding.level == "error":
            raise Invalid(told_of_error(finding), field="value")


def _required(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Give the reason: the unit sees exactly these words."), field="reason")
    return reason


def _end_of_resubmission(report: Report, now: datetime) -> datetime:
    """The end of the last working day that the campaign gives for a report that came back."""
    days = report.period.campaign.resubmission_working_days
    last_day = working_calendar().add(local_day(now), days)
    return datetime.combine(last_day, time.max, get_current_timezone())
