"""What the score sheet in Excel says in words: where a figure is from, by which report, and through whose hands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from awards.queries.score_sheet import ReportTrace, ScoreSheet, SheetLine
from campaigns.templatetags.look import month_name
from units.models import Source, User

PARAMETERS: dict[str, Any] = {
    "target": gettext_lazy("Full from, %"),
    "full_at": gettext_lazy("Full at, %"),
    "step_per_point": gettext_lazy("% for each point"),
    "plan": gettext_lazy("Plan, %"),
    "band": gettext_lazy("Width of a band, points"),
    "points": gettext_lazy("% for each band"),
    "bonus_cap": gettext_lazy("At most so much more, %"),
    "penalty_cap": gettext_lazy("At most so much less, %"),
    "first": gettext_lazy("First place, %"),
    "step": gettext_lazy("Less for each place, %"),
    "floor": gettext_lazy("Not below, %"),
}
"""Headings of the parameters of all methods, in the order of their columns."""


def origin_words(line: SheetLine) -> str:
    """What the figure was made of, shortly."""
    origin = line.origin
    told = []
    if line.is_missing:
        told.append(_("missing"))
    if origin.get("value") is not None:
        told.append(_("actual %(value)s") % {"value": origin["value"]})
    if "target" in origin:
        told.append(_("baseline %(baseline)s, target %(target)s") % origin)
    if "expected" in origin:
        told.append(_("%(on_time)d of %(expected)d in time") % origin)
    if "projects" in origin:
        count = len(origin["projects"])
        told.append(ngettext("%(count)d project", "%(count)d projects", count) % {"count": count})
    if line.mark is not None and line.mark.note:
        told.append(line.mark.note)
    if line.is_corrected:
        told.append(_("corrected"))
    return _("; ").join(told)


def report_words(reports: Sequence[ReportTrace]) -> str:
    """The one report, or how many; they stand line by line on the sheet of reports."""
    if len(reports) == 1:
        return report_name(reports[0])
    if not reports:
        return ""
    return ngettext("%(count)d report", "%(count)d reports", len(reports)) % {"count": len(reports)}


def report_name(trace: ReportTrace) -> str:
    report = trace.report
    return f"{month_name(report.period.month)} · {report.action.number} {report.action.name}"


def people_words(line: SheetLine) -> str:
    """Who gave the mark, or through whose hands the one report went; only who may see the report reads names."""
    if line.mark is not None:
        return _("given by %(person)s") % {"person": line.mark.given_by.display_name}
    if len(line.reports) != 1:
        return ""
    trace = line.reports[0]
    hands = (
        (_("filed by %(person)s"), trace.filed_by),
        (_("signed by %(person)s"), trace.signed_by),
        (_("approved by %(person)s"), trace.approved_by),
    )
    return _("; ").join(words % {"person": person.display_name} for words, person in hands if person is not None)


def name_or_nothing(person: User | None) -> str:
    return person.display_name if person is not None else ""


def has_sample(sheet: ScoreSheet) -> bool:
    award = sheet.round
    sources = {award.source, award.scheme.source, *(one.source for one in sheet.criteria)}
    for unit in sheet.units:
        sources |= {unit.score.source, *(one.source for one in unit.adjustments)}
        sources |= {line.mark.source for line in unit.lines if line.mark is not None}
        sources |= {trace.report.source for line in unit.lines for trace in line.reports}
    return Source.SAMPLE in sources
