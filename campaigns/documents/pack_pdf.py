"""Draws a pack as a tagged PDF that keeps to PDF/UA-1: typst checks it while it writes.

All that the pack says reaches typst as data, so that no text can become part of the source. The same content gives the
same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import override

from campaigns.documents.drawing import document_fonts
from campaigns.documents.pack_pages import pages

TEMPLATE = Path(__file__).parent / "templates" / "pack.typ"


def draw_pdf(content: Mapping[str, Any], language: str) -> bytes:
    """Raises ``typst.TypstError`` where the document would not keep to the standard."""
    with override(language):
        shown = pages(content)
    as_of = datetime.fromisoformat(content["as_of"])
    return typst.compile(
        TEMPLATE,
        format="pdf",
        pdf_standards=["ua-1"],
        font_paths=document_fonts(),
        timestamp=int(as_of.timestamp()),
        sys_inputs={
            "pack": json.dumps(shown, ensure_ascii=False),
            "year": str(as_of.year),
            "month": str(as_of.month),
            "day": str(as_of.day),
        },
    )
