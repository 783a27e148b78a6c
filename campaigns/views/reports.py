"""The list of reports, one report with its history, and the steps that are taken on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.domain.workflow import Verb
from campaigns.filters import ReportFilter
from campaigns.forms.decisions import (
    READY_REASONS,
    CorrectForm,
    DecisionForm,
    ReopenForm,
    SendBackForm,
    wrong_with_version,
)
from campaigns.models import Action, Measurement, Period, Report
from campaigns.operations.reports import (
    approve_report,
    correct_measurement,
    recall_report,
    reopen_report,
    send_back_report,
    sign_report,
)
from campaigns.permissions import acting_as, can_fill_now, can_run_periods, can_see_reports_of, may_ever, may_now
from campaigns.queries.calendars import working_calendar
from campaigns.queries.clock import local_day
from campaigns.queries.queue import oddities_in
from campaigns.queries.report_history import report_history
from campaigns.queries.report_list import ORDERINGS, listed, ordered
from campaigns.queries.report_sheet import report_sheet
from campaigns.refusals import Invalid, Refusal
from campaigns.requests import SiteRequest
from campaigns.views.lists import address_with, around, page_of
from campaigns.views.review import address, draw_review, figures_shown, tell_done
from campaigns.views.shell import person_of, selection_of
from campaigns.views.steps import stand_at
from units.models import Unit

# --- the list -------------------------------------------------------------------------------------------------------


@require_GET
def report_list(request: SiteRequest) -> HttpResponse:
    """The reports of the chosen period that this person may see, filtered, sorted and paged."""
    person, selection = person_of(request), selection_of(request)
    if selection.campaign is None or selection.period is None:
        return render(request, "campaigns/reports.html", {"period": None})
    visible = Report.objects.visible_to(person).for_period(selection.period).for_list()
    filtered = ReportFilter(request.GET, campaign=selection.campaign, queryset=visible)
    ordering = request.GET.get("ordering") or "unit"
    problems = []
    if ordering.removeprefix("-") not in ORDERINGS:
        problems.append(_("The list cannot be sorted by “%(by)s”.") % {"by": ordering[:30]})
        ordering = "unit"
    is_valid = filtered.form.is_valid()
    reports = ordered(filtered.filter_queryset(visible), ordering) if is_valid else visible.none()
    if is_valid and filtered.is_overdue is not None:
        rows = listed(reports, person=person, now=request.business_now)
        page = page_of(request, [one for one in rows if one.is_overdue == filtered.is_overdue])
        rows = list(page)
    else:
        page = page_of(request, reports)
        rows = listed(page, person=person, now=request.business_now)
    context = {
        "period": selection.period,
        "campaign": selection.campaign,
        "form": filtered.form,
        "rows": rows,
        "page": page,
        "problems": problems,
        "columns": _columns(request, ordering),
        "is_filtered": any(request.GET.get(name) for name in filtered.filters),
        "is_one_unit": not person.reads_everything and len(person.own_units) == 1 and not person.reviewer_of,
        "has_sample": any(one.report.action.source == "sample" for one in rows),
        **around(request, page),
        "kept": {"campaign": selection.campaign.slug, "period": selection.period.month},
    }
    is_refused = bool(problems) or not is_valid
    return render(request, "campaigns/reports.html", context, status=400 if is_refused else 200)


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column that sorts: `aria_sort` says how the list is sorted by it now."""

    name: str
    url: str
    aria_sort: str


def _columns(request: SiteRequest, ordering: str) -> dict[str, Column]:
    columns = {}
    for name in ORDERINGS:
        is_up, is_down = ordering == name, ordering == f"-{name}"
        url = address_with(request, ordering=f"-{name}" if is_up else name, page=None)
        columns[name] = Column(name, url, "ascending" if is_up else "descending" if is_down else "")
    return columns


# --- one report -----------------------------------------------------------------------------------------------------


@require_GET
def report_detail(request: SiteRequest, report_id: int) -> HttpResponse:
    return _draw(request, _visible(request, report_id))


def _visible(request: SiteRequest, report_id: int) -> Report:
    """The report, or 404 where this person may not see it."""
    return get_object_or_404(Report.objects.visible_to(person_of(request)).for_list(), pk=report_id)


def _draw(
    request: SiteRequest, report: Report, *, form: Form | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    person, now = person_of(request), request.business_now
    periods = list(Period.objects.filter(campaign=report.period.campaign_id).order_by("month"))
    sheet = report_sheet(
        unit=report.unit, period=report.period, periods=periods, person=person, now=now, only=report.pk
    )
    may = {verb.value: may_now(person, verb, report, now) for verb in Verb}
    context = {
        "report": report,
        "period": report.period,
        "listed": listed([report], person=person, now=now)[0],
        "section": sheet.sections[0],
        "figures": figures_shown(sheet.rows, oddities_in([report], periods)[report.pk], can_correct=may["correct"]),
        "previous": sheet.previous,
        "has_sample": sheet.has_sample,
        "history": report_history(report),
        "may": may,
        "decides": bool(acting_as(person, report) and (may["approve"] or may["send_back"])),
        "can_open_form": report.unit_id in person.own_units - person.reviewer_of or person.reads_everything,
        "can_fill": can_fill_now(person, report, now),
        "form": form or SendBackForm(initial={"version": report.version}),
        "version": report.version,
        "refusal": refusal,
        "ready_reasons": READY_REASONS,
    }
    return render(request, "campaigns/report.html", context, status=status)


# --- the steps ------------------------------------------------------------------------------------------------------


@require_POST
def recall(request: SiteRequest, report_id: int) -> HttpResponse:
    return _take(request, report_id, Verb.RECALL, recall_report, _("The report is a draft again."))


@require_POST
def sign(request: SiteRequest, report_id: int) -> HttpResponse:
    return _take(request, report_id, Verb.SIGN, sign_report, _("Signed and filed."))


@require_POST
def approve(request: SiteRequest, report_id: int) -> HttpResponse:
    return _take(request, report_id, Verb.APPROVE, approve_report, _("1 report approved."))


@require_POST
def send_back(request: SiteRequest, report_id: int) -> HttpResponse:
    """Sends the report back; a ready reason is only put into the box, for people without the script."""
    return _take(request, report_id, Verb.SEND_BACK, send_back_report, _("1 report sent back."))


def _take(
    request: SiteRequest, report_id: int, verb: Verb, operation: Callable[..., Report], told: str
) -> HttpResponse:
    """One step: 404 for what may not be seen, 403 for a step that is not theirs, else done or the page again."""
    report = _visible(request, report_id)
    if not may_ever(person_of(request), verb, report):
        raise PermissionDenied
    form = SendBackForm(request.POST) if verb == Verb.SEND_BACK else DecisionForm(request.POST)
    ready = request.POST.get("ready")
    if isinstance(form, SendBackForm) and ready in READY_REASONS:
        return _again(request, report, form.with_ready_reason(str(ready)))
    if not form.is_valid():
        return _again(request, report, form, refusal=wrong_with_version(form), status=400)
    try:
        operation(report_id=report.pk, actor=request.user, now=request.business_now, **form.cleaned_data)
    except Refusal as refusal:
        status = _place(form, refusal)
        return _again(request, report, form, refusal=" ".join(map(str, form.non_field_errors())), status=status)
    tell_done(request, told, _("See it"), reverse("report", args=[report.pk]))
    return redirect(_after(request, report))


def _place(form: Form, refusal: Refusal) -> int:
    """Puts the refusal beside its box, or above the form; gives the status of the answer."""
    if not isinstance(refusal, Invalid):
        form.add_error(None, str(refusal))
        return 409
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return 400


def _is_from_review(request: SiteRequest) -> bool:
    return request.GET.get("from") == "review"


def _after(request: SiteRequest, report: Report) -> str:
    if not _is_from_review(request):
        return reverse("report", args=[report.pk])
    following = request.GET.get("next", "")
    return address(request, report=following if following.isdigit() else "")


def _again(request: SiteRequest, report: Report, form: Form, *, refusal: str = "", status: int = 200) -> HttpResponse:
    """The page that the step was taken from, with what was typed; the report's own page where it waits no more."""
    typed = form if isinstance(form, SendBackForm) else None
    report = _visible(request, report.pk)
    if typed is not None:
        typed = _with_version(typed, report)
    if _is_from_review(request) and may_now(person_of(request), Verb.APPROVE, report, request.business_now):
        stand_at(request, reverse("review"))
        return draw_review(request, report_id=report.pk, form=typed, refusal=refusal, status=status)
    stand_at(request, reverse("report", args=[report.pk]))
    return _draw(request, report, form=typed, refusal=refusal, status=status)


def _with_version(form: SendBackForm, report: Report) -> SendBackForm:
    """The version as it is now: the person has the new state before the eyes when the page is drawn again."""
    if form.is_bound:
        form.data = {**dict(form.data.items()), "version": str(report.version)}
    return form


# --- the office's own steps -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def reopen(request: SiteRequest, campaign: str, month: str, unit: str, number: int) -> HttpResponse:
    """Gives one unit a new deadline for one action after closing, with a reason."""
    period = selection_of(request).period
    place = get_object_or_404(Unit, code=unit)
    action = get_object_or_404(Action.objects.select_related("lead"), campaign__slug=campaign, number=number)
    person = person_of(request)
    if not can_see_reports_of(person, unit_id=place.pk, lead_id=action.lead_id):
        raise Http404
    if not can_run_periods(person):
        raise PermissionDenied
    if period is None or not action.assignments.filter(unit=place).exists():
        raise Http404(_("This unit does not report on this action."))
    report = Report.objects.for_list().filter(unit=place, action=action, period=period).first()
    form = ReopenForm(request.POST or None, initial={"until": _usual_deadline(period, request.business_now)})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                report = reopen_report(
                    unit=place,
                    action=action,
                    period=period,
                    actor=request.user,
                    now=request.business_now,
                    **form.cleaned_data,
                )
            except Refusal as refusal:
                status = _place(form, refusal)
            else:
                tell_done(request, _("Reopened."), _("See it"), reverse("report", args=[report.pk]))
                return redirect("report", report_id=report.pk)
    context = {
        "form": form,
        "report": report,
        "unit": place,
        "action": action,
        "period": period,
        "has_sample": action.source == "sample",
        "is_closed": period.state in (Period.State.CLOSED, Period.State.PUBLISHED),
    }
    return render(request, "campaigns/reopen.html", context, status=status)


def _usual_deadline(period: Period, now: datetime) -> datetime:
    """The end of the campaign's working days for a resubmission, at the hour at which its reports fall due."""
    last_day = working_calendar().add(local_day(now), period.campaign.resubmission_working_days)
    return datetime.combine(last_day, time(localtime(period.due_at).hour), get_current_timezone())


@require_http_methods(["GET", "POST"])
def correct(request: SiteRequest, measurement_id: int) -> HttpResponse:
    """Replaces one figure of a closed period, with a reason; the one before is kept."""
    measurement = get_object_or_404(Measurement.objects.select_related("indicator"), pk=measurement_id)
    report = _visible(request, measurement.report_id)
    person = person_of(request)
    if not may_ever(person, Verb.CORRECT, report):
        raise PermissionDenied
    form = CorrectForm(request.POST or None, measurement=measurement)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                correct_measurement(
                    measurement_id=measurement.pk,
                    actor=request.user,
                    now=request.business_now,
                    figure=form.figure(),
                    reason=form.cleaned_data["reason"],
                    version=form.cleaned_data["version"],
                )
            except Refusal as refusal:
                status = _place(form, refusal)
                measurement.refresh_from_db()
                form.data = {**dict(form.data.items()), "version": str(measurement.version)}
            else:
                messages.success(request, _("Corrected. The figure before is kept in the history."))
                return redirect("report", report_id=report.pk)
        if "version" in form.errors:
            form.add_error(None, form.errors["version"][0])
    context = {
        "form": form,
        "measurement": measurement,
        "versions": measurement.versions.order_by("number"),
        "report": report,
        "period": report.period,
        "has_sample": "sample" in (report.action.source, measurement.indicator.source, measurement.source),
        "is_possible": may_now(person, Verb.CORRECT, report, request.business_now),
    }
    return render(request, "campaigns/correct.html", context, status=status)
