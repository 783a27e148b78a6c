"""Follow-ups from their registration to the archive: the steps with their record, extensions, evidence, the pages."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from python_calamine import CalamineWorkbook

from campaigns.models import FollowUp, Meeting, MeetingKind, Requirement
from campaigns.operations.follow_ups import (
    STEPS,
    accept_follow_up,
    ask_extension,
    assign_follow_up,
    close_follow_ups,
    grant_extension,
    refuse_extension,
    send_back_follow_up,
)
from campaigns.queries.follow_ups import carried_over, time_open
from campaigns.refusals import Invalid, StaleVersion, WrongState
from tests.cast import Cast, at, client_of
from tests.followed import DUE, bring_follow_up_to, extension_asked, registered
from tests.warned import warned
from units.models import Change, Message, User

LIST = reverse("follow_ups")


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def take(client: Client, one: FollowUp, step: str, **body: Any) -> Any:
    return client.post(reverse("follow_up_step", args=[one.pk, step]), {"version": one.version, **body})


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    made = Meeting.objects.create(
        campaign=cast.campaign, name_en="Monthly analysis", name_zh="月度分析会", held_on=date(2022, 8, 26)
    )
    MeetingKind.objects.create(meeting=made, kind="monthly_analysis", order=1)
    return made


# --- registering ------------------------------------------------------------------------------------------------------


def test_numbers_go_on_within_a_campaign_and_a_year(cast: Cast) -> None:
    assert [registered(cast).number, registered(cast).number] == ["2022-001", "2022-002"]
    cast.now = datetime(2023, 1, 5, 9, tzinfo=cast.now.tzinfo)
    assert registered(cast, due_on=date(2023, 2, 1)).number == "2023-001"


def test_it_is_made_of_a_requirement_a_warning_or_a_note(cast: Cast, meeting: Meeting) -> None:
    asked = Requirement.objects.create(meeting=meeting, group="stamina", order=1, text_en="Do", text_zh="办")
    made = registered(cast, requirement=asked)
    assert (made.origin, made.meeting, made.requirement) == ("meeting", meeting, asked)
    warning = warned(cast)
    assert registered(cast, warning=warning).origin == "warning"
    assert registered(cast).origin == "note"


def test_only_the_office_registers_and_never_for_a_day_that_is_over(cast: Cast) -> None:
    with pytest.raises(Invalid, match="past"):
        registered(cast, due_on=date(2022, 9, 2))
    with pytest.raises(Invalid, match="support itself"):
        registered(cast, supporting=[cast.town])
    cast.office = cast.leader
    with pytest.raises(PermissionDenied):
        registered(cast)


# --- the steps --------------------------------------------------------------------------------------------------------


def test_each_step_leaves_a_version_an_event_and_a_change(cast: Cast) -> None:
    one = bring_follow_up_to(cast, "archived")
    assert (one.state, one.version, one.closed_on) == ("archived", 7, date(2022, 9, 3))
    verbs = list(one.events.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["register", "assign", "accept", "start", "feedback", "close", "archive"]
    told = Change.objects.filter(verb__endswith="_follow_up").order_by("pk").values_list("verb", flat=True)
    assert [verb.removesuffix("_follow_up") for verb in told] == verbs


def test_a_step_out_of_turn_by_another_or_on_an_old_version_is_refused(cast: Cast) -> None:
    one = bring_follow_up_to(cast, "assigned")
    step: dict[str, Any] = {"follow_up_id": one.pk, "now": cast.now}
    with pytest.raises(WrongState):
        assign_follow_up(**step, actor=cast.office)
    for person in (cast.outsider, cast.office, cast.leader, cast.reviewer):
        with pytest.raises(PermissionDenied):
            accept_follow_up(**step, actor=person)
    with pytest.raises(StaleVersion):
        accept_follow_up(**step, actor=cast.head, version=one.version - 1)
    assert FollowUp.objects.get().state == "assigned"


def test_what_comes_of_a_warning_is_sent_back_by_the_projects_lead_too(cast: Cast) -> None:
    one = bring_follow_up_to(cast, "feedback", warning=warned(cast))
    step: dict[str, Any] = {"follow_up_id": one.pk, "now": cast.now, "text": "Show the contract."}
    with pytest.raises(PermissionDenied):
        send_back_follow_up(**step, actor=cast.other_reviewer)
    assert send_back_follow_up(**step, actor=cast.reviewer).state == "returned"


def test_the_lead_units_people_are_told_of_what_is_assigned_and_returned(cast: Cast) -> None:
    bring_follow_up_to(cast, "returned")
    for kind in ("follow_up_assigned", "follow_up_returned"):
        told = set(Message.objects.filter(kind=kind).values_list("recipient__username", flat=True))
        assert told == {"reporter", "head"}, kind
    text = page(client_of(cast.reporter), reverse("inbox"))
    assert "Follow-up 2022-001 was sent back: Move the power line" in text
    assert "The letter is missing." in text


def test_many_are_closed_at_once_and_those_that_changed_are_named(cast: Cast) -> None:
    ready, changed, early = (bring_follow_up_to(cast, state) for state in ("feedback", "feedback", "in_hand"))
    wanted = {ready.pk: ready.version, changed.pk: changed.version - 1, early.pk: early.version}
    done = close_follow_ups(wanted=wanted, actor=cast.office, now=cast.now)
    assert [one.pk for one in done.closed] == [ready.pk]
    assert [one.pk for one, _reason in done.refused] == [changed.pk, early.pk]
    with pytest.raises(Invalid):
        close_follow_ups(wanted={}, actor=cast.office, now=cast.now)


# --- extensions -------------------------------------------------------------------------------------------------------


def test_an_extension_is_granted_with_a_new_date(cast: Cast) -> None:
    one = extension_asked(cast)
    assert one.due_on == DUE
    one = grant_extension(follow_up_id=one.pk, actor=cast.office, now=cast.now, new_due_on=date(2022, 10, 10))
    assert one.due_on == date(2022, 10, 10)
    extension = one.extensions.get()
    assert (extension.is_granted, extension.new_due_on, extension.decided_by) == (
        True,
        date(2022, 10, 10),
        cast.office,
    )


def test_a_refused_extension_leaves_the_due_date_and_may_be_asked_again(cast: Cast) -> None:
    one = extension_asked(cast)
    step: dict[str, Any] = {"follow_up_id": one.pk, "now": cast.now}
    with pytest.raises(WrongState, match="not decided"):
        ask_extension(**step, actor=cast.head, new_due_on=date(2022, 10, 20), text="Rain again.")
    with pytest.raises(Invalid):
        refuse_extension(**step, actor=cast.office, text=" ")
    assert refuse_extension(**step, actor=cast.office, text="No.").due_on == DUE
    with pytest.raises(WrongState, match="waits"):
        refuse_extension(**step, actor=cast.office, text="No.")
    ask_extension(**step, actor=cast.head, new_due_on=date(2022, 10, 20), text="Rain again.")


@pytest.mark.parametrize(("day", "may"), [(29, True), (30, False)])
def test_an_extension_is_asked_before_the_due_date_alone(cast: Cast, day: int, may: bool) -> None:
    one = bring_follow_up_to(cast, "accepted")
    ask = {"follow_up_id": one.pk, "actor": cast.head, "now": at(9, day), "text": "Rain."}
    if may:
        assert ask_extension(**ask, new_due_on=date(2022, 10, 15)).extensions.count() == 1
    else:
        with pytest.raises(WrongState, match="before the due date"):
            ask_extension(**ask, new_due_on=date(2022, 10, 15))


def test_the_new_day_lies_after_the_old_one(cast: Cast) -> None:
    one = bring_follow_up_to(cast, "accepted")
    with pytest.raises(Invalid):
        ask_extension(follow_up_id=one.pk, actor=cast.head, now=cast.now, new_due_on=DUE, text="Rain.")


# --- carried over, and how long things stay open ----------------------------------------------------------------------


def test_the_next_meeting_of_the_series_begins_with_what_is_not_done(cast: Cast, meeting: Meeting) -> None:
    left = bring_follow_up_to(cast, "in_hand", meeting=meeting)
    bring_follow_up_to(cast, "closed", meeting=meeting)
    registered(cast)
    asked: dict[str, Any] = {"campaign": cast.campaign, "before": date(2022, 9, 26)}
    assert list(carried_over(**asked, kinds=["monthly_analysis", "standing_committee"])) == [left]
    assert not carried_over(**asked, kinds=["standing_committee"])
    assert not carried_over(campaign=cast.campaign, kinds=["monthly_analysis"], before=meeting.held_on)


def test_how_long_things_stay_open_by_unit_and_state(cast: Cast) -> None:
    for days in (2, 4, 9):
        one = registered(cast)
        assign_follow_up(follow_up_id=one.pk, actor=cast.office, now=cast.now + timedelta(days=days))
    (town,) = time_open(FollowUp.objects.all(), date(2022, 9, 13))
    assert (town.unit, town.count, town.whole) == (cast.town, 3, 10)
    assert town.by_state[:3] == [4, 6, None]


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_list_tells_lights_and_totals_to_whom_they_concern(cast: Cast) -> None:
    bring_follow_up_to(cast, "returned")
    for who, is_seen in {"head": True, "office": True, "leader": True, "outsider": False, "stranger": False}.items():
        shown = page(client_of(cast.people[who]), LIST)
        assert ("Move the power line" in shown) is is_seen, who
    assert "1 open follow-up" in page(client_of(cast.office), LIST)


def test_filters_narrow_the_list_and_a_wrong_one_is_told(cast: Cast, meeting: Meeting) -> None:
    bring_follow_up_to(cast, "closed", meeting=meeting)
    client = client_of(cast.office)
    for query, is_found in {
        "": False,
        "state=all": True,
        "state=closed": True,
        "state=all&origin=note": False,
        f"state=all&meeting={meeting.pk}": True,
        "state=all&unit=town": True,
        "state=all&light=overdue": False,
    }.items():
        assert ("Move the power line" in page(client, f"{LIST}?{query}")) is is_found, query
    assert "is not one of the choices" in page(client, f"{LIST}?light=pink", 400)


def test_the_list_needs_the_same_queries_however_long_it_is(cast: Cast, meeting: Meeting) -> None:
    client, counted = client_of(cast.office), []
    for _number in range(3):
        bring_follow_up_to(cast, "feedback", meeting=meeting, supporting=[cast.neighbour])
        client.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        counted.append(len(captured))
    assert len(set(counted)) == 1
    assert counted[0] <= 14


def test_the_list_as_excel_and_csv(cast: Cast) -> None:
    registered(cast, supporting=[cast.neighbour])
    client = client_of(cast.office)
    answer = client.get(reverse("export_follow_ups", args=["xlsx"]))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer))).get_sheet_by_index(0).to_python()
    assert any("Move the power line" in row and "Hillside County" in row for row in rows)
    told = b"".join(client.get(reverse("export_follow_ups", args=["csv"]))).decode("utf-8-sig")
    assert "2022-001" in told


def test_the_office_registers_on_the_page_what_a_requirement_asks(cast: Cast, meeting: Meeting) -> None:
    asked = Requirement.objects.create(meeting=meeting, group="stamina", order=1, text_en="Do it", text_zh="办")
    client, address = client_of(cast.office), f"{reverse('new_follow_up')}?requirement={asked.pk}"
    assert 'value="Do it"' in page(client, address)
    body = {"title_en": "Do it", "title_zh": "办", "lead": cast.town.pk, "requirement": asked.pk}
    refused = client.post(address, {**body, "due_on": "2022-09-01"})
    assert refused.status_code == 400
    assert 'value="Do it"' in refused.content.decode()
    assert client.post(address, {**body, "due_on": "2022-09-30"}).status_code == 302
    assert FollowUp.objects.get().meeting == meeting


def test_what_is_typed_stays_when_a_step_is_refused(cast: Cast) -> None:
    one = bring_follow_up_to(cast, "feedback")
    client = client_of(cast.office)
    nothing = take(client, one, "send-back", text=" ")
    assert nothing.status_code == 400
    assert "Give the reason." in nothing.content.decode()
    one.version -= 1
    stale = take(client, one, "send-back", text="The letter is missing.")
    assert stale.status_code == 409
    assert "The letter is missing." in stale.content.decode()
    one.refresh_from_db()
    assert take(client, one, "send-back", text="The letter is missing.").status_code == 302


def test_every_step_is_taken_on_the_page(cast: Cast) -> None:
    one, office, head = registered(cast), client_of(cast.office), client_of(cast.head)
    later = {"new_due_on": "2022-10-15", "text": "Rain."}
    way: list[tuple[Client, str, dict[str, str]]] = [
        (office, "assign", {}),
        (head, "accept", {}),
        (head, "extend", later),
        (office, "grant", later),
        (head, "extend", {**later, "new_due_on": "2022-10-18"}),
        (office, "refuse", later),
        (head, "start", {}),
        (head, "feedback", {"text": "Done."}),
        (office, "send-back", {"text": "Not yet."}),
        (head, "feedback", {"text": "Now it is."}),
        (office, "close", {}),
        (office, "archive", {}),
    ]
    assert {step.replace("-", "_") for _client, step, _body in way} == {verb.value for verb in STEPS}
    for client, step, body in way:
        assert f"{step}/" in page(client, reverse("follow_up", args=[one.pk]))
        assert take(client, one, step, **body).status_code == 302, step
        one.refresh_from_db()
    assert (one.state, one.due_on) == ("archived", date(2022, 10, 15))


def test_ticked_ones_are_closed_from_the_list(cast: Cast) -> None:
    one = bring_follow_up_to(cast, "feedback")
    body = {"follow_up": f"{one.pk}-{one.version}", "query": "state=all"}
    assert client_of(cast.head).post(reverse("close_follow_ups"), body).status_code == 403
    shown = client_of(cast.office).post(reverse("close_follow_ups"), body, follow=True).content.decode()
    assert "1 follow-up closed." in shown
    assert FollowUp.objects.get().state == "closed"


def test_evidence_is_checked_kept_once_and_given_back_to_whom_it_concerns(cast: Cast) -> None:
    one = bring_follow_up_to(cast, "in_hand")

    def send(person: User, name: str, content: bytes) -> int:
        file = SimpleUploadedFile(name, content)
        return client_of(person).post(reverse("add_evidence", args=[one.pk]), {"file": file}).status_code

    assert send(cast.reporter, "../letter.txt", b"It is moved.") == 302
    assert send(cast.reporter, "again.txt", b"It is moved.") == 302
    assert send(cast.reporter, "false.pdf", b"It is no PDF.") == 400
    assert send(cast.office, "letter.txt", b"x") == 403
    assert send(cast.outsider, "letter.txt", b"x") == 404
    kept = one.files.get()
    assert kept.name == "letter.txt"
    address = reverse("evidence", args=[kept.pk])
    assert b"".join(client_of(cast.office).get(address)) == b"It is moved."
    assert client_of(cast.outsider).get(address).status_code == 404


def test_the_list_of_a_meeting_is_a_paper(cast: Cast, meeting: Meeting) -> None:
    registered(cast, meeting=meeting)
    client = client_of(cast.office)
    answer = client.get(reverse("meeting_follow_ups", args=[meeting.pk, "docx"]))
    cells = [cell.text for row in Document(io.BytesIO(b"".join(answer))).tables[0].rows for cell in row.cells]
    assert "Move the power line" in cells
    assert b"".join(client.get(reverse("meeting_follow_ups", args=[meeting.pk, "pdf"]))).startswith(b"%PDF-")
    assert client.get(reverse("meeting_follow_ups", args=[meeting.pk, "exe"])).status_code == 404
