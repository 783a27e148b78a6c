"""Draws one official paper, a slip or a list, as a tagged PDF (PDF/UA-1, checked while it is written) and as Word.

The same paper gives the same bytes as PDF. What it says is data: no text of a person becomes part of a source.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import typst
from django.utils.timezone import localtime
from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from campaigns.documents.drawing import document_fonts
from campaigns.documents.pack_words import UNPRINTABLE
from campaigns.documents.word_parts import HEAD_TINT, rule_below, set_language, set_style, shade
from campaigns.documents.word_styles import CENTRE, FLAG, add_styles

TEMPLATE = Path(__file__).parent / "templates" / "paper.typ"
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
UPRIGHT, ACROSS = 166, 267
"""Millimetres between the margins of a page, upright and across."""
SIDE = 22
END = WD_ALIGN_PARAGRAPH.RIGHT
LABEL = 36
ISSUER_SIZE, TITLE_SIZE, TEXT_SIZE = 22, 19, 12
CELL_STYLES = ("Normal", "Pack head", "Pack cell")
Styles = Mapping[str, str]
"""The ids of the styles of cells, by name."""
SIGNATURE = 14
"""Characters of the line to sign on."""


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A text on a tint, which is six hexadecimal digits or empty."""

    text: str
    tint: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` are shares of the page; `empty` is said where there are no rows."""

    title: str
    head: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[Cell]]
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What the paper says, in one language (`zh` or `en`). `as_of` is the instant that it tells of.

    `paragraphs` stand before facts and table, `closing` after everything: who issued it and when.
    """

    language: str
    issuer: str
    title: str
    as_of: datetime
    date: str
    number: str = ""
    subtitle: str = ""
    note: str = ""
    paragraphs: Sequence[str] = field(default=())
    facts: Sequence[Fact] = field(default=())
    table: Table | None = None
    tables: Sequence[Table] = field(default=())
    signatures: Sequence[str] = field(default=())
    closing: Sequence[str] = field(default=())
    is_wide: bool = False


def draw(paper: Paper, kind: str) -> bytes:
    """The paper as `pdf` or as `docx`."""
    return draw_pdf(paper) if kind == "pdf" else draw_docx(paper)


def draw_pdf(paper: Paper) -> bytes:
    """Raises ``typst.TypstError`` where the document would not keep to the standard."""
    day = localtime(paper.as_of)
    told = _printable({**asdict(paper), "as_of": ""})
    return typst.compile(
        TEMPLATE,
        format="pdf",
        pdf_standards=["ua-1"],
        font_paths=document_fonts(),
        timestamp=int(paper.as_of.timestamp()),
        sys_inputs={
            "paper": json.dumps(told, ensure_ascii=False),
            "year": str(day.year),
            "month": str(day.month),
            "day": str(day.day),
        },
    )


def _printable(told: Any) -> Any:
    """Without the characters that no document may hold."""
    if isinstance(told, str):
        return UNPRINTABLE.sub("", told)
    if isinstance(told, dict):
        return {name: _printable(one) for name, one in told.items()}
    if isinstance(told, list | tuple):
        return [_printable(one) for one in told]
    return told


# --- Word -------------------------------------------------------------------------------------------------------------


def draw_docx(paper: Paper) -> bytes:
    """Word and WPS, in the fonts of Chinese offices."""
    document = Document()
    add_styles(document)
    set_language(document)
    _set_page(document, paper)
    _write_head(document, paper)
    for told in paper.paragraphs:
        _write_paragraph(document, told, paper.language)
    styles = {name: document.styles[name].style_id for name in CELL_STYLES}
    if paper.facts:
        _write_facts(document, paper.facts, styles)
    for table in ([paper.table] if paper.table else []) + list(paper.tables):
        _write_table(document, table, ACROSS if paper.is_wide else UPRIGHT, styles)
    if paper.signatures:
        _write_signatures(document, paper)
    for place, told in enumerate(paper.closing):
        closing = document.add_paragraph(_printable(told))
        closing.alignment = END
        closing.paragraph_format.space_before = Pt(0 if place else 24)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _set_page(document: Word, paper: Paper) -> None:
    section = document.sections[0]
    long, short = Mm(297), Mm(210)
    section.orientation = WD_ORIENT.LANDSCAPE if paper.is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if paper.is_wide else (short, long)
    section.left_margin = section.right_margin = Mm(15 if paper.is_wide else SIDE)
    section.top_margin = section.bottom_margin = Mm(SIDE)
    document.core_properties.title = paper.title
    document.core_properties.author = paper.issuer


def _write_head(document: Word, paper: Paper) -> None:
    issuer = document.add_paragraph(paper.issuer, "Pack issuer")
    _spaced(issuer, before=0, after=6, size=ISSUER_SIZE)
    number = document.add_paragraph(f"{paper.number}    {paper.date}".strip(), "Pack number")
    rule_below(number, FLAG, eighths=12)
    _spaced(document.add_paragraph(paper.title, "Title"), before=14, after=6, size=TITLE_SIZE)
    for line in (paper.subtitle, paper.note):
        if line:
            document.add_paragraph(line, "Pack meta").alignment = CENTRE


def _spaced(paragraph: Paragraph, *, before: float, after: float, size: float) -> None:
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    for run in paragraph.runs:
        run.font.size = Pt(size)


def _write_paragraph(document: Word, told: str, language: str) -> None:
    """Chinese papers begin each paragraph two characters in."""
    paragraph = document.add_paragraph(_printable(told), "Pack sentence")
    if language == "zh":
        paragraph.paragraph_format.first_line_indent = Pt(2 * TEXT_SIZE)


def _write_signatures(document: Word, paper: Paper) -> None:
    colon = "：" if paper.language == "zh" else ": "
    document.add_paragraph()
    document.add_paragraph("    ".join(f"{one}{colon}{'_' * SIGNATURE}" for one in paper.signatures))


def _write_facts(document: Word, facts: Sequence[Fact], styles: Styles) -> None:
    table = document.add_table(0, 2, "Pack table")
    table.autofit = False
    for fact in facts:
        label, text = table.add_row().cells
        _fill(label, fact.label, styles["Pack head"], HEAD_TINT)
        _fill(text, fact.text, styles["Normal"])
    _set_widths(table, [LABEL, UPRIGHT - LABEL])


def _write_table(document: Word, given: Table, width: int, styles: Styles) -> None:
    if given.title:
        document.add_paragraph(given.title, "Heading 2")
    if not given.rows:
        document.add_paragraph(given.empty)
        return
    table = document.add_table(0, len(given.head), "Pack table")
    table.autofit = False
    for cell, text in zip(table.add_row().cells, given.head, strict=True):
        _fill(cell, text, styles["Pack head"], HEAD_TINT)
    for row in given.rows:
        for cell, told in zip(table.add_row().cells, row, strict=True):
            _fill(cell, told.text, styles["Pack cell"], told.tint)
    whole = sum(given.widths)
    _set_widths(table, [width * one / whole for one in given.widths])


def _fill(cell: _Cell, text: str, style_id: str, tint: str = "") -> None:
    paragraph = cell.paragraphs[0]
    paragraph.text = _printable(text)
    set_style(paragraph, style_id)
    if tint:
        shade(cell, tint)


def _set_widths(table: WordTable, widths: Sequence[float]) -> None:
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
