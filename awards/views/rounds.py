"""The page of one award round, and opening one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from awards.domain.round_life import RoundVerb
from awards.forms.opening import OpenRoundForm
from awards.forms.rounds import FORMS, AnswerForm, RoundForm, TakeBackForm, WithdrawDecisionForm
from awards.models import Round
from awards.operations.round_steps import NOT_YOURS
from awards.operations.rounds import open_round
from awards.permissions import can_open_rounds, can_try_schemes
from awards.queries.round_page import RoundPage, round_page
from awards.refusals import Refusal
from campaigns.models import Campaign
from campaigns.queries.clock import local_day
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of, selection_of
from units.models import Unit
from units.views.answers import beside_the_box, posted

V = RoundVerb


@dataclass(frozen=True, slots=True)
class Step:
    """One step that this person may take now: where its form goes, what its heading, note and button say."""

    name: str
    title: Any
    button: Any
    form: RoundForm
    note: Any = ""

    @property
    def url(self) -> str:
        return reverse(self.name, args=[self.form.award.pk])


WORDS: dict[RoundVerb, tuple[str, Any, Any, Any]] = {
    V.COMPUTE: (
        "compute_round",
        gettext_lazy("Compute the scores"),
        gettext_lazy("Compute"),
        gettext_lazy("From the approved figures of now. From the same figures nothing changes."),
    ),
    V.REVIEW: (
        "review_round",
        gettext_lazy("Review the scores"),
        gettext_lazy("I have looked through the scores"),
        gettext_lazy("From here they go into publicity."),
    ),
    V.PUBLICISE: (
        "publicise_round",
        gettext_lazy("Put into publicity"),
        gettext_lazy("Put before everybody"),
        gettext_lazy("Everybody sees the scores from now on, and the scored units may appeal."),
    ),
    V.APPEAL: ("appeal_round", gettext_lazy("Appeal"), gettext_lazy("File the appeal"), ""),
    V.ADJUST: (
        "adjust_round",
        gettext_lazy("Bonus, penalty or veto"),
        gettext_lazy("Add it"),
        gettext_lazy("After the review this leads back to computed: what is announced has been in publicity as it is."),
    ),
    V.DECIDE: (
        "decide_round",
        gettext_lazy("Decide otherwise"),
        pgettext_lazy("award round", "Decide"),
        gettext_lazy("The computed score, rank and winner stay beside what you decide."),
    ),
    V.PLACE: (
        "place_round",
        gettext_lazy("Place on an agenda"),
        gettext_lazy("Keep the agenda item"),
        gettext_lazy("The meeting at which the result is announced."),
    ),
    V.REVISE: (
        "revise_round",
        gettext_lazy("Revise the announced result"),
        gettext_lazy("Make a new snapshot"),
        gettext_lazy("The snapshots before stay as they are; the new one names the digest of the last."),
    ),
}


def round_of(round_id: int) -> Round:
    rows = Round.objects.select_related("scheme__campaign", "scheme__group", "period__campaign", "agenda_item__meeting")
    return get_object_or_404(rows, pk=round_id)


def stand_in_campaign(request: SiteRequest, campaign: Campaign) -> None:
    """The frame around the page names the campaign that the shown scheme belongs to."""
    request.selection = replace(selection_of(request), campaign=campaign, periods=(), period=None)


@require_safe
def award_round(request: SiteRequest, round_id: int) -> HttpResponse:
    return draw_round(request, round_of(round_id))


def draw_round(
    request: SiteRequest, award: Round, *, tried: RoundForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The page; `tried` is the form of a step that was refused, with what was typed and what is wrong with it."""
    stand_in_campaign(request, award.scheme.campaign)
    person = person_of(request)
    page = round_page(award, person, local_day(request.business_now))
    steps = list(_steps(page, tried))
    rows = list(_row_forms(page, tried))
    shown = [*(one.form for one in steps), *rows]
    typed = tried if tried is not None and tried not in shown else None
    if typed is not None and not refusal:
        refusal = " ".join(str(one) for told in typed.errors.values() for one in told)
    context = {
        "page": page,
        "award": award,
        "scheme": award.scheme,
        "steps": steps,
        "opened": tried if tried in [one.form for one in steps] else next((one.form for one in steps), None),
        "scores": [(one, _of_row(rows, "unit", one.unit_id)) for one in page.scores],
        "adjustments": [(one, _of_row(rows, "adjustment", one.pk)) for one in page.adjustments],
        "appeals": [(one, _of_row(rows, "appeal", one.pk)) for one in page.appeals],
        "refusal": refusal,
        "typed": typed,
        "tried": tried,
        "may_mark": V.MARK in page.may and page.has_marks,
        "may_announce": V.ANNOUNCE in page.may,
        "may_try": can_try_schemes(person),
    }
    return render(request, "awards/round.html", context, status=status)


def units_for(verb: RoundVerb, award: Round, own_scored: frozenset[int]) -> Any:
    """Which units may be chosen at a step."""
    if verb == V.APPEAL:
        return Unit.objects.filter(pk__in=own_scored).order_by("order", "code")
    rows = Unit.objects.filter(scores__round=award) if award.computed_from else award.scheme.group.units.all()
    return rows.order_by("order", "code")


def _steps(page: RoundPage, tried: RoundForm | None) -> Iterator[Step]:
    for verb, form_class in FORMS.items():
        if verb not in page.may:
            continue
        name, title, button, note = WORDS[verb]
        is_tried = tried is not None and tried.key == name
        form = tried if is_tried else form_class(page.award, units_for(verb, page.award, page.own_scored), key=name)
        yield Step(name, title, button, form, note)  # type: ignore[arg-type]  # it is there where it was tried


def _row_forms(page: RoundPage, tried: RoundForm | None) -> Iterator[RoundForm]:
    """The small forms beside single rows: taking something back, answering an appeal."""
    wanted: list[tuple[type[RoundForm], str, int]] = []
    if V.ADJUST in page.may:
        wanted += [(TakeBackForm, "adjustment", one.pk) for one in page.adjustments]
    if V.ANSWER in page.may:
        wanted += [(AnswerForm, "appeal", one.pk) for one in page.appeals if one.answered_at is None]
    if V.DECIDE in page.may:
        wanted += [(WithdrawDecisionForm, "unit", one.unit_id) for one in page.scores if one.is_decided]
    scored = units_for(V.DECIDE, page.award, page.own_scored) if wanted else None
    for form_class, field, row in wanted:
        key = f"{field}-{row}"
        if tried is not None and tried.key == key:
            yield tried
            continue
        form = form_class(page.award, scored, key=key, row=row)
        form.initial[field] = row
        yield form


def _of_row(forms: list[RoundForm], field: str, row: int) -> RoundForm | None:
    return next((form for form in forms if form.key == f"{field}-{row}"), None)


@require_http_methods(["GET", "HEAD", "POST"])
def new_round(request: SiteRequest) -> HttpResponse:
    """Opens a round of a scheme; what follows from the month need not be typed."""
    if not can_open_rounds(person_of(request)):
        raise PermissionDenied(NOT_YOURS)
    form = OpenRoundForm(posted(request), scheme=request.GET.get("scheme"))
    if form.is_valid():
        try:
            made = open_round(**form.given(), actor=request.user, now=request.business_now)
        except Refusal as refused:
            beside_the_box(form, refused)
        else:
            messages.success(request, _("The round is open. Give the marks, then compute it."))
            return redirect("award_round", made.pk)
    return render(request, "awards/round_new.html", {"form": form}, status=400 if form.errors else 200)
