"""What the lead's reviewers write beside the computed light: a likelihood, and a reason they accept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Likelihood
from units.models import Unit

CITY = "city"
LENGTH = 2000
Typed = Mapping[str, Any]


class LikelihoodForm(forms.Form):
    """How likely a unit, or the city, reaches its target; `judged_unit` is none for the city."""

    unit = forms.ChoiceField(label=_("Whose target"))
    level = forms.ChoiceField(
        label=_("How likely is it to be reached"), choices=Likelihood.Level.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("Reason"), max_length=LENGTH, widget=forms.Textarea(attrs={"rows": 3}))
    next_step = forms.CharField(
        label=_("Next step"), max_length=LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, data: Typed | None = None, *, units: Sequence[Unit], initial: dict[str, str] | None = None
    ) -> None:
        super().__init__(data, auto_id="judge_%s", initial=initial)
        self._units = {unit.code: unit for unit in units}
        _offer(self, [(CITY, _("City")), *((unit.code, unit.name) for unit in units)])

    @property
    def judged_unit(self) -> Unit | None:
        return self._units.get(self.cleaned_data["unit"])


class AcceptedReasonForm(forms.Form):
    """A reason for being behind, of one of the units that are."""

    unit = forms.ChoiceField(label=_("Unit"))
    reason = forms.CharField(label=_("Reason"), max_length=LENGTH, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Typed | None = None, *, units: Sequence[Unit]) -> None:
        super().__init__(data, auto_id="accept_%s")
        self._units = {unit.code: unit for unit in units}
        _offer(self, [(unit.code, unit.name) for unit in units])

    @property
    def excused_unit(self) -> Unit:
        return self._units[self.cleaned_data["unit"]]


def _offer(form: forms.Form, choices: Sequence[tuple[str, Any]]) -> None:
    field = form.fields["unit"]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type)
    field.choices = choices
