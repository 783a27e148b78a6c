"""The steps of an award round: each takes what its form holds to one operation, and leads back to the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from awards.domain.round_life import RoundVerb
from awards.forms.rounds import (
    FORMS,
    AdjustForm,
    AnswerForm,
    DecideForm,
    ReviseForm,
    RoundForm,
    TakeBackForm,
    WithdrawDecisionForm,
)
from awards.models import Round
from awards.operations.adjustments import adjust_round, withdraw_adjustment
from awards.operations.announcements import revise_announced
from awards.operations.appeals import answer_appeal, file_appeal
from awards.operations.decisions import decide_score, decide_winner, withdraw_decision
from awards.operations.round_steps import NOT_YOURS, scored_units
from awards.operations.rounds import compute_round, place_on_agenda, publicise_round, review_round
from awards.permissions import may_ever_on_round
from awards.views.rounds import WORDS, draw_round, round_of, units_for
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of
from campaigns.views.steps import look_again, refusal_of, stand_at

V = RoundVerb
Operation = Callable[..., Any]


def _take(
    request: SiteRequest,
    round_id: int,
    verb: RoundVerb,
    operation: Operation,
    done: Any,
    *,
    form_class: type[RoundForm] | None = None,
    row: str = "",
) -> HttpResponse:
    """Takes the step; refused, the page is drawn with the words that were typed. `row` is the field that names a row of
    the page, where the form stands beside one."""
    award = round_of(round_id)
    scored = scored_units(award) if verb == V.APPEAL else frozenset()
    person = person_of(request)
    if not may_ever_on_round(person, verb, scored):
        raise PermissionDenied(NOT_YOURS)
    at = request.POST.get(row, "") if row else ""
    key = f"{row}-{at}" if row else WORDS[verb][0]
    made = form_class or FORMS[verb]
    units = units_for(verb, award, person.filing_units & scored)
    form = made(award, units, request.POST, request.FILES, key=key, row=int(at) if _is_id(at) else None)
    given = {"round_id": award.pk, "actor": request.user, "now": request.business_now}
    refused = refusal_of(form, lambda **typed: operation(form, **typed), **given)
    if refused is not None:
        fresh = round_of(round_id)
        form.award = fresh
        stand_at(request, reverse("award_round", args=[award.pk]))
        look_again(form, fresh.version)
        told = refused.told or " ".join(map(str, form.errors.get(row, [])))
        return draw_round(request, fresh, tried=form, refusal=told, status=refused.status)
    messages.success(request, str(done))
    return redirect("award_round", award.pk)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _plain(operation: Operation) -> Operation:
    """An operation that takes what the form holds as it is."""
    return lambda form, **typed: operation(**typed)


@require_POST
def compute(request: SiteRequest, round_id: int) -> HttpResponse:
    return _take(request, round_id, V.COMPUTE, _plain(compute_round), _("Computed from the figures of now."))


@require_POST
def review(request: SiteRequest, round_id: int) -> HttpResponse:
    return _take(request, round_id, V.REVIEW, _plain(review_round), _("Reviewed. Put the scores into publicity next."))


@require_POST
def publicise(request: SiteRequest, round_id: int) -> HttpResponse:
    return _take(request, round_id, V.PUBLICISE, _publicise, _("The scores are before everybody."))


def _publicise(form: RoundForm, *, publicity_from: Any, publicity_until: Any, **typed: Any) -> Round:
    return publicise_round(starts_on=publicity_from, ends_on=publicity_until, **typed)


@require_POST
def appeal(request: SiteRequest, round_id: int) -> HttpResponse:
    told = _("Your appeal is filed. The office answers it in writing.")
    return _take(request, round_id, V.APPEAL, _plain(file_appeal), told)


@require_POST
def answer(request: SiteRequest, round_id: int) -> HttpResponse:
    return _take(request, round_id, V.ANSWER, _answer, _("Your answer is kept."), form_class=AnswerForm, row="appeal")


def _answer(form: RoundForm, *, appeal: int, **typed: Any) -> Any:
    return answer_appeal(appeal_id=appeal, **typed)


@require_POST
def adjust(request: SiteRequest, round_id: int) -> HttpResponse:
    return _take(request, round_id, V.ADJUST, _adjust, _("Added, with its evidence."))


def _adjust(form: AdjustForm, **typed: Any) -> Round:
    return adjust_round(adjustment=form.adjustment(), **_step_only(typed))


@require_POST
def take_back(request: SiteRequest, round_id: int) -> HttpResponse:
    return _take(request, round_id, V.ADJUST, _take_back, _("Taken back."), form_class=TakeBackForm, row="adjustment")


def _take_back(form: RoundForm, *, adjustment: int, **typed: Any) -> Round:
    return withdraw_adjustment(adjustment_id=adjustment, **typed)


@require_POST
def decide(request: SiteRequest, round_id: int) -> HttpResponse:
    return _take(request, round_id, V.DECIDE, _decide, _("Decided. The computed result stays beside it."))


def _decide(form: DecideForm, *, score: Any, is_winner: bool | None, **typed: Any) -> Round:
    if score is not None:
        return decide_score(score=score, **typed)
    return decide_winner(is_winner=bool(is_winner), **typed)


@require_POST
def withdraw(request: SiteRequest, round_id: int) -> HttpResponse:
    return _take(
        request, round_id, V.DECIDE, _plain(withdraw_decision), _("What was computed stands again."),
        form_class=WithdrawDecisionForm, row="unit",
    )  # fmt: skip


@require_POST
def place(request: SiteRequest, round_id: int) -> HttpResponse:
    return _take(request, round_id, V.PLACE, _plain(place_on_agenda), _("The agenda item is kept."))


@require_POST
def revise(request: SiteRequest, round_id: int) -> HttpResponse:
    return _take(request, round_id, V.REVISE, _revise, _("Revised. The new snapshot stands beside the old ones."))


def _revise(form: ReviseForm, *, reason: str, recompute: bool, **typed: Any) -> Round:
    return revise_announced(
        reason=reason,
        recompute=recompute,
        adjustments=form.adjustments(),
        decisions=form.decisions(),
        **_step_only(typed),
    )


def _step_only(typed: dict[str, Any]) -> dict[str, Any]:
    """What every step takes; the rest has gone into a value of its own."""
    return {name: typed[name] for name in ("round_id", "actor", "now", "version")}
