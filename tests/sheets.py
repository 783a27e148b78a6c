"""Workbooks for the tests: made as a person would make them, and read back as plain cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(
    rows: Iterable[Sequence[Any]], *, name: str = "2022-08", then: Callable[[Any, Any], None] | None = None
) -> bytes:
    """One sheet with these rows; `then` gets the workbook and the sheet before they are written."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if then:
            then(book, sheet)
    return out.getvalue()


def failing(row: int, column: int, error: str) -> Callable[[Any, Any], None]:
    """For `workbook`: a formula that fails in this cell, both counted from 0."""
    return lambda _book, sheet: sheet.write_formula(row, column, "=A1/0", None, error)


def read_back(content: bytes, sheet: int = 0) -> list[list[Any]]:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        return book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)


def parts(content: bytes) -> dict[str, str]:
    """The XML inside, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {one: archive.read(one).decode() for one in archive.namelist() if one.endswith(".xml")}


def with_part(content: bytes, name: str, body: bytes) -> bytes:
    """The same workbook with one more file inside."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return out.getvalue()


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
