"""One unit's year as a workbook, against the same statements by hand and the bare writing of their rows."""

from __future__ import annotations

import io
from typing import Any

from django.urls import reverse
from xlsxwriter import Workbook

from campaigns.queries.unit_year import unit_year
from jiaxing.benchmarks import Benchmark, Stage, must_answer, rows_of
from jiaxing.loading.scale import LAST_MONTH

FIGURES = """
    SELECT c.name_en, a.number, a.name_en, i.code, i.name_en, i.measure_en, p.month, m.value, m.value_status, m.growth,
           m.note
      FROM campaigns_report r
      JOIN units_unit u ON u.id = r.unit_id
      JOIN campaigns_action a ON a.id = r.action_id
      JOIN campaigns_period p ON p.id = r.period_id
      JOIN campaigns_campaign c ON c.id = p.campaign_id
      JOIN campaigns_measurement m ON m.report_id = r.id
      JOIN campaigns_indicator i ON i.id = m.indicator_id
     WHERE u.code = %s AND r.status = 'approved' AND p.month LIKE %s
     ORDER BY a.number, i."order", p.month
"""
TARGETS = """
    SELECT i.code, t.baseline, t.target
      FROM campaigns_target t JOIN campaigns_indicator i ON i.id = t.indicator_id JOIN units_unit u ON u.id = t.unit_id
     WHERE u.code = %s
"""
UNIT = "scale-0001"


def query_benchmark(stage: Stage) -> Benchmark:
    return Benchmark(
        "Query of one unit's year / SQL",
        floor=statements,
        subject=lambda: unit_year(UNIT, LAST_MONTH.year, stage.office_person),
    )


def export_benchmark(stage: Stage) -> Benchmark:
    address = reverse("export_unit", kwargs={"code": UNIT, "kind": "xlsx"}) + f"?year={LAST_MONTH.year}"
    return Benchmark(
        "One unit's year as xlsx / SQL and bare xlsx",
        floor=by_hand,
        subject=lambda: must_answer(stage.office.get(address)),
    )


def statements() -> tuple[list[Any], list[Any]]:
    return rows_of(FIGURES, (UNIT, f"{LAST_MONTH.year}-%")), rows_of(TARGETS, (UNIT,))


def by_hand() -> bytes:
    """Two sheets, as the export has them."""
    figures, limits = statements()
    targets = {code: both for code, *both in limits}
    wide: dict[str, list[Any]] = {}
    for line in figures:
        code, month, value = line[3], line[6], line[7]
        row = wide.setdefault(code, [*line[:6], *targets.get(code, (None, None)), *([None] * 12)])
        row[7 + int(month[-2:])] = value
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as book:
        for rows in (wide.values(), figures):
            sheet = book.add_worksheet()
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return target.getvalue()
