"""Reads one cell of an uploaded form: the figure, its status, its growth, the note."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.documents.figure_columns import known_statuses
from campaigns.domain.figures import FigureError, parse_figure
from campaigns.forms.figures import NOT_A_NUMBER, TOO_LARGE, too_many_decimals
from campaigns.models.reports import ValueStatus
from campaigns.queries.report_sheet import Row

NO_FIGURE = frozenset({"-", "–", "—", "－", "−", "/", "／", "无"})
DAY = re.compile(r"\d{4}-\d{2}-\d{2}( 00:00:00)?")
LONGEST_NOTE = 500


class Wrong(Exception):
    """What is wrong with one cell."""


class FigureCells:
    """Knows the words that a form may hold, in both languages."""

    def __init__(self) -> None:
        self.statuses = known_statuses()

    def read(self, name: str, text: str, row: Row) -> Any:
        """What the cell of this column says of the row's indicator. Raises `Wrong`."""
        return {"value": self._value, "status": self._status, "growth": self._growth, "note": self._note}[name](
            text, row
        )

    def _value(self, text: str, row: Row) -> Decimal | None:
        is_percent = row.indicator.measure_en == "%"
        return _number(text, decimals=row.indicator.decimals, digits=14, is_percent=is_percent)

    def _growth(self, text: str, row: Row) -> Decimal | None:
        if text not in NO_FIGURE and not row.indicator.asks_growth:
            raise Wrong(_("This indicator asks for no growth. Leave the cell empty."))
        return _number(text, decimals=2, digits=7, is_percent=True)

    def _status(self, text: str, row: Row) -> str:
        found = self.statuses.get(text.casefold())
        if found is None:
            choices = pgettext("between names", ", ").join(str(status.label) for status in ValueStatus)
            told = _("“%(text)s” is no value status. Choose one of: %(choices)s.")
            raise Wrong(told % {"text": text[:30], "choices": choices})
        return found

    def _note(self, text: str, row: Row) -> str:
        note = " ".join(text.split())
        if len(note) > LONGEST_NOTE:
            told = _("The note has %(length)d signs; at most %(most)d fit.")
            raise Wrong(told % {"length": len(note), "most": LONGEST_NOTE})
        return note


def _number(text: str, *, decimals: int, digits: int, is_percent: bool) -> Decimal | None:
    if text in NO_FIGURE:
        return None
    if DAY.fullmatch(text):
        told = _("This cell holds a date (%(day)s), not a number. Format it as a number and type the figure again.")
        raise Wrong(told % {"day": text[:10]})
    if is_percent:
        text = re.sub(r"\s*[%％]$", "", text)
    try:
        return parse_figure(text, decimals=decimals, max_integer_digits=digits)
    except FigureError as error:
        words = {
            "too_many_decimals": lambda: too_many_decimals(decimals),
            "too_large": lambda: TOO_LARGE % {"digits": digits},
        }.get(error.code, lambda: NOT_A_NUMBER % {"text": text[:30]})
        raise Wrong(str(words())) from error
