"""Award schemes and their criteria in the administration. A scheme that a round uses is final."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from awards.domain.methods import ParameterError, method_of, parameters_of
from awards.domain.scheme_checks import Problem
from awards.models import Criterion, Gate, Scheme
from awards.queries.scheme_rules import in_words
from units.admin.recorded import PartAdmin, RecordedAdmin, RecordedStack
from units.admin.recorded_forms import ConstraintForm, describe_constraints

describe_constraints(
    {
        "scheme_one_active_version": _("Another version of this scheme is active. Switch that one off first."),
        "scheme_has_a_flag": _("At least one flag."),
        "scheme_decimals_at_most_four": _("At most four decimals."),
        "scheme_minimum_not_negative": _("The minimum score is never negative."),
        "scheme_interval_known": _("Choose one of the intervals."),
        "scheme_tie_rule_known": _("Choose one of the tie rules."),
        "criterion_method_known": _("Choose one of the methods."),
        "gate_asks_for_something": _("A gate asks for more than 0%."),
        "criterion_weight_in_range": _("The weight must be above 0 and at most 100."),
        "criterion_names_its_indicator": _("Choose the indicator that this criterion looks at."),
        "criterion_names_its_action": _("Choose the action that this criterion looks at."),
    }
)

WHOLE = Decimal(100)


class CriterionForm(ConstraintForm):
    def clean_parameters(self) -> dict[str, Any]:
        parameters = self.cleaned_data["parameters"] or {}
        if not isinstance(parameters, dict):
            raise ValidationError(_('Give the parameters by name, for example {"step": 5}.'))
        return parameters

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        method, parameters = self.cleaned_data.get("method"), self.cleaned_data.get("parameters")
        if method and parameters is not None:
            try:
                parameters_of(method_of(method), parameters)
            except ParameterError as wrong:
                problem = Problem(f"parameter_{wrong.code}", "criteria", None, "", {"name": wrong.name, **wrong.params})
                self.add_error("parameters", in_words(problem).message)
        return cleaned


class CriterionFormSet(BaseInlineFormSet):
    """The weights of a scheme's criteria add to 100."""

    def clean(self) -> None:
        super().clean()
        if any(form.errors for form in self.forms):
            return
        weights = [
            form.cleaned_data["weight"]
            for form in self.forms
            if form.cleaned_data.get("weight") is not None and not form.cleaned_data.get("DELETE")
        ]
        if weights and sum(weights) != WHOLE:
            raise ValidationError(
                _("The weights add to %(sum)s. They must add to 100."), params={"sum": f"{sum(weights):f}"}
            )


class CriterionStack(RecordedStack):
    model = Criterion
    form = CriterionForm
    formset = CriterionFormSet
    autocomplete_fields = ["indicator", "action"]


class GateForm(ConstraintForm):
    def clean(self) -> dict[str, Any] | None:
        """A gate looks at a criterion of its own scheme, and no chain of gates leads back to itself."""
        cleaned = super().clean()
        scheme, criterion = self.instance.scheme_id, self.cleaned_data.get("criterion")
        if criterion is not None and scheme is not None and criterion.scheme_id != scheme:
            self.add_error("criterion", _("Choose a criterion of this scheme."))
        behind = self.cleaned_data.get("behind")
        while behind is not None and self.instance.pk is not None:
            if behind.pk == self.instance.pk:
                self.add_error("behind", _("These gates would be asked after each other in a circle."))
                break
            behind = behind.behind
        return cleaned


class GateStack(RecordedStack):
    model = Gate
    form = GateForm
    autocomplete_fields = ["criterion", "behind"]


@admin.register(Scheme)
class SchemeAdmin(RecordedAdmin):
    list_display = [
        "code",
        "version",
        "name_en",
        "name_zh",
        "campaign",
        "group",
        "interval",
        "flags",
        "is_active",
        "source",
    ]
    list_display_links = ["code", "name_en"]
    list_filter = ["interval", "is_active", "campaign", "group", "source"]
    list_select_related = ["campaign", "group"]
    search_fields = ["code", "name_en", "name_zh"]
    autocomplete_fields = ["campaign", "group"]
    fixed_once_made = ["code", "version"]
    inlines = [CriterionStack, GateStack]

    def is_frozen(self, row: Scheme) -> bool:
        return row.rounds.exists()


@admin.register(Criterion)
class CriterionAdmin(PartAdmin):
    whole = "scheme"
    list_display = ["order", "name_en", "name_zh", "weight", "basis", "method", "indicator", "action"]
    list_display_links = ["order", "name_en"]
    list_filter = ["scheme", "basis", "method", "source"]
    list_select_related = ["scheme", "indicator", "action"]
    search_fields = ["name_en", "name_zh", "scheme__code", "scheme__name_en", "scheme__name_zh"]


@admin.register(Gate)
class GateAdmin(PartAdmin):
    whole = "scheme"
    list_display = ["order", "name_en", "name_zh", "criterion", "minimum", "behind"]
    list_display_links = ["order", "name_en"]
    list_filter = ["scheme", "source"]
    list_select_related = ["scheme", "criterion", "behind"]
    search_fields = ["name_en", "name_zh", "scheme__code"]
