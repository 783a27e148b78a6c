"""Raw, computed and displayed lights at their exact thresholds, and in their runs."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.light import (
    Light,
    LightMethod,
    LightRule,
    computed_light,
    computed_lights,
    displayed_light,
    raw_light,
)

SHARE = LightRule()
POINTS = LightRule(method=LightMethod.POINTS_BEHIND)
LETTERS = {"G": Light.GREEN, "Y": Light.YELLOW, "R": Light.RED, "-": Light.GREY}
SEVERITY = [Light.GREEN, Light.YELLOW, Light.RED]
lights = st.sampled_from(Light)
shares = st.fractions(-2, 3, max_denominator=1000)


def run(letters: str) -> list[Light]:
    return [LETTERS[letter] for letter in letters]


@pytest.mark.parametrize(
    ("reached", "plan", "light"),
    [
        ("1/4", "1/5", Light.GREEN),
        ("45/100", "51/100", Light.GREEN),
        ("80/100", "1", Light.GREEN),
        ("79999/100000", "1", Light.YELLOW),
        ("60/100", "1", Light.YELLOW),
        ("59999/100000", "1", Light.RED),
        ("0", "1/100", Light.RED),
        ("-1", "1/5", Light.RED),
        ("0", "0", Light.GREEN),
        ("-1", "0", Light.GREEN),
        ("-1", "-1/2", Light.GREEN),
    ],
)
def test_share_of_pace(reached: str, plan: str, light: Light) -> None:
    assert raw_light(Fraction(reached), Fraction(plan), SHARE) is light


@pytest.mark.parametrize(
    ("reached", "plan", "light"),
    [
        ("1/4", "1/5", Light.GREEN),
        ("45/100", "51/100", Light.GREEN),
        ("40001/100000", "1/2", Light.GREEN),
        ("40/100", "1/2", Light.YELLOW),
        ("20/100", "1/2", Light.YELLOW),
        ("19999/100000", "1/2", Light.RED),
        ("-31/100", "0", Light.RED),
        ("-5/100", "0", Light.GREEN),
    ],
)
def test_points_behind(reached: str, plan: str, light: Light) -> None:
    assert raw_light(Fraction(reached), Fraction(plan), POINTS) is light


@pytest.mark.parametrize("rule", [SHARE, POINTS])
@pytest.mark.parametrize(
    ("reached", "plan"), [(None, Fraction(1, 2)), (Fraction(1), None), (None, None), (None, Fraction(0))]
)
def test_no_figure_is_grey_never_green(reached: Fraction | None, plan: Fraction | None, rule: LightRule) -> None:
    assert raw_light(reached, plan, rule) is Light.GREY


def test_thresholds_are_settings() -> None:
    rule = LightRule(green_from=90, yellow_from=70)
    assert raw_light(Fraction(89, 100), Fraction(1), rule) is Light.YELLOW
    assert raw_light(Fraction(69, 100), Fraction(1), rule) is Light.RED


@pytest.mark.parametrize("values", [{"green_from": 50}, {"green_within": 40}])
def test_thresholds_out_of_order_are_refused(values: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must not be above"):
        LightRule(**values)


@pytest.mark.parametrize(
    ("raws", "computed"),
    [
        ("YYYY", "YRRR"),
        ("RYY", "RYR"),
        ("Y", "Y"),
        ("GGG", "GGG"),
        ("YGY", "YGY"),
        ("Y-Y", "Y-Y"),
        ("Y--YY", "Y--YR"),
        ("-YY", "-YR"),
        ("YYG", "YRG"),
        ("YYGY", "YRGY"),
        ("YRY", "YRY"),
        ("RRG", "RRG"),
        ("----", "----"),
        ("", ""),
    ],
)
def test_two_yellows_running_are_red(raws: str, computed: str) -> None:
    assert computed_lights(run(raws)) == run(computed)


def test_the_first_period_has_no_run() -> None:
    assert computed_light(Light.YELLOW, None) is Light.YELLOW


@pytest.mark.parametrize(("computed", "shown"), [("R", "Y"), ("Y", "G"), ("G", "G"), ("-", "-")])
def test_an_accepted_reason_lifts_what_is_shown_by_one(computed: str, shown: str) -> None:
    assert displayed_light(LETTERS[computed], reason_accepted=True) is LETTERS[shown]
    assert displayed_light(LETTERS[computed], reason_accepted=False) is LETTERS[computed]


@given(shares, shares, shares, st.sampled_from([SHARE, POINTS]))
def test_more_attained_never_gives_a_worse_light(
    one: Fraction, other: Fraction, plan: Fraction, rule: LightRule
) -> None:
    low, high = sorted((one, other))
    assert SEVERITY.index(raw_light(high, plan, rule)) <= SEVERITY.index(raw_light(low, plan, rule))


@given(st.fractions(0, 3), shares, shares, st.sampled_from([SHARE, POINTS]))
def test_more_planned_never_gives_a_better_light(
    reached: Fraction, one: Fraction, other: Fraction, rule: LightRule
) -> None:
    low, high = sorted((one, other))
    assert SEVERITY.index(raw_light(reached, low, rule)) <= SEVERITY.index(raw_light(reached, high, rule))


@given(st.fractions(-1, 3), st.fractions(-1, 3), st.sampled_from([SHARE, POINTS]))
def test_who_is_on_the_plan_is_green(ahead: Fraction, plan: Fraction, rule: LightRule) -> None:
    assert raw_light(plan + abs(ahead), plan, rule) is Light.GREEN


@given(st.lists(lights))
def test_a_run_is_computed_from_raw_lights_alone(raws: list[Light]) -> None:
    computed = computed_lights(raws)
    assert len(computed) == len(raws)
    for index, (raw, light) in enumerate(zip(raws, computed, strict=True)):
        is_second_yellow = index > 0 and raw is raws[index - 1] is Light.YELLOW
        assert light is (Light.RED if is_second_yellow else raw)


@given(lights, st.none() | lights)
def test_the_run_never_makes_a_light_better_and_keeps_grey(raw: Light, previous: Light | None) -> None:
    computed = computed_light(raw, previous)
    assert (computed is Light.GREY) is (raw is Light.GREY)
    if raw is not Light.GREY:
        assert SEVERITY.index(computed) >= SEVERITY.index(raw)
