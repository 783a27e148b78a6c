"""The draft of a meeting's minutes: a row for each conclusion, and a few empty ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns.forms.moments import DayField
from campaigns.models import AgendaItem, Meeting, MinutesItem
from campaigns.operations.minutes import Conclusion
from units.models import Unit

EMPTY_ROWS = 3
MOST = 100


class ConclusionForm(forms.Form):
    """One item. A row without a conclusion is left out."""

    item_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    agenda_item = forms.ModelChoiceField(
        AgendaItem.objects.none(), label=_("Agenda item"), required=False, empty_label=_("none")
    )
    conclusion_zh = forms.CharField(
        label=_("Conclusion in Chinese"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    conclusion_en = forms.CharField(
        label=_("Conclusion in English"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    responsible = forms.ModelChoiceField(Unit.objects.none(), label=_("Responsible unit"), required=False)
    due_on = DayField(label=_("Time limit"), required=False)

    def __init__(self, *args: Any, agenda: Sequence[Any], units: Sequence[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        # A row that says what is saved already is written too: Django would leave it out as an untouched extra one.
        self.empty_permitted = False
        for name, choices in (("agenda_item", agenda), ("responsible", units)):
            field: Any = self.fields[name]
            field.queryset = choices
            field.choices = [("", field.empty_label or "---------"), *((one.pk, str(one)) for one in choices)]

    def clean(self) -> dict[str, Any]:
        filled = self.cleaned_data
        says = filled.get("conclusion_zh") or filled.get("conclusion_en")
        if not says and not self.errors and filled.get("due_on"):
            raise ValidationError(_("Write the conclusion, or empty the time limit."))
        return filled

    @property
    def is_written(self) -> bool:
        return bool(self.cleaned_data.get("conclusion_zh") or self.cleaned_data.get("conclusion_en"))

    def conclusion(self) -> Conclusion:
        filled = self.cleaned_data
        return Conclusion(**{name: filled.get(name) for name in self.base_fields})  # type: ignore[arg-type]


def conclusions_form(meeting: Meeting, items: Sequence[MinutesItem], data: Any = None) -> Any:
    """The rows of the draft; before anything is written, one for each agenda item."""
    agenda = meeting.agenda.order_by("session", "order")
    units = Unit.objects.filter(is_active=True).order_by("order", "code")
    initial = [
        {
            "item_id": item.pk,
            "agenda_item": item.agenda_item_id,
            "conclusion_zh": item.conclusion_zh,
            "conclusion_en": item.conclusion_en,
            "responsible": item.responsible_id,
            "due_on": item.due_on,
        }
        for item in items
    ] or [{"agenda_item": item.pk, "responsible": item.presenter_id} for item in agenda]
    made = forms.formset_factory(ConclusionForm, extra=EMPTY_ROWS, max_num=MOST, absolute_max=MOST)
    return made(data, initial=initial, prefix="item", form_kwargs={"agenda": agenda, "units": units})


def written(formset: Any) -> list[Conclusion]:
    """What is written, in order; the formset must be valid."""
    return [form.conclusion() for form in formset if form.is_written]
