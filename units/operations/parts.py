"""Rows that belong to another row and are replaced with it, as one whole list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from units.models import Source
from units.operations.admin_changes import added, changed, deleted, picture
from units.operations.changes import Touched
from units.operations.constraints import must_be_right


class WrongPart(Exception):
    """The row at this place of the list cannot be saved; `wrong` says why, field by field."""

    def __init__(self, place: int, wrong: ValidationError) -> None:
        super().__init__(place)
        self.place = place
        self.wrong = wrong


def replace_parts(
    *,
    there: Iterable[Model],
    given: Sequence[Mapping[str, Any]],
    new: Callable[[], Model],
    key: str,
    names: Iterable[str],
) -> list[Touched]:
    """Makes the rows that are `there` what was given: by their `key` they stay, change, come or go.

    `given` holds each key once; `names` are the fields that it tells, and one that it leaves out gets its default.
    Raises `WrongPart`. Call it within the transaction that saves the row they belong to.
    """
    stored = {getattr(row, key): row for row in there}
    kept = {values[key] for values in given}
    gone = [row for told, row in stored.items() if told not in kept]
    touched = deleted(gone)
    for row in gone:
        row.delete()
    for place, values in enumerate(given):
        wanted = new()
        for name, value in values.items():
            setattr(wanted, name, value)
        try:
            touched += _write(stored.get(values[key]), wanted, names)
        except ValidationError as wrong:
            raise WrongPart(place, wrong) from wrong
    return touched


def _write(row: Any, wanted: Model, names: Iterable[str]) -> list[Touched]:
    """Saves the new row, or the stored one with what is new in it; nothing where nothing is."""
    if row is None:
        must_be_right(wanted)
        wanted.save()
        return [added(wanted)]
    before = picture(row)
    for name in names:
        setattr(row, name, getattr(wanted, name))
    if picture(row) == before:
        return []
    row.source = Source.ENTERED
    must_be_right(row)
    row.save()
    one = changed(row, before)
    return [one] if one else []
