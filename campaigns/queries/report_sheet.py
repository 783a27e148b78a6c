"""One unit's reports of a period on one page: each figure with last month's, plan, target and the light it would get.

Seven queries, whatever the number of actions and indicators.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.db.models import Prefetch

from campaigns.domain.checks import Finding, needs_note
from campaigns.domain.light import Light, LightRule, computed_light, raw_light
from campaigns.domain.pace import TargetLine, attainment, planned, planned_value
from campaigns.domain.workflow import EDITABLE, ReportStatus, Verb
from campaigns.models import Attachment, Indicator, Measurement, Period, Report, ReportEvent
from campaigns.permissions import can_fill_now, may_now
from campaigns.queries.findings import History, findings_on, history_before, only_owed
from campaigns.queries.progress import indicators_of, light_rule, target_lines
from units.models import Unit
from units.permissions import Capacities


@dataclass(frozen=True, slots=True)
class Preview:
    """How a figure would stand if it were approved; shares are exact, 1 = the whole way to the target."""

    attainment: Fraction | None
    light: Light
    change: Decimal | None
    findings: Sequence[Finding]
    needs_note: bool

    @property
    def blocks(self) -> bool:
        return any(finding.level == "error" for finding in self.findings)

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == "warning"]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure that the unit owes; `line` is none where the unit has no target for it."""

    report: Report
    indicator: Indicator
    measurement: Measurement | None
    last: Decimal | None
    line: TargetLine | None
    planned: Fraction | None
    planned_figure: Fraction | None
    sheet: Sheet

    @property
    def value(self) -> Decimal | None:
        return self.measurement.value if self.measurement else None

    @property
    def note(self) -> str:
        return self.measurement.note if self.measurement else ""

    def preview(self, value: Decimal | None, note: str) -> Preview:
        """The light and the findings that this figure would get."""
        found = findings_on(
            self.indicator, unit_id=self.report.unit_id, value=value, note=note, history=self.sheet.history
        )
        reached = None if value is None or self.line is None else attainment(self.line, value)
        return Preview(
            attainment=reached,
            light=computed_light(raw_light(reached, self.planned, self.sheet.rule), self._last_raw()),
            change=None if value is None or self.last is None else value - self.last,
            findings=found,
            needs_note=needs_note(found, note),
        )

    def _last_raw(self) -> Light | None:
        previous = self.sheet.previous
        if previous is None or self.line is None:
            return None
        reached = None if self.last is None else attainment(self.line, self.last)
        return raw_light(reached, planned(self.line, previous.ends_on), self.sheet.rule)


@dataclass(slots=True)
class Section:
    """One report with its rows and what may be done with it now."""

    report: Report
    rows: list[Row]
    can_fill: bool
    can_recall: bool
    can_sign: bool
    attachments: Sequence[Attachment]
    returned: ReportEvent | None

    @property
    def is_editable(self) -> bool:
        return self.report.status in EDITABLE


@dataclass(slots=True)
class Sheet:
    """All reports of a unit for a period."""

    unit: Unit
    period: Period
    previous: Period | None
    history: History
    rule: LightRule
    sections: list[Section]

    @property
    def rows(self) -> list[Row]:
        return [row for section in self.sections for row in section.rows]

    @property
    def has_sample(self) -> bool:
        return any(row.indicator.source == "sample" for row in self.rows)


def report_sheet(
    *, unit: Unit, period: Period, periods: Sequence[Period], person: Capacities, now: datetime, only: int | None = None
) -> Sheet:
    """The unit's sheet for the period; `only` limits it to one report, for saving while somebody types."""
    reports = list(_reports(unit, period, only))
    history = history_before(period, [unit.pk], periods)
    sheet = Sheet(
        unit=unit,
        period=period,
        previous=history.periods[-1] if history.periods else None,
        history=history,
        rule=light_rule(period.campaign),
        sections=[],
    )
    indicators = indicators_of(period.campaign)
    lines = target_lines(period.campaign, indicators, unit__in=[unit.pk])
    for report in reports:
        report.period, report.unit = period, unit
        owed = only_owed(indicators.get(report.action_id, []), unit.pk, lines)
        sheet.sections.append(_section(sheet, report, owed, lines, person, now))
    return sheet


def _reports(unit: Unit, period: Period, only: int | None):  # type: ignore[no-untyped-def]
    reports = Report.objects.filter(unit=unit, period=period).select_related("action__lead", "saved_by")
    if only is not None:
        reports = reports.filter(pk=only)
    return reports.order_by("action__number").prefetch_related(
        "measurements",
        Prefetch("attachments", Attachment.objects.order_by("pk")),
        Prefetch(
            "events",
            ReportEvent.objects.filter(to_status=ReportStatus.RETURNED).select_related("actor").order_by("-pk"),
            to_attr="returns",
        ),
    )


def _section(
    sheet: Sheet,
    report: Report,
    indicators: Sequence[Indicator],
    lines: dict[tuple[int, int | None], TargetLine],
    person: Capacities,
    now: datetime,
) -> Section:
    measured = {one.indicator_id: one for one in report.measurements.all()}
    rows = []
    for indicator in indicators:
        line = lines.get((indicator.pk, sheet.unit.pk))
        rows.append(
            Row(
                report=report,
                indicator=indicator,
                measurement=measured.get(indicator.pk),
                last=sheet.history.last(sheet.unit.pk, indicator.pk),
                line=line,
                planned=None if line is None else planned(line, sheet.period.ends_on),
                planned_figure=None if line is None else planned_value(line, sheet.period.ends_on),
                sheet=sheet,
            )
        )
    return Section(
        report=report,
        rows=rows,
        can_fill=can_fill_now(person, report, now),
        can_recall=may_now(person, Verb.RECALL, report, now),
        can_sign=may_now(person, Verb.SIGN, report, now),
        attachments=list(report.attachments.all()),
        returned=_last_return(report),
    )


def _last_return(report: Report) -> ReportEvent | None:
    """Why the report lies with its unit again; nothing once it is on its way."""
    returns: list[ReportEvent] = report.returns  # type: ignore[attr-defined]
    return returns[0] if returns and report.status == ReportStatus.RETURNED else None
