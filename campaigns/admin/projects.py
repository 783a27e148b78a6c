"""Major projects in the administration: plan, milestones, monthly updates and photos."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaigns.admin.office import OfficeAdmin, OfficePart, OfficeView, now_of
from campaigns.models import Milestone, Project, ProjectPhoto, ProjectPlan, ProjectUpdate
from campaigns.queries.project_rules import OFF_THE_MAP, wrong_with_project
from units.admin.recorded import RecordedRows, ViewedRows
from units.admin.recorded_forms import RecordedForm, describe_constraints

describe_constraints(
    {
        "project_money_not_negative": _("Money is never negative."),
        "project_not_part_of_itself": _("A project cannot be part of itself."),
        "project_place_on_earth": OFF_THE_MAP,
        "project_plan_not_negative": _("Money is never negative."),
        "project_plan_month_is_a_month": _("Give a month as 2022-07."),
        "project_update_not_negative": _("Money is never negative."),
        "project_update_percent_in_range": _("A share: 0 to 100 %."),
    }
)

PROJECT_SEARCH = ["project__code", "project__name_en", "project__name_zh"]


class ProjectForm(RecordedForm):
    rules = wrong_with_project


class MilestoneRows(RecordedRows):
    model = Milestone


class ProjectPlanRows(RecordedRows):
    model = ProjectPlan


@admin.register(Project)
class ProjectAdmin(OfficeAdmin):
    form = ProjectForm
    list_display = ["code", "name_en", "name_zh", "unit", "lead", "project_class", "stage", "plan_this_year", "source"]
    list_display_links = ["code", "name_en"]
    list_filter = ["campaign", "unit", "lead", "project_class", "stage", "source"]
    list_select_related = ["campaign", "unit", "lead", "action", "package"]
    search_fields = ["code", "name_en", "name_zh", "industry", "leader", "person"]
    autocomplete_fields = ["campaign", "unit", "lead", "action", "package"]
    date_hierarchy = "planned_start_on"
    fixed_once_made = ["code"]
    inlines = [MilestoneRows, ProjectPlanRows]
    fieldsets = [
        (None, {"fields": ["campaign", "code", "name_en", "name_zh", "source", "version"]}),
        (_("Who"), {"fields": ["unit", "lead", "action", "package", "leader", "person"]}),
        (_("What"), {"fields": ["industry", "project_class", "stage", "exit_reason", "content_en", "content_zh"]}),
        (_("Money, in 10,000 yuan"), {"fields": ["total_investment", "invested_before", "plan_this_year"]}),
        (
            _("Dates"),
            {"fields": ["planned_start_on", "planned_finish_on", "started_on", "finished_on", "statistical_entry_on"]},
        ),
        (_("Place"), {"fields": ["latitude", "longitude", "video_url"]}),
    ]


@admin.register(ProjectPlan)
class ProjectPlanAdmin(OfficePart):
    whole = "project"
    list_display = ["month", "planned_to_date"]
    list_filter = ["month", "project__unit"]
    list_select_related = ["project"]
    search_fields = [*PROJECT_SEARCH, "month"]


@admin.register(Milestone)
class MilestoneAdmin(OfficePart):
    whole = "project"
    list_display = ["name_en", "name_zh", "planned_on", "done_on"]
    list_filter = [("done_on", admin.EmptyFieldListFilter), "project__unit", "source"]
    list_select_related = ["project"]
    search_fields = [*PROJECT_SEARCH, "name_en", "name_zh"]
    date_hierarchy = "planned_on"


class ProjectPhotoRows(ViewedRows):
    model = ProjectPhoto
    fields = ["name", "caption", "uploaded_at"]


class ProjectUpdateForm(RecordedForm):
    def clean_period(self) -> Any:
        period, project = self.cleaned_data["period"], self.cleaned_data.get("project")
        if project is not None and period.campaign_id != project.campaign_id:
            self.add_error("period", _("This period belongs to another campaign."))
        return period


@admin.register(ProjectUpdate)
class ProjectUpdateAdmin(OfficeAdmin):
    form = ProjectUpdateForm
    list_display = [
        "project",
        "period",
        "invested_to_date",
        "image_percent",
        "problem_since",
        "updated_by",
        "updated_at",
    ]
    list_filter = ["period__campaign", "period__month", "project__unit", "source"]
    list_select_related = ["project", "period__campaign", "updated_by"]
    search_fields = [*PROJECT_SEARCH, "problem", "next_step", "note"]
    autocomplete_fields = ["project", "period"]
    date_hierarchy = "updated_at"
    readonly_fields = ["updated_by", "updated_at"]
    fixed_once_made = ["project", "period"]
    inlines = [ProjectPhotoRows]

    def fill(self, request: HttpRequest, row: Any, change: bool) -> None:
        row.updated_by, row.updated_at = request.user, now_of(request)


@admin.register(ProjectPhoto)
class ProjectPhotoAdmin(OfficeView):
    list_display = ["name", "update", "caption", "uploaded_at"]
    list_filter = ["update__period__campaign", "update__period__month", "update__project__unit"]
    list_select_related = ["update__project", "update__period__campaign"]
    search_fields = ["name", "caption", "update__project__code", "update__project__name_en", "update__project__name_zh"]
    date_hierarchy = "uploaded_at"
    hidden_fields = ["file"]
