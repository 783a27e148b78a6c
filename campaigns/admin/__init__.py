"""The administration's pages for campaigns, the monthly cycle, projects, meetings and follow-ups."""

from . import (
    actions,
    calendar,
    campaigns,
    follow_ups,
    indicators,
    judgements,
    meetings,
    packs,
    periods,
    projects,
    reports,
    warnings,
)

__all__ = [
    "actions",
    "calendar",
    "campaigns",
    "follow_ups",
    "indicators",
    "judgements",
    "meetings",
    "packs",
    "periods",
    "projects",
    "reports",
    "warnings",
]
