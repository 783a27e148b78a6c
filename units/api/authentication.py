"""Who calls: a client system by its token, or a person by the session of the browser, then with the CSRF token.

A token is looked up by its digest; its last use is written at most once a minute, so that reading stays reading.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from units.models import ApiToken, User
from units.operations.changes import current_token
from units.operations.tokens import digest_of

SCHEME = "Bearer"
CHALLENGE = f'{SCHEME} realm="api"'
USE_IS_WRITTEN_EVERY = timedelta(minutes=1)


class BearerAuthentication(BaseAuthentication):
    """`request.user` is the token's account, `request.auth` the token."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        given = request.headers.get("Authorization")
        if given is None:
            return None
        scheme, _space, secret = given.partition(" ")
        if scheme.lower() != SCHEME.lower():
            raise AuthenticationFailed(_("Send “Authorization: Bearer <token>”; other schemes are not known here."))
        token = ApiToken.objects.select_related("account", "unit").filter(digest=digest_of(secret.strip())).first()
        if token is None or not is_valid(token):
            raise AuthenticationFailed(_("This token is not valid: it is unknown, has expired or was revoked."))
        _write_use(token)
        current_token.set(token)
        return token.account, token

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


def is_valid(token: ApiToken) -> bool:
    """By real time, not by the business clock."""
    has_expired = token.expires_at is not None and token.expires_at <= timezone.now()
    return token.revoked_at is None and not has_expired and token.account.is_active


def _write_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is not None and now - token.last_used_at < USE_IS_WRITTEN_EVERY:
        return
    is_old = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_IS_WRITTEN_EVERY)
    ApiToken.objects.filter(is_old, pk=token.pk).update(last_used_at=now)
    token.last_used_at = now
