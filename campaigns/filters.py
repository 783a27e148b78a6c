"""The filters of the lists of reports, early warnings and projects; a value that is none is told, never left out."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.domain.follow_up_life import Urgency
from campaigns.models import Action, Campaign, EarlyWarning, FollowUp, Meeting, Project, Report
from campaigns.models.reports import STATUSES
from campaigns.queries.follow_ups import of_urgency
from units.models import Unit

UNKNOWN = _("“%(value)s” is not one of the choices. Choose one of the list.")


class ShortChoice(forms.ModelChoiceField):
    """A choice by its short name, and by what addresses call it."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} {obj.short}" if isinstance(obj, Action) else obj.name

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (OverflowError, forms.ValidationError) as error:
            raise forms.ValidationError(UNKNOWN % {"value": str(value)[:40]}, code="invalid_choice") from error


class ShortChoiceFilter(django_filters.ModelChoiceFilter):
    field_class = ShortChoice


class ReportFilter(django_filters.FilterSet):
    """Of the reports of one period. `overdue` is computed, so it is applied by the query that computes it."""

    unit = ShortChoiceFilter(
        label=_("Unit"), queryset=Unit.objects.none(), to_field_name="code", empty_label=_("All units")
    )
    action = ShortChoiceFilter(
        label=_("Action"), queryset=Action.objects.none(), to_field_name="number", empty_label=_("All actions")
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=STATUSES,
        empty_label=_("Any status"),
        error_messages={"invalid_choice": UNKNOWN},
    )
    overdue = django_filters.ChoiceFilter(
        label=_("Time"),
        choices=[("1", _("overdue")), ("0", _("not overdue"))],
        empty_label=_("Overdue or not"),
        method="leave",
        error_messages={"invalid_choice": UNKNOWN},
    )

    class Meta:
        model = Report
        fields = ["unit", "action", "status", "overdue"]

    def __init__(self, data: Any, *, campaign: Campaign, queryset: QuerySet[Report]) -> None:
        super().__init__(data, queryset=queryset)
        self.filters["unit"].queryset = Unit.objects.filter(reports__in=queryset.order_by()).distinct()
        self.filters["action"].queryset = Action.objects.filter(campaign=campaign)

    def leave(self, queryset: QuerySet[Report], name: str, value: str) -> QuerySet[Report]:
        return queryset

    @property
    def is_overdue(self) -> bool | None:
        """What is asked of the time: overdue, not overdue, or (none) either."""
        return {"1": True, "0": False}.get(self.form.cleaned_data.get("overdue", ""))


class WarningFilter(django_filters.FilterSet):
    """Of the early warnings of one campaign. Without `state` the open ones are listed."""

    unit = ShortChoiceFilter(
        field_name="project__unit",
        label=_("Unit"),
        queryset=Unit.objects.none(),
        to_field_name="code",
        empty_label=_("All units"),
    )
    level = django_filters.ChoiceFilter(
        label=_("Level"),
        choices=EarlyWarning.Level.choices,
        empty_label=_("Any level"),
        error_messages={"invalid_choice": UNKNOWN},
    )
    cause = django_filters.ChoiceFilter(
        label=_("Cause"),
        choices=EarlyWarning.Cause.choices,
        empty_label=_("Any cause"),
        error_messages={"invalid_choice": UNKNOWN},
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[*EarlyWarning.State.choices, ("all", _("all, cleared ones too"))],
        empty_label=pgettext_lazy("warnings", "open"),
        method="in_state",
        error_messages={"invalid_choice": UNKNOWN},
    )

    class Meta:
        model = EarlyWarning
        fields = ["unit", "level", "cause", "state"]

    def __init__(self, data: Any, *, queryset: QuerySet[EarlyWarning]) -> None:
        super().__init__(data, queryset=queryset)
        self.filters["unit"].queryset = Unit.objects.filter(projects__warnings__in=queryset.order_by()).distinct()

    def in_state(self, queryset: QuerySet[EarlyWarning], name: str, value: str) -> QuerySet[EarlyWarning]:
        return queryset if value == "all" else queryset.filter(state=value)

    def chosen(self) -> QuerySet[EarlyWarning]:
        """The rows that are asked for; the form must be valid."""
        rows = self.filter_queryset(self.queryset)
        return rows if self.form.cleaned_data.get("state") else rows.exclude(state=EarlyWarning.State.CLEARED)


class ProjectFilter(django_filters.FilterSet):
    """Of the projects of one campaign, as `queries.projects` gives them."""

    unit = ShortChoiceFilter(
        label=_("Unit"), queryset=Unit.objects.none(), to_field_name="code", empty_label=_("All units")
    )
    lead = ShortChoiceFilter(
        label=_("Lead department"), queryset=Unit.objects.none(), to_field_name="code", empty_label=_("All leads")
    )
    project_class = django_filters.ChoiceFilter(
        label=_("Class"),
        choices=Project.Class.choices,
        empty_label=_("Any class"),
        error_messages={"invalid_choice": UNKNOWN},
    )
    stage = django_filters.ChoiceFilter(
        label=_("Stage"),
        choices=Project.Stage.choices,
        empty_label=_("Any stage"),
        error_messages={"invalid_choice": UNKNOWN},
    )
    level = django_filters.ChoiceFilter(
        label=_("Early warning"),
        choices=[*EarlyWarning.Level.choices, ("any", _("any warning")), ("none", _("no warning"))],
        empty_label=_("With and without"),
        method="at_level",
        error_messages={"invalid_choice": UNKNOWN},
    )
    q = django_filters.CharFilter(label=_("Search"), method="named", max_length=80)

    class Meta:
        model = Project
        fields = ["unit", "lead", "project_class", "stage", "level", "q"]

    def __init__(self, data: Any, *, queryset: QuerySet[Project]) -> None:
        super().__init__(data, queryset=queryset)
        plain = queryset.order_by().values
        self.filters["unit"].queryset = Unit.objects.filter(pk__in=plain("unit"))
        self.filters["lead"].queryset = Unit.objects.filter(pk__in=plain("lead"))

    def at_level(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value in ("any", "none"):
            return queryset.filter(warning_level__isnull=value == "none")
        return queryset.filter(warning_level=value)

    def named(self, queryset: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        text = value.strip()
        return queryset.filter(Q(code__icontains=text) | Q(name_en__icontains=text) | Q(name_zh__icontains=text))

    def chosen(self) -> QuerySet[Project]:
        """The rows that are asked for; the form must be valid."""
        return self.filter_queryset(self.queryset)


LIGHTS = [
    (Urgency.OVERDUE.value, _("red: overdue")),
    (Urgency.RETURNED.value, _("yellow: returned")),
    (Urgency.BEHIND.value, _("yellow: not accepted yet")),
    (Urgency.NEAR.value, _("blue: due within three days")),
    (Urgency.IN_TIME.value, _("in time")),
]


class FollowUpFilter(django_filters.FilterSet):
    """Of the follow-ups of one campaign. Without `state` the open ones are listed."""

    unit = ShortChoiceFilter(
        label=_("Unit"),
        queryset=Unit.objects.none(),
        to_field_name="code",
        empty_label=_("All units"),
        method="of_unit",
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[*FollowUp.State.choices, ("all", _("all, closed ones too"))],
        empty_label=pgettext_lazy("follow-ups", "open"),
        method="in_state",
        error_messages={"invalid_choice": UNKNOWN},
    )
    light = django_filters.ChoiceFilter(
        label=_("Light"),
        choices=LIGHTS,
        empty_label=_("Any light"),
        method="of_light",
        error_messages={"invalid_choice": UNKNOWN},
    )
    origin = django_filters.ChoiceFilter(
        label=_("Origin"),
        choices=FollowUp.Origin.choices,
        empty_label=_("Any origin"),
        error_messages={"invalid_choice": UNKNOWN},
    )
    meeting = ShortChoiceFilter(label=_("Meeting"), queryset=Meeting.objects.none(), empty_label=_("All meetings"))

    class Meta:
        model = FollowUp
        fields = ["unit", "state", "light", "origin", "meeting"]

    def __init__(self, data: Any, *, queryset: QuerySet[FollowUp], today: date) -> None:
        super().__init__(data, queryset=queryset)
        self.today = today
        found = queryset.order_by()
        tasked = Q(led_follow_ups__in=found) | Q(supported_follow_ups__in=found)
        self.filters["unit"].queryset = Unit.objects.filter(tasked).distinct()
        self.filters["meeting"].queryset = Meeting.objects.filter(follow_ups__in=found).distinct()

    def of_unit(self, queryset: QuerySet[FollowUp], name: str, value: Unit) -> QuerySet[FollowUp]:
        """Those that it leads or supports."""
        return queryset.filter(Q(lead=value) | Q(pk__in=value.supported_follow_ups.values("pk")))

    def in_state(self, queryset: QuerySet[FollowUp], name: str, value: str) -> QuerySet[FollowUp]:
        return queryset if value == "all" else queryset.filter(state=value)

    def of_light(self, queryset: Any, name: str, value: str) -> QuerySet[FollowUp]:
        return of_urgency(queryset, Urgency(value), self.today)

    def chosen(self) -> QuerySet[FollowUp]:
        """The rows that are asked for; the form must be valid."""
        rows = self.filter_queryset(self.queryset)
        return rows if self.form.cleaned_data.get("state") else rows.exclude(state__in=FollowUp.DONE)
