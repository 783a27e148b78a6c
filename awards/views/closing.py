"""The closing report of a campaign, with the flags that it gave: one page of campaign and awards together."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from awards.documents.flags import flag_sheet
from awards.queries.campaign_flags import campaign_flags
from campaigns.documents.closing import closing_sheets
from campaigns.models import Campaign
from campaigns.queries.closing import Closing, closing
from campaigns.queries.standings import Group, ranking_groups
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of, selection_of
from campaigns.views.standings import group_of
from units.views.downloads import must_be_known, table_answer, takes


@require_safe
def closing_page(request: SiteRequest, campaign: str) -> HttpResponse:
    """How the campaign ended; until its last month is published, how it stands, and says so."""
    groups = ranking_groups()
    group = group_of(request, groups)
    shown: Campaign = selection_of(request).campaign  # type: ignore[assignment]
    context: dict[str, Any] = {
        "report": _report(request, group),
        "campaign": shown,
        "groups": groups,
        "group": group,
        "flags": campaign_flags(shown),
    }
    return render(request, "awards/closing.html", context)


@require_safe
@takes("campaign", "period", "group")
def export(request: SiteRequest, campaign: str, kind: str) -> HttpResponseBase:
    """The same as a workbook; as CSV its standings."""
    must_be_known(kind)
    report = _report(request, group_of(request, ranking_groups()))
    sheets = [*closing_sheets(report), flag_sheet(campaign_flags(report.campaign))]
    return table_answer(sheets, kind=kind, name=f"closing-{campaign}")


def _report(request: SiteRequest, group: Group | None) -> Closing:
    selection = selection_of(request)
    shown: Campaign = selection.campaign  # type: ignore[assignment]
    return closing(shown, periods=selection.periods, group=group, person=person_of(request))
