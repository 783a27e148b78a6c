"""Filters of lists, strictly: what is not known, given twice, empty or wrong is refused, never ignored.

`ApiFilterSet` is the base of the sets of filters; a set that the pages share may be any `FilterSet`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema_field
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from units.api.pagination import MAX_SIZE
from units.api.problems import ApiProblem, Error, error

LIST_PARAMETERS = ("page_size", "cursor", "ordering", "updated_since", "format")
FORMATS = ("json", "csv")
NEEDS = {"period": "campaign", "action": "campaign"}
"""A parameter that says nothing without another: the month, the number of which campaign."""
LOST_PLUS = re.compile(r" (?=\d\d:\d\d$)")
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def wrong_query(errors: Iterable[Error]) -> ApiProblem:
    found = list(errors)
    return ApiProblem("invalid-query", found[0]["detail"], errors=found)


def at_parameter(name: str, told: Any, *, code: str = "invalid") -> Error:
    return error(f"/{name}", told, code=code, place="query")


def must_be_known(request: Request, known: Iterable[str]) -> None:
    """Refuses a query that asks for more than is known, or for one thing twice, or for nothing."""
    names = sorted(known)
    wrong = []
    for name, values in request.query_params.lists():
        if name not in names:
            told = _("There is no parameter “%(name)s” here. There are: %(known)s.")
            there = {"name": name[:40].replace("\x00", ""), "known": ", ".join(names) or "–"}
            wrong.append(at_parameter(there["name"], told % there, code="unknown"))
        elif len(values) > 1:
            wrong.append(at_parameter(name, _("“%s” is given more than once.") % name, code="repeated"))
        elif not values[0].strip():
            wrong.append(at_parameter(name, _("“%s” is empty: leave it out instead.") % name, code="empty"))
        elif "\x00" in values[0]:
            wrong.append(at_parameter(name, _("“%s” holds a NUL.") % name, code="not_text"))
    for name, other in NEEDS.items():
        if name in request.query_params and other in names and other not in request.query_params:
            told = _("“%(name)s” needs “%(other)s” too.") % {"name": name, "other": other}
            wrong.append(at_parameter(other, told, code="required"))
    if wrong:
        raise wrong_query(wrong)


# --- sets of filters ------------------------------------------------------------------------------------------------


class BooleanField(forms.Field):
    """true or false, in small letters; nothing else."""

    def to_python(self, value: Any) -> bool | None:
        if value in (None, ""):
            return None
        if value not in ("true", "false"):
            raise forms.ValidationError(_("true or false."), code="invalid")
        return value == "true"


class BooleanFilter(django_filters.BooleanFilter):
    field_class = BooleanField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extra.pop("widget", None)


class WordFilter(django_filters.ChoiceFilter):
    """One of the words of an enumeration: `WordFilter(Unit.Kind)`."""

    def __init__(self, words: Any, **kwargs: Any) -> None:
        choices = words.choices if hasattr(words, "choices") else list(words)
        known = [str(word) for word, _label in choices]
        told = {"invalid_choice": _one_of(known)}
        super().__init__(choices=choices, empty_label=None, error_messages=told, **kwargs)
        extend_schema_field({"type": "string", "enum": known})(self)


def _one_of(known: Iterable[str]) -> Any:
    return format_lazy(gettext_lazy("One of: {known}."), known=", ".join(known))


class DayField(forms.DateField):
    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value and not DAY.fullmatch(value):
            raise forms.ValidationError(_("A day as 2022-09-01."), code="invalid")
        return super().to_python(value)


class DayFilter(django_filters.DateFilter):
    field_class = DayField


class KeyChoiceField(django_filters.fields.ModelChoiceField):
    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (OverflowError, forms.ValidationError) as wrong:
            told = _("There is no “%s”.") % str(value)[:60]
            raise forms.ValidationError(told, code="invalid_choice") from wrong


class KeyFilter(django_filters.ModelChoiceFilter):
    """By the natural key of a related row: `KeyFilter(queryset=Unit.objects.all(), key="code")`."""

    field_class = KeyChoiceField

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        super().__init__(*args, to_field_name=key, **kwargs)


class ApiFilterSet(django_filters.FilterSet):
    """The base of filters that only the API has."""


class StrictFilters(DjangoFilterBackend):
    """Applies `filterset_class`; whatever is wrong is one answer that names each parameter."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise wrong_query(errors_of_form(filterset.form.errors))
        return filterset.qs

    def get_filterset_kwargs(self, request: Request, queryset: QuerySet, view: Any) -> dict[str, Any]:
        own = getattr(view, "filterset_kwargs", None)
        return {**super().get_filterset_kwargs(request, queryset, view), **(own(request) if own else {})}


def errors_of_form(errors: Any) -> list[Error]:
    return [
        at_parameter(name, one["message"], code=one["code"] or "invalid")
        for name, found in errors.get_json_data().items()
        for one in found
    ]


# --- what every list has --------------------------------------------------------------------------------------------


class ListParameters(BaseFilterBackend):
    """`updated_since` and `ordering`; the ordering itself is applied by whoever makes the pages."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        told = request.query_params.get("updated_since")
        if told is None or not view.updated_field:
            return queryset
        return queryset.filter(**{f"{view.updated_field}__gte": instant(told)})

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        found = [
            _described(
                "format", {"type": "string", "enum": list(FORMATS), "default": "json"}, FORMAT_TOLD % {"most": MAX_SIZE}
            )
        ]
        if view.ordering_fields:
            names = [sign + name for name in view.ordering_fields for sign in ("", "-")]
            pattern = f"^({'|'.join(names)})(,({'|'.join(names)}))*$"
            default = ",".join(view.told_ordering())
            schema = {"type": "string", "pattern": pattern} | ({"default": default} if default else {})
            found.append(_described("ordering", schema, ORDER_TOLD))
        if view.updated_field:
            found.append(_described("updated_since", {"type": "string", "format": "date-time"}, SINCE_TOLD))
        return found


FORMAT_TOLD = gettext_lazy("csv sends the whole filtered list as a table; json sends pages of at most %(most)d rows.")
ORDER_TOLD = gettext_lazy("Names with commas between them; “-” before a name turns the order round.")
SINCE_TOLD = gettext_lazy("Only what has changed at or after this instant (real time).")


def _described(name: str, schema: Mapping[str, Any], told: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": str(told), "schema": dict(schema)}


def ordering_from(told: str, fields: Mapping[str, str]) -> list[str]:
    """The paths of the ORM for what was asked."""
    paths: list[str] = []
    for one in told.split(","):
        name = one.strip()
        path = fields.get(name.removeprefix("-"))
        if path is None or path in (asked.removeprefix("-") for asked in paths):
            words = {"name": name[:40], "known": ", ".join(fields)}
            wrong = _("Cannot order by “%(name)s”. Known, each once: %(known)s.") % words
            raise wrong_query([at_parameter("ordering", wrong)])
        paths.append(f"-{path}" if name.startswith("-") else path)
    return paths


def instant(told: str, name: str = "updated_since") -> datetime:
    """An instant; without an offset it is meant where the city is."""
    try:
        found = parse_datetime(LOST_PLUS.sub("+", told))
    except ValueError:
        found = None
    if found is None or "T" not in told.upper().replace(" ", "T", 1):
        raise wrong_query([at_parameter(name, _("An instant as 2022-09-01T08:00:00+08:00."))])
    return found if timezone.is_aware(found) else timezone.make_aware(found)
