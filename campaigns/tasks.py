"""The background jobs of campaigns: keeping periods, reminders and early warnings in step with the clock, and long
imports and exports."""

from celery import Task, shared_task
from django.utils import timezone

from campaigns.documents.background import HANDLERS
from campaigns.operations.periods import advance_periods
from campaigns.operations.reminders import plan_reminders
from campaigns.operations.warning_scan import scan_warnings
from campaigns.queries.clock import business_now
from units.operations.changes import current_request
from units.operations.jobs import WORK_TASK, work_through


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


@shared_task(name="campaigns.scan_warnings", bind=True)
def scan(self: Task) -> None:
    """Every ten minutes by the beat, so also in the first ones of each business day; what stands is left as it is."""
    token = current_request.set(self.request.id or "")
    try:
        scan_warnings(now=business_now())
    finally:
        current_request.reset(token)


@shared_task(name=WORK_TASK, bind=True)
def work(self: Task) -> None:
    """Every minute by the beat, and at once when somebody asks for a long import or export."""
    token = current_request.set(self.request.id or "")
    try:
        work_through(HANDLERS, clock=timezone.now)
    finally:
        current_request.reset(token)
