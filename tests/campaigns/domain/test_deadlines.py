"""The deadlines of the four Jiaxing periods, of other rules, and the reminders that follow from them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.deadlines import (
    Deadlines,
    DueRule,
    OverdueStage,
    days_left,
    deadlines,
    due_soon_stage,
    overdue_stage,
)
from campaigns.domain.months import Month, Span, campaign_spans
from campaigns.domain.working_days import WorkingCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar()


def of(span: Span, rule: DueRule | None = None) -> Deadlines:
    return deadlines(span, rule=rule or DueRule(), calendar=CALENDAR, tz=SHANGHAI)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("month", "opens_at", "due_at", "closes_at"),
    [
        ("2022-07", "2022-07-25 00:00", "2022-08-05 18:00", "2022-08-12 18:00"),
        ("2022-08", "2022-08-25 00:00", "2022-09-05 18:00", "2022-09-13 18:00"),
        ("2022-09", "2022-09-24 00:00", "2022-10-08 18:00", "2022-10-13 18:00"),
        ("2022-10", "2022-10-13 00:00", "2022-11-07 18:00", "2022-11-14 18:00"),
    ],
)
def test_the_four_jiaxing_periods(month: str, opens_at: str, due_at: str, closes_at: str) -> None:
    spans = {span.month.key: span for span in campaign_spans(date(2022, 7, 12), date(2022, 10, 19))}
    assert of(spans[month]) == Deadlines(at(opens_at), at(due_at), at(closes_at))


def test_instants_are_aware_in_the_zone_asked_for() -> None:
    due_at = of(Span(Month(2022, 8), date(2022, 8, 1), date(2022, 8, 31))).due_at
    assert due_at.utcoffset() == timedelta(hours=8)
    assert due_at == datetime(2022, 9, 5, 10, tzinfo=UTC)


def test_a_period_never_opens_before_it_starts() -> None:
    span = Span(Month(2022, 7), date(2022, 7, 29), date(2022, 7, 31))
    assert of(span).opens_at == at("2022-07-29 00:00")
    assert of(span, DueRule(opens_days_before_end=60)).opens_at == at("2022-07-29 00:00")


def test_opening_on_the_last_day_only() -> None:
    span = Span(Month(2022, 8), date(2022, 8, 1), date(2022, 8, 31))
    assert of(span, DueRule(opens_days_before_end=1)).opens_at == at("2022-08-31 00:00")


def test_a_due_day_beyond_the_month_is_its_last_day() -> None:
    span = Span(Month(2022, 1), date(2022, 1, 1), date(2022, 1, 31))
    assert of(span, DueRule(day=31)).due_at == at("2022-02-28 18:00")


def test_a_rule_of_the_same_month_opens_before_it_is_due() -> None:
    span = Span(Month(2022, 8), date(2022, 8, 1), date(2022, 8, 31))
    assert of(span, DueRule(month_offset=0, day=25)) == Deadlines(
        at("2022-08-19 00:00"), at("2022-08-25 18:00"), at("2022-09-01 18:00")
    )


def test_a_due_day_before_the_period_begins_becomes_its_last_day() -> None:
    span = Span(Month(2022, 7), date(2022, 7, 12), date(2022, 7, 31))
    assert of(span, DueRule(month_offset=0, day=5)).due_at == at("2022-08-01 18:00")


def test_the_rule_crosses_the_year() -> None:
    span = Span(Month(2022, 12), date(2022, 12, 1), date(2022, 12, 31))
    assert of(span).due_at == at("2023-01-05 18:00")


@pytest.mark.parametrize(
    "values",
    [
        *({"month_offset": 2}, {"month_offset": -1}, {"day": 0}, {"day": 32}, {"hour": 24}, {"hour": -1}),
        *({"closing_working_days": -1}, {"opens_days_before_end": 0}),
    ],
)
def test_values_that_make_no_rule_are_refused(values: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        DueRule(**values)


@given(
    st.dates(date(2015, 1, 1), date(2030, 1, 1)),
    st.integers(0, 400),
    st.builds(
        DueRule, st.integers(0, 1), st.integers(1, 31), st.integers(0, 23), st.integers(0, 20), st.integers(1, 40)
    ),
)
def test_a_period_opens_then_is_due_then_closes(starts_on: date, length: int, rule: DueRule) -> None:
    for span in campaign_spans(starts_on, starts_on + timedelta(days=length)):
        found = of(span, rule)
        assert found.opens_at <= found.due_at <= found.closes_at
        assert found.opens_at.date() >= span.starts_on
        assert CALENDAR.is_working(found.due_at.date())
        assert CALENDAR.between(found.due_at.date(), found.closes_at.date()) == rule.closing_working_days


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2022-09-03 09:00", 2),
        ("2022-09-03 00:30", 2),
        ("2022-09-04 23:59", 1),
        ("2022-09-05 17:59", 0),
        ("2022-09-05 23:00", 0),
        ("2022-09-06 00:00", -1),
    ],
)
def test_days_left_are_calendar_days_where_people_are(now: str, left: int) -> None:
    due_at = at("2022-09-05 18:00")
    assert days_left(at(now), due_at, tz=SHANGHAI) == left
    assert days_left(at(now).astimezone(UTC), due_at.astimezone(UTC), tz=SHANGHAI) == left


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        *(("2022-08-28", None), ("2022-08-29", 7), ("2022-08-30", 7), ("2022-09-01", 7), ("2022-09-02", 3)),
        *(("2022-09-03", 3), ("2022-09-04", 1), ("2022-09-05", 1), ("2022-09-06", None)),
    ],
)
def test_the_newest_due_soon_stage_catches_up_on_missed_days(today: str, stage: int | None) -> None:
    assert due_soon_stage(date.fromisoformat(today), date(2022, 9, 5)) == stage


def test_due_soon_stages_can_be_chosen() -> None:
    assert due_soon_stage(date(2022, 9, 1), date(2022, 9, 5), stages=(3,)) is None
    assert due_soon_stage(date(2022, 9, 3), date(2022, 9, 5), stages=[3]) == 3
    assert due_soon_stage(date(2022, 9, 3), date(2022, 9, 5), stages=()) is None


def test_overdue_stages_of_august_run_to_closing() -> None:
    found = {
        day: overdue_stage(date(2022, 9, day), date(2022, 9, 5), CALENDAR, date(2022, 9, 13)) for day in range(5, 15)
    }
    assert found == {
        5: None,
        6: OverdueStage(working_days=1, reporter=1, head=None, office=None),
        7: OverdueStage(working_days=2, reporter=1, head=None, office=None),
        8: OverdueStage(working_days=3, reporter=1, head=3, office=None),
        9: OverdueStage(working_days=4, reporter=4, head=3, office=None),
        10: OverdueStage(working_days=4, reporter=4, head=3, office=None),
        11: OverdueStage(working_days=4, reporter=4, head=3, office=None),
        12: OverdueStage(working_days=4, reporter=4, head=3, office=None),
        13: OverdueStage(working_days=5, reporter=4, head=3, office=5),
        14: None,
    }


@given(st.integers(0, 60))
def test_the_reporter_is_reminded_on_every_third_working_day(passed: int) -> None:
    due_on = date(2022, 9, 5)
    stage = overdue_stage(CALENDAR.add(due_on, passed), due_on, CALENDAR, date(2023, 12, 31))
    if passed == 0:
        assert stage is None
    else:
        assert stage is not None
        assert stage.working_days == passed
        assert stage.reporter == max(day for day in range(1, 62, 3) if day <= passed)
