"""The agenda builder: items are added, changed, moved and removed, by operations and on the pages."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import AgendaItem, Meeting, Project
from campaigns.operations.agenda import ItemFacts, edit_item, move_item, remove_item, reorder_agenda
from campaigns.operations.meeting_papers import add_paper, hand_in_paper
from campaigns.queries.agenda import agenda_of, in_order
from campaigns.refusals import Invalid, StaleVersion
from tests.admin_builders import make
from tests.arranged import called, put_on, step, with_issued_minutes
from tests.cast import Cast, client_of
from units.models import Change

BOXES = {"kind": "other", "title_en": "Exports", "title_zh": "出口", "minutes_allotted": "10", "form": "oral",
         "session": "main"}  # fmt: skip


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """With the items A, B and C."""
    made = called(cast)
    for title in "ABC":
        put_on(cast, made, title)
    made.refresh_from_db()
    return made


def titles(meeting: Meeting) -> str:
    return "".join(one.title_en for one in in_order(meeting.agenda.all()))


def item(meeting: Meeting, title: str) -> AgendaItem:
    return meeting.agenda.get(title_en=title)


def test_an_item_moves_one_place_and_at_the_edge_it_stays(cast: Cast, meeting: Meeting) -> None:
    move_item(**step(cast, meeting), item_id=item(meeting, "C").pk, is_up=True)
    assert titles(meeting) == "ACB"
    move_item(**step(cast, meeting), item_id=item(meeting, "A").pk, is_up=False)
    assert titles(meeting) == "CAB"
    with pytest.raises(Invalid):
        move_item(**step(cast, meeting), item_id=item(meeting, "C").pk, is_up=True)


def test_over_the_edge_of_its_session_an_item_goes_into_the_next(cast: Cast, meeting: Meeting) -> None:
    first = item(meeting, "A")
    edit_item(**step(cast, meeting), item_id=first.pk, item=ItemFacts(kind="other", title_en="A", title_zh="A",
                                                                     session="morning"))  # fmt: skip
    move_item(**step(cast, meeting), item_id=item(meeting, "B").pk, is_up=True)
    assert titles(meeting) == "ABC"
    assert item(meeting, "B").session == "morning"
    move_item(**step(cast, meeting), item_id=item(meeting, "B").pk, is_up=False)
    assert item(meeting, "B").session == "main"


def test_the_whole_order_is_written_in_one_change_and_every_item_is_named_once(cast: Cast, meeting: Meeting) -> None:
    ids = {one.title_en: one.pk for one in meeting.agenda.all()}
    order = [(ids["C"], "morning"), (ids["A"], "main"), (ids["B"], "main")]
    reorder_agenda(**step(cast, meeting), order=order)
    assert titles(meeting) == "CAB"
    change = Change.objects.get(verb="reorder_agenda")
    assert change.items.filter(object_type="campaigns.agendaitem").count() == 3
    for wrong in (order[:2], [*order, order[0]], [(ids["C"], "evening"), *order[1:]], [(10**9, "main"), *order[1:]]):
        with pytest.raises(Invalid):
            reorder_agenda(**step(cast, meeting), order=wrong)
    with pytest.raises(StaleVersion):
        reorder_agenda(**{**step(cast, meeting), "version": 1}, order=order)
    assert titles(meeting) == "CAB"


def test_an_item_that_something_rests_on_is_not_removed(
    cast: Cast, meeting: Meeting, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    with_paper = put_on(cast, meeting, "D", cast.town)
    name, upload = "paper.txt", SimpleUploadedFile("paper.txt", b"Ours.")
    add_paper(item_id=with_paper.pk, upload=upload, name=name, content_type="text/plain", actor=cast.head, now=cast.now)
    with pytest.raises(Invalid):
        remove_item(**step(cast, meeting), item_id=with_paper.pk)
    with pytest.raises(Invalid):
        edit_item(**step(cast, meeting), item_id=with_paper.pk,
                  item=ItemFacts(kind="other", title_en="D", title_zh="D", presenter=cast.neighbour))  # fmt: skip
    remove_item(**step(cast, meeting), item_id=item(meeting, "B").pk)
    assert titles(meeting) == "ACD"
    assert Change.objects.filter(verb="remove_agenda_item").count() == 1


def test_another_presenter_begins_with_a_paper_of_their_own(cast: Cast, meeting: Meeting) -> None:
    of_town = put_on(cast, meeting, "D", cast.town)
    hand_in_paper(item_id=of_town.pk, actor=cast.reporter, now=cast.now)
    edit_item(**step(cast, meeting), item_id=of_town.pk,
              item=ItemFacts(kind="other", title_en="D", title_zh="D", presenter=cast.neighbour))  # fmt: skip
    of_town.refresh_from_db()
    assert (of_town.presenter, of_town.handed_in_at) == (cast.neighbour, None)


@pytest.mark.parametrize("minutes", [0, 481])
def test_an_item_takes_from_one_minute_to_a_day_of_work(cast: Cast, meeting: Meeting, minutes: int) -> None:
    with pytest.raises(Invalid) as refused:
        put_on(cast, meeting, "D", minutes_allotted=minutes)
    assert refused.value.field == "minutes_allotted"


def test_the_clock_runs_on_through_the_sessions(cast: Cast, meeting: Meeting) -> None:
    put_on(cast, meeting, "D", session="morning", minutes_allotted=25)
    agenda = agenda_of(meeting)
    assert [part.session for part in agenda.parts] == ["morning", "main"]
    begins = [place.slot.starts_at for part in agenda.parts for place in part.places]
    assert begins == [time(14, 30), time(14, 55), time(15, 5), time(15, 15)]
    assert (agenda.total, agenda.last and agenda.last.ends_at) == (55, time(15, 25))


# --- the pages --------------------------------------------------------------------------------------------------------


def test_the_builder_adds_and_changes_items_and_keeps_what_was_typed(cast: Cast, meeting: Meeting) -> None:
    make(Project, code="bridge", campaign=cast.campaign, unit=cast.town, lead=cast.lead)
    client, address = client_of(cast.office), reverse("agenda", args=[meeting.pk])
    assert "14:30" in client.get(address).content.decode()
    body = {**BOXES, "version": meeting.version, "presenter": cast.town.pk, "project": "bridge"}
    for wrong, told in (({"minutes_allotted": "ten"}, "whole number"), ({"project": "atlantis"}, "There is no project"),
                        ({"title_zh": ""}, "required"), ({"presenter": "0"}, "available choices")):  # fmt: skip
        answer = client.post(address, {**body, "title_en": "Typed words", **wrong})
        assert answer.status_code == 400
        assert told in answer.content.decode()
        assert "Typed words" in answer.content.decode()
    answer = client.post(address, body)
    made = item(meeting, "Exports")
    assert answer["Location"] == f"{address}?at={made.pk}#item-{made.pk}"
    assert (made.presenter, made.project and made.project.code) == (cast.town, "bridge")
    stale = client.post(address, body)
    assert stale.status_code == 409
    assert 'value="Exports"' in stale.content.decode()
    edit = reverse("agenda_item", args=[meeting.pk, made.pk])
    assert 'value="bridge"' in client.get(edit).content.decode()
    assert client.post(edit, {**body, "version": "5", "minutes_allotted": "15"}).status_code == 302
    assert item(meeting, "Exports").minutes_allotted == 15
    assert client.post(edit, {**body, "version": "5", "title_en": "Lost?"}).status_code == 409


def test_the_arrows_work_without_scripts_and_say_whom_they_move(cast: Cast, meeting: Meeting) -> None:
    client = client_of(cast.office)
    page = client.get(reverse("agenda", args=[meeting.pk])).content.decode()
    assert "Move up: B" in page
    b = item(meeting, "B")
    move = reverse("move_agenda_item", args=[meeting.pk, b.pk])
    assert client.post(move, {"version": meeting.version, "to": "up"}).status_code == 302
    assert titles(meeting) == "BAC"
    assert client.post(move, {"version": meeting.version, "to": "down"}).status_code == 409
    assert client.post(move, {"version": meeting.version + 1, "to": "up"}).status_code == 400
    assert client.post(move, {"version": meeting.version + 1, "to": "sideways"}).status_code == 400
    assert titles(meeting) == "BAC"


def test_a_dragged_order_is_kept_and_nonsense_is_not(cast: Cast, meeting: Meeting) -> None:
    client, address = client_of(cast.office), reverse("reorder_agenda", args=[meeting.pk])
    sent = [f"{item(meeting, title).pk}:main" for title in "CAB"]
    for wrong in (["x:main"], [*sent[:2], "1:evening"], sent[:2], ["9" * 30 + ":main"], []):
        assert client.post(address, {"version": meeting.version, "item": wrong}).status_code == 400
    assert client.post(address, {"version": meeting.version, "item": sent}).status_code == 302
    assert titles(meeting) == "CAB"
    assert client.post(address, {"version": meeting.version, "item": sent}).status_code == 409


def test_an_agenda_of_issued_minutes_shows_no_buttons(cast: Cast, meeting: Meeting) -> None:
    with_issued_minutes(cast, meeting, item(meeting, "A"))
    client = client_of(cast.office)
    page = client.get(reverse("agenda", args=[meeting.pk])).content.decode()
    assert "Move up" not in page
    assert "are issued" in page
    assert client.post(reverse("agenda", args=[meeting.pk]), {**BOXES, "version": meeting.version}).status_code == 409


def test_the_builder_asks_the_database_as_often_for_three_items_as_for_many(cast: Cast, meeting: Meeting) -> None:
    client, address = client_of(cast.office), reverse("agenda", args=[meeting.pk])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for unit in (cast.town, cast.neighbour, cast.lead):
        project = make(Project, campaign=cast.campaign, unit=unit, lead=cast.lead)
        put_on(cast, meeting, "More", unit, project=project, report=cast.report(unit))
    assert queries() == few
