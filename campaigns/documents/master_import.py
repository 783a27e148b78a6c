"""Works out what one of the office's tables would change, row by row (`campaigns/queries/master_kinds.py` has them).

A row that is there already is changed, another is added, none is ever deleted. An empty cell changes nothing, a dash
empties the cell. Every row is looked at, and each problem names its cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import and_
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import CheckConstraint
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.documents.figure_columns import LANGUAGES
from campaigns.documents.figures_plan import Difference, Problem
from campaigns.documents.figures_table import HEADING_WITHIN
from campaigns.documents.master_cells import CellReader, Wrong
from campaigns.documents.master_plan import Plan, Step
from campaigns.documents.master_sheet import capital
from campaigns.models import Action, TrajectoryPoint
from campaigns.queries.master_kinds import Key, Kind, key_of, references
from units.documents.tables import Grid, Row, column_letters
from units.operations.constraints import must_be_right

Progress = Callable[[int], None]


def plan_rows(kind: Kind, grids: Sequence[Grid], *, checks: bool = True, progress: Progress | None = None) -> Plan:
    """What these tables would change. Without `checks` no row is held against constraints and rules, which was done
    before; then the number of queries is fixed, else it is one for each row that would change."""
    table = next((found for grid in grids if (found := _table_of(kind, grid)) is not None), None)
    if table is None:
        return Plan(kind, [], [_no_table(kind, grids)])
    planner = _Planner(kind, table, checks)
    steps = []
    for count, line in enumerate(table.rows, start=1):
        steps.append(planner.step(line))
        if progress is not None and count % 100 == 0:
            progress(count)
    problems = [*table.problems, *planner.merged(), *(one for step in steps for one in step.problems)]
    if not steps and not problems:
        problems = [Problem(_("There are no rows below the headings. Fill the form and choose it again."))]
    return Plan(kind, steps, problems)


@dataclass(frozen=True, slots=True)
class _Table:
    grid: Grid
    places: Mapping[str, int]
    rows: Sequence[Row]
    first_row: int
    problems: Sequence[Problem]


def _known(kind: Kind) -> dict[str, str]:
    """Every heading of the table that is understood: the names of the columns, and what pages call them."""
    known: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            known |= {str(kind.heading(one)).casefold(): one for one in kind.columns}
    return known | {one: one for one in kind.columns}


def _table_of(kind: Kind, grid: Grid) -> _Table | None:
    known = _known(kind)
    for index, line in enumerate(grid.rows[:HEADING_WITHIN]):
        headings = [" ".join(cell.split()) for cell in line.cells]
        names = [known.get(heading.casefold()) for heading in headings]
        if not set(kind.key) - {"unit"} <= set(names):
            continue
        problems, places = [], {}
        for place, (heading, name) in enumerate(zip(headings, names, strict=True)):
            where = (line.number, f"{column_letters(place + 1)} · {heading[:40]}", grid.name)
            if name is None and heading:
                problems.append(Problem(_("This heading is not known. Use the headings of the template."), *where))
            elif name in places:
                problems.append(Problem(_("This heading stands twice. Leave one of the two columns out."), *where))
            elif name is not None:
                places[name] = place
        return _Table(grid, places, grid.rows[index + 1 :], line.number + 1, problems)
    return None


def _no_table(kind: Kind, grids: Sequence[Grid]) -> Problem:
    wanted = ", ".join(capital(kind.heading(one)) for one in kind.key)
    names = ", ".join(grid.name for grid in grids if grid.name)[:200]
    if names:
        told = _("No sheet of this workbook has the headings of the template (%(wanted)s). Its sheets: %(sheets)s.")
        return Problem(told % {"wanted": wanted, "sheets": names})
    return Problem(_("The headings of the template (%(wanted)s) are missing.") % {"wanted": wanted})


class _Planner:
    def __init__(self, kind: Kind, table: _Table, checks: bool) -> None:
        self.kind, self.table, self.checks = kind, table, checks
        self.refer = references(kind)
        self.rows = {key_of(kind, row): row for row in kind.rows()}
        self.first_row_of: dict[Key, int] = {}
        self.cells = CellReader(kind, self.refer)

    def merged(self) -> Iterable[Problem]:
        for top, left, bottom, right in self.table.grid.merged:
            if bottom >= self.table.first_row:
                area = f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
                told = _("The cells %(area)s are merged. Unmerge them: each row needs cells of its own.")
                yield Problem(told % {"area": area}, top, column_letters(left), self.table.grid.name)

    def _refuse(self, step: Step, column: str, what: Any) -> None:
        place = self.table.places.get(column)
        heading = capital(self.kind.heading(column)) if column in self.kind.columns else ""
        where = heading if place is None else f"{column_letters(place + 1)} · {heading}"
        step.problems.append(Problem(str(what), step.number, where, step.sheet))

    def _cell(self, line: Row, column: str) -> str:
        place = self.table.places.get(column)
        return line.cells[place] if place is not None and place < len(line.cells) else ""

    def step(self, line: Row) -> Step:
        step = Step(
            line.number,
            self.table.grid.name,
            " · ".join(filter(None, (self._cell(line, one) for one in self.kind.key))),
        )
        given = self._read(step, line)
        if step.problems:
            return step
        key = tuple(_key_part(given.get(one)) for one in self.kind.key)
        first = self.first_row_of.setdefault(key, step.number)
        if first != step.number:
            self._refuse(step, self.kind.key[0], _("This row stands in row %(row)d already.") % {"row": first})
            return step
        if not self._apply(step, key, given):
            return step
        if step.is_changed and self.checks:
            self._check(step)
        if step.is_new and not step.problems:
            self._remember(step.row)
        return step

    # --- reading ---

    def _read(self, step: Step, line: Row) -> dict[str, Any]:
        """The cells that say something, by column; a key that is missing is a problem, an empty unit is the city."""
        given: dict[str, Any] = {}
        for column in self.kind.columns:
            text = self._cell(line, column)
            if not text:
                if column in self.kind.key and column != "unit":
                    self._refuse(step, column, _("This cell must not be empty."))
                continue
            try:
                given[column] = self.cells.value(column, text, campaign=self._cell(line, "campaign"))
            except Wrong as wrong:
                self._refuse(step, column, wrong)
        return given

    # --- what it does ---

    def _apply(self, step: Step, key: Key, given: dict[str, Any]) -> bool:
        """Puts the cells into the row that is there, or into a new one. False where there can be none."""
        row = self.rows.get(key)
        if row is None:
            row = self._new(step, given)
            if row is None:
                return False
            step.is_new = True
        step.row = row
        for column, value in given.items():
            if column in self.kind.key and not step.is_new:
                continue
            name = self._field(column)
            if name is None:
                self._same_campaign(step, row, column, value)
                continue
            if step.is_new:
                setattr(row, name, value)
                continue
            before = getattr(row, name)
            if before == value:
                continue
            if column in self.kind.fixed:
                self._refuse(step, column, _("This never changes once the row is made."))
                continue
            step.before[name] = _stored(before)
            step.differences.append(Difference(capital(self.kind.heading(column)), _told(before), _told(value)))
            setattr(row, name, value)
        return not step.problems

    def _field(self, column: str) -> str | None:
        """The row's field for a column; none for a column that only helps to find another row."""
        try:
            self.kind.model._meta.get_field(column)
        except FieldDoesNotExist:
            return None
        return column

    def _same_campaign(self, step: Step, row: Any, column: str, value: Any) -> None:
        if column == "campaign" and getattr(row, "action", None) and row.action.campaign_id != value.pk:
            self._refuse(step, column, _("This row belongs to another campaign."))

    def _new(self, step: Step, given: dict[str, Any]) -> Any:
        if self.kind.model is TrajectoryPoint:
            indicator, unit = given["indicator"], given.get("unit")
            target = self.refer.targets.get((indicator.code, unit.code if unit else ""))
            if target is None:
                self._refuse(
                    step, "indicator", _("This unit has no target for this indicator. Bring the target in first.")
                )
                return None
            return TrajectoryPoint(target=target)
        lacking = [
            column for column in self.kind.columns
            if column not in given and self._is_needed(column)
        ]  # fmt: skip
        for column in lacking:
            self._refuse(step, column, _("A new row needs this cell."))
        return None if lacking else self.kind.model()

    def _is_needed(self, column: str) -> bool:
        if column == "campaign":
            return True
        one: Any = self.kind.model._meta.get_field(column)
        return not (one.blank or one.null or one.has_default() or isinstance(one, models.BooleanField))

    def _remember(self, row: Any) -> None:
        """Rows below may name one that this file adds."""
        if self.kind.name == "units":
            self.refer.units.setdefault(row.code.casefold(), row)
        elif self.kind.name == "indicators":
            self.refer.indicators.setdefault(row.code.casefold(), row)
        elif self.kind.name == "projects":
            self.refer.projects.setdefault(row.code.casefold(), row)

    # --- constraints and rules ---

    def _check(self, step: Step) -> None:
        try:
            if not _holds(step.row):
                must_be_right(step.row)
        except ValidationError as refused:
            for name, found in refused.message_dict.items():
                column = name if name in self.kind.columns else self.kind.columns[0]
                prefix = "" if name in self.kind.columns or name == NON_FIELD_ERRORS else f"{name}: "
                for words in found:
                    self._refuse(step, column, f"{prefix}{words}")
            return
        for column, words in self.kind.rules(step.row).items():
            self._refuse(step, column, words)


def _holds(row: Any) -> bool:
    """Whether the row's own fields and all its check constraints hold: one query. References were looked up, and the
    key says which rows there are."""
    refers = {one.name for one in row._meta.concrete_fields if one.is_relation}
    try:
        row.clean_fields(exclude=refers)
    except ValidationError:
        return False
    conditions = [one.condition for one in row._meta.constraints if isinstance(one, CheckConstraint)]
    if not conditions:
        return True
    try:
        CheckConstraint(condition=reduce(and_, conditions), name="all").validate(type(row), row)
    except ValidationError:
        return False
    return True


def _key_part(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(getattr(value, "code", value)).casefold()


def _stored(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _told(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Action):
        return str(value.number)
    if isinstance(value, models.Model):
        return str(getattr(value, "code", value))
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)
