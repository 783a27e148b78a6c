"""What people write on an early warning: what lies behind it, what will be done by when, why it is cleared."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.decisions import DecisionForm
from campaigns.forms.moments import DayField
from campaigns.models import EarlyWarning
from campaigns.operations.warnings import LONGEST


def _words(label: Any, missing: Any, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        error_messages={"required": missing},
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        **options,
    )


class ExplainForm(DecisionForm):
    explanation = _words(_("What lies behind it"), _("Say what lies behind it."))


class MeasureForm(DecisionForm):
    measure = _words(_("What will be done"), _("Say what will be done."))
    measure_due_on = DayField(label=_("By when"), error_messages={"required": _("Say by when.")})


class AcceptForm(DecisionForm):
    reason = _words(
        _("Reason that you accept"),
        _("Give the reason; it stays visible."),
        help_text=_("The light is shown one step milder, and the reason stays beside it."),
    )


class EscalateForm(DecisionForm):
    reason = _words(_("Why it goes before the meeting"), _("Say why it goes before the meeting."))


class ClearForm(DecisionForm):
    reason = _words(_("Why it is cleared"), _("Say why it is cleared."))


FORMS: dict[str, type[DecisionForm]] = {
    "explain": ExplainForm,
    "measure": MeasureForm,
    "accept_reason": AcceptForm,
    "escalate": EscalateForm,
    "clear": ClearForm,
}
"""By the verb of the step."""


def form_of(verb: str, warning: EarlyWarning, data: Any = None) -> DecisionForm:
    """The form of a step, with what was written before and the version that the person looks at. Its boxes have ids of
    their own, since several forms stand on one page."""
    initial = {
        "version": warning.version,
        "explanation": warning.explanation,
        "measure": warning.measure,
        "measure_due_on": warning.measure_due_on,
    }
    if verb == "accept_reason":
        initial["reason"] = warning.accepted_reason
    return FORMS[verb](data, initial=initial, auto_id=f"{verb}-%s")
