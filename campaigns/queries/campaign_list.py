"""All campaigns with their days and how far each has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Count, Q

from campaigns.domain.months import day_of_campaign
from campaigns.models import Campaign, Period


class Stage(StrEnum):
    """Where a campaign stands on a day; over once its last day has passed, complete once every month is published."""

    AHEAD = "ahead"
    RUNNING = "running"
    OVER = "over"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """One campaign. `day` is the day of the campaign that it is, while it runs."""

    campaign: Campaign
    stage: Stage
    day: int | None
    periods: int
    published: int


def campaign_list(today: date) -> Sequence[CampaignRow]:
    """Every campaign, the newest first. One query."""
    published = Count("periods", filter=Q(periods__state=Period.State.PUBLISHED))
    rows = Campaign.objects.select_related("follows").annotate(of_periods=Count("periods"), of_published=published)
    return [_row(one, today) for one in rows.order_by("-starts_on", "slug")]


def _row(campaign: Campaign, today: date) -> CampaignRow:
    periods, published = campaign.of_periods, campaign.of_published  # type: ignore[attr-defined]  # annotated
    is_running = campaign.starts_on <= today <= campaign.ends_on
    return CampaignRow(
        campaign=campaign,
        stage=_stage(campaign, today, is_complete=0 < periods == published),
        day=day_of_campaign(campaign.starts_on, today) if is_running else None,
        periods=periods,
        published=published,
    )


def _stage(campaign: Campaign, today: date, *, is_complete: bool) -> Stage:
    if is_complete:
        return Stage.COMPLETE
    if today < campaign.starts_on:
        return Stage.AHEAD
    return Stage.RUNNING if today <= campaign.ends_on else Stage.OVER
