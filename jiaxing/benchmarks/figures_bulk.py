"""Thousands of figures in one request, checked and recorded, against the bare upsert of the same rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice, product
from typing import Any

from django.db import connection
from django.utils import timezone

from campaigns.api.measurement_bulk import MOST_ROWS
from campaigns.models import Indicator, Report
from campaigns.queries.measurement_upsert import portions
from jiaxing.benchmarks import Benchmark, Stage, must_answer, undone
from jiaxing.loading.scale import LAST_MONTH

VALUE = "123.45"
PLACES = "(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
COLUMNS = "report_id, indicator_id, value, value_status, growth, note, version, source, updated_at"
UPSERT = f"""
    INSERT INTO campaigns_measurement ({COLUMNS}) VALUES {{}}
    ON CONFLICT (report_id, indicator_id) DO UPDATE SET value = excluded.value, value_status = excluded.value_status,
        growth = excluded.growth, note = excluded.note, version = excluded.version, source = excluded.source,
        updated_at = excluded.updated_at
"""  # noqa: S608  (made of constants)


def benchmark(stage: Stage) -> Benchmark:
    named, ids = rows_for(stage)
    return Benchmark(
        f"API: bulk of {len(named):,} new figures / INSERT … ON CONFLICT",
        floor=partial(taken_back, partial(upsert, ids)),
        subject=partial(taken_back, partial(send, stage, json.dumps({"mode": "atomic", "rows": named}))),
    )


def rows_for(stage: Stage) -> tuple[list[dict[str, str]], list[tuple[Any, ...]]]:
    """As many rows as one request takes, or as there are: once by name for the API, once by id."""
    period = stage.campaign.periods.get(month=LAST_MONTH.key)
    reports = Report.objects.filter(period=period).select_related("unit").order_by("pk")
    indicators = list(Indicator.objects.filter(action__campaign=stage.campaign).order_by("pk"))
    pairs = ((report, one) for report, one in product(reports, indicators) if one.action_id == report.action_id)
    chosen = list(islice(pairs, MOST_ROWS))
    now = timezone.now()
    return (
        [
            {"unit": report.unit.code, "indicator": one.code, "period": period.key, "value": VALUE}
            for report, one in chosen
        ],
        [(report.pk, one.pk, VALUE, "preliminary", None, "", 1, "entered", now) for report, one in chosen],
    )


def upsert(rows: Sequence[tuple[Any, ...]]) -> None:
    """A statement for each thousand rows."""
    with connection.cursor() as cursor:
        for part in portions(rows):
            places = ", ".join([PLACES] * len(part))
            cursor.execute(UPSERT.format(places), [value for row in part for value in row])


def send(stage: Stage, body: str) -> None:
    must_answer(stage.system.post("/api/v1/measurements/bulk/", body, content_type="application/json"))


def taken_back(run: Callable[[], None]) -> None:
    with undone():
        run()
