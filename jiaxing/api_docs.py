"""The description of the API: as OpenAPI for programs, as a page for people, both from one reading of the views.

It holds no row of anybody, so nobody needs to sign in for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from units.api.problems import KINDS

VERBS = ("get", "post", "patch", "put", "delete")
OFTEN = frozenset({"400", "401", "403", "404", "413", "415", "429", "503"})
"""Statuses that nearly every address may answer with; the page tells of them once."""


@lru_cache(maxsize=4)
def description(language: str) -> dict[str, Any]:
    """The schema in this language, read once."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return json.loads(OpenApiJsonRenderer().render(schema))


@login_not_required
@require_safe
def schema(request: HttpRequest) -> JsonResponse:
    answer = JsonResponse(description(get_language() or "en"), json_dumps_params={"ensure_ascii": False})
    patch_vary_headers(answer, ["Accept-Language"])
    return answer


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    told = description(get_language() or "en")
    shown = {
        "told": told,
        "base": request.build_absolute_uri("/api/v1/"),
        "sections": list(sections(told)),
        "objects": list(objects(told)),
        "kinds": KINDS,
    }
    answer = render(request, "api/docs.html", shown)
    patch_vary_headers(answer, ["Accept-Language"])
    return answer


# --- what the page shows ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a property of an object."""

    name: str
    kind: str
    told: str
    is_required: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    told: str
    shape: str


@dataclass(frozen=True, slots=True)
class Operation:
    verb: str
    path: str
    id: str
    told: str
    fields: list[Field]
    body: str
    answers: list[Answer]


@dataclass(frozen=True, slots=True)
class Section:
    """The operations on one resource."""

    name: str
    operations: list[Operation]


@dataclass(frozen=True, slots=True)
class Shape:
    """An object of the API with its properties and an example."""

    name: str
    told: str
    fields: list[Field]
    example: str


def sections(told: Mapping[str, Any]) -> Iterator[Section]:
    found: dict[str, list[Operation]] = {}
    for path, verbs in told["paths"].items():
        for verb in VERBS:
            if verb in verbs:
                one = verbs[verb]
                found.setdefault((one.get("tags") or ["api"])[0], []).append(_operation(verb, path, one))
    for name in sorted(found):
        yield Section(name, found[name])


def _operation(verb: str, path: str, told: Mapping[str, Any]) -> Operation:
    content = told.get("requestBody", {}).get("content", {})
    return Operation(
        verb=verb.upper(),
        path=path,
        id=told["operationId"],
        told=told.get("description", ""),
        fields=[
            Field(
                one["name"], kind_of(one["schema"]), one.get("description", ""), one.get("required", False), one["in"]
            )
            for one in told.get("parameters", [])
        ],
        body=", ".join(_shape(one["schema"]) for one in content.values() if "schema" in one),
        answers=[_answer(status, one) for status, one in told["responses"].items() if status not in OFTEN],
    )


def _answer(status: str, told: Mapping[str, Any]) -> Answer:
    if "$ref" in told:
        return Answer(status, "", "Problem")
    shapes = [_shape(one["schema"]) for one in told.get("content", {}).values() if "schema" in one]
    return Answer(status, told.get("description", ""), ", ".join(shapes))


def _shape(schema: Mapping[str, Any]) -> str:
    return schema["$ref"].rsplit("/", 1)[-1] if "$ref" in schema else kind_of(schema)


def objects(told: Mapping[str, Any]) -> Iterator[Shape]:
    for name, schema in told["components"]["schemas"].items():
        required = schema.get("required", [])
        fields = [
            Field(field, kind_of(one), one.get("description") or one.get("title", ""), field in required)
            for field, one in schema.get("properties", {}).items()
        ]
        examples = schema.get("examples", [])
        example = json.dumps(examples[0], indent=2, ensure_ascii=False) if examples else ""
        yield Shape(name, schema.get("description", ""), fields, example)


def kind_of(schema: Mapping[str, Any]) -> str:
    """What a value is, in a few words: `text ≤ 40`, `one of: draft, approved`, `list of Unit`."""
    if "$ref" in schema:
        return _shape(schema)
    for several in ("oneOf", "anyOf", "allOf"):
        if several in schema:
            return " | ".join(kind_of(one) for one in schema[several])
    if "enum" in schema:
        return _("one of: %s") % ", ".join(str(one) for one in schema["enum"] if one not in (None, ""))
    kinds = schema.get("type", "")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return " | ".join(_plain_kind(kind, schema) for kind in kinds if kind)


def _plain_kind(kind: str, schema: Mapping[str, Any]) -> str:
    if kind == "array":
        return _("list of %s") % kind_of(schema.get("items", {}))
    told = schema.get("format", kind) if kind == "string" else kind
    longest = schema.get("maxLength") if kind == "string" else schema.get("maximum") if kind == "integer" else None
    return f"{told} ≤ {longest}" if longest is not None else str(told)
