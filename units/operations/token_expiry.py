"""Tells administrators of tokens that are about to expire, and takes back those that expired long ago. Real time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from units.models import ApiToken, User
from units.operations.changes import Touched, record
from units.operations.messages import send_all
from units.queries.messages import Notice

STAGES = (timedelta(days=14), timedelta(days=3))
"""So long ahead it is told; of several that are reached only the newest."""
TAKEN_BACK_AFTER = timedelta(days=30)


def tell_of_expiry(*, now: datetime) -> int:
    """One message for each token and stage to every administrator; returns how many were new. Three queries and those
    of sending."""
    expiring = ApiToken.objects.filter(revoked_at=None, expires_at__gt=now, expires_at__lte=now + max(STAGES))
    tokens = list(expiring.order_by("expires_at", "pk"))
    if not tokens:
        return 0
    people = User.objects.filter(is_superuser=True, is_active=True, is_service=False)
    return send_all([_notice(token, person, now) for person in people.order_by("pk") for token in tokens])


def _notice(token: ApiToken, person: User, now: datetime) -> Notice:
    if token.expires_at is None:
        raise ValueError("a token without an end does not expire")
    stage = min(ahead for ahead in STAGES if token.expires_at - ahead <= now)
    return Notice(
        kind="token_expiring",
        subject=f"token:{token.pk}",
        recipient_id=person.pk,
        day=timezone.localtime(token.expires_at - stage).date(),
        url=reverse("admin:units_apitoken_change", args=[token.pk]),
        params={"client": token.client, "hint": token.hint, "expires_at": token.expires_at.isoformat()},
    )


@transaction.atomic
def take_back_expired(*, now: datetime) -> int:
    """Revokes what expired long ago, with the account that it acted as; returns how many."""
    expired = ApiToken.objects.select_for_update().filter(revoked_at=None, expires_at__lt=now - TAKEN_BACK_AFTER)
    touched = []
    for token in expired:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        touched.append(Touched(token, {"revoked_at": None}, {"revoked_at": now}))
    if touched:
        User.objects.filter(token__in=[one.row.pk for one in touched]).update(is_active=False)
        record(actor=None, verb="revoke_token", reason="expired", touched=touched)
    return len(touched)
