"""Holds rows against their stored state, so that the administration can record what it changed, field by field.

A picture of a row is its fields by name, foreign keys as ids and many-to-many fields as sorted lists of ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from typing import Any

from django.contrib.admin.utils import NestedObjects
from django.db import DEFAULT_DB_ALIAS, models

from units.operations.changes import Touched

Picture = dict[str, Any]


def own_fields(row: models.Model) -> Picture:
    """The row as it is in memory, without its id and the instants that the database keeps itself. No query."""
    return {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and not getattr(field, "auto_now", False)
    }


def picture(row: models.Model) -> Picture:
    """The row as it is in memory, with what its many-to-many fields hold in the database."""
    return own_fields(row) | {
        field.name: sorted(getattr(row, field.name).values_list("pk", flat=True))
        for field in row._meta.many_to_many
        if _is_plain(field)
    }


def _is_plain(field: models.ManyToManyField) -> bool:
    """Whether the field alone says what it holds; rows of a table of its own are pictured themselves."""
    through: Any = field.remote_field.through
    return bool(through._meta.auto_created)


def stored_picture(row: models.Model) -> Picture:
    """The row as it is in the database."""
    return picture(row._meta.base_manager.get(pk=row.pk))


def added(row: models.Model) -> Touched:
    return Touched(row, None, picture(row))


def changed(row: models.Model, before: Mapping[str, Any]) -> Touched | None:
    """The fields of the row that differ from before; None where none does."""
    after = stored_picture(row)
    names = [name for name, value in after.items() if before.get(name) != value]
    if not names:
        return None
    return Touched(row, {name: before.get(name) for name in names}, {name: after[name] for name in names})


def deleted(rows: Iterable[models.Model]) -> list[Touched]:
    """What deleting these rows takes away or empties, they themselves first. Ask before they are deleted."""
    rows = list(rows)
    if not rows:
        return []
    collector = NestedObjects(using=DEFAULT_DB_ALIAS, origin=rows)
    collector.collect(rows)
    # Deleting empties the id of a row in memory; a copy keeps it.
    gone = [Touched(copy(row), picture(row), None) for found in collector.data.values() for row in found]
    own = {(type(row), row.pk) for row in rows}
    gone.sort(key=lambda one: (type(one.row), one.row.pk) not in own)
    updates: Any = collector.field_updates
    emptied = [
        Touched(row, {field.name: getattr(row, field.attname)}, {field.name: value})
        for (field, value), groups in updates.items()
        for group in groups
        for row in group
    ]
    return gone + emptied


def has_row_version(model: type[models.Model]) -> bool:
    """Whether the model counts its changes in `version`; an edition that people number themselves is editable."""
    return any(field.name == "version" and not field.editable for field in model._meta.concrete_fields)


def raise_version(row: Any) -> None:
    """Counts a change of the row, where its model counts them."""
    if has_row_version(type(row)):
        row.version += 1
        instants = [one.name for one in row._meta.concrete_fields if getattr(one, "auto_now", False)]
        row.save(update_fields=["version", *instants])
