"""The instant, and what every kind of reminder looks up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from campaigns.domain.working_days import WorkingCalendar
from campaigns.queries.calendars import working_calendar
from campaigns.queries.clock import local_day
from campaigns.queries.recipients import People

NAMED = 12
"""So many units, warnings or follow-ups are named in one message."""


@dataclass(frozen=True, slots=True)
class Scene:
    now: datetime
    today: date
    calendar: WorkingCalendar
    people: People

    @classmethod
    def at(cls, now: datetime) -> Scene:
        """Two queries."""
        return cls(now, local_day(now), working_calendar(), People.on(local_day(now)))


def named(stem: str, row: Any) -> dict[str, str]:
    """Both names, so that the words can follow the reader's language."""
    return {f"{stem}_en": row.name_en, f"{stem}_zh": row.name_zh}
