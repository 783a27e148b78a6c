"""Draws a pack as a workbook: all its tables, charts that Excel itself draws, every figure with its report and people.

The same content gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils.translation import override
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from campaigns.documents.pack_charts_native import add_standings_chart, add_way_charts
from campaigns.documents.pack_heads import heads
from campaigns.documents.pack_pages import cover, digest, summary
from campaigns.documents.pack_rules import rules
from campaigns.documents.pack_sheets import Link, PackSheet, pack_sheets, summary_rows
from campaigns.documents.pack_words import printable
from units.documents.sheets import Cell, Formats, open_workbook, sheet_name, write_cell

A4, A3 = 9, 8
WIDE_TABLE = 220
"""Characters across, from which on a table is printed on A3."""
WIDE_TEXT = 30
"""Columns from this many characters on break their lines."""


def draw_xlsx(content: Mapping[str, Any], language: str) -> bytes:
    file = BytesIO()
    clean = printable(content)
    with override(language), open_workbook(file) as workbook:
        shown = cover(clean)
        _sign(workbook, shown, datetime.fromisoformat(clean["as_of"]))
        formats, tables = Formats(workbook), pack_sheets(clean)
        front = _summary(workbook, formats, shown, clean)
        written = {key: _table(workbook, formats, one, shown) for key, one in tables.items()}
        _rules(workbook, formats, clean, shown)
        add_standings_chart(workbook, written["standings"], tables["standings"], clean)
        add_way_charts(workbook, written["ways"], tables["ways"], clean, front=front)
    return file.getvalue()


def _sign(workbook: Workbook, shown: Mapping[str, str], as_of: datetime) -> None:
    workbook.set_properties({
        "title": shown["title"],
        "subject": shown["campaign"],
        "author": shown["issuer"],
        "created": as_of.replace(tzinfo=None),
    })  # fmt: skip


def _sheet(workbook: Workbook, name: str, shown: Mapping[str, str]) -> Worksheet:
    """A sheet that prints as A4 across, as wide as one page, with its name and page number."""
    sheet = workbook.add_worksheet(sheet_name(name))
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    head = f"{shown['title']}  {shown['mark']}".replace("&", "&&")[:200]
    sheet.set_header(f"&L{head}&R&A")
    sheet.set_footer("&C— &P / &N —")
    return sheet


# --- tables -----------------------------------------------------------------------------------------------------------


def _table(workbook: Workbook, formats: Formats, one: PackSheet, shown: Mapping[str, str]) -> Worksheet:
    sheet = _sheet(workbook, one.name, shown)
    if sum(column.width for column in one.columns) > WIDE_TABLE:
        sheet.set_paper(A3)
    sheet.freeze_panes(1, one.frozen)
    sheet.repeat_rows(0)
    for place, column in enumerate(one.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, str(column.heading), formats.heading())
    for number, row in enumerate(one.rows, start=1):
        for place, (column, value) in enumerate(zip(one.columns, row, strict=True)):
            _write(sheet, formats, number, place, value, column.width, column.places)
    sheet.autofilter(0, 0, max(1, len(one.rows)), len(one.columns) - 1)
    return sheet


def _write(
    sheet: Worksheet, formats: Formats, row: int, place: int, value: Any, width: int, places: int | None
) -> None:
    if isinstance(value, Link):
        sheet.write_url(row, place, value.address, formats.get(font_color="#1D4F7C", underline=1), value.text)
        return
    inner = value.value if isinstance(value, Cell) else value
    more: dict[str, Any] = {"text_wrap": True} if isinstance(inner, str) and width >= WIDE_TEXT else {}
    if places is not None and isinstance(inner, str):
        more["align"] = "right"
    write_cell(sheet, formats, row, place, value, places=places, **more)


# --- pages of text ----------------------------------------------------------------------------------------------------


def _summary(
    workbook: Workbook, formats: Formats, shown: Mapping[str, str], content: Mapping[str, Any]
) -> tuple[Worksheet, int]:
    """The first sheet, and its first row that is free."""
    told, said = heads(), summary(content)
    sheet = _sheet(workbook, told["summary"], shown)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 8, 14)
    title = formats.get(bold=True, font_size=16, font_color="#B0141E")
    sheet.write_string(0, 0, shown["title"], title)
    lines = ("campaign", "period_days", "day", "as_of", "number", "mark", "sample_note")
    row = _lines(sheet, formats, 1, [shown[key] for key in lines if shown[key]])
    row = _lines(sheet, formats, row, said["sentences"])
    for label, value in summary_rows(content):
        sheet.write_string(row, 0, label, formats.heading())
        write_cell(sheet, formats, row, 1, value, align="right")
        row += 1
    if said["remarks"]:
        sheet.write_string(row + 1, 0, told["remarks"], formats.get(bold=True))
        row = _lines(sheet, formats, row + 2, said["remarks"].splitlines())
    return sheet, row + 1


def _rules(workbook: Workbook, formats: Formats, content: Mapping[str, Any], shown: Mapping[str, str]) -> None:
    told = heads()
    sheet = _sheet(workbook, told["rules"], shown)
    sheet.set_column(0, 0, 120)
    sheet.write_string(0, 0, told["rules"], formats.heading())
    sheet.freeze_panes(1, 0)
    row = _lines(sheet, formats, 1, rules(content))
    sheet.write_string(row, 0, told["digest"], formats.get(bold=True))
    _lines(sheet, formats, row + 1, [told["digest_note"], digest(content)])


def _lines(sheet: Worksheet, formats: Formats, row: int, lines: list[str]) -> int:
    """Writes one line below the other; the row after the gap that follows them."""
    for line in lines:
        sheet.write_string(row, 0, line, formats.get(text_wrap=False))
        row += 1
    return row + 1
