"""The arithmetic of meetings: when the next one is held, when its papers are due, and how its time is spent.

The rules are in ``docs/meetings.md``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from campaigns.domain.months import Month
from campaigns.domain.working_days import WorkingCalendar

PAPERS_AHEAD = 2
"""Working days before the meeting on which the papers are due."""
PAPERS_DUE_AT = time(18)
_MINUTES_OF_A_DAY = 24 * 60


class PaperState(StrEnum):
    """How it stands with the paper of an agenda item; computed, never stored."""

    HANDED_IN = "handed_in"
    DUE = "due"
    OVERDUE = "overdue"


def papers_due_on(held_on: date, calendar: WorkingCalendar) -> date:
    """Two working days before the meeting."""
    return calendar.back(held_on, PAPERS_AHEAD)


def next_day(day_of_month: int, *, after: date, calendar: WorkingCalendar) -> date:
    """The next such day of a month after ``after``, clamped to the month and rolled to a working day."""
    month = Month(after.year, after.month)
    while True:
        day = calendar.roll_forward(min(month.last_day, month.first_day + timedelta(days=day_of_month - 1)))
        if day > after:
            return day
        month = month.plus(1)


def paper_state(*, is_handed_in: bool, due_at: datetime | None, now: datetime) -> PaperState | None:
    """None where no paper is asked for; a paper that came late is handed in all the same."""
    if is_handed_in:
        return PaperState.HANDED_IN
    if due_at is None:
        return None
    return PaperState.OVERDUE if now > due_at else PaperState.DUE


@dataclass(frozen=True, slots=True)
class Slot:
    """From when until when an item is on, as minutes after the beginning and, where that is known, by the clock."""

    starts_after: int
    ends_after: int
    starts_at: time | None
    ends_at: time | None


def slots(starts_at: time | None, minutes: Iterable[int]) -> list[Slot]:
    """One item after the other from the beginning of the meeting; past midnight the clock begins anew."""
    found, passed = [], 0
    for length in minutes:
        ends = passed + length
        found.append(Slot(passed, ends, _clock(starts_at, passed), _clock(starts_at, ends)))
        passed = ends
    return found


def _clock(starts_at: time | None, minutes: int) -> time | None:
    if starts_at is None:
        return None
    whole = (starts_at.hour * 60 + starts_at.minute + minutes) % _MINUTES_OF_A_DAY
    return time(whole // 60, whole % 60)
