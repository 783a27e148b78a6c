"""The page of one unit: where it stands, its actions and figures, and how it stood before."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.documents.charts.chart import Chart
from campaigns.documents.charts.rank_over_time import RankLine, rank_over_time
from campaigns.documents.charts.side_by_side import Bar, side_by_side
from campaigns.queries import units as query
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of, selection_of


@require_safe
def unit_page(request: SiteRequest, code: str) -> HttpResponse:
    selection = selection_of(request)
    if selection.period is None:
        raise Http404(_("There is no campaign yet."))
    try:
        page = query.unit_page(
            selection.period,
            code=code,
            periods=selection.periods,
            person=person_of(request),
            now=request.business_now,
        )
    except query.UnknownUnit as error:
        raise Http404(_("There is no unit “%s”.") % error) from error
    charts = {"pull_chart": _pull_chart(page), "rank_chart": _rank_chart(page)}
    return render(request, "campaigns/unit.html", {"page": page, "campaign": selection.campaign, **charts})


def _pull_chart(page: query.UnitPage) -> Chart | None:
    """The actions side by side, what pulls the unit down most above."""
    bars = [
        Bar(
            name=f"{one.progress.action.number} {one.progress.action.short}",
            attained=one.progress.composite.attainment,
            planned=one.progress.composite.planned,
            light=one.progress.light,
        )
        for one in page.by_contribution
    ]
    return side_by_side(bars, what=_("Action")) if bars else None


def _rank_chart(page: query.UnitPage) -> Chart | None:
    """The way of the ranks; a single published period makes none."""
    course = page.rank_course
    if course is None or len(course.periods) < 2:
        return None
    lines = [RankLine(unit.short, ranks, is_own=unit == page.unit) for unit, ranks in course.rows]
    return rank_over_time(lines, [one.month for one in course.periods], group=course.group.name)
