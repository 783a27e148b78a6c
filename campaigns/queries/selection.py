"""Which campaign and period a page shows: what its address says, else the current ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campaigns.models import Campaign, Period


@dataclass(frozen=True, slots=True)
class Selection:
    """A campaign with all its periods in order, and the one period chosen; all campaigns, newest first."""

    campaigns: Sequence[Campaign]
    campaign: Campaign | None
    periods: Sequence[Period]
    period: Period | None

    @property
    def previous(self) -> Period | None:
        earlier = [one for one in self.periods if self.period and one.month < self.period.month]
        return earlier[-1] if earlier else None

    @property
    def next(self) -> Period | None:
        later = [one for one in self.periods if self.period and one.month > self.period.month]
        return later[0] if later else None


class UnknownSelection(LookupError):
    """The address names a campaign or period that does not exist."""


def select(*, campaign: str | None, month: str | None, today: date, wants_published: bool) -> Selection:
    """One query. Without a month: the period being filed, or (`wants_published`) the last published one."""
    rows = list(Period.objects.select_related("campaign__office").order_by("-campaign__starts_on", "campaign", "month"))
    campaigns = list({row.campaign_id: row.campaign for row in rows}.values())
    chosen = _campaign(campaigns, campaign, today)
    periods = [row for row in rows if chosen is not None and row.campaign_id == chosen.pk]
    for row in periods:
        row.campaign = campaigns[campaigns.index(row.campaign)]
    return Selection(campaigns, chosen, periods, _period(periods, month, wants_published))


def _campaign(campaigns: Sequence[Campaign], slug: str | None, today: date) -> Campaign | None:
    if slug:
        named = [one for one in campaigns if one.slug == slug]
        if not named:
            raise UnknownSelection(slug)
        return named[0]
    begun = [one for one in campaigns if one.starts_on <= today]
    return next(iter(begun or campaigns), None)


def _period(periods: Sequence[Period], month: str | None, wants_published: bool) -> Period | None:
    if month:
        named = [one for one in periods if one.month == month]
        if not named:
            raise UnknownSelection(month)
        return named[0]
    published = [one for one in periods if one.is_published]
    filing = [one for one in periods if one.state == Period.State.OPEN]
    begun = [one for one in periods if one.state != Period.State.UPCOMING]
    by_wish = [published[-1:], filing[:1]] if wants_published else [filing[:1], published[-1:]]
    return next((one[0] for one in [*by_wish, begun[-1:], periods[:1]] if one), None)
