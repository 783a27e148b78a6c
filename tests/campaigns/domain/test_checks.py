"""What the checks find in a figure, one rule at a time, and what a note answers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.checks import Finding, IndicatorLimits, blocks, check_measurement, needs_note
from campaigns.domain.pace import Accumulation

CUMULATIVE = IndicatorLimits(decimals=2, accumulation=Accumulation.CUMULATIVE)
LEVEL = IndicatorLimits(decimals=2, accumulation=Accumulation.LEVEL)


def series(*texts: str | None) -> list[Decimal | None]:
    return [None if text is None else Decimal(text) for text in texts]


def find(
    value: str | None,
    *earlier: str | None,
    limits: IndicatorLimits = CUMULATIVE,
    note: str = "",
    full_months: list[bool] | None = None,
) -> list[Finding]:
    return check_measurement(
        value=None if value is None else Decimal(value),
        note=note,
        limits=limits,
        earlier=series(*earlier),
        earlier_full_months=full_months,
    )


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def test_an_ordinary_figure_is_fine() -> None:
    assert find("90", "50") == []
    assert find("50") == []


@pytest.mark.parametrize("note", ["", "  ", "\u3000", "\n"])
def test_a_required_figure_is_there_or_explained(note: str) -> None:
    assert find(None, "50", note=note) == [Finding("error", "missing_without_comment")]
    assert find(None, "50", note="statistics come in October") == []


def test_a_figure_that_is_not_required_may_be_missing() -> None:
    assert find(None, limits=IndicatorLimits(decimals=2, accumulation=Accumulation.LEVEL, is_required=False)) == []


def test_nought_is_a_figure() -> None:
    assert find("0") == []


@pytest.mark.parametrize(("value", "is_fine"), [("1.23", True), ("1.230", True), ("1.234", False), ("1E+2", True)])
def test_more_decimals_than_the_indicator_has_block(value: str, is_fine: bool) -> None:
    expected = [] if is_fine else [Finding("error", "too_many_decimals", {"decimals": 2})]
    assert find(value) == expected
    assert blocks(find(value)) is not is_fine


def test_a_cumulative_figure_cannot_fall() -> None:
    assert find("49.99", "50") == [Finding("warning", "below_last_month", {"earlier": Decimal(50), "months_ago": 1})]
    assert find("50", "50") == []
    assert find("49.99", "50", limits=LEVEL) == []


def test_where_last_month_is_missing_the_newest_figure_before_it_counts() -> None:
    assert find("49", "50", None) == [Finding("warning", "below_last_month", {"earlier": Decimal(50), "months_ago": 2})]
    assert find("55", "60", "50", None) == []


@pytest.mark.parametrize(
    ("value", "is_unusual"), [("80", False), ("110", False), ("110.01", True), ("20", True), ("49.99", True)]
)
def test_a_step_beyond_three_times_the_usual_one_is_odd(value: str, is_unusual: bool) -> None:
    # Full-month steps of 10, 5 and 15 have the median 10; the first month is clipped.
    findings = find(value, "50", "60", "65", "80", limits=LEVEL)
    assert codes(findings) == (["unusual_step"] if is_unusual else [])


def test_an_unusual_step_names_itself_and_the_usual_one() -> None:
    [finding] = find("120", "50", "60", "65", "80")
    assert finding == Finding("warning", "unusual_step", {"step": Decimal(40), "usual": Decimal(10)})


def test_steps_count_absolute() -> None:
    # +10, -10, +10: the usual step is 10, up or down.
    assert codes(find("-21", "0", "10", "0", "10", limits=LEVEL)) == ["unusual_step"]
    assert codes(find("-20", "0", "10", "0", "10", limits=LEVEL)) == []


def test_three_full_month_steps_are_needed() -> None:
    assert find("900", "50", "60", "65") == []
    assert codes(find("900", "50", "60", "65", "80")) == ["unusual_step"]


def test_a_step_over_a_clipped_month_is_no_full_month_step() -> None:
    clipped_last = [False, True, True, False]
    assert find("900", "50", "60", "65", "80", full_months=clipped_last) == []
    assert codes(find("900", "50", "60", "65", "80", "81", full_months=[False, True, True, False, True])) == [
        "unusual_step"
    ]


def test_a_gap_in_the_series_gives_no_step() -> None:
    assert find("900", "50", "60", None, "65", "80") == []
    assert find("900", "50", "60", "65", "80", None) == []


def test_the_median_of_four_steps_is_the_middle_of_two() -> None:
    # Steps 2, 4, 6, 8: median 5.
    assert find("35", "0", "2", "6", "12", "20") == []
    assert codes(find("35.01", "0", "2", "6", "12", "20")) == ["unusual_step"]


def test_no_change_for_two_months() -> None:
    assert find("50", "50", "50") == [Finding("warning", "no_change", {"months": 2})]
    assert codes(find("50.0", "10", "50.00", "50", limits=LEVEL)) == ["no_change"]
    assert find("50", "50") == []
    assert find("50", "40", "50") == []
    assert find("50", "50", None) == []


def test_a_figure_outside_its_range_is_odd() -> None:
    limits = IndicatorLimits(decimals=1, accumulation=Accumulation.LEVEL, minimum=Decimal(0), maximum=Decimal(100))
    outside = Finding("warning", "outside_range", {"minimum": Decimal(0), "maximum": Decimal(100)})
    assert find("-0.1", limits=limits) == find("100.1", limits=limits) == [outside]
    assert find("0", limits=limits) == find("100", limits=limits) == []


def test_a_range_may_be_open_at_one_end() -> None:
    limits = IndicatorLimits(decimals=0, accumulation=Accumulation.LEVEL, minimum=Decimal(0))
    assert find("999999", limits=limits) == []
    assert codes(find("-1", limits=limits)) == ["outside_range"]


def test_errors_come_first() -> None:
    limits = IndicatorLimits(decimals=0, accumulation=Accumulation.CUMULATIVE, maximum=Decimal(10))
    assert codes(find("11.5", "12", limits=limits)) == ["too_many_decimals", "below_last_month", "outside_range"]


def test_a_note_answers_warnings_and_never_an_error() -> None:
    warnings, errors = find("40", "50"), find("1.234")
    assert needs_note(warnings, "")
    assert needs_note(warnings, " \u3000")
    assert not needs_note(warnings, "a project was withdrawn")
    assert not blocks(warnings)
    assert not needs_note(errors, "")
    assert blocks(errors)
    assert not needs_note([], "")
    assert not blocks([])


def test_full_months_must_match_the_periods() -> None:
    with pytest.raises(ValueError, match="one entry"):
        find("1", "2", full_months=[True, True])


figures = st.none() | st.decimals(-1000, 1000, places=2)


@given(figures, st.lists(figures, max_size=8), st.sampled_from([CUMULATIVE, LEVEL]), st.text(max_size=3))
def test_any_series_gives_known_codes_once_each(
    value: Decimal | None, earlier: list[Decimal | None], limits: IndicatorLimits, note: str
) -> None:
    findings = check_measurement(value=value, note=note, limits=limits, earlier=earlier)
    assert len(set(codes(findings))) == len(findings)
    levels = {finding.code: finding.level for finding in findings}
    assert set(levels) <= {"missing_without_comment", "below_last_month", "unusual_step", "no_change"}
    assert all((level == "error") is (code == "missing_without_comment") for code, level in levels.items())


@given(st.lists(st.decimals(0, 50, places=1), min_size=2, max_size=8))
def test_an_even_climb_is_never_odd(steps: list[Decimal]) -> None:
    climb: list[Decimal | None] = [Decimal(10) * step for step in range(1, len(steps) + 1)]
    value = Decimal(10) * (len(steps) + 1)
    assert check_measurement(value=value, note="", limits=CUMULATIVE, earlier=climb) == []
