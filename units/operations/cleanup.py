"""Lets go of what nobody needs any more, some of it at a time: a run that breaks off is made up by the next.

The record of changes, messages and what people wrote are never touched. Times here are real time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from units.models import Delivery, IdempotencyKey, Sending, Upload
from units.operations import beat_jobs, jobs, webhooks

KEYS_KEPT = timedelta(hours=24)
"""How long an answer is kept for a request that comes with the same key."""
DELIVERIES_KEPT = timedelta(days=90)
AT_ONCE = 5000


def clean_up(*, now: datetime) -> dict[str, int]:
    """How many of each kind went."""
    sessions()
    return {
        "keys": _delete(IdempotencyKey.objects.filter(created_at__lt=now - KEYS_KEPT)),
        "uploads": _delete(Upload.objects.filter(expires_at__lt=now)),
        "files": jobs.forget_old(at=now),
        "deliveries": old_deliveries(now=now),
        "webhook_deliveries": webhooks.forget_old(now=now),
        "runs": beat_jobs.forget_old_runs(),
    }


def old_deliveries(*, now: datetime) -> int:
    """What ended long ago. The messages stay: they are the ledger by which nothing is sent twice."""
    ended = Delivery.objects.exclude(status=Sending.PENDING)
    return _delete(ended.filter(next_attempt_at__lt=now - DELIVERIES_KEPT))


def sessions() -> None:
    """Those that are over, as the engine of the settings keeps them."""
    engine: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    engine.clear_expired()


def _delete(rows) -> int:  # type: ignore[no-untyped-def]
    model = rows.model
    pks = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    _all, by_model = model.objects.filter(pk__in=pks).delete()
    return int(by_model.get(model._meta.label, 0))
