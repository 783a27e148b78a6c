"""Forms of the administration: what breaks a constraint is said beside its field, and a stale page saves nothing.

The words come from `units.operations.constraints`, which every door shares.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import BaseConstraint
from django.utils.translation import gettext_lazy as _

from units.operations.admin_changes import has_row_version
from units.operations.constraints import describe_constraints, names_in, words_for
from units.operations.rows import Rules

__all__ = ["ConstraintForm", "RecordedForm", "describe_constraints"]


class ConstraintForm(forms.ModelForm):
    """Checks every constraint of the model, also over fields that the form does not show.

    `rules` are asked of a row that is right otherwise, as the API and the imports ask them.
    """

    rules: ClassVar[Rules | None] = None

    def validate_unique(self) -> None:
        try:
            self.instance.validate_unique(exclude=self._left_out())
        except ValidationError as refused:
            self.add_error(None, refused)

    def _post_clean(self) -> None:
        """Django would say of constraints at the top of the page what `validate_constraints` says beside the box."""
        vars(self.instance)["validate_constraints"] = lambda exclude=None: None
        try:
            super()._post_clean()  # type: ignore[misc]  # not in the type stubs
        finally:
            del vars(self.instance)["validate_constraints"]
        self.validate_constraints()
        if not self.errors:
            self._ask_rules()

    def _ask_rules(self) -> None:
        rules = type(self).rules
        for name, told in (rules(self.instance) if rules else {}).items():
            self.add_error(name if name in self.fields else None, told)

    def validate_constraints(self) -> None:
        left_out = self._left_out()
        for model, constraints in self.instance.get_constraints():
            for constraint in constraints:
                try:
                    constraint.validate(model, self.instance, exclude=left_out)
                except ValidationError as refused:
                    self.add_error(self._place_of(constraint), self._words_for(constraint, refused))

    def _left_out(self) -> set[str]:
        """Fields with an error of their own. A field that is not in the form keeps its value and is checked too."""
        left_out: set[str] = self._get_validation_exclusions()  # type: ignore[attr-defined]  # not in the type stubs
        return {name for name in left_out if name in self.fields}

    def _place_of(self, constraint: BaseConstraint) -> str | None:
        """The last box that the constraint speaks of: where the person has just typed."""
        names = [name for name in names_in(constraint) if name in self.fields and not self._is_hidden(name)]
        return names[-1] if names else None

    def _is_hidden(self, name: str) -> bool:
        return isinstance(self.fields[name].widget, forms.HiddenInput)

    def _words_for(self, constraint: BaseConstraint, refused: ValidationError) -> Any:
        return words_for(constraint, refused)


class RecordedForm(ConstraintForm):
    """Carries the version that the person saw; where somebody saved since, nothing is written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and has_row_version(type(self.instance)):
            self.fields["seen_version"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, initial=self.instance.version
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        seen = self.cleaned_data.get("seen_version")
        if seen is not None and seen != self.instance.version:
            self.add_error(
                None,
                _("Somebody changed this while you had it open. Nothing was saved: open it anew and compare."),
            )
        return cleaned
