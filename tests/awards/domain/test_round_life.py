"""The life of a round: every row of its table, and the publicity window by the Chinese working calendar."""

from __future__ import annotations

from datetime import date

import pytest

from awards.domain.intervals import Interval, stretch
from awards.domain.round_life import (
    WHO_MAY,
    RoundState,
    RoundVerb,
    Window,
    WindowError,
    is_over,
    publicity_window,
    step,
)
from campaigns.domain.months import Month
from campaigns.domain.working_days import WorkingCalendar

CALENDAR = WorkingCalendar()
V, S = RoundVerb, RoundState


def test_each_verb_leads_from_a_state_to_one_place_at_most() -> None:
    for verb in RoundVerb:
        for state in RoundState:
            assert len([row for row in WHO_MAY if row.verb == verb and state in row.sources]) <= 1


def test_nothing_but_a_revision_touches_what_is_announced() -> None:
    assert [verb for verb in RoundVerb if step(verb, S.ANNOUNCED)] == [V.REVISE]


def test_what_changes_scores_after_the_review_leads_back_to_computed() -> None:
    for verb in (V.ADJUST, V.SEND_BACK):
        for state in (S.REVIEWED, S.IN_PUBLICITY):
            row = step(verb, state)
            assert row is not None
            assert row.target == S.COMPUTED


def window(starts_on: date, working_days: int = 3, **fields: date) -> Window:
    given = {"today": date(2022, 7, 1), **fields}
    return publicity_window(starts_on=starts_on, working_days=working_days, calendar=CALENDAR, **given)


@pytest.mark.parametrize(
    ("starts_on", "days", "ends_on"),
    [
        (date(2022, 7, 20), 3, date(2022, 7, 22)),
        (date(2022, 7, 21), 3, date(2022, 7, 25)),  # over a weekend
        (date(2022, 7, 23), 3, date(2022, 7, 27)),  # begins on a Saturday, which does not count
        (date(2022, 9, 30), 3, date(2022, 10, 9)),  # the National Day holiday, then a make-up Saturday and Sunday
        (date(2022, 7, 20), 1, date(2022, 7, 20)),
        (date(2022, 7, 20), 0, date(2022, 7, 20)),
    ],
)
def test_the_window_counts_working_days(starts_on: date, days: int, ends_on: date) -> None:
    assert window(starts_on, days) == Window(starts_on, ends_on)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"today": date(2022, 7, 21)}, "in_the_past"),
        ({"ends_on": date(2022, 7, 19)}, "ends_before_it_begins"),
        ({"ends_on": date(2022, 7, 21)}, "too_short"),
    ],
)
def test_a_window_that_cannot_be_is_refused(fields: dict[str, date], code: str) -> None:
    with pytest.raises(WindowError) as refused:
        window(date(2022, 7, 20), **fields)
    assert refused.value.code == code


def test_a_longer_window_may_be_given() -> None:
    assert window(date(2022, 7, 20), ends_on=date(2022, 7, 29)).ends_on == date(2022, 7, 29)


def test_the_result_waits_for_the_last_day_to_pass() -> None:
    open_window = Window(date(2022, 7, 20), date(2022, 7, 22))
    assert not is_over(open_window, date(2022, 7, 22), 3)
    assert is_over(open_window, date(2022, 7, 23), 3)
    assert is_over(Window(date(2022, 7, 20), date(2022, 7, 20)), date(2022, 7, 20), 0)


@pytest.mark.parametrize(
    ("interval", "first", "last"),
    [
        (Interval.MONTH, date(2022, 6, 1), date(2022, 6, 30)),
        (Interval.QUARTER, date(2022, 4, 1), date(2022, 6, 30)),
        (Interval.HALF_YEAR, date(2022, 1, 1), date(2022, 6, 30)),
        (Interval.YEAR, date(2021, 7, 1), date(2022, 6, 30)),
    ],
)
def test_a_round_covers_the_stretch_that_ends_with_its_month(interval: Interval, first: date, last: date) -> None:
    assert stretch(interval, Month(2022, 6)) == (first, last)
