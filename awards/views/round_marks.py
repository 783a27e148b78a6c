"""The form of the marks that the office gives by hand."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from awards.domain.round_life import RoundVerb
from awards.forms.round_marks import MarksForm
from awards.operations.marks import save_marks
from awards.operations.round_steps import NOT_YOURS
from awards.permissions import may_ever_on_round, may_now_on_round
from awards.queries.round_page import mark_sheet
from awards.refusals import Refusal
from awards.views.rounds import round_of, stand_in_campaign
from campaigns.forms.decisions import wrong_with_version
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of
from campaigns.views.steps import look_again, refused_at
from units.views.answers import posted


@require_http_methods(["GET", "HEAD", "POST"])
def round_marks(request: SiteRequest, round_id: int) -> HttpResponse:
    """All units under all criteria that ask for a mark; what was typed stays where it is refused."""
    person = person_of(request)
    if not may_ever_on_round(person, RoundVerb.MARK):
        raise PermissionDenied(NOT_YOURS)
    award = round_of(round_id)
    stand_in_campaign(request, award.scheme.campaign)
    sheet = mark_sheet(award)
    form = MarksForm(award, sheet.criteria, sheet.units, sheet.marks, posted(request))
    status, refusal = 200, ""
    if form.is_valid():
        try:
            save_marks(
                round_id=award.pk,
                marks=form.marks(),
                actor=request.user,
                now=request.business_now,
                version=form.cleaned_data["version"],
            )
        except Refusal as refused:
            told = refused_at(form, refused)
            award = round_of(round_id)
            look_again(form, award.version)
            status, refusal = told.status, told.told
        else:
            messages.success(request, _("The marks are kept. Compute the round to take them in."))
            return redirect("award_round", award.pk)
    elif form.is_bound:
        status, refusal = 400, wrong_with_version(form) or _("Not kept. Correct what is marked below.")
    context = {
        "award": award,
        "form": form,
        "refusal": refusal,
        "may_save": may_now_on_round(person, RoundVerb.MARK, award),
    }
    return render(request, "awards/round_marks.html", context, status=status)
