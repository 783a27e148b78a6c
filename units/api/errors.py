"""Turns everything that can go wrong under `/api/` into a problem: refusals, bad input, errors of the server itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.core.exceptions import ValidationError as RowError
from django.core.signals import got_request_exception
from django.db import DatabaseError, IntegrityError, OperationalError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.log import log_response
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from units.api.problems import KINDS, MEDIA_TYPE, ApiProblem, Error, error, pointer_to, problem, problem_answer
from units.refusals import Incomplete, Invalid, Refusal, StaleVersion, WrongState

API_PREFIX = "/api/"
BUSY_SECONDS = 2


def answer_problem(exc: Exception, context: dict[str, Any]) -> Response:
    """The exception handler of every API view."""
    body, headers = _told(exc, context)
    set_rollback()
    answer = Response(body, status=body["status"], headers=headers, content_type=MEDIA_TYPE)
    if body["status"] == KINDS["server-error"].status:
        _report(exc, context, answer)
    return answer


def _told(exc: Exception, context: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    if isinstance(exc, ApiProblem):
        return problem(exc.kind, exc.detail, errors=exc.errors, **exc.extra), {}
    if isinstance(exc, Refusal):
        return _refusal(exc, context), {}
    if isinstance(exc, exceptions.APIException):
        return _of_framework(exc), _headers(exc)
    return _of_django(exc)


def _refusal(exc: Refusal, context: dict[str, Any]) -> dict[str, Any]:
    if isinstance(exc, StaleVersion):
        return problem("stale-version", exc, current=current_state(exc.current, context.get("view")))
    if isinstance(exc, Incomplete):
        return problem("incomplete", exc, errors=list(_missing(exc)))
    if isinstance(exc, Invalid):
        place = pointer_to(exc.field) if exc.field else ""
        return problem("invalid", exc, errors=[error(place, exc, code="invalid")])
    return problem("wrong-state" if isinstance(exc, WrongState) else "conflict", exc)


def current_state(row: Any, view: Any) -> Any:
    """How the row stands now, as the view shows it."""
    represent = getattr(view, "represent_current", None)
    return represent(row) if represent else {"version": getattr(row, "version", None)}


def _missing(exc: Incomplete) -> Iterator[Error]:
    """What a report lacks: a problem names the indicator by its code, where it is about one."""
    for one in exc.problems:
        indicator = getattr(one, "indicator", None)
        place = pointer_to("measurements", getattr(indicator, "code", indicator)) if indicator is not None else ""
        code = getattr(one, "code", None) or getattr(getattr(one, "finding", None), "code", None) or "incomplete"
        yield error(place, getattr(one, "message", None) or one, code=str(code))


OF_FRAMEWORK = {
    exceptions.NotAuthenticated: "not-signed-in",
    exceptions.AuthenticationFailed: "not-signed-in",
    exceptions.PermissionDenied: "forbidden",
    exceptions.NotFound: "not-found",
    exceptions.MethodNotAllowed: "method-not-allowed",
    exceptions.UnsupportedMediaType: "unsupported-media-type",
    exceptions.Throttled: "too-many-requests",
    exceptions.ParseError: "malformed",
}


def _of_framework(exc: exceptions.APIException) -> dict[str, Any]:
    if isinstance(exc, exceptions.ValidationError):
        found = list(errors_in(exc.detail))
        return problem("invalid", _summary(found), errors=found)
    for known, kind in OF_FRAMEWORK.items():
        if isinstance(exc, known):
            return problem(kind, exc.detail)
    return problem("server-error" if exc.status_code >= 500 else "conflict", exc.detail)


def _headers(exc: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header  # type: ignore[attr-defined]  # set by the view
    if getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(exc.wait) + 1)  # type: ignore[attr-defined]  # of Throttled
    return headers


def _of_django(exc: Exception) -> tuple[dict[str, Any], dict[str, str]]:
    if isinstance(exc, Http404):
        return problem("not-found"), {}
    if isinstance(exc, PermissionDenied):
        return problem("forbidden", exc), {}
    if isinstance(exc, RowError):
        found = list(errors_of_row(exc))
        return problem("invalid", _summary(found), errors=found), {}
    if isinstance(exc, ProtectedError | RestrictedError):
        return problem("in-use"), {}
    if isinstance(exc, IntegrityError):
        return problem("conflict"), {}
    if isinstance(exc, RequestDataTooBig):
        return problem("too-large"), {}
    if isinstance(exc, SuspiciousOperation):
        return problem("malformed"), {}
    if isinstance(exc, OperationalError) and _is_busy(exc):
        return problem("busy"), {"Retry-After": str(BUSY_SECONDS)}
    return problem("server-error"), {}


def _is_busy(exc: DatabaseError) -> bool:
    """Somebody else holds the lock: SQLite after its timeout, PostgreSQL in a deadlock or serialization failure."""
    state = getattr(exc.__cause__, "pgcode", None)
    return state in ("40001", "40P01", "55P03") or "locked" in str(exc)


def errors_in(detail: Any, *at: Any) -> Iterator[Error]:
    """The errors of a serializer, each with its place."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from errors_in(inner, *(at if name == "non_field_errors" else (*at, name)))
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            yield from errors_in(inner, *((*at, place) if isinstance(inner, dict | list) else at))
    else:
        yield error(pointer_to(*at), detail, code=getattr(detail, "code", None) or "invalid")


def errors_of_row(exc: RowError, *at: Any) -> Iterator[Error]:
    """The errors of a row of the database, each with the field it belongs to."""
    if not hasattr(exc, "error_dict"):
        for one in exc.error_list:
            yield error(pointer_to(*at), " ".join(one.messages), code=str(one.code or "invalid"))
        return
    for name, found in exc.error_dict.items():
        place = at if name == NON_FIELD_ERRORS else (*at, name)
        for one in found:
            yield error(pointer_to(*place), " ".join(one.messages), code=str(one.code or "invalid"))


def _summary(found: list[Error]) -> str:
    if len(found) != 1:
        return ""
    return f"{found[0]['pointer']}: {found[0]['detail']}" if found[0]["pointer"] else found[0]["detail"]


def _report(exc: Exception, context: dict[str, Any], answer: Response) -> None:
    """As Django does for a page: to the log and to whoever listens for errors."""
    request = getattr(context.get("request"), "_request", None)
    got_request_exception.send(sender=answer_problem, request=request)
    path = getattr(request, "path", "")
    log_response("Internal Server Error: %s", path, response=answer, request=request, exception=exc)


# --- where no view of the API is at work ------------------------------------------------------------------------------


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API_PREFIX)


@csrf_exempt
@login_not_required
def no_such_address(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Everything under `/api/` that no address matches."""
    slashed = request.path_info if request.path_info.endswith("/") else f"{request.path_info}/"
    told = "" if slashed == request.path_info else _("Addresses end with a slash: %s") % slashed
    return problem_answer("not-found", told)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem_answer("malformed") if is_api(request) else defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem_answer("forbidden", exception) if is_api(request) else defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return no_such_address(request) if is_api(request) else defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    return problem_answer("server-error") if is_api(request) else defaults.server_error(request)
