"""Reads a table that somebody uploads, CSV or Excel, into plain text cells.

Nothing in the file is trusted: sizes are looked at before anything is unpacked, and each refusal says what to do.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO
from xml.etree import ElementTree

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from units.refusals import Invalid

MAX_BYTES = 1024 * 1024
MAX_UNPACKED_BYTES = 20 * 1024 * 1024
MAX_ROWS = 1000
MAX_CELL = 300
# Cells far out make the reader reserve memory for everything in between, so they are refused before it sees them.
FURTHEST_ROW, FURTHEST_COLUMN = 20_000, 100

ZIP_MAGIC = b"PK\x03\x04"
OLD_EXCEL_MAGIC = b"\xd0\xcf\x11\xe0"
CELL_NAME = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
DELIMITERS = ",;\t，"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sheet: its number as a spreadsheet shows it, and its cells as text."""

    number: int
    cells: Sequence[str]


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
    try:
        _look_inside(content)
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            return workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (
        CalamineError,
        zipfile.BadZipFile,
        ElementTree.ParseError,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as error:
        raise Invalid(
            _("This Excel file cannot be read. Save it as .xlsx anew, without a password."), field="file"
        ) from error


def _look_inside(content: bytes) -> None:
    """Refuses what would unpack to far more than it seems, and sheets with cells far out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise _too_large()
        if archive.testzip() is not None:  # a member that is longer than it says
            raise zipfile.BadZipFile
        for member in archive.infolist():
            if member.filename.lower().endswith(".xml"):
                with archive.open(member) as part:
                    _look_for_far_cells(part)


def _look_for_far_cells(part: Any) -> None:
    for _event, element in ElementTree.iterparse(part, events=("start",)):  # noqa: S314  (size is bounded above)
        name = element.tag.rsplit("}", 1)[-1]
        place = element.get("r", "")
        if name == "row" and place:
            _must_be_near(place, 1)
        elif name == "c" and place:
            found = CELL_NAME.fullmatch(place)
            if found is None:
                raise zipfile.BadZipFile
            _must_be_near(found[2], _column(found[1]))


def _must_be_near(row: str, column: int) -> None:
    if not row.isascii() or not row.isdigit() or int(row) > FURTHEST_ROW or column > FURTHEST_COLUMN:
        raise _too_large()


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _too_large() -> Invalid:
    return Invalid(_("The sheet is too large. Copy the rows you need into the template."), field="file")


# --- cells ------------------------------------------------------------------------------------------------------------


def _texts(cells: Iterable[Any]) -> list[str]:
    return [" ".join(_text(cell)[:MAX_CELL].split()) for cell in cells]


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)
