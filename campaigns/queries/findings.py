"""What the checks find in reports while they are filled, filed and reviewed; a fixed number of queries for any number.

Earlier figures are those that were filed (submitted or approved) in earlier periods of the same campaign.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from campaigns.domain.checks import Finding, IndicatorLimits, check_measurement
from campaigns.domain.months import Span
from campaigns.domain.pace import Accumulation
from campaigns.domain.workflow import FILED
from campaigns.models import Indicator, Measurement, Period, Report


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


def history_before(period: Period, unit_ids: Iterable[int]) -> History:
    """What these units filed in the campaign's periods before this one. Two queries."""
    periods = list(Period.objects.filter(campaign_id=period.campaign_id, month__lt=period.month).order_by("month"))
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


def findings_in(reports: Sequence[Report]) -> dict[int, list[FoundIn]]:
    """By report id, what the checks find in reports of one period; indicators without a figure are looked at too.

    Four queries: earlier periods, their figures, the indicators, these reports' figures.
    """
    if not reports:
        return {}
    history = history_before(reports[0].period, {report.unit_id for report in reports})
    indicators: dict[int, list[Indicator]] = {}
    for indicator in Indicator.objects.filter(action__in={report.action_id for report in reports}):
        indicators.setdefault(indicator.action_id, []).append(indicator)
    measured = {(one.report_id, one.indicator_id): one for one in Measurement.objects.filter(report__in=reports)}
    return {
        report.pk: [
            FoundIn(indicator, finding, measurement.note if measurement else "")
            for indicator in indicators.get(report.action_id, ())
            for measurement in [measured.get((report.pk, indicator.pk))]
            for finding in findings_on(
                indicator,
                unit_id=report.unit_id,
                value=measurement.value if measurement else None,
                note=measurement.note if measurement else "",
                history=history,
            )
        ]
        for report in reports
    }


def blocking_findings(report: Report) -> list[FoundIn]:
    """What keeps this report from being filed."""
    return [found for found in findings_in([report])[report.pk] if found.finding.level == "error"]
