"""The rows of the scheme editor: one criterion, one gate. A row in which nothing is typed is left out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from awards.forms.methods import MethodForm, box, initial_of
from awards.models import Criterion, Gate
from units.forms.fields import NameField

MOST_ORDER = 32767
DEFAULT_METHOD = Criterion.Method.LINEAR


def _number(label: Any, **options: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "form-control", "min": 1})
    return forms.IntegerField(label=label, min_value=1, max_value=MOST_ORDER, widget=widget, **options)


def _name(label: Any, longest: int) -> NameField:
    return NameField(label=label, max_length=longest, widget=forms.TextInput(attrs={"class": "form-control"}))


class CriterionRow(MethodForm):
    """`indicator` by its code, `action` by its number in the campaign: one of them, where the source asks for it."""

    name_zh = _name(_("Name in Chinese"), 80)
    name_en = _name(_("Name in English"), 160)
    weight = box(2, _("Weight"), error_messages={"required": _("Give the weight.")})
    basis = forms.ChoiceField(
        label=_("Looks at"),
        choices=[("", _("choose")), *Criterion.Basis.choices],
        error_messages={"required": _("Choose what this criterion looks at.")},
    )
    indicator = forms.CharField(
        label=_("Indicator, by code"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "known-indicators", "autocomplete": "off", "class": "form-control"}),
    )
    action = forms.CharField(
        label=_("Action, by number"),
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"list": "known-actions", "autocomplete": "off", "class": "form-control"}),
    )
    tie_order = _number(_("Order in a tie"), required=False)

    def __init__(self, number: int, data: Any = None, initial: Any = None) -> None:
        given = {"method": DEFAULT_METHOD.value} | (initial or {})
        super().__init__(data, initial=given, prefix=f"c{number}", empty_permitted=True, use_required_attribute=False)
        self.number = number
        self.fields["weight"].required = True

    @property
    def is_written(self) -> bool:
        return bool(self.cleaned_data)


class GateRow(forms.Form):
    """`criterion` and `behind` by the numbers that stand on the page."""

    name_zh = _name(_("Name in Chinese"), 80)
    name_en = _name(_("Name in English"), 160)
    criterion = _number(_("Criterion, by number"))
    minimum = box(2, _("At least, % of full points"), error_messages={"required": _("Say how much it asks for.")})
    behind = _number(_("Asked after gate"), required=False)

    def __init__(self, number: int, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial, prefix=f"g{number}", empty_permitted=True, use_required_attribute=False)
        self.number = number
        self.fields["minimum"].required = True

    @property
    def is_written(self) -> bool:
        return bool(self.cleaned_data)

    def tell(self, field: str, told: str) -> None:
        self.add_error(field if field in self.fields else None, told)


def criterion_initial(one: Criterion) -> dict[str, Any]:
    return {
        **initial_of(one),
        "name_zh": one.name_zh,
        "name_en": one.name_en,
        "basis": one.basis,
        "indicator": one.indicator.code if one.indicator else "",
        "action": one.action.number if one.action else "",
        "tie_order": one.tie_order,
    }


def gate_initial(one: Gate, criteria: dict[int, int], gates: dict[int, int]) -> dict[str, Any]:
    """`criteria` and `gates` give the number on the page by the id."""
    return {
        "name_zh": one.name_zh,
        "name_en": one.name_en,
        "criterion": criteria[one.criterion_id],
        "minimum": f"{one.minimum.normalize():f}",
        "behind": gates[one.behind_id] if one.behind_id else None,
    }
