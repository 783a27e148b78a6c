"""The page of one unit: where it stands, its actions and figures, and how it stood before."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.queries import units as query
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of, selection_of


@require_safe
def unit_page(request: SiteRequest, code: str) -> HttpResponse:
    selection = selection_of(request)
    if selection.period is None:
        raise Http404(_("There is no campaign yet."))
    try:
        page = query.unit_page(
            selection.period,
            code=code,
            periods=selection.periods,
            person=person_of(request),
            now=request.business_now,
        )
    except query.UnknownUnit as error:
        raise Http404(_("There is no unit “%s”.") % error) from error
    return render(request, "campaigns/unit.html", {"page": page, "campaign": selection.campaign})
