"""Writes tables as Excel workbooks and as CSV. What people typed stays text: no cell that they wrote becomes a formula.

Numbers stay numbers with the places that their column or cell names; dates stay dates.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import xlsxwriter
from django.utils import translation
from django.utils.timezone import is_aware, localtime
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\ufeff"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With one of these at its front a text becomes a formula in some spreadsheet."""
ROWS_AT_ONCE = 200
SAFE_DIGITS = 15
"""A number in Excel keeps no more; longer ones are written as text, so that no digit is lost."""
IN_MEMORY = 4 * 1024 * 1024
WIDEST_NAME = 31
FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, how wide the column is in characters, and the places of its numbers (none: as many as each has)."""

    heading: Any
    width: int = 14
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with the tone of its light (green, yellow, red, grey), or with places of its own."""

    value: Any
    tone: str = ""
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows are read once, while they are written."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    notes: Sequence[str] = field(default=())


# --- Excel ------------------------------------------------------------------------------------------------------------

TONES = {"green": "#DDF0E8", "yellow": "#FBEBC8", "red": "#F8D8CC", "grey": "#ECECEA"}


def open_workbook(file: IO[bytes], *, constant_memory: bool = False) -> xlsxwriter.Workbook:
    """A workbook in which no text becomes a formula, a link or a number."""
    options = {
        "constant_memory": constant_memory,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    return xlsxwriter.Workbook(file, options)


class Formats:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def get(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format({"valign": "top", "font_size": 10, **properties})
        return self._made[key]

    def bare(self, **properties: Any) -> Format:
        """Only these properties, as a condition lays them over the format of a cell."""
        return self._workbook.add_format(properties)

    def heading(self) -> Format:
        return self.get(bold=True, text_wrap=True, bg_color="#EFEDE6", bottom=1, valign="vcenter")


def number_format(places: int) -> str:
    return "#,##0" + (f".{'0' * places}" if places else "")


def places_of(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def write_cell(
    sheet: Worksheet, formats: Formats, row: int, column: int, value: Any, *, places: int | None = None, **more: Any
) -> None:
    """Writes one value as what it is."""
    if isinstance(value, Cell):
        places = value.places if value.places is not None else places
        if value.tone in TONES:
            more["bg_color"] = TONES[value.tone]
        value = value.value
    if value is None or value == "":
        sheet.write_blank(row, column, None, formats.get(**more))
    elif isinstance(value, bool):
        sheet.write_string(row, column, "1" if value else "0", formats.get(**more))
    elif isinstance(value, int | Decimal):
        _write_number(sheet, formats, row, column, Decimal(value), places, more)
    elif isinstance(value, datetime):
        at = localtime(value) if is_aware(value) else value
        sheet.write_datetime(row, column, at.replace(tzinfo=None), formats.get(num_format="yyyy-mm-dd hh:mm", **more))
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats.get(num_format="yyyy-mm-dd", **more))
    else:
        sheet.write_string(row, column, str(value), formats.get(**more))


def _write_number(
    sheet: Worksheet, formats: Formats, row: int, column: int, value: Decimal, places: int | None, more: dict[str, Any]
) -> None:
    if len(value.normalize().as_tuple().digits) > SAFE_DIGITS:
        sheet.write_string(row, column, format(value, "f"), formats.get(align="right", **more))
        return
    shown = number_format(places_of(value) if places is None else places)
    sheet.write_number(row, column, float(value), formats.get(num_format=shown, **more))


def write_workbook(sheets: Iterable[Sheet], *, progress: Progress | None = None) -> IO[bytes]:
    """The sheets as one workbook, open at its beginning. Rows are taken one by one and not kept."""
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (the caller reads and closes it)
    with open_workbook(file, constant_memory=True) as workbook:
        formats = Formats(workbook)
        written = 0
        for one in sheets:
            written = _write_sheet(workbook, formats, one, progress, written)
    file.seek(0)
    return file


def sheet_name(name: str) -> str:
    return name.translate(FORBIDDEN_IN_NAMES).strip()[:WIDEST_NAME] or "-"


def _write_sheet(
    workbook: xlsxwriter.Workbook, formats: Formats, one: Sheet, progress: Progress | None, written: int
) -> int:
    sheet = workbook.add_worksheet(sheet_name(one.name))
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, column in enumerate(one.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, str(column.heading), formats.heading())
    number = 0
    for number, row in enumerate(one.rows, start=1):
        for place, (column, value) in enumerate(zip(one.columns, row, strict=True)):
            write_cell(sheet, formats, number, place, value, places=column.places)
        written += 1
        if progress is not None and written % ROWS_AT_ONCE == 0:
            progress(written)
    for distance, note in enumerate(one.notes, start=2):
        sheet.write_string(number + distance, 0, str(note), formats.get(font_color="#666C74"))
    return written


# --- CSV --------------------------------------------------------------------------------------------------------------


def csv_text(value: Any, places: int | None = None) -> str:
    """A cell as CSV has it: numbers plain, and an apostrophe before a text that a spreadsheet would take for a
    formula."""
    if isinstance(value, Cell):
        places = value.places if value.places is not None else places
        value = value.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return format(value, "f") if places is None else f"{value:.{places}f}"
    if isinstance(value, datetime):
        return (localtime(value) if is_aware(value) else value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, int | date):
        return str(value)
    text = str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """The sheet as CSV with the mark by which Excel knows UTF-8, some hundred rows at a time, in constant memory.

    The language is the one that holds now, also where the lines are made after the request has been answered.
    """
    return _csv_blocks(sheet, BYTE_ORDER_MARK + _line([column.heading for column in sheet.columns], ()),
                       translation.get_language() or "en")  # fmt: skip


def _csv_blocks(sheet: Sheet, first: str, language: str) -> Iterator[str]:
    yield first
    places = [column.places for column in sheet.columns]
    rows = iter(sheet.rows)
    while True:
        with translation.override(language):
            block = [_line(row, places) for row in islice(rows, ROWS_AT_ONCE)]
        if not block:
            return
        yield "".join(block)


def _line(row: Sequence[Any], places: Sequence[int | None]) -> str:
    out = io.StringIO()
    shown = [csv_text(value, places[place] if places else None) for place, value in enumerate(row)]
    csv.writer(out).writerow(shown)
    return out.getvalue()
