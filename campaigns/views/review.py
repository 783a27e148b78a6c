"""The reviewer's page: the queue with its odd ones marked, and one report opened beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from campaigns.domain.workflow import Verb
from campaigns.forms.decisions import READY_REASONS, ApproveManyForm, SendBackForm
from campaigns.models import Period, Report
from campaigns.operations.reports import Outcome, approve_reports
from campaigns.permissions import may_now
from campaigns.queries.queue import Oddity, Queue, Waiting, decided_on_day, review_queue
from campaigns.queries.report_history import ReportHistory, report_history
from campaigns.queries.report_sheet import Preview, Row, Section, report_sheet
from campaigns.queries.selection import Selection
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of, selection_of
from campaigns.views.steps import stand_at
from units.permissions import Capacities

FILTERS = ("campaign", "period", "action", "odd")


@require_GET
def review(request: SiteRequest) -> HttpResponse:
    asked = request.GET.get("report", "")
    report_id = _whole_number(asked)
    if asked and report_id is None:
        raise Http404(_("There is no report “%(asked)s”.") % {"asked": asked[:30]})
    return draw_review(request, report_id=report_id)


@require_POST
def approve_many(request: SiteRequest) -> HttpResponse:
    """Approves the ticked reports; one that is refused is named and does not hold up the others."""
    person = _reviewer(request)
    form = ApproveManyForm(request.POST.getlist("report"))
    if not form.is_valid():
        stand_at(request, reverse("review"))
        return draw_review(request, refusal=" ".join(map(str, form.non_field_errors())), status=400)
    wanted = {report_id for report_id, _version in form.reports}
    known = {one.pk: one for one in Report.objects.visible_to(person).filter(pk__in=wanted).for_list()}
    if len(known) != len(wanted):
        raise Http404
    outcomes = approve_reports(reports=form.reports, actor=request.user, now=request.business_now)
    _tell(request, outcomes, known)
    return redirect(address(request))


def _tell(request: SiteRequest, outcomes: Sequence[Outcome], reports: dict[int, Report]) -> None:
    approved = [one for one in outcomes if not one.refusal]
    if approved:
        told = ngettext("%(count)d report approved.", "%(count)d reports approved.", len(approved))
        selection = selection_of(request)
        tell_done(
            request,
            told % {"count": len(approved)},
            _("See it") if len(approved) == 1 else _("See them"),
            reverse("report", args=[approved[0].report_id])
            if len(approved) == 1
            else f"{reverse('reports')}?{_named(selection, status='approved', ordering='-since')}",
        )
    for one in outcomes:
        if one.refusal:
            report = reports[one.report_id]
            messages.warning(
                request,
                _("Not approved: %(unit)s, %(action)s. %(why)s")
                % {"unit": report.unit.name, "action": report.action.name, "why": one.refusal},
            )


def tell_done(request: SiteRequest, told: str, see: str, url: str) -> None:
    """What just happened, with a link to it."""
    messages.success(request, format_html('{} <a href="{}">{}</a>', told, url, see))


def address(request: SiteRequest, **more: Any) -> str:
    """The review page with the filters that are on."""
    kept = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    query = urlencode({**kept, **{name: value for name, value in more.items() if value}})
    place = "#opened" if more.get("report") else ""
    return f"{reverse('review')}?{query}{place}" if query else reverse("review")


def _named(selection: Selection, **more: str) -> str:
    period = selection.period
    named = {"campaign": period.campaign.slug, "period": period.month} if period else {}
    return urlencode({**named, **{name: value for name, value in more.items() if value}})


# --- the page -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FigureShown:
    """One figure as a reviewer sees it: against last month and plan, and what is odd in it."""

    row: Row
    oddities: Sequence[Oddity]
    can_correct: bool = False

    @property
    def preview(self) -> Preview:
        """The light it gets once it is approved."""
        return self.row.preview(self.row.value, self.row.note)


def figures_shown(rows: Sequence[Row], oddities: Sequence[Oddity], *, can_correct: bool = False) -> list[FigureShown]:
    odd: dict[int, list[Oddity]] = {}
    for one in oddities:
        odd.setdefault(one.indicator.pk, []).append(one)
    return [
        FigureShown(row, odd.get(row.indicator.pk, []), can_correct and row.measurement is not None) for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Opened:
    """The report beside the queue."""

    waiting: Waiting
    section: Section
    history: ReportHistory
    place: int
    previous: Waiting | None
    next: Waiting | None

    @property
    def report(self) -> Report:
        return self.waiting.report

    @property
    def previous_period(self) -> Period | None:
        return self.section.rows[0].sheet.previous if self.section.rows else None

    @property
    def figures(self) -> list[FigureShown]:
        return figures_shown(self.section.rows, self.waiting.oddities)


@dataclass(frozen=True, slots=True)
class Shown:
    """The queue with its filters applied."""

    queue: Queue
    rows: Sequence[Waiting]
    action: int | None
    only_odd: bool
    problem: str

    @property
    def clean(self) -> list[Waiting]:
        return [one for one in self.rows if one.is_clean]

    @property
    def action_name(self) -> str:
        names = [one.short for one in self.queue.actions if one.number == self.action]
        return names[0] if names else ""


def draw_review(
    request: SiteRequest,
    *,
    report_id: int | None = None,
    form: SendBackForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole page, also after a refusal: with what was typed, and the words beside it."""
    person = _reviewer(request)
    selection = selection_of(request)
    if selection.period is None or selection.campaign is None:
        return render(request, "campaigns/review.html", {"shown": None})
    queue = review_queue(person=person, period=selection.period, periods=selection.periods, now=request.business_now)
    shown = _shown(request, queue)
    row = _row_to_open(shown, report_id)
    gone = _gone(person, report_id) if report_id is not None and row is None else None
    if gone and gone.period_id != selection.period.pk and may_now(person, Verb.APPROVE, gone, request.business_now):
        named = {"campaign": gone.period.campaign.slug, "period": gone.period.month, "report": gone.pk}
        return redirect(f"{reverse('review')}?{urlencode(named)}#opened")
    opened = _open(shown, row, person, selection, request) if row else None
    context = {
        "shown": shown,
        "opened": opened,
        "is_asked_for": report_id is not None,
        "gone": gone,
        "form": form or SendBackForm(initial={"version": opened.report.version if opened else None}),
        "refusal": refusal,
        "ready_reasons": READY_REASONS,
        "today": decided_on_day(request.user, selection.campaign, request.business_now),
        "units": [one.name for one in person.units if one.pk in person.reviewer_of],
        "period": selection.period,
        "has_sample": any(one.report.action.source == "sample" for one in queue.rows),
        "query": _named(selection, **{name: request.GET.get(name, "") for name in ("action", "odd")}),
        "period_query": _named(selection),
        "action_query": _named(selection, action=request.GET.get("action", "")),
        "odd_query": _named(selection, odd=request.GET.get("odd", "")),
    }
    return render(request, "campaigns/review.html", context, status=400 if shown.problem else status)


def _reviewer(request: SiteRequest) -> Capacities:
    person = person_of(request)
    if not person.reviewer_of and not person.is_office:
        raise PermissionDenied(_("This page is for those who decide on reports: lead departments and the office."))
    return person


def _shown(request: SiteRequest, queue: Queue) -> Shown:
    asked, odd = request.GET.get("action", ""), request.GET.get("odd", "")
    action, problem = _whole_number(asked), ""
    if asked and action is None:
        problem = _("There is no action “%(action)s”. All actions are shown.") % {"action": asked[:30]}
    if odd not in ("", "1"):
        problem = _("“%(odd)s” is no choice for “only odd ones”.") % {"odd": odd[:30]}
    rows = [one for one in queue.rows if action in (None, one.report.action.number)]
    return Shown(queue, [one for one in rows if odd != "1" or not one.is_clean], action, odd == "1", problem)


def queue_shown(request: SiteRequest) -> Shown | None:
    """The queue as the page shows it with the filters of its address; nothing where there is no campaign."""
    person, selection = _reviewer(request), selection_of(request)
    if selection.period is None:
        return None
    queue = review_queue(person=person, period=selection.period, periods=selection.periods, now=request.business_now)
    return _shown(request, queue)


def _row_to_open(shown: Shown, report_id: int | None) -> Waiting | None:
    if report_id is not None:
        return next((one for one in shown.queue.rows if one.report.pk == report_id), None)
    odd = [one for one in shown.rows if not one.is_clean]
    return next(iter([*odd, *shown.rows]), None)


def _gone(person: Capacities, report_id: int) -> Report:
    """A report that was asked for and does not wait here any more."""
    found = Report.objects.visible_to(person).for_list().filter(pk=report_id).first()
    if found is None:
        raise Http404
    return found


def _open(shown: Shown, row: Waiting, person: Capacities, selection: Selection, request: SiteRequest) -> Opened:
    sheet = report_sheet(
        unit=row.report.unit,
        period=selection.period,  # type: ignore[arg-type]
        periods=selection.periods,
        person=person,
        now=request.business_now,
        only=row.report.pk,
    )
    rows = list(shown.rows)
    place = rows.index(row) if row in rows else -1
    return Opened(
        waiting=row,
        section=sheet.sections[0],
        history=report_history(row.report),
        place=place + 1,
        previous=rows[place - 1] if place > 0 else None,
        next=rows[place + 1] if 0 <= place < len(rows) - 1 else None,
    )


def _whole_number(text: str | None) -> int | None:
    """The number in an address; none where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
