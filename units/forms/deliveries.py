"""What the list of deliveries is narrowed to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from units.forms.fields import NameField
from units.models import Delivery
from units.queries.deliveries import STATES, WantedDeliveries

PICK = {"invalid_choice": _("Choose one from the list.")}


class DeliveriesFilter(forms.Form):
    state = forms.ChoiceField(label=_("State"), required=False, error_messages=PICK)
    channel = forms.ChoiceField(label=_("Channel"), required=False, error_messages=PICK)
    q = NameField(
        label=_("Recipient, subject or error"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(name, word) for name, (word, _condition) in STATES.items()]
        self.fields["state"].choices = states  # type: ignore[attr-defined]
        self.fields["channel"].choices = [("", _("all")), *Delivery.Channel.choices]  # type: ignore[attr-defined]

    def wanted(self) -> WantedDeliveries:
        """What can be made of what was asked; a part that makes no sense narrows nothing."""
        self.is_valid()
        asked = self.cleaned_data
        return WantedDeliveries(
            state=asked.get("state", ""), channel=asked.get("channel", ""), words=asked.get("q", "")
        )
