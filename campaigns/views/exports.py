"""The lists of the pages as files, with the filters that are on the page; each shows what its page shows, to the same
people."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.documents import exports
from campaigns.documents.background import LONG_ROWS
from campaigns.documents.meeting_sheets import campaign_sheets, meeting_sheets, pack_list_sheets
from campaigns.documents.report_export import chosen_reports
from campaigns.models import Period
from campaigns.queries import actions as action_queries
from campaigns.queries.campaign_list import campaign_list
from campaigns.queries.clock import local_day
from campaigns.queries.completeness import completeness
from campaigns.queries.packs import packs_of
from campaigns.queries.period_list import period_counts
from campaigns.queries.standings import UnknownGroup, choose_group, ranking_groups, standings
from campaigns.queries.unit_year import UnknownUnit, unit_year
from campaigns.requests import SiteRequest
from campaigns.views.meetings import meetings_shown
from campaigns.views.packs import must_see_packs
from campaigns.views.periods import must_be_office
from campaigns.views.review import queue_shown
from campaigns.views.shell import person_of, selection_of
from units.operations.jobs import start_job
from units.views.downloads import must_be_known, table_answer, takes

FIRST_YEAR, LAST_YEAR = 2000, 2099


def _period(request: SiteRequest, kind: str) -> Period:
    must_be_known(kind)
    period = selection_of(request).period
    if period is None:
        raise Http404(_("There is no campaign yet."))
    return period


def _named(what: str, period: Period) -> str:
    return f"{what}-{period.campaign.slug}-{period.month}"


@require_safe
@takes("campaign", "period", "unit", "action", "status", "overdue", "ordering")
def reports(request: SiteRequest, kind: str) -> HttpResponseBase:
    """The list of reports, filtered and sorted as on the page, with their figures on a second sheet."""
    period = _period(request, kind)
    chosen = chosen_reports(period, request.GET.dict(), person_of(request), request.business_now)
    if chosen is None:
        return redirect(f"{reverse('reports')}?{request.GET.urlencode()}")
    name = _named("reports", period)
    if kind == "xlsx" and len(chosen.rows) > LONG_ROWS:
        job = start_job(
            kind="export_reports",
            title=_("Reports, %(month)s") % {"month": period.month},
            owner=request.user,
            params={"period": period.pk, "asked": request.GET.dict(), "name": name},
            total=chosen.size,
        )
        return redirect("job", job.pk)
    return table_answer(chosen.sheets(), kind=kind, name=name)


@require_safe
@takes("campaign", "period", "group")
def standings_table(request: SiteRequest, kind: str) -> HttpResponseBase:
    period = _period(request, kind)
    try:
        group = choose_group(ranking_groups(), request.GET.get("group"))
    except UnknownGroup as error:
        raise Http404(_("There is no ranking group “%s”.") % error) from error
    table = standings(period, periods=selection_of(request).periods, group=group, person=person_of(request))
    sheets = [exports.standing_table(table)] if kind == "csv" else exports.standing_sheets(table)
    return table_answer(sheets, kind=kind, name=_named("standings", period))


@require_safe
@takes("campaign", "period")
def actions(request: SiteRequest, kind: str) -> HttpResponseBase:
    period = _period(request, kind)
    table = action_queries.action_list(period, periods=selection_of(request).periods, person=person_of(request))
    return table_answer(exports.action_sheets(table), kind=kind, name=_named("actions", period))


@require_safe
@takes("campaign", "period")
def completeness_table(request: SiteRequest, kind: str) -> HttpResponseBase:
    """Which report of which unit is there, and the counts per unit and per action."""
    period = _period(request, kind)
    table = completeness(period, person=person_of(request), now=request.business_now)
    return table_answer(exports.completeness_sheets(table), kind=kind, name=_named("completeness", period))


@require_safe
@takes("campaign", "period")
def action(request: SiteRequest, campaign: str, number: int, kind: str) -> HttpResponseBase:
    """The units of one action with their figures."""
    period = _period(request, kind)
    try:
        page = action_queries.action_page(
            period,
            number=number,
            periods=selection_of(request).periods,
            person=person_of(request),
            today=local_day(request.business_now),
        )
    except action_queries.UnknownAction as error:
        raise Http404(_("This campaign has no action %s.") % error) from error
    return table_answer(exports.action_unit_sheets(page), kind=kind, name=_named(f"action-{number}", period))


@require_safe
@takes("campaign", "period", "year")
def unit(request: SiteRequest, code: str, kind: str) -> HttpResponseBase:
    """One unit's figures of a year, `?year=2022`; without it of the year that it is."""
    must_be_known(kind)
    year = _year(request)
    try:
        found = unit_year(code, year, person_of(request))
    except UnknownUnit as error:
        raise Http404(_("There is no unit “%s”.") % error) from error
    return table_answer(exports.unit_year_sheets(found), kind=kind, name=f"{found.code}-{year}")


def _year(request: SiteRequest) -> int:
    asked = request.GET.get("year", "")
    if not asked:
        return local_day(request.business_now).year
    if not (asked.isascii() and asked.isdigit() and FIRST_YEAR <= int(asked[:9]) <= LAST_YEAR):
        raise Http404(_("There is no year “%(year)s”.") % {"year": asked[:20]})
    return int(asked)


@require_safe
@takes("campaign", "period", "action", "odd")
def review(request: SiteRequest, kind: str) -> HttpResponseBase:
    """The queue with what looks odd; a filter that is none leads to the page, which says so."""
    must_be_known(kind)
    shown = queue_shown(request)
    if shown is None:
        raise Http404(_("There is no campaign yet."))
    if shown.problem:
        return redirect(f"{reverse('review')}?{urlencode(request.GET.dict())}")
    period = _period(request, kind)
    return table_answer(exports.review_sheets(shown.rows), kind=kind, name=_named("review", period))


@require_safe
@takes("campaign", "period")
def periods(request: SiteRequest, kind: str) -> HttpResponseBase:
    must_be_office(request)
    period, selection = _period(request, kind), selection_of(request)
    rows = period_counts(period.campaign, selection.periods)
    return table_answer(exports.period_sheets(rows), kind=kind, name=f"periods-{period.campaign.slug}")


@require_safe
@takes("campaign", "period")
def meetings(request: SiteRequest, kind: str) -> HttpResponseBase:
    """The meetings of all campaigns, or of the one that the address names."""
    must_be_known(kind)
    rows, named = meetings_shown(request)
    return table_answer(meeting_sheets(rows), kind=kind, name=f"meetings-{named.slug}" if named else "meetings")


@require_safe
@takes("campaign", "period")
def packs(request: SiteRequest, kind: str) -> HttpResponseBase:
    must_see_packs(request)
    period, selection = _period(request, kind), selection_of(request)
    rows = packs_of(period.campaign, selection.periods, person_of(request))
    return table_answer(pack_list_sheets(rows), kind=kind, name=f"packs-{period.campaign.slug}")


@require_safe
@takes("campaign", "period")
def campaigns(request: SiteRequest, kind: str) -> HttpResponseBase:
    """Every campaign, whichever the address names: the page has no filter."""
    must_be_known(kind)
    rows = campaign_list(local_day(request.business_now))
    return table_answer(campaign_sheets(rows), kind=kind, name="campaigns")
