"""The standings: who is ahead, who is behind, and in which action."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.queries.standings import Group, UnknownGroup, choose_group, ranking_groups, standings
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of, selection_of


@require_safe
def standings_page(request: SiteRequest) -> HttpResponse:
    selection = selection_of(request)
    if selection.period is None:
        return render(request, "campaigns/standings.html", {"table": None})
    groups = ranking_groups()
    table = standings(
        selection.period, periods=selection.periods, group=group_of(request, groups), person=person_of(request)
    )
    return render(
        request, "campaigns/standings.html", {"table": table, "groups": groups, "campaign": selection.campaign}
    )


def group_of(request: SiteRequest, groups: Sequence[Group]) -> Group | None:
    """The ranking group that the address names, by default the widest; 404 where there is none of that code."""
    try:
        return choose_group(groups, request.GET.get("group"))
    except UnknownGroup as error:
        raise Http404(_("There is no ranking group “%s”.") % error) from error
