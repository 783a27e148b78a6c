"""The frame around every page: navigation by role, campaign and period, the day of the campaign, the clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from campaigns.domain.months import day_of_campaign
from campaigns.models import Campaign, Period
from campaigns.permissions import can_move_clock, can_run_periods, can_see_packs
from campaigns.queries.badges import Badges, badges
from campaigns.queries.clock import local_day
from campaigns.queries.selection import Selection, UnknownSelection, select
from campaigns.requests import SiteRequest
from units.permissions import Capacities, capacities

FILING_PAGES = frozenset(
    {"my_work", "reports", "report_form", "review", "periods", "export_reports", "export_review", "export_periods"}
)
ANALYSIS_PAGES = frozenset({"dashboard", "standings", "actions", "action", "unit", "compare", "completeness"})
PEOPLE_PAGES = ("add_person", "person", "role_dates", "import_people", "confirm_import_people")
PACK_PAGES = ("pack", "issue_pack", "pack_template")
CAMPAIGN_PAGES = frozenset(
    {"projects", "warnings", "warnings_for_meeting", "meetings", "follow_ups", "packs", "awards", "closing"}
)
AWARD_PAGES = (
    "award_round", "open_round", "round_marks", "announce_round", "score_sheet", "round_what_if",
    "schemes", "new_scheme", "edit_scheme",
)  # fmt: skip
LIFE_PAGES = ("copy_campaign", "closing", "earlier_year")


MEETING_PAGES = (
    "meeting", "new_meeting", "edit_meeting", "agenda", "agenda_item", "edit_attendance", "edit_requirements",
    "meeting_papers", "edit_minutes",
)  # fmt: skip


def person_of(request: SiteRequest) -> Capacities:
    """What the person is today, by the business clock."""
    return capacities(request.user, local_day(request.business_now))


def selection_of(request: SiteRequest) -> Selection:
    """The campaign and period this page shows; read once for each request. 404 where the address names neither."""
    if not hasattr(request, "selection"):
        named = request.resolver_match.kwargs
        try:
            request.selection = select(
                campaign=named.get("campaign") or request.GET.get("campaign"),
                month=named.get("month") or request.GET.get("period"),
                today=local_day(request.business_now),
                wants_published=request.resolver_match.url_name not in FILING_PAGES,
            )
        except UnknownSelection as error:
            raise Http404(_("There is no campaign or period “%s”.") % error) from error
    return request.selection


@dataclass(frozen=True, slots=True)
class Item:
    url: str
    label: str
    icon: str
    count: int = 0
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Shell:
    """What templates/base.html shows around a page."""

    campaigns: Sequence[dict[str, Any]]
    campaign: Campaign | None
    period: dict[str, str] | None
    previous_period_url: str | None
    next_period_url: str | None
    day: int | None
    days: int | None
    day_share: int
    nav: Sequence[Group]
    tabbar: Sequence[Item]
    unread: int
    inbox_url: str
    clock: dict[str, Any]
    person: dict[str, str]
    has_picker: bool
    badges: Badges = field(default_factory=Badges)


def shell(request: SiteRequest) -> dict[str, Any]:
    """The context processor; nothing for error pages and for people who have not signed in."""
    if not hasattr(request, "business_now") or request.resolver_match is None:
        return {}
    return {"shell": _Frame(request)}


class _Frame:
    """Builds the shell when a template first asks for it, so that fragments cost nothing."""

    def __init__(self, request: SiteRequest) -> None:
        self._request = request
        self._built: Shell | None = None

    def __getattr__(self, name: str) -> Any:
        if self._built is None:
            self._built = build_shell(self._request)
        return getattr(self._built, name)


def build_shell(request: SiteRequest) -> Shell:
    person = person_of(request)
    selection = selection_of(request)
    numbers = badges(request.user, person)
    page = request.resolver_match.url_name or ""
    has_period = page in FILING_PAGES | ANALYSIS_PAGES
    nav = [
        Group(title, items)
        for title, items in _groups(person, numbers, page, may_enter_administration=request.user.is_staff)
        if items
    ]
    today = local_day(request.business_now)
    day, days = _day(selection.campaign, today)
    return Shell(
        campaigns=[
            {"name": one.name, "url": _at_campaign(request, one), "is_current": one == selection.campaign}
            for one in selection.campaigns
        ],
        campaign=selection.campaign,
        period=_period(selection.period) if has_period else None,
        previous_period_url=_at_period(request, selection.previous),
        next_period_url=_at_period(request, selection.next),
        day=day,
        days=days,
        day_share=round(100 * day / days) if day and days else 0,
        nav=nav,
        tabbar=_tabbar(nav),
        unread=numbers.unread,
        inbox_url=reverse("inbox"),
        clock=_clock(request, person),
        person=_person(request, person),
        has_picker=has_period or page in CAMPAIGN_PAGES,
        badges=numbers,
    )


def _groups(
    person: Capacities, numbers: Badges, page: str, *, may_enter_administration: bool
) -> Iterator[tuple[str, list[Item]]]:
    def item(name: str, label: str, icon: str, count: int = 0, *, also: Sequence[str] = ()) -> Item:
        return Item(reverse(name), label, icon, count, page == name or page in also)

    work = [item("my_work", _("My work"), "home", numbers.my_work)]
    work.append(
        item("reports", _("Reports"), "file", also=("report", "report_form", "import_figures", "preview_figures"))
    )
    if person.reviewer_of or person.is_office:
        work.append(item("review", _("Review"), "checks", numbers.to_review))
    yield "", work
    yield (
        _("Campaign"),
        [
            item("dashboard", _("Dashboard"), "gauge"),
            item("standings", _("Standings"), "rank", also=("unit", "compare")),
            item("actions", _("Actions"), "target", also=("action",)),
            item("projects", _("Projects"), "clip", also=("project", "project_update")),
            item("warnings", _("Early warnings"), "warn", numbers.warnings, also=("warning", "warnings_for_meeting")),
            item("completeness", _("Completeness"), "check"),
            item("campaigns", _("All campaigns"), "layers", also=LIFE_PAGES),
        ],
    )
    packs = [item("packs", _("Meeting packs"), "file", also=PACK_PAGES)] if can_see_packs(person) else []
    follow_ups = item("follow_ups", _("Follow-ups"), "checks", also=("follow_up", "new_follow_up"))
    meetings = item("meetings", _("Meetings"), "meet", also=MEETING_PAGES)
    awards = item("awards", _("Awards"), "flag", also=AWARD_PAGES)
    yield _("Meetings and awards"), [meetings, follow_ups, *packs, awards]
    office = []
    if can_run_periods(person):
        office.append(item("periods", _("Periods"), "clock", also=("calendar",)))
    if person.is_office or person.is_administrator:
        office.append(item("people", _("People"), "people", also=PEOPLE_PAGES))
        office.append(item("imports", _("Imports"), "ul", also=("import_table", "preview_table", "jobs", "job")))
        office.append(item("deliveries", _("Deliveries"), "mail", also=("background",)))
    elif person.head_of:
        office.append(item("stand_ins", _("Stand-ins"), "people", also=("role_dates",)))
    if may_enter_administration:
        office.append(Item(reverse("admin:index"), _("Administration"), "list"))
    yield _("Office"), office


def _tabbar(nav: Sequence[Group]) -> list[Item]:
    """Five places at the foot of a phone: work, reports, review or actions, standings, and all the rest."""
    by_url = {item.url: item for group in nav for item in group.items}
    wanted = ("my_work", "reports", "review", "standings", "actions")
    places = [by_url[reverse(name)] for name in wanted if reverse(name) in by_url][:4]
    is_elsewhere = not any(item.is_current for item in places)
    return [*places, Item("#", _("More"), "more", is_current=is_elsewhere)]


def _at_campaign(request: SiteRequest, campaign: Campaign) -> str:
    """This page for another campaign, or the list it belongs to where the page is of one campaign only."""
    match = request.resolver_match
    path = request.path
    if "campaign" in match.kwargs:
        if match.url_name in CAMPAIGN_PAGES:
            return reverse(match.url_name, kwargs={"campaign": campaign.slug})
        path = reverse({"action": "actions"}.get(match.url_name or "", "my_work"))
    return f"{path}?{urlencode({'campaign': campaign.slug})}"


def _at_period(request: SiteRequest, period: Period | None) -> str | None:
    """This page for another period of the campaign."""
    if period is None:
        return None
    match = request.resolver_match
    if "month" in match.kwargs:
        return reverse(match.url_name, kwargs={**match.kwargs, "month": period.month})
    query = {**request.GET.dict(), "campaign": period.campaign.slug, "period": period.month}
    return f"{request.path}?{urlencode(query)}"


def _period(period: Period | None) -> dict[str, str] | None:
    if period is None:
        return None
    return {"label": month_label(period), "key": period.key}


def month_label(period: Period) -> str:
    """August 2022, 2022年8月."""
    return date_format(period.starts_on, "Y年n月" if (get_language() or "").startswith("zh") else "F Y")


def _day(campaign: Campaign | None, today: Any) -> tuple[int | None, int | None]:
    if campaign is None or not campaign.starts_on <= today <= campaign.ends_on:
        return None, None
    return day_of_campaign(campaign.starts_on, today), campaign.days


def _clock(request: SiteRequest, person: Capacities) -> dict[str, Any]:
    now: datetime = request.business_now
    return {
        "now": now,
        "is_shifted": request.clock is not None,
        "move_url": reverse("clock") if request.clock is not None and can_move_clock(person) else None,
    }


def _person(request: SiteRequest, person: Capacities) -> dict[str, str]:
    name = request.user.display_name
    latin = [word[0] for word in name.split() if word[:1].isalnum()]
    initials = "".join(latin[:2]).upper() if name.isascii() else name[:1]
    return {"name": name, "initials": initials, "label": _label(person), "profile_url": reverse("profile")}


def _label(person: Capacities) -> str:
    """The role or the unit under the person's name."""
    if person.is_administrator:
        return _("Administrator")
    if person.is_leader and not person.own_units:
        return _("Read only")
    return pgettext("between names", ", ").join(unit.name for unit in person.units)
