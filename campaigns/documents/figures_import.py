"""Works out what an uploaded form would change in a unit's reports, row by row, without changing anything.

An empty cell changes nothing, a dash takes a figure away. Every row is looked at, and each problem names its cell.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.documents.figure_columns import COLUMNS, FILLED, HEADINGS, Mark, known_headings, known_statuses
from campaigns.domain.figures import FigureError, parse_figure
from campaigns.forms.figures import NOT_A_NUMBER, TOO_LARGE, too_many_decimals
from campaigns.models import Report
from campaigns.models.reports import ValueStatus
from campaigns.operations.imports import ReportFigures
from campaigns.operations.reports import Figure, must_be_fillable
from campaigns.queries.report_sheet import Row, Section, Sheet
from campaigns.refusals import Refusal
from campaigns.templatetags.findings import sentence
from campaigns.templatetags.look import number_text
from units.documents.cell_errors import ERROR_CELL, is_error
from units.documents.tables import Grid, column_letters
from units.documents.tables import Row as Line

HEADING_WITHIN = 12
"""The headings stand in one of the first rows; above them there may be a title."""
NO_FIGURE = frozenset({"-", "–", "—", "－", "−", "/", "／", "无"})
DAY = re.compile(r"\d{4}-\d{2}-\d{2}( 00:00:00)?")
LONGEST_NOTE = 500
READ = ("mark", "code", "indicator", *FILLED)
IN_ORDER = ("indicator", "value", "status", "growth", "note")
"""The columns of a pasted block without headings, as far as it has them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: row and column as the spreadsheet shows them, none of them for the file as a whole."""

    what: str
    row: int | None = None
    column: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that would change something, as words."""

    label: str
    before: str
    after: str


@dataclass(slots=True)
class Step:
    """What one row would do."""

    number: int
    sheet: str
    name: str
    section: Section | None = None
    row: Row | None = None
    figure: Figure | None = None
    differences: list[Difference] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return bool(self.differences)

    @property
    def value_change(self) -> Difference | None:
        return next((one for one in self.differences if one.label == str(HEADINGS["value"])), None)

    @property
    def other_changes(self) -> list[Difference]:
        return [one for one in self.differences if one.label != str(HEADINGS["value"])]

    @property
    def is_as_last_month(self) -> bool:
        row, figure = self.row, self.figure
        return bool(row and figure and figure.value is not None and figure.value == row.last)


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows, all problems, and the reports that were saved since the file was made."""

    steps: Sequence[Step]
    problems: Sequence[Problem]
    moved: Sequence[Report]

    @property
    def changed(self) -> list[Step]:
        return [step for step in self.steps if step.is_changed and not step.problems]

    @property
    def unchanged(self) -> int:
        return sum(not step.is_changed and not step.problems for step in self.steps)

    @property
    def refused(self) -> int:
        return sum(bool(step.problems) for step in self.steps)

    @property
    def warned(self) -> int:
        return sum(bool(step.warnings) for step in self.changed)

    @property
    def reports(self) -> list[Report]:
        found = {step.section.report.pk: step.section.report for step in self.changed if step.section}
        return list(found.values())

    def saves(self) -> list[ReportFigures]:
        """What is to be written, report by report, in the versions that were looked at."""
        found: dict[int, ReportFigures] = {}
        for step in self.changed:
            if step.section and step.row and step.figure:
                report = step.section.report
                one = found.setdefault(report.pk, ReportFigures(report.pk, report.version, {}))
                one.figures[step.row.indicator.pk] = step.figure
        return [found[key] for key in sorted(found)]

    @property
    def fingerprint(self) -> str:
        """Says whether the plan is still the one that somebody looked at."""
        told = [(one.report_id, one.version, sorted((key, repr(value)) for key, value in one.figures.items()))
                for one in self.saves()]  # fmt: skip
        return hashlib.sha256(repr(told).encode()).hexdigest()


def plan_figures(grids: Sequence[Grid], sheet: Sheet, *, now: datetime) -> Plan:
    """What these tables would change in the unit's reports of the period. No query."""
    planner = _Planner(sheet, now)
    tables = [found for grid in grids if (found := _table_of(grid)) is not None]
    if not tables:
        block = _block(grids[0], sheet) if len(grids) == 1 and not grids[0].name else None
        if block is None:
            return Plan([], [_no_table(grids)], [])
        tables = [block]
    problems = []
    for table in tables:
        problems += planner.take(table)
    steps = planner.steps
    if not steps and not problems:
        problems = [Problem(_("There are no rows below the headings. Fill the form and choose it again."))]
    return Plan(steps, [*problems, *(one for step in steps for one in step.problems)], planner.moved)


# --- where the rows are -----------------------------------------------------------------------------------------------


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


def _table_of(grid: Grid) -> Table | None:
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


def _block(grid: Grid, sheet: Sheet) -> Table | None:
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


def _no_table(grids: Sequence[Grid]) -> Problem:
    wanted = pgettext("between names", ", ").join(str(HEADINGS[name]) for name in ("indicator", "value"))
    names = [grid.name for grid in grids if grid.name]
    if names:
        told = _("No sheet of this workbook has the headings of the form (%(wanted)s). Its sheets: %(sheets)s.")
        return Problem(told % {"wanted": wanted, "sheets": pgettext("between names", ", ").join(names)[:200]})
    told = _("The headings of the form (%(wanted)s) are missing. Use the Excel form of this page.")
    return Problem(told % {"wanted": wanted})


# --- row by row -------------------------------------------------------------------------------------------------------


class _Planner:
    def __init__(self, sheet: Sheet, now: datetime) -> None:
        self.sheet, self.now = sheet, now
        self.steps: list[Step] = []
        self.moved: list[Report] = []
        self.statuses = known_statuses()
        self.by_name = _by_every_name(sheet)
        self.first_row_of: dict[int, Step] = {}

    def take(self, table: Table) -> list[Problem]:
        """Plans the rows of one table; returns what is wrong with the table itself."""
        self.table = table
        for line in table.rows:
            self.steps.append(self._step(line))
        return [*table.problems, *self._merged()]

    def _merged(self) -> Iterable[Problem]:
        """Merged cells below the headings, in columns that are read."""
        read = [self.table.places[name] + 1 for name in self.table.places]
        for top, left, bottom, right in self.table.grid.merged:
            if bottom >= self.table.first_row and any(left <= column <= right for column in read):
                area = f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
                yield Problem(
                    _("The cells %(area)s are merged. Unmerge them: each row needs cells of its own.") % {"area": area},
                    top,
                    column_letters(left),
                    self.table.grid.name,
                )

    def _step(self, line: Line) -> Step:
        cell = self.table.cell
        step = Step(line.number, self.table.grid.name, cell(line, "indicator") or cell(line, "code"))
        if self._has_errors(step, line) or not self._is_ours(step, line) or not self._find(step, line):
            return step
        first = self.first_row_of.setdefault(step.row.indicator.pk, step)  # type: ignore[union-attr]
        if first is not step:
            name = "code" if cell(line, "code") else "indicator"
            self._refuse(step, name, _("This indicator stands in row %(row)d already.") % {"row": first.number})
            return step
        self._read(step, line)
        return step

    def _refuse(self, step: Step, name: str, what: str) -> None:
        step.problems.append(Problem(what, step.number, self.table.column(name), step.sheet))

    def _has_errors(self, step: Step, line: Line) -> bool:
        """Whether a cell that is read holds an error of its formula; each of them is told."""
        for name in READ:
            text = self.table.cell(line, name)
            if is_error(text):
                self._refuse(step, name, ERROR_CELL % {"error": text})
        return bool(step.problems)

    def _is_ours(self, step: Step, line: Line) -> bool:
        """Whether the row's mark, if it has one, is that of this unit and period."""
        text = self.table.cell(line, "mark")
        if not text:
            return True
        mark, period, unit = Mark.read(text), self.sheet.period, self.sheet.unit
        if mark is None:
            self._refuse(
                step,
                "mark",
                _("“%(text)s” is no mark of a report. Leave the column as it is in the form.") % {"text": text[:60]},
            )
        elif mark.unit != unit.code:
            told = _("This row is of another unit (%(code)s), not of %(unit)s.")
            self._refuse(step, "mark", told % {"code": mark.unit, "unit": unit.name})
        elif (mark.campaign, mark.month) != (period.campaign.slug, period.month):
            told = _("This row is for %(month)s (%(campaign)s), not for %(wanted)s. Take the form of this month.")
            self._refuse(step, "mark", told % {"month": mark.month, "campaign": mark.campaign, "wanted": period.month})
        else:
            section = next((one for one in self.sheet.sections if one.report.action.number == mark.number), None)
            if section is None:
                self._refuse(step, "mark", _("The unit has no report on action %(number)d.") % {"number": mark.number})
            else:
                step.section = section
                if mark.version != section.report.version and section.report not in self.moved:
                    self.moved.append(section.report)
        return not step.problems

    def _find(self, step: Step, line: Line) -> bool:
        """The indicator of the row, by its code or its name."""
        for name in ("code", "indicator"):
            text = self.table.cell(line, name)
            if not text:
                continue
            found = self.by_name.get(" ".join(text.split()).casefold())
            if found is None:
                told = _("The unit has no indicator “%(name)s” to report in this month.")
                self._refuse(step, name, told % {"name": text[:60]})
                return False
            section, row = found
            if step.section is not None and step.section is not section:
                self._refuse(step, name, _("This indicator belongs to another action than the row’s mark says."))
                return False
            step.section, step.row, step.name = section, row, row.indicator.name
            return True
        self._refuse(step, "indicator", _("The indicator is missing: its code or its name."))
        return False

    def _read(self, step: Step, line: Line) -> None:
        """Reads the four cells, and compares them with what is saved."""
        row: Row = step.row  # type: ignore[assignment]
        measured = row.measurement
        before = Figure(
            value=row.value,
            value_status=measured.value_status if measured else ValueStatus.PRELIMINARY,
            growth=measured.growth if measured else None,
            note=row.note,
        )
        texts = {name: self.table.cell(line, name) for name in FILLED}
        read: dict[str, Callable[[Step, str], Any]] = {
            "value": self._value, "status": self._status, "growth": self._growth, "note": self._note,
        }  # fmt: skip
        after = {name: read[name](step, text) for name, text in texts.items() if text}
        if step.problems:
            return
        step.figure = Figure(
            value=after.get("value", before.value),
            value_status=after.get("status", before.value_status),
            growth=after.get("growth", before.growth),
            note=after.get("note", before.note),
        )
        step.differences = list(_differences(before, step.figure, row))
        is_status_alone = [one.label for one in step.differences] == [str(HEADINGS["status"])]
        if is_status_alone and step.figure.value is None:
            step.differences = []
        if step.is_changed:
            self._look_closer(step, row, step.figure)

    def _look_closer(self, step: Step, row: Row, figure: Figure) -> None:
        """Whether the report takes figures now, and what the checks find in this one."""
        section: Section = step.section  # type: ignore[assignment]
        try:
            must_be_fillable(section.report, self.now)
        except Refusal as refusal:
            self._refuse(step, "value", str(refusal))
            return
        preview = row.preview(figure.value, figure.note)
        if preview.needs_note or preview.blocks:
            step.warnings = [sentence(one, row.indicator, self.sheet.previous) for one in preview.findings]

    # --- the cells ---

    def _value(self, step: Step, text: str) -> Decimal | None:
        if text in NO_FIGURE:
            return None
        indicator = step.row.indicator  # type: ignore[union-attr]
        is_percent = indicator.measure_en == "%"
        return self._number(step, "value", text, decimals=indicator.decimals, digits=14, is_percent=is_percent)

    def _growth(self, step: Step, text: str) -> Decimal | None:
        if text in NO_FIGURE:
            return None
        if not step.row.indicator.asks_growth:  # type: ignore[union-attr]
            self._refuse(step, "growth", _("This indicator asks for no growth. Leave the cell empty."))
            return None
        return self._number(step, "growth", text, decimals=2, digits=7, is_percent=True)

    def _number(
        self, step: Step, name: str, text: str, *, decimals: int, digits: int, is_percent: bool
    ) -> Decimal | None:
        if DAY.fullmatch(text):
            told = _("This cell holds a date (%(day)s), not a number. Format it as a number and type the figure again.")
            self._refuse(step, name, told % {"day": text[:10]})
            return None
        if is_percent:
            text = re.sub(r"\s*[%％]$", "", text)
        try:
            return parse_figure(text, decimals=decimals, max_integer_digits=digits)
        except FigureError as error:
            words = {
                "too_many_decimals": lambda: too_many_decimals(decimals),
                "too_large": lambda: TOO_LARGE % {"digits": digits},
            }.get(error.code, lambda: NOT_A_NUMBER % {"text": text[:30]})
            self._refuse(step, name, str(words()))
            return None

    def _status(self, step: Step, text: str) -> str:
        found = self.statuses.get(text.casefold())
        if found is None:
            choices = pgettext("between names", ", ").join(str(status.label) for status in ValueStatus)
            told = _("“%(text)s” is no value status. Choose one of: %(choices)s.")
            self._refuse(step, "status", told % {"text": text[:30], "choices": choices})
        return found or ""

    def _note(self, step: Step, text: str) -> str:
        note = " ".join(text.split())
        if len(note) > LONGEST_NOTE:
            told = _("The note has %(length)d signs; at most %(most)d fit.")
            self._refuse(step, "note", told % {"length": len(note), "most": LONGEST_NOTE})
        return note


def _by_every_name(sheet: Sheet) -> dict[str, tuple[Section, Row]]:
    """The figures that the unit owes by code and by each name; a name that two of them share names neither."""
    found: dict[str, tuple[Section, Row]] = {}
    shared = set()
    for section in sheet.sections:
        for row in section.rows:
            one = row.indicator
            for name in {one.code, one.name_en, one.name_zh} - {""}:
                key = " ".join(name.split()).casefold()
                if found.setdefault(key, (section, row))[1] is not row:
                    shared.add(key)
    return {name: one for name, one in found.items() if name not in shared}


def _differences(before: Figure, after: Figure, row: Row) -> Iterable[Difference]:
    places = row.indicator.decimals
    if before.value != after.value:
        yield Difference(str(HEADINGS["value"]), number_text(before.value, places), number_text(after.value, places))
    if before.value_status != after.value_status:
        old, new = (str(ValueStatus(one).label) for one in (before.value_status, after.value_status))
        yield Difference(str(HEADINGS["status"]), old, new)
    if before.growth != after.growth:
        yield Difference(str(HEADINGS["growth"]), number_text(before.growth, 2), number_text(after.growth, 2))
    if before.note != after.note:
        yield Difference(str(HEADINGS["note"]), before.note or "–", after.note or "–")
