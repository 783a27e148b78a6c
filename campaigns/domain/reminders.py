"""Says on which day a reminder fell due, so that it is the same reminder however late somebody looks.

Each function takes today and returns the newest day reached, or `None`; the older ones are not made up.
The rules are in ``docs/reminders.md``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.domain.deadlines import due_soon_stage, overdue_stage
from campaigns.domain.working_days import WorkingCalendar

DUE_SOON_DAYS = (3,)
MEETING_SOON_DAYS = (3,)
PAPERS_DUE_DAYS = (2, 0)
REVIEW_PATIENCE_DAYS = 3


def due_soon_on(today: date, due_on: date, stages: Iterable[int] = DUE_SOON_DAYS) -> date | None:
    """The day of the newest "due in N days" that is reached; `None` before the first and after the due day."""
    stage = due_soon_stage(today, due_on, stages)
    return None if stage is None else due_on - timedelta(days=stage)


def meeting_soon_on(today: date, held_on: date) -> date | None:
    """The day on which a meeting is announced; `None` before it and after the meeting's day."""
    return due_soon_on(today, held_on, MEETING_SOON_DAYS)


def papers_due_on(today: date, due_on: date) -> date | None:
    """The newest day on which a paper is asked for: two days before it is due, and the day itself."""
    return due_soon_on(today, due_on, PAPERS_DUE_DAYS)


@dataclass(frozen=True, slots=True)
class OverdueDays:
    """The day of the newest overdue reminder for each of the three; `None` where theirs is not reached."""

    reporter: date
    head: date | None
    office: date | None


def overdue_on(today: date, due_on: date, calendar: WorkingCalendar, closing_on: date) -> OverdueDays | None:
    """Reporter on working days 1, 4, 7 … after the due day, head on 3, office on 5; `None` outside of that."""
    stage = overdue_stage(today, due_on, calendar, closing_on)
    if stage is None:
        return None
    return OverdueDays(
        reporter=calendar.add(due_on, stage.reporter),
        head=None if stage.head is None else calendar.add(due_on, stage.head),
        office=None if stage.office is None else calendar.add(due_on, stage.office),
    )


def review_overdue_on(today: date, filed_on: date) -> date | None:
    """The first day on which a report has waited for its reviewer for more than three days."""
    day = filed_on + timedelta(days=REVIEW_PATIENCE_DAYS + 1)
    return day if day <= today else None


def signature_overdue_on(today: date, asked_on: date, due_on: date) -> date | None:
    """The first day on which a head is asked for a signature: the day after it was asked for, but not before the
    reports are due soon."""
    day = max(asked_on + timedelta(days=1), due_on - timedelta(days=max(DUE_SOON_DAYS)))
    return day if day <= today else None
