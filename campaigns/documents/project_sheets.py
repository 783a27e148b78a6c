"""The list of projects as a sheet for Excel and CSV, with the filters of the page. Money is in 10,000 yuan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from campaigns.domain.figures import half_up
from campaigns.domain.project_checks import share_of
from campaigns.models import EarlyWarning
from units.documents.sheets import Cell, Column, Sheet
from units.models import Source

LEVELS = dict(EarlyWarning.Level.choices)


def project_sheets(rows: Iterable[Any]) -> list[Sheet]:
    """Rows of `queries.projects.projects_of`."""
    listed = list(rows)
    columns = [
        Column(_("Project code"), 16), Column(_("Project"), 30), Column(_("Unit"), 24),
        Column(_("Lead department"), 24), Column(_("Industry class"), 18), Column(_("Class"), 14),
        Column(_("Stage"), 18), Column(_("Early warning"), 12), Column(_("Total investment, 10,000 yuan"), 16),
        Column(_("Invested to the end of last year, 10,000 yuan"), 16), Column(_("Plan this year, 10,000 yuan"), 16),
        Column(_("Month"), 10), Column(_("Plan to date, 10,000 yuan"), 16), Column(_("Done to date, 10,000 yuan"), 16),
        Column(_("Percent of the year's plan"), 12), Column(_("Percent of the plan to date"), 12),
        Column(_("Image progress, %"), 12), Column(_("Planned start"), 12), Column(_("Planned finish"), 12),
        Column(_("Actual start"), 12), Column(_("Actual finish"), 12), Column(_("Reason for the exit"), 30),
    ]  # fmt: skip
    has_sample = any(one.source == Source.SAMPLE for one in listed)
    return [Sheet(_("Projects"), columns, map(_row, listed), [_("Contains sample figures.")] if has_sample else [])]


def _row(one: Any) -> list[Any]:
    level = one.warning_level
    return [
        one.code, one.name, one.unit.name, one.lead.name, one.industry, one.get_project_class_display(),
        one.get_stage_display(), Cell(str(LEVELS[level]), level) if level else "", one.total_investment,
        one.invested_before, one.plan_this_year, one.month, one.planned, one.done,
        _percent(one.done, one.plan_this_year), _percent(one.done, one.planned), one.image, one.planned_start_on,
        one.planned_finish_on, one.started_on, one.finished_on, one.exit_reason,
    ]  # fmt: skip


def _percent(part: Any, whole: Any) -> Any:
    share = share_of(part, whole)
    return None if share is None else half_up(share, 2)
