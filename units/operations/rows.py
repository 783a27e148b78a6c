"""Adds, changes and deletes rows of master data for doors that have no form, each leaving one change.

What the administration does for its pages: constraints are checked and named, the version is raised, all is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from units.models import Source, User
from units.operations.admin_changes import added, changed, deleted, picture, raise_version, stored_picture
from units.operations.changes import Touched, record
from units.operations.constraints import must_be_right

Rules = Callable[[Any], Mapping[str, Any]]
"""Looks at a row that is about to be saved; answers what is wrong, a sentence by field."""


def _no_parts() -> Iterable[Touched]:
    return ()


@transaction.atomic
def save_row(
    *, row: Any, actor: User, rules: Rules | None = None, save_parts: Callable[[], Iterable[Touched]] = _no_parts
) -> frozenset[str] | None:
    """Writes a new or changed row; returns the names of the fields that changed, None where nothing did.

    `save_parts` writes rows that belong to this one, and many-to-many fields, and tells what it touched. Raises
    `ValidationError` with all that is wrong.
    """
    is_new = row.pk is None
    before = {} if is_new else stored_picture(row)
    if is_new or picture(row) != before:
        if not is_new and hasattr(row, "source"):
            row.source = Source.ENTERED
        _check(row, rules)
        row.save()
    parts = list(save_parts())
    own = added(row) if is_new else changed(row, before)
    touched = [*([own] if own else []), *parts]
    if not touched:
        return None
    if not is_new:
        raise_version(row)
    record(actor=actor, verb="add" if is_new else "change", touched=touched)
    return frozenset(own.after or ()) if own else frozenset()


@transaction.atomic
def delete_row(*, row: Model, actor: User) -> None:
    """Deletes a row that nothing hangs on; raises `ProtectedError` where something does."""
    record(actor=actor, verb="delete", touched=deleted([row]))
    row.delete()


def _check(row: Model, rules: Rules | None) -> None:
    must_be_right(row)
    wrong = rules(row) if rules else {}
    if wrong:
        raise ValidationError({name: ValidationError(told, code="rule") for name, told in wrong.items()})
