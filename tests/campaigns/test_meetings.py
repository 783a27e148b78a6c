"""The list of meetings and the page of one: what it shows, to whom, in how many queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import AgendaItem, Attendance, FollowUp, Meeting, MeetingKind, Minutes, MinutesItem, Requirement
from campaigns.queries.meetings import meeting_list, meeting_page
from tests.cast import Cast, at, client_of
from units.models import User
from units.permissions import NONE

TODAY = date(2022, 9, 3)


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    meeting = Meeting.objects.create(
        campaign=cast.campaign,
        period=cast.july,
        name_en="Second monthly analysis",
        name_zh="第二次月度分析会",
        held_on=date(2022, 8, 26),
        chair_en="The Mayor",
        place="Room 1",
    )
    MeetingKind.objects.create(meeting=meeting, kind=Meeting.Kind.MONTHLY_ANALYSIS, year=2022, number=2, order=1)
    MeetingKind.objects.create(meeting=meeting, kind=Meeting.Kind.STANDING_COMMITTEE, order=2)
    return meeting


def add_item(meeting: Meeting, order: int, **fields: object) -> AgendaItem:
    given = {"kind": AgendaItem.Kind.OTHER, "title_en": f"Item {order}", "title_zh": f"事项{order}"} | fields
    return AgendaItem.objects.create(meeting=meeting, order=order, **given)


def add_minutes(meeting: Meeting, office: User, *, version: int = 1, is_issued: bool = True) -> Minutes:
    minutes = Minutes.objects.create(
        meeting=meeting,
        number="2022-8",
        version=version,
        issued_at=at(8, 29, 17) if is_issued else None,
        issued_by=office if is_issued else None,
    )
    MinutesItem.objects.create(minutes=minutes, order=1, conclusion_en=f"Concluded in version {version}")
    return minutes


def add_follow_up(cast: Cast, meeting: Meeting, number: int, **fields: object) -> FollowUp:
    given = {"due_on": TODAY + timedelta(days=30), "title_en": f"Follow-up {number}", "title_zh": f"督办{number}"}
    return FollowUp.objects.create(
        campaign=cast.campaign,
        number=f"2022-{number:03}",
        origin=FollowUp.Origin.MEETING,
        meeting=meeting,
        lead=cast.lead,
        registered_on=date(2022, 8, 1),
        **given | fields,
    )


def count_queries(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as made:
        read()
    return len(made)


def page_of(client: Client, meeting: Meeting, tab: str = "") -> str:
    answer = client.get(reverse("meeting", args=[meeting.pk]), {"tab": tab} if tab else {})
    assert answer.status_code == 200
    return answer.content.decode()


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_names_day_kinds_place_and_minutes(cast: Cast, meeting: Meeting) -> None:
    add_minutes(meeting, cast.office)
    text = client_of(cast.reporter).get(reverse("meetings")).content.decode()
    assert "26 August 2022" in text
    assert "Second monthly analysis" in text
    assert "Monthly analysis meeting, no. 2 of 2022" in text
    assert "Enlarged Standing Committee meeting" in text
    assert "Room 1" in text
    assert "No. 2022-8, 29 August" in text


def test_a_meeting_still_to_come_says_so(cast: Cast, meeting: Meeting) -> None:
    rows = meeting_list(campaign=None, today=date(2022, 8, 25))
    assert [row.is_ahead for row in rows] == [True]
    assert not meeting_list(campaign=None, today=date(2022, 8, 26))[0].is_ahead


def test_the_list_shows_all_campaigns_unless_the_address_names_one(cast: Cast, meeting: Meeting) -> None:
    client = client_of(cast.reporter)
    assert "Second monthly analysis" in client.get(reverse("meetings")).content.decode()
    named = client.get(reverse("meetings"), {"campaign": cast.campaign.slug}).content.decode()
    assert "Second monthly analysis" in named
    assert client.get(reverse("meetings"), {"campaign": "no-such"}).status_code == 404


def test_without_any_meeting_the_list_says_what_comes(cast: Cast) -> None:
    assert "No meeting yet" in client_of(cast.reporter).get(reverse("meetings")).content.decode()


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["reporter", "head", "reviewer", "office", "leader", "administrator", "stranger"])
def test_everyone_who_has_signed_in_reads_every_part(cast: Cast, meeting: Meeting, part: str) -> None:
    client = client_of(cast.people[part])
    for tab in ("", "agenda", "requirements", "attendance", "minutes"):
        assert "Meeting of 26 August 2022" in page_of(client, meeting, tab)


def test_without_an_account_the_page_leads_to_the_sign_in(cast: Cast, meeting: Meeting) -> None:
    answer = Client().get(reverse("meeting", args=[meeting.pk]))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("login"))


def test_an_unknown_part_or_meeting_is_not_found(cast: Cast, meeting: Meeting) -> None:
    client = client_of(cast.reporter)
    assert client.get(reverse("meeting", args=[meeting.pk]), {"tab": "secrets"}).status_code == 404
    assert client.get(reverse("meeting", args=[meeting.pk + 1])).status_code == 404


def test_the_chosen_tab_is_marked_as_the_current_one(cast: Cast, meeting: Meeting) -> None:
    assert '?tab=attendance" aria-current="page">' in page_of(client_of(cast.office), meeting, "attendance")
    assert '?tab=agenda" aria-current="page">' in page_of(client_of(cast.office), meeting)


def test_the_morning_comes_first_and_items_are_numbered_through(cast: Cast, meeting: Meeting) -> None:
    add_item(meeting, 1, session=AgendaItem.Session.MAIN, title_en="The result")
    add_item(meeting, 2, session=AgendaItem.Session.MORNING, title_en="The video link")
    page = meeting_page(meeting.pk, person=NONE, today=TODAY)
    assert [[(entry.number, str(entry.item.title_en)) for entry in session.entries] for session in page.sessions] == [
        [(1, "The video link")],
        [(2, "The result")],
    ]
    assert page.agenda_minutes == 20


def test_a_title_that_begins_with_the_presenter_links_the_unit_once(cast: Cast, meeting: Meeting) -> None:
    add_item(meeting, 1, presenter=cast.town, title_en="Riverside Town: the first half-year", title_zh="河畔市：上半年")
    add_item(meeting, 2, presenter=cast.neighbour, title_en="The first half-year", title_zh="上半年")
    text = page_of(client_of(cast.office), meeting)
    assert f'<a href="{reverse("unit", args=["town"])}">Riverside Town</a>: the first half-year' in text
    assert f'<a href="{reverse("unit", args=["neighbour"])}">Hillside County</a>' in text


def test_a_linked_report_is_named_only_to_those_who_may_open_it(cast: Cast, meeting: Meeting) -> None:
    report = cast.report(cast.town, cast.trade, cast.august)
    add_item(meeting, 1, report=report)
    link = reverse("report", args=[report.pk])
    for part, may_open in {
        "reporter": True,
        "reviewer": True,
        "office": True,
        "leader": True,
        "outsider": False,
    }.items():
        assert (link in page_of(client_of(cast.people[part]), meeting)) is may_open, part


def test_requirements_stand_in_their_groups_and_the_deployment_apart(cast: Cast, meeting: Meeting) -> None:
    groups = Requirement.Group
    for order, group in enumerate((groups.DEPLOYMENT, groups.STAMINA, groups.GROWTH_ENGINES, groups.STAMINA), start=1):
        Requirement.objects.create(
            meeting=meeting, group=group, order=order, text_en=f"Do {order}", text_zh=f"办{order}"
        )
    page = meeting_page(meeting.pk, person=NONE, today=TODAY)
    assert [[one.text_en for one in group.requirements] for group in page.requirements] == [["Do 2", "Do 4"], ["Do 3"]]
    assert page.deployment is not None
    assert [one.text_en for one in page.deployment.requirements] == ["Do 1"]
    assert page.requirement_count == 4


def test_attendance_counts_who_came_and_names_who_did_not(cast: Cast, meeting: Meeting) -> None:
    Attendance.objects.create(meeting=meeting, name_en="The Mayor", office_en="Mayor", capacity="chair")
    Attendance.objects.create(meeting=meeting, unit=cast.town, presence="substitute")
    Attendance.objects.create(meeting=meeting, unit=cast.neighbour, presence="leave")
    page = meeting_page(meeting.pk, person=NONE, today=TODAY)
    assert page.presence.present == 1
    assert [str(one) for one in page.presence.substitutes] == ["Riverside Town"]
    assert [str(one) for one in page.presence.on_leave] == ["Hillside County"]
    assert page.attendance_count == 3


# --- minutes ----------------------------------------------------------------------------------------------------------


def test_everyone_reads_the_newest_issued_minutes_and_only_their_writers_the_next_version(
    cast: Cast, meeting: Meeting
) -> None:
    add_minutes(meeting, cast.office, version=1)
    add_minutes(meeting, cast.office, version=2, is_issued=False)
    for part in ("reporter", "head", "reviewer", "leader", "stranger"):
        text = page_of(client_of(cast.people[part]), meeting, "minutes")
        assert "Concluded in version 1" in text, part
        assert "Concluded in version 2" not in text, part
    for part in ("office", "administrator"):
        assert "Concluded in version 2" in page_of(client_of(cast.people[part]), meeting, "minutes"), part


# --- follow-ups -------------------------------------------------------------------------------------------------------


def test_follow_ups_stand_beside_the_minutes_with_lead_state_and_days(cast: Cast, meeting: Meeting) -> None:
    add_follow_up(cast, meeting, 1, due_on=TODAY - timedelta(days=2), state="in_hand")
    add_follow_up(cast, meeting, 2, due_on=TODAY + timedelta(days=1), state="accepted")
    text = page_of(client_of(cast.lead_reporter), meeting, "minutes")
    assert "overdue 2 days" in text
    assert "due in 1 day<" in text
    assert "2022-001 · Trade Bureau" in text


def test_other_units_follow_ups_and_the_names_of_their_people_are_not_shown(cast: Cast, meeting: Meeting) -> None:
    add_follow_up(cast, meeting, 1)
    Attendance.objects.create(meeting=meeting, name_en="The Mayor", capacity="attending")
    Attendance.objects.create(meeting=meeting, unit=cast.lead, name_en="Li Si", capacity="reporting")
    Attendance.objects.create(meeting=meeting, unit=cast.lead)
    for part, is_seen in {"lead_reporter": True, "office": True, "leader": True, "outsider": False}.items():
        client = client_of(cast.people[part])
        assert ("Follow-up 1" in page_of(client, meeting, "minutes")) is is_seen, part
        attending = page_of(client, meeting, "attendance")
        assert ("Li Si" in attending) is is_seen, part
        assert "The Mayor" in attending
        assert "Trade Bureau" in attending


# --- queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tab", ["agenda", "requirements", "attendance", "minutes"])
def test_the_page_makes_the_same_queries_for_one_row_and_for_three(cast: Cast, meeting: Meeting, tab: str) -> None:
    client = client_of(cast.lead_reporter)
    minutes = add_minutes(meeting, cast.office)

    def add(number: int) -> None:
        add_item(meeting, number, presenter=[cast.town, cast.neighbour, cast.lead][number - 1])
        Requirement.objects.create(meeting=meeting, group="stamina", order=number, text_en="Do", text_zh="办")
        Attendance.objects.create(meeting=meeting, unit=[cast.town, cast.neighbour, cast.lead][number - 1])
        add_follow_up(cast, meeting, number)
        if number > 1:
            MinutesItem.objects.create(minutes=minutes, order=number, conclusion_en="Done", responsible=cast.lead)

    add(1)
    one = count_queries(lambda: page_of(client, meeting, tab))
    add(2)
    add(3)
    assert count_queries(lambda: page_of(client, meeting, tab)) == one
    assert one <= 16


def test_the_list_makes_the_same_queries_for_one_row_and_for_three(cast: Cast, meeting: Meeting) -> None:
    client = client_of(cast.reporter)
    add_minutes(meeting, cast.office)
    one = count_queries(lambda: client.get(reverse("meetings")))
    for number in (1, 2):
        another = Meeting.objects.create(
            campaign=cast.campaign, name_en=f"Meeting {number}", name_zh="会", held_on=date(2022, 9, number)
        )
        MeetingKind.objects.create(meeting=another, kind=Meeting.Kind.MONTHLY_ANALYSIS, order=1)
        Minutes.objects.create(meeting=another, number=f"2022-9{number}")
    assert count_queries(lambda: client.get(reverse("meetings"))) == one
    assert one <= 10
