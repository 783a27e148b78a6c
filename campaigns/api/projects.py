"""Major projects with their milestones and monthly plan: seen by whom they concern, written by who manages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.validators import RegexValidator
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from campaigns.api.keys import ActionField, ActionFilter, CampaignField, CampaignFilter, UnitFilter
from campaigns.models import EarlyWarning, Milestone, Project, ProjectPlan
from campaigns.operations.projects import STEPS, move_project
from campaigns.queries.project_rules import wrong_with_project
from campaigns.queries.projects import with_warning_level
from units.api.filters import ApiFilterSet, KeyFilter, WordFilter
from units.api.parts import PartSerializer, save_list
from units.api.routers import SLUG
from units.api.serializers import ApiSerializer, KeyField, TextField, UnitField, WordField
from units.api.viewsets import WriteViewSet
from units.operations.changes import Touched
from units.permissions import can_manage_campaigns

MOST_PARTS = 500
"""So many milestones, or months, a project has at the most."""


class ProjectField(KeyField):
    """A project by its code."""

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", Project.objects.all())
        super().__init__(parts=("code",), **kwargs)


class ProjectFilter(KeyFilter):
    """`project=ring-road`. A project that exists may be named by everybody; its rows are another matter."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Project.objects.all(), key="code", **kwargs)


class MilestoneSerializer(PartSerializer):
    class Meta:
        model = Milestone
        fields = ("order", "name_en", "name_zh", "planned_on", "done_on")
        example = {
            "order": 1,
            "name_en": "Foundation pit",
            "name_zh": "基坑开挖",
            "planned_on": "2022-08-15",
            "done_on": None,
        }


class MonthlyPlanSerializer(PartSerializer):
    month = TextField(
        max_length=7, validators=[RegexValidator(r"^[0-9]{4}-(0[1-9]|1[0-2])$", _("Give a month as 2022-07."))]
    )

    class Meta:
        model = ProjectPlan
        fields = ("month", "planned_to_date")
        example = {"month": "2022-07", "planned_to_date": "14000.00"}


class ProjectSerializer(ApiSerializer):
    campaign = CampaignField()
    unit = UnitField()
    lead = UnitField()
    action = ActionField(required=False, allow_null=True)
    package = ProjectField(required=False, allow_null=True)
    video_url = TextField(required=False, allow_blank=True, max_length=300)
    warning_level = WordField(
        choices=EarlyWarning.Level.choices,
        read_only=True,
        allow_null=True,
        help_text=_("The gravest of its open warnings; null where none is open."),
    )
    milestones = MilestoneSerializer(  # type: ignore[call-arg]  # of many
        many=True, required=False, max_length=MOST_PARTS, help_text=_("By name; a new list takes the old one's place.")
    )
    monthly_plan = MonthlyPlanSerializer(  # type: ignore[call-arg]  # of many
        source="plans",
        many=True,
        required=False,
        max_length=MOST_PARTS,
        help_text=_("This year's investment to the end of each month; a new list takes the old one's place."),
    )

    class Meta:
        model = Project
        fields = (
            "code",
            "campaign",
            "name_en",
            "name_zh",
            "unit",
            "lead",
            "action",
            "package",
            "industry",
            "project_class",
            "stage",
            "exit_reason",
            "content_en",
            "content_zh",
            "total_investment",
            "invested_before",
            "plan_this_year",
            "planned_start_on",
            "planned_finish_on",
            "started_on",
            "finished_on",
            "statistical_entry_on",
            "leader",
            "person",
            "latitude",
            "longitude",
            "video_url",
            "warning_level",
            "milestones",
            "monthly_plan",
            "source",
            "version",
            "updated_at",
        )
        fixed_once_made = ("code",)
        example = {
            "code": "ring-road",
            "campaign": "hundred-days",
            "name_en": "Ring road, east section",
            "name_zh": "东环路工程",
            "unit": "tongxiang",
            "lead": "transport",
            "action": "hundred-days/7",
            "package": None,
            "industry": "Transport",
            "project_class": "implementing",
            "stage": "under_construction",
            "exit_reason": "",
            "content_en": "12 km, six lanes",
            "content_zh": "全长12公里，双向六车道",
            "total_investment": "80000.00",
            "invested_before": "20000.00",
            "plan_this_year": "24000.00",
            "planned_start_on": "2021-10-01",
            "planned_finish_on": "2023-06-30",
            "started_on": "2021-10-12",
            "finished_on": None,
            "statistical_entry_on": "2021-11-20",
            "leader": "Zhou Ming",
            "person": "Xu Lan",
            "latitude": "30.63000",
            "longitude": "120.56000",
            "video_url": "https://video.example.cn/ring-road",
            "warning_level": "yellow",
            "milestones": [MilestoneSerializer.Meta.example],
            "monthly_plan": [MonthlyPlanSerializer.Meta.example],
            "source": "entered",
            "version": 3,
            "updated_at": "2022-08-02T09:00:00+08:00",
        }


class ProjectFilters(ApiFilterSet):
    campaign = CampaignFilter()
    action = ActionFilter()
    unit = UnitFilter()
    lead = UnitFilter()
    package = ProjectFilter()
    project_class = WordFilter(Project.Class)
    stage = WordFilter(Project.Stage)
    warning_level = WordFilter(EarlyWarning.Level)

    class Meta:
        model = Project
        fields = ("campaign", "action", "unit", "lead", "package", "project_class", "stage", "warning_level")


class ProjectViewSet(WriteViewSet):
    """Major projects; money is in 10,000 yuan. Each is seen by its unit, its lead department, office and leaders.

    With PATCH, another stage, the days of start, finish and statistical entry, and the exit (`stage` exited with its
    `exit_reason`) are the steps that the pages take too: no day to come, no finish before the start, no way back from
    an exit. What is left of the fields is written first; each is a change of its own.
    """

    queryset = with_warning_level(
        Project.objects.select_related("campaign", "unit", "lead", "action__campaign", "package").prefetch_related(
            Prefetch("milestones", Milestone.objects.order_by("planned_on", "order", "pk")),
            Prefetch("plans", ProjectPlan.objects.order_by("month")),
        )
    )
    serializer_class = ProjectSerializer
    filterset_class = ProjectFilters
    key = {"code": ("code", SLUG)}
    ordering = ("unit__order", "code")
    ordering_fields = {
        "code": "code",
        "unit": "unit__order",
        "stage": "stage",
        "total_investment": "total_investment",
        "plan_this_year": "plan_this_year",
        "planned_start_on": "planned_start_on",
        "planned_finish_on": "planned_finish_on",
        "updated_at": "updated_at",
    }
    may_write = can_manage_campaigns
    rules = wrong_with_project
    parts = ("milestones", "plans")

    def _save(self, row: Project, values: Mapping[str, Any]) -> None:
        """Stage and exit of a project that is there are steps; the stage of a new one is where it begins."""
        steps = {name: values[name] for name in STEPS if name in values} if row.pk else {}
        super()._save(row, {name: value for name, value in values.items() if name not in steps})
        moved = {name: value for name, value in steps.items() if value != getattr(row, name)}
        if moved:
            move_project(project_id=row.pk, actor=self.actor, now=self.now, values=moved)

    def save_parts(self, row: Project, values: Mapping[str, Any]) -> Iterable[Touched]:
        touched: list[Touched] = []
        if "milestones" in values:
            touched += save_list(
                "milestones",
                MilestoneSerializer,
                there=row.milestones.all(),
                given=values["milestones"],
                new=lambda: Milestone(project=row),
                key="name_en",
            )
        if "plans" in values:
            touched += save_list(
                "monthly_plan",
                MonthlyPlanSerializer,
                there=row.plans.all(),
                given=values["plans"],
                new=lambda: ProjectPlan(project=row),
                key="month",
            )
        return touched
