"""All campaigns, the copying of one, and one beside the campaign of an earlier year."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.forms.campaign_copy import CopyForm
from campaigns.models import Campaign, Period
from campaigns.operations.campaign_copy import copy_campaign
from campaigns.queries import earlier_year as earlier_years
from campaigns.queries.campaign_copy import copied, original
from campaigns.queries.campaign_list import campaign_list
from campaigns.queries.clock import local_day
from campaigns.refusals import Invalid, Refusal
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of, selection_of
from units.permissions import can_manage_campaigns


@require_safe
def campaigns(request: SiteRequest) -> HttpResponse:
    """Every campaign with its days and what may be done with it."""
    context = {
        "rows": campaign_list(local_day(request.business_now)),
        "may_copy": can_manage_campaigns(person_of(request)),
    }
    return render(request, "campaigns/campaigns.html", context)


@require_http_methods(["GET", "POST"])
def copy(request: SiteRequest, campaign: str) -> HttpResponse:
    """Shows what would be copied for the days that are typed; without `preview`, POST copies it."""
    if not can_manage_campaigns(person_of(request)):
        raise PermissionDenied(_("Only the campaign office may do this."))
    source: Campaign = selection_of(request).campaign  # type: ignore[assignment]
    whole = original(source)
    form, status = CopyForm(request.POST or None, whole=whole), 200
    if request.method == "POST":
        if not form.is_valid():
            status = 400
        elif "preview" not in request.POST:
            try:
                return _copied(request, source, form)
            except Refusal as refusal:
                form.add_error(refusal.field if isinstance(refusal, Invalid) and refusal.field else None, str(refusal))
                status = 409
    context = {
        "source": source,
        "whole": whole,
        "form": form,
        "preview": copied(whole, form.order) if status == 200 else None,
    }
    return render(request, "campaigns/campaign_copy.html", context, status=status)


def _copied(request: SiteRequest, source: Campaign, form: CopyForm) -> HttpResponse:
    made = copy_campaign(source=source, order=form.order, actor=request.user, now=request.business_now)
    periods = made.periods.count()
    told = ngettext(
        "%(campaign)s is made, with %(count)d period.", "%(campaign)s is made, with %(count)d periods.", periods
    )
    messages.success(request, told % {"campaign": made.name, "count": periods})
    return redirect("campaigns")


@require_safe
def earlier_year(request: SiteRequest, campaign: str) -> HttpResponse:
    """The campaign beside the one that it follows, on the same day of each."""
    selection = selection_of(request)
    period: Period = selection.period  # type: ignore[assignment]
    page = earlier_years.earlier_year(period, periods=selection.periods, person=person_of(request))
    if page is None:
        raise Http404(_("This campaign follows no earlier one."))
    context: dict[str, Any] = {"page": page, "campaign": selection.campaign, "periods": selection.periods}
    return render(request, "campaigns/earlier_year.html", context)
