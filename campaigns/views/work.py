"""The first page: what waits for this person, by role."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from campaigns.domain.deadlines import days_left
from campaigns.models import Period, Project, Report
from campaigns.operations.reports import sign_reports
from campaigns.permissions import can_run_periods
from campaigns.queries.my_work import UnitWork, filing_counts
from campaigns.queries.my_work import my_work as work_of
from campaigns.queries.project_updates import updates_due
from campaigns.queries.selection import Selection
from campaigns.queries.standings import ranking_groups, standings
from campaigns.requests import SiteRequest
from campaigns.views.report_form import tell_signed
from campaigns.views.shell import person_of, selection_of
from units.permissions import Capacities

MANY = 500
"""At most so many reports are signed at once."""
LONGEST_NUMBER = 10


@require_GET
def my_work(request: SiteRequest) -> HttpResponse:
    """What is due, what came back and why, what waits for a signature or a decision and for how long."""
    person, selection, now = person_of(request), selection_of(request), request.business_now
    period = selection.period
    if period is None:
        return render(request, "campaigns/my_work.html", {"work": None})
    work = work_of(person=person, period=period, periods=selection.periods, now=now)
    context = {
        "work": work,
        "period": period,
        "person": person,
        "units": [{"work": one, "parts": _parts(one), "can_fill": one.unit.pk in person.reporter_of,
                   "can_sign": one.unit.pk in person.head_of} for one in work.units],
        "days_left": days_left(now, period.due_at, tz=get_current_timezone()),
        "is_open": period.takes_figures(now),
        "now": now,
        "due_projects": _due_projects(person, period, now),
        "has_sample": any(report.action.source == "sample" for one in work.units for report in one.reports),
        "office": filing_counts(period) if can_run_periods(person) else None,
        "leading": _leading(person, selection),
    }  # fmt: skip
    return render(request, "campaigns/my_work.html", context)


def _due_projects(person: Capacities, period: Period, now: datetime) -> list[Project]:
    """The projects of the person's units whose update of the open period is missing."""
    if not person.reporter_of or not period.takes_figures(now):
        return []
    return list(updates_due(period, person, person.reporter_of))


def _parts(work: UnitWork) -> list[dict[str, Any]]:
    """The strip: how many reports stand where."""
    return [
        {"count": len(work.approved), "tone": "go", "label": _("approved")},
        {"count": len(work.submitted), "tone": "near", "label": _("wait for review")},
        {"count": len(work.to_sign), "tone": "ink", "label": _("wait for signature")},
        {"count": len(work.returned), "tone": "stop", "label": _("came back")},
        {"count": len(work.to_fill), "tone": "bg", "label": _("to fill")},
    ]


def _leading(person: Capacities, selection: Selection) -> Any:
    """The last published standings, for those who file nothing themselves."""
    published = [one for one in selection.periods if one.is_published]
    if person.filing_units or not published:
        return None
    groups = ranking_groups()
    widest = max(groups, key=lambda one: len(one.unit_ids), default=None)
    return standings(published[-1], periods=selection.periods, group=widest, person=person)


@require_POST
def sign(request: SiteRequest) -> HttpResponse:
    """Signs the chosen reports, each as it was when the page was read. A report that is not theirs is not there."""
    person = person_of(request)
    if not person.head_of:
        raise PermissionDenied(_("The head of the unit signs."))
    chosen = list(dict.fromkeys(pair for pair in map(_pair, request.POST.getlist("report")[:MANY]) if pair))
    if not chosen:
        messages.warning(request, _("Choose at least one report to sign."))
        return redirect("my_work")
    wanted = {report_id for report_id, _version in chosen}
    if Report.objects.filter(pk__in=wanted, unit__in=person.head_of).count() != len(wanted):
        raise Http404
    outcomes = sign_reports(reports=chosen, actor=request.user, now=request.business_now)
    tell_signed(request, [one.refusal for one in outcomes])
    return redirect("my_work")


def _pair(text: str) -> tuple[int, int] | None:
    """A report's id and version, as the page writes them: 12:3."""
    parts = text.split(":")
    if len(parts) != 2 or not all(one.isascii() and one.isdigit() and len(one) < LONGEST_NUMBER for one in parts):
        return None
    return int(parts[0]), int(parts[1])
