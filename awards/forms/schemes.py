"""The editor of an award scheme: the scheme, its criteria and gates as rows, added and moved without a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from awards.domain.scheme_checks import OF_INDICATOR, WHOLE, Basis
from awards.forms.methods import box, sum_of_weights
from awards.forms.scheme_arranging import EMPTY_CRITERIA, EMPTY_GATES, MOST, raw_rows
from awards.forms.scheme_rows import CriterionRow, GateRow, criterion_initial, gate_initial
from awards.models import Criterion, Gate, Scheme
from awards.operations.schemes import CriterionGiven, GateGiven, SchemeGiven
from awards.queries.scheme_sources import Sources
from awards.refusals import Invalid, Refusal, WrongScheme
from campaigns.models import Campaign
from units.forms.fields import NameField
from units.models import RankingGroup

LARGEST_FLAGS, LARGEST_DAYS, MOST_DECIMALS = 1000, 100, 4


class SchemeForm(forms.Form):
    """The scheme itself; `revision` is the wording that was looked at."""

    code = forms.SlugField(label=_("Code"), max_length=60, help_text=_("Small letters, digits and hyphens; it stays."))
    name_zh = NameField(label=_("Name in Chinese"), max_length=80)
    name_en = NameField(label=_("Name in English"), max_length=160)
    campaign = forms.ModelChoiceField(Campaign.objects.order_by("-starts_on"), label=_("Campaign"))
    group = forms.ModelChoiceField(RankingGroup.objects.order_by("pk"), label=_("Ranking group"))
    interval = forms.ChoiceField(label=_("Interval"), choices=Scheme.Interval.choices)
    flags = forms.IntegerField(label=_("Number of flags"), min_value=1, max_value=LARGEST_FLAGS, initial=3)
    minimum_score = box(2, _("Minimum score"), initial="90")
    tie_rule = forms.ChoiceField(label=_("Tie rule"), choices=Scheme.TieRule.choices)
    decimals = forms.IntegerField(label=_("Decimals of a score"), min_value=0, max_value=MOST_DECIMALS, initial=2)
    bonus_cap = box(2, _("Bonus counts up to, points"), help_text=_("Empty: no limit."))
    penalty_cap = box(2, _("Penalty counts up to, points"), help_text=_("Empty: no limit."))
    publicity_working_days = forms.IntegerField(
        label=_("Publicity, working days"), min_value=0, max_value=LARGEST_DAYS, initial=3
    )
    revision = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, initial: Any = None, *, fixes_code: bool = False) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.fields["minimum_score"].required = True
        if fixes_code:
            self.fields["code"].widget.attrs["readonly"] = True

    def clean_revision(self) -> int | None:
        text = self.cleaned_data["revision"]
        return int(text) if text.isascii() and text.isdigit() else None


@dataclass
class SchemeEditor:
    """All boxes of the page. `whole` are messages on the criteria together, such as weights that do not add to 100."""

    form: SchemeForm
    criteria: Sequence[CriterionRow]
    gates: Sequence[GateRow]
    sources: Sources
    whole: list[str] = field(default_factory=list)

    @property
    def weight_sum(self) -> Decimal:
        return sum_of_weights(one["weight"].value() for one in self.criteria)

    @property
    def is_whole(self) -> bool:
        return self.weight_sum == WHOLE

    def is_valid(self) -> bool:
        """Everything is looked at, so that all messages come at once."""
        is_right = all([self.form.is_valid(), *(one.is_valid() for one in (*self.criteria, *self.gates))])
        return is_right and self._points_somewhere()

    def given(self) -> SchemeGiven:
        """What was typed, with rows in their order; the editor must be valid."""
        filled = {name: value for name, value in self.form.cleaned_data.items() if name != "revision"}
        orders, behind = _orders(self.criteria), _orders(self.gates)
        return SchemeGiven(
            **filled,
            criteria=[self._criterion(one, orders[one.number]) for one in self.criteria if one.is_written],
            gates=[_gate(one, orders, behind) for one in self.gates if one.is_written],
        )

    def _criterion(self, row: CriterionRow, order: int) -> CriterionGiven:
        filled, campaign = row.cleaned_data, self.form.cleaned_data["campaign"]
        basis = filled["basis"]
        return CriterionGiven(
            order=order,
            indicator=self.sources.indicators.get(filled["indicator"].strip()) if basis in OF_INDICATOR else None,
            action=self.sources.action(campaign.pk, filled["action"]) if basis == Basis.ACTION_COMPOSITE else None,
            parameters=row.parameters(),
            **{name: filled[name] for name in ("name_zh", "name_en", "weight", "basis", "method", "tie_order")},
        )

    def _points_somewhere(self) -> bool:
        """Codes and numbers that are typed lead to something that is there."""
        campaign = self.form.cleaned_data["campaign"]
        for row in (one for one in self.criteria if one.is_written):
            basis, code, number = (row.cleaned_data[name] for name in ("basis", "indicator", "action"))
            if basis in OF_INDICATOR and code.strip() and code.strip() not in self.sources.indicators:
                row.add_error("indicator", _("There is no “%(code)s”.") % {"code": code[:60]})
            if basis == Basis.ACTION_COMPOSITE and number and self.sources.action(campaign.pk, number) is None:
                row.add_error("action", _("There is no action %(number)s in this campaign.") % {"number": number[:10]})
        criteria, gates = _orders(self.criteria), _orders(self.gates)
        for gate in (one for one in self.gates if one.is_written):
            criterion, behind = gate.cleaned_data["criterion"], gate.cleaned_data["behind"]
            if criterion not in criteria:
                told = _("There is no criterion %(order)s in this scheme.") % {"order": criterion}
                gate.add_error("criterion", told)
            if behind is not None and behind not in gates:
                gate.add_error("behind", _("There is no gate %(order)s in this scheme.") % {"order": behind})
        return not any(one.errors for one in (*self.criteria, *self.gates))

    def tell(self, refused: Refusal) -> None:
        """Puts what is wrong beside its box."""
        if not isinstance(refused, WrongScheme):
            at = refused.field if isinstance(refused, Invalid) and refused.field in self.form.fields else None
            self.form.add_error(at, str(refused))
            return
        criteria = [one for one in self.criteria if one.is_written]
        gates = [one for one in self.gates if one.is_written]
        for one in refused.problems:
            if one.part == "criteria" and one.place is not None:
                criteria[one.place].tell(one.name, one.parameter, one.message)
            elif one.part == "gates" and one.place is not None:
                gates[one.place].tell(one.name, one.message)
            elif one.part == "scheme":
                self.form.add_error(one.name if one.name in self.form.fields else None, one.message)
            else:
                self.whole.append(one.message)


def _orders(rows: Sequence[Any]) -> dict[int, int]:
    """By the number on the page the order among those that are written."""
    written = [one.number for one in rows if one.is_written]
    return {number: order for order, number in enumerate(written, start=1)}


def _gate(row: GateRow, criteria: Mapping[int, int], gates: Mapping[int, int]) -> GateGiven:
    filled = row.cleaned_data
    return GateGiven(
        order=gates[row.number],
        name_zh=filled["name_zh"],
        name_en=filled["name_en"],
        criterion=criteria[filled["criterion"]],
        minimum=filled["minimum"],
        behind=gates[filled["behind"]] if filled["behind"] else None,
    )


# --- where the boxes come from ----------------------------------------------------------------------------------------


def editor_of(
    scheme: Scheme | None, criteria: Sequence[Criterion], gates: Sequence[Gate], sources: Sources
) -> SchemeEditor:
    """As the scheme is saved, with a few empty rows; None: a new one."""
    names = [name for name in SchemeForm.base_fields if name not in ("revision", "campaign", "group")]
    initial: dict[str, Any] = {}
    if scheme is not None:
        initial = {name: _as_typed(getattr(scheme, name)) for name in names}
        initial |= {"campaign": scheme.campaign_id, "group": scheme.group_id, "revision": str(scheme.revision)}
    on_page = {one.pk: number for number, one in enumerate(criteria, start=1)}
    gates_on_page = {one.pk: number for number, one in enumerate(gates, start=1)}
    return arranged(
        initial,
        [*(criterion_initial(one) for one in criteria), *({} for _empty in range(EMPTY_CRITERIA))],
        [*(gate_initial(one, on_page, gates_on_page) for one in gates), *({} for _empty in range(EMPTY_GATES))],
        sources,
        fixes_code=scheme is not None,
    )


def _as_typed(value: Any) -> Any:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def arranged(
    initial: Mapping[str, Any],
    criteria: Sequence[Mapping[str, Any]],
    gates: Sequence[Mapping[str, Any]],
    sources: Sources,
    *,
    fixes_code: bool,
) -> SchemeEditor:
    """Boxes with these words in them, which nobody has looked at yet."""
    return SchemeEditor(
        SchemeForm(initial=initial, fixes_code=fixes_code),
        _rows(CriterionRow, criteria),
        _rows(GateRow, gates),
        sources,
    )


def _rows(made: Callable[..., Any], initials: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [made(number, initial=dict(one)) for number, one in enumerate(initials[:MOST], start=1)]


def sent(data: Any, sources: Sources, *, fixes_code: bool) -> SchemeEditor:
    """As it was sent, to be looked at."""
    counts = [len(raw_rows(data, kind)) for kind in ("c", "g")]
    return SchemeEditor(
        SchemeForm(data, fixes_code=fixes_code),
        [CriterionRow(number, data) for number in range(1, counts[0] + 1)],
        [GateRow(number, data) for number in range(1, counts[1] + 1)],
        sources,
    )
