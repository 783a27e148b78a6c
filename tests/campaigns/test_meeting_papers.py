"""What presenters lay before a meeting: drawn from reports and updates, handed in, seen by whom it concerns."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from campaigns.models import AgendaItem, AgendaPaper, Meeting, Period, Project, ProjectPlan, ProjectUpdate, Report
from campaigns.operations.meeting_papers import add_paper, hand_in_paper, remove_paper, take_back_paper
from campaigns.queries.meeting_papers import PresenterPaper, meeting_papers
from campaigns.refusals import Invalid, WrongState
from tests.admin_builders import make
from tests.arranged import called, put_on, with_issued_minutes
from tests.cast import Cast, at, client_of
from units.models import Change, User
from units.permissions import capacities


@pytest.fixture
def cast(cast_with_july: Cast, settings: Any, tmp_path: Path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    return cast_with_july


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """About July; the town presents, then the neighbour."""
    made = called(cast)
    put_on(cast, made, "Town", cast.town)
    put_on(cast, made, "Neighbour", cast.neighbour)
    return Meeting.objects.select_related("campaign__office", "period").get(pk=made.pk)


def item(meeting: Meeting, title: str = "Town") -> AgendaItem:
    return meeting.agenda.get(title_en=title)


def seen(cast: Cast, meeting: Meeting, person: User) -> list[PresenterPaper]:
    return meeting_papers(meeting, person=capacities(person, cast.now.date()), now=cast.now, is_open=True)


def a_project(cast: Cast, **given: Any) -> Project:
    project = make(Project, campaign=cast.campaign, unit=cast.town, lead=cast.lead, **given)
    ProjectPlan.objects.create(project=project, month="2022-07", planned_to_date=Decimal(100))
    make(ProjectUpdate, project=project, period=cast.july, invested_to_date=Decimal(80), image_progress="Piers stand.",
         problem="A power line.", next_step="Move it.")  # fmt: skip
    return project


# --- what is drawn ----------------------------------------------------------------------------------------------------


def test_a_paper_has_figures_lights_and_words_of_approved_reports_and_the_units_projects(
    cast: Cast, meeting: Meeting
) -> None:
    Report.objects.filter(unit=cast.town, action=cast.trade, period=cast.july).update(progress="Two fairs held.")
    a_project(cast, code="bridge")
    town, neighbour = seen(cast, meeting, cast.office)
    (trade, _transport) = town.actions
    exports = trade.rows[0]
    assert (exports.indicator.code, exports.value, exports.light.value) == ("exports", 50, "green")
    assert trade.report is not None
    assert trade.report.progress == "Two fairs held."
    assert trade.rows[0].forecast is not None
    (project,) = town.projects
    assert (project.planned, project.share) == (100, 80)
    assert project.update is not None
    assert project.update.next_step == "Move it."
    assert not neighbour.projects


def test_a_report_that_is_not_approved_gives_nothing(cast: Cast, meeting: Meeting) -> None:
    Report.objects.filter(unit=cast.town, action=cast.trade, period=cast.july).update(
        status="returned", progress="Secret draft"
    )
    (trade, _transport) = seen(cast, meeting, cast.office)[0].actions
    assert trade.report is None
    assert {row.value for row in trade.rows} == {None}


def test_an_update_of_a_later_month_is_not_told_early(cast: Cast, meeting: Meeting) -> None:
    project = a_project(cast, code="bridge")
    make(ProjectUpdate, project=project, period=cast.august, invested_to_date=Decimal(999))
    (told,) = seen(cast, meeting, cast.office)[0].projects
    assert told.update is not None
    assert told.update.invested_to_date == 80


def test_an_item_with_a_project_shows_that_alone_and_a_video_no_reports(cast: Cast, meeting: Meeting) -> None:
    bridge, _road = a_project(cast, code="bridge"), a_project(cast, code="road")
    put_on(cast, meeting, "Bridge", cast.town, kind="project_video", project=bridge)
    put_on(cast, meeting, "Warned", cast.town, kind="warning_video")
    papers = {one.item.title_en: one for one in seen(cast, meeting, cast.office)}
    assert [one.project.code for one in papers["Town"].projects] == ["bridge", "road"]
    assert [one.project.code for one in papers["Bridge"].projects] == ["bridge"]
    assert not papers["Bridge"].actions
    assert papers["Warned"].is_empty


def test_a_department_that_leads_tells_the_citys_figures(cast: Cast, meeting: Meeting) -> None:
    put_on(cast, meeting, "Roads", cast.second_lead)
    paper = seen(cast, meeting, cast.office)[-1]
    (part,) = paper.actions
    assert (part.action, part.is_city) == (cast.transport, True)
    assert part.rows[0].value == 40


def test_papers_are_seen_by_the_presenter_the_leads_and_who_reads_everything(cast: Cast, meeting: Meeting) -> None:
    everything = ["Town", "Neighbour"]
    expected = {
        "office": everything, "leader": everything, "administrator": everything, "reviewer": everything,
        "reporter": ["Town"], "head": ["Town"], "outsider": ["Neighbour"], "stranger": [],
    }  # fmt: skip
    for who, titles in expected.items():
        assert [one.item.title_en for one in seen(cast, meeting, cast.people[who])] == titles, who
    told_to_lead = seen(cast, meeting, cast.other_reviewer)[0]
    assert {part.report.action for part in told_to_lead.actions if part.report} == {cast.transport}


def test_before_publication_a_lead_sees_its_own_actions_alone(cast: Cast, meeting: Meeting) -> None:
    Period.objects.filter(pk=cast.july.pk).update(state="closed", published_at=None)
    meeting = Meeting.objects.select_related("campaign__office", "period").get(pk=meeting.pk)
    paper = seen(cast, meeting, cast.other_reviewer)[0]
    assert [part.action for part in paper.actions] == [cast.transport]


def test_a_meeting_without_a_period_has_papers_of_projects_alone(cast: Cast) -> None:
    made = called(cast, period=None, name_en="Other")
    put_on(cast, made, "Town", cast.town)
    a_project(cast, code="bridge")
    (paper,) = seen(cast, made, cast.office)
    assert not paper.actions
    assert len(paper.projects) == 1


def test_all_papers_cost_as_many_queries_as_two(cast: Cast, meeting: Meeting) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            seen(cast, meeting, cast.office)
        return len(captured)

    a_project(cast)
    few = queries()
    for number in range(3):
        a_project(cast)
        put_on(cast, meeting, f"More {number}", cast.town)
        put_on(cast, meeting, f"Again {number}", cast.lead)
    assert queries() == few


# --- handing in -------------------------------------------------------------------------------------------------------


def add(cast: Cast, meeting: Meeting, content: bytes = b"Ours.", actor: User | None = None) -> AgendaPaper:
    return add_paper(
        item_id=item(meeting).pk,
        upload=SimpleUploadedFile("paper.txt", content),
        name="paper.txt",
        content_type="text/plain",
        actor=actor or cast.reporter,
        now=cast.now,
    )


def test_what_is_drawn_is_handed_in_with_one_step_and_taken_back(cast: Cast, meeting: Meeting) -> None:
    common = {"item_id": item(meeting).pk, "now": cast.now}
    assert seen(cast, meeting, cast.head)[0].state == "due"
    for person in (cast.outsider, cast.leader, cast.reviewer, cast.administrator):
        with pytest.raises(PermissionDenied):
            hand_in_paper(**common, actor=person)
    hand_in_paper(**common, actor=cast.head)
    hand_in_paper(**common, actor=cast.reporter)
    assert item(meeting).handed_in_by == cast.head
    assert seen(cast, meeting, cast.head)[0].state == "handed_in"
    take_back_paper(**common, actor=cast.office)
    assert item(meeting).handed_in_at is None
    assert list(Change.objects.filter(verb__endswith="_paper").order_by("pk").values_list("verb", flat=True)) == [
        "hand_in_paper",
        "take_back_paper",
    ]


def test_a_file_hands_the_paper_in_and_with_the_last_one_it_is_due_again(cast: Cast, meeting: Meeting) -> None:
    first, same = add(cast, meeting), add(cast, meeting)
    assert first == same
    second = add(cast, meeting, b"More.")
    assert item(meeting).handed_in_by == cast.reporter
    with pytest.raises(WrongState):
        take_back_paper(item_id=item(meeting).pk, actor=cast.reporter, now=cast.now)
    remove_paper(paper_id=first.pk, actor=cast.reporter, now=cast.now)
    assert item(meeting).handed_in_at is not None
    remove_paper(paper_id=second.pk, actor=cast.head, now=cast.now)
    assert item(meeting).handed_in_at is None
    for number in range(10):
        add(cast, meeting, f"{number}".encode())
    with pytest.raises(Invalid):
        add(cast, meeting, b"Eleven")


def test_after_the_minutes_nothing_is_handed_in_any_more(cast: Cast, meeting: Meeting) -> None:
    with_issued_minutes(cast, meeting)
    with pytest.raises(WrongState):
        hand_in_paper(item_id=item(meeting).pk, actor=cast.head, now=cast.now)


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_is_due_and_hands_it_in(cast: Cast, meeting: Meeting) -> None:
    client, address = client_of(cast.reporter), reverse("meeting_papers", args=[meeting.pk])
    page = client.get(address).content.decode()
    assert "Exports, to date" in page
    assert "Hand in what stands here" in page
    assert "Neighbour" not in page
    hand_in = reverse("hand_in_paper", args=[meeting.pk, item(meeting).pk])
    assert client_of(cast.outsider).post(hand_in).status_code == 403
    assert client.post(hand_in).status_code == 302
    assert "Take it back" in client.get(address).content.decode()
    assert "No paper for you" in client_of(cast.stranger).get(address).content.decode()


def test_a_file_that_is_not_what_it_says_is_refused_beside_its_box(cast: Cast, meeting: Meeting) -> None:
    client = client_of(cast.reporter)
    address = reverse("add_agenda_paper", args=[meeting.pk, item(meeting).pk])
    for name, content in (
        ("../../etc/paper.pdf", b"MZ"),
        ("paper.exe", b"MZ"),
        ("paper.docx", b"zip?"),
        ("e.txt", b""),
    ):
        answer = client.post(address, {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 400
        assert 'class="error"' in answer.content.decode()
    assert client.post(address).status_code == 400
    assert not AgendaPaper.objects.exists()
    kept = SimpleUploadedFile("../our paper.txt", b"Ours.")
    assert client.post(address, {"file": kept}).status_code == 302
    paper = AgendaPaper.objects.get()
    assert paper.name == "our paper.txt"
    file = reverse("agenda_paper", args=[paper.pk])
    assert b"".join(client_of(cast.leader).get(file)) == b"Ours."
    assert client_of(cast.outsider).get(file).status_code == 404
    remove = reverse("remove_agenda_paper", args=[paper.pk])
    assert client_of(cast.outsider).post(remove).status_code == 404
    assert client_of(cast.leader).post(remove).status_code == 403
    assert client.post(remove).status_code == 302
    assert not AgendaPaper.objects.exists()


def test_the_documents_hold_what_the_reader_may_see(cast: Cast, meeting: Meeting) -> None:
    Report.objects.filter(unit=cast.town, action=cast.trade, period=cast.july).update(progress="Two fairs held.")
    a_project(cast, code="bridge", name_en="Bridge 3")

    def cells(who: User, address: str) -> set[str]:
        document = Document(io.BytesIO(b"".join(client_of(who).get(address))))
        return {cell.text for table in document.tables for row in table.rows for cell in row.cells}

    whole = reverse("papers_file", args=[meeting.pk, "docx"])
    assert {"Two fairs held.", "Bridge 3", "Move it."} <= cells(cast.office, whole)
    assert "Two fairs held." not in cells(cast.outsider, whole)
    of_one = reverse("paper_file", args=[meeting.pk, item(meeting).pk, "docx"])
    assert "Two fairs held." in cells(cast.reporter, of_one)
    assert client_of(cast.outsider).get(of_one).status_code == 404
    assert client_of(cast.office).get(reverse("papers_file", args=[meeting.pk, "odt"])).status_code == 404
    pdf = b"".join(client_of(cast.office).get(reverse("papers_file", args=[meeting.pk, "pdf"])))
    assert pdf.startswith(b"%PDF-")


def test_a_late_paper_is_told_as_overdue(cast: Cast, meeting: Meeting) -> None:
    cast.now = at(9, 23)
    assert seen(cast, meeting, cast.office)[0].state == "overdue"
