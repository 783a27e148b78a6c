"""The page of the mobile red flag: its holders, its way from unit to unit, and how its scheme scores; all as a file."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.documents.flags import award_sheets
from awards.models import Scheme
from awards.permissions import can_open_rounds, can_try_schemes
from awards.queries import rounds
from campaigns.queries.clock import local_day
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of, selection_of
from units.views.downloads import must_be_known, table_answer, takes


@require_safe
def awards(request: SiteRequest) -> HttpResponse:
    """The scheme that the address names, else the one of the campaign, else the one that announced last."""
    selection, person = selection_of(request), person_of(request)
    schemes = _schemes(request)
    scheme = _chosen(schemes, request.GET.get("scheme"))
    if scheme is None:
        return render(
            request,
            "awards/awards.html",
            {"campaign": selection.campaign, "may_open": False, "may_try": can_try_schemes(person)},
        )
    # The frame around the page names the campaign that the shown scheme belongs to.
    request.selection = replace(selection, campaign=scheme.campaign, periods=(), period=None)
    page = rounds.award_page(scheme, person=person_of(request), today=local_day(request.business_now))
    may = {"may_open": can_open_rounds(person), "may_try": can_try_schemes(person)}
    context = {"page": page, "scheme": scheme, "schemes": schemes, **may}
    return render(request, "awards/awards.html", context)


@require_safe
@takes("campaign", "period", "scheme")
def export(request: SiteRequest, kind: str) -> HttpResponseBase:
    """The rounds of the same scheme with their flags, and on a second sheet the scores that may be seen."""
    must_be_known(kind)
    scheme = _chosen(_schemes(request), request.GET.get("scheme"))
    if scheme is None:
        raise Http404(_("There is no award scheme yet."))
    page = rounds.award_page(scheme, person=person_of(request), today=local_day(request.business_now))
    return table_answer(award_sheets(page), kind=kind, name=f"awards-{scheme.code}")


def _schemes(request: SiteRequest) -> list[Scheme]:
    return rounds.schemes(selection_of(request).campaign if request.GET.get("campaign") else None)


def _chosen(schemes: list[Scheme], code: str | None) -> Scheme | None:
    if code is None:
        return schemes[0] if schemes else None
    named = [scheme for scheme in schemes if scheme.code == code]
    if not named:
        raise Http404(_("There is no award scheme “%s”.") % code)
    return named[0]
