"""The box for a table: a file, or a block of cells copied from a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from units.documents.tables import Grid, read_pasted, read_sheets
from units.refusals import Invalid

ACCEPT = ".xlsx,.csv,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TableForm(forms.Form):
    """Takes one of the two, and reads it: `grids` has its sheets."""

    file = forms.FileField(
        label=_("Excel or CSV file"),
        required=False,
        help_text=_("The filled form, .xlsx or .csv, at most 5 MB."),
        widget=forms.ClearableFileInput({"accept": ACCEPT}),
        error_messages={"empty": _("This file is empty.")},
    )
    pasted = forms.CharField(
        label=_("Or paste cells"),
        required=False,
        strip=False,
        help_text=_(
            "Copy them in Excel or WPS, with the headings or without: indicator, figure, value status, growth, note."
        ),
        widget=forms.Textarea({"rows": 6, "class": "form-control paste", "spellcheck": "false", "autocomplete": "off"}),
    )
    grids: Sequence[Grid] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, pasted = cleaned.get("file"), cleaned.get("pasted", "")
        if self.errors:
            return cleaned
        if not file and not pasted.strip():
            self.add_error("file", _("Choose a file, or paste cells below."))
            return cleaned
        try:
            self.grids = read_sheets(file.file, size=file.size) if file else [read_pasted(pasted)]
        except Invalid as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else "file", str(refusal))
        return cleaned

    @property
    def name(self) -> str:
        """What the upload is called in the preview."""
        file = self.cleaned_data.get("file")
        return file.name if file else str(_("pasted cells"))


class MasterForm(TableForm):
    """The same for a table of the office."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("The changed template, .xlsx or .csv, at most 5 MB and 10,000 rows.")
        self.fields["pasted"].help_text = _("Copy the cells with their headings from Excel or WPS.")
