"""Months are ordered and parse their keys; the spans of a campaign cover each of its days once."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.months import Month, Span, campaign_spans, day_of_campaign, same_day_next_month

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
months = st.builds(Month, st.integers(1900, 2200), st.integers(1, 12))


def test_the_hundred_days_have_four_periods() -> None:
    assert campaign_spans(date(2022, 7, 12), date(2022, 10, 19)) == [
        Span(Month(2022, 7), date(2022, 7, 12), date(2022, 7, 31)),
        Span(Month(2022, 8), date(2022, 8, 1), date(2022, 8, 31)),
        Span(Month(2022, 9), date(2022, 9, 1), date(2022, 9, 30)),
        Span(Month(2022, 10), date(2022, 10, 1), date(2022, 10, 19)),
    ]


def test_only_whole_months_are_full() -> None:
    spans = campaign_spans(date(2022, 7, 12), date(2022, 10, 19))
    assert [span.is_full_month for span in spans] == [False, True, True, False]
    assert [span.days for span in spans] == [20, 31, 30, 19]


def test_a_campaign_within_one_month_has_one_span() -> None:
    assert campaign_spans(date(2024, 2, 29), date(2024, 2, 29)) == [
        Span(Month(2024, 2), date(2024, 2, 29), date(2024, 2, 29))
    ]


def test_a_campaign_may_cross_the_year() -> None:
    assert [span.month.key for span in campaign_spans(date(2022, 11, 30), date(2023, 2, 1))] == [
        *("2022-11", "2022-12", "2023-01", "2023-02")
    ]


def test_a_campaign_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before"):
        campaign_spans(date(2022, 7, 12), date(2022, 7, 11))


@given(days, st.integers(0, 1500))
def test_spans_tile_the_campaign(starts_on: date, length: int) -> None:
    ends_on = starts_on + timedelta(days=length)
    spans = campaign_spans(starts_on, ends_on)
    assert (spans[0].starts_on, spans[-1].ends_on) == (starts_on, ends_on)
    for span, following in pairwise(spans):
        assert following.starts_on == span.ends_on + timedelta(days=1)
        assert following.month == span.month.next
    assert sum(span.days for span in spans) == length + 1
    assert all(Month.of(span.starts_on) == span.month == Month.of(span.ends_on) for span in spans)
    assert all(span.is_full_month for span in spans[1:-1])


@pytest.mark.parametrize(("on", "day"), [("2022-07-11", 0), ("2022-07-12", 1), ("2022-07-31", 20), ("2022-10-19", 100)])
def test_days_of_the_campaign_are_counted_from_one(on: str, day: int) -> None:
    assert day_of_campaign(date(2022, 7, 12), date.fromisoformat(on)) == day


@given(months)
def test_a_key_is_parsed_back(month: Month) -> None:
    assert Month.parse(month.key) == month
    assert str(month) == month.key


@pytest.mark.parametrize(
    "key", ["", "2022", "2022-7", "2022-13", "2022-00", "0000-01", "22-07", "2022-07-01", "２０２２-07", " 2022-07"]
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError):
        Month.parse(key)


@given(months)
def test_next_and_previous_undo_each_other(month: Month) -> None:
    assert month.next.previous == month == month.previous.next
    assert month.previous < month < month.next
    assert month.last_day + timedelta(days=1) == month.next.first_day


@given(months, st.integers(-500, 500))
def test_months_add_up(month: Month, count: int) -> None:
    assert month.plus(count).plus(-count) == month


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [
        ("2022-01-31", 1, "2022-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2022-01-31", 3, "2022-04-30"),
        ("2022-12-15", 1, "2023-01-15"),
        ("2022-02-28", 1, "2022-03-28"),
        ("2022-03-31", -1, "2022-02-28"),
        ("2022-05-05", 0, "2022-05-05"),
    ],
)
def test_the_same_day_of_a_later_month_is_clamped(day: str, count: int, later: str) -> None:
    assert same_day_next_month(date.fromisoformat(day), count) == date.fromisoformat(later)


@given(days, st.integers(0, 60))
def test_a_later_month_keeps_the_order_of_days(day: date, count: int) -> None:
    assert same_day_next_month(day, count) <= same_day_next_month(day + timedelta(days=1), count)
