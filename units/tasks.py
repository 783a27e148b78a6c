"""The background job of units: taking messages out to their channels."""

from celery import shared_task
from django.utils import timezone

from units.operations import deliveries
from units.operations.messages import DELIVER_TASK


@shared_task(name=DELIVER_TASK)
def deliver() -> None:
    """Every minute by the beat, and at once when a message was written."""
    deliveries.drain(clock=timezone.now)
