"""Attainment, plan, gap and pace: the Jiaxing line as a table, both directions, limits and trajectories."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from campaigns.domain.pace import Accumulation, Direction, TargetLine, attainment, gap, pace, planned, planned_value

EVE = date(2022, 7, 11)
LAST_DAY = date(2022, 10, 19)
JULY, AUGUST, SEPTEMBER = date(2022, 7, 31), date(2022, 8, 31), date(2022, 9, 30)


def line(
    baseline: str = "0",
    target: str = "200",
    direction: Direction = Direction.HIGHER,
    accumulation: Accumulation = Accumulation.CUMULATIVE,
    points: tuple[tuple[date, str], ...] = (),
) -> TargetLine:
    return TargetLine(
        baseline=Decimal(baseline),
        baseline_on=EVE,
        target=Decimal(target),
        target_on=LAST_DAY,
        direction=direction,
        accumulation=accumulation,
        points=tuple((on, Decimal(value)) for on, value in points),
    )


figures = st.decimals(-10_000, 10_000, places=2)
days = st.dates(EVE - timedelta(days=30), LAST_DAY + timedelta(days=30))
lines = st.builds(
    TargetLine,
    baseline=figures,
    baseline_on=st.just(EVE),
    target=figures,
    target_on=st.just(LAST_DAY),
    direction=st.sampled_from(Direction),
    accumulation=st.sampled_from(Accumulation),
    points=st.lists(st.tuples(days, figures), max_size=4).map(tuple),
)


@pytest.mark.parametrize(
    ("baseline", "target", "direction", "actual", "share"),
    [
        ("0", "200", Direction.HIGHER, "50", "1/4"),
        ("0", "200", Direction.HIGHER, "90", "9/20"),
        ("0", "200", Direction.HIGHER, "200", "1"),
        ("0", "200", Direction.HIGHER, "260", "13/10"),
        ("0", "200", Direction.HIGHER, "-20", "-1/10"),
        ("40", "100", Direction.HIGHER, "60", "1/3"),
        ("-3.5", "2", Direction.HIGHER, "-0.75", "1/2"),
        ("80", "60", Direction.LOWER, "75", "1/4"),
        ("80", "60", Direction.LOWER, "50", "3/2"),
        ("80", "60", Direction.LOWER, "90", "-1/2"),
        ("5", "-5", Direction.LOWER, "0", "1/2"),
    ],
)
def test_attainment_is_the_share_of_the_way(
    baseline: str, target: str, direction: Direction, actual: str, share: str
) -> None:
    assert attainment(line(baseline, target, direction), Decimal(actual)) == Fraction(share)


@pytest.mark.parametrize(
    ("baseline", "target", "direction", "actual", "share"),
    [
        ("100", "100", Direction.HIGHER, "100", 1),
        ("100", "100", Direction.HIGHER, "99.99", 0),
        ("100", "90", Direction.HIGHER, "90", 1),
        ("100", "90", Direction.HIGHER, "95", 1),
        ("100", "90", Direction.HIGHER, "89.99", 0),
        ("3", "5", Direction.LOWER, "5", 1),
        ("3", "5", Direction.LOWER, "2", 1),
        ("3", "5", Direction.LOWER, "5.01", 0),
        ("0", "0", Direction.LOWER, "0", 1),
        ("0", "0", Direction.LOWER, "1", 0),
    ],
)
def test_a_floor_or_ceiling_is_held_or_not(
    baseline: str, target: str, direction: Direction, actual: str, share: int
) -> None:
    limit = line(baseline, target, direction)
    assert limit.is_limit
    assert attainment(limit, Decimal(actual)) == share


@pytest.mark.parametrize(
    ("on", "share"),
    [
        ("2022-06-30", "0"),
        ("2022-07-11", "0"),
        ("2022-07-12", "1/100"),
        ("2022-07-31", "20/100"),
        ("2022-08-31", "51/100"),
        ("2022-09-30", "81/100"),
        ("2022-10-19", "1"),
        ("2022-12-31", "1"),
    ],
)
def test_without_a_trajectory_the_plan_follows_the_days(on: str, share: str) -> None:
    assert planned(line(), date.fromisoformat(on)) == Fraction(share)


def test_a_level_is_planned_in_full_from_the_first_period() -> None:
    level = line("3.5", "5", accumulation=Accumulation.LEVEL)
    assert planned(level, JULY) == planned(level, LAST_DAY) == 1
    assert planned_value(level, JULY) == 5


def test_a_trajectory_goes_straight_between_its_points() -> None:
    bent = line(points=((JULY, "30"), (AUGUST, "92")))
    assert planned_value(bent, EVE) == 0
    assert planned_value(bent, date(2022, 7, 21)) == 15
    assert planned_value(bent, JULY) == 30
    assert planned_value(bent, date(2022, 8, 1)) == 32
    assert planned_value(bent, AUGUST) == 92
    assert planned_value(bent, LAST_DAY) == 200
    assert planned(bent, JULY) == Fraction(15, 100)
    assert planned(bent, AUGUST) == Fraction(46, 100)
    assert planned(bent, SEPTEMBER) == (92 + Fraction(30, 49) * 108) / 200


def test_a_trajectory_may_dip_below_its_baseline_and_bends_a_level_too() -> None:
    dipping = line("5", "7", accumulation=Accumulation.LEVEL, points=((AUGUST, "4"),))
    assert planned(dipping, AUGUST) == Fraction(-1, 2)
    assert planned(dipping, LAST_DAY) == 1


def test_a_trajectory_of_a_lower_is_better_indicator() -> None:
    falling = line("80", "60", Direction.LOWER, points=((AUGUST, "75"),))
    assert planned(falling, AUGUST) == Fraction(1, 4)


def test_points_may_come_in_any_order_and_never_overrule_baseline_or_target() -> None:
    points = ((AUGUST, "92"), (JULY, "30"))
    outside = ((EVE, "77"), (LAST_DAY, "500"), (date(2023, 1, 1), "900"), (date(2022, 1, 1), "-4"))
    for day in (EVE, JULY, date(2022, 8, 9), SEPTEMBER, LAST_DAY):
        assert planned(line(points=points + outside), day) == planned(line(points=points[::-1]), day)
    assert planned(line(points=outside), JULY) == Fraction(1, 5)


def test_the_figure_to_hold_is_the_planned_value_of_a_limit() -> None:
    assert planned_value(line("100", "90"), JULY) == 90


def test_a_line_without_days_is_due_at_once() -> None:
    at_once = TargetLine(Decimal(0), EVE, Decimal(10), EVE, Direction.HIGHER, Accumulation.CUMULATIVE)
    assert planned(at_once, EVE - timedelta(days=1)) == 0
    assert planned(at_once, EVE) == 1


@pytest.mark.parametrize(
    ("reached", "plan", "points", "percent"),
    [
        ("1/4", "1/5", "5.00", "125.00"),
        ("9/20", "51/100", "-6.00", "88.24"),
        ("0", "1/5", "-20.00", "0.00"),
        ("-1/10", "1/5", "-30.00", "-50.00"),
        ("1/3", "1/3", "0.00", "100.00"),
        ("1/4", "0", "25.00", None),
        ("1/4", "-1/2", "75.00", None),
    ],
)
def test_gap_and_pace_are_published_with_two_decimals(
    reached: str, plan: str, points: str, percent: str | None
) -> None:
    assert str(gap(Fraction(reached), Fraction(plan))) == points
    found = pace(Fraction(reached), Fraction(plan))
    assert (found if found is None else str(found)) == percent


@given(lines, figures, figures)
def test_a_better_figure_never_lowers_attainment(target_line: TargetLine, one: Decimal, other: Decimal) -> None:
    better, worse = (one, other) if target_line.direction.is_met(one, other) else (other, one)
    assert attainment(target_line, better) >= attainment(target_line, worse)


@given(lines, figures)
def test_attainment_is_one_or_more_exactly_where_the_target_is_met(target_line: TargetLine, actual: Decimal) -> None:
    assert (attainment(target_line, actual) >= 1) is target_line.direction.is_met(actual, target_line.target)


@given(lines)
def test_baseline_is_nothing_and_target_is_everything(target_line: TargetLine) -> None:
    assert attainment(target_line, target_line.target) == 1
    assert attainment(target_line, target_line.baseline) == int(target_line.is_limit)


@given(lines, figures)
def test_both_directions_mirror_each_other(target_line: TargetLine, actual: Decimal) -> None:
    mirrored = TargetLine(
        baseline=-target_line.baseline,
        baseline_on=target_line.baseline_on,
        target=-target_line.target,
        target_on=target_line.target_on,
        direction=Direction.LOWER if target_line.direction is Direction.HIGHER else Direction.HIGHER,
        accumulation=target_line.accumulation,
    )
    assert attainment(mirrored, -actual) == attainment(target_line, actual)


@given(lines, days, days)
def test_a_plan_by_days_never_shrinks_and_stays_within_the_whole(
    target_line: TargetLine, one: date, other: date
) -> None:
    assume(not target_line.trajectory)
    first, second = sorted((one, other))
    assert 0 <= planned(target_line, first) <= planned(target_line, second) <= 1


@given(lines, days)
def test_who_reaches_the_planned_value_has_no_gap(target_line: TargetLine, on: date) -> None:
    assume(target_line.trajectory or not target_line.is_limit)
    assert attainment(target_line, planned_value(target_line, on)) == planned(target_line, on)


@given(lines, days)
def test_a_trajectory_stays_between_its_lowest_and_highest_point(target_line: TargetLine, on: date) -> None:
    values = [target_line.baseline, target_line.target, *(value for _, value in target_line.trajectory)]
    assert min(values) <= planned_value(target_line, on) <= max(values)


@given(st.fractions(-3, 3), st.fractions(-3, 3))
def test_gap_and_pace_agree_on_who_is_behind(reached: Fraction, plan: Fraction) -> None:
    percent = pace(reached, plan)
    assert (percent is None) is (plan <= 0)
    if percent is not None:
        assert (percent >= 100) is (reached >= plan) or abs(reached / plan - 1) < Fraction(1, 10_000)
    assert (gap(reached, plan) >= 0) is (reached >= plan) or abs(reached - plan) < Fraction(1, 10_000)
