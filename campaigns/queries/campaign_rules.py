"""What must hold of a campaign beyond the constraints of the database, for every door that writes it.

Asked of a campaign whose fields are right one by one.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from campaigns.domain.deadlines import DueRule, deadlines
from campaigns.domain.months import Span, campaign_spans
from campaigns.models import Campaign, Period
from campaigns.queries.calendars import working_calendar

LONGEST = timedelta(days=3 * 366)
YEARS = range(2000, 2100)
MOST = {"closing_working_days": 60, "opens_days_before_end": 366, "resubmission_working_days": 60}


def wrong_with_campaign(campaign: Campaign) -> dict[str, Any]:
    """A sentence for each field that cannot stay as it is."""
    too_many = {name: most for name, most in MOST.items() if getattr(campaign, name) > most}
    wrong = {name: _("At most %(most)d.") % {"most": most} for name, most in too_many.items()}
    wrong |= _wrong_days(campaign) | _wrong_follows(campaign)
    return wrong or _wrong_rule(campaign)


def _wrong_days(campaign: Campaign) -> dict[str, Any]:
    if campaign.starts_on.year not in YEARS or campaign.ends_on - campaign.starts_on > LONGEST:
        return {"ends_on": _("A campaign lasts three years at most, between 2000 and 2099.")}
    before = Campaign.objects.filter(pk=campaign.pk).first()
    if before is None or (before.starts_on, before.ends_on) == (campaign.starts_on, campaign.ends_on):
        return {}
    reason = hindrance(campaign)
    return {"ends_on" if campaign.ends_on != before.ends_on else "starts_on": reason} if reason else {}


def _wrong_follows(campaign: Campaign) -> dict[str, Any]:
    """Years are compared backwards only, so that no campaign comes after itself."""
    earlier = campaign.follows
    if earlier is None or earlier.starts_on < campaign.starts_on:
        return {}
    return {"follows": _("Name a campaign that began earlier.")}


def hindrance(campaign: Campaign) -> str:
    """Why the campaign cannot have the days that it has, as a sentence; empty where its periods allow them."""
    spans = {span.month.key: span for span in campaign_spans(campaign.starts_on, campaign.ends_on)}
    for period in campaign.periods.all():
        span = spans.get(period.month)
        if period.state in (Period.State.CLOSED, Period.State.PUBLISHED):
            if span is None or _days_of(span) != _days_of(period):
                return _("%(month)s is closed: its days can no longer change.") % {"month": period.month}
        elif span is None and period.reports.exists():
            return _("%(month)s has reports already, so the campaign must reach into it.") % {"month": period.month}
    return ""


def _days_of(stretch: Span | Period) -> tuple[date, date]:
    return stretch.starts_on, stretch.ends_on


def due_rule(campaign: Campaign) -> DueRule:
    return DueRule(
        month_offset=campaign.due_month_offset,
        day=campaign.due_day,
        hour=campaign.due_hour,
        closing_working_days=campaign.closing_working_days,
        opens_days_before_end=campaign.opens_days_before_end,
    )


def _wrong_rule(campaign: Campaign) -> dict[str, Any]:
    """Every period must open before it falls due."""
    rule, calendar, zone = due_rule(campaign), working_calendar(), get_current_timezone()
    for span in campaign_spans(campaign.starts_on, campaign.ends_on):
        instants = deadlines(span, rule=rule, calendar=calendar, tz=zone)
        if instants.due_at <= instants.opens_at:
            told = _("With this rule %(month)s would fall due before it opens.")
            return {"due_hour": told % {"month": span.month.key}}
    return {}
