"""The problems that the API answers with (RFC 9457): their kinds, statuses and the one shape they all have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException

from units.operations.changes import current_request

MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "/api/docs/#problem-"

Error = dict[str, str]
"""One thing that is wrong: `in` (body, query, header), `pointer` (RFC 6901), `code`, `detail`."""


@dataclass(frozen=True, slots=True)
class Kind:
    status: int
    title: Any
    told: Any
    """What a client does about it; the documentation shows it."""


KINDS: dict[str, Kind] = {
    "malformed": Kind(400, _("The request cannot be read"), _("Send well-formed JSON in UTF-8, without NUL.")),
    "invalid": Kind(400, _("Some values cannot be taken"), _("See “errors”: each names the place and what is wrong.")),
    "invalid-query": Kind(
        400, _("The address asks for what there is not"), _("Unknown and wrong parameters are refused, never ignored.")
    ),
    "not-signed-in": Kind(401, _("Who are you?"), _("Send “Authorization: Bearer …” with a token that is valid.")),
    "forbidden": Kind(403, _("This is not yours to do"), _("The scopes of the token, or your roles, do not allow it.")),
    "not-found": Kind(404, _("There is no such thing"), _("It does not exist, or is not for you to see.")),
    "method-not-allowed": Kind(405, _("This address does not take this verb"), _("See the header Allow.")),
    "wrong-state": Kind(
        409, _("It is not in a state for this"), _("Look at it again: somebody took a step, or time ran out.")
    ),
    "incomplete": Kind(409, _("Something is missing"), _("See “errors”, complete it and send it again.")),
    "in-use": Kind(409, _("Other rows hang on it"), _("Take those away first, or leave it.")),
    "conflict": Kind(409, _("It contradicts what is there"), _("Read what is there and try again.")),
    "key-reused": Kind(409, _("This key was used for something else"), _("A new request needs a new Idempotency-Key.")),
    "stale-version": Kind(
        412, _("Somebody changed it meanwhile"), _("“current” is how it stands now; compare, and send its ETag.")
    ),
    "too-large": Kind(413, _("The request is too large"), _("Send less at once.")),
    "unsupported-media-type": Kind(415, _("This type of content is not read"), _("Send application/json.")),
    "version-required": Kind(428, _("Say which version you saw"), _("Send the object's ETag as If-Match.")),
    "too-many-requests": Kind(429, _("Too many requests"), _("Wait as long as Retry-After says.")),
    "server-error": Kind(500, _("Something went wrong here"), _("Try again later; name the “instance” to the office.")),
    "busy": Kind(503, _("Too busy just now"), _("Try again after Retry-After.")),
}


class ApiProblem(APIException):
    """A refusal of the door itself; `kind` names it, `errors` say where."""

    def __init__(self, kind: str, detail: Any, *, errors: Iterable[Error] = (), **extra: Any) -> None:
        super().__init__(detail, code=kind)
        self.kind = kind
        self.status_code = KINDS[kind].status
        self.errors = list(errors)
        self.extra = extra


def error(pointer: str, detail: Any, *, code: str, place: str = "body") -> Error:
    return {"in": place, "pointer": pointer, "code": code, "detail": str(detail)}


def pointer_to(*parts: Any) -> str:
    """An RFC 6901 pointer: `/rows/3/value`; empty is the whole body."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def problem(kind: str, detail: Any = "", *, errors: Iterable[Error] = (), **extra: Any) -> dict[str, Any]:
    """The body of the answer."""
    told = list(errors)
    body: dict[str, Any] = {
        "type": f"{TYPE_BASE}{kind}",
        "title": str(KINDS[kind].title),
        "status": KINDS[kind].status,
        "detail": str(detail or KINDS[kind].told),
        "instance": _instance(),
    }
    return body | ({"errors": told} if told else {}) | extra


def problem_answer(kind: str, detail: Any = "", *, headers: Mapping[str, str] | None = None) -> JsonResponse:
    """An answer for where no view of the API is at work."""
    return JsonResponse(
        problem(kind, detail), status=KINDS[kind].status, content_type=MEDIA_TYPE, headers=dict(headers or {})
    )


def _instance() -> str:
    """The request, by the id that the header X-Request-Id and the record of changes have too."""
    request = current_request.get()
    return f"urn:uuid:{UUID(request)}" if len(request) == 32 else request
