"""The list of projects and their map in the browser, against statements by hand for the same figures and JSON."""

from __future__ import annotations

import json
from typing import Any

from jiaxing.benchmarks import Benchmark, Stage, must_answer, rows_of
from jiaxing.benchmarks.projects import UPDATES, campaign_with_projects

PAGE = 50
SHOWN = """
    WITH newest AS (
        SELECT project_id, month, invested_to_date, image_percent
          FROM (SELECT u.project_id, m.month, u.invested_to_date, u.image_percent,
                       ROW_NUMBER() OVER (PARTITION BY u.project_id ORDER BY m.month DESC) AS place
                  FROM campaigns_projectupdate u JOIN campaigns_period m ON m.id = u.period_id
                 WHERE m.campaign_id = %s AND u.invested_to_date IS NOT NULL) told
         WHERE place = 1),
    warned AS (
        SELECT w.project_id, MIN(w.level) AS level
          FROM campaigns_earlywarning w JOIN campaigns_project p ON p.id = w.project_id
         WHERE p.campaign_id = %s AND w.state <> 'cleared'
         GROUP BY w.project_id)
"""
TOTALS = f"""{SHOWN}
    SELECT COUNT(*), SUM(p.total_investment), SUM(p.plan_this_year), SUM(n.invested_to_date),
           COUNT(CASE WHEN w.level = 'red' THEN 1 END), COUNT(CASE WHEN w.level = 'yellow' THEN 1 END)
      FROM campaigns_project p
      LEFT JOIN newest n ON n.project_id = p.id
      LEFT JOIN warned w ON w.project_id = p.id
     WHERE p.campaign_id = %s
"""  # noqa: S608  (no value in it)
ROWS = f"""{SHOWN}
    SELECT p.code, p.name_en, p.name_zh, u.name_en, u.name_zh, l.name_en, l.name_zh, p.stage, p.latitude, p.longitude,
           p.total_investment, p.plan_this_year, n.month, n.invested_to_date, n.image_percent, a.planned_to_date,
           w.level, p.source
      FROM campaigns_project p
      JOIN units_unit u ON u.id = p.unit_id
      JOIN units_unit l ON l.id = p.lead_id
      LEFT JOIN newest n ON n.project_id = p.id
      LEFT JOIN campaigns_projectplan a ON a.project_id = p.id AND a.month = n.month
      LEFT JOIN warned w ON w.project_id = p.id
     WHERE p.campaign_id = %s
     ORDER BY u."order", p.code LIMIT %s
"""  # noqa: S608  (no value in it)


def list_benchmark(stage: Stage) -> Benchmark:
    return _benchmark(stage, "Page", "", PAGE)


def map_benchmark(stage: Stage) -> Benchmark:
    return _benchmark(stage, "Map", "&view=map", None)


def _benchmark(stage: Stage, what: str, query: str, rows: int | None) -> Benchmark:
    campaign, number = campaign_with_projects(stage)
    shown = min(rows or number, number)
    return Benchmark(
        f"{what} of {shown:,} of {number:,} projects × {UPDATES} updates with their totals / SQL and JSON",
        floor=lambda: by_hand(campaign.pk, shown),
        subject=lambda: must_answer(stage.office.get(f"/projects/?campaign={campaign.slug}{query}")),
    )


def by_hand(campaign_id: int, rows: int) -> str:
    """Totals of all projects and so many rows, from two statements."""
    of_campaign = (campaign_id, campaign_id, campaign_id)
    return json.dumps([totals(campaign_id), rows_of(ROWS, (*of_campaign, rows))], default=str)


def totals(campaign_id: int) -> tuple[Any, ...]:
    return rows_of(TOTALS, (campaign_id, campaign_id, campaign_id))[0]
