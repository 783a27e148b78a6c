"""Reads one cell of the office's tables: a number, a day, a month, a word of a list, or the code of another row."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.documents.figure_columns import LANGUAGES
from campaigns.documents.figures_cells import NO_FIGURE, Wrong
from campaigns.domain.figures import FigureError, parse_figure
from campaigns.forms.figures import NOT_A_NUMBER, TOO_LARGE, too_many_decimals
from campaigns.queries.master_kinds import Kind, References
from units.documents.cell_errors import ERROR_CELL, is_error

DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?( 00:00:00)?")
MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?", re.ASCII)
EXCEL_DAYS = range(20_000, 80_000)
EXCEL_EPOCH = date(1899, 12, 30)
YES_NO = {"yes": True, "true": True, "1": True, "是": True, "y": True,
          "no": False, "false": False, "0": False, "否": False, "n": False}  # fmt: skip
REFERENCES = (
    "unit", "lead", "counted_in", "campaign", "action", "indicator", "rollup_weight", "package", "project",
)  # fmt: skip


class CellReader:
    """Knows the columns of one table, and the rows that its cells may name."""

    def __init__(self, kind: Kind, refer: References) -> None:
        self.kind, self.refer = kind, refer
        self.words: dict[str, dict[str, str]] = {}

    def value(self, column: str, text: str, *, campaign: str) -> Any:
        """What the cell says. `campaign` is the cell of the same row that tells whose action a number means.

        Raises `Wrong`.
        """
        if is_error(text):
            raise Wrong(ERROR_CELL % {"error": text})
        if column in REFERENCES:
            return self._reference(column, text, campaign) if text not in NO_FIGURE else self._none(column)
        if column == "month":
            return _month(text)
        one: Any = self.kind.model._meta.get_field(column)
        if text in NO_FIGURE and one.blank:
            return None if one.null else one.get_default() if one.has_default() else ""
        if one.choices:
            return self._choice(column, one, text)
        if isinstance(one, models.BooleanField):
            found = YES_NO.get(text.casefold())
            if found is None:
                raise Wrong(_("“%(text)s” is neither yes nor no.") % {"text": text[:30]})
            return found
        if isinstance(one, models.DecimalField):
            return _number(text, one.decimal_places, min(14, one.max_digits - one.decimal_places))
        if isinstance(one, models.IntegerField):
            return int(_number(text, 0, 9))
        if isinstance(one, models.DateField):
            return _day(text)
        return text if isinstance(one, models.TextField) else " ".join(text.split())

    def _none(self, column: str) -> None:
        """A dash instead of another row, where there need be none."""
        try:
            one: Any = self.kind.model._meta.get_field(column)
            may_be_none = one.null
        except FieldDoesNotExist:
            may_be_none = column == "unit"
        if not may_be_none:
            raise Wrong(_("This cell must not be empty."))

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
            raise Wrong(_("“%(text)s” is none of the choices: %(choices)s.") % {"text": text[:40], "choices": choices})
        return found

    def _reference(self, column: str, text: str, campaign: str) -> Any:
        refer, key = self.refer, " ".join(text.split()).casefold()
        if column == "action":
            number = int(key) if key.isascii() and key.isdigit() and len(key) < 6 else 0
            found: Any = refer.actions.get((campaign, number))
        elif column == "campaign":
            found = refer.campaigns.get(key)
        elif column in ("indicator", "rollup_weight"):
            found = refer.indicators.get(key)
        else:
            found = (refer.projects if column in ("package", "project") else refer.units).get(key)
        if found is None:
            raise Wrong(_("“%(text)s” is not known here.") % {"text": text[:60]})
        return found


def _number(text: str, decimals: int, digits: int) -> Decimal:
    if DAY.fullmatch(text):
        told = _("This cell holds a date (%(day)s), not a number. Format it as a number and type the figure again.")
        raise Wrong(told % {"day": text[:10]})
    try:
        return parse_figure(text, decimals=decimals, max_integer_digits=digits)
    except FigureError as error:
        if error.code == "too_many_decimals":
            raise Wrong(too_many_decimals(decimals)) from error
        told = TOO_LARGE % {"digits": digits} if error.code == "too_large" else NOT_A_NUMBER % {"text": text[:30]}
        raise Wrong(told) from error


def _day(text: str) -> date:
    found = DAY.fullmatch(text)
    if found is None:
        if text.isascii() and text.isdigit() and int(text[:6]) in EXCEL_DAYS and len(text) == 5:
            told = _("%(number)s is a number, not a date. Format the cell as a date; Excel would show %(day)s.")
            raise Wrong(told % {"number": text, "day": EXCEL_EPOCH + timedelta(days=int(text))})
        raise Wrong(_("“%(text)s” is no date. Write it as 2022-09-01.") % {"text": text[:30]})
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise Wrong(_("“%(text)s” is no date. Write it as 2022-09-01.") % {"text": text[:30]}) from error


def _month(text: str) -> str:
    """`2022-07`, as people write it or as Excel takes it for the month's first day."""
    found = MONTH.fullmatch(text)
    year, month = (int(found[1]), int(found[2])) if found else (0, 0)
    if found is None and DAY.fullmatch(text):
        day = _day(text)
        year, month = (day.year, day.month) if day.day == 1 else (0, 0)
    if not (year and 1 <= month <= 12):
        raise Wrong(_("“%(text)s” is no month. Write it as 2022-09.") % {"text": text[:30]})
    return f"{year:04}-{month:02}"
