"""Leaves the record of a change, in the transaction of the operation that makes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from units.models import ApiToken, Change, ChangeItem, User

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
    ChangeItem.objects.bulk_create(
        ChangeItem(
            change=change,
            object_type=one.row._meta.label_lower,
            object_id=str(one.row.pk),
            label=str(one.row)[:200],
            before=_plain(one.before),
            after=_plain(one.after),
        )
        for one in touched
    )
    return change


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
