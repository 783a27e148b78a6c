"""The minutes of a meeting: written by the office, issued with a number and frozen, changed by a new version."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from docx import Document

from campaigns.models import AgendaItem, Meeting, Minutes
from campaigns.operations.minutes import Conclusion, issue_minutes, revise_minutes, save_minutes
from campaigns.refusals import Invalid, StaleVersion, WrongState
from tests.cast import Cast, client_of
from tests.followed import registered
from units.models import Change, User


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    made = Meeting.objects.create(
        campaign=cast.campaign, name_en="Monthly analysis", name_zh="月度分析会", held_on=date(2022, 8, 26)
    )
    AgendaItem.objects.create(meeting=made, order=1, kind="other", title_en="Exports", title_zh="出口")
    return made


def says(text: str, item_id: int | None = None, **fields: Any) -> Conclusion:
    given = {"agenda_item": None, "conclusion_zh": "", "responsible": None, "due_on": None}
    return Conclusion(item_id=item_id, conclusion_en=text, **given | fields)


def save(cast: Cast, meeting: Meeting, *conclusions: Conclusion, actor: User | None = None) -> Minutes:
    meeting.refresh_from_db()
    return save_minutes(
        meeting_id=meeting.pk,
        version=meeting.version,
        conclusions=conclusions,
        actor=actor or cast.office,
        now=cast.now,
    )


def step(cast: Cast, meeting: Meeting) -> dict[str, Any]:
    meeting.refresh_from_db()
    return {"meeting_id": meeting.pk, "version": meeting.version, "actor": cast.office, "now": cast.now}


def told(minutes: Minutes) -> list[str]:
    return [item.conclusion_en for item in minutes.items.order_by("order")]


def test_the_draft_gets_the_next_number_of_the_year_and_keeps_rows_that_stay(cast: Cast, meeting: Meeting) -> None:
    minutes = save(cast, meeting, says("One"), says("Two"))
    assert (minutes.number, minutes.version, told(minutes)) == ("2022-1", 1, ["One", "Two"])
    first, second = minutes.items.order_by("order")
    save(cast, meeting, says("Two now", second.pk), says("One", first.pk), says("Three"))
    assert told(minutes) == ["Two now", "One", "Three"]
    assert set(minutes.items.values_list("pk", flat=True)) > {first.pk, second.pk}
    save(cast, meeting, says("One", first.pk))
    assert told(minutes) == ["One"]
    assert Change.objects.filter(verb="save_minutes").count() == 3


def test_only_the_office_writes_and_nobody_over_anothers_words(cast: Cast, meeting: Meeting) -> None:
    for person in (cast.head, cast.leader, cast.administrator):
        with pytest.raises(PermissionDenied):
            save(cast, meeting, says("One"), actor=person)
    common = step(cast, meeting)
    save_minutes(**common, conclusions=[says("One")])
    with pytest.raises(StaleVersion):
        save_minutes(**common, conclusions=[says("Two")])
    assert told(Minutes.objects.get()) == ["One"]


def test_issued_minutes_are_frozen_and_a_change_is_a_new_version(cast: Cast, meeting: Meeting) -> None:
    with pytest.raises(WrongState):
        issue_minutes(**step(cast, meeting))
    save(cast, meeting)
    with pytest.raises(Invalid):
        issue_minutes(**step(cast, meeting))
    save(cast, meeting, says("One"))
    issued = issue_minutes(**step(cast, meeting))
    with pytest.raises(WrongState):
        save(cast, meeting, says("Two"))
    draft = revise_minutes(**step(cast, meeting))
    assert (draft.number, draft.version, told(draft)) == (issued.number, 2, ["One"])
    save(cast, meeting, says("Two", draft.items.get().pk))
    assert told(issued) == ["One"]
    assert told(draft) == ["Two"]
    with pytest.raises(WrongState):
        revise_minutes(**step(cast, meeting))


def test_an_item_that_a_follow_up_was_made_of_is_not_lost(cast: Cast, meeting: Meeting) -> None:
    item = save(cast, meeting, says("One"), says("Two")).items.get(order=1)
    registered(cast, minutes_item=item)
    with pytest.raises(Invalid):
        save(cast, meeting, says("Two"))
    assert told(item.minutes) == ["One", "Two"]


def test_the_office_writes_and_issues_on_the_pages(cast: Cast, meeting: Meeting) -> None:
    client, address = client_of(cast.office), reverse("edit_minutes", args=[meeting.pk])
    assert "Exports" in client.get(address).content.decode()
    counts = {"item-TOTAL_FORMS": "2", "item-INITIAL_FORMS": "1"}
    body = {**counts, "version": "1", "item-0-conclusion_en": "Two fairs.", "item-0-responsible": str(cast.town.pk)}
    wrong = client.post(address, {**body, "item-0-due_on": "soon"})
    assert wrong.status_code == 400
    assert "Two fairs." in wrong.content.decode()
    assert client.post(address, body).status_code == 302
    assert client.post(address, body).status_code == 409
    issue = reverse("issue_minutes", args=[meeting.pk])
    assert client_of(cast.head).post(issue, {"version": "2"}).status_code == 403
    client.post(issue, {"version": "2"})
    assert Minutes.objects.get().is_frozen
    shown = client_of(cast.reporter).get(reverse("meeting", args=[meeting.pk]), {"tab": "minutes"}).content.decode()
    assert "Two fairs." in shown
    client.post(reverse("revise_minutes", args=[meeting.pk]), {"version": "3"})
    assert Minutes.objects.count() == 2


def test_rows_that_say_what_is_saved_already_are_kept_from_a_page_that_was_opened_before(
    cast: Cast, meeting: Meeting
) -> None:
    one = save(cast, meeting, says("One")).items.get()
    meeting.refresh_from_db()
    rows = {"item-0-item_id": str(one.pk), "item-0-conclusion_en": "One", "item-1-conclusion_en": "Two"}
    body = {"item-TOTAL_FORMS": "2", "item-INITIAL_FORMS": "0", "version": str(meeting.version), **rows}
    assert client_of(cast.office).post(reverse("edit_minutes", args=[meeting.pk]), body).status_code == 302
    assert told(Minutes.objects.get()) == ["One", "Two"]


def test_the_paper_tells_number_items_and_units_and_a_draft_is_the_offices(cast: Cast, meeting: Meeting) -> None:
    save(cast, meeting, says("Two fairs.", responsible=cast.town, due_on=date(2022, 9, 30)))
    address = reverse("minutes_file", args=[meeting.pk, "docx"])
    assert client_of(cast.reporter).get(address).status_code == 404
    assert client_of(cast.office).get(address).status_code == 200
    issue_minutes(**step(cast, meeting))
    document = Document(io.BytesIO(b"".join(client_of(cast.reporter).get(address))))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {"Two fairs.", "Riverside Town"} <= set(cells)
    assert any("No. 2022-1" in one.text for one in document.paragraphs)
    pdf = reverse("minutes_file", args=[meeting.pk, "pdf"])
    drawn = [b"".join(client_of(cast.reporter).get(pdf)) for _time in range(2)]
    assert drawn[0].startswith(b"%PDF-")
    assert drawn[0] == drawn[1]
