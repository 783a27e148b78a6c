"""The marks that the office gives by hand: a box and a note for every unit and every criterion that asks for one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from awards.models import Criterion, Mark, Round
from awards.operations.marks import NOTE_LENGTH, PLACES, GivenMark
from campaigns.forms.decisions import DecisionForm
from campaigns.forms.figures import FigureField
from units.models import Unit


@dataclass(frozen=True, slots=True)
class MarkRow:
    """The boxes of one unit under one criterion."""

    unit: Unit
    mark: BoundField
    note: BoundField


class MarksForm(DecisionForm):
    """An empty box is no mark: missing, never 0."""

    def __init__(
        self,
        award: Round,
        criteria: Sequence[Criterion],
        units: Sequence[Unit],
        marks: Iterable[Mark],
        data: Any = None,
    ) -> None:
        there = {(one.criterion_id, one.unit_id): one for one in marks}
        super().__init__(data, initial={"version": award.version})
        self.criteria, self.units = criteria, units
        for criterion in criteria:
            for unit in units:
                self._add(criterion, unit, there.get((criterion.pk, unit.pk)))

    def _add(self, criterion: Criterion, unit: Unit, mark: Mark | None) -> None:
        key = f"{criterion.order}-{unit.code}"
        told = {"unit": unit.name, "criterion": criterion.name}
        self.fields[f"mark-{key}"] = FigureField(
            decimals=PLACES,
            integer_digits=3,
            label=_("Mark for %(unit)s: %(criterion)s") % told,
            widget=forms.TextInput(
                attrs={"inputmode": "decimal", "autocomplete": "off", "class": "form-control", "placeholder": _("Mark")}
            ),
        )
        self.fields[f"note-{key}"] = forms.CharField(
            label=_("Note on %(unit)s: %(criterion)s") % told,
            required=False,
            max_length=NOTE_LENGTH,
            widget=forms.TextInput(attrs={"class": "form-control", "placeholder": _("Note")}),
        )
        if mark is not None:
            self.initial[f"mark-{key}"], self.initial[f"note-{key}"] = f"{mark.value:f}", mark.note

    def by_criterion(self) -> Iterator[tuple[Criterion, list[MarkRow]]]:
        for criterion in self.criteria:
            keys = [(unit, f"{criterion.order}-{unit.code}") for unit in self.units]
            yield criterion, [MarkRow(unit, self[f"mark-{key}"], self[f"note-{key}"]) for unit, key in keys]

    def marks(self) -> dict[tuple[int, str], GivenMark]:
        """What was given; the form must be valid."""
        filled = self.cleaned_data
        return {
            (criterion.order, unit.code): GivenMark(
                filled[f"mark-{criterion.order}-{unit.code}"], filled[f"note-{criterion.order}-{unit.code}"].strip()
            )
            for criterion in self.criteria
            for unit in self.units
        }
