"""The page on which a unit fills its reports of a period, and the small requests it makes while somebody types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.domain.deadlines import days_left
from campaigns.domain.workflow import Verb
from campaigns.forms.attachments import ACCEPT, AttachmentForm
from campaigns.forms.report import ReportForm, as_typed
from campaigns.forms.report_page import Filled, Page, has_value
from campaigns.models import Report
from campaigns.operations.reports import must_be_fillable, recall_report, save_report, sign_reports, submit_report
from campaigns.permissions import can_fill, may_ever
from campaigns.queries.report_sheet import Section, report_sheet
from campaigns.queries.signers import reporters_of, signers_of
from campaigns.refusals import Refusal, StaleVersion
from campaigns.requests import SiteRequest
from campaigns.views.attachments import form_url, keep, visible_report, words_of
from campaigns.views.shell import person_of, selection_of
from units.models import Unit, User

# --- the page -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def report_form(request: SiteRequest, campaign: str, month: str, unit: str) -> HttpResponse:
    """All of a unit's reports for a period; POST saves them, and sends, recalls or signs what the button says."""
    place = unit_of_form(request, unit)
    if request.method == "POST":
        return _act(request, place)
    return _draw(request, _page(request, place))


def unit_of_form(request: SiteRequest, code: str) -> Unit:
    """The unit, for its own people and those who read everything; for others there is no such page."""
    person = person_of(request)
    own = [one for one in person.units if one.code == code and one.pk in person.own_units]
    if own:
        return own[0]
    if not person.reads_everything:
        raise Http404
    return get_object_or_404(Unit, code=code)


def _page(request: SiteRequest, unit: Unit, data: Any = None, *, only: int | None = None) -> Page:
    selection = selection_of(request)
    if selection.period is None:
        raise Http404
    sheet = report_sheet(
        unit=unit,
        period=selection.period,
        periods=selection.periods,
        person=person_of(request),
        now=request.business_now,
        only=only,
    )
    return Page(sheet, [_fill(section, data) for section in sheet.sections])


def _fill(section: Section, data: Any) -> Filled:
    is_sent = data is not None and section.can_fill and f"r{section.report.pk}-version" in data
    form = ReportForm(data if is_sent else None, section=section)
    return Filled(section, form, boxes=form.boxes())


def _draw(request: SiteRequest, page: Page, *, status: int = 200, template: str = "report_form") -> HttpResponse:
    person = person_of(request)
    period, unit = page.sheet.period, page.sheet.unit
    is_on_behalf = bool(page.open) and unit.pk not in person.reporter_of
    context = {
        "page": page,
        "sheet": page.sheet,
        "period": period,
        "unit": unit,
        "days_left": days_left(request.business_now, period.due_at, tz=get_current_timezone()),
        "is_open": period.takes_figures(request.business_now),
        "asks_signature": period.campaign.asks_signature,
        "signers": signers_of(unit, request.business_now) if page.open and not is_on_behalf else [],
        "reporters": reporters_of(unit, request.business_now) if is_on_behalf else [],
        "is_on_behalf": is_on_behalf,
        "accept": ACCEPT,
        "now": request.business_now,
    }
    return render(request, f"campaigns/{template}.html", context, status=status)


# --- what the buttons do --------------------------------------------------------------------------------------------


def _act(request: SiteRequest, unit: Unit) -> HttpResponse:
    do, _colon, named = request.POST.get("do", "save").partition(":")
    report_id, here, person = _whole_number(named), request.get_full_path(), person_of(request)
    if do == "sign":
        return _sign(request, unit, here)
    if do == "recall":
        return _recall(request, unit, report_id or 0, here)
    if unit.pk not in person.reporter_of and not person.is_office:
        raise PermissionDenied(_("This step is not yours to take."))
    data = request.POST
    if do == "no_change":
        data = _with_last_figures(_page(request, unit, data), data)
    page = _page(request, unit, data)
    saved = _save(request, page)
    files_kept = _keep_files(request, page)
    if do == "submit":
        return _submit(request, unit, page, only=report_id, is_saved=saved and files_kept)
    if saved and files_kept:
        messages.success(request, _("Saved."))
        return redirect(here)
    return _draw_again(request, unit, page)


def _whole_number(text: str) -> int | None:
    """The id that a button or a choice carries; none where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _save(request: SiteRequest, page: Page) -> bool:
    """Saves every section that was sent; what went wrong is kept on it. True where nothing did."""
    return min([_save_one(request, one) for one in page.filled if one.form.is_bound], default=True)


def _save_one(request: SiteRequest, one: Filled) -> bool:
    is_valid = one.form.is_valid()
    if "version" in one.form.errors:
        one.refusal = _("This page was not sent whole. Load it again.")
        return False
    try:
        one.section.report = save_report(
            report_id=one.section.report.pk,
            actor=request.user,
            version=one.form.cleaned_data["version"],
            figures=one.form.figures(),
            narrative=one.form.narrative(),
            now=request.business_now,
        )
    except Refusal as refusal:
        one.refusal = str(refusal)
        one.is_conflict = isinstance(refusal, StaleVersion)
        return False
    return is_valid


def _keep_files(request: SiteRequest, page: Page) -> bool:
    """Keeps the files that were chosen in the page itself (without the script)."""
    all_kept = True
    for one in page.filled:
        for upload in request.FILES.getlist(f"r{one.section.report.pk}-file"):
            form = AttachmentForm(files=MultiValueDict({"file": [upload]}))
            if not form.is_valid():
                one.refusal = f"{upload.name}: {words_of(form.errors['file'])}"
                all_kept = False
                continue
            try:
                keep(request, one.section.report.pk, form)
            except Refusal as refusal:
                one.refusal = str(refusal)
                all_kept = False
    return all_kept


def _with_last_figures(page: Page, data: Any) -> Any:
    """What was sent, with last month's figure in every empty box."""
    data = data.copy()
    for one in page.open:
        for box in one.boxes:
            if not has_value(box) and box.row.last is not None:
                data[box.value.html_name] = as_typed(box.row.last, box.row.indicator.decimals)
    return data


def _submit(request: SiteRequest, unit: Unit, page: Page, *, only: int | None, is_saved: bool) -> HttpResponse:
    """Sends what is ready: one report, or all; those that lack something stay, marked, and are named."""
    wants_notes = "without_notes" not in request.POST
    on_behalf_of = _on_behalf_of(request, unit)
    wanted = [one for one in page.open if only in (None, one.section.report.pk)]
    sent, held = [], []
    for one in wanted:
        one.was_tried = True
        if one.refusal or not one.is_ready or (wants_notes and one.notes_needed):
            held.append(one)
            continue
        try:
            submit_report(
                report_id=one.section.report.pk,
                actor=request.user,
                version=one.section.report.version,
                now=request.business_now,
                on_behalf_of=on_behalf_of,
            )
        except Refusal as refusal:
            one.refusal = str(refusal)
            held.append(one)
        else:
            sent.append(one)
    _tell_sent(request, page, sent, held)
    if not held and is_saved:
        return redirect(reverse("my_work") if only is None else request.get_full_path())
    return _draw_again(request, unit, page)


def _tell_sent(request: SiteRequest, page: Page, sent: list[Filled], held: list[Filled]) -> None:
    if sent:
        told = (
            ngettext("%(count)d report sent for signature.", "%(count)d reports sent for signature.", len(sent))
            if page.sheet.period.campaign.asks_signature
            else ngettext("%(count)d report filed.", "%(count)d reports filed.", len(sent))
        )
        messages.success(request, told % {"count": len(sent)})
    if held:
        names = _(", ").join(one.section.report.action.name for one in held)
        told = ngettext("%(count)d report still lacks something: %(names)s.",
                        "%(count)d reports still lack something: %(names)s.", len(held))  # fmt: skip
        messages.warning(request, told % {"count": len(held), "names": names})
    if not sent and not held:
        messages.info(request, _("Nothing to send: every report is on its way."))


def _on_behalf_of(request: SiteRequest, unit: Unit) -> User | None:
    """For whom the office files; the unit's own reporters file in their own names."""
    chosen = _whole_number(request.POST.get("on_behalf_of", ""))
    if chosen is None or unit.pk in person_of(request).reporter_of:
        return None
    return next((one for one in reporters_of(unit, request.business_now) if one.pk == chosen), None)


def _draw_again(request: SiteRequest, unit: Unit, page: Page) -> HttpResponse:
    """The page with what was typed, what went wrong beside it, and the versions as they are now."""
    fresh = _page(request, unit, request.POST)
    before = {one.section.report.pk: one for one in page.filled}
    for one in fresh.filled:
        old = before.get(one.section.report.pk)
        if old is None:
            continue
        one.refusal, one.is_conflict, one.was_tried = old.refusal, old.is_conflict, old.was_tried
        if not one.refusal and not old.form.errors and not old.was_tried:
            one.form = ReportForm(section=one.section)
            one.boxes = one.form.boxes()
    is_conflict = any(one.is_conflict for one in fresh.filled)
    return _draw(request, fresh, status=409 if is_conflict else 400)


def _recall(request: SiteRequest, unit: Unit, report_id: int, here: str) -> HttpResponse:
    report = get_object_or_404(Report, pk=report_id, unit=unit)
    try:
        recall_report(report_id=report.pk, actor=request.user, now=request.business_now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The report is a draft again. Send it once it is right."))
    return redirect(f"{here}#r{report.pk}")


def _sign(request: SiteRequest, unit: Unit, here: str) -> HttpResponse:
    if unit.pk not in person_of(request).head_of:
        raise PermissionDenied(_("This step is not yours to take."))
    page = _page(request, unit)
    if not page.signable:
        messages.info(request, _("Nothing waits for your signature."))
        return redirect(here)
    outcomes = sign_reports(
        reports=[(one.pk, one.version) for one in page.signable], actor=request.user, now=request.business_now
    )
    tell_signed(request, [one.refusal for one in outcomes])
    return redirect(here)


def tell_signed(request: SiteRequest, refusals: list[str]) -> None:
    """Says how many reports were signed, and why others were not."""
    signed = sum(not refusal for refusal in refusals)
    if signed:
        told = ngettext("%(count)d report signed and filed.", "%(count)d reports signed and filed.", signed)
        messages.success(request, told % {"count": signed})
    for refusal in sorted({one for one in refusals if one}):
        messages.error(request, refusal)


# --- while somebody types -------------------------------------------------------------------------------------------


@require_POST
def save(request: SiteRequest, report_id: int) -> HttpResponse:
    """Saves one report as it is being filled and answers with what changed around the boxes."""
    report = visible_report(request, report_id)
    _select(request, report)
    page = _page(request, report.unit, request.POST)
    one = next((one for one in page.filled if one.section.report.pk == report_id), None)
    if one is None:
        raise Http404
    if not one.form.is_bound:
        if not can_fill(person_of(request), report):
            raise PermissionDenied(_("This step is not yours to take."))
        one.refusal = _why_closed(request, report)
        return _draw(request, page, status=409, template="report_form_live")
    _save_one(request, one)
    if not one.refusal:
        one.section.report.refresh_from_db(fields=["version"])
    return _draw(request, page, status=409 if one.refusal else 200, template="report_form_live")


def _why_closed(request: SiteRequest, report: Report) -> str:
    """Why a report that this person could fill takes no figures: it was sent meanwhile, or its period has closed."""
    try:
        must_be_fillable(report, request.business_now)
    except Refusal as refusal:
        return str(refusal)
    return _("This page was not sent whole. Load it again.")


@require_POST
def submit(request: SiteRequest, report_id: int) -> HttpResponse:
    """Sends one report that is already saved, as it was when it was looked at; the form's own button saves first."""
    report = visible_report(request, report_id)
    if not may_ever(person_of(request), Verb.SUBMIT, report):
        raise PermissionDenied(_("This step is not yours to take."))
    try:
        submit_report(
            report_id=report.pk,
            actor=request.user,
            version=_whole_number(request.POST.get("version", "")) or 0,
            now=request.business_now,
            on_behalf_of=_on_behalf_of(request, report.unit),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The report is sent."))
    return redirect(form_url(report))


def _select(request: SiteRequest, report: Report) -> None:
    """Makes the request's campaign and period those of the report."""
    named: Mapping[str, str] = {"campaign": report.period.campaign.slug, "month": report.period.month}
    request.resolver_match.kwargs.update(named)
