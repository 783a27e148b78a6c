"""What a chart is: a sentence that says what it shows, an ECharts option, and the same figures as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; figures stand right."""

    text: str
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The same figures as the chart, as texts in the reader's language; the first column names the row."""

    head: Sequence[Head]
    rows: Sequence[Sequence[str]]

    @property
    def cells(self) -> list[list[tuple[str, Head]]]:
        return [list(zip(row, self.head, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart in the language that was active when it was made.

    ``option`` is ready for JSON: it has no functions, and its colours are names of tokens (``var:accent``), which
    the browser takes from the style sheet and ``drawing`` from a palette for paper. ``height`` is in pixels.
    """

    title: str
    note: str
    option: dict[str, Any]
    table: Table
    summary: str
    height: int
