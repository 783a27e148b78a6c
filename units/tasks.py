"""The background jobs of units: messages to people, webhooks to systems, and the seal on the record of changes."""

from celery import shared_task
from django.utils import timezone

from units.operations import deliveries, sealing, webhooks
from units.operations.changes import SEAL_TASK
from units.operations.messages import DELIVER_TASK


@shared_task(name=DELIVER_TASK)
def deliver() -> None:
    """Every minute by the beat, and at once when a message was written."""
    deliveries.drain(clock=timezone.now)


@shared_task(name=SEAL_TASK)
def seal_changes() -> None:
    """Every ten seconds by the beat, and at once when a change was written."""
    sealing.seal_all(now=timezone.now())


@shared_task(name=webhooks.DELIVER_TASK)
def deliver_webhooks() -> None:
    """Every minute by the beat, and at once when a change was sealed that somebody waits for."""
    webhooks.drain(clock=timezone.now)
    webhooks.forget_old(now=timezone.now())
