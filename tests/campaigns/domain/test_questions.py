"""What is worth asking, at the edges of every rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.light import Light
from campaigns.domain.questions import (
    MOST,
    Question,
    Topic,
    about_warning,
    fell,
    follow_up_overdue,
    judgement,
    light_lifted,
    milestone_late,
    most_urgent,
    must_speed_up,
    no_figure,
    shrank,
    will_miss,
)

TODAY = date(2022, 9, 3)
rates = st.decimals(min_value=Decimal("0.0001"), max_value=1000, places=4)


def warned(**told: Any) -> Question | None:
    usual = {"is_red": False, "is_answered": True, "measure": "", "measure_due_on": None}
    return about_warning("Bridge", **usual | told, raised_on=date(2022, 8, 31), today=TODAY)


def test_a_red_warning_without_a_measure_comes_before_everything_that_can_be_said_of_it() -> None:
    found = warned(is_red=True, is_answered=False)
    assert found == Question(Topic.NO_MEASURE, "Bridge", {"days": 3})


@pytest.mark.parametrize(
    ("told", "topic"),
    [
        ({"is_red": True, "measure": "A second shift."}, None),
        ({"measure": "A second shift.", "measure_due_on": date(2022, 9, 3)}, None),
        ({"measure": "A second shift.", "measure_due_on": date(2022, 9, 2)}, Topic.MEASURE_OVERDUE),
        ({"is_red": True, "measure": "A second shift.", "measure_due_on": date(2022, 9, 2)}, Topic.MEASURE_OVERDUE),
        ({"is_answered": False}, Topic.NOT_EXPLAINED),
        ({}, None),
    ],
)
def test_a_warning_is_asked_about_its_measure_and_its_reason(told: dict[str, Any], topic: Topic | None) -> None:
    found = warned(**told)
    assert (found.topic if found else None) is topic


def test_a_day_that_is_today_has_not_passed() -> None:
    for planned_on, is_late in ((TODAY, False), (date(2022, 9, 2), True)):
        assert (milestone_late("Roof", planned_on=planned_on, done_on=None, today=TODAY) is not None) is is_late
        assert (follow_up_overdue("Land", is_done=False, due_on=planned_on, today=TODAY) is not None) is is_late
    assert milestone_late("Roof", planned_on=date(2022, 1, 1), done_on=TODAY, today=TODAY) is None
    assert follow_up_overdue("Land", is_done=True, due_on=date(2022, 1, 1), today=TODAY) is None


@given(rates, rates)
def test_a_pace_is_asked_about_only_where_more_than_twice_of_it_is_needed(rate: Decimal, needed: Decimal) -> None:
    found = must_speed_up("Exports", light=Light.RED, rate=rate, required_rate=needed)
    assert (found is not None) is (needed > 2 * rate)
    mirrored = must_speed_up("Hazards", light=Light.RED, rate=-rate, required_rate=-needed)
    assert (mirrored is not None) is (found is not None)


@pytest.mark.parametrize("light", [Light.GREEN, Light.YELLOW, Light.GREY])
def test_a_pace_is_asked_about_only_where_the_light_is_red(light: Light) -> None:
    assert must_speed_up("Exports", light=light, rate=Decimal(1), required_rate=Decimal(9)) is None


def test_without_a_day_left_no_pace_is_asked_about() -> None:
    assert must_speed_up("Exports", light=Light.RED, rate=None, required_rate=None) is None


@pytest.mark.parametrize(("coverage", "is_asked"), [(0, True), (1, False), (100, False)])
def test_what_has_no_figure_at_all_is_asked_about(coverage: int, is_asked: bool) -> None:
    assert (no_figure("Trade", coverage=coverage) is not None) is is_asked


@pytest.mark.parametrize(("movement", "is_asked"), [(None, False), (2, False), (0, False), (-1, False), (-2, True)])
def test_a_unit_is_asked_why_it_fell_by_two_places(movement: int | None, is_asked: bool) -> None:
    assert (fell("Town", rank=4, movement=movement) is not None) is is_asked
    assert fell("Town", rank=None, movement=movement) is None


@pytest.mark.parametrize(("growth", "is_asked"), [(None, False), ("0", False), ("-0.1", True), ("3.2", False)])
def test_a_figure_below_the_year_before_is_asked_about_where_more_is_better(growth: str | None, is_asked: bool) -> None:
    exact = None if growth is None else Decimal(growth)
    assert (shrank("Revenue", growth=exact, is_more_better=True) is not None) is is_asked
    assert shrank("Hazards", growth=exact, is_more_better=False) is None


def test_a_lifted_light_is_asked_about_with_both_lights_and_the_reason() -> None:
    found = light_lifted("Trade", computed=Light.RED, displayed=Light.YELLOW, reason="A flood.")
    assert found is not None
    assert found.rests_on == {"computed": Light.RED, "displayed": Light.YELLOW, "reason": "A flood."}
    assert light_lifted("Trade", computed=Light.GREEN, displayed=Light.GREEN, reason="A flood.") is None


def test_the_most_urgent_come_first_and_no_more_than_there_is_time_for() -> None:
    late = [milestone_late(number, planned_on=date(2022, 9, 1), done_on=None, today=TODAY) for number in range(9)]
    found = most_urgent([None, *late, warned(is_red=True)])
    assert [one.topic for one in found] == [Topic.NO_MEASURE, *[Topic.MILESTONE_LATE] * (MOST - 1)]
    assert [one.subject for one in found[1:]] == list(range(MOST - 1))


def test_nobody_is_asked_twice_where_an_action_leads() -> None:
    missed = Fraction(80, 100)
    found = [
        will_miss("Trade", light=Light.GREEN, projected=missed),
        judgement("Trade", is_hopeful=True, projected=missed),
        will_miss("Roads", light=Light.GREEN, projected=missed),
    ]
    assert [(one.topic, one.subject) for one in most_urgent(found)] == [
        (Topic.JUDGED_BETTER, "Trade"),
        (Topic.WILL_MISS, "Roads"),
    ]
