"""What is said of a month: the first and the last, several equally far, and nothing where there is nothing to say."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.light import Light
from campaigns.domain.sentences import (
    MISSED_BELOW,
    Course,
    Placed,
    what_is_missed,
    what_lags,
    who_fell,
    who_has_not_filed,
    who_leads,
    who_rose,
)


def placed(unit: str, rank: int | None, movement: int | None = None) -> Placed[str]:
    return Placed(unit, rank, Decimal("50.00"), movement)


def course(action: str, light: Light = Light.GREEN, gap: str = "0", projected: str | None = None) -> Course[str]:
    return Course(action, light, Decimal(gap), None if projected is None else Fraction(projected))


def test_nobody_leads_where_nobody_is_ranked() -> None:
    assert who_leads([placed("Nanhu", None)]) is None
    assert who_leads([]) is None


def test_equal_firsts_lead_together() -> None:
    found = who_leads([placed("Nanhu", 1), placed("Haining", 1), placed("Pinghu", 3)])
    assert found is not None
    assert found.units == ("Nanhu", "Haining")


def test_nobody_rose_or_fell_where_nothing_moved() -> None:
    rows = [placed("Nanhu", 1, 0), placed("Haining", 2, None)]
    assert who_rose(rows) is None
    assert who_fell(rows) is None


def test_losing_places_is_told_as_a_negative_number() -> None:
    found = who_fell([placed("Nanhu", 3, -2), placed("Haining", 4, -1)])
    assert found is not None
    assert (found.units, found.places) == (("Nanhu",), -2)


def test_grey_actions_neither_lag_nor_count() -> None:
    assert what_lags([course("Trade", Light.GREY)]) is None
    found = what_lags([course("Trade", Light.GREY), course("Industry")])
    assert found is not None
    assert (found.red, found.yellow, found.total) == ((), (), 1)


def test_the_largest_gap_comes_first() -> None:
    found = what_lags([course("Trade", Light.RED, "-8"), course("Capital", Light.RED, "-9.5")])
    assert found is not None
    assert found.red == ("Capital", "Trade")


def test_nine_tenths_of_the_way_are_not_missed() -> None:
    found = what_is_missed([course("Trade", projected="9/10"), course("Capital", projected="899/1000")])
    assert found is not None
    assert (found.actions, found.total) == (("Capital",), 2)
    assert what_is_missed([course("Trade")]) is None


def test_everybody_has_filed_where_nothing_is_missing() -> None:
    found = who_has_not_filed([("Nanhu", 0)], expected=9)
    assert found is not None
    assert (found.units, found.reports) == ((), 0)
    assert who_has_not_filed([], expected=0) is None


courses = st.lists(
    st.builds(
        Course,
        action=st.integers(),
        light=st.sampled_from(Light),
        gap=st.none() | st.decimals(-50, 50, places=2),
        projected=st.none() | st.fractions(0, 2),
    ),
    unique_by=lambda one: one.action,
)


@given(courses)
def test_each_action_is_told_once_and_only_for_what_it_is(rows: list[Course[int]]) -> None:
    lags, missed = what_lags(rows), what_is_missed(rows)
    by_action = {one.action: one for one in rows}
    if lags is not None:
        assert sorted((*lags.red, *lags.yellow)) == sorted(
            one.action for one in rows if one.light in (Light.RED, Light.YELLOW)
        )
    if missed is not None:
        shares = [by_action[one].projected for one in missed.actions]
        assert shares == sorted(shares)
        assert all(share is not None and share < MISSED_BELOW for share in shares)
