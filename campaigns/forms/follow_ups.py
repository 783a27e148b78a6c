"""What the office writes when it registers a follow-up, and what people write at each step of one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.domain.follow_up_life import FollowUpVerb, step
from campaigns.forms.decisions import DecisionForm
from campaigns.forms.moments import DayField
from campaigns.models import Campaign, EarlyWarning, Extension, FollowUp, Meeting, MinutesItem, Requirement
from campaigns.operations.follow_ups import LONGEST, Task
from units.models import Unit

V = FollowUpVerb


def _words(label: Any, *, is_needed: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        required=is_needed,
        error_messages={"required": _("Say what was done.") if label == FEEDBACK else _("Give the reason.")},
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )


FEEDBACK = _("What was done")
LABELS = {
    V.ASSIGN: _("Words to the lead unit, where needed"),
    V.ACCEPT: _("Words, where needed"),
    V.START: _("Words, where needed"),
    V.FEEDBACK: FEEDBACK,
    V.SEND_BACK: _("Reason; the unit sees exactly these words"),
    V.CLOSE: _("Words, where needed"),
    V.ARCHIVE: _("Words, where needed"),
    V.EXTEND: _("Why it takes longer"),
    V.GRANT: _("Words, where needed"),
    V.REFUSE: _("Why it is refused"),
}


class StepForm(DecisionForm):
    """One step with its words, and the new due date where it moves."""

    def __init__(self, verb: FollowUpVerb, follow_up: FollowUp, asked: Extension | None, data: Any = None) -> None:
        initial = {"version": follow_up.version, "new_due_on": asked.new_due_on if asked else None}
        super().__init__(data, initial=initial, auto_id=f"{verb.value}-%s")
        if verb in (V.EXTEND, V.GRANT):
            self.fields["new_due_on"] = DayField(
                label=_("New due date"), error_messages={"required": _("Say until when.")}
            )
        row = step(verb, FollowUp.State(follow_up.state))  # type: ignore[arg-type]
        self.fields["text"] = _words(LABELS[verb], is_needed=row is not None and row.asks_words)


def _chosen(queryset: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(queryset, required=False, widget=forms.HiddenInput)


class NewFollowUpForm(forms.Form):
    """A follow-up to be registered; what it comes from is chosen by the address that led here."""

    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=100)
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    text = forms.CharField(
        label=_("What is to be done"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )
    lead = forms.ModelChoiceField(Unit.objects.none(), label=_("Lead unit"))
    supporting = forms.ModelMultipleChoiceField(Unit.objects.none(), label=_("Supporting units"), required=False)
    due_on = DayField(label=_("Due date"))
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label=_("Meeting"), required=False, empty_label=_("none: a leader's note")
    )
    requirement = _chosen(Requirement.objects.none())
    minutes_item = _chosen(MinutesItem.objects.none())
    warning = _chosen(EarlyWarning.objects.none())

    def __init__(self, campaign: Campaign, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        units = Unit.objects.filter(is_active=True).order_by("order", "code")
        choices: dict[str, Any] = {
            "lead": units,
            "supporting": units,
            "meeting": Meeting.objects.order_by("-held_on", "-pk"),
            "requirement": Requirement.objects.select_related("meeting"),
            "minutes_item": MinutesItem.objects.select_related("minutes__meeting", "agenda_item"),
            "warning": EarlyWarning.objects.filter(project__campaign=campaign).select_related("project"),
        }
        for name, queryset in choices.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    def task(self) -> Task:
        """What was filled in; the form must be valid."""
        filled = dict(self.cleaned_data)
        filled["supporting"] = list(filled["supporting"])
        return Task(**filled)
