"""Forecasts: the Jiaxing line, both directions, levels, months that are missing, and what always holds."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from campaigns.domain.forecast import Forecast, Point, forecast
from campaigns.domain.pace import Accumulation, Direction, TargetLine

EVE, LAST_DAY = date(2022, 7, 11), date(2022, 10, 19)
JULY, AUGUST, SEPTEMBER = date(2022, 7, 31), date(2022, 8, 31), date(2022, 9, 30)


def line(
    baseline: str = "0",
    target: str = "200",
    direction: Direction = Direction.HIGHER,
    accumulation: Accumulation = Accumulation.CUMULATIVE,
    *,
    baseline_on: date = EVE,
    target_on: date = LAST_DAY,
) -> TargetLine:
    return TargetLine(Decimal(baseline), baseline_on, Decimal(target), target_on, direction, accumulation)


def of(*figures: tuple[date, str]) -> list[Point]:
    return [(on, Decimal(value)) for on, value in figures]


def found(target_line: TargetLine, *figures: tuple[date, str]) -> Forecast:
    told = forecast(target_line, of(*figures))
    assert told is not None
    return told


values = st.decimals(-10_000, 10_000, places=2)
lines = st.builds(
    TargetLine,
    baseline=values,
    baseline_on=st.just(EVE),
    target=values,
    target_on=st.dates(EVE + timedelta(days=1), LAST_DAY + timedelta(days=30)),
    direction=st.sampled_from(Direction),
    accumulation=st.sampled_from(Accumulation),
)
figures = st.dictionaries(st.dates(EVE - timedelta(days=10), LAST_DAY), values, max_size=6).map(
    lambda found: list(found.items())
)


def test_the_jiaxing_line_as_the_rule_tells_it() -> None:
    told = found(line(), (JULY, "50"), (AUGUST, "90"))
    assert told.projected == 90 + Fraction(90, 51) * 49
    assert told.required_rate == Fraction(110, 49)
    shown = told.published()
    assert (str(shown.projected), str(shown.low), str(shown.high)) == ("176.47", "157.87", "205.29")
    assert (str(shown.shortfall), str(shown.required_rate)) == ("23.53", "2.2449")
    assert (told.rate, str(shown.rate)) == (Fraction(90, 51), "1.7647")
    assert (shown.days_left, shown.from_day) == (49, AUGUST)


@pytest.mark.parametrize("accumulation", Accumulation)
def test_a_baseline_alone_makes_no_forecast(accumulation: Accumulation) -> None:
    assert forecast(line(accumulation=accumulation), []) is None


def test_two_points_make_a_line_and_no_band() -> None:
    told = found(line(), (JULY, "50"))
    assert told.projected == 50 + Fraction(50, 20) * 80
    assert (told.low, told.high, told.shortfall) == (None, None, 0)


def test_a_missing_month_is_left_out_and_never_nought() -> None:
    with_gap = found(line(), (JULY, "50"), (SEPTEMBER, "110"))
    as_nought = found(line(), (JULY, "50"), (AUGUST, "0"), (SEPTEMBER, "110"))
    assert with_gap.projected == 110 + Fraction(110, 81) * 19
    assert with_gap.projected != as_nought.projected


def test_where_the_last_months_are_missing_the_days_run_from_the_last_figure() -> None:
    told = found(line(), (JULY, "50"))
    assert (told.from_day, told.days_left, told.required_rate) == (JULY, 80, Fraction(150, 80))


def test_a_level_stays_where_it_is() -> None:
    told = found(line("3.5", "5", accumulation=Accumulation.LEVEL), (JULY, "3.1"), (AUGUST, "4.2"))
    assert (told.projected, told.low, told.high) == (Fraction("4.2"), None, None)
    assert told.shortfall == Fraction("0.8")
    assert (told.rate, told.required_rate) == (0, Fraction("0.8") / 49)


def test_lower_may_be_better() -> None:
    falling = line("80", "60", Direction.LOWER)
    behind = found(falling, (JULY, "78"))
    assert (behind.projected, behind.shortfall, behind.required_rate) == (70, 10, Fraction(-18, 80))
    ahead = found(falling, (JULY, "70"))
    assert (ahead.projected, ahead.shortfall) == (30, 0)


def test_a_ceiling_tells_how_much_each_day_may_bring() -> None:
    told = found(line("0", "100", Direction.LOWER), (JULY, "20"))
    assert (told.projected, told.shortfall, told.required_rate) == (100, 0, 1)


@pytest.mark.parametrize("target_on", [AUGUST, date(2022, 8, 15)])
def test_from_the_targets_day_on_what_is_reached_is_reached(target_on: date) -> None:
    told = found(line(target_on=target_on), (JULY, "50"), (AUGUST, "90"))
    assert (told.days_left, told.rate, told.required_rate) == (0, None, None)
    assert (told.projected, told.low, told.high, told.shortfall) == (90, 90, 90, 110)


def test_a_figure_of_the_baselines_day_or_before_is_no_step_away_from_it() -> None:
    late = line(baseline_on=AUGUST)
    assert forecast(late, of((JULY, "50"), (AUGUST, "90"))) is None
    assert found(late, (JULY, "50"), (SEPTEMBER, "30")).projected == 30 + Fraction(30, 30) * 19


def test_one_odd_month_does_not_carry_the_forecast_away() -> None:
    steady = [(EVE + timedelta(days=10 * number), str(10 * number)) for number in range(1, 8)]
    odd = [(on, "900" if number == 3 else value) for number, (on, value) in enumerate(steady)]
    assert found(line(), *steady).projected == found(line(), *odd).projected == 100


def test_figures_have_at_least_two_decimals_and_as_many_as_the_indicator() -> None:
    told = found(line(), (JULY, "50"), (AUGUST, "90"))
    assert str(told.published(0).projected) == "176.47"
    assert str(told.published(4).projected) == "176.4706"


# --- what always holds ------------------------------------------------------------------------------------------------


@given(lines, figures, st.randoms(use_true_random=False))
def test_the_order_of_the_figures_is_irrelevant(target_line: TargetLine, given_: list[Point], random: Random) -> None:
    shuffled = list(given_)
    random.shuffle(shuffled)
    assert forecast(target_line, shuffled) == forecast(target_line, given_)


@given(lines, figures)
def test_the_projection_lies_within_its_band(target_line: TargetLine, given_: list[Point]) -> None:
    told = forecast(target_line, given_)
    if told is not None and told.low is not None and told.high is not None:
        assert told.low <= told.projected <= told.high


@given(lines, figures)
def test_there_is_a_shortfall_exactly_where_the_projection_misses_the_target(
    target_line: TargetLine, given_: list[Point]
) -> None:
    told = forecast(target_line, given_)
    if told is not None:
        assert told.shortfall >= 0
        assert (told.shortfall == 0) is target_line.direction.is_met(told.projected, target_line.target)
        assert told.shortfall in (0, abs(told.projected - Fraction(target_line.target)))


@given(lines, figures)
def test_who_brings_the_required_rate_each_day_ends_on_the_target(target_line: TargetLine, given_: list[Point]) -> None:
    told = forecast(target_line, given_)
    assume(told is not None and told.days_left)
    assert told is not None
    assert told.required_rate is not None
    last = dict(given_)[told.from_day]
    assert Fraction(last) + told.required_rate * told.days_left == target_line.target


@given(values, st.fractions(-50, 50, max_denominator=100), st.integers(1, 4))
def test_who_goes_on_evenly_is_projected_on_the_straight_line(base: Decimal, rate: Fraction, months: int) -> None:
    days = [EVE + timedelta(days=20 * number) for number in range(1, months + 1)]
    even = [(on, Fraction(base) + rate * (on - EVE).days) for on in days]
    told = forecast(line(str(base)), even)
    assert told is not None
    assert told.projected == Fraction(base) + rate * 100
    assert {told.low, told.high} <= {None, told.projected}


@given(lines, figures, values)
def test_adding_the_same_to_everything_moves_the_forecast_by_it(
    target_line: TargetLine, given_: list[Point], step: Decimal
) -> None:
    moved_line = TargetLine(
        target_line.baseline + step, EVE, target_line.target + step, target_line.target_on, target_line.direction,
        target_line.accumulation,
    )  # fmt: skip
    told, moved = forecast(target_line, given_), forecast(moved_line, [(on, value + step) for on, value in given_])
    assert (told is None) is (moved is None)
    if told is not None and moved is not None:
        assert moved.projected == told.projected + Fraction(step)
        assert (moved.shortfall, moved.required_rate) == (told.shortfall, told.required_rate)


@given(lines, figures)
def test_both_directions_mirror_each_other(target_line: TargetLine, given_: list[Point]) -> None:
    mirrored = TargetLine(
        -target_line.baseline, EVE, -target_line.target, target_line.target_on,
        Direction.LOWER if target_line.direction is Direction.HIGHER else Direction.HIGHER, target_line.accumulation,
    )  # fmt: skip
    told, other = forecast(target_line, given_), forecast(mirrored, [(on, -value) for on, value in given_])
    assert (told is None) is (other is None)
    if told is not None and other is not None:
        assert (other.projected, other.shortfall) == (-told.projected, told.shortfall)


@given(lines, figures)
def test_the_band_is_made_from_the_slopes_as_they_are_written_down(
    target_line: TargetLine, given_: list[Point]
) -> None:
    """Against the rule word for word, with fractions throughout."""
    told = forecast(target_line, given_)
    assume(told is not None and told.low is not None)
    assert told is not None
    after = {on: figure for on, figure in given_ if on > target_line.baseline_on}
    points = sorted({target_line.baseline_on: target_line.baseline, **after}.items())
    slopes = sorted(
        (Fraction(later) - Fraction(earlier)) / (end - start).days
        for (start, earlier), (end, later) in combinations(points, 2)
    )

    def at(share: Fraction) -> Fraction:
        place = (len(slopes) - 1) * share
        below, above = slopes[int(place)], slopes[min(int(place) + 1, len(slopes) - 1)]
        return Fraction(points[-1][1]) + told.days_left * (below + (place - int(place)) * (above - below))

    assert (told.low, told.projected, told.high) == (at(Fraction(1, 10)), at(Fraction(1, 2)), at(Fraction(9, 10)))
