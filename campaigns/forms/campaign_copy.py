"""What the office fills in to copy a campaign: names, days, the ending of the codes, and whether targets come along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.forms.moments import DayField
from campaigns.queries.campaign_copy import (
    LONGEST_CODE,
    LONGEST_SLUG,
    CopyOrder,
    Original,
    suggested_order,
    wrong_with_copy,
)


class CopyForm(forms.Form):
    """Begins with the same campaign a year later; every mistake stands at its box."""

    name_en = forms.CharField(label=pgettext_lazy("of a campaign", "Name in English"), max_length=160)
    name_zh = forms.CharField(label=pgettext_lazy("of a campaign", "Name in Chinese"), max_length=80)
    short_en = forms.CharField(label=_("Short name in English"), max_length=60, required=False)
    short_zh = forms.CharField(label=_("Short name in Chinese"), max_length=30, required=False)
    slug = forms.SlugField(
        label=_("Slug"), max_length=LONGEST_SLUG, help_text=_("Part of every address; it never changes again.")
    )
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    suffix = forms.CharField(
        label=_("Ending of the indicator codes"),
        max_length=LONGEST_CODE,
        required=False,
        help_text=_("A code exists once in the installation, so every copied one gets this ending."),
    )
    with_targets = forms.BooleanField(
        label=_("Copy the targets too"),
        required=False,
        help_text=_("With baselines and planned figures, moved by as many days as the first day."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, whole: Original) -> None:
        super().__init__(data, initial=asdict(suggested_order(whole)))
        self._whole = whole

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            for field, told in wrong_with_copy(self._whole, self.order).items():
                self.add_error(field, told)
        return self.cleaned_data

    @property
    def order(self) -> CopyOrder:
        """What was typed; before anything was, the suggestion."""
        return CopyOrder(**self.cleaned_data) if self.is_bound else suggested_order(self._whole)
