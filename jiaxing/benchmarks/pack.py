"""The three documents of a month's pack for 15 units × 10 actions, against reading once what stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from campaigns.documents.pack_docx import draw_docx
from campaigns.documents.pack_pdf import draw_pdf
from campaigns.documents.pack_xlsx import draw_xlsx
from campaigns.queries.pack_content import pack_content
from jiaxing.benchmarks import Benchmark, Stage
from jiaxing.loading.scale import STANDS_AT

UNITS = 15
LANGUAGE = "zh-hans"


def benchmark(stage: Stage) -> Benchmark:
    return Benchmark(
        f"Pack of {UNITS} units in three documents / its content",
        floor=lambda: content_of(stage),
        subject=lambda: documents_of(content_of(stage)),
    )


def documents_of(content: Mapping[str, Any]) -> list[bytes]:
    return [draw(content, LANGUAGE) for draw in (draw_docx, draw_xlsx, draw_pdf)]


def content_of(stage: Stage) -> dict[str, Any]:
    """The content of the last month, cut to so many units."""
    periods = list(stage.campaign.periods.select_related("campaign__office").order_by("month"))
    content = pack_content(periods[-1], periods=periods, now=STANDS_AT).content
    for action in content["actions"]:
        del action["units"][UNITS:]
    for rows in (content["standings"], content["completeness"]["units"], content["completeness"]["unfiled"]):
        del rows[UNITS:]
    return content
