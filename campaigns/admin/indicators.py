"""Indicators and targets in the administration. A target against the indicator's direction must be confirmed."""

from __future__ import annotations

from django.contrib import admin
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from campaigns.admin.office import OfficeAdmin, OfficePart
from campaigns.models import Indicator, Target, TrajectoryPoint
from campaigns.queries.indicator_rules import wrong_with_indicator
from campaigns.queries.target_rules import NOT_BETWEEN, lies_between, wrong_with_target
from units.admin.recorded import RecordedRows
from units.admin.recorded_forms import RecordedForm, describe_constraints

describe_constraints(
    {
        "indicator_decimals_at_most_four": _("At most four decimals."),
        "indicator_weight_positive": _("The weight must be above 0."),
        "indicator_ratio_has_both_parts": _("Name numerator and denominator, or neither."),
        "target_of_city_once": _("The city has a target for this indicator already."),
    }
)


class IndicatorForm(RecordedForm):
    rules = wrong_with_indicator


@admin.register(Indicator)
class IndicatorAdmin(OfficeAdmin):
    form = IndicatorForm
    list_display = [
        "code",
        "name_en",
        "name_zh",
        "action",
        "measure_en",
        "direction",
        "accumulation",
        "rollup",
        "weight",
        "source",
    ]
    list_display_links = ["code", "name_en"]
    list_filter = ["action__campaign", "action", "direction", "accumulation", "rollup", "attribute", "source"]
    list_select_related = ["action", "rollup_weight"]
    search_fields = ["code", "name_en", "name_zh", "action__name_en", "action__name_zh"]
    autocomplete_fields = ["action", "rollup_weight", "follows"]
    fixed_once_made = ["action", "code"]
    fieldsets = [
        (None, {"fields": ["action", "code", "order", "name_en", "name_zh", "follows", "source", "version"]}),
        (
            _("Figures"),
            {"fields": ["measure_en", "measure_zh", "decimals", "minimum", "maximum", "is_required", "asks_growth"]},
        ),
        (
            _("Arithmetic"),
            {
                "fields": [
                    "direction",
                    "accumulation",
                    "counts_from",
                    "rollup",
                    "rollup_weight",
                    "attribute",
                    "weight",
                ]
            },
        ),
        (_("Scope"), {"fields": ["scope_note_en", "scope_note_zh", "numerator", "denominator"]}),
    ]


class TargetForm(RecordedForm):
    rules = wrong_with_target


class TrajectoryFormSet(BaseInlineFormSet):
    """Planned figures lie between the baseline's day and the target's; others would never be looked at."""

    def clean(self) -> None:
        super().clean()
        target = self.instance
        if not hasattr(target, "indicator"):
            return
        for form in self.forms:
            on = form.cleaned_data.get("on") if hasattr(form, "cleaned_data") else None
            if on is None or form.cleaned_data.get("DELETE"):
                continue
            if not lies_between(target, on):
                form.add_error("on", NOT_BETWEEN)


class TrajectoryRows(RecordedRows):
    model = TrajectoryPoint
    formset = TrajectoryFormSet


@admin.register(Target)
class TargetAdmin(OfficeAdmin):
    form = TargetForm
    list_display = ["indicator", "unit", "baseline", "baseline_on", "target", "target_on", "confirmed_as", "source"]
    list_filter = ["indicator__action__campaign", "indicator__action", "unit", "confirmed_as", "source"]
    list_select_related = ["indicator__action__campaign", "unit"]
    search_fields = [
        "indicator__code",
        "indicator__name_en",
        "indicator__name_zh",
        "unit__code",
        "unit__name_en",
        "unit__name_zh",
    ]
    autocomplete_fields = ["indicator", "unit"]
    fixed_once_made = ["indicator", "unit"]
    inlines = [TrajectoryRows]


@admin.register(TrajectoryPoint)
class TrajectoryPointAdmin(OfficePart):
    whole = "target"
    list_display = ["on", "value"]
    list_filter = ["target__indicator__action__campaign", "target__unit"]
    list_select_related = ["target__indicator", "target__unit"]
    search_fields = ["target__indicator__code", "target__indicator__name_en", "target__unit__code"]
    date_hierarchy = "on"
