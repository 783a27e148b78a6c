"""Who would win under other weights, methods, flags or ties. Nothing is saved, whatever is sent."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from awards.forms.what_if import WhatIfForm
from awards.operations.round_steps import NOT_YOURS
from awards.permissions import can_try_schemes
from awards.queries.scheme_rules import criteria_of
from awards.queries.what_if import WhatIf, what_if_round
from awards.refusals import Invalid, WrongScheme
from awards.views.rounds import round_of, stand_in_campaign
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of
from units.views.answers import beside_the_box, posted


@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: SiteRequest, round_id: int) -> HttpResponse:
    """The rules as they are in boxes; sent, the result they would give beside the computed one."""
    if not can_try_schemes(person_of(request)):
        raise PermissionDenied(NOT_YOURS)
    award = round_of(round_id)
    if award.period is None:
        raise Http404(_("This round has no period to take figures of."))
    stand_in_campaign(request, award.scheme.campaign)
    form = WhatIfForm(award, criteria_of(award.scheme), posted(request))
    found = _tried(form, round_id)
    context = {
        "award": award,
        "scheme": award.scheme,
        "form": form,
        "found": found,
        "winners": [one for one in found.rows if one.is_winner] if found else [],
    }
    is_wrong = form.is_bound and found is None
    return render(request, "awards/what_if.html", context, status=400 if is_wrong else 200)


def _tried(form: WhatIfForm, round_id: int) -> WhatIf | None:
    if not form.is_valid():
        return None
    try:
        return what_if_round(round_of(round_id), form.changes())
    except WrongScheme as wrong:
        form.tell(wrong)
    except Invalid as refused:
        beside_the_box(form, refused)
    return None
