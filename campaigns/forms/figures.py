"""The box for a figure: reads what people type, full-width digits and separators too, and says what is wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.domain.figures import FigureError, parse_figure

NOT_A_NUMBER = _("“%(text)s” is not a number. Write digits, for example 1,234.5.")
TOO_LARGE = _("This number is too large: at most %(digits)s digits before the point.")


class FigureField(forms.CharField):
    """A decimal with at most `decimals` places; empty is None, never zero."""

    def __init__(self, *, decimals: int, integer_digits: int = 14, **options: Any) -> None:
        self.decimals = decimals
        self.integer_digits = integer_digits
        options.setdefault("required", False)
        super().__init__(max_length=60, **options)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text.strip():
            return None
        try:
            return parse_figure(text, decimals=self.decimals, max_integer_digits=self.integer_digits)
        except FigureError as error:
            raise ValidationError(self._words(error, text), code=error.code) from error

    def _words(self, error: FigureError, text: str) -> str:
        if error.code == "too_many_decimals":
            return too_many_decimals(self.decimals)
        if error.code == "too_large":
            return TOO_LARGE % {"digits": self.integer_digits}
        return NOT_A_NUMBER % {"text": text[:30]}


def too_many_decimals(decimals: int) -> str:
    if decimals == 0:
        return str(_("Write a whole number, without decimals."))
    return ngettext(
        "At most %(decimals)d place after the point.", "At most %(decimals)d places after the point.", decimals
    ) % {"decimals": decimals}
