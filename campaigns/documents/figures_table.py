"""Finds the rows of a form in an uploaded file or a pasted block: below its headings, or by their order alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.documents.figure_columns import COLUMNS, HEADINGS, known_headings
from campaigns.documents.figures_plan import Problem
from campaigns.queries.report_sheet import Sheet
from units.documents.tables import Grid, column_letters
from units.documents.tables import Row as Line

HEADING_WITHIN = 12
"""The headings stand in one of the first rows; above them there may be a title."""
IN_ORDER = ("indicator", "value", "status", "growth", "note")
"""The columns of a pasted block without headings, as far as it has them."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below the headings, and in which place of a row each column stands."""

    grid: Grid
    places: Mapping[str, int]
    rows: Sequence[Line]
    first_row: int
    problems: Sequence[Problem] = ()

    def cell(self, line: Line, name: str) -> str:
        place = self.places.get(name)
        return line.cells[place] if place is not None and place < len(line.cells) else ""

    def column(self, name: str) -> str:
        """How the spreadsheet calls the column, and its heading."""
        place = self.places.get(name)
        heading = str(HEADINGS[name])
        return heading if place is None else f"{column_letters(place + 1)} · {heading}"


def table_of(grid: Grid) -> Table | None:
    known = known_headings()
    for index, line in enumerate(grid.rows[:HEADING_WITHIN]):
        names = [known.get(" ".join(cell.split()).casefold()) for cell in line.cells]
        if "value" in names and ("code" in names or "indicator" in names):
            places = {name: names.index(name) for name in COLUMNS if name in names}
            problems = [
                Problem(_("This heading stands twice. Leave one of the two columns out."), line.number,
                        f"{column_letters(place + 1)} · {line.cells[place]}", grid.name)
                for place, name in enumerate(names) if name is not None and places[name] != place
            ]  # fmt: skip
            return Table(grid, places, grid.rows[index + 1 :], line.number + 1, problems)
    return None


def block_of(grid: Grid, sheet: Sheet) -> Table | None:
    """A block without headings: figures in the order of the form, or each row an indicator with its figure."""
    if not grid.rows:
        return None
    width = max(len(line.cells) for line in grid.rows)
    if width == 1:
        rows = [row for section in sheet.sections for row in section.rows]
        if len(grid.rows) != len(rows):
            return None
        lines = [
            Line(line.number, [line.cells[0], row.indicator.code]) for line, row in zip(grid.rows, rows, strict=True)
        ]
        return Table(grid, {"value": 0, "code": 1}, lines, 1)
    places = {name: place for place, name in enumerate(IN_ORDER) if place < width}
    return Table(grid, places, grid.rows, 1)


def no_table(grids: Sequence[Grid]) -> Problem:
    wanted = pgettext("between names", ", ").join(str(HEADINGS[name]) for name in ("indicator", "value"))
    names = [grid.name for grid in grids if grid.name]
    if names:
        told = _("No sheet of this workbook has the headings of the form (%(wanted)s). Its sheets: %(sheets)s.")
        return Problem(told % {"wanted": wanted, "sheets": pgettext("between names", ", ").join(names)[:200]})
    told = _("The headings of the form (%(wanted)s) are missing. Use the Excel form of this page.")
    return Problem(told % {"wanted": wanted})
