"""The boxes of one report: a figure, its value status, growth and note for each indicator, and the narrative."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.figures import FigureField
from campaigns.models.reports import ValueStatus
from campaigns.operations.reports import NARRATIVE, Figure
from campaigns.queries.report_sheet import Preview, Row, Section

NARRATIVE_LABELS = {
    "progress": _("What was done"),
    "problems": _("Problems"),
    "next_steps": _("Next step"),
}


class ReportForm(forms.Form):
    """Built for one section of the sheet; its prefix `r<report id>` keeps the reports of a page apart."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, section: Section) -> None:
        self.section = section
        super().__init__(data, prefix=f"r{section.report.pk}", initial=_initial(section))
        for row in section.rows:
            self._add_row(row)
        for name, label in NARRATIVE_LABELS.items():
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                max_length=4000,
                widget=forms.Textarea(
                    attrs={"rows": 2, "class": "form-control", "data-kept": getattr(section.report, name)}
                ),
            )
        if not section.can_fill:
            for field in self.fields.values():
                field.disabled = True

    def _add_row(self, row: Row) -> None:
        key, name = row.indicator.pk, row.indicator.name
        self.fields[f"value-{key}"] = FigureField(
            decimals=row.indicator.decimals, label=name, widget=forms.TextInput(attrs={"inputmode": "decimal"})
        )
        self.fields[f"status-{key}"] = forms.ChoiceField(
            label=_("Value status"), choices=ValueStatus.choices, required=False
        )
        if row.indicator.asks_growth:
            self.fields[f"growth-{key}"] = FigureField(
                decimals=2, integer_digits=7, label=_("Growth year on year, %"), widget=forms.TextInput()
            )
        self.fields[f"note-{key}"] = forms.CharField(label=_("Note"), required=False, max_length=500)

    def figures(self) -> dict[int, Figure]:
        """The figures whose boxes can be read, by indicator id; one with an error is left as it was."""
        return {
            row.indicator.pk: Figure(
                value=self.cleaned_data[f"value-{key}"],
                value_status=self.cleaned_data[f"status-{key}"] or ValueStatus.PRELIMINARY,
                growth=self.cleaned_data.get(f"growth-{key}"),
                note=self.cleaned_data[f"note-{key}"].strip(),
            )
            for row in self.section.rows
            for key in [row.indicator.pk]
            if not self._has_errors(row)
        }

    def narrative(self) -> dict[str, str]:
        return {name: self.cleaned_data[name].strip() for name in NARRATIVE if name in self.cleaned_data}

    def _has_errors(self, row: Row) -> bool:
        return any(f"{part}-{row.indicator.pk}" in self.errors for part in ("value", "status", "growth", "note"))

    def preview(self, row: Row) -> Preview:
        """How the figure in the box would stand; what cannot be read counts as missing."""
        key = row.indicator.pk
        if not self.is_bound or not self.section.can_fill:
            return row.preview(row.value, row.note)
        self.is_valid()
        return row.preview(self.cleaned_data.get(f"value-{key}"), self.cleaned_data.get(f"note-{key}", ""))

    def boxes(self) -> list[Box]:
        return [Box(self, row) for row in self.section.rows]

    @property
    def narrative_boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in NARRATIVE]


class Box:
    """One row of the form as the template draws it."""

    def __init__(self, form: ReportForm, row: Row) -> None:
        key = row.indicator.pk
        self.form = form
        self.row = row
        self.value = form[f"value-{key}"]
        self.status = form[f"status-{key}"]
        self.growth = form[f"growth-{key}"] if row.indicator.asks_growth else None
        self.note = form[f"note-{key}"]
        self.preview = form.preview(row)
        self.is_unchanged = row.last is not None and self.preview.change == 0

    @property
    def errors(self) -> list[str]:
        boxes = [self.value, self.status, self.growth, self.note]
        return [str(error) for box in boxes if box is not None for error in box.errors]

    @property
    def is_missing(self) -> bool:
        """Without a figure and without a word why."""
        return not self.errors and any(one.code == "missing_without_comment" for one in self.preview.findings)

    @property
    def tone(self) -> str:
        """The class of the box: err, warn, same or nothing."""
        if self.errors:
            return "err"
        if self.preview.warnings:
            return "warn"
        return "same" if self.is_unchanged else ""

    @property
    def is_contested(self) -> bool:
        """Whether what was typed differs from what stands in the database; asked only after a conflict."""
        return self.form.is_bound and self.form.cleaned_data.get(f"value-{self.row.indicator.pk}") != self.row.value

    @property
    def asks_note(self) -> bool:
        """Whether the note's row is shown without being asked for: a warning, an error, or words that are there."""
        return bool(self.preview.warnings or self.errors or self.note.value())


def _initial(section: Section) -> dict[str, Any]:
    initial: dict[str, Any] = {"version": section.report.version}
    for row in section.rows:
        key, measurement = row.indicator.pk, row.measurement
        initial[f"value-{key}"] = as_typed(row.value, row.indicator.decimals)
        initial[f"status-{key}"] = measurement.value_status if measurement else ValueStatus.PRELIMINARY
        initial[f"growth-{key}"] = as_typed(measurement.growth, 2) if measurement else ""
        initial[f"note-{key}"] = row.note
    return initial | {name: getattr(section.report, name) for name in NARRATIVE}


def as_typed(value: Any, decimals: int) -> str:
    """A figure as a person would type it, with the indicator's places; nothing where there is none."""
    return "" if value is None else f"{value:.{decimals}f}"
