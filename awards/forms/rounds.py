"""What people write at each step of an award round: days, points with their evidence, appeals, decisions, reasons."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from awards.domain.round_life import RoundVerb
from awards.models import Adjustment, Round
from awards.operations.adjustments import NOTE_LENGTH, NewAdjustment
from awards.operations.announcements import NewDecision
from awards.operations.appeals import LONGEST as LONGEST_APPEAL
from awards.operations.round_steps import LONGEST
from campaigns.forms.attachments import ACCEPT, AttachmentForm
from campaigns.forms.decisions import LARGEST_ID, NOT_WHOLE, DecisionForm
from campaigns.forms.figures import FigureField
from campaigns.forms.moments import DayField
from campaigns.models import AgendaItem
from units.models import Unit

V = RoundVerb
WINNER = [("", _("as computed")), ("yes", _("gets the flag")), ("no", _("does not get the flag"))]
WHOLE_DIGITS = 5


def _words(label: Any, missing: Any, *, longest: int = LONGEST, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        error_messages={"required": missing},
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        **options,
    )


def _hidden_id() -> forms.IntegerField:
    return forms.IntegerField(
        min_value=1,
        max_value=LARGEST_ID,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), NOT_WHOLE),
    )


def _decimal_box(label: Any, decimals: int, **options: Any) -> FigureField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return FigureField(decimals=decimals, integer_digits=WHOLE_DIGITS, label=label, widget=widget, **options)


class RoundForm(DecisionForm):
    """A step on a round. `units` are those that may be chosen. `key` keeps the ids of boxes apart, since several forms
    stand on one page; `row` is the id of the row beside which the form stands."""

    def __init__(
        self, award: Round, units: Any, data: Any = None, files: Any = None, *, key: str, row: int | None = None
    ) -> None:
        super().__init__(data, files, initial={"version": award.version}, auto_id=f"{key}-%s")
        self.award, self.key, self.row = award, key, row
        if "unit" in self.fields:
            self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    @property
    def takes_files(self) -> bool:
        return self.is_multipart()


class PubliciseForm(RoundForm):
    publicity_from = DayField(label=_("First day"), required=False, help_text=_("Empty: today."))
    publicity_until = DayField(
        label=_("Last day"), required=False, help_text=_("Empty: after the working days that the scheme asks for.")
    )


class EvidenceForm(RoundForm):
    """Evidence is a file, or words that say where it is. A file is not kept where another box is refused: browsers
    give none back."""

    evidence = forms.FileField(
        label=_("Evidence, a file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        help_text=_("A photo or document of at most 20 MB. Where a box is refused, choose the file again."),
    )
    evidence_note = forms.CharField(
        label=_("Evidence, in words"),
        required=False,
        max_length=NOTE_LENGTH,
        help_text=_("Where it is, for example the number of a notice. Everybody reads these words."),
    )

    def clean_evidence(self) -> Any:
        upload = self.cleaned_data.get("evidence")
        if not upload:
            return None
        checked = AttachmentForm({}, MultiValueDict({"file": [upload]}))
        if not checked.is_valid():
            raise ValidationError([str(one) for one in checked.errors.get("file", [])])
        return checked.cleaned_data["file"]


class AdjustForm(EvidenceForm):
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Adjustment.Kind.choices)
    points = _decimal_box(_("Points"), 4, help_text=_("None for a veto: it excludes, whatever the score."))
    reason = _words(_("Reason"), _("Give the reason."))

    field_order = ("version", "unit", "kind", "points", "reason", "evidence_note", "evidence")

    def adjustment(self) -> NewAdjustment:
        """What is put on the unit; the form must be valid."""
        names = ("unit", "kind", "reason", "evidence", "evidence_note")
        return NewAdjustment(
            points=self.cleaned_data["points"] or Decimal(0),
            **{name: self.cleaned_data[name] for name in names},
        )


class TakeBackForm(RoundForm):
    adjustment = _hidden_id()
    reason = _words(_("Why it is taken back"), _("Say why it is taken back."))


class AppealForm(RoundForm):
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), empty_label=None)
    text = _words(_("What you object to, and why"), _("Say what you object to."), longest=LONGEST_APPEAL)


class AnswerForm(RoundForm):
    appeal = _hidden_id()
    answer = _words(_("Answer in writing"), _("Answer in writing."), longest=LONGEST_APPEAL)
    is_upheld = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("no", _("not upheld")), ("yes", _("upheld"))],
        coerce=lambda value: value == "yes",
    )
    sends_back = forms.BooleanField(label=_("Send the round back to computed"), required=False)


class DecideForm(RoundForm):
    """Another score, or who wins: one at a time."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"))
    score = FigureField(decimals=0, label=_("Score"))
    is_winner = forms.TypedChoiceField(
        label=_("Flag"), choices=WINNER, required=False, coerce=lambda value: value == "yes", empty_value=None
    )
    reason = _words(_("Reason"), _("Give the reason; it stands beside the computed score."))

    def __init__(self, award: Round, *args: Any, **options: Any) -> None:
        super().__init__(award, *args, **options)
        self.fields["score"] = _decimal_box(
            _("Score"), award.scheme.decimals, help_text=_("Empty: as computed. Ranks and winners follow from it.")
        )

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or self.cleaned_data
        if "score" in filled and "is_winner" in filled:
            given = [name for name in ("score", "is_winner") if filled[name] is not None]
            if not given:
                self.add_error("score", _("Decide a score, or who wins."))
            elif len(given) > 1:
                self.add_error("is_winner", _("One decision at a time: a score, or who wins."))
        return filled


class WithdrawDecisionForm(RoundForm):
    unit = forms.ModelChoiceField(Unit.objects.none(), widget=forms.HiddenInput)
    reason = _words(_("Why it is taken back"), _("Say why it is taken back."))


class PlaceForm(RoundForm):
    agenda_item = forms.ModelChoiceField(
        AgendaItem.objects.none(), label=_("Agenda item"), required=False, empty_label=_("none")
    )

    def __init__(self, award: Round, *args: Any, **options: Any) -> None:
        super().__init__(award, *args, **options)
        items = AgendaItem.objects.filter(meeting__campaign=award.scheme.campaign_id).select_related("meeting")
        field: Any = self.fields["agenda_item"]
        field.queryset = items.order_by("-meeting__held_on", "session", "order")
        field.label_from_instance = lambda one: f"{one.meeting.held_on} · {one.meeting.name} · {one.title}"
        self.initial["agenda_item"] = award.agenda_item_id


class ReviseForm(EvidenceForm):
    """What changes after the announcement: the figures of now, something put on a unit, or a decision."""

    reason = _words(_("Why the announced result changes"), _("Say why the announced result changes."))
    recompute = forms.BooleanField(label=_("Compute again from the figures of now"), required=False)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), required=False, empty_label=_("none"))
    kind = forms.ChoiceField(
        label=_("Bonus, penalty or veto"), choices=[("", _("none")), *Adjustment.Kind.choices], required=False
    )
    points = _decimal_box(_("Points"), 4)
    score = FigureField(decimals=0, label=_("Score"))
    is_winner = DecideForm.base_fields["is_winner"]

    field_order = (
        "version", "reason", "recompute", "unit", "kind", "points", "evidence_note", "evidence", "score", "is_winner",
    )  # fmt: skip

    def __init__(self, award: Round, *args: Any, **options: Any) -> None:
        super().__init__(award, *args, **options)
        self.fields["score"] = _decimal_box(_("Decided score"), award.scheme.decimals)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or self.cleaned_data
        names = ("kind", "score", "is_winner")
        is_about_a_unit = any(filled.get(name) not in (None, "") for name in names)
        if is_about_a_unit and "unit" in filled and filled["unit"] is None:
            self.add_error("unit", _("Choose the unit that this is about."))
        return filled

    def adjustments(self) -> list[NewAdjustment]:
        filled = self.cleaned_data
        if not filled["kind"]:
            return []
        names = ("unit", "kind", "reason", "evidence", "evidence_note")
        points = filled["points"] or Decimal(0)
        return [NewAdjustment(points=points, **{name: filled[name] for name in names})]

    def decisions(self) -> list[NewDecision]:
        filled = self.cleaned_data
        if filled["score"] is None and filled["is_winner"] is None:
            return []
        return [NewDecision(unit=filled["unit"], score=filled["score"], is_winner=filled["is_winner"])]


FORMS: dict[RoundVerb, Callable[..., RoundForm]] = {
    V.COMPUTE: RoundForm,
    V.REVIEW: RoundForm,
    V.PUBLICISE: PubliciseForm,
    V.APPEAL: AppealForm,
    V.ADJUST: AdjustForm,
    V.DECIDE: DecideForm,
    V.PLACE: PlaceForm,
    V.REVISE: ReviseForm,
}
"""The steps with a form of their own on the page, in the order in which they stand there."""
