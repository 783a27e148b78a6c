"""What a person fills in to decide on a report: the version looked at, a reason, a deadline, a corrected figure."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns.forms.figures import FigureField
from campaigns.forms.moments import MomentField
from campaigns.models import Measurement
from campaigns.models.reports import ValueStatus
from campaigns.operations.reports import Figure

NOT_WHOLE = _("This page was not sent whole. Load it again.")
LARGEST_ID = 2**31 - 1
MANY = 500
"""At most so many reports are decided on at once."""

READY_REASONS = {
    "cumulative": (_("Figure not cumulative"), _("Enter the cumulative figure since day 1, not this month's alone.")),
    "measure": (_("Unit of measure"), _("Check the unit of measure: the figure does not fit the unit asked for.")),
    "proof": (_("Proof missing"), _("Attach the proof of this figure.")),
}
"""What reviewers write most, by key: the words on the button, and the words that the unit sees."""


def wrong_with_version(form: forms.Form) -> str:
    """What is wrong with the version that a page carries unseen: no box of it shows a message."""
    return " ".join(map(str, form.errors.get("version", [])))


class DecisionForm(forms.Form):
    """A step that needs no words; `version` is the version of the report that the person looked at."""

    version = forms.IntegerField(
        min_value=1,
        max_value=LARGEST_ID,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), NOT_WHOLE),
    )


def reason_box(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=2000,
        error_messages={"required": _("Give the reason: the unit sees exactly these words.")},
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control", **options}),
    )


class SendBackForm(DecisionForm):
    """The reason reaches the unit word for word."""

    reason = reason_box(_("Reason, if you send it back"), placeholder=_("The unit sees exactly these words"))

    def with_ready_reason(self, key: str) -> SendBackForm:
        """The form with a ready reason behind what was typed; nothing else happens to it."""
        typed = str(self.data.get("reason", "")).strip()
        ready = str(READY_REASONS[key][1])
        text = typed if ready in typed else f"{typed}\n{ready}".strip()
        return SendBackForm(initial={"version": self.data.get("version", ""), "reason": text})


class ApproveManyForm(forms.Form):
    """Ticked reports, each as `id-version`, so that one which changed meanwhile is refused and named."""

    def __init__(self, values: list[str]) -> None:
        super().__init__({})
        self._values = values
        self.reports: list[tuple[int, int]] = []

    def clean(self) -> None:
        if not self._values:
            raise ValidationError(_("No report is selected. Tick those that you approve."))
        if len(self._values) > MANY:
            raise ValidationError(_("At most %(many)d reports can be approved at once.") % {"many": MANY})
        self.reports = list(dict.fromkeys(map(_id_and_version, self._values)))


def _id_and_version(text: str) -> tuple[int, int]:
    report_id, _dash, version = text.partition("-")
    for part in (report_id, version):
        if not (part.isascii() and part.isdigit() and len(part) < 11 and 0 < int(part) <= LARGEST_ID):
            raise ValidationError(NOT_WHOLE)
    return int(report_id), int(version)


class ReopenForm(forms.Form):
    """Why a report is reopened after closing, and until when."""

    reason = reason_box(_("Reason"))
    until = MomentField(
        label=_("New deadline"), help_text=_("Until then the unit may change the report and file it again.")
    )


class CorrectForm(forms.Form):
    """One figure as it should have been. The one before is kept and shown."""

    version = DecisionForm.base_fields["version"]

    def __init__(self, data: Any = None, *, measurement: Measurement) -> None:
        indicator = measurement.indicator
        super().__init__(data, initial=_as_it_is(measurement))
        self.fields["value"] = FigureField(
            decimals=indicator.decimals,
            label=_("Figure"),
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "form-control"}),
        )
        self.fields["value_status"] = forms.ChoiceField(label=_("Value status"), choices=ValueStatus.choices)
        if indicator.asks_growth or measurement.growth is not None:
            self.fields["growth"] = FigureField(
                decimals=2,
                integer_digits=7,
                label=_("Growth year on year, %"),
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
        self.fields["note"] = forms.CharField(label=_("Note"), required=False, max_length=500)
        self.fields["reason"] = reason_box(_("Reason for the correction"))

    def figure(self) -> Figure:
        filled = self.cleaned_data
        return Figure(
            value=filled["value"],
            value_status=filled["value_status"],
            growth=filled.get("growth"),
            note=filled["note"].strip(),
        )


def _as_it_is(measurement: Measurement) -> dict[str, Any]:
    def typed(value: Any, places: int) -> str:
        return "" if value is None else f"{value:.{places}f}"

    return {
        "version": measurement.version,
        "value": typed(measurement.value, measurement.indicator.decimals),
        "value_status": measurement.value_status,
        "growth": typed(measurement.growth, 2),
        "note": measurement.note,
    }
