"""Meetings by the API: what everybody reads of them, what only some, the minutes and the invitation."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from django.test import Client
from icalendar import Calendar

from campaigns.domain.workflow import ReportStatus as S
from campaigns.models import AgendaItem, Attendance, Meeting, MeetingKind, Minutes, MinutesItem, Project, Requirement
from tests.admin_builders import make
from tests.api_calls import costs_the_same, errors_of, must_be_as_described, results, send
from tests.api_cast import system
from tests.builders import bring_to
from tests.cast import Cast, at, client_of

URL = "/api/v1/meetings/"


@pytest.fixture
def reader(cast: Cast) -> Client:
    return system("read")


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """With the town's project and report on the agenda; town, neighbour and a person attend."""
    row = make(
        Meeting, campaign=cast.campaign, period=cast.july, name_en="Second analysis", name_zh="第二次分析会",
        held_on=date(2022, 8, 26), starts_at=time(14, 30), place="Room 1",
    )  # fmt: skip
    make(MeetingKind, meeting=row, kind="monthly_analysis", year=2022, number=2)
    project = make(Project, code="bridge", unit=cast.town, lead=cast.lead)
    report = bring_to(cast, S.SUBMITTED)
    make(AgendaItem, meeting=row, order=1, title_en="Bridge", presenter=cast.town, project=project, report=report)
    make(AgendaItem, meeting=row, order=2, title_en="Exports", presenter=cast.neighbour, minutes_allotted=20)
    make(Requirement, meeting=row)
    for order, unit in enumerate((cast.town, cast.neighbour)):
        make(Attendance, meeting=row, unit=unit, order=order)
    make(Attendance, meeting=row, unit=None, name_en="Zhang Bing", name_zh="张兵", order=3)
    make(Attendance, meeting=row, unit=cast.neighbour, name_en="Li Si", name_zh="李四", order=4)
    return row


def add_minutes(meeting: Meeting, version: int, *, is_issued: bool) -> Minutes:
    minutes = make(
        Minutes, meeting=meeting, number="2022-8", version=version, issued_at=at(8, 29) if is_issued else None
    )
    make(MinutesItem, minutes=minutes, agenda_item=meeting.agenda.first(), conclusion_en=f"Version {version}")
    return minutes


def test_everybody_reads_a_meeting_with_its_agenda_and_what_it_required(cast: Cast, meeting: Meeting) -> None:
    client = client_of(cast.stranger)
    told = client.get(f"{URL}{meeting.pk}/").json()
    assert told["kinds"] == [{"kind": "monthly_analysis", "year": 2022, "number": 2}]
    assert (told["period"], told["starts_at"]) == ("hundred-days/2022-07", "14:30:00")
    assert [(one["title_en"], one["presenter"]) for one in told["agenda"]] == [
        ("Bridge", "town"),
        ("Exports", "neighbour"),
    ]
    assert len(told["requirements"]) == 1
    must_be_as_described(client, URL, "PaginatedMeetingList")


@pytest.mark.parametrize(
    ("who", "attending", "sees_items"),
    [
        ("reporter", ["Zhang Bing"], True),
        ("outsider", ["Zhang Bing", "Li Si"], False),
        ("reviewer", ["Zhang Bing"], True),
        ("stranger", ["Zhang Bing"], False),
        ("office", ["Zhang Bing", "Li Si"], True),
        ("leader", ["Zhang Bing", "Li Si"], True),
    ],
)
def test_attendance_projects_and_reports_are_shown_to_whom_they_concern(
    cast: Cast, meeting: Meeting, who: str, attending: list[str], sees_items: bool
) -> None:
    told = client_of(getattr(cast, who)).get(f"{URL}{meeting.pk}/").json()
    assert [one["name_en"] for one in told["attendance"] if one["name_en"]] == attending
    assert [one["unit"] for one in told["attendance"] if not one["name_en"]] == ["town", "neighbour"]
    first = told["agenda"][0]
    assert (first["project"] == "bridge", first["report"] is not None) == (sees_items, sees_items)


def test_minutes_are_read_once_they_are_issued(cast: Cast, meeting: Meeting) -> None:
    reporter, office = client_of(cast.reporter), client_of(cast.office)
    url = f"{URL}{meeting.pk}/minutes/"
    assert office.get(url).status_code == 404
    add_minutes(meeting, 1, is_issued=False)
    assert reporter.get(url).status_code == 404
    assert reporter.get(f"{URL}{meeting.pk}/").json()["minutes_issued_at"] is None
    assert office.get(url).json()["items"][0]["conclusion_en"] == "Version 1"
    Minutes.objects.update(issued_at=at(8, 29))
    add_minutes(meeting, 2, is_issued=False)
    answer = reporter.get(url)
    told = answer.json()
    assert (told["version"], told["number"], told["meeting"]) == (1, "2022-8", meeting.pk)
    assert [one["conclusion_en"] for one in told["items"]] == ["Version 1"]
    assert answer["ETag"].startswith('"1-')
    assert reporter.get(f"{URL}{meeting.pk}/").json()["minutes_issued_at"] == "2022-08-29T09:00:00+08:00"
    assert office.get(url).json()["version"] == 2
    assert reporter.get(f"{URL}999999/minutes/").status_code == 404


def test_the_invitation_is_an_event_for_a_calendar(reader: Client, meeting: Meeting) -> None:
    answer = reader.get(f"{URL}{meeting.pk}/invitation.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert f'filename="meeting-{meeting.pk}.ics"' in answer["Content-Disposition"]
    event = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert (event["summary"], event["location"]) == ("Second analysis", "Room 1")
    assert event["uid"] == f"meeting-{meeting.pk}@testserver"
    assert event.decoded("dtstart") == datetime(2022, 8, 26, 6, 30, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2022, 8, 26, 7, 0, tzinfo=UTC)
    assert event["description"] == "1. Bridge\n2. Exports"
    chinese = reader.get(f"{URL}{meeting.pk}/invitation.ics", headers={"accept-language": "zh-hans"})
    assert Calendar.from_ical(chinese.content).walk("VEVENT")[0]["summary"] == "第二次分析会"
    assert reader.get(f"{URL}999999/invitation.ics").status_code == 404


def test_a_meeting_without_an_hour_takes_the_day(reader: Client, meeting: Meeting) -> None:
    Meeting.objects.update(starts_at=None)
    event = Calendar.from_ical(reader.get(f"{URL}{meeting.pk}/invitation.ics").content).walk("VEVENT")[0]
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2022, 8, 26), date(2022, 8, 27))


def test_filters_narrow_the_list(reader: Client, meeting: Meeting, cast: Cast) -> None:
    make(Meeting, campaign=cast.campaign, held_on=date(2022, 7, 27))
    for query, found in {
        "period=2022-07": 1,
        "period=2022-08": 0,
        "kind=monthly_analysis": 1,
        "kind=standing_committee": 0,
        "held_from=2022-08-01": 1,
        "held_until=2022-08-01": 1,
    }.items():
        assert len(results(reader.get(f"{URL}?campaign=hundred-days&{query}"))) == found, query
    for query in ("kind=party", "held_from=soon", "period=2022-07"):
        assert reader.get(f"{URL}?{query}").status_code == 400, query


def test_many_cost_as_few_queries_as_one(reader: Client, meeting: Meeting, cast: Cast) -> None:
    def grow() -> None:
        for one in (meeting, make(Meeting), make(Meeting)):
            for order in (7, 8):
                make(AgendaItem, meeting=one, order=order, project=make(Project), report=cast.report())
                make(Attendance, meeting=one)
                make(Requirement, meeting=one)
            add_minutes(one, 5, is_issued=True) if one == meeting else make(Minutes, meeting=one)

    assert costs_the_same(reader, URL, grow)


# --- writing ----------------------------------------------------------------------------------------------------------

NEW = {
    "campaign": "hundred-days", "period": "hundred-days/2022-07", "held_on": "2022-09-26", "starts_at": "14:30:00",
    "name_en": "Called", "name_zh": "会议", "kinds": [{"kind": "monthly_analysis", "year": 2022, "number": 8}],
}  # fmt: skip


@pytest.fixture
def manager(cast: Cast) -> Client:
    return system("manage", "read")


def made(client: Client) -> tuple[str, str]:
    """The address of a new meeting, and its version."""
    answer = send(client, "POST", URL, NEW)
    assert answer.status_code == 201
    return answer["Location"].removeprefix("http://testserver"), answer["ETag"]


def test_a_system_calls_a_meeting_and_changes_what_it_names(manager: Client) -> None:
    url, tag = made(manager)
    told = manager.get(url).json()
    assert (told["papers_due_at"], told["period"]) == ("2022-09-22T18:00:00+08:00", "hundred-days/2022-07")
    changed = send(manager, "PATCH", url, {"place": "Hall 1"}, if_match=tag)
    assert (changed.status_code, changed.json()["place"], changed.json()["version"]) == (200, "Hall 1", 2)
    assert changed.json()["kinds"] == NEW["kinds"]
    assert send(manager, "PATCH", url, {"place": "Hall 2"}).status_code == 428
    assert send(manager, "PATCH", url, {"place": "Hall 2"}, if_match=tag).status_code == 412
    assert manager.get(url).json()["place"] == "Hall 1"


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"kinds": []}, "/kinds"),
        ({"kinds": [{"kind": "picnic"}]}, "/kinds/0/kind"),
        ({"period": "hundred-days/1999-01"}, "/period"),
        ({"held_on": "soon"}, "/held_on"),
        ({"starts_at": "25:99"}, "/starts_at"),
        ({"papers_due_at": "2022-10-01T09:00:00+08:00"}, "/papers_due_at"),
        ({"weather": "fine"}, "/weather"),
        ({"agenda": []}, "/agenda"),
    ],
)
def test_a_wrong_field_is_named(manager: Client, wrong: dict[str, object], pointer: str) -> None:
    answer = send(manager, "POST", URL, {**NEW, **wrong})
    assert answer.status_code == 400
    assert pointer in errors_of(answer)
    assert not Meeting.objects.exists()


def test_the_agenda_is_built_and_put_into_another_order(cast: Cast, manager: Client) -> None:
    url, tag = made(manager)
    for title in ("A", "B"):
        body = {"kind": "other", "title_en": title, "title_zh": title, "presenter": "town"}
        tag = send(manager, "POST", f"{url}add-item/", body, if_match=tag)["ETag"]
    first, second = (one["id"] for one in manager.get(url).json()["agenda"])
    changed = send(manager, "POST", f"{url}edit-item/", {"item": first, "minutes_allotted": 15}, if_match=tag)
    assert [one["minutes_allotted"] for one in changed.json()["agenda"]] == [15, 10]
    assert changed.json()["agenda"][0]["presenter"] == "town"
    order = [{"item": second, "session": "morning"}, {"item": first, "session": "main"}]
    moved = send(manager, "POST", f"{url}reorder/", {"order": order}, if_match=changed["ETag"])
    assert [one["title_en"] for one in moved.json()["agenda"]] == ["B", "A"]
    assert send(manager, "POST", f"{url}reorder/", {"order": order[:1]}, if_match=moved["ETag"]).status_code == 400
    assert send(manager, "POST", f"{url}reorder/", {"order": order}, if_match=tag).status_code == 412
    unknown = send(manager, "POST", f"{url}edit-item/", {"item": 10**9, "title_en": "X"}, if_match=moved["ETag"])
    assert errors_of(unknown).keys() == {"/item"}
    removed = send(manager, "POST", f"{url}remove-item/", {"item": first}, if_match=moved["ETag"])
    assert [one["title_en"] for one in removed.json()["agenda"]] == ["B"]


def test_attendance_and_requirements_are_written_as_whole_lists(cast: Cast, manager: Client) -> None:
    url, tag = made(manager)
    rows = [{"unit": "town", "presence": "leave"}, {"name_en": "Li Si", "name_zh": "李四", "unit": "neighbour"}]
    came = send(manager, "POST", f"{url}attendance/", {"rows": rows}, if_match=tag)
    assert [one["presence"] for one in came.json()["attendance"]] == ["leave", "present"]
    demand = {"group": "stamina", "text_en": "Go on.", "text_zh": "继续。"}
    told = send(manager, "POST", f"{url}requirements/", {"rows": [demand]}, if_match=came["ETag"])
    (kept,) = told.json()["requirements"]
    again = {**demand, "id": kept["id"], "text_en": "Go on quickly."}
    second = send(manager, "POST", f"{url}requirements/", {"rows": [demand, again]}, if_match=told["ETag"])
    assert [one["text_en"] for one in second.json()["requirements"]] == ["Go on.", "Go on quickly."]
    assert second.json()["requirements"][1]["id"] == kept["id"]
    twice = send(manager, "POST", f"{url}attendance/", {"rows": [rows[0], rows[0]]}, if_match=second["ETag"])
    assert twice.status_code == 400


def test_issued_minutes_freeze_the_meeting_and_a_cancelled_one_says_why(cast: Cast, manager: Client) -> None:
    url, tag = made(manager)
    gone = send(manager, "POST", f"{url}cancel/", {"reason": "Typhoon"}, if_match=tag)
    assert gone.json()["cancelled_reason"] == "Typhoon"
    assert send(manager, "PATCH", url, {"place": "Hall 1"}, if_match=gone["ETag"]).status_code == 409


def test_the_next_meeting_comes_with_its_agenda(cast: Cast, manager: Client) -> None:
    answer = send(manager, "POST", f"{URL}next/", {"campaign": "hundred-days"})
    assert answer.status_code == 201
    assert answer.json()["agenda"][0]["kind"] == "follow_ups"
