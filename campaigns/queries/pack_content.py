"""The content of the monthly analysis pack: one JSON object with every figure, name and sentence that is drawn.

It is put together from the same functions as the pages and the API, and read by nobody but a reader of everything, so
that it is the same whoever asks for it. Names come in both languages, figures as texts. Described in ``docs/packs.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.domain.follow_up_life import NEAR_DAYS
from campaigns.domain.months import day_of_campaign
from campaigns.domain.sentences import MISSED_BELOW
from campaigns.models import Campaign, Period
from campaigns.queries.city import city_months
from campaigns.queries.clock import local_day
from campaigns.queries.dashboard import Dashboard, dashboard_of, split
from campaigns.queries.forecasts import forecasts
from campaigns.queries.history import earlier_figures
from campaigns.queries.pack_actions import actions_of, composite_of, judgements_of, papers_of, projection_of, way_of
from campaigns.queries.pack_tables import (
    completeness_tables,
    last_follow_ups,
    movers,
    standings_rows,
    warned_projects,
)
from campaigns.queries.pack_words import both, day, figure, instant, name_of, percent, short_of
from campaigns.queries.progress import load, progress_in
from campaigns.queries.standings import Group, choose_group, ranking_groups
from units.permissions import Capacities

FORMAT = 1
"""Raised when a key changes its meaning; keys may be added any time."""

WHOLE_CITY = Capacities(is_reader=True)
"""Who reads for a pack: everything, and nothing as one's own."""


@dataclass(frozen=True, slots=True)
class PackContent:
    """What a pack says of a period; `drafts` are the sentences by rule, by language."""

    content: dict[str, Any]
    drafts: dict[str, list[dict[str, str]]]


def pack_content(period: Period, *, periods: Sequence[Period], now: datetime) -> PackContent:
    """The content as of this instant; `periods` are all of the campaign's. 15 queries at most, whatever the
    rows."""
    campaign = period.campaign
    so_far = [one for one in periods if one.month <= period.month]
    compared, earlier_periods = split(period, periods)
    inputs = load(campaign, compared)
    earlier = earlier_figures(inputs, earlier_periods, with_units=True)
    before = progress_in(inputs, so_far[-2], None) if len(so_far) > 1 else None
    units = progress_in(inputs, period, before)
    told = forecasts(inputs, city_months(inputs, so_far, earlier), units, WHOLE_CITY, earlier)
    group = choose_group(ranking_groups(), None)
    board = dashboard_of(inputs, earlier, period, periods=periods, group=group, person=WHOLE_CITY, now=now)
    drafts = both(lambda: [{"kind": one.kind, "text": one.text} for one in board.sentences])
    content = {
        "format": FORMAT,
        "campaign": _campaign(campaign),
        "period": _period(period),
        "as_of": instant(now),
        "has_sample": board.has_sample,
        "group": _group(group),
        "sentences": drafts,
        "remarks": {"en": "", "zh": ""},
        "city": _city(board),
        "actions": actions_of(board.actions, units, told, judgements_of(period), papers_of(period)),
        "standings": standings_rows(board.standings),
        "movers": movers(board),
        "missed": [line.action.number for line in board.missed],
        "completeness": completeness_tables(board),
        "warnings": warned_projects(board),
        "follow_ups": last_follow_ups(campaign, local_day(now)),
        "rules": _rules(campaign),
    }
    return PackContent(content, drafts)


def _campaign(campaign: Campaign) -> dict[str, Any]:
    return {
        "slug": campaign.slug,
        "name": name_of(campaign),
        "short": short_of(campaign),
        "office": name_of(campaign.office),
        "starts_on": day(campaign.starts_on),
        "ends_on": day(campaign.ends_on),
        "cap": figure(campaign.cap),
        "minimum_coverage": figure(campaign.minimum_coverage),
        "light_method": campaign.light_method,
        "green_from": figure(campaign.green_from),
        "yellow_from": figure(campaign.yellow_from),
        "green_within": figure(campaign.green_within),
        "yellow_within": figure(campaign.yellow_within),
    }


def _period(period: Period) -> dict[str, Any]:
    campaign = period.campaign
    return {
        "key": period.key,
        "month": period.month,
        "state": period.state,
        "starts_on": day(period.starts_on),
        "ends_on": day(period.ends_on),
        "due_at": instant(period.due_at),
        "published_at": instant(period.published_at),
        "day": day_of_campaign(campaign.starts_on, period.ends_on),
        "days": campaign.days,
    }


def _group(group: Group | None) -> dict[str, Any] | None:
    return {"code": group.group.code, "name": name_of(group.group)} if group else None


def _city(board: Dashboard) -> dict[str, Any]:
    """Of an open or closed period too: who reads for a pack sees the city."""
    city = board.city
    assert city is not None  # noqa: S101
    return {
        **composite_of(city),
        "light": city.light.value,
        "change": figure(board.city_change),
        **projection_of(board.city_projection),
        "way": way_of(board.way),
        "is_corrected": city.is_corrected,
    }


def _rules(campaign: Campaign) -> dict[str, Any]:
    """The numbers that the annex explains; those of the campaign stand with it."""
    return {
        "missed_below": percent(MISSED_BELOW),
        "near_days": NEAR_DAYS,
        "band_low": "10",
        "band_high": "90",
        "due_day": campaign.due_day,
        "due_hour": campaign.due_hour,
        "due_month_offset": campaign.due_month_offset,
        "closing_working_days": campaign.closing_working_days,
        "asks_signature": campaign.asks_signature,
    }
