"""The score sheet of a round as a workbook: figures as inputs, and every step of every sum as a formula beside them.

Results, steps, figures, reports, bonus and penalty, and rules stand on a sheet each. The formulas give the scores,
ranks and flags that were computed, which are written as their last values too; who changes a figure, a mark or a
weight sees at once what would have come of it.
"""

from __future__ import annotations

from typing import IO

from awards.documents.score_parts import Book
from awards.documents.score_result import write_result
from awards.documents.score_sources import write_adjustments, write_figures, write_reports, write_rules
from awards.documents.score_steps import write_steps
from awards.queries.score_sheet import ScoreSheet


def score_book(sheet: ScoreSheet) -> IO[bytes]:
    """The workbook, open at its beginning. Names and reasons stay text; no query of its own."""
    book = Book(sheet)
    write_result(book)
    write_steps(book)
    write_figures(book)
    write_reports(book)
    write_adjustments(book)
    write_rules(book)
    return book.finished()
