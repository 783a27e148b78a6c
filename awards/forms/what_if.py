"""What is changed for once to see who would win: weights, methods, flags, minimum score, tie rule."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from awards.domain.scheme_checks import WHOLE
from awards.forms.methods import MethodForm, box, initial_of, sum_of_weights
from awards.models import Criterion, Round, Scheme
from awards.queries.what_if import Changes
from awards.refusals import WrongScheme

MOST_FLAGS = 1000


class WeightForm(MethodForm):
    """One criterion, by its order in the scheme."""

    weight = box(2, _("Weight"), error_messages={"required": _("Give the weight.")})

    def __init__(self, criterion: Criterion, data: Any = None) -> None:
        super().__init__(data, initial=initial_of(criterion), prefix=f"c{criterion.order}")
        self.criterion = criterion
        self.fields["weight"].required = True
        self.order_fields(["weight", "method"])


class WhatIfForm(forms.Form):
    flags = forms.IntegerField(label=_("Number of flags"), min_value=1, max_value=MOST_FLAGS)
    minimum_score = box(2, _("Minimum score"))
    tie_rule = forms.ChoiceField(label=_("Tie rule"), choices=Scheme.TieRule.choices)

    def __init__(self, award: Round, criteria: Sequence[Criterion], data: Any = None) -> None:
        scheme = award.scheme
        initial = {
            "flags": scheme.flags,
            "minimum_score": f"{scheme.minimum_score.normalize():f}",
            "tie_rule": scheme.tie_rule,
        }
        super().__init__(data, initial=initial)
        self.fields["minimum_score"].required = True
        self.rows = [WeightForm(one, data) for one in criteria]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(one.is_valid() for one in self.rows)])

    @property
    def weight_sum(self) -> Decimal:
        return sum_of_weights(one["weight"].value() for one in self.rows)

    @property
    def is_whole(self) -> bool:
        return self.weight_sum == WHOLE

    def changes(self) -> Changes:
        """Everything as it was typed; the form must be valid."""
        filled = self.cleaned_data
        return Changes(
            weights={one.criterion.order: one.cleaned_data["weight"] for one in self.rows},
            methods={one.criterion.order: (one.cleaned_data["method"], one.parameters()) for one in self.rows},
            flags=filled["flags"],
            minimum_score=filled["minimum_score"],
            tie_rule=filled["tie_rule"],
        )

    def tell(self, wrong: WrongScheme) -> None:
        """Puts each problem beside its box; what is wrong with the whole stands above."""
        for one in wrong.problems:
            if one.part == "criteria" and one.place is not None:
                self.rows[one.place].tell(one.name, one.parameter, one.message)
            else:
                self.add_error(one.name if one.part == "scheme" and one.name in self.fields else None, one.message)
