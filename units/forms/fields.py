"""Boxes that take what people here type: days in several spellings, full-width digits, telephone numbers."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 2000, 2099
CONTROL_SIGNS = re.compile(r"[\x00-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069]")


class NameField(forms.CharField):
    """One line without invisible signs."""

    def to_python(self, value: Any) -> str:
        return " ".join(CONTROL_SIGNS.sub(" ", super().to_python(value) or "").split())


class AddressField(forms.EmailField):
    """An email address; full-width signs become the ordinary ones."""

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFKC", super().to_python(value) or "")


class PhoneField(forms.CharField):
    """A telephone number; full-width digits become the ordinary ones."""

    default_validators = [
        RegexValidator(
            r"^\+?[0-9][0-9 ()./-]{3,}$", _("This is no telephone number. Use digits, spaces, + and - only.")
        )
    ]

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFKC", super().to_python(value) or "")


class DayField(forms.DateField):
    """A day as the browser's calendar gives it, or typed: 2022-09-01, 2022/9/1, 2022年9月1日."""

    default_error_messages = {"invalid": _("This is no day. Write it as 2022-09-01.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"], **kwargs)

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(unicodedata.normalize("NFKC", value) if isinstance(value, str) else value)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(_("This year cannot be right. Look at it once more."))
        return day
