"""Which campaign and which month the items of a meeting look at.

What localities report stands on the campaign and period that the meeting names. Projects, warnings, follow-ups and what
departments report belong to the work that is going on: the meeting's campaign where it runs on the day of the meeting,
else the one that does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from campaigns.models import Campaign, Meeting, Period
from campaigns.queries.clock import local_day


@dataclass(frozen=True, slots=True)
class Look:
    """A campaign with all its periods in order, and the one that is looked at."""

    campaign: Campaign
    periods: Sequence[Period]
    period: Period


@dataclass(frozen=True, slots=True)
class Looks:
    """`named` is what the meeting names, `running` the work that was going on; none in a campaign without periods."""

    named: Look | None
    running: Look | None


def looks_of(meeting: Meeting) -> Looks:
    """One query."""
    day = meeting.held_on
    rows = Period.objects.select_related("campaign__office").filter(
        Q(campaign=meeting.campaign_id) | Q(campaign__starts_on__lte=day, campaign__ends_on__gte=day)
    )
    by_campaign: dict[int, list[Period]] = {}
    for period in rows.order_by("-campaign__starts_on", "campaign", "month"):
        of_campaign = by_campaign.setdefault(period.campaign_id, [])
        period.campaign = of_campaign[0].campaign if of_campaign else period.campaign
        of_campaign.append(period)
    named = by_campaign.get(meeting.campaign_id)
    running = [one for one in by_campaign.values() if one[0].campaign.starts_on <= day <= one[0].campaign.ends_on]
    own = named if named in running else next(iter(running), named)
    return Looks(_look(named, meeting), _look(own, meeting))


def _look(periods: Sequence[Period] | None, meeting: Meeting) -> Look | None:
    if not periods:
        return None
    chosen = next((one for one in periods if one.pk == meeting.period_id), None)
    return Look(periods[0].campaign, periods, chosen or _newest(periods, meeting.held_on))


def _newest(periods: Sequence[Period], day: date) -> Period:
    """The last one published by that day; before there is any, the one in which the day lies."""
    published = [one for one in periods if one.published_at is not None and local_day(one.published_at) <= day]
    begun = [one for one in periods if one.starts_on <= day]
    return (published or begun or periods[:1])[-1]
