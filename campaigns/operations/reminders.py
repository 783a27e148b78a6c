"""Sends the reminders of the monthly cycle, each exactly once however often it is planned."""

from __future__ import annotations

from datetime import datetime

from campaigns.models import ReportEvent
from campaigns.queries.reminders import reminders_due, returned_notices
from units.operations.messages import send_all


def plan_reminders(*, now: datetime) -> int:
    """Sends what has fallen due by now and is not in the ledger yet; returns how many messages were new."""
    return send_all(reminders_due(now=now))


def tell_returned(*, event: ReportEvent) -> int:
    """Tells a unit at once that a report came back. Call it in the transaction of the step: the rows are written with
    it, and leave after commit. Without it `plan_reminders` does the same within a minute."""
    return send_all(returned_notices(event))
