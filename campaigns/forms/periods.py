"""What the office fills in about days, and the administrator about the business clock."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.moments import DayField, MomentField

WORKING, OFF, CLEAR = "working", "off", "clear"


class CalendarDayForm(forms.Form):
    """Declares one day a working day or a day off, or leaves it to the Chinese calendar again."""

    on = DayField(label=_("Day"))
    declare = forms.ChoiceField(
        label=_("It is"),
        choices=[
            (WORKING, _("a working day")),
            (OFF, _("a day off")),
            (CLEAR, _("what the Chinese calendar says")),
        ],
    )
    note = forms.CharField(label=_("Note"), max_length=120, required=False)

    def is_working(self) -> bool | None:
        return {WORKING: True, OFF: False, CLEAR: None}[self.cleaned_data["declare"]]


class ClockForm(forms.Form):
    """To which instant the business clock is moved."""

    to = MomentField(label=_("Day and time"))

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["to"].widget.attrs["class"] = "form-control"
