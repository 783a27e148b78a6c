"""When the next meeting is held, when its papers are due, and how its time runs on."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from campaigns.domain.agenda import PaperState, next_day, paper_state, papers_due_on, slots
from campaigns.domain.working_days import WorkingCalendar

CALENDAR = WorkingCalendar()
DUE = datetime(2022, 9, 22, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("held_on", "due_on"),
    [
        (date(2022, 9, 26), date(2022, 9, 22)),  # over a weekend
        (date(2022, 9, 14), date(2022, 9, 9)),  # over the Mid-Autumn holiday, 10 to 12 September
        (date(2022, 10, 10), date(2022, 10, 8)),  # 8 and 9 October are worked to make up for the holiday
    ],
)
def test_papers_are_due_two_working_days_ahead(held_on: date, due_on: date) -> None:
    assert papers_due_on(held_on, CALENDAR) == due_on


@pytest.mark.parametrize(
    ("day", "after", "held_on"),
    [
        (26, date(2022, 9, 3), date(2022, 9, 26)),
        (26, date(2022, 9, 26), date(2022, 10, 26)),
        (31, date(2022, 9, 3), date(2022, 9, 30)),  # clamped to the month
        (10, date(2022, 9, 3), date(2022, 9, 13)),  # rolled over the holiday
        (31, date(2022, 12, 30), date(2023, 1, 3)),  # and over the end of the year
    ],
)
def test_the_next_meeting_falls_on_its_day_or_the_next_working_day(day: int, after: date, held_on: date) -> None:
    assert next_day(day, after=after, calendar=CALENDAR) == held_on


def test_a_paper_is_due_until_its_hour_and_overdue_from_then_on_but_late_is_handed_in() -> None:
    second = timedelta(seconds=1)
    assert paper_state(is_handed_in=False, due_at=DUE, now=DUE) == PaperState.DUE
    assert paper_state(is_handed_in=False, due_at=DUE, now=DUE + second) == PaperState.OVERDUE
    assert paper_state(is_handed_in=True, due_at=DUE, now=DUE + second) == PaperState.HANDED_IN
    assert paper_state(is_handed_in=False, due_at=None, now=DUE) is None


def test_times_run_on_from_the_beginning_and_over_midnight() -> None:
    told = [(one.starts_at, one.ends_at, one.starts_after) for one in slots(time(23, 40), [10, 25, 5])]
    assert told == [
        (time(23, 40), time(23, 50), 0),
        (time(23, 50), time(0, 15), 10),
        (time(0, 15), time(0, 20), 35),
    ]
    assert [(one.starts_at, one.starts_after) for one in slots(None, [10, 20])] == [(None, 0), (None, 10)]
    assert slots(time(9), []) == []
