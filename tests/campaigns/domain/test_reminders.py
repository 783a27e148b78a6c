"""On which day a reminder fell due, by the Chinese calendar of September and October 2022."""

from datetime import date

import pytest

from campaigns.domain.reminders import (
    OverdueDays,
    due_soon_on,
    meeting_soon_on,
    overdue_on,
    papers_due_on,
    review_overdue_on,
    signature_overdue_on,
)
from campaigns.domain.working_days import WorkingCalendar

CALENDAR = WorkingCalendar()
DUE, CLOSING = date(2022, 9, 5), date(2022, 9, 13)


def september(day: int) -> date:
    return date(2022, 9, day)


@pytest.mark.parametrize(("today", "day"), [(1, None), (2, 2), (3, 2), (5, 2), (6, None)])
def test_due_soon_is_of_the_day_three_days_before(today: int, day: int | None) -> None:
    assert due_soon_on(september(today), DUE) == (day and september(day))


def test_of_several_stages_the_newest_counts() -> None:
    assert due_soon_on(september(4), DUE, stages=(7, 3, 1)) == september(4)
    assert due_soon_on(september(3), DUE, stages=(7, 3, 1)) == september(2)


@pytest.mark.parametrize(
    ("today", "reporter", "head", "office"),
    [
        (6, 6, None, None),
        (7, 6, None, None),
        (8, 6, 8, None),
        (9, 9, 8, None),
        (12, 9, 8, None),  # 10 to 12 September are the Mid-Autumn holiday
        (13, 9, 8, 13),
    ],
)
def test_overdue_days_follow_the_working_calendar(
    today: int, reporter: int, head: int | None, office: int | None
) -> None:
    reached = overdue_on(september(today), DUE, CALENDAR, CLOSING)
    assert reached == OverdueDays(
        september(reporter),
        head and september(head),
        office and september(office),  # type: ignore[arg-type]
    )


def test_a_make_up_sunday_is_a_working_day() -> None:
    reached = overdue_on(date(2022, 10, 9), date(2022, 10, 8), CALENDAR, date(2022, 10, 13))
    assert reached is not None
    assert reached.reporter == date(2022, 10, 9)


@pytest.mark.parametrize("today", [5, 14])
def test_nothing_is_overdue_on_the_due_day_or_after_closing(today: int) -> None:
    assert overdue_on(september(today), DUE, CALENDAR, CLOSING) is None


@pytest.mark.parametrize(("today", "day"), [(3, None), (4, 4), (9, 4)])
def test_a_review_is_overdue_after_three_whole_days(today: int, day: int | None) -> None:
    assert review_overdue_on(september(today), filed_on=date(2022, 8, 31)) == (day and september(day))


def test_a_head_is_asked_from_the_day_after_but_not_before_the_reports_are_due_soon() -> None:
    assert signature_overdue_on(september(1), date(2022, 8, 28), DUE) is None
    assert signature_overdue_on(september(2), date(2022, 8, 28), DUE) == september(2)
    assert signature_overdue_on(september(3), september(3), DUE) is None
    assert signature_overdue_on(september(6), september(3), DUE) == september(4)


@pytest.mark.parametrize(("today", "day"), [(16, None), (17, 17), (20, 17), (21, None)])
def test_a_meeting_is_announced_three_days_before(today: int, day: int | None) -> None:
    assert meeting_soon_on(september(today), september(20)) == (day and september(day))


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2022, 9, 19), None),
        (date(2022, 9, 20), date(2022, 9, 20)),
        (date(2022, 9, 21), date(2022, 9, 20)),
        (date(2022, 9, 22), date(2022, 9, 22)),
        (date(2022, 9, 23), None),
    ],
)
def test_a_paper_is_asked_for_two_days_before_and_on_the_day(today: date, day: date | None) -> None:
    assert papers_due_on(today, date(2022, 9, 22)) == day
