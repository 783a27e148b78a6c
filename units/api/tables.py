"""A whole filtered list as CSV, row by row, in constant memory.

A cell that a spreadsheet would take for a formula gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import translation

CHUNK = 1000
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def csv_answer(
    rows: QuerySet, *, columns: Sequence[str], represent: Callable[[Any], Any], name: str
) -> StreamingHttpResponse:
    return csv_of(_represented(rows, represent, translation.get_language()), columns=columns, name=name)


def csv_of(rows: Iterable[Mapping[str, Any]], *, columns: Sequence[str], name: str) -> StreamingHttpResponse:
    """A table of rows that are represented already; what a row does not have is empty."""
    answer = StreamingHttpResponse(_lines(rows, columns), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _represented(rows: QuerySet, represent: Callable[[Any], Any], language: str | None) -> Iterator[Mapping[str, Any]]:
    for row in rows.iterator(chunk_size=CHUNK):
        with translation.override(language):
            told = represent(row)
        yield told


def _lines(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(columns)
    for row in rows:
        yield writer.writerow([harmless(cell(row.get(name))) for name in columns])


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its objects laid out beside each other: `{"light": {"raw": …}}` gives `light_raw`."""
    told: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            told |= {f"{name}_{inner}": one for inner, one in flat(value).items()}
        else:
            told[name] = value
    return told


def cell(value: Any) -> str:
    """What stands in the cell: lists with semicolons between them, objects as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return ";".join(map(str, value))
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) and not NUMBER.fullmatch(text) else text
