"""The background jobs of campaigns: keeping periods, reminders and early warnings in step with the clock, and long
imports and exports."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.documents.background import HANDLERS
from campaigns.operations.closing_packs import build_packs_at_closing
from campaigns.operations.periods import advance_periods
from campaigns.operations.reminders import plan_reminders
from campaigns.operations.warning_scan import scan_warnings
from campaigns.queries.clock import business_now
from units.operations.beat_jobs import Counts, beat_job
from units.operations.jobs import WORK_TASK, work_through


@beat_job(
    "campaigns.tick",
    title=_("Periods and reminders"),
    purpose=_(
        "Opens and closes periods by the business clock, begins the pack of what it closed, and plans reminders."
    ),
)
def tick() -> Counts:
    """A tick that was lost is made up by the next, one that comes twice does nothing."""
    now = business_now()
    return {
        "periods": len(advance_periods(now=now)),
        "reminders": plan_reminders(now=now),
        "packs": len(build_packs_at_closing(now=now)),
    }


@beat_job(
    "campaigns.scan_warnings",
    title=_("Early warnings"),
    purpose=_("Looks for early warnings on major projects; what stands is left as it is."),
)
def scan() -> Counts:
    """Every ten minutes, so also in the first ones of each business day."""
    done = scan_warnings(now=business_now())
    return {"raised": len(done.raised), "moved": len(done.moved)}


@beat_job(
    WORK_TASK,
    title=_("Long work"),
    purpose=_("Works through meeting packs and long imports and exports; again at once when somebody asks for one."),
)
def work() -> Counts:
    return {"ended": work_through(HANDLERS, clock=timezone.now)}
