"""The dashboard and the standings of the last published month, against one reading of the rows behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from campaigns.models import Period
from campaigns.queries.dashboard import dashboard
from campaigns.queries.outlook import outlook
from campaigns.queries.standings import choose_group, compared_periods, ranking_groups, standings
from jiaxing.benchmarks import Benchmark, Stage, rows_of
from jiaxing.loading.scale import STANDS_AT

FIGURES = """
    SELECT r.period_id, r.unit_id, m.indicator_id, m.value, m.value_status, m.growth, m.note, m.corrected_at, m.source
      FROM campaigns_measurement m
      JOIN campaigns_report r ON r.id = m.report_id
      JOIN campaigns_period p ON p.id = r.period_id
     WHERE p.campaign_id = %s AND p.month BETWEEN %s AND %s AND r.status = 'approved'
"""
TARGETS = """
    SELECT t.indicator_id, t.unit_id, t.baseline, t.baseline_on, t.target, t.target_on, j."on", j.value
      FROM campaigns_target t
      JOIN campaigns_indicator i ON i.id = t.indicator_id
      JOIN campaigns_action a ON a.id = i.action_id
      LEFT JOIN campaigns_trajectorypoint j ON j.target_id = t.id
     WHERE a.campaign_id = %s
"""
ASSIGNMENTS = """
    SELECT s.unit_id, s.action_id, s.starts_on, s.ends_on
      FROM campaigns_assignment s JOIN campaigns_action a ON a.id = s.action_id
     WHERE a.campaign_id = %s
"""
SUMS = """
    SELECT r.period_id, m.indicator_id, SUM(m.value), COUNT(m.value)
      FROM campaigns_measurement m
      JOIN campaigns_report r ON r.id = m.report_id
      JOIN campaigns_period p ON p.id = r.period_id
     WHERE p.campaign_id = %s AND p.month < %s AND r.status = 'approved'
     GROUP BY r.period_id, m.indicator_id
"""


def dashboard_benchmark(stage: Stage) -> Benchmark:
    period, periods = last_published(stage)
    group = choose_group(ranking_groups(), None)
    return Benchmark(
        "Query of the dashboard / SQL",
        floor=lambda: [*statements(period, periods), *rows_of(SUMS, (stage.campaign.pk, first_of(period, periods)))],
        subject=lambda: dashboard(period, periods=periods, group=group, person=stage.office_person, now=STANDS_AT),
    )


def first_month_benchmark(stage: Stage) -> Benchmark:
    """The same of the second month, which has no more behind it: what months cost is the difference."""
    _last, periods = last_published(stage)
    period, group = periods[min(1, len(periods) - 1)], choose_group(ranking_groups(), None)
    return Benchmark(
        "Query of the dashboard in the second month / SQL",
        floor=lambda: statements(period, periods),
        subject=lambda: dashboard(period, periods=periods, group=group, person=stage.office_person, now=STANDS_AT),
    )


def standings_benchmark(stage: Stage) -> Benchmark:
    period, periods = last_published(stage)
    group = choose_group(ranking_groups(), None)
    return Benchmark(
        "Query of the standings / SQL",
        floor=lambda: statements(period, periods),
        subject=lambda: standings(period, periods=periods, group=group, person=stage.office_person),
    )


def outlook_benchmark(stage: Stage) -> Benchmark:
    period, periods = last_published(stage)
    return Benchmark(
        "Query of everyone's progress with forecasts / SQL",
        floor=lambda: statements(period, periods, since=periods[0].month),
        subject=lambda: outlook(period, periods=periods, person=stage.office_person),
    )


BENCHMARKS: Sequence[Callable[[Stage], Benchmark]] = (
    dashboard_benchmark,
    first_month_benchmark,
    standings_benchmark,
    outlook_benchmark,
)


def last_published(stage: Stage) -> tuple[Period, list[Period]]:
    periods = list(stage.campaign.periods.select_related("campaign").order_by("month"))
    return [one for one in periods if one.is_published][-1], periods


def first_of(period: Period, periods: Sequence[Period]) -> str:
    """The first month of those that are compared."""
    return min(one.month for one in compared_periods(period, periods))


def statements(period: Period, periods: Sequence[Period], *, since: str | None = None) -> list[Any]:
    """Figures since a month (those that are compared), targets and assignments."""
    campaign = period.campaign_id
    since = since or first_of(period, periods)
    return [
        rows_of(FIGURES, (campaign, since, period.month)),
        rows_of(TARGETS, (campaign,)),
        rows_of(ASSIGNMENTS, (campaign,)),
    ]
