"""An item of an agenda as people type it, and the order that they put all items into."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns.forms.decisions import LARGEST_ID, NOT_WHOLE, DecisionForm
from campaigns.forms.meetings import words
from campaigns.models import AgendaItem, Meeting, Project, Report
from campaigns.operations.agenda import FACTS, MOST_ITEMS, MOST_MINUTES, ItemFacts, Placed
from units.models import Unit

SUGGESTED = 300
"""So many projects are suggested beside the box of the code."""


class ItemForm(DecisionForm):
    """One item. Its project is named by its code, its report chosen among those of the meeting's period."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AgendaItem.Kind.choices)
    presenter = forms.ModelChoiceField(Unit.objects.none(), label=_("Presenter"), required=False, empty_label=_("none"))
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=150)
    title_en = forms.CharField(label=_("Title in English"), max_length=300)
    minutes_allotted = forms.IntegerField(
        label=_("Minutes allotted"), min_value=1, max_value=MOST_MINUTES, initial=10,
        error_messages={"invalid": _("A whole number of minutes.")},
    )  # fmt: skip
    form = forms.ChoiceField(label=_("Form"), choices=AgendaItem.Form.choices)
    session = forms.ChoiceField(
        label=_("Session"), choices=AgendaItem.Session.choices, initial=AgendaItem.Session.MAIN.value
    )
    project = forms.CharField(
        label=_("Project"), required=False, max_length=60, help_text=_("Its code, as on the project's page."),
        widget=forms.TextInput(attrs={"list": "project-codes", "autocomplete": "off"}),
    )  # fmt: skip
    report = forms.ModelChoiceField(Report.objects.none(), label=_("Report"), required=False, empty_label=_("none"))
    text_zh = words(_("Text in Chinese"), 4000)
    text_en = words(_("Text in English"), 4000)

    NEEDED = ("title_zh", "title_en", "kind", "presenter", "minutes_allotted", "form")

    def __init__(self, meeting: Meeting, data: Any = None, *, item: AgendaItem | None = None) -> None:
        super().__init__(data, initial={**_as_it_is(item), "version": meeting.version})
        self.meeting = meeting
        units: Any = Unit.objects.filter(is_active=True).order_by("order", "code")
        reports: Any = Report.objects.none()
        if meeting.period_id:
            reports = Report.objects.filter(period=meeting.period_id)
        if item is not None and item.presenter_id:
            units = (units | Unit.objects.filter(pk=item.presenter_id)).distinct()
            reports = reports.filter(unit=item.presenter_id) | Report.objects.filter(pk=item.report_id or 0)
        reports = reports.select_related("unit", "action", "period").order_by("unit__order", "action__number")
        self.fields["presenter"].queryset = units  # type: ignore[attr-defined]
        self.fields["report"].queryset = reports  # type: ignore[attr-defined]

    @property
    def main_fields(self) -> list[Any]:
        return [self[name] for name in self.NEEDED]

    @property
    def more_fields(self) -> list[Any]:
        return [one for one in self.visible_fields() if one.name not in self.NEEDED]

    @property
    def is_more_open(self) -> bool:
        """Whether one of the boxes that are folded away holds something, or is wrong."""
        return any(one.errors or (one.value() and one.name != "session") for one in self.more_fields)

    def suggested_projects(self) -> list[Project]:
        """Those of the presenter, or of the meeting's campaign."""
        rows = Project.objects.exclude(stage=Project.Stage.EXITED).select_related("unit")
        told = self["presenter"].value()
        rows = rows.filter(unit=told) if str(told or "").isdigit() else rows.filter(campaign=self.meeting.campaign_id)
        return list(rows.order_by("unit__order", "code")[:SUGGESTED])

    def clean_project(self) -> Project | None:
        code = self.cleaned_data["project"].strip()
        if not code:
            return None
        found = Project.objects.filter(code=code).first()
        if found is None:
            raise ValidationError(_("There is no project “%(code)s”."), params={"code": code})
        return found

    def item(self) -> ItemFacts:
        """What was filled in; the form must be valid."""
        return ItemFacts(**{name: self.cleaned_data[name] for name in FACTS})


def _as_it_is(item: AgendaItem | None) -> dict[str, Any]:
    if item is None:
        return {}
    kept = {name: getattr(item, name) for name in FACTS}
    return kept | {
        "presenter": item.presenter_id,
        "report": item.report_id,
        "project": item.project.code if item.project else "",
    }


class MoveForm(DecisionForm):
    """One place up or down."""

    to = forms.ChoiceField(choices=[("up", "up"), ("down", "down")], error_messages={"invalid_choice": NOT_WHOLE})


class OrderForm(DecisionForm):
    """Every item as `id:session`, in the order that they are to have."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self._told = data.getlist("item")
        self.order: list[Placed] = []

    def clean(self) -> None:
        if len(self._told) > MOST_ITEMS:
            raise ValidationError(NOT_WHOLE)
        self.order = [_placed(one) for one in self._told]


def _placed(told: str) -> Placed:
    pk, _colon, session = told.partition(":")
    is_id = pk.isascii() and pk.isdigit() and len(pk) < 11 and int(pk) <= LARGEST_ID
    if not is_id or session not in AgendaItem.Session.values:
        raise ValidationError(NOT_WHOLE)
    return int(pk), session
