"""Projections of actions: what always holds, and what makes the band."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from campaigns.domain.forecast import forecast
from campaigns.domain.pace import Accumulation, Direction, TargetLine, attainment
from campaigns.domain.projection import Expected, Projection, projection

EVE, JULY, AUGUST, LAST_DAY = date(2022, 7, 11), date(2022, 7, 31), date(2022, 8, 31), date(2022, 10, 19)


def expected(
    *figures: str, target: str = "200", weight: str = "1", accumulation: Accumulation = Accumulation.CUMULATIVE
) -> Expected:
    line = TargetLine(Decimal(0), EVE, Decimal(target), LAST_DAY, Direction.HIGHER, accumulation)
    found = forecast(line, [(on, Decimal(one)) for on, one in zip((JULY, AUGUST, LAST_DAY), figures, strict=False)])
    assert found is not None
    return Decimal(weight), line, found


def of(*rows: Expected, attained: str = "0.3") -> Projection:
    found = projection(rows, Fraction(attained), cap=120)
    assert found is not None
    return found


def test_nothing_is_projected_without_forecasts_or_without_a_figure() -> None:
    assert projection([], Fraction(1, 2), cap=120) is None
    assert projection([expected("50")], None, cap=120) is None


def test_a_forecast_without_a_band_leaves_the_action_without_one() -> None:
    assert of(expected("50", "90")).low is not None
    assert of(expected("50", "90"), expected("50")).low is None


def test_a_level_counts_as_it_is_projected() -> None:
    level = expected("50", "90", accumulation=Accumulation.LEVEL)
    found = of(expected("50", "90"), level)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.share < found.high
    assert of(level).low == of(level).share == of(level).high


def test_with_no_day_left_nothing_is_needed_and_nothing_more_made() -> None:
    found = of(expected("50", "90", "190"), attained="0.95")
    assert (found.days_left, found.needed_a_day, found.made_a_day) == (0, None, None)
    assert (found.low, found.high) == (found.share, found.share)


def test_what_is_made_already_needs_nothing_more() -> None:
    assert of(expected("150", "210"), attained="1.05").needed_a_day == 0


def test_each_indicator_is_capped_before_it_is_weighed() -> None:
    assert of(expected("190", "300"), expected("0", "0")).share == Fraction(120, 200)


values = st.decimals(0, 500, places=2)
rows = st.builds(
    lambda july, august, target, weight, is_level: (
        Decimal(weight),
        TargetLine(
            Decimal(0),
            EVE,
            target,
            LAST_DAY,
            Direction.HIGHER,
            Accumulation.LEVEL if is_level else Accumulation.CUMULATIVE,
        ),
        [(JULY, july), (AUGUST, august)],
    ),
    values,
    values,
    st.decimals(1, 500, places=2),
    st.integers(1, 9),
    st.booleans(),
)


@given(st.lists(rows, min_size=1, max_size=5), st.integers(2, 9))
def test_order_and_scale_of_the_weights_do_not_matter(given_rows: list, scale: int) -> None:
    def told(ordered: list, times: int) -> Projection | None:
        parts = [(weight * times, line, forecast(line, figures)) for weight, line, figures in ordered]
        return projection(parts, Fraction(1, 2), cap=120)

    assert told(given_rows, 1) == told(given_rows[::-1], scale)


@given(st.lists(rows, min_size=1, max_size=5))
def test_the_projection_lies_within_its_band_and_the_cap(given_rows: list) -> None:
    parts = [(weight, line, forecast(line, figures)) for weight, line, figures in given_rows]
    found = projection(parts, Fraction(1, 2), cap=120)
    assert found is not None
    assert 0 <= found.share <= Fraction(120, 100)
    assume(found.low is not None)
    assert found.low <= found.share <= found.high


@given(values, values, st.integers(1, 40))
def test_a_single_indicator_is_projected_as_its_forecast(july: Decimal, august: Decimal, days: int) -> None:
    line = TargetLine(Decimal(0), EVE, Decimal(600), LAST_DAY + timedelta(days), Direction.HIGHER, Accumulation.LEVEL)
    told = forecast(line, [(JULY, july), (AUGUST, august)])
    assert told is not None
    assert of((Decimal(3), line, told)).share == attainment(line, august)
