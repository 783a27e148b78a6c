"""The big screen: five views of one period, which a script turns through and keeps up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import pgettext
from django.views.decorators.http import conditional_page, require_safe

from campaigns.documents.charts.chart import Chart
from campaigns.documents.charts.city_way import city_way
from campaigns.domain.months import day_of_campaign
from campaigns.models import Campaign, Period
from campaigns.permissions import can_see_all_standings
from campaigns.queries.clock import local_day
from campaigns.queries.dashboard import Dashboard
from campaigns.queries.screen import screen
from campaigns.queries.standings import StandingRow
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of, selection_of

VIEWS = ("overview", "actions", "heat", "projects", "movers")
SECONDS = 20
SHORTEST, LONGEST = 5, 3600
"""How long a view stands, in seconds; 0 holds it."""
HEAT_ROWS = 15
"""As many units as stand on one screen."""
FILTERS = ("campaign", "period", "view", "seconds", "lang")
"""What the address may say; a link shows the same thing."""


@dataclass(frozen=True, slots=True)
class View:
    """One of the views: its place, its name and the address that opens with it."""

    number: int
    name: str
    title: str
    url: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Screen:
    """What the templates show. Without `found` nothing of `period` may hang on a wall."""

    campaign: Campaign | None
    period: Period | None
    found: Dashboard | None
    chart: Chart | None
    views: Sequence[View]
    seconds: int
    other_language_url: str
    sign_in_url: str
    today: date

    @property
    def heat_rows(self) -> list[StandingRow]:
        return self.found.standings.rows[:HEAT_ROWS] if self.found else []

    @property
    def more_heat_rows(self) -> int:
        return len(self.found.standings.rows) - len(self.heat_rows) if self.found else 0

    @property
    def days(self) -> int:
        return self.campaign.days if self.campaign else 0

    @property
    def day(self) -> int:
        """The day of the campaign to which the figures go."""
        if self.campaign is None or self.period is None:
            return 0
        return day_of_campaign(self.campaign.starts_on, min(self.period.ends_on, self.campaign.ends_on))

    @property
    def day_share(self) -> int:
        """In thousandths."""
        return round(1000 * self.day / self.days) if self.days else 0


@require_safe
def screen_page(request: SiteRequest) -> HttpResponse:
    """The whole page; ``static/js/screen.js`` asks `screen_content` for what changes."""
    return _answer(request, "campaigns/screen.html")


@conditional_page
@require_safe
def screen_content(request: SiteRequest) -> HttpResponse:
    """All views as they are now; 304 where nothing has changed since the last answer."""
    return _answer(request, "campaigns/screen/content.html")


def _answer(request: SiteRequest, template: str) -> HttpResponse:
    with translation.override(_language(request)):
        return render(request, template, {"screen": _screen(request)})


def _screen(request: SiteRequest) -> Screen:
    selection, person = selection_of(request), person_of(request)
    period = selection.period if request.GET.get("period") else _last_published(selection.periods)
    found = None
    if period is not None and can_see_all_standings(person, period):
        found = screen(period, periods=selection.periods, person=person, now=request.business_now)
    other = "en" if (translation.get_language() or "").startswith("zh") else "zh-hans"
    return Screen(
        campaign=selection.campaign,
        period=period,
        found=found,
        chart=city_way(found) if found else None,
        views=_views(request),
        seconds=_seconds(request),
        other_language_url=_address(request, lang=other),
        sign_in_url=f"{reverse('login')}?{urlencode({'next': _address(request)})}",
        today=local_day(request.business_now),
    )


def _last_published(periods: Sequence[Period]) -> Period | None:
    """A wall shows what everybody may see, unless the address asks for a period."""
    return next((one for one in reversed(periods) if one.is_published), None)


# --- the address ------------------------------------------------------------------------------------------------------


def _views(request: SiteRequest) -> list[View]:
    titles = {
        "overview": pgettext("big screen", "Overview"),
        "actions": pgettext("big screen", "Where the actions lead"),
        "heat": pgettext("big screen", "Units and actions"),
        "projects": pgettext("big screen", "Early warnings and reports"),
        "movers": pgettext("big screen", "Movers and red flags"),
    }
    asked = request.GET.get("view")
    shown = asked if asked in VIEWS else VIEWS[0]
    return [
        View(number, name, titles[name], _address(request, view=name), name == shown)
        for number, name in enumerate(VIEWS, start=1)
    ]


def _address(request: SiteRequest, **changed: str) -> str:
    query = {name: request.GET[name] for name in FILTERS if name in request.GET} | changed
    return f"{reverse('screen')}?{urlencode(query)}" if query else reverse("screen")


def _seconds(request: SiteRequest) -> int:
    asked = request.GET.get("seconds", "")
    if not (asked.isascii() and asked.isdigit()):
        return SECONDS
    return min(LONGEST, max(SHORTEST, int(asked[:5]))) if int(asked[:5]) else 0


def _language(request: SiteRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE
