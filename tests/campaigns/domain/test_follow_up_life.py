"""The life of a follow-up: every step from every state by everybody, and the light on each day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from campaigns.domain.follow_up_life import (
    WHO_MAY,
    FollowUpState,
    FollowUpVerb,
    Urgency,
    may_ask_extension,
    step,
    urgency,
)

# verb: from → to, by whom
TABLE = """
assign     registered                                       assigned  office
accept     assigned                                         accepted  lead_unit
start      accepted,returned                                in_hand   lead_unit
feedback   in_hand,returned                                 feedback  lead_unit
send_back  feedback                                         returned  office,source_lead
close      feedback                                         closed    office
archive    closed                                           archived  office
extend     assigned,accepted,in_hand,returned               -         lead_unit
grant      assigned,accepted,in_hand,returned,feedback      -         office
refuse     assigned,accepted,in_hand,returned,feedback      -         office
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
REGISTERED = date(2022, 8, 1)
DUE = date(2022, 8, 31)


@pytest.mark.parametrize(("verb", "sources", "target", "who"), ROWS)
def test_each_step_leads_from_these_states_to_that_by_these(verb: str, sources: str, target: str, who: str) -> None:
    for state in FollowUpState:
        row = step(FollowUpVerb(verb), state)
        assert (row is not None) is (state in sources.split(",")), state
        if row is not None:
            assert (row.target or "-") == target
            assert row.who == set(who.split(","))


def test_the_table_has_no_other_verb_and_none_twice_for_one_state() -> None:
    assert [row.verb for row in WHO_MAY] == [row[0] for row in ROWS]


def test_who_sends_back_gives_feedback_asks_or_refuses_says_why() -> None:
    assert {row.verb for row in WHO_MAY if row.asks_words} == {"send_back", "feedback", "extend", "refuse"}


def test_archived_is_the_end() -> None:
    assert not any(FollowUpState.ARCHIVED in row.sources for row in WHO_MAY)


@pytest.mark.parametrize(("days", "may"), [(-1, True), (0, False), (1, False)])
def test_an_extension_is_asked_before_the_due_date(days: int, may: bool) -> None:
    assert may_ask_extension(due_on=DUE, today=DUE + timedelta(days=days)) is may


@pytest.mark.parametrize(
    ("state", "days_left", "light"),
    [
        ("in_hand", 4, "in_time"),
        ("in_hand", 3, "near"),
        ("in_hand", 0, "near"),
        ("in_hand", -1, "overdue"),
        ("registered", 15, "in_time"),
        ("registered", 14, "behind"),
        ("assigned", 14, "behind"),
        ("assigned", 1, "behind"),
        ("accepted", 14, "in_time"),
        ("assigned", -1, "overdue"),
        ("returned", 10, "returned"),
        ("returned", 2, "returned"),
        ("returned", -1, "overdue"),
        ("feedback", 2, "near"),
        ("closed", -30, "closed"),
        ("archived", 30, "closed"),
    ],
)
def test_the_light_of_a_follow_up_of_thirty_days(state: str, days_left: int, light: str) -> None:
    today = DUE - timedelta(days=days_left)
    assert urgency(state=state, registered_on=REGISTERED, due_on=DUE, today=today) is Urgency(light)
