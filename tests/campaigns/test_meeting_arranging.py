"""Calling, changing and cancelling a meeting, its attendance and requirements: operations and pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from icalendar import Calendar

from campaigns.models import Attendance, Meeting, Requirement
from campaigns.operations.attendance import Attendee, save_attendance
from campaigns.operations.meetings import NumberedKind, cancel_meeting, edit_meeting, make_meeting
from campaigns.operations.requirements import Demand, save_requirements
from campaigns.refusals import Invalid, StaleVersion, WrongState
from tests.arranged import MONTHLY, called, facts, put_on, step, with_issued_minutes
from tests.cast import Cast, at, client_of
from tests.followed import registered
from units.models import Change

BOXES = {
    "version": "1",
    "is_monthly_analysis": "on",
    "number_monthly_analysis": "8",
    "name_en": "August analysis",
    "name_zh": "8月分析会",
    "held_on": "2022-09-26",
}


def boxes(cast: Cast, **given: Any) -> dict[str, Any]:
    return {**BOXES, "campaign": cast.campaign.pk, **given}


# --- a meeting --------------------------------------------------------------------------------------------------------


def test_a_meeting_of_several_kinds_is_called_with_its_papers_due_two_working_days_ahead(cast: Cast) -> None:
    kinds = [NumberedKind("mutual_learning", 2022, 2), NumberedKind("standing_committee"), MONTHLY]
    made = make_meeting(facts=facts(cast, kinds=kinds, period=cast.july), actor=cast.office, now=cast.now)
    told = list(made.kinds.order_by("order").values_list("kind", "year", "number"))
    assert told == [("mutual_learning", 2022, 2), ("standing_committee", None, None), ("monthly_analysis", 2022, 8)]
    assert made.papers_due_at == at(9, 22, 18)
    change = Change.objects.get(verb="make_meeting")
    assert change.items.count() == 4


def test_only_the_office_and_administrators_arrange_meetings(cast: Cast) -> None:
    for person in (cast.reporter, cast.head, cast.reviewer, cast.leader, cast.stranger):
        with pytest.raises(PermissionDenied):
            make_meeting(facts=facts(cast), actor=person, now=cast.now)
    assert make_meeting(facts=facts(cast), actor=cast.administrator, now=cast.now).pk


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kinds": []}, "kinds"),
        ({"kinds": [MONTHLY, MONTHLY]}, "kinds"),
        ({"kinds": [NumberedKind("monthly_analysis", None, 3)]}, "kinds"),
        ({"papers_due_at": at(9, 27)}, "papers_due_at"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_its_place(cast: Cast, given: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        make_meeting(facts=facts(cast, **given), actor=cast.office, now=cast.now)
    assert refused.value.field == field
    assert not Meeting.objects.exists()


def test_the_same_meeting_is_not_called_twice(cast: Cast) -> None:
    called(cast)
    with pytest.raises(ValidationError):
        called(cast)


def test_a_change_keeps_the_kinds_that_stay_and_leaves_one_record(cast: Cast) -> None:
    meeting = called(cast)
    kept = meeting.kinds.get()
    more = facts(cast, kinds=[NumberedKind("standing_committee"), MONTHLY], place="Hall 1", period=cast.july)
    edit_meeting(**step(cast, meeting), facts=more)
    meeting.refresh_from_db()
    assert (meeting.place, meeting.version) == ("Hall 1", 2)
    assert kept.pk in meeting.kinds.values_list("pk", flat=True)
    edit_meeting(**step(cast, meeting), facts=more)
    assert Change.objects.filter(verb="edit_meeting").count() == 1
    with pytest.raises(StaleVersion):
        edit_meeting(**{**step(cast, meeting), "version": 1}, facts=facts(cast, place="Hall 2"))
    meeting.refresh_from_db()
    assert meeting.place == "Hall 1"


def test_what_issued_minutes_quote_stays_as_it_is(cast: Cast) -> None:
    meeting = with_issued_minutes(cast, called(cast))
    for take in (
        lambda: edit_meeting(**step(cast, meeting), facts=facts(cast, place="Hall 2")),
        lambda: cancel_meeting(**step(cast, meeting), reason="Storm"),
        lambda: put_on(cast, meeting, "Late"),
        lambda: save_attendance(**step(cast, meeting), attendees=[Attendee(unit=cast.town)]),
    ):
        with pytest.raises(WrongState):
            take()
    save_requirements(**step(cast, meeting), demands=[Demand(group="stamina", text_en="Go on.", text_zh="继续。")])
    assert meeting.requirements.count() == 1


def test_a_cancelled_meeting_leaves_calendars_and_stays_as_it_is(cast: Cast) -> None:
    meeting = called(cast)
    with pytest.raises(Invalid):
        cancel_meeting(**step(cast, meeting), reason=" ")
    cancel_meeting(**step(cast, meeting), reason="Typhoon")
    with pytest.raises(WrongState):
        put_on(cast, meeting, "Item")
    address = reverse("invitation", args=[meeting.pk])
    calendar = Calendar.from_ical(client_of(cast.reporter).get(address).content)
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert "Typhoon" in client_of(cast.reporter).get(reverse("meeting", args=[meeting.pk])).content.decode()
    assert "cancelled" in client_of(cast.reporter).get(reverse("meetings")).content.decode()


def test_a_meeting_that_follow_ups_were_made_from_was_held(cast: Cast) -> None:
    meeting = called(cast)
    registered(cast, meeting=meeting)
    with pytest.raises(WrongState):
        cancel_meeting(**step(cast, meeting), reason="Typhoon")


def test_a_later_version_of_the_invitation_takes_the_place_of_the_one_before(cast: Cast) -> None:
    meeting = called(cast)
    address = reverse("invitation", args=[meeting.pk])

    def sequence() -> int:
        (event,) = Calendar.from_ical(client_of(cast.head).get(address).content).walk("VEVENT")
        return int(event["SEQUENCE"])

    before = sequence()
    edit_meeting(**step(cast, meeting), facts=facts(cast, held_on=date(2022, 9, 27)))
    assert sequence() == before + 1


# --- the pages --------------------------------------------------------------------------------------------------------


def test_the_office_calls_and_changes_a_meeting_on_the_pages(cast: Cast) -> None:
    client = client_of(cast.office)
    answer = client.post(reverse("new_meeting"), boxes(cast))
    meeting = Meeting.objects.get()
    assert answer["Location"] == reverse("agenda", args=[meeting.pk])
    edit = reverse("edit_meeting", args=[meeting.pk])
    assert "August analysis" in client.get(edit).content.decode()
    moved = boxes(cast, place="Hall 1", starts_at="１４：３０", papers_due_at="")
    assert client.post(edit, moved).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.place, f"{meeting.starts_at:%H:%M}") == ("Hall 1", "14:30")
    stale = client.post(edit, boxes(cast, place="Hall 9"))
    assert stale.status_code == 409
    assert "Hall 9" in stale.content.decode()
    assert 'name="version" value="2"' in stale.content.decode()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"held_on": "soon"}, "This is not a day"),
        ({"starts_at": "25:99"}, "This is not a time"),
        ({"is_monthly_analysis": ""}, "Tick the kind"),
        ({"is_monthly_analysis": "", "number_monthly_analysis": ""}, "what kind of meeting"),
        ({"papers_due_at": "2022-10-01T09:00"}, "after the meeting"),
        ({"name_en": ""}, "required"),
        ({"period": "999999"}, "not one of the available"),
        ({"video_url": "nonsense"}, "valid URL"),
    ],
)
def test_a_wrong_box_is_told_beside_what_was_typed(cast: Cast, wrong: dict[str, str], told: str) -> None:
    answer = client_of(cast.office).post(reverse("new_meeting"), boxes(cast, place="Hall 77", **wrong))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert told in page
    assert "Hall 77" in page
    assert not Meeting.objects.exists()


def test_the_office_cancels_on_the_page_with_a_reason(cast: Cast) -> None:
    meeting = called(cast)
    client, address = client_of(cast.office), reverse("cancel_meeting", args=[meeting.pk])
    assert client.post(address, {"version": "1", "reason": ""}).status_code == 400
    stale = client.post(address, {"version": "7", "reason": "Typhoon"})
    assert stale.status_code == 409
    assert "Typhoon" in stale.content.decode()
    assert client.post(address, {"version": "1", "reason": "Typhoon"}).status_code == 302
    assert Meeting.objects.get().cancelled_reason == "Typhoon"


# --- attendance -------------------------------------------------------------------------------------------------------


def test_attendance_is_kept_as_one_list_and_rows_that_stay_are_the_same(cast: Cast) -> None:
    meeting = called(cast)
    town, person = Attendee(unit=cast.town), Attendee(name_en="Li Si", name_zh="李四", unit=cast.neighbour)
    save_attendance(**step(cast, meeting), attendees=[town, person])
    rows = {one.pk for one in meeting.attendances.all()}
    swapped = [person, Attendee(unit=cast.town, presence=Attendance.Presence.LEAVE), Attendee(unit=cast.neighbour)]
    save_attendance(**step(cast, meeting), attendees=swapped)
    told = meeting.attendances.order_by("order").values_list("name_en", "unit", "presence")
    assert list(told) == [
        ("Li Si", cast.neighbour.pk, "present"),
        ("", cast.town.pk, "leave"),
        ("", cast.neighbour.pk, "present"),
    ]
    assert rows <= set(meeting.attendances.values_list("pk", flat=True))
    save_attendance(**step(cast, meeting), attendees=swapped)
    assert Change.objects.filter(verb="save_attendance").count() == 2
    with pytest.raises(StaleVersion):
        save_attendance(**{**step(cast, meeting), "version": 1}, attendees=[])


@pytest.mark.parametrize("twice", [{"name_en": "Li Si"}, {"name_zh": "李四"}, {}])
def test_nobody_stands_twice_and_nobody_without_a_name(cast: Cast, twice: dict[str, str]) -> None:
    meeting = called(cast)
    one = Attendee(unit=None if twice else cast.town, **twice)
    with pytest.raises(Invalid):
        save_attendance(**step(cast, meeting), attendees=[one, one])
    with pytest.raises(Invalid):
        save_attendance(**step(cast, meeting), attendees=[Attendee()])
    assert not meeting.attendances.exists()


def test_the_page_begins_with_the_units_that_present_and_keeps_what_was_typed(cast: Cast) -> None:
    meeting = called(cast)
    put_on(cast, meeting, "Town", cast.town)
    client, address = client_of(cast.office), reverse("edit_attendance", args=[meeting.pk])
    page = client.get(address).content.decode()
    assert f'<option value="{cast.town.pk}" selected>' in page
    sent = {
        "version": "2", "row-TOTAL_FORMS": "2", "row-INITIAL_FORMS": "0",
        "row-0-unit": str(cast.town.pk), "row-0-capacity": "reporting", "row-0-presence": "substitute",
        "row-1-name_en": "Li Si", "row-1-name_zh": "李四", "row-1-capacity": "attending", "row-1-presence": "present",
    }  # fmt: skip
    assert client.post(address, sent | {"row-0-presence": "asleep"}).status_code == 400
    refused = client.post(address, sent | {"version": "1"})
    assert refused.status_code == 409
    assert "Li Si" in refused.content.decode()
    assert client.post(address, sent).status_code == 302
    assert meeting.attendances.count() == 2
    twice = client.post(address, {**sent, "version": "3", "row-1-unit": str(cast.town.pk), "row-1-name_en": "",
                                  "row-1-name_zh": ""})  # fmt: skip
    assert twice.status_code == 400
    assert "stands twice" in twice.content.decode()


# --- requirements -----------------------------------------------------------------------------------------------------


def test_requirements_change_places_and_keep_the_follow_ups_made_of_them(cast: Cast) -> None:
    meeting = called(cast)
    first, second = (Demand(group="stamina", text_en=word, text_zh=word) for word in ("One", "Two"))
    save_requirements(**step(cast, meeting), demands=[first, second])
    one, two = meeting.requirements.order_by("order")
    registered(cast, requirement=one)
    again = [
        Demand(group="stamina", text_en="Two", text_zh="二", requirement_id=two.pk),
        Demand(group="difficulties", text_en="One", text_zh="One", requirement_id=one.pk),
    ]
    save_requirements(**step(cast, meeting), demands=again)
    told = meeting.requirements.order_by("order").values_list("pk", "text_zh", "group")
    assert list(told) == [(two.pk, "二", "stamina"), (one.pk, "One", "difficulties")]
    with pytest.raises(Invalid):
        save_requirements(**step(cast, meeting), demands=again[:1])
    assert meeting.requirements.count() == 2
    with pytest.raises(Invalid):
        save_requirements(**step(cast, meeting), demands=[*again, again[0]])


def test_requirements_are_written_in_both_languages_on_the_page(cast: Cast) -> None:
    meeting = called(cast)
    client, address = client_of(cast.office), reverse("edit_requirements", args=[meeting.pk])
    sent = {"version": "1", "row-TOTAL_FORMS": "1", "row-INITIAL_FORMS": "0", "row-0-group": "stamina"}
    half = client.post(address, {**sent, "row-0-text_zh": "扩大投资。"})
    assert half.status_code == 400
    assert "扩大投资。" in half.content.decode()
    assert client.post(address, {**sent, "row-0-text_zh": "扩大投资。", "row-0-text_en": "Invest."}).status_code == 302
    made = Requirement.objects.get()
    assert f"requirement={made.pk}" in client.get(address).content.decode()
    assert client.post(address, {**sent, "row-0-text_zh": "x", "row-0-text_en": "x"}).status_code == 409
