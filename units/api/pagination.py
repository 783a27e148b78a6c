"""Pages of a list by key: a page begins after the last row of the one before, however many rows were added since.

A cursor holds the values by which that row is ordered, signed; it is good for the ordering it was made for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db.models import F, Model, Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from units.api.problems import ApiProblem, error

DEFAULT_SIZE = 100
MAX_SIZE = 500
SALT = "units.api.pagination"


@dataclass(frozen=True, slots=True)
class Order:
    """One thing to order by: a path of the ORM, as `unit__order`, or an annotation."""

    path: str
    is_descending: bool = False

    @classmethod
    def parse(cls, told: str) -> Order:
        return cls(told.removeprefix("-"), told.startswith("-"))

    @property
    def told(self) -> str:
        return f"-{self.path}" if self.is_descending else self.path

    def reversed(self) -> Order:
        return Order(self.path, not self.is_descending)

    def expression(self, *, nulls_last: bool) -> Any:
        path = F(self.path)
        nulls: dict[str, Any] = {"nulls_last": True} if nulls_last else {"nulls_first": True}
        return path.desc(**nulls) if self.is_descending else path.asc(**nulls)

    def value_of(self, row: Model) -> Any:
        value: Any = row
        for name in self.path.split("__"):
            value = getattr(value, name, None)
        return value


def orders_of(queryset: QuerySet, ordering: Sequence[str]) -> list[Order]:
    """The orders with the key of the row at the end, so that no two rows are equal."""
    orders = [Order.parse(told) for told in ordering]
    if not any(one.path in ("pk", "id") for one in orders):
        orders.append(Order("pk"))
    return orders


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after (or, backwards, before) the row with these values."""

    values: Sequence[Any]
    is_backwards: bool

    def encode(self, orders: Sequence[Order]) -> str:
        told = {
            "o": ",".join(one.told for one in orders),
            "v": [_to_text(value) for value in self.values],
            "b": self.is_backwards,
        }
        return signing.dumps(told, salt=SALT, compress=True)

    @classmethod
    def decode(cls, told: str, orders: Sequence[Order]) -> Cursor:
        try:
            given = signing.loads(told, salt=SALT)
        except (signing.BadSignature, ValueError, UnicodeError) as wrong:
            raise _bad(
                "cursor", _("This cursor is not one of ours. Follow the links “next” and “previous”.")
            ) from wrong
        if given["o"] != ",".join(one.told for one in orders):
            raise _bad("cursor", _("This cursor belongs to another ordering."))
        return cls([_from_text(value) for value in given["v"]], given["b"])


class KeysetPagination(BasePagination):
    """`page_size` and `cursor` in the address; `next`, `previous` and `results` in the answer."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.size = size_of(request.query_params.get("page_size"))
        self.orders = orders_of(queryset, view.ordering_of(request))
        told = request.query_params.get("cursor")
        cursor = Cursor.decode(told, self.orders) if told is not None else None
        rows = list(self._rows(queryset, cursor))
        has_more, rows = len(rows) > self.size, rows[: self.size]
        is_backwards = cursor is not None and cursor.is_backwards
        if is_backwards:
            rows.reverse()
        self.next = self._link(rows, is_backwards=False) if (is_backwards or has_more) else None
        self.previous = self._link(rows, is_backwards=True) if (has_more if is_backwards else cursor) else None
        return rows

    def _rows(self, queryset: QuerySet, cursor: Cursor | None) -> QuerySet:
        is_backwards = cursor is not None and cursor.is_backwards
        orders = [one.reversed() for one in self.orders] if is_backwards else self.orders
        if cursor is not None:
            queryset = queryset.filter(after(orders, cursor.values, nulls_last=not is_backwards))
        expressions = [one.expression(nulls_last=not is_backwards) for one in orders]
        return queryset.order_by(*expressions)[: self.size + 1]

    def _link(self, rows: Sequence[Any], *, is_backwards: bool) -> str | None:
        if not rows:
            return None
        row = rows[0] if is_backwards else rows[-1]
        cursor = Cursor([one.value_of(row) for one in self.orders], is_backwards).encode(self.orders)
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "previous": self.previous, "results": data})

    def get_paginated_response_schema(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri", "readOnly": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": DEFAULT_SIZE}
        return [
            _parameter("page_size", size, gettext_lazy("How many rows a page has.")),
            _parameter("cursor", {"type": "string"}, gettext_lazy("Where the page begins: as in “next”, “previous”.")),
        ]


def after(orders: Sequence[Order], values: Sequence[Any], *, nulls_last: bool) -> Q:
    """Rows that come after the one with these values."""
    found, equal = Q(pk__in=[]), Q()
    for order, value in zip(orders, values, strict=True):
        found |= equal & _beyond(order, value, nulls_last=nulls_last)
        equal &= Q(**{f"{order.path}__isnull": True}) if value is None else Q(**{order.path: value})
    return found


def _beyond(order: Order, value: Any, *, nulls_last: bool) -> Q:
    if value is None:
        return Q(pk__in=[]) if nulls_last else Q(**{f"{order.path}__isnull": False})
    beyond = Q(**{f"{order.path}__{'lt' if order.is_descending else 'gt'}": value})
    return beyond | Q(**{f"{order.path}__isnull": True}) if nulls_last else beyond


def size_of(told: str | None) -> int:
    if told is None:
        return DEFAULT_SIZE
    if not (told.isascii() and told.isdigit() and len(told) <= 6 and 1 <= int(told) <= MAX_SIZE):
        raise _bad("page_size", _("A whole number from 1 to %(most)d.") % {"most": MAX_SIZE})
    return int(told)


def _bad(name: str, told: Any) -> ApiProblem:
    return ApiProblem("invalid-query", told, errors=[error(f"/{name}", told, code="invalid", place="query")])


def _parameter(name: str, schema: Mapping[str, Any], told: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": str(told), "schema": dict(schema)}


def _to_text(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, Decimal):
        return {"n": str(value)}
    return value


READERS: dict[str, Callable[[str], Any]] = {"t": parse_datetime, "d": parse_date, "n": Decimal}


def _from_text(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, told),) = value.items()
    return READERS[kind](told)
