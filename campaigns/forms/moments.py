"""Boxes for days and times: full-width digits are accepted, and a year is one in which offices work."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 2000, 2099
_TO_PLAIN = str.maketrans("０１２３４５６７８９－／：．　", "0123456789-/:. ")
_OUTSIDE = _("Choose a year from %(first)d to %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR}


class DayField(forms.DateField):
    """A day; the browser's own picker where it has one."""

    widget = forms.DateInput(attrs={"type": "date", "min": f"{FIRST_YEAR}-01-01", "max": f"{LAST_YEAR}-12-31"})
    default_error_messages = {"invalid": _("This is not a day. Write it as 2022-09-05.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.format = "%Y-%m-%d"

    def to_python(self, value: Any) -> date | None:
        return _in_reach(super().to_python(value.translate(_TO_PLAIN).strip() if isinstance(value, str) else value))


class MomentField(forms.DateTimeField):
    """A day and a time, where the city is."""

    widget = forms.DateTimeInput(
        attrs={"type": "datetime-local", "min": f"{FIRST_YEAR}-01-01T00:00", "max": f"{LAST_YEAR}-12-31T23:59"}
    )
    default_error_messages = {"invalid": _("This is not a day and time. Write it as 2022-09-05 18:00.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.format = "%Y-%m-%dT%H:%M"

    def to_python(self, value: Any) -> datetime | None:
        return _in_reach(super().to_python(value.translate(_TO_PLAIN).strip() if isinstance(value, str) else value))


class HourField(forms.TimeField):
    """An hour of the day."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    default_error_messages = {"invalid": _("This is not a time. Write it as 14:30.")}

    def to_python(self, value: Any) -> time | None:
        return super().to_python(value.translate(_TO_PLAIN).strip() if isinstance(value, str) else value)


def _in_reach(value: Any) -> Any:
    if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(_OUTSIDE, code="out_of_reach")
    return value
