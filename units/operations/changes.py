"""Leaves the record of a change, in the transaction of the operation that makes it; it is sealed soon after commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from units.models import KEY_PATHS, ApiToken, Change, ChangeItem, User
from units.operations.nudges import nudge_seldom

SEAL_TASK = "units.seal_changes"
ROWS_AT_ONCE = 1000
SECRET_FIELDS = frozenset({"password", "secret", "digest", "address"})

current_request: ContextVar[str] = ContextVar("current_request", default="")
"""The id of the web request or job that is being served; the edge sets it."""

current_token: ContextVar[ApiToken | None] = ContextVar("current_token", default=None)
"""The token of the client system that is being served; the edge sets it."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A row with those of its fields that changed, before and after; `before` is None for a new row."""

    row: models.Model
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def record(
    *,
    actor: User | None,
    verb: str,
    touched: Iterable[Touched],
    reason: str = "",
    on_behalf_of: User | None = None,
) -> Change:
    """Appends one change with its rows. `actor` None is the system itself (beat); secrets are never written down."""
    change = Change.objects.create(
        actor=actor,
        on_behalf_of=on_behalf_of,
        token=current_token.get(),
        verb=verb,
        reason=reason,
        request=current_request.get(),
    )
    rows = list(touched)
    keys = natural_keys(one.row for one in rows)
    ChangeItem.objects.bulk_create(
        (
            ChangeItem(
                change=change,
                object_type=one.row._meta.label_lower,
                object_id=str(one.row.pk),
                label=str(one.row)[:200],
                key=keys[index],
                unit=keys[index].get("unit", ""),
                before=_plain(one.before),
                after=_plain(one.after),
            )
            for index, one in enumerate(rows)
        ),
        batch_size=ROWS_AT_ONCE,
    )
    transaction.on_commit(nudge_sealing)
    return change


def nudge_sealing() -> None:
    nudge_seldom(SEAL_TASK)


# --- how a row is named outside ---------------------------------------------------------------------------------------


def natural_keys(rows: Iterable[models.Model]) -> list[dict[str, str]]:
    """The natural key of each row, by part; empty where its kind has none.

    What the rows have loaded is not asked for again; for the others one query for each kind and 1,000 rows.
    """
    keys: list[dict[str, str]] = []
    lacking: defaultdict[type[models.Model], dict[Any, list[int]]] = defaultdict(dict)
    for index, row in enumerate(rows):
        paths = KEY_PATHS.get(row._meta.label_lower, {})
        loaded = {part: _loaded(row, path) for part, path in paths.items()}
        if None in loaded.values():
            lacking[type(row)].setdefault(row.pk, []).append(index)
        keys.append({part: str(value) for part, value in loaded.items()})
    for model, places in lacking.items():
        for pk, key in _stored_keys(model, list(places)):
            for index in places[pk]:
                keys[index] = key
    return keys


def _loaded(row: models.Model, path: str) -> Any:
    """The value at the end of the path; None where a row on the way is not in memory."""
    value: Any = row
    for name in path.split("__"):
        field = value._meta.get_field(name)
        if field.is_relation and not field.is_cached(value):
            return None
        value = getattr(value, name)
        if value is None:
            return None
    return value


def _stored_keys(model: type[models.Model], ids: list[Any]) -> Iterable[tuple[Any, dict[str, str]]]:
    paths = KEY_PATHS[model._meta.label_lower]
    for start in range(0, len(ids), ROWS_AT_ONCE):
        found = model._meta.base_manager.filter(pk__in=ids[start : start + ROWS_AT_ONCE]).values_list(
            "pk", *paths.values()
        )
        for pk, *values in found:
            yield pk, {part: "" if value is None else str(value) for part, value in zip(paths, values, strict=True)}


# --- what is written down ---------------------------------------------------------------------------------------------


def fields_of(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """The named fields of a row as they are now, to be held against a later moment."""
    return {name: getattr(row, row._meta.get_field(name).attname) for name in names}  # type: ignore[union-attr]


def _plain(fields: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if fields is None:
        return None
    return {name: "***" if name in SECRET_FIELDS else _plain_value(value) for name, value in fields.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | dict):
        return value
    return str(value)
