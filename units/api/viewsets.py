"""The views of the API: lists and objects as the caller may see them, writing of master data, steps as POST.

A resource names its rows, serializer, filters and order; everything that the contract promises for all is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import wraps
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from units.api import idempotency
from units.api.deprecation import Deprecation, deprecation_headers
from units.api.filters import FORMATS, LIST_PARAMETERS, at_parameter, must_be_known, ordering_from, wrong_query
from units.api.pagination import orders_of
from units.api.parsers import must_not_be_too_large, must_tell_its_length
from units.api.routers import ID, SLUG
from units.api.scopes import Scope
from units.api.serializers import Nothing, Strict
from units.api.tables import csv_answer
from units.api.versions import is_unchanged, must_match, newest_of, tag_of
from units.models import User
from units.operations.changes import Touched, current_token
from units.operations.rows import Rules, delete_row, save_row
from units.permissions import Capacities, capacities

SAFE = ("GET", "HEAD", "OPTIONS")
NOT_YOURS = _("Your roles do not allow this.")


class ApiViewSet(GenericViewSet):
    """What every address of the API has. `now` and `today` are the business clock's, `person` what the caller may."""

    http_method_names = ["get", "head", "post", "patch", "delete"]
    write_scope: ClassVar[str] = Scope.MANAGE
    scope: str | None = None
    """What a token needs for one action, set by `@action(scope=…)`; else reading needs `read`."""
    query_class: type[Strict] | None = None
    """The serializer of the query, for answers that are computed."""
    max_body: int | None = None
    deprecated: Deprecation | None = None
    filterset_class: Any = None
    updated_field: str = ""
    ordering_fields: Mapping[str, str] | Sequence[str] = ()
    queryset: Any = None
    post: Any
    """The handler of the action, set by the router."""

    # --- before ---

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whatever token the thread served before is forgotten."""
        before = current_token.set(None)
        try:
            return super().dispatch(request, *args, **kwargs)
        finally:
            current_token.reset(before)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.action:
            return
        must_tell_its_length(request)
        must_not_be_too_large(request, self.max_body)
        must_be_known(request, self.query_names())
        if request.method == "POST":
            key = idempotency.key_of(request)
            if key:
                self.post = idempotency.once(request, self.actor, key, self.post)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ("Accept-Language", "Authorization", "Cookie"))
        patch_cache_control(response, private=True, no_cache=True)
        for name, told in deprecation_headers(self).items():
            response[name] = told
        return response

    def required_scope(self) -> str:
        if self.scope:
            return self.scope
        return Scope.READ if self.request.method in SAFE else self.write_scope

    def query_names(self) -> set[str]:
        """The parameters that this address knows."""
        return set(self.query_class().fields) if self.query_class else set()

    def permission_denied(self, request: Request, message: Any = None, code: Any = None) -> Any:
        super().permission_denied(request, str(message or NOT_YOURS), code)

    # --- who and when ---

    @cached_property
    def now(self) -> datetime:
        """The business instant, the same until the answer is sent."""
        return import_string(settings.API_CLOCK)()

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()

    @property
    def actor(self) -> User:
        return self.request.user  # type: ignore[return-value]  # nobody comes here without being known

    @property
    def person(self) -> Capacities:
        return capacities(self.actor, self.today)

    # --- what was given ---

    def given(self, serializer_class: type[Strict]) -> dict[str, Any]:
        """The body, checked."""
        serializer = serializer_class(data=self.request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def asked(self) -> dict[str, Any]:
        """The query, checked by `query_class`."""
        assert self.query_class is not None  # noqa: S101  (a view that asks has one)
        serializer = self.query_class(data=self.request.query_params.dict(), context=self.get_serializer_context())
        if not serializer.is_valid():
            raise wrong_query(
                at_parameter(name, one, code=one.code) for name, found in serializer.errors.items() for one in found
            )
        return dict(serializer.validated_data)

    @property
    def seen_version(self) -> int | None:
        """The version that If-Match names, of several the newest; none for `*`, which takes any."""
        return newest_of(self.request)


class ReadViewSet(ApiViewSet):
    """A list and its objects.

    - `queryset`: all rows with what a row shows; `is_for_all = True` where everybody may read them, else its
      `visible_to(person)` is applied.
    - `key`: the parts of the address, each with its path of the ORM and its pattern.
    - `ordering_fields`: what `?ordering=` takes, a list of names or a mapping to paths; `ordering`: without it.
    - `updated_field`: what `updated_since` looks at.
    """

    key: ClassVar[Mapping[str, tuple[str, str]]] = {"id": ("pk", ID)}
    is_for_all: ClassVar[bool] = False
    ordering: ClassVar[Sequence[str]] = ("id",)
    updated_field = "updated_at"
    csv_columns: Sequence[str] | None = None

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset()
        if self.is_for_all or getattr(self, "swagger_fake_view", False):
            return rows
        if not hasattr(rows, "visible_to"):
            raise ImproperlyConfigured(f"{type(self).__name__}: is_for_all, or visible_to on the queryset")
        return rows.visible_to(self.person)

    # --- lists ---

    @property
    def is_list(self) -> bool:
        return self.action == "list"

    def query_names(self) -> set[str]:
        if not self.is_list:
            return super().query_names()
        own = set(LIST_PARAMETERS)
        own -= set() if self.updated_field else {"updated_since"}
        own -= set() if self.ordering_fields else {"ordering"}
        return own | (set(self.filterset_class.base_filters) if self.filterset_class else set())

    def order_paths(self) -> dict[str, str]:
        fields = self.ordering_fields
        return dict(fields) if isinstance(fields, Mapping) else {name: name for name in fields}

    def ordering_of(self, request: Request) -> list[str]:
        told = request.query_params.get("ordering")
        return ordering_from(told, self.order_paths()) if told else list(self.ordering)

    def told_ordering(self) -> list[str]:
        """The order without `?ordering=`, by the names that it takes; what has none is left out."""
        names = {path: name for name, path in self.order_paths().items()}
        pairs = [(one.removeprefix("-"), one.startswith("-")) for one in self.ordering]
        return [("-" if is_down else "") + names[path] for path, is_down in pairs if path in names]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        told = request.query_params.get("format", "json")
        if told not in FORMATS:
            known = _("One of: %(known)s.") % {"known": ", ".join(FORMATS)}
            raise wrong_query([at_parameter("format", known)])
        rows = self.filter_queryset(self.get_queryset())
        if told == "csv":
            of_pages = [name for name in ("cursor", "page_size") if name in request.query_params]
            if of_pages:
                raise wrong_query([at_parameter(of_pages[0], _("A table has no pages: it is the whole list."))])
            return self.table(rows)
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def table(self, rows: QuerySet) -> Any:
        serializer: Any = self.get_serializer()
        columns = self.csv_columns or [name for name, field in serializer.fields.items() if not field.write_only]
        orders = orders_of(rows, self.ordering_of(self.request))
        ordered = rows.order_by(*(one.expression(nulls_last=True) for one in orders))
        return csv_answer(ordered, columns=columns, represent=serializer.to_representation, name=self.basename)

    # --- objects ---

    def get_object(self) -> Any:
        paths = {path: self.kwargs[name] for name, (path, _pattern) in self.key.items()}
        row = self.get_queryset().filter(**paths).first()
        if row is None:
            raise Http404
        self.check_object_permissions(self.request, row)
        return row

    def shown(self, pk: Any) -> Any:
        """The row anew, with what a row shows."""
        return super().get_queryset().get(pk=pk)

    def represent(self, row: Any) -> dict[str, Any]:
        return self.get_serializer_class()(row, context=self.get_serializer_context()).data

    def represent_current(self, row: Any) -> dict[str, Any]:
        """The row as it stands now, for who comes too late. Another row than ours says its version alone."""
        if isinstance(row, self.queryset.model):
            return self.represent(self.shown(row.pk))
        return {"version": getattr(row, "version", None)}

    def version_of(self, row: Any) -> Any:
        return row.version

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(self.get_object())

    def answer(self, row: Any, status: int = status.HTTP_200_OK, headers: Mapping[str, str] | None = None) -> Response:
        """The object with its ETag; 304 where the caller has it already."""
        told = self.represent(row)
        tag = tag_of(self.version_of(row), told)
        if self.request.method in SAFE and is_unchanged(self.request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(told, status=status, headers={"ETag": tag, **(headers or {})})

    def must_match(self, row: Any) -> None:
        """Refuses who has not seen this version of the row."""
        must_match(self.request, self.version_of(row), lambda: self.represent_current(row))


class WriteViewSet(ReadViewSet):
    """Master data that tokens with `manage`, and people with the roles that `may_write` asks for, may write.

    - `may_write`: a predicate over `Capacities`.
    - `rules`: what else must be right of a row, as the administration's form asks it.
    - `save_parts`: writes many-to-many fields and rows that belong to this one.
    - `after_save`: what a change entails, in the same transaction.
    """

    may_write: ClassVar[Callable[[Capacities], bool]]
    rules: ClassVar[Rules | None] = None
    parts: ClassVar[Sequence[str]] = ()
    """Fields of the serializer that are not the row's own; `save_parts` gets them."""

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if self.action in ("create", "partial_update", "destroy") and not type(self).may_write(self.person):
            raise PermissionDenied(NOT_YOURS)

    @transaction.atomic
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        row = self.queryset.model()
        self._save(row, serializer.validated_data)
        row = self.shown(row.pk)
        return self.answer(row, status.HTTP_201_CREATED, {"Location": self.address_of(row)})

    @transaction.atomic
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.locked()
        self.must_match(row)
        serializer = self.get_serializer(row, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        self._save(row, serializer.validated_data)
        return self.answer(self.shown(row.pk))

    @transaction.atomic
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.locked()
        self.must_match(row)
        self.before_delete(row)
        delete_row(row=row, actor=self.actor)
        self.after_delete(row)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def locked(self) -> Any:
        """The row that the address names, locked until the end of the transaction."""
        pk = self.get_object().pk
        list(self.queryset.model.objects.select_for_update().filter(pk=pk).order_by().values_list("pk"))
        return self.shown(pk)

    def _save(self, row: Any, values: Mapping[str, Any]) -> None:
        parts = {name: values[name] for name in values if name in self.parts}
        for name, value in values.items():
            if name not in parts:
                setattr(row, name, value)
        names = save_row(
            row=row, actor=self.actor, rules=type(self).rules, save_parts=lambda: self.save_parts(row, parts)
        )
        if names is not None:
            self.after_save(row, names)

    def address_of(self, row: Any) -> str:
        told = self.represent(row)
        kwargs = {}
        for name, (path, _pattern) in self.key.items():
            value = row
            for step in path.split("__"):
                value = getattr(value, step)
            kwargs[name] = value
        return self.reverse_action("detail", kwargs=kwargs) if told else ""

    def save_parts(self, row: Any, values: Mapping[str, Any]) -> Iterable[Touched]:
        return ()

    def after_save(self, row: Any, changed_fields: frozenset[str]) -> None:
        """Does what the change entails."""

    def before_delete(self, row: Any) -> None:
        """Refuses, where the row may not go."""

    def after_delete(self, row: Any) -> None:
        """Does what the deletion entails."""


def transition(
    *, scope: str, body: type[Strict] = Nothing, name: str | None = None, **options: Any
) -> Callable[[Callable[..., Model | None]], Any]:
    """A step as `POST …/<name>/`: finds the row, asks for If-Match, checks the body, answers the row with its new ETag.

    The function gets the row and the fields of the body; it calls the operation, with `self.actor`, `self.now` and
    `self.seen_version`, and returns the row (or nothing, where the one found is the one to answer with).
    """

    def decorate(take: Callable[..., Model | None]) -> Any:
        @wraps(take)
        def step(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
            row = self.get_object()
            self.must_match(row)
            done = take(self, row, **self.given(body))
            return self.answer(self.shown((done or row).pk))

        step.asks_version, step.body_class = True, body  # type: ignore[attr-defined]  # the schema reads them
        path = name or take.__name__.replace("_", "-")
        return action(detail=True, methods=["post"], url_path=path, scope=scope, **options)(step)

    return decorate


__all__ = ["ID", "SLUG", "ApiViewSet", "ReadViewSet", "Scope", "WriteViewSet", "transition"]
