"""Describes the API as OpenAPI 3.1: what drf-spectacular reads from the views, and what the machinery adds to each.

A serializer may carry `Meta.example`, an object as it is answered; the bodies of requests take their part of it.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_array_type
from drf_spectacular.utils import OpenApiParameter

from units.api.deprecation import deprecated_fields
from units.api.problems import KINDS, MEDIA_TYPE
from units.api.routers import ID
from units.api.viewsets import SAFE, ApiViewSet

IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "minLength": 1},
    OpenApiParameter.HEADER,
    required=True,
    description=_("The ETag of the object as you saw it."),
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    {"type": "string"},
    OpenApiParameter.HEADER,
    description=_("The ETag that you have; unchanged is a 304 without a body."),
)
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,200}$"},
    OpenApiParameter.HEADER,
    description=_("Sent again within 24 hours with the same request, it gets the first answer again."),
)
ETAG = {"ETag": {"schema": {"type": "string"}, "description": _("Version and digest of the object.")}}
RETRY_AFTER = {"Retry-After": {"schema": {"type": "integer"}, "description": _("Seconds to wait.")}}
CHALLENGE = {"WWW-Authenticate": {"schema": {"type": "string"}}}

PROBLEM = {
    "type": "object",
    "description": _("What went wrong, in one shape (RFC 9457)."),
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": _("Where the kind is explained.")},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": _("The request, as in the header X-Request-Id.")},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "pointer", "code", "detail"],
                "properties": {
                    "in": {"type": "string", "enum": ["body", "query", "header"]},
                    "pointer": {"type": "string", "description": _("Where, as in RFC 6901; empty is the whole.")},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
        "current": {"description": _("With 412: the object as it stands now.")},
    },
}


class ApiSchema(AutoSchema):
    """One operation of the API."""

    view: Any
    method: str

    @property
    def is_ours(self) -> bool:
        return isinstance(self.view, ApiViewSet)

    @property
    def handler(self) -> Any:
        return getattr(self.view, self.view.action or "", None)

    @property
    def asks_version(self) -> bool:
        return self.view.action in ("partial_update", "destroy") or hasattr(self.handler, "asks_version")

    @property
    def has_tag(self) -> bool:
        """Whether what is read comes with an ETag: objects and computed answers."""
        return self.method in SAFE and (self.view.action == "retrieve" or getattr(self.view, "is_computed", False))

    def get_tags(self) -> list[str]:
        return [self.view.basename] if self.is_ours else super().get_tags()

    def is_deprecated(self) -> bool:
        return bool(getattr(self.view, "deprecated", None)) or super().is_deprecated()

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it, without arguments
        told = super().get_description()
        gone = getattr(self.view, "deprecated", None)
        return f"{told}\n\n{gone.told}".strip() if gone else told

    def get_override_parameters(self) -> list[Any]:
        if not self.is_ours:
            return []
        found: list[Any] = [self.view.query_class] if self.view.query_class else []
        if self.asks_version:
            found.append(IF_MATCH)
        if self.method == "POST":
            found.append(KEY)
        if self.has_tag:
            found.append(IF_NONE_MATCH)
        return found

    def get_request_serializer(self) -> Any:
        body = getattr(self.handler, "body_class", None)
        if body is not None:
            return body if body().fields else None
        return super().get_request_serializer()

    def _is_list_view(self, serializer: Any = None) -> bool:
        """An answer that is computed is one object, whatever its address."""
        if self.is_ours and getattr(self.view, "queryset", None) is None:
            return False
        return bool(super()._is_list_view(serializer))

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        key = {**getattr(self.view, "parent_key", {}), **getattr(self.view, "key", {})}
        if not all(name in key for name in variables):
            return super()._resolve_path_parameters(variables)
        return [
            {"in": "path", "name": name, "required": True, "schema": _schema_of(key[name][1])} for name in variables
        ]

    def _map_serializer(self, serializer: Any, direction: Any, bypass_extensions: bool = False) -> dict[str, Any]:
        schema = super()._map_serializer(serializer, direction, bypass_extensions)
        example = getattr(getattr(serializer, "Meta", None), "example", None)
        if example and "properties" in schema:
            told = _part_of(example, serializer, "read_only" if direction == "request" else "write_only")
            schema["examples"] = [{name: value for name, value in told.items() if name in schema["properties"]}]
        for name, gone in deprecated_fields(serializer).items():
            if name in schema.get("properties", {}):
                schema["properties"][name] |= {"deprecated": True, "description": gone.told}
        if serializer.__class__.__doc__ is None:
            schema.pop("description", None)
        if direction == "request" and schema.get("type") == "object":
            schema["additionalProperties"] = False
        return schema

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is None or not self.is_ours:
            return operation
        answers = operation["responses"]
        for code in ("200", "201"):
            if code in answers and (self.asks_version or self.has_tag or self.view.action == "create"):
                answers[code]["headers"] = ETAG | answers[code].get("headers", {})
        self._link(operation["operationId"], answers)
        if self.has_tag:
            answers["304"] = {"description": str(_("Unchanged")), "headers": ETAG}
        if getattr(self.view, "is_list", False) or getattr(self.view, "is_computed", False):
            answers["200"]["content"]["text/csv"] = {"schema": {"type": "string"}}
        for code in self._problems():
            answers.setdefault(code, {"$ref": f"#/components/responses/{NAMES[code]}"})
        operation["responses"] = dict(sorted(answers.items()))
        return operation

    def _link(self, operation_id: str, answers: dict[str, Any]) -> None:
        """From an object to what can be done with it. Links that lead nowhere are taken away in the end."""
        code = {"create": "201", "retrieve": "200"}.get(self.view.action)
        key = {**getattr(self.view, "parent_key", {}), **getattr(self.view, "key", {})}
        if code not in answers or not all(name in self.view.get_serializer().fields for name in key):
            return
        prefix = operation_id.removesuffix(f"_{self.view.action}")
        steps = [one for one in self.view.get_extra_actions() if hasattr(one, "asks_version")]
        taken = [f"{prefix}_{step.url_path.replace('-', '_')}_create" for step in steps]
        place = {f"path.{name}": f"$response.body#/{name}" for name in key}
        seen = {**place, "header.If-Match": "$response.header.ETag"}
        versioned = [f"{prefix}_partial_update", f"{prefix}_destroy", *taken]
        links = {name: {"operationId": name, "parameters": seen} for name in versioned}
        if self.view.action == "create":
            name = f"{prefix}_retrieve"
            links[name] = {"operationId": name, "parameters": place}
        answers[code]["links"] = links

    def _problems(self) -> list[str]:
        codes = ["400", "401", "403", "429"]
        if "{" in self.path:
            codes.append("404")
        if self.method not in SAFE:
            codes += ["409", "413", "415", "503"]
        if self.asks_version:
            codes += ["412", "428"]
        return codes


def _part_of(example: Any, field: Any, hidden: str) -> Any:
    """The example without what is hidden in this direction, in nested objects too."""
    fields = getattr(field, "fields", None)
    if isinstance(example, list):
        return [_part_of(one, getattr(field, "child", None), hidden) for one in example]
    if not isinstance(example, dict) or fields is None:
        return example
    return {
        name: _part_of(value, fields[name], hidden)
        for name, value in example.items()
        if name in fields and not getattr(fields[name], hidden)
    }


def _schema_of(pattern: str) -> dict[str, Any]:
    return {"type": "integer", "minimum": 0} if pattern == ID else {"type": "string", "pattern": f"^{pattern}$"}


NAMES = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "409": "Conflict",
    "412": "PreconditionFailed",
    "413": "TooLarge",
    "415": "UnsupportedMediaType",
    "428": "PreconditionRequired",
    "429": "TooManyRequests",
    "503": "Busy",
}
HEADERS = {"401": CHALLENGE, "429": RETRY_AFTER, "503": RETRY_AFTER}


def _answer(code: str) -> dict[str, Any]:
    kinds = [(name, kind) for name, kind in KINDS.items() if str(kind.status) == code]
    answer: dict[str, Any] = {
        "description": "; ".join(f"{kind.title}. {kind.told}" for _name, kind in kinds),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    return answer | ({"headers": HEADERS[code]} if code in HEADERS else {})


def add_problems(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """The components that every operation points to."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {name: _answer(code) for code, name in NAMES.items()}
    _without_marks(result)
    _without_loose_ends(result)
    return result


def _without_loose_ends(result: dict[str, Any]) -> None:
    """Links to operations that there are not."""
    operations = [one for verbs in result["paths"].values() for one in verbs.values()]
    there = {one["operationId"] for one in operations}
    for operation in operations:
        for answer in operation["responses"].values():
            links = {name: link for name, link in answer.pop("links", {}).items() if name in there}
            if links:
                answer["links"] = links


def _without_marks(node: Any) -> None:
    """drf-spectacular's own notes on words, which its other hook would have read."""
    if isinstance(node, dict):
        node.pop("x-spec-enum-id", None)
        for inner in node.values():
            _without_marks(inner)
    elif isinstance(node, list):
        for inner in node:
            _without_marks(inner)


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "units.api.authentication.BearerAuthentication"
    name = "token"
    priority = 1

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": str(_("A token of a client system."))}


class FigureSchema(OpenApiSerializerFieldExtension):
    target_class = "units.api.serializers.FigureField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        whole = (self.target.max_digits or 30) - (self.target.decimal_places or 0)
        places = self.target.decimal_places or 0
        fraction = rf"(\.[0-9]{{1,{places}}})?" if places else ""
        return {"type": "string", "format": "decimal", "pattern": f"^-?[0-9]{{1,{whole}}}{fraction}$"}


class KeySchema(OpenApiSerializerFieldExtension):
    target_class = "units.api.serializers.KeyField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "string"}


class KeysSchema(OpenApiSerializerFieldExtension):
    target_class = "units.api.serializers.KeysField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return build_array_type({"type": "string"}) | {"uniqueItems": True, "maxItems": self.target.max_length}


class WordSchema(OpenApiSerializerFieldExtension):
    """The words alone: what they are called in a language is for pages."""

    target_class = "units.api.serializers.WordField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        words = [str(word) for word in self.target.choices]
        blank = [""] if self.target.allow_blank and "" not in words else []
        nothing = [None] if self.target.allow_null else []
        return {"type": "string", "enum": [*words, *blank, *nothing]}


class SlugSchema(OpenApiSerializerFieldExtension):
    target_class = "units.api.serializers.SlugField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        longest = self.target.max_length
        return {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"} | ({"maxLength": longest} if longest else {})
