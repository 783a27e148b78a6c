"""Brings the periods of a campaign in line with its days, after these have been changed.

Periods that are closed or published never move: what was filed for them stays what it was filed for.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from campaigns.domain.months import Span, campaign_spans
from campaigns.models import Campaign
from campaigns.operations.periods import make_periods, set_deadlines
from campaigns.queries.campaign_rules import hindrance
from campaigns.refusals import WrongState
from units.models import User
from units.operations.changes import Touched, fields_of, record

DAYS = ("starts_on", "ends_on")
RULE = frozenset({"due_month_offset", "due_day", "due_hour", "closing_working_days", "opens_days_before_end"})


def follow_campaign(*, campaign: Campaign, changed_fields: frozenset[str], actor: User | None) -> None:
    """Does what a change of these fields entails: other days mean other periods, another rule other deadlines."""
    if changed_fields & frozenset(DAYS):
        fit_periods(campaign=campaign, actor=actor)
    elif changed_fields & RULE:
        set_deadlines(actor=actor, campaign=campaign)


@transaction.atomic
def fit_periods(*, campaign: Campaign, actor: User | None) -> None:
    """Makes the periods that are missing, moves the ends of the others, takes away those outside the campaign, and
    computes their deadlines again. Raises `WrongState` where a period that may not move would have to."""
    reason = hindrance(campaign)
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
