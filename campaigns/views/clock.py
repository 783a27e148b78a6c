"""Where an administrator moves the business clock forward, to play a campaign through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.domain.months import Month
from campaigns.forms.periods import ClockForm
from campaigns.models import Period
from campaigns.operations.clock import move_clock
from campaigns.operations.periods import advance_periods
from campaigns.permissions import can_move_clock
from campaigns.refusals import Invalid, Refusal
from campaigns.requests import SiteRequest
from campaigns.templatetags.look import full_moment, month_name
from campaigns.views.shell import person_of

MORNING = time(9)


@dataclass(frozen=True, slots=True)
class Happening:
    """What the clock brings at one instant: a period opens, falls due, or closes."""

    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A quick choice, with what happens on the way there."""

    to: datetime
    label: str
    happenings: Sequence[Happening]

    @property
    def value(self) -> str:
        return localtime(self.to).strftime("%Y-%m-%dT%H:%M")


@require_http_methods(["GET", "POST"])
def move(request: SiteRequest) -> HttpResponse:
    """POST moves the clock, and opens and closes in the same request what it has passed."""
    if not can_move_clock(person_of(request)):
        raise PermissionDenied(_("Only an administrator may move the business clock."))
    now = request.business_now
    form = ClockForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            to = form.cleaned_data["to"]
            try:
                move_clock(to=to, actor=request.user, now=now)
            except Refusal as refusal:
                form.add_error(refusal.field if isinstance(refusal, Invalid) else None, str(refusal))
            else:
                _tell(request, to, advance_periods(now=to))
                return redirect("clock")
    coming = _coming(now)
    context = {
        "form": form,
        "now": now,
        "is_shifted": request.clock is not None,
        "coming": coming[:8],
        "choices": _choices(now, coming),
    }
    return render(request, "campaigns/clock.html", context, status=status)


def _tell(request: SiteRequest, to: datetime, moved: Sequence[Period]) -> None:
    words = [_("The clock stands at %(time)s.") % {"time": full_moment(to)}]
    states = dict(Period.State.choices)
    words += [
        _("%(campaign)s, %(month)s: %(state)s.")
        % {"campaign": one.campaign.name, "month": month_name(one.month), "state": states[one.state]}
        for one in moved
    ]
    messages.success(request, " ".join(words))


def _coming(now: datetime) -> list[Happening]:
    """What lies ahead, soonest first. One query."""
    happenings = []
    ahead = [Period.State.UPCOMING, Period.State.OPEN]
    periods = list(Period.objects.filter(state__in=ahead).select_related("campaign"))
    are_of_one = len({one.campaign_id for one in periods}) == 1
    for one in periods:
        month = month_name(one.month) if are_of_one else f"{month_name(one.month)}, {one.campaign.short}"
        if one.state == Period.State.UPCOMING:
            happenings.append(Happening(one.opens_at, _("%(month)s opens") % {"month": month}))
        happenings.append(Happening(one.due_at, _("%(month)s falls due") % {"month": month}))
        happenings.append(Happening(one.closes_at, _("%(month)s closes") % {"month": month}))
    return sorted((one for one in happenings if one.at > now), key=lambda one: one.at)


def _choices(now: datetime, coming: Sequence[Happening]) -> list[Choice]:
    zone = get_current_timezone()
    today = localtime(now).date()
    next_month = Month.of(today).next.first_day
    places = [
        (datetime.combine(today + timedelta(days=1), MORNING, zone), _("Tomorrow morning")),
        (datetime.combine(next_month, MORNING, zone), _("The first morning of next month")),
    ]
    # One minute past, so that what was due then is overdue and what closed then is closed.
    places += [(one.at + timedelta(minutes=1), _("Just after: %(what)s") % {"what": one.what}) for one in coming[:4]]
    places.sort(key=lambda place: place[0])
    return [Choice(to, label, [one for one in coming if one.at <= to]) for to, label in places]
