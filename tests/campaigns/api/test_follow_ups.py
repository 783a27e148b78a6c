"""Follow-ups by the API: for the units that lead or support them, with their urgency on the business day."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from campaigns.models import FollowUp, Meeting
from tests.admin_builders import make
from tests.api_calls import costs_the_same, must_be_as_described, results
from tests.api_cast import system
from tests.cast import Cast, client_of

URL = "/api/v1/follow-ups/"
DUE = {
    # number: due (it is 3 September), state
    "closed": (date(2022, 8, 1), "closed"),
    "archived": (date(2022, 9, 30), "archived"),
    "overdue": (date(2022, 9, 2), "in_hand"),
    "overdue-returned": (date(2022, 9, 2), "returned"),
    "returned": (date(2022, 9, 3), "returned"),
    "today": (date(2022, 9, 3), "accepted"),
    "near": (date(2022, 9, 6), "feedback"),
    "in-time": (date(2022, 9, 7), "in_hand"),
    "behind": (date(2022, 9, 7), "registered"),
}
URGENCY = {
    "closed": {"closed", "archived"},
    "overdue": {"overdue", "overdue-returned"},
    "returned": {"returned"},
    "behind": {"behind"},
    "near": {"today", "near"},
    "in_time": {"in-time"},
}


@pytest.fixture
def reader(cast: Cast) -> Client:
    return system("read")


@pytest.fixture
def follow_up(cast: Cast) -> FollowUp:
    """The town leads it, the neighbour supports it."""
    row = make(FollowUp, campaign=cast.campaign, number="F-town", lead=cast.town, due_on=date(2022, 9, 30))
    row.supporting.add(cast.neighbour)
    return row


def numbers(client: Client, query: str = "") -> set[str]:
    return {one["number"] for one in results(client.get(f"{URL}?{query}"))}


def test_a_follow_up_tells_who_does_what_by_when(reader: Client, follow_up: FollowUp) -> None:
    told = reader.get(f"{URL}{follow_up.pk}/").json()
    assert (told["lead"], told["supporting"], told["due_on"]) == ("town", ["neighbour"], "2022-09-30")
    assert (told["state"], told["urgency"], told["meeting"]) == ("registered", "behind", None)
    must_be_as_described(reader, URL, "PaginatedFollowUpList")


@pytest.mark.parametrize(
    ("who", "is_seen"),
    [
        ("reporter", True),
        ("head", True),
        ("outsider", True),
        ("reviewer", False),
        ("stranger", False),
        ("office", True),
        ("leader", True),
        ("administrator", True),
    ],
)
def test_lead_and_supporting_units_office_and_leaders_see_it(
    cast: Cast, follow_up: FollowUp, who: str, is_seen: bool
) -> None:
    client = client_of(getattr(cast, who))
    assert numbers(client) == ({"F-town"} if is_seen else set())
    assert client.get(f"{URL}{follow_up.pk}/").status_code == (200 if is_seen else 404)


def test_who_leads_and_supports_at_once_sees_it_once(cast: Cast, follow_up: FollowUp) -> None:
    follow_up.supporting.add(cast.town)
    assert len(results(client_of(cast.reporter).get(URL))) == 1


def test_the_urgency_of_each_is_what_its_filter_finds(reader: Client) -> None:
    for number, (due_on, state) in DUE.items():
        is_done = state in FollowUp.DONE
        make(FollowUp, number=number, due_on=due_on, state=state, closed_on=due_on if is_done else None)
    for urgency, expected in URGENCY.items():
        assert {one["number"] for one in results(reader.get(URL)) if one["urgency"] == urgency} == expected
        assert numbers(reader, f"urgency={urgency}") == expected
    assert numbers(reader, "is_overdue=true") == URGENCY["overdue"]
    assert numbers(reader, "is_overdue=false") == set(DUE) - URGENCY["overdue"]


def test_filters_narrow_the_list(reader: Client, follow_up: FollowUp, cast: Cast) -> None:
    meeting = make(Meeting)
    make(FollowUp, number="F-other", origin="meeting", meeting=meeting, due_on=date(2022, 8, 1))
    for query, expected in {
        "campaign=hundred-days": {"F-town"},
        "lead=town": {"F-town"},
        "lead=neighbour": set(),
        "unit=neighbour": {"F-town"},
        "unit=lead": set(),
        f"meeting={meeting.pk}": {"F-other"},
        "origin=note": {"F-town"},
        "state=registered": {"F-town", "F-other"},
        "due_until=2022-08-31": {"F-other"},
    }.items():
        assert numbers(reader, query) == expected, query
    for query in ("meeting=999999", "meeting=x", "unit=no-such", "urgency=red", "is_overdue=1", "due_until=soon"):
        assert reader.get(f"{URL}?{query}").status_code == 400, query


def test_many_cost_as_few_queries_as_one(cast: Cast, follow_up: FollowUp) -> None:
    def grow() -> None:
        for number in range(3):
            row = make(FollowUp, number=f"G-{number}", lead=cast.town)
            row.supporting.add(cast.neighbour, cast.lead)

    assert costs_the_same(client_of(cast.reporter), URL, grow)
