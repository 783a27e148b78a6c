"""After closing, by the office: a report is opened again, or one of its figures replaced, each with its reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.domain.checks import check_measurement
from campaigns.domain.workflow import Verb
from campaigns.models import Action, Assignment, Indicator, Measurement, MeasurementVersion, Period, Report
from campaigns.operations.reports.filling import FIGURE_FIELDS, Figure
from campaigns.operations.reports.moving import checked_step, locked_report, move, required
from campaigns.queries.findings import limits_of, told_of_error
from campaigns.refusals import Invalid, StaleVersion
from units.models import Source, Unit, User
from units.operations.changes import Touched, fields_of


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
    row = checked_step(report, Verb.REOPEN, actor, now, version)
    if is_new and not Assignment.objects.filter(unit=unit, action=action, action__campaign=period.campaign_id).exists():
        raise Invalid(_("This unit does not report on this action."))
    reason = required(reason)
    if until <= now:
        raise Invalid(_("The new deadline lies in the past. Choose a later one."), field="until")
    report.reopened_until = until
    return move(report, row, actor=actor, now=now, reason=reason, resubmit_by=until)


@transaction.atomic
def correct_measurement(
    *, measurement_id: int, actor: User, now: datetime, figure: Figure, reason: str, version: int | None = None
) -> Measurement:
    """Replaces one figure of an approved report after closing; the old version is kept and the figure marked.

    What would block a report blocks a correction: too many decimals, a required figure missing without a note.
    """
    report_id = Measurement.objects.values_list("report_id", flat=True).get(pk=measurement_id)
    report = locked_report(report_id)
    row = checked_step(report, Verb.CORRECT, actor, now, None)
    measurement = Measurement.objects.select_related("indicator").get(pk=measurement_id)
    if version is not None and measurement.version != version:
        raise StaleVersion(_("This figure was corrected meanwhile. Look at the new one first."), current=measurement)
    before = fields_of(measurement, FIGURE_FIELDS)
    after = {name: getattr(figure, name) for name in FIGURE_FIELDS}
    if before == after:
        raise Invalid(_("The figure is the same as before."), field="value")
    _must_fit(measurement.indicator, figure)
    reason = required(reason)
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
    move(report, row, actor=actor, now=now, reason=reason, touched=[Touched(measurement, before, after)])
    return measurement


def _must_fit(indicator: Indicator, figure: Figure) -> None:
    """Raises where the figure alone would block a report."""
    for finding in check_measurement(value=figure.value, note=figure.note, limits=limits_of(indicator)):
        if finding.level == "error":
            raise Invalid(told_of_error(finding), field="value")
