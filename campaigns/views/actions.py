"""The actions: their list, the page of one, and the lead's judgement beside the computed light."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.documents.charts.burn_up import Projection, burn_up
from campaigns.documents.charts.chart import Chart
from campaigns.forms.judgements import CITY, AcceptedReasonForm, LikelihoodForm
from campaigns.models import Likelihood
from campaigns.operations.judgements import accept_reason, judge_likelihood, withdraw_reason
from campaigns.queries import actions as query
from campaigns.queries.clock import local_day
from campaigns.refusals import Refusal
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of, selection_of

REFUSED = 400


@require_safe
def action_list(request: SiteRequest) -> HttpResponse:
    selection = selection_of(request)
    table = None
    if selection.period is not None:
        table = query.action_list(selection.period, periods=selection.periods, person=person_of(request))
    return render(request, "campaigns/actions.html", {"table": table, "campaign": selection.campaign})


@require_safe
def action_page(request: SiteRequest, campaign: str, number: int) -> HttpResponse:
    return _answer(request, _page(request, number))


@require_POST
def judge(request: SiteRequest, campaign: str, number: int) -> HttpResponse:
    page = _judged_page(request, number)
    form = LikelihoodForm(request.POST, units=[row.unit for row in page.units])

    def write() -> None:
        judge_likelihood(
            action=page.action,
            unit=form.judged_unit,
            period=page.period,
            level=form.cleaned_data["level"],
            reason=form.cleaned_data["reason"],
            next_step=form.cleaned_data["next_step"],
            actor=request.user,
            now=request.business_now,
        )

    if _is_written(form, write):
        messages.success(request, _("Your judgement stands beside the computed light."))
        return redirect(_address(page, "judgement"))
    return _answer(request, page, judging=form)


@require_POST
def accept(request: SiteRequest, campaign: str, number: int) -> HttpResponse:
    page = _judged_page(request, number)
    form = AcceptedReasonForm(request.POST, units=[row.unit for row in page.excusable])

    def write() -> None:
        accept_reason(
            action=page.action,
            unit=form.excused_unit,
            period=page.period,
            reason=form.cleaned_data["reason"],
            actor=request.user,
            now=request.business_now,
        )

    if _is_written(form, write):
        messages.success(request, _("The reason is accepted: the light is shown one step higher, and stays marked."))
        return redirect(_address(page, "reasons"))
    return _answer(request, page, accepting=form)


@require_POST
def withdraw(request: SiteRequest, campaign: str, number: int) -> HttpResponse:
    page = _judged_page(request, number)
    accepted = [row.progress.reason for row in page.reasons if row.unit.code == request.POST.get("unit")]
    if accepted and accepted[0] is not None:
        try:
            withdraw_reason(accepted=accepted[0], actor=request.user, now=request.business_now)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The reason is withdrawn: the light shows again what was computed."))
    else:
        messages.warning(request, _("This unit has no accepted reason here. It may have been withdrawn already."))
    return redirect(_address(page, "reasons"))


# --- what they share ------------------------------------------------------------------------------------------------


def _page(request: SiteRequest, number: int) -> query.ActionPage:
    selection = selection_of(request)
    if selection.period is None:
        raise Http404(_("This campaign has no periods yet."))
    try:
        return query.action_page(
            selection.period,
            number=number,
            periods=selection.periods,
            person=person_of(request),
            today=local_day(request.business_now),
        )
    except query.UnknownAction as error:
        raise Http404(_("This campaign has no action %s.") % error) from error


def _judged_page(request: SiteRequest, number: int) -> query.ActionPage:
    page = _page(request, number)
    if not page.may_judge:
        raise PermissionDenied(_("The lead department judges its action."))
    return page


def _address(page: query.ActionPage, part: str) -> str:
    address = reverse("action", args=[page.period.campaign.slug, page.action.number])
    return f"{address}?period={page.period.month}#{part}"


def _is_written(form: forms.Form, write: Callable[[], Any]) -> bool:
    """Whether the form was right and its operation done; what was refused stands beside its field."""
    if not form.is_valid():
        return False
    try:
        write()
    except Refusal as refusal:
        field = getattr(refusal, "field", "")
        form.add_error(field if field in form.fields else None, str(refusal))
    except IntegrityError:  # the unique constraint: two people judged the same for the first time
        form.add_error(None, _("Somebody of your department wrote this at the same moment. Look at theirs, then save."))
    return form.is_valid()


def _answer(
    request: SiteRequest,
    page: query.ActionPage,
    *,
    judging: LikelihoodForm | None = None,
    accepting: AcceptedReasonForm | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"page": page, "campaign": page.period.campaign, "chart": _chart(page)}
    context["levels"] = Likelihood.Level.choices
    if page.may_judge:
        context["opens_form"] = "judge" in request.GET
        context["judging"] = judging or _likelihood_form(request, page)
        context["accepting"] = accepting or AcceptedReasonForm(units=[row.unit for row in page.excusable])
    return render(request, "campaigns/action.html", context, status=REFUSED if judging or accepting else 200)


def _chart(page: query.ActionPage) -> Chart | None:
    if page.chart is None:
        return None
    told = page.projection
    onward = Projection(told.share, told.low, told.high) if told else None
    return burn_up(page.chart, subject=page.subject.name if page.subject else _("city"), projection=onward)


def _likelihood_form(request: SiteRequest, page: query.ActionPage) -> LikelihoodForm:
    """The form with what was judged of the unit that the address names, by default of the city."""
    code = request.GET.get("judge") or CITY
    judged = {CITY: page.likelihood, **{row.unit.code: row.likelihood for row in page.units}}
    if code not in judged:
        raise Http404(_("There is no unit “%s” in this action.") % code)
    one = judged[code]
    initial = {"level": one.level, "reason": one.reason, "next_step": one.next_step} if one else {}
    return LikelihoodForm(units=[row.unit for row in page.units], initial={"unit": code, **initial})
