"""The headings of a pack, of its sections and of the columns of its tables, in the active language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def heads() -> dict[str, str]:
    """By the name under which a template finds them."""
    return {**_sections(), **_columns()}


def _sections() -> dict[str, str]:
    return {
        "contents": _("Contents"),
        "summary": _("Summary"),
        "remarks": _("Remarks of the office"),
        "standings": _("Standings"),
        "others": _("Departments and other units, without a rank"),
        "actions": _("Actions"),
        "lines": _("All actions in one table"),
        "indicators": _("Indicators"),
        "way": _("The way to the target"),
        "units": _("Units side by side"),
        "judgement": _("Judgement of the lead unit"),
        "warnings": _("Early-warning projects"),
        "no_warnings": _("No project has an open warning."),
        "completeness": _("Completeness of the reports"),
        "unfiled": _("Not filed"),
        "follow_ups": _("Follow-ups of the last meeting"),
        "no_follow_ups": _("There are no follow-ups."),
        "figures": _("Figures"),
        "annex": _("Annex: rules and digest"),
        "rules": _("Rules"),
        "digest": _("Digest"),
        "digest_note": _("SHA-256 of the content from which this pack was drawn; the same content gives the same."),
    }


def _columns() -> dict[str, str]:
    return {
        "rank": _("Rank"),
        "unit": _("Unit"),
        "movement": _("Movement"),
        "attained": _("Attained, %"),
        "planned": _("Planned, %"),
        "gap": _("Gap, points"),
        "pace": _("Share of pace, %"),
        "coverage": _("Coverage, %"),
        "change": _("Change, points"),
        "projected": _("At this rate"),
        "light": _("Light"),
        "note": _("Note"),
        "action": _("Action"),
        "lead": _("Lead unit"),
        "indicator": _("Indicator"),
        "value": _("Actual"),
        "target": _("Target"),
        "planned_value": _("Plan to date"),
        "present": _("Units with figures"),
        "project": _("Project"),
        "level": _("Level"),
        "state": _("State"),
        "causes": _("Causes"),
        "explanation": _("Explanation"),
        "measure": _("Measure"),
        "expected": _("Expected"),
        "filed": _("Filed"),
        "on_time": _("On time"),
        "approved": _("Approved"),
        "filed_rate": _("Filed, %"),
        "on_time_rate": _("On time, %"),
        "number": _("No."),
        "item": _("Item"),
        "due": _("Due"),
        "urgency": _("Urgency"),
        "total": _("Total"),
    }
