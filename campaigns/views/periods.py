"""The office's pages: how the periods stand, closing and publishing them, and the working-day calendar."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.domain.months import Month
from campaigns.domain.working_days import WorkingCalendar
from campaigns.forms.moments import FIRST_YEAR, LAST_YEAR
from campaigns.forms.periods import CalendarDayForm
from campaigns.models import CalendarDay, Period
from campaigns.operations.periods import close_period, publish_period, set_calendar_day
from campaigns.permissions import can_run_periods
from campaigns.queries.clock import local_day
from campaigns.queries.period_list import period_counts, uncovered_years
from campaigns.refusals import Invalid, Refusal
from campaigns.requests import SiteRequest
from campaigns.templatetags.look import due_moment, month_name
from campaigns.views.shell import person_of, selection_of


def must_be_office(request: SiteRequest) -> None:
    if not can_run_periods(person_of(request)):
        raise PermissionDenied(_("Only the campaign office may do this."))


# --- the periods ----------------------------------------------------------------------------------------------------


@require_GET
def period_list(request: SiteRequest) -> HttpResponse:
    """The periods of the campaign with their instants and counts."""
    must_be_office(request)
    selection = selection_of(request)
    if selection.campaign is None:
        return render(request, "campaigns/periods.html", {"rows": []})
    calendar = working_calendar_with_days()[0]
    context = {
        "campaign": selection.campaign,
        "rows": period_counts(selection.campaign, selection.periods),
        "uncovered": uncovered_years(selection.periods, calendar),
        "now": request.business_now,
    }
    return render(request, "campaigns/periods.html", context)


@require_http_methods(["GET", "POST"])
def close(request: SiteRequest, campaign: str, month: str) -> HttpResponse:
    """Closes an open period before its time, once the office has seen what that means."""
    return _step(request, "close", close_period, _("%(month)s is closed."))


@require_http_methods(["GET", "POST"])
def publish(request: SiteRequest, campaign: str, month: str) -> HttpResponse:
    """Publishes a closed period, once the office has seen what is still undecided."""
    return _step(request, "publish", publish_period, _("%(month)s is published: its standings are for all."))


def _step(request: SiteRequest, verb: str, operation: Any, told: str) -> HttpResponse:
    must_be_office(request)
    selection = selection_of(request)
    period: Period = selection.period  # type: ignore[assignment]
    refusal, status = "", 200
    if request.method == "POST":
        try:
            operation(period=period, actor=request.user, now=request.business_now)
        except Refusal as error:
            period.refresh_from_db()
            refusal, status = str(error), 409
        else:
            messages.success(request, told % {"month": month_name(period.month)})
            return redirect(f"{reverse('periods')}?campaign={period.campaign.slug}")
    wanted = Period.State.OPEN if verb == "close" else Period.State.CLOSED
    context = {
        "verb": verb,
        "period": period,
        "counts": period_counts(period.campaign, [period])[0],
        "is_possible": period.state == wanted,
        "refusal": refusal,
    }
    return render(request, "campaigns/periods_confirm.html", context, status=status)


# --- the calendar ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DayShown:
    """One day of the month view. `change` is the office's own; `is_make_up` a weekend day that is worked, `is_holiday`
    a weekday that is not."""

    on: date
    is_in_month: bool
    is_working: bool
    is_today: bool
    change: CalendarDay | None

    @property
    def is_make_up(self) -> bool:
        return self.is_working and self.on.weekday() >= 5

    @property
    def is_holiday(self) -> bool:
        return not self.is_working and self.on.weekday() < 5


@require_http_methods(["GET", "POST"])
def calendar(request: SiteRequest) -> HttpResponse:
    """Which days are worked; POST declares one, and tells which deadlines that moved."""
    must_be_office(request)
    today = local_day(request.business_now)
    month = _month(request.GET.get("month"), today)
    form = CalendarDayForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                _declare(request, form)
            except Refusal as refusal:
                form.add_error(refusal.field if isinstance(refusal, Invalid) and refusal.field else None, str(refusal))
            else:
                return redirect(f"{reverse('calendar')}?month={Month.of(form.cleaned_data['on'])}")
    days, changes = working_calendar_with_days()
    context = {
        "form": form,
        "month": month,
        "weeks": _weeks(month, days, changes, today),
        "changes": changes,
        "is_covered": days.is_covered(month.year),
        "earlier": month.previous if month.previous.year >= FIRST_YEAR else None,
        "later": month.next if month.next.year <= LAST_YEAR else None,
    }
    return render(request, "campaigns/calendar.html", context, status=status)


def working_calendar_with_days() -> tuple[WorkingCalendar, list[CalendarDay]]:
    """The calendar together with the office's own changes, newest first, in one query."""
    changes = list(CalendarDay.objects.order_by("-on"))
    return WorkingCalendar({one.on: one.is_working for one in changes}), changes


def _month(asked: str | None, today: date) -> Month:
    if not asked:
        return Month.of(today)
    try:
        month = Month.parse(asked)
    except ValueError as error:
        raise Http404(_("There is no month “%(month)s”.") % {"month": asked[:20]}) from error
    if not FIRST_YEAR <= month.year <= LAST_YEAR:
        raise Http404(_("There is no month “%(month)s”.") % {"month": asked[:20]})
    return month


def _weeks(month: Month, days: WorkingCalendar, changes: Iterable[CalendarDay], today: date) -> list[list[DayShown]]:
    changed = {one.on: one for one in changes}
    return [
        [DayShown(day, Month.of(day) == month, days.is_working(day), day == today, changed.get(day)) for day in week]
        for week in Calendar().monthdatescalendar(month.year, month.month)
    ]


def _declare(request: SiteRequest, form: CalendarDayForm) -> None:
    before = {one.pk: (one.due_at, one.closes_at) for one in Period.objects.exclude(state=Period.State.PUBLISHED)}
    moved = set_calendar_day(
        on=form.cleaned_data["on"],
        is_working=form.is_working(),
        note=form.cleaned_data["note"],
        actor=request.user,
        now=request.business_now,
    )
    messages.success(request, _("Saved."))
    for line in _moved(moved, before):
        messages.warning(request, line)


def _moved(periods: Sequence[Period], before: dict[int, tuple[Any, Any]]) -> list[str]:
    """What moved, period by period."""
    lines = []
    for period in periods:
        due_at, closes_at = before[period.pk]
        steps = []
        if period.due_at != due_at:
            steps.append(_("due %(old)s → %(new)s") % {"old": due_moment(due_at), "new": due_moment(period.due_at)})
        if period.closes_at != closes_at:
            steps.append(
                _("closes %(old)s → %(new)s") % {"old": due_moment(closes_at), "new": due_moment(period.closes_at)}
            )
        if steps:
            told = {"campaign": period.campaign.name, "month": month_name(period.month)}
            told["steps"] = pgettext("between steps", "; ").join(steps)
            lines.append(_("%(campaign)s, %(month)s: %(steps)s") % told)
    return lines
