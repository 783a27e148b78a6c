"""Looks into an Excel file before a reader unpacks it: nothing grows large, nothing hides, and no error is lost.

The reader takes a cell with an error for an empty one, so that errors are found here, in the XML, which is read piece
by piece and not kept.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import IO
from xml.parsers import expat

from django.utils.translation import gettext as _

from units.documents.cell_errors import error_named
from units.refusals import Invalid

MAX_UNPACKED_BYTES = 20 * 1024 * 1024
MAX_MEMBERS = 500
MAX_ERRORS = 10_000
LONGEST_ERROR = 20
# Cells far out make the reader reserve memory for everything in between, so they are refused before it sees them.
FURTHEST_ROW, FURTHEST_COLUMN = 20_000, 100
CELL_NAME = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"

Errors = Mapping[tuple[int, int], str]
"""The errors of one sheet by row and column, both counted from 1."""
Started = Callable[[str, dict[str, str]], None]


def look_inside(content: bytes) -> dict[str, Errors]:
    """The cells with an error, by the name of their sheet.

    Raises `Invalid` for what would unpack to far more than it seems, for macros and for cells far out; `BadZipFile`,
    `ExpatError` and the like for what is no workbook.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        _must_be_harmless(archive)
        sheets = _parts_of_sheets(archive)
        wanted, found = set(sheets.values()), _Errors()
        for member in archive.infolist():
            part = _plain(member.filename)
            if part.endswith(".xml") or part in wanted:
                with archive.open(member) as file:
                    _Scan(found.of(part) if part in wanted else None).read(file)
        return {name: found.of(part).cells for name, part in sheets.items()}


def _must_be_harmless(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES or len(members) > MAX_MEMBERS:
        raise _too_large()
    if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
        raise Invalid(_("This workbook has macros. Save it as .xlsx, without macros."), field="file")
    if archive.testzip() is not None:  # a member that is longer than it says
        raise zipfile.BadZipFile


def _too_large() -> Invalid:
    return Invalid(_("The sheet is too large. Copy the rows you need into the template."), field="file")


# --- which part is which sheet ----------------------------------------------------------------------------------------


def _parts_of_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """In which part of the archive each sheet stands, by the sheet's name."""
    members = {_plain(member.filename): member for member in archive.infolist()}
    if WORKBOOK not in members or RELATIONS not in members:
        raise zipfile.BadZipFile
    relations: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def related(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            relations[attributes.get("Id", "")] = attributes.get("Target", "")

    def named(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            identity = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            sheets[attributes.get("name", "")] = _part(relations.get(identity, ""))

    for part, started in ((RELATIONS, related), (WORKBOOK, named)):
        with archive.open(members[part]) as file:
            _parser(started).ParseFile(file)
    return sheets


def _part(target: str) -> str:
    """A relation's target as the archive names it: from its root, or from the folder of the workbook."""
    part = _plain(target).removeprefix("/")
    return part if target.startswith("/") or part.startswith("xl/") else f"xl/{part}"


def _plain(name: str) -> str:
    return name.replace("\\", "/").lower()


def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1]


# --- the cells --------------------------------------------------------------------------------------------------------


class _SheetErrors:
    """The errors of one sheet; they count together with those of the others."""

    def __init__(self, whole: _Errors) -> None:
        self.cells: dict[tuple[int, int], str] = {}
        self._whole = whole

    def add(self, row: int, column: int, text: str) -> None:
        self._whole.count += 1
        if self._whole.count > MAX_ERRORS:
            told = _("More than %(most)d cells of this workbook hold an error such as #N/A. Correct or delete them.")
            raise Invalid(told % {"most": MAX_ERRORS}, field="file")
        self.cells[row, column] = error_named(text)


class _Errors:
    """The errors of a workbook, sheet by sheet."""

    def __init__(self) -> None:
        self.count = 0
        self._sheets: dict[str, _SheetErrors] = {}

    def of(self, part: str) -> _SheetErrors:
        return self._sheets.setdefault(part, _SheetErrors(self))


class _Scan:
    """Goes through one part and keeps nothing of it but the errors of a sheet."""

    def __init__(self, errors: _SheetErrors | None) -> None:
        self._errors = errors
        self._row = self._column = 0
        self._is_error = self._is_value = False
        self._text = ""

    def read(self, file: IO[bytes]) -> None:
        parser = _parser(self._started)
        if self._errors is not None:
            parser.EndElementHandler = self._ended
            parser.CharacterDataHandler = self._told
        parser.ParseFile(file)

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        kind = _local(name)
        if kind == "row":
            self._start_row(attributes.get("r", ""))
        elif kind == "c":
            self._start_cell(attributes.get("r", ""))
            self._is_error, self._text = attributes.get("t") == "e", ""
        elif kind == "v":
            self._is_value = self._is_error

    def _start_row(self, place: str) -> None:
        """A row without its number follows the one before."""
        if place:
            _must_be_near(place, 1)
        self._row, self._column = int(place) if place else self._row + 1, 0

    def _start_cell(self, place: str) -> None:
        """A cell without its name follows the one before."""
        if not place:
            self._column += 1
            return
        found = CELL_NAME.fullmatch(place)
        if found is None:
            raise zipfile.BadZipFile
        column = _column(found[1])
        _must_be_near(found[2], column)
        self._row, self._column = int(found[2]), column

    def _told(self, text: str) -> None:
        if self._is_value and len(self._text) < LONGEST_ERROR:
            self._text += text

    def _ended(self, name: str) -> None:
        kind = _local(name)
        if kind == "v":
            self._is_value = False
        elif kind == "c" and self._is_error and self._errors is not None:
            self._errors.add(self._row, self._column, self._text.strip())
            self._is_error = False


def _parser(started: Started) -> expat.XMLParserType:
    def declared(*_given: object) -> None:
        raise zipfile.BadZipFile  # no office program writes a document type; entities hide in it

    parser = expat.ParserCreate()
    parser.StartElementHandler = started
    parser.StartDoctypeDeclHandler = declared
    return parser


def _must_be_near(row: str, column: int) -> None:
    if not row.isascii() or not row.isdigit() or int(row) > FURTHEST_ROW or column > FURTHEST_COLUMN:
        raise _too_large()


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number
