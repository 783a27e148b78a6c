"""Brings the periods of a campaign in line with its days, after these have been changed.

Periods that are closed or published never move: what was filed for them stays what it was filed for.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.domain.months import Span, campaign_spans
from campaigns.models import Campaign, Period
from campaigns.operations.periods import make_periods, set_deadlines
from campaigns.refusals import WrongState
from units.models import User
from units.operations.changes import Touched, fields_of, record

DAYS = ("starts_on", "ends_on")


def hindrance(campaign: Campaign, *, starts_on: date, ends_on: date) -> str:
    """Why the campaign cannot last from this day to that, as a sentence; empty where it can."""
    spans = {span.month.key: span for span in campaign_spans(starts_on, ends_on)}
    for period in campaign.periods.all():
        span = spans.get(period.month)
        if period.state in (Period.State.CLOSED, Period.State.PUBLISHED):
            if span is None or _days(span) != fields_of(period, DAYS):
                return _("%(month)s is closed: its days can no longer change.") % {"month": period.month}
        elif span is None and period.reports.exists():
            return _("%(month)s has reports already, so the campaign must reach into it.") % {"month": period.month}
    return ""


@transaction.atomic
def fit_periods(*, campaign: Campaign, actor: User | None) -> None:
    """Makes the periods that are missing, moves the ends of the others, takes away those outside the campaign, and
    computes their deadlines again. Raises `WrongState` where a period that may not move would have to."""
    reason = hindrance(campaign, starts_on=campaign.starts_on, ends_on=campaign.ends_on)
    if reason:
        raise WrongState(reason)
    spans = {span.month.key: span for span in campaign_spans(campaign.starts_on, campaign.ends_on)}
    touched = []
    for period in campaign.periods.select_for_update():
        before = fields_of(period, DAYS)
        if period.month not in spans:
            touched.append(Touched(period, {"month": period.month, **before}, None))
        elif before != _days(spans[period.month]):
            period.starts_on, period.ends_on = spans[period.month].starts_on, spans[period.month].ends_on
            period.version += 1
            period.save(update_fields=[*DAYS, "version", "updated_at"])
            touched.append(Touched(period, before, fields_of(period, DAYS)))
    if touched:
        record(actor=actor, verb="fit_periods", touched=touched)
    campaign.periods.exclude(month__in=spans).delete()
    make_periods(campaign=campaign, actor=actor)
    set_deadlines(actor=actor, campaign=campaign)


def _days(span: Span) -> dict[str, date]:
    return {"starts_on": span.starts_on, "ends_on": span.ends_on}
