"""Makes and revokes the tokens of client systems. Only a token's SHA-256 digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from units.models import ApiToken, Unit, User
from units.operations.changes import Touched, fields_of, record
from units.refusals import Invalid, WrongState

FIELDS = ("client", "hint", "can_read", "can_report", "can_manage", "unit", "expires_at")
HINT_LENGTH = 8


class Scope(StrEnum):
    """What a token may do."""

    READ = "read"
    REPORT = "report"
    MANAGE = "manage"


def digest_of(token: str) -> str:
    """What is kept of a token. It is long and random, so that a plain digest cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def create_token(
    *,
    client: str,
    scopes: Collection[str],
    actor: User | None,
    unit: Unit | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Makes a token and returns it with its row: the only moment at which it can be read.

    `actor` None is whoever types commands on the server. Times are real time.
    """
    _must_be_administrator(actor)
    client = client.strip()
    if not client:
        raise Invalid(_("Name the client system."), field="client")
    if not scopes or not set(scopes) <= set(Scope):
        raise Invalid(_("Choose what the token may do: read, report, manage."), field="scopes")
    if expires_at is not None and expires_at <= timezone.now():
        raise Invalid(_("The token would have expired already. Choose a later time."), field="expires_at")
    if Scope.MANAGE in scopes and unit is not None:
        raise Invalid(_("What is managed belongs to the whole city: leave the unit empty."), field="unit")
    secret = secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        client=client,
        account=_open_account(client),
        digest=digest_of(secret),
        hint=secret[:HINT_LENGTH],
        can_read=Scope.READ in scopes,
        can_report=Scope.REPORT in scopes,
        can_manage=Scope.MANAGE in scopes,
        unit=unit,
        expires_at=expires_at,
        created_by=actor,
    )
    record(actor=actor, verb="create_token", touched=[Touched(row, None, fields_of(row, FIELDS))])
    return row, secret


def _open_account(client: str) -> User:
    """Whom the record names for what the client does. Nobody can sign in as it."""
    account = User(username=f"client-{secrets.token_hex(8)}", name=client, is_service=True)
    account.set_unusable_password()
    account.save()
    return account


@transaction.atomic
def revoke_token(*, token: ApiToken, actor: User | None) -> ApiToken:
    """Takes a token back for good."""
    _must_be_administrator(actor)
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is not None:
        raise WrongState(_("This token has been revoked already."))
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    User.objects.filter(pk=token.account_id).update(is_active=False)
    touched = Touched(token, {"revoked_at": None}, {"revoked_at": token.revoked_at})
    record(actor=actor, verb="revoke_token", touched=[touched])
    return token


def _must_be_administrator(actor: User | None) -> None:
    if actor is not None and not (actor.is_active and actor.is_superuser):
        raise PermissionDenied(_("Only an administrator may do this."))
