"""The tables of a pack besides the actions: standings, completeness, early-warning projects, the last meeting's
follow-ups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from campaigns.models import Campaign, EarlyWarning, Meeting
from campaigns.queries.completeness import Cell as ReportCell
from campaigns.queries.completeness import Completeness, Counts
from campaigns.queries.dashboard import Dashboard
from campaigns.queries.follow_ups import FollowUpRow, follow_up_row
from campaigns.queries.pack_actions import composite_of
from campaigns.queries.pack_words import both, day, name_of, percent, unit_of
from campaigns.queries.standings import StandingRow, Standings

# --- standings --------------------------------------------------------------------------------------------------------


def standings_rows(table: Standings) -> list[dict[str, Any]]:
    return [_standing(row) for row in table.rows]


def _standing(row: StandingRow) -> dict[str, Any]:
    return {
        "unit": {**unit_of(row.unit), "is_locality": row.unit.is_locality},
        "rank": row.rank,
        "movement": row.movement,
        "is_new": row.is_new,
        "is_incomplete": row.is_incomplete,
        "is_in_group": row.is_in_group,
        "is_corrected": row.is_corrected,
        "counted_in": row.unit.counted_in.code if row.unit.counted_in else None,
        **composite_of(row),
        "light": row.light.value,
        "cells": [
            {
                "action": cell.action.number,
                "published": composite_of(cell.progress)["published"] if cell.progress else None,
                "light": cell.progress.light.value if cell.progress else None,
                "is_assigned": cell.is_assigned,
            }
            for cell in row.cells
        ],
    }


def movers(board: Dashboard) -> dict[str, list[str]]:
    return {
        "risen": [row.unit.code for row in board.risen],
        "fallen": [row.unit.code for row in board.fallen],
    }


# --- completeness -----------------------------------------------------------------------------------------------------


def completeness_tables(board: Dashboard) -> dict[str, Any]:
    table = board.completeness
    return {
        "total": _counts(table.total),
        "units": [
            {"unit": unit_of(row.unit), **_counts(row.counts), "cells": _cells(table, row.cells)} for row in table.units
        ],
        "actions": [
            {"action": one.action.number, "name": name_of(one.action), **_counts(one.counts)} for one in table.actions
        ],
        "unfiled": [
            {"unit": unit_of(unit), "actions": [action.number for action in actions]} for unit, actions in board.unfiled
        ],
    }


def _counts(one: Counts) -> dict[str, Any]:
    """How many reports, and their rates over what is expected in percent."""
    return {
        "expected": one.expected,
        "filed": one.filed,
        "on_time": one.on_time,
        "approved": one.approved,
        "filed_rate": percent(one.filed_rate),
        "on_time_rate": percent(one.on_time_rate),
        "approved_rate": percent(one.approved_rate),
    }


def _cells(table: Completeness, cells: Sequence[ReportCell | None]) -> list[dict[str, Any]]:
    """One for each action of the table; without a report that is expected, nothing more is said."""
    return [
        {
            "action": column.action.number,
            "is_expected": cell is not None,
            "is_filed": cell is not None and cell.filing.is_filed,
            "is_on_time": cell is not None and cell.filing.is_on_time,
            "is_late": cell is not None and cell.is_late,
            "is_approved": cell is not None and cell.is_approved,
            "is_overdue": cell is not None and cell.is_overdue,
        }
        for column, cell in zip(table.actions, cells, strict=True)
    ]


# --- early-warning projects -------------------------------------------------------------------------------------------


def warned_projects(board: Dashboard) -> list[dict[str, Any]]:
    """One for each project with an open warning, the gravest first; what was said stands with its cause."""
    labels = both(lambda: {cause.value: str(cause.label) for cause in EarlyWarning.Cause})
    return [_warned(rows, labels) for rows in board.warned]


def _warned(rows: Sequence[EarlyWarning], labels: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    gravest = rows[0]
    project = gravest.project
    return {
        "project": {"code": project.code, "name": name_of(project), "unit": unit_of(project.unit)},
        "source": gravest.source,
        "level": gravest.level,
        "state": gravest.state,
        "causes": [
            {
                "cause": one.cause,
                "level": one.level,
                "state": one.state,
                "text": {language: words[one.cause] for language, words in labels.items()},
                "particulars": {name: str(value) for name, value in sorted(one.particulars.items())},
            }
            for one in rows
        ],
        **{name: _said(rows, name) for name in ("explanation", "measure", "accepted_reason")},
        "measure_due_on": day(min((one.measure_due_on for one in rows if one.measure_due_on), default=None)),
    }


def _said(rows: Sequence[EarlyWarning], name: str) -> str:
    """What was said to each cause, each text once."""
    return "\n".join(dict.fromkeys(text for one in rows if (text := getattr(one, name))))


# --- follow-ups -------------------------------------------------------------------------------------------------------


def last_follow_ups(campaign: Campaign, today: date) -> dict[str, Any]:
    """What the last meeting asked for in this campaign, and how far it is. Two queries.

    A meeting may stand on another campaign and still leave follow-ups in this one.
    """
    of_campaign = Q(campaign=campaign) | Q(follow_ups__campaign=campaign)
    meeting = Meeting.objects.filter(of_campaign, held_on__lte=today).order_by("-held_on", "-pk").first()
    if meeting is None:
        return {"meeting": None, "rows": []}
    rows = meeting.follow_ups.filter(campaign=campaign).select_related("lead").order_by("number")
    return {
        "meeting": {"name": name_of(meeting), "held_on": day(meeting.held_on)},
        "rows": [_follow_up(follow_up_row(one, today)) for one in rows],
    }


def _follow_up(row: FollowUpRow) -> dict[str, Any]:
    one = row.follow_up
    return {
        "number": one.number,
        "title": name_of(one, "title"),
        "lead": unit_of(one.lead),
        "due_on": day(one.due_on),
        "state": one.state,
        "urgency": row.urgency.value,
        "days": row.days,
        "source": one.source,
    }
