"""Announcing a round, after one more look at who wins."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from awards.domain.round_life import RoundState, RoundVerb
from awards.operations.announcements import announce_round
from awards.operations.round_steps import NOT_YOURS
from awards.permissions import may_ever_on_round
from awards.queries.round_page import round_page
from awards.refusals import Refusal
from awards.views.rounds import round_of, stand_in_campaign
from campaigns.forms.decisions import DecisionForm, wrong_with_version
from campaigns.queries.clock import local_day
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of
from campaigns.views.steps import look_again
from units.views.answers import posted


@require_http_methods(["GET", "HEAD", "POST"])
def announce(request: SiteRequest, round_id: int) -> HttpResponse:
    """Asks first, and names who wins; what is announced is never edited."""
    person = person_of(request)
    if not may_ever_on_round(person, RoundVerb.ANNOUNCE):
        raise PermissionDenied(NOT_YOURS)
    award = round_of(round_id)
    stand_in_campaign(request, award.scheme.campaign)
    form = DecisionForm(posted(request), initial={"version": award.version})
    status, refusal = 200, ""
    if form.is_valid():
        try:
            announce_round(
                round_id=award.pk,
                actor=request.user,
                now=request.business_now,
                version=form.cleaned_data["version"],
            )
        except Refusal as refused:
            status, refusal = 409, str(refused)
            award = round_of(round_id)
            look_again(form, award.version)
        else:
            messages.success(request, _("Announced. The flag has moved, and the result is frozen with its digest."))
            return redirect("award_round", award.pk)
    elif form.is_bound:
        status, refusal = 400, wrong_with_version(form)
    page = round_page(award, person, local_day(request.business_now))
    context = {
        "award": award,
        "scheme": award.scheme,
        "page": page,
        "form": form,
        "refusal": refusal,
        "is_possible": award.state == RoundState.IN_PUBLICITY and page.is_window_over and not page.has_open_appeal,
    }
    return render(request, "awards/round_announce.html", context, status=status)
