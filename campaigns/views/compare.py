"""Two periods, or two units, side by side; what is compared stands in the address."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.documents.charts.chart import Chart
from campaigns.documents.charts.compare import Pair, compare
from campaigns.documents.compare_export import compare_sheets, names_of
from campaigns.forms.compare import PeriodsForm, UnitsForm
from campaigns.models import Campaign, Period
from campaigns.permissions import can_see_all_standings
from campaigns.queries.compare import Comparison, comparison, units_of
from campaigns.queries.selection import Selection
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of, selection_of
from units.models import Unit
from units.permissions import Capacities
from units.views.downloads import must_be_known, table_answer, takes

REFUSED = 400


@dataclass(frozen=True, slots=True)
class Shown:
    """What the address asks for; without `compared` the form says why."""

    campaign: Campaign
    period: Period
    form: PeriodsForm | UnitsForm
    problem: str
    compared: Comparison | None

    @property
    def is_of_units(self) -> bool:
        return isinstance(self.form, UnitsForm)

    @property
    def is_refused(self) -> bool:
        return bool(self.problem) or (self.form.has_choice and self.compared is None)


@require_safe
def compare_page(request: SiteRequest) -> HttpResponse:
    shown = _shown(request)
    if shown is None:
        return render(request, "campaigns/compare.html", {"shown": None})
    context: dict[str, object] = {"shown": shown, "campaign": shown.campaign, "period": shown.period}
    if shown.compared is not None:
        first, second = names_of(shown.compared)
        context |= {"first": first, "second": second, "chart": _chart(shown.compared, first, second)}
    return render(request, "campaigns/compare.html", context, status=REFUSED if shown.is_refused else 200)


@require_safe
@takes("campaign", "period", "unit", "with_unit", "with_period")
def compare_table(request: SiteRequest, kind: str) -> HttpResponseBase:
    """The same rows as a file; what does not fit leads to the page, which says so."""
    must_be_known(kind)
    shown = _shown(request)
    if shown is None:
        raise Http404(_("There is no campaign yet."))
    if shown.compared is None or shown.is_refused:
        return redirect(f"{reverse('compare')}?{request.GET.urlencode()}")
    name = f"comparison-{shown.campaign.slug}-{shown.period.month}"
    return table_answer(compare_sheets(shown.compared), kind=kind, name=name)


def _shown(request: SiteRequest) -> Shown | None:
    """None where there is no period yet."""
    selection, person = selection_of(request), person_of(request)
    if selection.campaign is None or selection.period is None:
        return None
    form = _form(request, selection, selection.period, person)
    is_both = bool(request.GET.get("with_unit") and request.GET.get("with_period"))
    problem = _("Compare two periods or two units, not both at once. Two units are shown.") if is_both else ""
    compared = None
    if form.has_choice and form.is_valid():
        compared = comparison(*form.places, periods=selection.periods, person=person)
    return Shown(selection.campaign, selection.period, form, problem, compared)


def _form(request: SiteRequest, selection: Selection, period: Period, person: Capacities) -> PeriodsForm | UnitsForm:
    units = units_of(period.campaign)
    own = next((one for one in units if one.pk in person.shown_units), None)
    if request.GET.get("with_unit"):
        return UnitsForm(request.GET, period=period, units=units, own=own)
    shown_first: Unit | None = None if can_see_all_standings(person, period) else own
    return PeriodsForm(request.GET, period=period, periods=selection.periods, units=units, own=shown_first)


def _chart(compared: Comparison, first: str, second: str) -> Chart | None:
    if not compared.has_figures:
        return None
    pairs = [
        Pair(
            name=f"{line.action.number} {line.action.short}",
            first=line.first.composite.attainment if line.first else None,
            second=line.second.composite.attainment if line.second else None,
        )
        for line in compared.lines
        if line.action
    ]
    return compare(pairs, first=first, second=second)
