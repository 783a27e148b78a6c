"""Where everything stands in the workbook of a score sheet: formulas of one sheet find the cells of another by it.

Figures stand criterion by criterion, so that those of all units make one field; steps stand unit by unit, as they are
read. Rows and columns count from 0, as the writer of workbooks counts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from awards.documents.score_words import PARAMETERS, has_sample
from awards.domain.methods import method_of, parameters_of
from awards.domain.scoring import GateRule, in_turn
from awards.models import Criterion, Gate
from awards.queries.score_sheet import ScoreSheet, SheetLine, UnitSheet
from campaigns.documents.exports import SAMPLES
from units.documents.sheets import IN_MEMORY, Column, Formats, number_format, open_workbook, sheet_name, write_cell

SPARE_ROWS = 20
"""Lines left open for a bonus, penalty or veto that somebody wants to try."""
FACTS, FACT_VALUE = ("flags", "minimum", "decimals", "bonus_cap", "penalty_cap"), 1
FIRST_FACT, FIRST_CRITERION = 5, 14
FIRST_PARAMETER = 7
FIGURE_COLUMN, ADJUSTMENT_POINTS = 4, 3
EXACT_FORMAT = "#,##0.00####"
HEADING_HEIGHT = 48
QUIET = "#666C74"


class Part(StrEnum):
    RESULT = "result"
    STEPS = "steps"
    FIGURES = "figures"
    REPORTS = "reports"
    ADJUSTMENTS = "adjustments"
    RULES = "rules"


class Row(StrEnum):
    """What stands below the criteria in the steps of a unit, in this order."""

    CRITERIA = "criteria"
    BONUS = "bonus"
    PENALTY = "penalty"
    SUM = "sum"
    SCORE = "score"


class Book:
    """One workbook with the sheet that it tells, and the addresses of its cells."""

    def __init__(self, sheet: ScoreSheet) -> None:
        self.sheet = sheet
        self.scheme = sheet.round.scheme
        self.units: Sequence[UnitSheet] = sheet.units
        self.criteria: Sequence[Criterion] = sheet.criteria
        self.gates: Sequence[Gate] = _asked(sheet.gates)
        self._file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (the caller closes it)
        self._workbook = open_workbook(self._file)
        self.formats = Formats(self._workbook)
        self._names = {part: sheet_name(name) for part, name in names().items()}
        self._sheets = {part: self._workbook.add_worksheet(self._names[part]) for part in Part}

    def finished(self) -> IO[bytes]:
        if has_sample(self.sheet):
            for part, height in ((Part.RESULT, len(self.units) + 2), (Part.STEPS, len(self.units) * self.block + 2)):
                self._sheets[part].write_string(height, 0, str(SAMPLES), self.formats.get(font_color=QUIET))
        self._workbook.close()
        self._file.seek(0)
        return self._file

    # --- cells --------------------------------------------------------------------------------------------------------

    @property
    def block(self) -> int:
        """How many rows the steps of one unit take."""
        return len(self.criteria) + len(Row)

    def at(self, part: Part, row: int, column: int) -> str:
        return f"'{self._names[part]}'!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"

    def down(self, part: Part, column: int, first: int, count: int) -> str:
        """The cells of one column from a row on, `count` of them."""
        name = xl_col_to_name(column)
        return f"'{self._names[part]}'!${name}${first + 1}:${name}${first + count}"

    def fact(self, name: str) -> str:
        return self.at(Part.RULES, FIRST_FACT + FACTS.index(name), FACT_VALUE)

    def rule(self, criterion: int, column: int) -> str:
        return self.at(Part.RULES, FIRST_CRITERION + criterion, column)

    @property
    def first_gate(self) -> int:
        return FIRST_CRITERION + len(self.criteria) + 4

    def parameter_cells(self, criterion: int) -> dict[str, str]:
        columns = {name: FIRST_PARAMETER + place for place, name in enumerate(PARAMETERS)}
        return {name: self.rule(criterion, columns[name]) for name in parameters(self.criteria[criterion])}

    def figure_row(self, unit: int, criterion: int) -> int:
        return 1 + criterion * len(self.units) + unit

    def figure(self, unit: int, criterion: int) -> str:
        return self.at(Part.FIGURES, self.figure_row(unit, criterion), FIGURE_COLUMN)

    def figures(self, criterion: int) -> str:
        return self.down(Part.FIGURES, FIGURE_COLUMN, self.figure_row(0, criterion), len(self.units))

    def step_row(self, unit: int, criterion: int) -> int:
        return 1 + unit * self.block + criterion

    def sum_row(self, unit: int, row: Row) -> int:
        return self.step_row(unit, len(self.criteria)) + list(Row).index(row)

    def adjustments(self, column: int) -> str:
        count = sum(len(one.adjustments) for one in self.units)
        return self.down(Part.ADJUSTMENTS, column, 1, count + SPARE_ROWS)

    def line(self, unit: int, criterion: int) -> SheetLine | None:
        wanted = self.criteria[criterion].pk
        return next((one for one in self.units[unit].lines if one.criterion.pk == wanted), None)

    # --- writing ------------------------------------------------------------------------------------------------------

    def begin(self, part: Part, columns: Sequence[Column], *, heading_row: int = 0, frozen: int = 0) -> Worksheet:
        """The empty sheet with its headings, ready to be printed across."""
        sheet = self._sheets[part]
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_row(heading_row, HEADING_HEIGHT)
        if heading_row == 0:
            sheet.freeze_panes(1, frozen)
            sheet.repeat_rows(0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(heading_row, place, str(column.heading), self.formats.heading())
        return sheet

    def tell(self, part: Part, row: int, values: Sequence[Any], *, first: int = 0, **more: Any) -> None:
        for place, value in enumerate(values):
            write_cell(self._sheets[part], self.formats, row, first + place, value, **more)

    def formula(self, part: Part, row: int, column: int, formula: str, value: Any, **more: Any) -> None:
        """A formula with the value that was computed."""
        shown: float | str = float(value) if isinstance(value, Fraction | Decimal | int) else value or ""
        self._sheets[part].write_formula(row, column, formula, self.formats.get(**more), shown)

    def number(self, part: Part, row: int, column: int, value: float, **more: Any) -> None:
        """A figure as it is, with all its digits."""
        self._sheets[part].write_number(row, column, value, self.formats.get(**more))

    @property
    def score_format(self) -> str:
        return number_format(self.scheme.decimals)


def names() -> dict[Part, str]:
    return {
        Part.RESULT: pgettext("sheet", "Result"),
        Part.STEPS: pgettext("sheet", "Steps"),
        Part.FIGURES: pgettext("sheet", "Figures"),
        Part.REPORTS: pgettext("sheet", "Reports"),
        Part.ADJUSTMENTS: _("Bonus, penalty, veto"),
        Part.RULES: pgettext("sheet", "Rules"),
    }


def parameters(criterion: Criterion) -> dict[str, Fraction]:
    """Those that are given or have a default."""
    made = parameters_of(method_of(criterion.method), criterion.parameters)
    return {name: value for name, value in made.items() if value is not None}


def gate_label(gate: Gate) -> str:
    return _("gate %(number)d not met") % {"number": gate.order}


def _asked(gates: Sequence[Gate]) -> list[Gate]:
    by_order = {one.order: one for one in gates}
    rules = [
        GateRule(
            order=one.order,
            criterion=one.criterion.order,
            minimum=Fraction(one.minimum),
            behind=one.behind.order if one.behind else None,
        )
        for one in gates
    ]
    return [by_order[one.order] for one in in_turn(rules)]
