"""Does a marked POST once: the same key with the same request gets the first answer again.

The key is written in the transaction of what is done, so that both are there or neither; a second request with the
same key waits for the first. Only what was done is kept: after a refusal the same key may be tried again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from units.api.problems import ApiProblem, error
from units.models import IdempotencyKey, User
from units.operations.cleanup import KEYS_KEPT

HEADER = "Idempotency-Key"
LONGEST = 200
KEY = re.compile(rf"[!-~]{{1,{LONGEST}}}")
KEPT_HEADERS = ("ETag", "Location")
FORGOTTEN_AT_ONCE = 500


def key_of(request: Request) -> str:
    """The key of this request, empty where it has none."""
    key = request.headers.get(HEADER)
    if key is None:
        return ""
    if not KEY.fullmatch(key):
        told = _("A key has 1 to %(longest)d printable ASCII characters, without spaces.") % {"longest": LONGEST}
        raise ApiProblem("invalid", told, errors=[error(f"/{HEADER}", told, code="invalid", place="header")])
    return key


def once(
    request: Request, account: User, key: str, handler: Callable[..., HttpResponseBase]
) -> Callable[..., HttpResponseBase]:
    """The handler, made to act once for this key."""

    def act(*args: Any, **kwargs: Any) -> HttpResponseBase:
        digest = _digest(request)
        _forget_old()
        with transaction.atomic():
            row = _claim(account, key, digest)
            if row.status is not None:
                return _again(row)
            answer = handler(*args, **kwargs)
            _keep(row, answer)
            return answer

    return act


def _digest(request: Request) -> str:
    told = hashlib.sha256(f"{request.method} {request.get_full_path()}\n{request.content_type}\n".encode())
    told.update(json.dumps(request.data, default=str, sort_keys=True).encode())
    for name, file in sorted(request.FILES.items()):
        told.update(name.encode())
        for chunk in file.chunks():
            told.update(chunk)
        file.seek(0)
    return told.hexdigest()


def _claim(account: User, key: str, digest: str) -> IdempotencyKey:
    """The row of this key, locked. Waits for whoever holds it."""
    IdempotencyKey.objects.bulk_create([IdempotencyKey(account=account, key=key, digest=digest)], ignore_conflicts=True)
    row = IdempotencyKey.objects.select_for_update().get(account=account, key=key)
    if row.digest != digest:
        raise ApiProblem("key-reused", _("This key was sent with another request."))
    return row


def _keep(row: IdempotencyKey, answer: Any) -> None:
    if answer.status_code >= 400:
        transaction.set_rollback(True)
        return
    row.status = answer.status_code
    row.headers = {name: answer[name] for name in KEPT_HEADERS if answer.has_header(name)}
    row.body = _bytes_of(answer)
    row.save(update_fields=["status", "headers", "body"])


def _bytes_of(answer: Any) -> bytes:
    from rest_framework.renderers import JSONRenderer

    if hasattr(answer, "data"):
        return b"" if answer.data is None else JSONRenderer().render(answer.data)
    return bytes(answer.content)


def _again(row: IdempotencyKey) -> HttpResponse:
    answer = HttpResponse(bytes(row.body), status=row.status, content_type="application/json")
    for name, value in row.headers.items():
        answer[name] = value
    answer["Idempotency-Replayed"] = "true"
    return answer


def _forget_old() -> None:
    """A few at a time, outside the transaction of the request."""
    old = IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEYS_KEPT).order_by().values("pk")
    IdempotencyKey.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])).delete()
