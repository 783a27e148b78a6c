"""Reads tables that somebody uploads or pastes, CSV or Excel, into plain text cells.

Nothing in the file is trusted: sizes are looked at before anything is unpacked, and each refusal says what to do. A
cell with an error of its formula comes as that error (`cell_errors`), never as an empty one.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from units.documents.workbook_parts import Errors, look_inside
from units.refusals import Invalid

MAX_BYTES = 1024 * 1024
MAX_ROWS = 1000
MAX_CELL = 300
MAX_SHEETS_BYTES = 5 * 1024 * 1024
MAX_SHEETS_ROWS = 10_000
MAX_LONG_CELL = 4000

ZIP_MAGIC = b"PK\x03\x04"
OLD_EXCEL_MAGIC = b"\xd0\xcf\x11\xe0"
DELIMITERS = ",;\t，"
# How our own CSV keeps a text from becoming a formula; reading takes the apostrophe off again.
KEPT_FROM_FORMULA = re.compile(r"'(?=[=+\-@\t\r\n＝＋－＠])")

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, as a spreadsheet counts them: from 1."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sheet: its number as a spreadsheet shows it, and its cells as text."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: its name (none for CSV), its rows that are not empty, and its merged areas."""

    name: str
    rows: Sequence[Row]
    merged: Sequence[Area] = ()


def read_table(file: BinaryIO, *, size: int) -> list[Row]:
    """The rows that are not empty, headings first. Raises `Invalid` where it is no table of a sensible size."""
    if size > MAX_BYTES:
        raise Invalid(
            _("The file is larger than 1 MB. Split it, or leave out pictures and other sheets."), field="file"
        )
    content = file.read(MAX_BYTES + 1)
    if content.startswith(OLD_EXCEL_MAGIC):
        raise Invalid(
            _("This is the old Excel format. Save the file as .xlsx or .csv and choose it again."), field="file"
        )
    cells = _excel(content) if content.startswith(ZIP_MAGIC) else _csv(content)
    rows = [Row(number, line) for number, line in enumerate(map(_texts, cells), start=1) if any(line)]
    if len(rows) < 2:
        raise Invalid(_("There are no rows below the headings. Fill the template and choose it again."), field="file")
    if len(rows) > MAX_ROWS + 1:
        raise Invalid(
            _("There are more than %(rows)d rows. Split the file.") % {"rows": MAX_ROWS},
            field="file",
        )
    return rows


def read_sheets(file: BinaryIO, *, size: int) -> list[Grid]:
    """Every sheet of the workbook, or the one table of a CSV file, with line breaks inside cells kept.

    Raises `Invalid` where the file is none, has macros, or is too large; an empty sheet has no rows.
    """
    if size > MAX_SHEETS_BYTES:
        raise Invalid(
            _("The file is larger than 5 MB. Split it, or leave out pictures and other sheets."), field="file"
        )
    content = file.read(MAX_SHEETS_BYTES + 1)
    if content.startswith(OLD_EXCEL_MAGIC):
        raise Invalid(
            _("This is the old Excel format, or a file with a password. Save it as .xlsx without one, or as .csv."),
            field="file",
        )
    if content.startswith(ZIP_MAGIC):
        return _excel_sheets(content)
    return [_grid("", (map(_without_apostrophe, line) for line in _csv(content)))]


def read_pasted(text: str) -> Grid:
    """A block of cells as a spreadsheet copies it, one line for each row; a list of single cells is a block too."""
    lines = text.replace("\r\n", "\n").strip("\n")
    if len(lines.encode()) > MAX_SHEETS_BYTES:
        raise Invalid(_("This block is too large. Choose it as a file."), field="pasted")
    first = lines.split("\n", 1)[0]
    has_words = any(sign.isalpha() for sign in first)
    delimiter = "\t" if "\t" in lines or not has_words else max(DELIMITERS, key=first.count)
    try:
        return _grid("", csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Invalid(_("This block cannot be read. Copy the cells again."), field="pasted") from error


def _grid(name: str, lines: Iterable[Iterable[Any]], merged: Sequence[Area] = ()) -> Grid:
    rows = []
    for number, line in enumerate(lines, start=1):
        cells = [_text(cell)[:MAX_LONG_CELL].strip() for cell in line]
        if any(cells):
            rows.append(Row(number, cells))
        if len(rows) > MAX_SHEETS_ROWS:
            raise Invalid(
                _("There are more than %(rows)d rows. Split the file.") % {"rows": MAX_SHEETS_ROWS}, field="file"
            )
    return Grid(name, rows, merged)


def _without_apostrophe(cell: str) -> str:
    return KEPT_FROM_FORMULA.sub("", cell, count=1) if cell.startswith("'") else cell


# --- CSV --------------------------------------------------------------------------------------------------------------


def _csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first_line = text.lstrip().split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first_line.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Invalid(
            _("The file is no readable CSV. Save it as .csv or .xlsx and choose it again."), field="file"
        ) from error


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or GB 18030, which is what Excel on a Chinese computer writes as CSV."""
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid(_("The file is neither CSV nor Excel. Choose a file that ends in .csv or .xlsx."), field="file")


# --- Excel ------------------------------------------------------------------------------------------------------------


def _excel(content: bytes) -> Iterable[Sequence[Any]]:
    """The first sheet of the workbook."""
    with _opened(content) as (workbook, errors):
        sheet = workbook.get_sheet_by_index(0)
        return _with_errors(sheet.to_python(skip_empty_area=False), errors.get(sheet.name, {}))


def _excel_sheets(content: bytes) -> list[Grid]:
    with _opened(content) as (workbook, errors):
        return [_sheet(workbook, name, errors.get(name, {})) for name in workbook.sheet_names]


def _sheet(workbook: CalamineWorkbook, name: str, errors: Errors) -> Grid:
    sheet = workbook.get_sheet_by_name(name)
    areas = sheet.merged_cell_ranges or []
    merged = [(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in areas]
    return _grid(name, _with_errors(sheet.to_python(skip_empty_area=False), errors), merged)


def _with_errors(lines: list[list[Any]], errors: Errors) -> list[list[Any]]:
    """The lines with each error in its cell, which the reader left empty."""
    for (row, column), text in errors.items():
        lines.extend([] for _lacking in range(row - len(lines)))
        line = lines[row - 1]
        line.extend("" for _lacking in range(column - len(line)))
        line[column - 1] = text
    return lines


@contextmanager
def _opened(content: bytes) -> Iterator[tuple[CalamineWorkbook, Mapping[str, Errors]]]:
    """The workbook, once it has been looked into, with the errors of its sheets; whatever is wrong with it becomes a
    sentence."""
    try:
        errors = look_inside(content)
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            yield workbook, errors
    except (
        CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as error:
        raise Invalid(
            _("This Excel file cannot be read. Save it as .xlsx anew, without a password."), field="file"
        ) from error


# --- cells ------------------------------------------------------------------------------------------------------------


def _texts(cells: Iterable[Any]) -> list[str]:
    return [" ".join(_text(cell)[:MAX_CELL].split()) for cell in cells]


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return _digits(cell)
    return "" if cell is None else str(cell)


def _digits(number: float) -> str:
    """The number as the spreadsheet shows it: with the 15 digits that it has, and never with an exponent."""
    if number.is_integer() and abs(number) < 10**15:
        return str(int(number))
    return format(Decimal(format(number, ".15g")), "f")


def column_letters(number: int) -> str:
    """How a spreadsheet calls its column: 1 is A, 27 is AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def grids_to_json(grids: Sequence[Grid]) -> list[dict[str, Any]]:
    """What a row of the database keeps of an upload."""
    return [
        {"name": one.name, "merged": [list(area) for area in one.merged],
         "rows": [[row.number, list(row.cells)] for row in one.rows]}
        for one in grids
    ]  # fmt: skip


def grids_from_json(kept: Iterable[dict[str, Any]]) -> list[Grid]:
    return [
        Grid(
            one["name"], [Row(number, cells) for number, cells in one["rows"]], [tuple(area) for area in one["merged"]]
        )
        for one in kept
    ]
