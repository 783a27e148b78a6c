"""What people type about a project: its monthly update, the stage it is in, why it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.forms.figures import FigureField
from campaigns.forms.moments import DayField
from campaigns.forms.project_photos import PhotosField
from campaigns.models import Milestone, Project, ProjectUpdate
from campaigns.operations.project_updates import FIELDS, UpdateWords
from campaigns.templatetags.look import short_day_year

LARGEST_ID = 2**31 - 1
NOT_WHOLE = _("This page was not sent whole. Load it again.")
FIGURE = {"inputmode": "decimal", "autocomplete": "off", "class": "form-control"}


def _version_box(least: int) -> forms.IntegerField:
    errors = dict.fromkeys(("required", "invalid", "min_value", "max_value"), NOT_WHOLE)
    return forms.IntegerField(min_value=least, max_value=LARGEST_ID, widget=forms.HiddenInput, error_messages=errors)


def _words(label: Any, rows: int = 3, *, most: int = 2000) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows, "class": "form-control"}),
    )


class UpdateForm(forms.Form):
    """The monthly update; `version` is 0 where there is none yet. Each of the `steps` has a box for the day on which
    it was done."""

    version = _version_box(0)
    invested_to_date = FigureField(
        decimals=2, label=_("Invested this year to date, 10,000 yuan"), widget=forms.TextInput(attrs=FIGURE)
    )
    image_percent = FigureField(
        decimals=2, integer_digits=3, label=_("Image progress, %"), widget=forms.TextInput(attrs=FIGURE)
    )
    image_progress = _words(_("Image progress"))
    problem = _words(_("Problem that needs coordination"))
    problem_since = DayField(label=_("Problem open since"), required=False)
    next_step = _words(_("Next step"))
    note = _words(_("Note"), 2, most=500)
    photos = PhotosField(label=_("Photos"), help_text=_("jpg, png or webp, up to 20 MB each."))

    def __init__(
        self, data: Any = None, files: Any = None, *, update: ProjectUpdate | None, steps: Sequence[Milestone] = ()
    ) -> None:
        kept = {name: getattr(update, name) for name in FIELDS} if update else {}
        super().__init__(data, files, initial={**kept, "version": update.version if update else 0})
        self.step_names = {f"milestone_{step.pk}": step for step in steps}
        for name, step in self.step_names.items():
            planned = gettext("planned for %(day)s") % {"day": short_day_year(step.planned_on)}
            self.fields[name] = DayField(label=step.name, required=False, initial=step.done_on, help_text=planned)

    @property
    def step_boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.step_names]

    def reached(self) -> dict[int, date | None]:
        """By id of a milestone the day on which it was done; those that were not sent are left alone."""
        sent = {name: step for name, step in self.step_names.items() if name in self.data}
        return {step.pk: self.cleaned_data[name] for name, step in sent.items()}

    def clean_invested_to_date(self) -> Decimal | None:
        value: Decimal | None = self.cleaned_data["invested_to_date"]
        if value is not None and value < 0:
            raise forms.ValidationError(_("This cannot be below nothing."))
        return value

    def clean_image_percent(self) -> Decimal | None:
        value: Decimal | None = self.cleaned_data["image_percent"]
        if value is not None and not 0 <= value <= 100:
            raise forms.ValidationError(_("A percentage from 0 to 100."))
        return value

    def words(self) -> UpdateWords:
        return UpdateWords(**{name: self.cleaned_data[name] for name in FIELDS})


class StageForm(forms.Form):
    """Every stage but the exit, which needs a reason."""

    version = _version_box(1)
    stage = forms.ChoiceField(
        label=_("Stage"), choices=[one for one in Project.Stage.choices if one[0] != Project.Stage.EXITED]
    )
    started_on = DayField(label=_("Actual start"), required=False)
    finished_on = DayField(label=_("Actual finish"), required=False)
    statistical_entry_on = DayField(label=_("Statistical entry"), required=False)

    def __init__(self, data: Any = None, *, project: Project) -> None:
        names = ("version", "stage", "started_on", "finished_on", "statistical_entry_on")
        super().__init__(data, initial={name: getattr(project, name) for name in names}, auto_id="stage-%s")


class ExitForm(forms.Form):
    version = _version_box(1)
    reason = forms.CharField(
        label=_("Why it exits"),
        max_length=2000,
        error_messages={"required": _("Say why the project exited.")},
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )

    def __init__(self, data: Any = None, *, project: Project) -> None:
        super().__init__(data, initial={"version": project.version}, auto_id="exit-%s")
