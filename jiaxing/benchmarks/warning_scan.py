"""The nightly scan for early warnings over thousands of projects with their updates, against one full scan of the same
rows."""

from __future__ import annotations

from campaigns.operations.warning_scan import scan_warnings
from jiaxing.benchmarks import Benchmark, Stage, rows_of
from jiaxing.benchmarks.projects import UPDATES, campaign_with_projects
from jiaxing.loading.scale import STANDS_AT

FULL_SCAN = """
    SELECT p.id, p.campaign_id, p.planned_start_on, p.started_on, p.statistical_entry_on, p.plan_this_year, u.period_id,
           u.invested_to_date, u.problem, u.problem_since, u.updated_at, n.planned_to_date
      FROM campaigns_project p
      JOIN campaigns_projectupdate u ON u.project_id = p.id
      JOIN campaigns_period m ON m.id = u.period_id
      JOIN campaigns_projectplan n ON n.project_id = p.id AND n.month = m.month
     WHERE p.campaign_id = %s
"""


def benchmark(stage: Stage) -> Benchmark:
    """The stage's projects have been scanned once, so that what is measured is a usual night."""
    campaign, number = campaign_with_projects(stage)
    return Benchmark(
        f"Scan for early warnings of {number:,} projects × {UPDATES} updates / one full scan",
        floor=lambda: rows_of(FULL_SCAN, (campaign.pk,)),
        subject=lambda: scan_warnings(now=STANDS_AT, tells=False),
    )
