"""What raises an early warning, at each threshold and on both sides of it, and the table of a warning's life."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.light import Light
from campaigns.domain.months import same_day_next_month
from campaigns.domain.warning_life import (
    WHO_MAY,
    Capacity,
    ClearingNeeds,
    WarningState,
    WarningVerb,
    clears_by_itself,
    is_raised_again,
    lacks_to_clear,
    step,
)
from campaigns.domain.warnings import (
    Finding,
    Level,
    PlanFigures,
    Step,
    behind_plan,
    days_reached,
    displayed_level,
    milestone_overdue,
    no_statistical_entry,
    no_update,
    points_behind,
    problem_open,
    start_overdue,
)

TODAY = date(2022, 9, 3)
YEAR = Decimal(10000)
"""This year's plan: a hundred is one point."""


def figures(points: str, month: str = "2022-08") -> PlanFigures:
    """So many points behind a plan to date of 5,000."""
    return PlanFigures(month, Decimal(5000), Decimal(5000) - Decimal(points) * 100)


def level(finding: Finding | None) -> str | None:
    return None if finding is None else finding.level.value


# --- behind plan ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "expected"),
    [("-5", None), ("0", None), ("9.99", None), ("10", "yellow"), ("10.01", "yellow"), ("29.99", "yellow"),
     ("30", "yellow"), ("30.01", "red"), ("50", "red")],
)  # fmt: skip
def test_ten_points_behind_are_yellow_and_more_than_thirty_red(points: str, expected: str | None) -> None:
    assert level(behind_plan(figures(points), None, YEAR)) == expected


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [("10", "10", "red"), ("30", "10", "red"), ("9.99", "10", "yellow"), ("30.01", "10", "yellow"),
     ("10", "9.99", None), ("10", "30.01", "red"), (None, "10", "yellow")],
)  # fmt: skip
def test_yellow_in_this_and_in_the_period_just_before_is_red(
    before: str | None, now: str, expected: str | None
) -> None:
    previous = None if before is None else figures(before, "2022-07")
    assert level(behind_plan(figures(now), previous, YEAR)) == expected


def test_a_period_without_a_figure_breaks_the_run() -> None:
    grey = PlanFigures("2022-07", Decimal(5000), None)
    assert level(behind_plan(figures("12"), grey, YEAR)) == "yellow"


def test_it_says_why() -> None:
    finding = behind_plan(PlanFigures("2022-07", Decimal("46666.67"), Decimal(19100)), None, Decimal(80000))
    assert finding is not None
    assert finding.basis == "2022-07"
    assert finding.particulars == {
        "month": "2022-07",
        "plan_to_date": "46666.67",
        "invested_to_date": "19100.00",
        "plan_this_year": "80000.00",
        "points_behind": "34.46",
    }
    run = behind_plan(figures("12"), figures("11", "2022-07"), YEAR)
    assert run is not None
    assert run.particulars["also_behind_in"] == "2022-07"


@pytest.mark.parametrize(
    ("planned", "done", "year"),
    [(None, Decimal(1), YEAR), (Decimal(1), None, YEAR), (Decimal(9), Decimal(1), Decimal(0))],
)
def test_without_a_figure_or_a_plan_nothing_is_said(
    planned: Decimal | None, done: Decimal | None, year: Decimal
) -> None:
    told = PlanFigures("2022-08", planned, done)
    assert points_behind(told, year) is None
    assert behind_plan(told, None, year) is None


MONEY = st.decimals(min_value=0, max_value=10**9, places=2)


@given(planned=MONEY, done=MONEY, year=st.decimals(min_value=Decimal("0.01"), max_value=10**9, places=2))
def test_the_level_follows_from_the_exact_points(planned: Decimal, done: Decimal, year: Decimal) -> None:
    points = 100 * (Fraction(planned) - Fraction(done)) / Fraction(year)
    expected = None if points < 10 else "yellow" if points <= 30 else "red"
    assert level(behind_plan(PlanFigures("2022-08", planned, done), None, year)) == expected


@given(points=st.decimals(min_value=10, max_value=80, places=2), more=st.decimals(min_value=0, max_value=20, places=2))
def test_falling_further_behind_is_never_less_grave(points: Decimal, more: Decimal) -> None:
    gravity = {None: 0, "yellow": 1, "red": 2}
    near, far = (level(behind_plan(figures(str(one)), None, YEAR)) for one in (points, points + more))
    assert gravity[far] >= gravity[near]


# --- days -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("planned", "today", "expected"),
    [
        (date(2022, 6, 30), date(2022, 7, 29), None),
        (date(2022, 6, 30), date(2022, 7, 30), "yellow"),
        (date(2022, 6, 30), date(2022, 9, 29), "yellow"),
        (date(2022, 6, 30), date(2022, 9, 30), "red"),
        # clamped: 31 January is a month overdue on 28 February, and three on 30 April
        (date(2022, 1, 31), date(2022, 2, 27), None),
        (date(2022, 1, 31), date(2022, 2, 28), "yellow"),
        (date(2022, 1, 31), date(2022, 4, 29), "yellow"),
        (date(2022, 1, 31), date(2022, 4, 30), "red"),
    ],
)
def test_a_start_is_overdue_after_one_month_and_gravely_after_three(
    planned: date, today: date, expected: str | None
) -> None:
    assert level(start_overdue(planned, None, today)) == expected


def test_a_start_that_has_happened_or_was_never_planned_is_not_overdue() -> None:
    assert start_overdue(date(2022, 1, 1), date(2022, 8, 1), TODAY) is None
    assert start_overdue(None, None, TODAY) is None


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2022, 7, 19), None),
        (date(2022, 7, 20), "yellow"),
        (date(2022, 8, 19), "yellow"),
        (date(2022, 8, 20), "red"),
    ],
)
def test_statistical_entry_is_missed_after_one_month_and_gravely_after_two(today: date, expected: str | None) -> None:
    assert level(no_statistical_entry(date(2022, 6, 20), None, today)) == expected


def test_entry_is_not_missed_where_it_is_made_or_nothing_has_started() -> None:
    assert no_statistical_entry(date(2022, 1, 1), date(2022, 2, 1), TODAY) is None
    assert no_statistical_entry(None, None, TODAY) is None


@pytest.mark.parametrize(("planned", "expected"), [(TODAY, None), (TODAY - timedelta(days=1), "yellow")])
def test_a_milestone_of_today_is_not_overdue_and_one_of_yesterday_is(planned: date, expected: str | None) -> None:
    assert level(milestone_overdue([Step("Roof", "封顶", planned)], TODAY)) == expected


def test_the_milestone_that_is_late_the_longest_is_named() -> None:
    steps = [
        Step("Roof", "封顶", date(2022, 8, 1)),
        Step("Piles", "桩基", date(2022, 7, 1)),
        Step("Land", "用地", date(2022, 6, 1), done_on=date(2022, 8, 8)),
    ]
    finding = milestone_overdue(steps, TODAY)
    assert finding is not None
    assert (finding.basis, finding.particulars["overdue_milestones"]) == ("2022-07-01 Piles", "2")
    assert milestone_overdue([], TODAY) is None


@pytest.mark.parametrize(
    ("since", "expected"),
    [(date(2022, 8, 4), None), (date(2022, 8, 3), None), (date(2022, 8, 2), "yellow"), (None, None)],
)
def test_a_problem_is_open_for_too_long_after_more_than_a_month(since: date | None, expected: str | None) -> None:
    assert level(problem_open("No land", since, TODAY)) == expected
    assert problem_open("  ", since, TODAY) is None


def test_a_missing_update_is_told_for_the_newest_closed_period() -> None:
    assert level(no_update("2022-07", has_update=False)) == "yellow"
    assert no_update("2022-07", has_update=True) is None
    assert no_update(None, has_update=False) is None


DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 12, 31))


@given(day=DAYS, today=DAYS, months=st.integers(min_value=1, max_value=12))
def test_the_day_that_a_query_compares_with_says_what_the_rule_says(day: date, today: date, months: int) -> None:
    assert (same_day_next_month(day, months) <= today) == (day <= days_reached(today, months))


@given(planned=DAYS, days=st.integers(min_value=0, max_value=200), later=st.integers(min_value=0, max_value=100))
def test_time_alone_never_makes_a_warning_less_grave(planned: date, days: int, later: int) -> None:
    gravity = {None: 0, "yellow": 1, "red": 2}
    first, second = planned + timedelta(days=days), planned + timedelta(days=days + later)
    for rule in (start_overdue, no_statistical_entry):
        given_days = (planned, None)
        assert gravity[level(rule(*given_days, first))] <= gravity[level(rule(*given_days, second))]


# --- for show ---------------------------------------------------------------------------------------------------------


def test_an_accepted_reason_lifts_what_is_shown_by_one() -> None:
    assert displayed_level("red", reason_accepted=True) is Light.YELLOW
    assert displayed_level("yellow", reason_accepted=True) is Light.GREEN
    assert displayed_level("red", reason_accepted=False) is Light.RED


# --- its life ---------------------------------------------------------------------------------------------------------


def test_no_verb_has_two_rows_for_one_state() -> None:
    pairs = [(row.verb, state) for row in WHO_MAY for state in row.sources]
    assert len(pairs) == len(set(pairs))


def test_a_cleared_warning_is_left_alone() -> None:
    assert all(WarningState.CLEARED not in row.sources for row in WHO_MAY)


def test_only_reviewers_clear_and_accept_and_only_the_unit_explains() -> None:
    who = {row.verb: row.who for row in WHO_MAY}
    assert who[WarningVerb.CLEAR] == who[WarningVerb.ACCEPT_REASON] == {Capacity.REVIEWER}
    assert who[WarningVerb.EXPLAIN] == {Capacity.UNIT}


def test_an_escalated_warning_stays_escalated_until_measures_are_agreed() -> None:
    explained, measured = (step(verb, WarningState.ESCALATED) for verb in (WarningVerb.EXPLAIN, WarningVerb.MEASURE))
    assert explained is not None
    assert explained.target is None
    assert measured is not None
    assert measured.target is WarningState.MEASURES


@pytest.mark.parametrize(
    ("grade", "explained", "measured", "gone", "lacking"),
    [
        ("red", True, False, False, ClearingNeeds.MEASURE),
        ("red", True, False, True, ClearingNeeds.MEASURE),
        ("red", True, True, False, None),
        ("yellow", False, False, False, ClearingNeeds.ANSWER),
        ("yellow", False, False, True, None),
        ("yellow", True, False, False, None),
    ],
)
def test_a_red_needs_a_written_measure_to_be_cleared(
    grade: str, explained: bool, measured: bool, gone: bool, lacking: ClearingNeeds | None
) -> None:
    told = lacks_to_clear(level=grade, has_explanation=explained, has_measure=measured, is_cause_gone=gone)
    assert told is lacking


@pytest.mark.parametrize(
    ("state", "grade", "has_words", "expected"),
    [
        ("raised", "yellow", False, True),
        ("raised", "red", False, False),
        ("raised", "yellow", True, False),
        ("explained", "yellow", True, False),
        ("escalated", "yellow", False, False),
    ],
)
def test_only_an_unanswered_yellow_clears_by_itself(state: str, grade: str, has_words: bool, expected: bool) -> None:
    assert clears_by_itself(state=state, level=grade, has_words=has_words) is expected


@pytest.mark.parametrize(
    ("basis", "grade", "expected"),
    [("2022-07", "yellow", False), ("2022-08", "yellow", True), ("2022-07", "red", True)],
)
def test_what_was_cleared_while_it_stood_comes_again_on_another_basis_or_graver(
    basis: str, grade: str, expected: bool
) -> None:
    assert is_raised_again(basis=basis, level=grade, cleared_basis="2022-07", cleared_level="yellow") is expected
    assert not is_raised_again(basis="x", level=Level.RED, cleared_basis="x", cleared_level="red")
