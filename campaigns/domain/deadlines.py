"""Says when a period opens, when its reports are due, when it closes, and which reminder that makes today.

All of it follows from the period's days, the campaign's rule and the working calendar; nothing is stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from campaigns.domain.months import Span
from campaigns.domain.working_days import WorkingCalendar

_HEAD_FROM = 3
_OFFICE_FROM = 5
_REPORTER_EVERY = 3


@dataclass(frozen=True, slots=True)
class DueRule:
    """A campaign's rule: due in the same (0) or next (1) calendar month on ``day`` at ``hour``, closing so many
    working days later, open for so many last days of the period (7: from the seventh day before its end on, that day
    and the last included). Raises ``ValueError`` for values that make no rule."""

    month_offset: int = 1
    day: int = 5
    hour: int = 18
    closing_working_days: int = 5
    opens_days_before_end: int = 7

    def __post_init__(self) -> None:
        if self.month_offset not in (0, 1):
            raise ValueError("month_offset is 0 (same month) or 1 (next month)")
        if not 1 <= self.day <= 31:
            raise ValueError("day is 1 to 31")
        if not 0 <= self.hour <= 23:
            raise ValueError("hour is 0 to 23")
        if self.closing_working_days < 0:
            raise ValueError("closing_working_days is not negative")
        if self.opens_days_before_end < 1:
            raise ValueError("opens_days_before_end is at least 1")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The instants of one period, aware, in the zone they were asked in. Due and closing end with that instant."""

    opens_at: datetime
    due_at: datetime
    closes_at: datetime


def deadlines(span: Span, *, rule: DueRule, calendar: WorkingCalendar, tz: tzinfo) -> Deadlines:
    """The deadlines of the period ``span``.

    The due day is counted in calendar months, not in the clipped period, clamped to the month's length and rolled to a
    working day; closing comes at the same hour. A period opens at 00:00, never before its first day. A rule of the
    same month whose day lies before the period's end opens as many days before the due day instead; one whose day lies
    before the period begins makes the reports due on the period's last day.
    """
    due_on = _due_on(span, rule, calendar)
    opens_on = max(span.starts_on, min(span.ends_on, due_on) - timedelta(days=rule.opens_days_before_end - 1))
    at = time(rule.hour)
    return Deadlines(
        opens_at=datetime.combine(opens_on, time.min, tz),
        due_at=datetime.combine(due_on, at, tz),
        closes_at=datetime.combine(calendar.add(due_on, rule.closing_working_days), at, tz),
    )


def _due_on(span: Span, rule: DueRule, calendar: WorkingCalendar) -> date:
    month = span.month.plus(rule.month_offset)
    due_on = min(month.last_day, month.first_day + timedelta(days=rule.day - 1))
    if due_on < span.starts_on:
        due_on = span.ends_on
    return calendar.roll_forward(due_on)


def days_left(now: datetime, due_at: datetime, *, tz: tzinfo) -> int:
    """Calendar days from today to the due day as people count them in ``tz``: 0 on the day itself, negative after."""
    return (due_at.astimezone(tz).date() - now.astimezone(tz).date()).days


def due_soon_stage(today: date, due_on: date, stages: Iterable[int] = (7, 3, 1)) -> int | None:
    """The newest "due in N days" reminder that is reached, so that a missed day catches up; ``None`` before the first
    and after the due day. On the due day it is still the last one."""
    days = (due_on - today).days
    if days < 0:
        return None
    return min((stage for stage in stages if days <= stage), default=None)


@dataclass(frozen=True, slots=True)
class OverdueStage:
    """How far overdue a report is in working days, and the newest reminder that each person has coming: the number of
    the working day it belongs to, ``None`` where theirs is not reached yet."""

    working_days: int
    reporter: int
    head: int | None
    office: int | None


def overdue_stage(today: date, due_on: date, calendar: WorkingCalendar, closing_on: date) -> OverdueStage | None:
    """The overdue reminders reached on ``today``: reporter on working days 1, 4, 7 … after the due day, head on 3,
    office on 5. ``None`` until a first working day has begun and once ``closing_on`` has passed."""
    if today > closing_on:
        return None
    passed = calendar.between(due_on, today)
    if passed == 0:
        return None
    return OverdueStage(
        working_days=passed,
        reporter=passed - (passed - 1) % _REPORTER_EVERY,
        head=_HEAD_FROM if passed >= _HEAD_FROM else None,
        office=_OFFICE_FROM if passed >= _OFFICE_FROM else None,
    )
