"""Works out what an uploaded form would change in a unit's reports, row by row, without changing anything.

An empty cell changes nothing, a dash takes a figure away. Every row is looked at, and each problem names its cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from campaigns.documents.figure_columns import FILLED, HEADINGS, Mark
from campaigns.documents.figures_cells import FigureCells, Wrong
from campaigns.documents.figures_plan import Difference, Plan, Problem, Step
from campaigns.documents.figures_table import Table, block_of, no_table, table_of
from campaigns.models import Report
from campaigns.models.reports import ValueStatus
from campaigns.operations.reports import Figure, must_be_fillable
from campaigns.queries.report_sheet import Row, Section, Sheet
from campaigns.refusals import Refusal
from campaigns.templatetags.findings import sentence
from campaigns.templatetags.look import number_text
from units.documents.cell_errors import ERROR_CELL, is_error
from units.documents.tables import Grid, column_letters
from units.documents.tables import Row as Line

READ = ("mark", "code", "indicator", *FILLED)


def plan_figures(grids: Sequence[Grid], sheet: Sheet, *, now: datetime) -> Plan:
    """What these tables would change in the unit's reports of the period. No query."""
    planner = _Planner(sheet, now)
    tables = [found for grid in grids if (found := table_of(grid)) is not None]
    if not tables:
        block = block_of(grids[0], sheet) if len(grids) == 1 and not grids[0].name else None
        if block is None:
            return Plan([], [no_table(grids)], [])
        tables = [block]
    problems = []
    for table in tables:
        problems += planner.take(table)
    steps = planner.steps
    if not steps and not problems:
        problems = [Problem(_("There are no rows below the headings. Fill the form and choose it again."))]
    return Plan(steps, [*problems, *(one for step in steps for one in step.problems)], planner.moved)


# --- row by row -------------------------------------------------------------------------------------------------------


class _Planner:
    def __init__(self, sheet: Sheet, now: datetime) -> None:
        self.sheet, self.now = sheet, now
        self.steps: list[Step] = []
        self.moved: list[Report] = []
        self.cells = FigureCells()
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
        after = {}
        for name in FILLED:
            text = self.table.cell(line, name)
            if not text:
                continue
            try:
                after[name] = self.cells.read(name, text, row)
            except Wrong as wrong:
                self._refuse(step, name, str(wrong))
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
