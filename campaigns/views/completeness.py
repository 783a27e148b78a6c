"""Completeness: which reports are there, which are missing, and the office's word to those who owe them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from campaigns.domain.deadlines import days_left
from campaigns.models import Period
from campaigns.operations.chase import Chased, chase_reports
from campaigns.permissions import can_chase
from campaigns.queries.chase import Asked, chased_on, may_be_chased
from campaigns.queries.clock import local_day
from campaigns.queries.completeness import Cell, Completeness, Counts, completeness
from campaigns.queries.sentences import between, listed
from campaigns.refusals import Refusal
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of, selection_of
from units.models import Source, Unit

NAMED = 8
"""So many people are named in an answer; of the others it tells how many."""
LONGEST_NUMBER = 6
CODE = re.compile(r"[-a-zA-Z0-9_]+")


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell with what the office can do about it; `is_chased`: somebody was asked for it today."""

    cell: Cell
    may_chase: bool
    is_chased: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    unit: Unit
    counts: Counts
    cells: Sequence[ShownCell | None]

    @property
    def may_chase(self) -> bool:
        return any(one is not None and one.may_chase for one in self.cells)


@require_safe
def completeness_page(request: SiteRequest) -> HttpResponse:
    selection, person, now = selection_of(request), person_of(request), request.business_now
    if selection.period is None:
        return render(request, "campaigns/completeness.html", {"table": None})
    period = selection.period
    table = completeness(period, person=person, now=now)
    rows = _rows(table, now, chased_on(period, local_day(now)) if can_chase(person) else None)
    wants_missing = _wants_missing(request)
    context: dict[str, Any] = {
        "table": table,
        "rows": [row for row in rows if row.counts.filed < row.counts.expected] if wants_missing else rows,
        "wants_missing": wants_missing,
        "may_chase": any(row.may_chase for row in rows),
        "has_chased": any(one is not None and one.is_chased for row in rows for one in row.cells),
        "has_sample": any(column.action.source == Source.SAMPLE for column in table.actions),
        "campaign": selection.campaign,
        "days_left": days_left(now, period.due_at, tz=get_current_timezone()),
        "is_open": period.state == Period.State.OPEN,
    }
    return render(request, "campaigns/completeness.html", context)


def _wants_missing(request: SiteRequest) -> bool:
    """Whether the address asks for the units alone that have not filed everything."""
    asked = request.GET.get("show", "")
    if asked not in ("", "missing"):
        raise Http404(_("There is no list “%s”.") % asked[:20])
    return asked == "missing"


def _rows(table: Completeness, now: datetime, asked: Asked | None) -> list[ShownRow]:
    """`asked` is whom the office asked for what today, none where the reader cannot chase."""
    known = {(unit, number) for unit, number, _person in asked or ()}

    def shown(cell: Cell | None) -> ShownCell | None:
        if cell is None:
            return None
        is_open = asked is not None and may_be_chased(cell, now)
        is_chased = is_open and (cell.unit.code, cell.action.number) in known
        return ShownCell(cell, may_chase=is_open and not is_chased, is_chased=is_chased)

    return [ShownRow(row.unit, row.counts, [shown(cell) for cell in row.cells]) for row in table.units]


# --- chasing --------------------------------------------------------------------------------------------------------


@require_POST
def chase(request: SiteRequest) -> HttpResponse:
    """Asks for one report (`report=unit/number`), for those of one unit (`unit=code`), or for all that are missing."""
    if not can_chase(person_of(request)):
        raise PermissionDenied(_("Only the campaign office may do this."))
    period = selection_of(request).period
    if period is None:
        raise Http404(_("There is no campaign yet."))
    unit, number = _meant(request)
    try:
        done = chase_reports(period=period, actor=request.user, now=request.business_now, unit=unit, number=number)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        _tell(request, done)
    return redirect(_address(request, period))


def _meant(request: SiteRequest) -> tuple[Unit | None, int | None]:
    code, _slash, number = request.POST.get("report", "").partition("/")
    code = code or request.POST.get("unit", "")
    if number and not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        raise Http404
    if code and not CODE.fullmatch(code):
        raise Http404
    unit = get_object_or_404(Unit, code=code) if code else None
    return unit, int(number) if number else None


def _tell(request: SiteRequest, done: Chased) -> None:
    if done.people:
        people = ngettext("%(count)d person", "%(count)d people", done.people) % {"count": done.people}
        reports = ngettext("%(count)d missing report", "%(count)d missing reports", done.reports)
        told = {"people": people, "reports": reports % {"count": done.reports}}
        messages.success(request, _("%(people)s told of %(reports)s.") % told)
    if done.asked_before:
        names = [one.display_name for one in done.asked_before]
        messages.info(request, _("Asked today already, and not again: %(names)s.") % {"names": _some(names)})
    if done.unreachable:
        nobody = _("Nobody reports for %(units)s: give somebody the role first.")
        messages.warning(request, nobody % {"units": listed(done.unreachable)})


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    if more <= 0:
        return between(names)
    return between([*names[:NAMED], ngettext("%(count)d more", "%(count)d more", more) % {"count": more}])


def _address(request: SiteRequest, period: Period) -> str:
    query = {"campaign": period.campaign.slug, "period": period.month}
    if request.GET.get("show") == "missing":
        query["show"] = "missing"
    return f"{reverse('completeness')}?{urlencode(query)}"
