"""Who calls the API in the tests: the people of the cast by their sessions, and client systems by their tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.cast import Cast, client_of
from units.models import ApiToken, Unit
from units.operations.tokens import create_token, revoke_token

JSON = "application/json"

PEOPLE = (
    "anonymous",
    "stranger",
    "reporter",
    "head",
    "outsider",
    "reviewer",
    "office",
    "leader",
    "administrator",
)
TOKENS = (
    "reads",  # everything
    "reads_town",
    "reports",  # for every unit, without reading
    "reports_town",  # and reads it
    "manages",  # and reads
    "revoked",
)
CALLERS = (*PEOPLE, *TOKENS)


def token(*scopes: str, unit: Unit | None = None, **options: Any) -> tuple[ApiToken, str]:
    return create_token(client="A system", scopes=scopes, unit=unit, actor=None, **options)


def bearer(secret: str, **options: Any) -> Client:
    return Client(headers={"authorization": f"Bearer {secret}"}, **options)


def system(*scopes: str, unit: Unit | None = None, **options: Any) -> Client:
    """A client system with a new token."""
    _row, secret = token(*scopes, unit=unit, expires_at=timezone.now() + timedelta(days=1))
    return bearer(secret, **options)


def caller(name: str, cast: Cast) -> Client:
    """The client of one of `CALLERS`."""
    if name == "anonymous":
        return Client()
    if name in PEOPLE:
        return client_of(getattr(cast, name))
    if name == "revoked":
        row, secret = token("read", "report", "manage")
        revoke_token(token=row, actor=None)
        return bearer(secret)
    return {
        "reads": lambda: system("read"),
        "reads_town": lambda: system("read", unit=cast.town),
        "reports": lambda: system("report"),
        "reports_town": lambda: system("read", "report", unit=cast.town),
        "manages": lambda: system("read", "manage"),
    }[name]()
