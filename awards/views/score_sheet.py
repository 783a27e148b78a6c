"""The score sheet of a round: how each unit's sum is made, step by step, down to the report and the people."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.queries.rounds import may_see_scores
from awards.queries.score_sheet import score_sheet
from awards.views.rounds import round_of, stand_in_campaign
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of


@require_safe
def sheet(request: SiteRequest, round_id: int) -> HttpResponse:
    """Of the unit that the address names, else of the first by rank; 404 until this person may see the scores."""
    award, person = round_of(round_id), person_of(request)
    if not may_see_scores(award, person):
        raise Http404(_("The scores of this round are not before everybody yet."))
    stand_in_campaign(request, award.scheme.campaign)
    whole = score_sheet(award, person)
    asked = request.GET.get("unit")
    shown = next((one for one in whole.units if asked in (None, one.score.unit.code)), None)
    if shown is None and asked is not None:
        raise Http404(_("This unit is not scored in this round."))
    context = {
        "award": award,
        "scheme": award.scheme,
        "sheet": whole,
        "shown": shown,
        "sees_people": shown is not None and (person.reads_everything or shown.score.unit_id in person.own_units),
    }
    return render(request, "awards/score_sheet.html", context)
