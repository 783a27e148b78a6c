"""The papers of a meeting's presenters as documents: figures, lights, forecasts, what reports say, and the projects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.documents.pack_words import SHAPES, TINTS, is_chinese
from campaigns.documents.papers import Cell, Paper, Table
from campaigns.models import Meeting
from campaigns.queries.indicator_rows import IndicatorRow
from campaigns.queries.meeting_papers import ActionPart, PresenterPaper, ProjectPart
from campaigns.templatetags.look import LIGHTS, MISSING, month_name, number_text, percent, short_day_year


def presenters_paper(meeting: Meeting, papers: Sequence[PresenterPaper], now: datetime) -> Paper:
    """The papers of all items, or of one."""
    one = papers[0] if len(papers) == 1 else None
    month = month_name(meeting.period.month) if meeting.period else ""
    return Paper(
        language="zh" if is_chinese() else "en",
        issuer=meeting.campaign.office.name,
        title=one.item.title if one else _("Papers of the presenters"),
        as_of=now,
        date=short_day_year(localtime(now)),
        subtitle=" · ".join(part for part in (meeting.name, short_day_year(meeting.held_on), month) if part),
        note=_("Contains sample figures.") if any(paper.has_sample for paper in papers) else "",
        tables=[table for paper in papers for table in _tables(paper)],
        is_wide=True,
    )


def _tables(paper: PresenterPaper) -> Iterable[Table]:
    head = f"{paper.number}. {paper.item.title}"
    if paper.is_empty:
        yield Table(head, [], [], [], empty=_("Nothing of this unit is approved yet."))
        return
    for part in paper.actions:
        yield _figures(head, part)
        head = ""
        if part.report is not None:
            yield from _narrative(part)
    if paper.projects:
        yield _projects(head, paper)


def _figures(head: str, part: ActionPart) -> Table:
    of_whom = _("%(action)s, the whole city") if part.is_city else "%(action)s"
    named = of_whom % {"action": part.action.name}
    return Table(
        title=f"{head} · {named}" if head else named,
        head=[_("Indicator"), _("Target"), _("Planned to date"), _("Actual"), _("Year on year, %"), _("Attained, %"),
              _("Light"), _("Projected")],
        widths=[6, 2, 2, 2, 2, 2, 2, 3],
        rows=[_figure_cells(row) for row in part.rows],
        empty=MISSING,
    )  # fmt: skip


def _figure_cells(row: IndicatorRow) -> list[Cell]:
    places = row.indicator.decimals
    light = str(row.light.value)
    return [
        Cell(f"{row.indicator.name} ({row.indicator.measure})"),
        Cell(number_text(row.line.target, places) if row.line else MISSING),
        Cell(number_text(row.planned_figure, places)),
        Cell(number_text(row.value, places)),
        Cell(number_text(row.growth)),
        Cell(percent(row.attainment, 2)),
        Cell(f"{SHAPES[light]} {LIGHTS[light][1]}", TINTS[light]),
        Cell(_projected(row)),
    ]


def _projected(row: IndicatorRow) -> str:
    told = row.forecast
    if told is None:
        return MISSING
    if told.shortfall:
        short = _("short by %(figure)s") % {"figure": number_text(told.shortfall)}
        return f"{number_text(told.projected)} ({short})"
    return number_text(told.projected)


def _narrative(part: ActionPart) -> Iterable[Table]:
    report = part.report
    if report is None:
        return
    said = [
        (_("What was done"), report.progress),
        (_("Problems"), report.problems),
        (_("Next step"), report.next_steps),
    ]
    rows = [[Cell(label), Cell(text)] for label, text in said if text]
    if rows:
        yield Table("", [_("Report"), part.action.name], [2, 12], rows)


def _projects(head: str, paper: PresenterPaper) -> Table:
    title = _("Major projects, 10,000 yuan")
    if paper.more_projects:
        title = _("%(title)s; %(more)d more are not listed") % {"title": title, "more": paper.more_projects}
    return Table(
        title=f"{head} · {title}" if head else title,
        head=[_("Project"), pgettext("of a warning", "Level"), _("Month"), _("Plan to date"), _("Invested to date"),
              _("Of the plan, %"), _("Image progress"), _("Problem"), _("Next step")],
        widths=[5, 2, 2, 2, 2, 2, 5, 4, 4],
        rows=[_project_cells(one) for one in paper.projects],
        empty=MISSING,
    )  # fmt: skip


def _project_cells(part: ProjectPart) -> list[Cell]:
    update: Any = part.update
    level = part.level or ""
    image = ""
    if update is not None:
        share = f"{number_text(update.image_percent)}% " if update.image_percent is not None else ""
        image = f"{share}{update.image_progress}"
    return [
        Cell(part.project.name),
        Cell(f"{SHAPES[level]} {LIGHTS[level][1]}", TINTS[level]) if level else Cell(MISSING),
        Cell(month_name(update.period.month) if update else MISSING),
        Cell(number_text(part.planned, 2)),
        Cell(number_text(update.invested_to_date, 2) if update else MISSING),
        Cell(number_text(part.share)),
        Cell(image or MISSING),
        Cell((update.problem if update else "") or MISSING),
        Cell((update.next_step if update else "") or MISSING),
    ]
