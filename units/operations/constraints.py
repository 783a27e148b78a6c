"""Says of a row what is wrong with it, field by field, before the database has to refuse it.

Each app adds its words for constraints that have none of their own with `describe_constraints`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import BaseConstraint, CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {}
FITS_NOT = _("These values do not fit together.")


def describe_constraints(words: Mapping[str, Any]) -> None:
    """What to say to a person whose entry breaks the constraint of this name."""
    WORDS.update(words)


def words_for(constraint: BaseConstraint, refused: ValidationError) -> Any:
    if constraint.name in WORDS:
        return WORDS[constraint.name]
    return refused.messages if has_own_words(constraint) else FITS_NOT


def has_own_words(constraint: BaseConstraint) -> bool:
    """Whether the constraint says itself what is wrong; a plain unique one has Django's sentence with its fields."""
    if constraint.violation_error_message != constraint.default_violation_error_message:
        return True
    return isinstance(constraint, UniqueConstraint) and bool(constraint.fields) and constraint.condition is None


def names_in(constraint: BaseConstraint) -> list[str]:
    """The fields that a constraint compares, in the order in which it names them."""
    if isinstance(constraint, CheckConstraint):
        return list(_names(constraint.condition))
    if isinstance(constraint, UniqueConstraint):
        return [*constraint.fields, *(name for one in constraint.expressions for name in _names(one))]
    return []


def _names(condition: Any) -> Iterator[str]:
    if isinstance(condition, F):
        yield str(vars(condition)["name"])
    elif isinstance(condition, Q):
        for child in condition.children:
            yield from _names(child)
    elif isinstance(condition, tuple):
        yield condition[0].split("__")[0]
    else:
        for part in condition.get_source_expressions():
            yield from _names(part)


def must_be_right(row: models.Model) -> None:
    """Raises one `ValidationError` with everything that is wrong with the row, each beside its field.

    A broken constraint is said of the last field that it names.
    """
    errors: dict[str, list[ValidationError]] = {}
    try:
        row.full_clean(validate_constraints=False)
    except ValidationError as refused:
        errors = {name: list(found) for name, found in refused.error_dict.items()}
    wrong = {name for name in errors if name != NON_FIELD_ERRORS}
    for model, constraints in row.get_constraints():
        for constraint in constraints:
            try:
                constraint.validate(model, row, exclude=wrong)
            except ValidationError as refused:
                _add(errors, constraint, refused)
    if errors:
        raise ValidationError(errors)


def _add(errors: dict[str, list[ValidationError]], constraint: BaseConstraint, refused: ValidationError) -> None:
    place = (names_in(constraint) or [NON_FIELD_ERRORS])[-1]
    words = words_for(constraint, refused)
    code = "unique" if isinstance(constraint, UniqueConstraint) else "constraint"
    told = words if isinstance(words, list) else [words]
    known = {str(message) for one in errors.get(place, []) for message in one.messages}
    errors.setdefault(place, []).extend(ValidationError(one, code=code) for one in told if str(one) not in known)
