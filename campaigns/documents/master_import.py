"""Works out what a table of units, indicators, targets, trajectories or projects would change, row by row.

A row that is there already is changed, another is added, none is ever deleted. An empty cell changes nothing, a dash
empties the cell. Every row is looked at, and each problem names its cell.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
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
from campaigns.documents.figures_import import HEADING_WITHIN, NO_FIGURE, Difference, Problem
from campaigns.domain.figures import FigureError, parse_figure
from campaigns.forms.figures import NOT_A_NUMBER, TOO_LARGE, too_many_decimals
from campaigns.models import Action, TrajectoryPoint
from campaigns.operations.imports import RowChange
from campaigns.queries.master_kinds import Key, Kind, key_of, references, shown
from units.documents.sheets import Column, Sheet
from units.documents.tables import Grid, Row, column_letters
from units.operations.constraints import must_be_right

DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?( 00:00:00)?")
EXCEL_DAYS = range(20_000, 80_000)
EXCEL_EPOCH = date(1899, 12, 30)
YES_NO = {"yes": True, "true": True, "1": True, "是": True, "y": True,
          "no": False, "false": False, "0": False, "否": False, "n": False}  # fmt: skip
Progress = Callable[[int], None]


@dataclass(slots=True)
class Step:
    """What one row would do."""

    number: int
    sheet: str
    name: str
    row: Any = None
    is_new: bool = False
    before: dict[str, Any] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return self.is_new or bool(self.differences)


@dataclass(frozen=True, slots=True)
class Plan:
    kind: Kind
    steps: Sequence[Step]
    problems: Sequence[Problem]

    @property
    def changed(self) -> list[Step]:
        return [step for step in self.steps if step.is_changed and not step.problems]

    @property
    def new(self) -> int:
        return sum(step.is_new for step in self.changed)

    @property
    def altered(self) -> int:
        return len(self.changed) - self.new

    @property
    def unchanged(self) -> int:
        return sum(not step.is_changed and not step.problems for step in self.steps)

    @property
    def refused(self) -> int:
        return sum(bool(step.problems) for step in self.steps)

    def changes(self) -> list[RowChange]:
        return [RowChange(step.row, None if step.is_new else step.before) for step in self.changed]

    @property
    def fingerprint(self) -> str:
        """Says whether the plan is still the one that somebody looked at."""
        told = [
            (step.number, step.is_new, [(one.label, one.before, one.after) for one in step.differences],
             getattr(step.row, "version", 0))
            for step in self.changed
        ]  # fmt: skip
        return hashlib.sha256(repr(told).encode()).hexdigest()


# --- out --------------------------------------------------------------------------------------------------------------


def master_sheet(kind: Kind) -> Sheet:
    """The present rows with the headings that an import reads: to look at, to change, and to bring back."""
    columns = [Column(_capital(kind.heading(one)), _width(kind, one)) for one in kind.columns]
    rows = ([_out(shown(kind, row, one)) for one in kind.columns] for row in kind.rows().iterator(chunk_size=500))
    return Sheet(str(kind.title), columns, rows)


def _out(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.normalize() if isinstance(value, Decimal) else value


def _capital(words: Any) -> str:
    text = str(words)
    return text[:1].upper() + text[1:]


def _width(kind: Kind, column: str) -> int:
    return 30 if column.startswith(("name", "content", "scope")) else 16


# --- in ---------------------------------------------------------------------------------------------------------------


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
    wanted = ", ".join(_capital(kind.heading(one)) for one in kind.key)
    names = ", ".join(grid.name for grid in grids if grid.name)[:200]
    if names:
        told = _("No sheet of this workbook has the headings of the template (%(wanted)s). Its sheets: %(sheets)s.")
        return Problem(told % {"wanted": wanted, "sheets": names})
    return Problem(_("The headings of the template (%(wanted)s) are missing.") % {"wanted": wanted})


class _Wrong(Exception):
    """What is wrong with one cell."""


class _Planner:
    def __init__(self, kind: Kind, table: _Table, checks: bool) -> None:
        self.kind, self.table, self.checks = kind, table, checks
        self.refer = references(kind)
        self.rows = {key_of(kind, row): row for row in kind.rows()}
        self.first_row_of: dict[Key, int] = {}
        self.words: dict[str, dict[str, str]] = {}

    def merged(self) -> Iterable[Problem]:
        for top, left, bottom, right in self.table.grid.merged:
            if bottom >= self.table.first_row:
                area = f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
                told = _("The cells %(area)s are merged. Unmerge them: each row needs cells of its own.")
                yield Problem(told % {"area": area}, top, column_letters(left), self.table.grid.name)

    def _refuse(self, step: Step, column: str, what: Any) -> None:
        place = self.table.places.get(column)
        heading = _capital(self.kind.heading(column)) if column in self.kind.columns else ""
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
                given[column] = self._value(column, text, line)
            except _Wrong as wrong:
                self._refuse(step, column, wrong)
        return given

    def _value(self, column: str, text: str, line: Row) -> Any:
        if column in ("unit", "lead", "counted_in", "campaign", "action", "indicator", "rollup_weight", "package"):
            return None if text in NO_FIGURE else self._reference(column, text, line)
        one: Any = self.kind.model._meta.get_field(column)
        if text in NO_FIGURE and one.blank:
            return None if one.null else one.get_default() if one.has_default() else ""
        if one.choices:
            return self._choice(column, one, text)
        if isinstance(one, models.BooleanField):
            found = YES_NO.get(text.casefold())
            if found is None:
                raise _Wrong(_("“%(text)s” is neither yes nor no.") % {"text": text[:30]})
            return found
        if isinstance(one, models.DecimalField):
            return _number(text, one.decimal_places, min(14, one.max_digits - one.decimal_places))
        if isinstance(one, models.IntegerField):
            return int(_number(text, 0, 9))
        if isinstance(one, models.DateField):
            return _day(text)
        return text if isinstance(one, models.TextField) else " ".join(text.split())

    def _choice(self, column: str, one: Any, text: str) -> str:
        if column not in self.words:
            words: dict[str, str] = {}
            for language in LANGUAGES:
                with translation.override(language):
                    words |= {str(label).casefold(): value for value, label in one.choices}
            self.words[column] = words | {str(value).casefold(): value for value, _label in one.choices}
        found = self.words[column].get(text.casefold())
        if found is None:
            choices = ", ".join(str(value) for value, _label in one.choices if value)
            raise _Wrong(_("“%(text)s” is none of the choices: %(choices)s.") % {"text": text[:40], "choices": choices})
        return found

    def _reference(self, column: str, text: str, line: Row) -> Any:
        refer, key = self.refer, " ".join(text.split()).casefold()
        if column == "action":
            campaign = self._cell(line, "campaign")
            number = int(key) if key.isascii() and key.isdigit() and len(key) < 6 else 0
            found: Any = refer.actions.get((campaign, number))
        elif column == "campaign":
            found = refer.campaigns.get(key)
        elif column in ("indicator", "rollup_weight"):
            found = refer.indicators.get(key)
        else:
            found = (refer.projects if column == "package" else refer.units).get(key)
        if found is None:
            raise _Wrong(_("“%(text)s” is not known here.") % {"text": text[:60]})
        return found

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
            step.differences.append(Difference(_capital(self.kind.heading(column)), _told(before), _told(value)))
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


def _number(text: str, decimals: int, digits: int) -> Decimal:
    if DAY.fullmatch(text):
        told = _("This cell holds a date (%(day)s), not a number. Format it as a number and type the figure again.")
        raise _Wrong(told % {"day": text[:10]})
    try:
        return parse_figure(text, decimals=decimals, max_integer_digits=digits)
    except FigureError as error:
        if error.code == "too_many_decimals":
            raise _Wrong(too_many_decimals(decimals)) from error
        told = TOO_LARGE % {"digits": digits} if error.code == "too_large" else NOT_A_NUMBER % {"text": text[:30]}
        raise _Wrong(told) from error


def _day(text: str) -> date:
    found = DAY.fullmatch(text)
    if found is None:
        if text.isascii() and text.isdigit() and int(text[:6]) in EXCEL_DAYS and len(text) == 5:
            told = _("%(number)s is a number, not a date. Format the cell as a date; Excel would show %(day)s.")
            raise _Wrong(told % {"number": text, "day": EXCEL_EPOCH + timedelta(days=int(text))})
        raise _Wrong(_("“%(text)s” is no date. Write it as 2022-09-01.") % {"text": text[:30]})
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise _Wrong(_("“%(text)s” is no date. Write it as 2022-09-01.") % {"text": text[:30]}) from error


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
