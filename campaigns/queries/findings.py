"""What the checks find in reports while they are filled, filed and reviewed; a fixed number of queries for any number.

Earlier figures are those that were filed (submitted or approved) in earlier periods of the same campaign.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.domain.checks import Finding, IndicatorLimits, check_measurement
from campaigns.domain.months import Span
from campaigns.domain.pace import Accumulation
from campaigns.domain.workflow import FILED
from campaigns.models import Indicator, Measurement, Period, Report, Target


@dataclass(frozen=True, slots=True)
class History:
    """The figures of earlier periods, oldest first, None where nothing was filed, by (unit id, indicator id)."""

    periods: Sequence[Period]
    figures: dict[tuple[int, int], list[Decimal | None]]

    def of(self, unit_id: int, indicator_id: int) -> list[Decimal | None]:
        return self.figures.get((unit_id, indicator_id), [None] * len(self.periods))

    def last(self, unit_id: int, indicator_id: int) -> Decimal | None:
        """The figure of the period just before."""
        figures = self.of(unit_id, indicator_id)
        return figures[-1] if figures else None

    @property
    def full_months(self) -> list[bool]:
        return [Span(one.calendar_month, one.starts_on, one.ends_on).is_full_month for one in self.periods]


def history_before(period: Period, unit_ids: Iterable[int], periods: Sequence[Period] | None = None) -> History:
    """What these units filed before this period. One query where the campaign's `periods` are given, else two."""
    if periods is None:
        periods = list(Period.objects.filter(campaign_id=period.campaign_id).order_by("month"))
    periods = [one for one in periods if one.month < period.month]
    place = {one.pk: index for index, one in enumerate(periods)}
    figures: dict[tuple[int, int], list[Decimal | None]] = {}
    rows = Measurement.objects.filter(
        report__period__in=periods, report__unit__in=set(unit_ids), report__status__in=FILED
    ).values_list("report__unit_id", "indicator_id", "report__period_id", "value")
    for unit_id, indicator_id, period_id, value in rows:
        figures.setdefault((unit_id, indicator_id), [None] * len(periods))[place[period_id]] = value
    return History(periods, figures)


def limits_of(indicator: Indicator) -> IndicatorLimits:
    return IndicatorLimits(
        decimals=indicator.decimals,
        accumulation=Accumulation(indicator.accumulation),
        minimum=indicator.minimum,
        maximum=indicator.maximum,
        is_required=indicator.is_required,
    )


def findings_on(
    indicator: Indicator, *, unit_id: int, value: Decimal | None, note: str, history: History
) -> list[Finding]:
    """What the checks find in one figure."""
    return check_measurement(
        value=value,
        note=note,
        limits=limits_of(indicator),
        earlier=history.of(unit_id, indicator.pk),
        earlier_full_months=history.full_months,
    )


@dataclass(frozen=True, slots=True)
class FoundIn:
    """One finding with the indicator it concerns and the note that answers it, if any."""

    indicator: Indicator
    finding: Finding
    note: str

    @property
    def message(self) -> str:
        """What is wrong and what to do, where the finding keeps the report from being filed."""
        return told_of_error(self.finding)


def told_of_error(finding: Finding) -> str:
    """An error in words."""
    if finding.code != "too_many_decimals":
        return _("Enter the figure, or say why there is none.")
    decimals = finding.params["decimals"]
    told = ngettext("This figure takes %(decimals)d decimal.", "This figure takes %(decimals)d decimals.", decimals)
    return told % {"decimals": decimals}


def too_precise(indicator: Indicator, value: Decimal) -> str:
    """What to say of a figure with more decimals than its indicator has; nothing where it has not."""
    found = check_measurement(value=value, note="", limits=limits_of(indicator))
    return next((told_of_error(one) for one in found if one.code == "too_many_decimals"), "")


Owed = tuple[Indicator, Measurement | None]
"""A figure that a report owes: what it is, and what was entered, if anything."""


def findings_in(reports: Sequence[Report], periods: Sequence[Period] | None = None) -> dict[int, list[FoundIn]]:
    """By report id, what the checks find in reports of one period; a figure that is owed but missing is found too.

    Four queries where the campaign's `periods` are given, else five.
    """
    if not reports:
        return {}
    history, owed = owed_figures(reports, periods)
    return {
        report.pk: [found for figure in owed[report.pk] for found in _found(report, figure, history)]
        for report in reports
    }


def owed_figures(
    reports: Sequence[Report], periods: Sequence[Period] | None = None
) -> tuple[History, dict[int, list[Owed]]]:
    """What reports of one period are judged by: the figures before it, and by report id what each owes."""
    history = history_before(reports[0].period, {report.unit_id for report in reports}, periods)
    measured = {(one.report_id, one.indicator_id): one for one in Measurement.objects.filter(report__in=reports)}
    owed = {
        report_id: [(indicator, measured.get((report_id, indicator.pk))) for indicator in indicators]
        for report_id, indicators in owed_indicators(reports).items()
    }
    return history, owed


def owed_indicators(reports: Sequence[Report]) -> dict[int, list[Indicator]]:
    """By report id, the action's indicators with a target for the unit; all where it has none. Two queries."""
    indicators: dict[int, list[Indicator]] = {}
    for indicator in Indicator.objects.filter(action__in={report.action_id for report in reports}):
        indicators.setdefault(indicator.action_id, []).append(indicator)
    with_target = set(
        Target.objects.filter(
            indicator__action__in=indicators, unit__in={report.unit_id for report in reports}
        ).values_list("indicator_id", "unit_id")
    )
    return {
        report.pk: only_owed(indicators.get(report.action_id, []), report.unit_id, with_target) for report in reports
    }


def only_owed(
    indicators: Sequence[Indicator], unit_id: int, with_target: Collection[tuple[int, int | None]]
) -> list[Indicator]:
    """Of an action's indicators, those that this unit reports."""
    return [one for one in indicators if (one.pk, unit_id) in with_target] or list(indicators)


def _found(report: Report, figure: Owed, history: History) -> Iterator[FoundIn]:
    indicator, measurement = figure
    value, note = (measurement.value, measurement.note) if measurement else (None, "")
    for finding in findings_on(indicator, unit_id=report.unit_id, value=value, note=note, history=history):
        yield FoundIn(indicator, finding, note)


def blocking_findings(report: Report) -> list[FoundIn]:
    """What keeps this report from being filed."""
    return [found for found in findings_in([report])[report.pk] if found.finding.level == "error"]
