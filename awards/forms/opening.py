"""What the office chooses to open a round: the scheme, the month whose figures count, days and names where they differ
from what follows from these."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from awards.domain.intervals import Interval, name_of, stretch
from awards.models import Scheme
from campaigns.forms.moments import DayField
from campaigns.models import Period


class OpenRoundForm(forms.Form):
    scheme = forms.ModelChoiceField(Scheme.objects.none(), label=_("Award scheme"), empty_label=None)
    period = forms.ModelChoiceField(
        Period.objects.none(), label=_("Figures of"), help_text=_("The last month of the round.")
    )
    starts_on = DayField(label=_("First day"), required=False)
    ends_on = DayField(
        label=_("Last day"), required=False, help_text=_("Empty: the scheme's interval that ends with this month.")
    )
    name_zh = forms.CharField(label=_("Name in Chinese"), required=False, max_length=60)
    name_en = forms.CharField(
        label=_("Name in English"), required=False, max_length=120, help_text=_("Empty: after its days.")
    )

    def __init__(self, data: Any = None, *, scheme: str | None = None) -> None:
        super().__init__(data)
        schemes: Any = self.fields["scheme"]
        schemes.queryset = Scheme.objects.filter(is_active=True).order_by("code")
        chosen = schemes.queryset.filter(code=scheme).first() if scheme else None
        self.initial["scheme"] = chosen.pk if chosen else None
        periods: Any = self.fields["period"]
        rows = Period.objects.filter(campaign__schemes__is_active=True).distinct()
        rows = rows.filter(campaign=chosen.campaign_id) if chosen else rows
        periods.queryset = rows.select_related("campaign").order_by("-month", "campaign__slug")
        periods.label_from_instance = lambda one: f"{one.month} · {one.campaign.name} · {one.get_state_display()}"

    def given(self) -> dict[str, Any]:
        """What `open_round` takes; the form must be valid."""
        filled = self.cleaned_data
        interval, last = Interval(filled["scheme"].interval), filled["period"].calendar_month
        starts_on, ends_on = stretch(interval, last)
        english, chinese = name_of(interval, last)
        return {
            "scheme": filled["scheme"],
            "period": filled["period"],
            "starts_on": filled["starts_on"] or starts_on,
            "ends_on": filled["ends_on"] or ends_on,
            "name_en": filled["name_en"].strip() or english,
            "name_zh": filled["name_zh"].strip() or chinese,
        }
