"""What a unit enters into its report while it can be filled: figures and narrative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.domain.workflow import EDITABLE, ReportStatus
from campaigns.models import Measurement, Report
from campaigns.models.reports import ValueStatus
from campaigns.operations.reports.moving import NOT_YOURS, locked_report
from campaigns.permissions import can_fill
from campaigns.queries.clock import local_day
from campaigns.refusals import Invalid, StaleVersion, WrongState
from units.models import Source, User
from units.operations.changes import Touched, fields_of, record
from units.permissions import capacities

NARRATIVE = ("progress", "problems", "next_steps")
FIGURE_FIELDS = ("value", "value_status", "growth", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What a unit enters for one indicator: the figure in the indicator's unit of measure, growth in percent."""

    value: Decimal | None
    value_status: str = ValueStatus.PRELIMINARY
    growth: Decimal | None = None
    note: str = ""


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
        raise WrongState(_filed(report) % {"status": report.get_status_display()})
    if not report.takes_figures(now):
        raise WrongState(_("The period is closed. Ask the campaign office to reopen the report."))


def _filed(report: Report) -> str:
    """What to do depends on how far it went: an approved report is not the unit's to take back."""
    if report.status == ReportStatus.APPROVED:
        return _(
            "This report is “%(status)s” and can no longer be changed. Ask the lead department to send it back; once"
            " the period is published, the campaign office reopens it or corrects the figure."
        )
    return _("This report is “%(status)s” and can no longer be changed. Recall it first.")


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
