"""The boxes of one criterion's method: every method with its own parameters, of which those of the chosen one count.

All stand on the page, so that another method can be chosen without a script; the style sheet shows those of the chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from awards.domain.methods import PARAMETERS, Method
from awards.models import Criterion
from campaigns.forms.figures import FigureField

LABELS: Mapping[str, Any] = {
    "target": _("Full from, %"),
    "full_at": _("Full at, %"),
    "step_per_point": _("Per point above or below, % of full"),
    "bonus_cap": _("At most more, % of full"),
    "penalty_cap": _("At most less, % of full"),
    "first": _("First place, % of full"),
    "step": _("Less for each place, % of full"),
    "floor": _("Not below, % of full"),
    "plan": _("Plan, %"),
    "band": _("Width of a band, points"),
    "points": _("Per band, % of full"),
}
LONGEST = 40
"""Characters of a parameter; what they say is checked with the scheme."""


def box(decimals: int, label: Any, **options: Any) -> FigureField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "form-control"})
    return FigureField(decimals=decimals, integer_digits=3, label=label, widget=widget, **options)


class MethodForm(forms.Form):
    """`method` and, for each method, the parameters that it takes."""

    method = forms.ChoiceField(label=_("Method"), choices=Criterion.Method.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for method, parameters in PARAMETERS.items():
            for one in parameters:
                self.fields[f"{method.value}-{one.name}"] = forms.CharField(
                    label=LABELS[one.name],
                    required=False,
                    max_length=LONGEST,
                    widget=forms.TextInput(
                        attrs={
                            "inputmode": "decimal",
                            "autocomplete": "off",
                            "class": "form-control",
                            "placeholder": "" if one.default is None else str(one.default),
                        }
                    ),
                )

    def parameter_groups(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The boxes of each method that takes any."""
        for method, parameters in PARAMETERS.items():
            if parameters:
                yield method.value, [self[f"{method.value}-{one.name}"] for one in parameters]

    def other_fields(self) -> list[BoundField]:
        """All boxes but method and parameters."""
        return [one for one in self if one.name != "method" and "-" not in one.name and not one.is_hidden]

    def parameters(self) -> dict[str, str]:
        """Those of the chosen method that were given; the form must be valid."""
        method = Method(self.cleaned_data["method"])
        names = [one.name for one in PARAMETERS[method]]
        given = {name: self.cleaned_data[f"{method.value}-{name}"].strip() for name in names}
        return {name: value for name, value in given.items() if value}

    def tell(self, field: str, parameter: str, told: str) -> None:
        """Puts a message beside the box it belongs to; one of a parameter beside that of the chosen method."""
        method = self.cleaned_data.get("method", "")
        name = f"{method}-{parameter}" if field == "parameters" else field
        self.add_error(name if name in self.fields else None, told)


def sum_of_weights(boxes: Iterable[Any]) -> Decimal:
    """Of what is typed and is a number."""
    total = Decimal(0)
    for value in boxes:
        try:
            total += box(2, "").clean(value) or 0
        except forms.ValidationError:
            continue
    return total


def initial_of(criterion: Criterion) -> dict[str, Any]:
    """Method and parameters as boxes show them."""
    parameters = {f"{criterion.method}-{name}": str(value) for name, value in criterion.parameters.items()}
    return {"weight": f"{criterion.weight.normalize():f}", "method": criterion.method, **parameters}
