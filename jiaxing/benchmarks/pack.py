"""A month's pack for 15 units × 10 actions, content and three documents with charts, against its content alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from campaigns.documents.pack_docx import draw_docx
from campaigns.documents.pack_pdf import draw_pdf
from campaigns.documents.pack_xlsx import draw_xlsx
from campaigns.queries.pack_content import pack_content
from jiaxing.benchmarks import Benchmark, Stage, undone
from jiaxing.loading.scale import STANDS_AT
from units.models import Unit

UNITS = 15
LANGUAGE = "zh-hans"


def benchmark(stage: Stage) -> Benchmark:
    return Benchmark(
        f"Pack of {UNITS} units in three documents with charts / its content",
        floor=lambda: content_of(stage),
        subject=lambda: documents_of(content_of(stage)),
    )


def documents_of(content: Mapping[str, Any]) -> list[bytes]:
    return [draw(content, LANGUAGE) for draw in (draw_docx, draw_xlsx, draw_pdf)]


def content_of(stage: Stage) -> dict[str, Any]:
    """The content of the last published month in a city of so many units: the others of the stage take no part."""
    periods = list(stage.campaign.periods.select_related("campaign__office").order_by("month"))
    last = [one for one in periods if one.is_published][-1]
    with undone():
        Unit.objects.filter(kind__in=Unit.LOCALITIES, order__gt=UNITS).update(is_active=False)
        return pack_content(last, periods=periods, now=STANDS_AT).content
