"""Signs of life of what runs in the background: the beat writes its own, a worker writes when it is asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from jiaxing.models import Heartbeat

BEAT, WORKER = "beat", "worker"
LATE_AFTER = timedelta(minutes=3)


def show_life(name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})


def last_signs() -> dict[str, datetime]:
    """When each was seen last. One query."""
    return dict(Heartbeat.objects.values_list("name", "seen_at"))
