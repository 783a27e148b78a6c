"""What is to be compared, as the address says it; a value that is none is told, never left out in silence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from campaigns.filters import UNKNOWN
from campaigns.forms.judgements import CITY
from campaigns.models import Period
from campaigns.queries.compare import Place
from campaigns.templatetags.look import month_name
from units.models import Unit

WRONG = {"invalid_choice": UNKNOWN}
SAME = _("The same stands on both sides. Choose another.")


class PeriodsForm(forms.Form):
    """The city or a unit in two periods, the earlier of which stands first."""

    unit = forms.ChoiceField(label=_("Unit or city"), error_messages=WRONG)
    with_period = forms.ChoiceField(label=_("Compare with"), error_messages=WRONG)

    def __init__(
        self, asked: QueryDict, *, period: Period, periods: Sequence[Period], units: Sequence[Unit], own: Unit | None
    ) -> None:
        """`own` is whom the page shows first where the address names nobody; none for the city."""
        before = [one for one in periods if one.month < period.month]
        after = [one for one in periods if one.month > period.month and one.state != Period.State.UPCOMING]
        nearest = next(iter([*before[-1:], *after]), None)
        unit = asked.get("unit") or (own.code if own else CITY)
        month = asked.get("with_period") or (nearest.month if nearest else "")
        super().__init__({"unit": unit, "with_period": month}, auto_id="compare_%s")
        self._period, self._periods = period, {one.month: one for one in (*before, period, *after)}
        self._units = {one.code: one for one in units}
        _offer(self, unit=_places(units), with_period=[(one, month_name(one)) for one in self._periods])

    @property
    def has_choice(self) -> bool:
        """Whether there is another period to compare with."""
        return len(self._periods) > 1

    def clean_with_period(self) -> str:
        month: str = self.cleaned_data["with_period"]
        if month == self._period.month:
            raise forms.ValidationError(SAME)
        return month

    @property
    def places(self) -> tuple[Place, Place]:
        unit = self._units.get(self.cleaned_data["unit"])
        both = sorted((self._period, self._periods[self.cleaned_data["with_period"]]), key=lambda one: one.month)
        return Place(both[0], unit), Place(both[1], unit)


class UnitsForm(forms.Form):
    """Two units, or a unit and the city, in one period; what is compared with stands first."""

    unit = forms.ChoiceField(label=_("Unit or city"), error_messages=WRONG)
    with_unit = forms.ChoiceField(label=_("Compare with"), error_messages=WRONG)

    def __init__(self, asked: QueryDict, *, period: Period, units: Sequence[Unit], own: Unit | None) -> None:
        """`own` is whom the page shows first where the address names nobody."""
        shown = own or next(iter(units), None)
        unit = asked.get("unit") or (shown.code if shown else CITY)
        super().__init__({"unit": unit, "with_unit": asked.get("with_unit") or CITY}, auto_id="compare_%s")
        self._period, self._units = period, {one.code: one for one in units}
        _offer(self, unit=_places(units), with_unit=_places(units))

    @property
    def has_choice(self) -> bool:
        return bool(self._units)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("unit") and found.get("unit") == found.get("with_unit"):
            self.add_error("with_unit", SAME)
        return found

    @property
    def places(self) -> tuple[Place, Place]:
        first, second = (self._units.get(self.cleaned_data[name]) for name in ("with_unit", "unit"))
        return Place(self._period, first), Place(self._period, second)


def _places(units: Sequence[Unit]) -> list[tuple[str, Any]]:
    return [(CITY, _("City")), *((one.code, one.name) for one in units)]


def _offer(form: forms.Form, **choices: list[tuple[str, Any]]) -> None:
    for name, offered in choices.items():
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
        field.choices = offered
