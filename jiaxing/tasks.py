"""The project's own background job: saying that beat, broker and worker are alive."""

from celery import shared_task
from django.utils import timezone

from jiaxing.models import Heartbeat

BEAT = "beat"


@shared_task(name="jiaxing.beat_seen")
def beat_seen() -> None:
    """Beat asked for this and a worker does it, so a fresh row shows that the whole way works."""
    Heartbeat.objects.update_or_create(name=BEAT, defaults={"seen_at": timezone.now()})
