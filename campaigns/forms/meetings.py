"""What people type about a meeting: what it is, why it is cancelled, who attended, and what it required."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns.forms.decisions import DecisionForm
from campaigns.forms.moments import DayField, HourField, MomentField
from campaigns.models import Attendance, Campaign, Meeting, Period, Requirement
from campaigns.operations.attendance import MOST as MOST_ATTENDEES
from campaigns.operations.attendance import Attendee
from campaigns.operations.meetings import LONGEST_REASON, MeetingFacts, NumberedKind
from campaigns.operations.requirements import MOST as MOST_DEMANDS
from campaigns.operations.requirements import Demand
from units.models import Unit

EMPTY_ROWS = 3
EVERY_ROW = {"empty_permitted": False, "use_required_attribute": False}
"""Rows are read as they were sent, also those that say what is there already: which are empty the form says itself."""
HIGHEST_NUMBER = 999


def words(label: Any, most: int, *, rows: int = 2, is_needed: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=is_needed, widget=forms.Textarea(attrs={"rows": rows})
    )


class MeetingForm(forms.Form):
    """What a meeting is. A number counts within the year in which it is held."""

    version = DecisionForm.base_fields["version"]
    campaign = forms.ModelChoiceField(Campaign.objects.none(), label=_("Campaign"))
    period = forms.ModelChoiceField(
        Period.objects.none(), label=_("Period"), required=False, empty_label=_("none"),
        help_text=_("Whose figures the meeting looks at."),
    )  # fmt: skip
    name_zh = forms.CharField(label=_("Name of the meeting in Chinese"), max_length=150)
    name_en = forms.CharField(label=_("Name of the meeting in English"), max_length=300)
    held_on = DayField(label=_("Held on"))
    starts_at = HourField(label=_("Starts at"), required=False)
    place = forms.CharField(label=_("Place"), max_length=160, required=False)
    video_url = forms.URLField(label=_("Video link"), max_length=300, required=False, assume_scheme="https")
    chair_zh = forms.CharField(label=_("Chair in Chinese"), max_length=80, required=False)
    chair_en = forms.CharField(label=_("Chair in English"), max_length=160, required=False)
    figures_as_of = MomentField(label=_("Figures as of"), required=False)
    papers_due_at = MomentField(
        label=_("Papers due"), required=False, help_text=_("Left empty: two working days ahead, at 18:00.")
    )
    summary_zh = words(_("Summary in Chinese"), 4000)
    summary_en = words(_("Summary in English"), 4000)

    def __init__(self, data: Any = None, *, meeting: Meeting | None = None, campaign: Campaign | None = None) -> None:
        super().__init__(data, initial=_as_it_is(meeting) if meeting else {"campaign": campaign})
        if meeting is None:
            del self.fields["version"]
        choices: dict[str, Any] = {
            "campaign": Campaign.objects.order_by("-starts_on", "slug"),
            "period": Period.objects.select_related("campaign").order_by("-campaign__starts_on", "campaign", "-month"),
        }
        for name, queryset in choices.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]
        self.fields["period"].label_from_instance = _period_name  # type: ignore[attr-defined]
        for kind, label in Meeting.Kind.choices:
            self.fields[f"is_{kind}"] = forms.BooleanField(label=label, required=False)
            self.fields[f"number_{kind}"] = forms.IntegerField(
                label=_("Number in the year"), min_value=1, max_value=HIGHEST_NUMBER, required=False
            )

    @property
    def kind_fields(self) -> list[tuple[Any, Any]]:
        """For each kind its box, and the box of its number."""
        return [(self[f"is_{kind}"], self[f"number_{kind}"]) for kind in Meeting.Kind.values]

    @property
    def other_fields(self) -> list[Any]:
        kinds = {name for pair in self.kind_fields for name in (pair[0].name, pair[1].name)}
        return [one for one in self.visible_fields() if one.name not in kinds]

    def clean(self) -> dict[str, Any]:
        filled = self.cleaned_data
        for kind in Meeting.Kind.values:
            if filled.get(f"number_{kind}") and not filled.get(f"is_{kind}"):
                self.add_error(f"number_{kind}", _("Tick the kind that this number is of."))
        if not any(filled.get(f"is_{kind}") for kind in Meeting.Kind.values):
            raise ValidationError(_("Say what kind of meeting it is."))
        return filled

    def facts(self) -> MeetingFacts:
        """What was filled in; the form must be valid."""
        filled = dict(self.cleaned_data)
        year = filled["held_on"].year
        kinds = []
        for kind in Meeting.Kind.values:
            is_one, number = filled.pop(f"is_{kind}"), filled.pop(f"number_{kind}")
            if is_one:
                kinds.append(NumberedKind(kind, year if number else None, number))
        filled.pop("version", None)
        return MeetingFacts(kinds=kinds, **filled)


def _period_name(period: Period) -> str:
    return f"{period.campaign.name} · {period.month}"


def _as_it_is(meeting: Meeting) -> dict[str, Any]:
    kept = {name: getattr(meeting, name) for name in MeetingForm.base_fields}
    kept |= {"campaign": meeting.campaign_id, "period": meeting.period_id}
    for one in meeting.kinds.all():
        kept |= {f"is_{one.kind}": True, f"number_{one.kind}": one.number}
    return kept


class CancelForm(DecisionForm):
    reason = forms.CharField(
        label=_("Why it is not held"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )


# --- attendance -------------------------------------------------------------------------------------------------------


class AttendeeForm(forms.Form):
    """A unit, or a person by name. An empty row is left out."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), required=False, empty_label=_("none"))
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=60, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    office_zh = forms.CharField(label=_("Office in Chinese"), max_length=80, required=False)
    office_en = forms.CharField(label=_("Office in English"), max_length=160, required=False)
    capacity = forms.ChoiceField(
        label=_("Capacity"), choices=Attendance.Capacity.choices, initial=Attendance.Capacity.ATTENDING.value
    )
    presence = forms.ChoiceField(label=_("Presence"), choices=Attendance.Presence.choices)
    DELETE = forms.BooleanField(label=_("Take out"), required=False)

    def __init__(self, *args: Any, units: Sequence[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["unit"]
        field.queryset = units
        field.choices = [("", field.empty_label), *((one.pk, str(one)) for one in units)]

    NAMES = ("name_zh", "name_en", "office_zh", "office_en")

    @property
    def main_fields(self) -> list[Any]:
        return [one for one in self.visible_fields() if one.name not in self.NAMES]

    @property
    def name_fields(self) -> list[Any]:
        return [self[name] for name in self.NAMES]

    @property
    def is_named(self) -> bool:
        """Whether the boxes of a name, which are folded away, hold something or are wrong."""
        return any(one.value() or one.errors for one in self.name_fields)

    def clean(self) -> dict[str, Any]:
        filled = self.cleaned_data
        if not self.is_somebody and (filled.get("office_zh") or filled.get("office_en")) and not filled.get("DELETE"):
            raise ValidationError(_("Name a person or a unit."))
        return filled

    @property
    def is_somebody(self) -> bool:
        filled = self.cleaned_data
        return not filled.get("DELETE") and bool(filled.get("unit") or filled.get("name_zh") or filled.get("name_en"))

    def attendee(self) -> Attendee:
        return Attendee(**{name: value for name, value in self.cleaned_data.items() if name != "DELETE"})


def attendance_form(meeting: Meeting, data: Any = None) -> Any:
    """The rows that are kept; before any, one for each unit that presents."""
    units = Unit.objects.filter(is_active=True).order_by("order", "code")
    names = [name for name in AttendeeForm.base_fields if name not in ("unit", "DELETE")]
    present = {"capacity": Attendance.Capacity.REPORTING, "presence": Attendance.Presence.PRESENT}
    expected = [{"unit": pk, **present} for pk in _presenters(meeting)]
    kept = meeting.attendances.order_by("order", "pk")
    initial = [{"unit": one.unit_id, **{name: getattr(one, name) for name in names}} for one in kept] or expected
    made = forms.formset_factory(
        AttendeeForm, extra=EMPTY_ROWS, max_num=MOST_ATTENDEES, absolute_max=MOST_ATTENDEES + EMPTY_ROWS
    )
    return made(data, initial=initial, prefix="row", form_kwargs={"units": units, **EVERY_ROW})


def _presenters(meeting: Meeting) -> list[int]:
    rows = meeting.agenda.filter(presenter__isnull=False).order_by("presenter__order", "presenter__code")
    return list(dict.fromkeys(rows.values_list("presenter", flat=True)))


def attendees(formset: Any) -> list[Attendee]:
    """Who is named, in order; the formset must be valid."""
    return [form.attendee() for form in formset if form.is_somebody]


# --- requirements -----------------------------------------------------------------------------------------------------


class DemandForm(forms.Form):
    """One requirement in both languages. A row without words is left out."""

    requirement_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    group = forms.ChoiceField(label=_("Group"), choices=Requirement.Group.choices)
    text_zh = words(_("Requirement in Chinese"), 1000)
    text_en = words(_("Requirement in English"), 2000)

    def clean(self) -> dict[str, Any]:
        filled = self.cleaned_data
        for name, other in (("text_zh", "text_en"), ("text_en", "text_zh")):
            if not self.errors and filled.get(other) and not filled.get(name):
                self.add_error(name, _("Write it in both languages."))
        return filled

    @property
    def is_written(self) -> bool:
        return bool(self.cleaned_data.get("text_zh"))

    def demand(self) -> Demand:
        return Demand(**self.cleaned_data)


def demands_form(meeting: Meeting, data: Any = None) -> Any:
    initial = [
        {"requirement_id": one.pk, "group": one.group, "text_zh": one.text_zh, "text_en": one.text_en}
        for one in meeting.requirements.order_by("order")
    ]
    made = forms.formset_factory(
        DemandForm, extra=EMPTY_ROWS, max_num=MOST_DEMANDS, absolute_max=MOST_DEMANDS + EMPTY_ROWS
    )
    return made(data, initial=initial, prefix="row", form_kwargs=EVERY_ROW)


def demands(formset: Any) -> list[Demand]:
    """What is written, in order; the formset must be valid."""
    return [form.demand() for form in formset if form.is_written]
