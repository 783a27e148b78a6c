"""A page of a hundred reports with their figures, out of all that there are, against statements by hand."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.utils import timezone

from jiaxing.benchmarks import Benchmark, Stage, must_answer, rows_of

PAGE = 100

REPORTS = """
    SELECT r.id, u.code, c.slug || '/' || a.number, c.slug || '/' || p.month, r.status, r.status_since, p.due_at,
           p.closes_at, r.reopened_until, r.progress, r.problems, r.next_steps, s.name, r.created_at, r.source,
           r.version, r.updated_at
      FROM campaigns_report r
      JOIN units_unit u ON u.id = r.unit_id
      JOIN campaigns_action a ON a.id = r.action_id
      JOIN campaigns_period p ON p.id = r.period_id
      JOIN campaigns_campaign c ON c.id = p.campaign_id
      LEFT JOIN units_user s ON s.id = r.saved_by_id
     WHERE c.slug = %s AND r.status = %s
     ORDER BY r.id LIMIT %s
"""
FIGURES = """
    SELECT m.report_id, m.id, i.code, m.value, m.value_status, m.growth, m.note, m.corrected_at, m.version, m.source,
           m.updated_at
      FROM campaigns_measurement m JOIN campaigns_indicator i ON i.id = m.indicator_id
     WHERE m.report_id IN ({})
     ORDER BY i."order", i.code
"""
EVENTS = "SELECT report_id, at FROM campaigns_reportevent WHERE to_status = 'submitted' AND report_id IN ({})"
REPORT_FIELDS = (
    "id", "unit", "action", "period", "status", "status_since", "due_at", "closes_at", "reopened_until", "progress",
    "problems", "next_steps", "saved_by", "created_at", "source", "version", "updated_at",
)  # fmt: skip
FIGURE_FIELDS = (
    "id", "indicator", "value", "value_status", "growth", "note", "corrected_at", "version", "source", "updated_at",
)  # fmt: skip


def benchmark(stage: Stage) -> Benchmark:
    slug = stage.campaign.slug
    address = f"/api/v1/reports/?campaign={slug}&status=approved&page_size={PAGE}"
    return Benchmark(
        f"API: {PAGE} of {stage.scale.reports:,} reports with {stage.scale.indicators} figures each / SQL and JSON",
        floor=lambda: by_hand(slug),
        subject=lambda: must_answer(stage.system.get(address)),
    )


def by_hand(slug: str) -> str:
    """The same answer, from three statements."""
    reports = [dict(zip(REPORT_FIELDS, row, strict=True)) for row in rows_of(REPORTS, (slug, "approved", PAGE))]
    ids = [one["id"] for one in reports]
    places = ", ".join(["%s"] * len(ids))
    figures = defaultdict(list)
    for report_id, *figure in rows_of(FIGURES.format(places), ids):
        figures[report_id].append(dict(zip(FIGURE_FIELDS, figure, strict=True)))
    filed: dict[int, Any] = {}
    for report_id, at in rows_of(EVENTS.format(places), ids):
        filed[report_id] = min(at, filed.get(report_id, at))
    for one in reports:
        at = filed.get(one["id"])
        one |= {
            "measurements": figures[one["id"]],
            "resubmit_by": None,
            "first_filed_at": at,
            "is_filed": at is not None,
            "is_on_time": at is not None and at <= one["due_at"],
            "is_overdue": False,
        }
    return json.dumps({"next": None, "previous": None, "results": reports}, default=_told)


def _told(value: Any) -> str:
    if not isinstance(value, datetime):
        return format(value, "f")
    return (timezone.localtime(value) if timezone.is_aware(value) else value).isoformat()
