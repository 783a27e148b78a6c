"""The background job of campaigns: keeping periods and reminders in step with the business clock."""

from celery import Task, shared_task

from campaigns.operations.periods import advance_periods
from campaigns.operations.reminders import plan_reminders
from campaigns.queries.clock import business_now
from units.operations.changes import current_request


@shared_task(name="campaigns.tick", bind=True)
def tick(self: Task) -> None:
    """Every minute by the beat; a tick that was lost is made up by the next, one that comes twice does nothing."""
    token = current_request.set(self.request.id or "")
    try:
        now = business_now()
        advance_periods(now=now)
        plan_reminders(now=now)
    finally:
        current_request.reset(token)
