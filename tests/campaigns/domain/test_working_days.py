"""The Chinese working calendar, held against the published notices for 2022 and 2026 day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.working_days import WorkingCalendar

CALENDAR = WorkingCalendar()
days = st.dates(date(2015, 1, 1), date(2032, 12, 31))

# The State Council's notices, as (first day off, last day off) and weekend days worked.
OFF = {
    2022: [
        *(("01-01", "01-03"), ("01-31", "02-06"), ("04-03", "04-05"), ("04-30", "05-04")),
        *(("06-03", "06-05"), ("09-10", "09-12"), ("10-01", "10-07")),
    ],
    2026: [
        *(("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05")),
        *(("06-19", "06-21"), ("09-25", "09-27"), ("10-01", "10-07")),
    ],
}
WORKED = {
    2022: ["01-29", "01-30", "04-02", "04-24", "05-07", "10-08", "10-09"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
}


def each_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


@pytest.mark.parametrize("year", [2022, 2026])
def test_every_day_of_the_year_is_as_announced(year: int) -> None:
    off = {
        day
        for first, last in OFF[year]
        for day in each_day(date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last}"))
    }
    worked = {date.fromisoformat(f"{year}-{day}") for day in WORKED[year]}
    for day in each_day(date(year, 1, 1), date(year, 12, 31)):
        expected = day in worked or (day.weekday() < 5 and day not in off)
        assert CALENDAR.is_working(day) is expected, day


@pytest.mark.parametrize("year", range(2001, 2027))
def test_announced_years_are_covered(year: int) -> None:
    assert CALENDAR.is_covered(year)


@pytest.mark.parametrize("year", [1949, 2000, 2090, 2250])
def test_other_years_are_not_covered_and_count_monday_to_friday(year: int) -> None:
    assert not CALENDAR.is_covered(year)
    for day in each_day(date(year, 9, 25), date(year, 10, 12)):
        assert CALENDAR.is_working(day) is (day.weekday() < 5)


def test_a_make_up_saturday_is_worked_and_a_holiday_monday_is_not() -> None:
    assert CALENDAR.is_working(date(2022, 10, 8))
    assert CALENDAR.is_working(date(2022, 10, 9))
    assert not CALENDAR.is_working(date(2022, 9, 12))


def test_the_office_can_override_a_day_either_way() -> None:
    calendar = WorkingCalendar({date(2022, 8, 6): True, date(2022, 8, 8): False, date(2090, 10, 2): False})
    assert calendar.is_working(date(2022, 8, 6))
    assert not calendar.is_working(date(2022, 8, 8))
    assert not calendar.is_working(date(2090, 10, 2))
    assert calendar.add(date(2022, 8, 5), 2) == date(2022, 8, 9)


def test_overrides_do_not_make_a_year_covered() -> None:
    assert not WorkingCalendar({date(2090, 10, 2): False}).is_covered(2090)


@pytest.mark.parametrize(
    ("day", "rolled"),
    [
        ("2022-10-05", "2022-10-08"),
        ("2022-11-05", "2022-11-07"),
        ("2022-09-10", "2022-09-13"),
        ("2022-08-05", "2022-08-05"),
    ],
)
def test_a_day_off_rolls_to_the_next_working_day(day: str, rolled: str) -> None:
    assert CALENDAR.roll_forward(date.fromisoformat(day)) == date.fromisoformat(rolled)


def test_papers_two_working_days_ahead_skip_the_weekend() -> None:
    assert CALENDAR.back(date(2022, 7, 27), 2) == date(2022, 7, 25)
    assert CALENDAR.back(date(2022, 9, 13), 2) == date(2022, 9, 8)


def test_counting_backward_by_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add(date(2022, 8, 5), -1)
    with pytest.raises(ValueError, match="not negative"):
        CALENDAR.back(date(2022, 8, 5), -1)


def test_nothing_lies_between_a_day_and_an_earlier_one() -> None:
    assert CALENDAR.between(date(2022, 8, 5), date(2022, 8, 5)) == 0
    assert CALENDAR.between(date(2022, 8, 5), date(2022, 8, 1)) == 0


@given(days, st.integers(0, 60))
def test_between_undoes_add(day: date, count: int) -> None:
    assert CALENDAR.between(day, CALENDAR.add(day, count)) == count


@given(days, st.integers(1, 60))
def test_back_undoes_add_from_a_working_day(day: date, count: int) -> None:
    start = CALENDAR.roll_forward(day)
    assert CALENDAR.back(CALENDAR.add(start, count), count) == start


@given(days, st.integers(1, 60))
def test_add_lands_on_a_working_day(day: date, count: int) -> None:
    assert CALENDAR.is_working(CALENDAR.add(day, count))
    assert CALENDAR.add(day, count) == CALENDAR.add(CALENDAR.add(day, count - 1), 1)


@given(days)
def test_rolling_is_done_after_one_roll(day: date) -> None:
    rolled = CALENDAR.roll_forward(day)
    assert rolled >= day
    assert CALENDAR.is_working(rolled)
    assert CALENDAR.roll_forward(rolled) == rolled


@given(days, st.integers(0, 90), st.integers(0, 90))
def test_working_days_add_up(day: date, first: int, second: int) -> None:
    middle = day + timedelta(days=first)
    end = middle + timedelta(days=second)
    assert CALENDAR.between(day, end) == CALENDAR.between(day, middle) + CALENDAR.between(middle, end)
