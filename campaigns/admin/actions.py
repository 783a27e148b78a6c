"""Actions and assignments in the administration."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from campaigns.admin.office import OfficeAdmin
from campaigns.models import Action, Assignment, Indicator
from campaigns.queries.indicator_rules import wrong_with_indicator
from units.admin.recorded import RecordedRows, RecordedStack
from units.admin.recorded_forms import ConstraintForm, describe_constraints

describe_constraints(
    {
        "action_weight_positive": _("The weight must be above 0."),
        "action_number_from_one": _("Numbers begin with 1."),
    }
)


class IndicatorPartForm(ConstraintForm):
    rules = wrong_with_indicator


class IndicatorStack(RecordedStack):
    """The most needed fields; the others are on the indicator's own page."""

    model = Indicator
    form = IndicatorPartForm
    show_change_link = True
    fields = [
        ("code", "order"),
        ("name_en", "name_zh"),
        ("measure_en", "measure_zh", "decimals"),
        ("direction", "accumulation", "counts_from"),
        ("rollup", "rollup_weight"),
        ("weight", "is_required"),
    ]
    autocomplete_fields = ["rollup_weight"]


class AssignmentRows(RecordedRows):
    model = Assignment
    fields = ["unit", "starts_on", "ends_on"]
    autocomplete_fields = ["unit"]


@admin.register(Action)
class ActionAdmin(OfficeAdmin):
    list_display = ["campaign", "number", "name_en", "name_zh", "lead", "weight", "source"]
    list_display_links = ["number", "name_en"]
    list_filter = ["campaign", "lead", "source"]
    list_select_related = ["campaign", "lead"]
    search_fields = ["name_en", "name_zh", "short_en", "short_zh", "campaign__slug", "lead__name_en", "lead__name_zh"]
    autocomplete_fields = ["campaign", "lead", "supporting"]
    fixed_once_made = ["campaign"]
    inlines = [AssignmentRows, IndicatorStack]


@admin.register(Assignment)
class AssignmentAdmin(OfficeAdmin):
    list_display = ["unit", "action", "campaign", "starts_on", "ends_on", "source"]
    list_filter = ["action__campaign", "action", "unit", "source"]
    list_select_related = ["unit", "action__campaign"]
    search_fields = ["unit__code", "unit__name_en", "unit__name_zh", "action__name_en", "action__name_zh"]
    autocomplete_fields = ["action", "unit"]
    fixed_once_made = ["action", "unit"]

    @admin.display(description=_("campaign"), ordering="action__campaign")
    def campaign(self, assignment: Assignment) -> str:
        return assignment.action.campaign.short
