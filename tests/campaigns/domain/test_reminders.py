"""On which day a reminder fell due, by the Chinese calendar of September and October 2022."""

from datetime import date

import pytest

from campaigns.domain.reminders import (
    ACCEPTANCE_RULE,
    WARNING_RULE,
    AnswerDays,
    OverdueDays,
    due_soon_on,
    follow_up_overdue_on,
    meeting_soon_on,
    opened_on,
    overdue_on,
    papers_due_on,
    review_overdue_on,
    signature_overdue_on,
    unanswered_on,
    untouched_on,
)
from campaigns.domain.working_days import WorkingCalendar

CALENDAR = WorkingCalendar()
DUE, CLOSING = date(2022, 9, 5), date(2022, 9, 13)


def september(day: int) -> date:
    return date(2022, 9, day)


@pytest.mark.parametrize(("today", "day"), [(1, None), (2, 2), (3, 2), (5, 2), (6, None)])
def test_of_one_stage_the_day_is_three_days_before(today: int, day: int | None) -> None:
    assert due_soon_on(september(today), DUE, stages=(3,)) == (day and september(day))


def test_of_several_stages_the_newest_counts() -> None:
    assert due_soon_on(september(4), DUE) == september(4)
    assert due_soon_on(september(3), DUE) == september(2)
    assert due_soon_on(september(1), DUE) == date(2022, 8, 29)
    assert due_soon_on(date(2022, 8, 28), DUE) is None


@pytest.mark.parametrize(("today", "is_told"), [(24, False), (25, True), (28, True), (29, False)])
def test_a_period_has_opened_until_it_is_due_in_seven_days(today: int, is_told: bool) -> None:
    opens_on = date(2022, 8, 25)
    assert opened_on(date(2022, 8, today), opens_on, DUE) == (opens_on if is_told else None)


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


@pytest.mark.parametrize(("today", "day"), [(5, None), (6, 6), (9, 6)])
def test_more_patience_makes_a_later_day(today: int, day: int | None) -> None:
    assert review_overdue_on(september(today), date(2022, 8, 31), patience=5) == (day and september(day))


@pytest.mark.parametrize(("today", "day"), [(2, None), (3, 3), (8, 3)])
def test_what_came_back_is_untouched_after_two_days(today: int, day: int | None) -> None:
    assert untouched_on(september(today), september(1)) == (day and september(day))


@pytest.mark.parametrize(
    ("today", "unit", "decider", "office"),
    [
        (7, None, None, None),
        (8, 8, None, None),  # the third working day after Monday the 5th
        (12, 8, None, None),  # 10 to 12 September are the Mid-Autumn holiday
        (13, 8, 13, None),
        (14, 14, 13, None),
        (15, 14, 13, 15),
        (19, 19, 13, 15),
    ],
)
def test_an_unanswered_warning_climbs_by_working_days(
    today: int, unit: int | None, decider: int | None, office: int | None
) -> None:
    reached = unanswered_on(september(today), DUE, CALENDAR, WARNING_RULE)
    told = reached and (reached.unit, reached.decider, reached.office)
    assert told == (
        unit and (september(unit), decider and september(decider), office and september(office))  # type: ignore[comparison-overlap]
    )


def test_an_unaccepted_follow_up_is_told_once_and_then_to_the_office() -> None:
    assert unanswered_on(september(14), DUE, CALENDAR, ACCEPTANCE_RULE) == AnswerDays(september(8), None, september(13))


@pytest.mark.parametrize(
    ("today", "unit", "office"), [(5, None, None), (6, 6, None), (8, 6, None), (9, 9, None), (14, 9, 13), (15, 15, 13)]
)
def test_an_overdue_follow_up_climbs_by_working_days(today: int, unit: int | None, office: int | None) -> None:
    reached = follow_up_overdue_on(september(today), DUE, CALENDAR)
    told = reached and (reached.unit, reached.office)
    assert told == (unit and (september(unit), office and september(office)))


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
