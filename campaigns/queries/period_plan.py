"""The periods that a campaign's days ask for, with the deadlines that its rule and the calendar give them."""

from __future__ import annotations

from django.utils.timezone import get_current_timezone

from campaigns.domain.deadlines import deadlines
from campaigns.domain.months import campaign_spans
from campaigns.models import Campaign, Period
from campaigns.queries.calendars import working_calendar
from campaigns.queries.campaign_rules import due_rule


def planned_periods(campaign: Campaign, *, source: str = "entered") -> list[Period]:
    """Every period of the campaign in order, none of them written down. One query."""
    rule, calendar, zone = due_rule(campaign), working_calendar(), get_current_timezone()
    planned = []
    for span in campaign_spans(campaign.starts_on, campaign.ends_on):
        instants = deadlines(span, rule=rule, calendar=calendar, tz=zone)
        planned.append(
            Period(
                campaign=campaign,
                month=span.month.key,
                starts_on=span.starts_on,
                ends_on=span.ends_on,
                opens_at=instants.opens_at,
                due_at=instants.due_at,
                closes_at=instants.closes_at,
                source=source,
            )
        )
    return planned
