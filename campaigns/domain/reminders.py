"""Says on which day a reminder fell due, so that it is the same reminder however late somebody looks.

Each function takes today and returns the newest day reached, or `None`; the older ones are not made up.
The rules are in ``docs/reminders.md``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.domain.deadlines import due_soon_stage, overdue_stage
from campaigns.domain.working_days import WorkingCalendar

DUE_SOON_DAYS = (7, 3, 1)
SIGNATURE_FROM_DAYS = 3
MEETING_SOON_DAYS = (3,)
PAPERS_DUE_DAYS = (2, 0)
REVIEW_PATIENCE_DAYS, REVIEW_HEAD_DAYS, REVIEW_OFFICE_DAYS = 3, 5, 7
"""A report that has waited for longer is told to the reviewers, the heads of their department, the office."""
UNTOUCHED_DAYS = 2
FOLLOW_UP_DUE_DAYS = (3,)
FOLLOW_UP_EVERY, FOLLOW_UP_OFFICE_FROM = 3, 5
"""Working days after the due day: the lead unit on 1, 4, 7 …, the office on 5."""


def due_soon_on(today: date, due_on: date, stages: Iterable[int] = DUE_SOON_DAYS) -> date | None:
    """The day of the newest "due in N days" that is reached; `None` before the first and after the due day."""
    stage = due_soon_stage(today, due_on, stages)
    return None if stage is None else due_on - timedelta(days=stage)


def opened_on(today: date, opens_on: date, due_on: date, stages: Iterable[int] = DUE_SOON_DAYS) -> date | None:
    """The day on which a period opened; `None` before it, and once the first "due in N days" says more."""
    return opens_on if opens_on <= today <= due_on and due_soon_on(today, due_on, stages) is None else None


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


def review_overdue_on(today: date, filed_on: date, patience: int = REVIEW_PATIENCE_DAYS) -> date | None:
    """The first day on which a report has waited for its reviewer for more than so many days."""
    day = filed_on + timedelta(days=patience + 1)
    return day if day <= today else None


def untouched_on(today: date, returned_on: date) -> date | None:
    """The day on which a report that came back has lain untouched for two days."""
    day = returned_on + timedelta(days=UNTOUCHED_DAYS)
    return day if day <= today else None


def signature_overdue_on(today: date, asked_on: date, due_on: date) -> date | None:
    """The first day on which a head is asked for a signature: the day after it was asked for, but not before the
    third day ahead of the due day."""
    day = max(asked_on + timedelta(days=1), due_on - timedelta(days=SIGNATURE_FROM_DAYS))
    return day if day <= today else None


# --- what waits for an answer -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerDays:
    """The day of the newest reminder of something unanswered for each of the three; `None` where it is not reached."""

    unit: date
    decider: date | None
    office: date | None


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """On which working day after it was asked: the unit first, and every so many days again (0: once), those who
    decide on it, and the office (`None`: never)."""

    unit: int
    every: int
    decider: int | None
    office: int | None


WARNING_RULE = AnswerRule(unit=3, every=3, decider=5, office=7)
ACCEPTANCE_RULE = AnswerRule(unit=3, every=0, decider=None, office=5)


def unanswered_on(today: date, since_on: date, calendar: WorkingCalendar, rule: AnswerRule) -> AnswerDays | None:
    """Who is reached by now about what has waited since that day; `None` while the unit still has time."""
    passed = calendar.between(since_on, today)
    if passed < rule.unit:
        return None
    of_unit = passed - (passed - rule.unit) % rule.every if rule.every else rule.unit
    return AnswerDays(
        unit=calendar.add(since_on, of_unit),
        decider=_reached(since_on, passed, rule.decider, calendar),
        office=_reached(since_on, passed, rule.office, calendar),
    )


def follow_up_overdue_on(today: date, due_on: date, calendar: WorkingCalendar) -> AnswerDays | None:
    """The lead unit on working days 1, 4, 7 … after the due day, the office on 5; `None` before."""
    passed = calendar.between(due_on, today)
    if passed == 0:
        return None
    return AnswerDays(
        unit=calendar.add(due_on, passed - (passed - 1) % FOLLOW_UP_EVERY),
        decider=None,
        office=_reached(due_on, passed, FOLLOW_UP_OFFICE_FROM, calendar),
    )


def _reached(since_on: date, passed: int, stage: int | None, calendar: WorkingCalendar) -> date | None:
    return None if stage is None or passed < stage else calendar.add(since_on, stage)
