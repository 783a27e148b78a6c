"""The pages of major projects: the list with its filters and files, one project, its monthly update with photos."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from python_calamine import CalamineWorkbook

from campaigns.documents.charts.project_map import Frame, names_with_room
from campaigns.models import Project, ProjectPhoto, ProjectUpdate
from tests.cast import Cast, client_of
from tests.warned import project_of, reported, warned
from units.operations.rows import save_row

LIST = reverse("projects")
MEGABYTE = 1024 * 1024


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def of(project: Project) -> str:
    return reverse("project", args=[project.code])


def update_of(project: Project, month: str = "2022-08") -> str:
    return reverse("project_update", args=[project.code, month])


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_has_totals_and_counts_a_package_through_its_parts(cast: Cast) -> None:
    package = project_of(cast, "package", total_investment=90000)
    for code in ("one", "two"):
        reported(cast, project_of(cast, code, package=package), cast.july, 2500)
    total = client_of(cast.office).get(LIST).context["total"]
    assert (total.count, total.total_investment, total.plan_this_year, total.done) == (2, 40000, 20000, 5000)
    assert total.share_of_plan == 25


def test_everybody_sees_their_projects_alone(cast: Cast) -> None:
    project = project_of(cast)
    for who, is_seen in (("head", True), ("reviewer", True), ("leader", True), ("outsider", False)):
        client = client_of(getattr(cast, who))
        assert (project.name_en in page(client, LIST)) is is_seen, who
        assert client.get(of(project)).status_code == (200 if is_seen else 404), who


def test_filters_narrow_the_list_and_a_wrong_one_is_told(cast: Cast) -> None:
    warned(cast)
    client = client_of(cast.office)
    for query, is_found in {
        "": True,
        "unit=town": True,
        "lead=lead": True,
        "stage=planning": True,
        "stage=exited": False,
        "project_class=reserve": False,
        "level=yellow": True,
        "level=red": False,
        "level=any": True,
        "level=none": False,
        "q=BRIDGE": True,
        "q=项目": True,
        "q=tunnel": False,
    }.items():
        assert ("Project bridge" in page(client, f"{LIST}?{query}")) is is_found, query
    for query in ("stage=flying", "unit=neighbour", "level=grey"):
        assert "is not one of the choices" in page(client, f"{LIST}?{query}", 400), query
    assert client.get(f"{LIST}?page=9").status_code == 404


def test_list_and_map_need_as_few_queries_for_many_projects_as_for_one(cast: Cast) -> None:
    reported(cast, project_of(cast, latitude=30, longitude=120), cast.july)
    client = client_of(cast.office)
    addresses = (LIST, f"{LIST}?view=map", of(Project.objects.get()))
    few = [queries(client, one) for one in addresses]
    many = Project.objects.bulk_create(
        Project(
            campaign=cast.campaign, unit=cast.town, lead=cast.lead, code=f"p-{n}", name_en=f"P {n}", name_zh=f"项目{n}",
            total_investment=100, plan_this_year=10, latitude=Decimal(30), longitude=Decimal(120),
        )
        for n in range(200)
    )  # fmt: skip
    ProjectUpdate.objects.bulk_create(
        ProjectUpdate(project=one, period=period, invested_to_date=1, updated_by=cast.reporter, updated_at=cast.now)
        for one in many
        for period in (cast.july, cast.august)
    )
    assert [queries(client, one) for one in addresses] == few
    assert max(few) <= 20


def test_the_map_has_a_mark_for_each_place_and_needs_no_other_site(cast: Cast) -> None:
    client = client_of(cast.office)
    assert "No place is known" in page(client, f"{LIST}?view=map")
    project_of(cast, latitude=Decimal("30.5"), longitude=Decimal("120.5"))
    project_of(cast, "nowhere")
    drawn = client.get(f"{LIST}?view=map").context["map"]
    assert [row[0] for row in drawn.table.rows] == ["Project bridge"]
    assert sum(len(one["data"]) for one in drawn.option["series"]) == 1


def lying(number: int, east: float, north: float, level: str | None = None, name: str = "A long name") -> Any:
    place = {"longitude": Decimal(str(east)), "latitude": Decimal(str(north))}
    return SimpleNamespace(pk=number, name=name, warning_level=level, unit=SimpleNamespace(name="Town"), **place)


def test_names_on_the_map_lie_on_nothing_and_warned_projects_come_first() -> None:
    close = [lying(number, 120.5, 30.5 + number / 10000) for number in range(6)] + [lying(9, 120.5, 30.5, "red")]
    corners = [lying(20, 120, 30), lying(21, 121, 31)]
    named = names_with_room(close + corners, Frame.around(close + corners), 600)
    assert 9 in named
    assert 1 <= len(named.keys() & set(range(6))) < 6
    assert named[20] == "right"
    assert named[21] == "left"
    assert names_with_room(close, Frame.around(close), 20) == {}
    many = [lying(number, 120 + number, 30 + number) for number in range(200)]
    assert names_with_room(many, Frame.around(many), 100000) == {}


def test_the_list_as_excel_and_csv(cast: Cast) -> None:
    reported(cast, project_of(cast), cast.july, 5000)
    client = client_of(cast.office)
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(reverse("export_projects", args=["xlsx"])).getvalue()))
    head, row = book.get_sheet_by_index(0).to_python()[:2]
    told = dict(zip(head, row, strict=True))
    assert (told["Project code"], told["Done to date, 10,000 yuan"], told["Percent of the year's plan"]) == (
        "bridge", 5000, 50,
    )  # fmt: skip
    assert "Project bridge" in client.get(reverse("export_projects", args=["csv"])).getvalue().decode("utf-8-sig")
    assert client.get(reverse("export_projects", args=["xlsx"]) + "?stage=flying").status_code == 302
    assert client.get(reverse("export_projects", args=["pdf"])).status_code == 404


# --- one project ------------------------------------------------------------------------------------------------------


def test_a_project_shows_plan_milestones_updates_and_warnings(cast: Cast) -> None:
    warning = warned(cast)
    project = warning.project
    ProjectUpdate.objects.update(problem="No sand.", problem_since=date(2022, 7, 1), next_step="Piers.")
    project.milestones.create(name_en="Deck closed", name_zh="合龙", planned_on=date(2022, 8, 1))
    shown = page(client_of(cast.reporter), of(project))
    for words in ("Deck closed", "overdue", "No sand.", "Piers.", reverse("warning", args=[warning.pk])):
        assert words in shown, words
    assert update_of(project) in shown
    assert update_of(project) not in page(client_of(cast.head), of(project))


def test_a_package_lists_its_parts_by_unit(cast: Cast) -> None:
    package = project_of(cast, "package")
    project_of(cast, "one", package=package)
    project_of(cast, "two", package=package, unit=cast.neighbour)
    answer = client_of(cast.office).get(of(package))
    assert [(one.unit, one.totals.count) for one in answer.context["page"].by_unit] == [
        (cast.town, 1), (cast.neighbour, 1),
    ]  # fmt: skip
    assert update_of(package) not in answer.content.decode()


def test_the_lead_changes_the_stage_and_the_history_tells(cast: Cast) -> None:
    project = project_of(cast)
    client, address = client_of(cast.reviewer), reverse("set_project_stage", args=[project.code])
    body = {"version": 1, "stage": "completed", "started_on": "2022-08-02", "finished_on": "2022-08-01"}
    refused = client.post(address, body)
    assert refused.status_code == 400
    assert "The finish lies before the start." in refused.content.decode()
    assert client.post(address, {**body, "finished_on": "2022-08-03"}).status_code == 302
    assert client.post(address, body).status_code in (400, 409)
    assert [one.stage for one in client.get(of(project)).context["page"].moves] == ["completed"]
    assert client_of(cast.reporter).post(address, body).status_code == 403


def test_the_office_takes_a_project_out_and_the_reason_stands_on_its_page(cast: Cast) -> None:
    project = project_of(cast)
    client, address = client_of(cast.office), reverse("exit_project", args=[project.code])
    assert client.post(address, {"version": 1, "reason": ""}).status_code == 400
    assert client.post(address, {"version": 7, "reason": "No land."}).status_code == 409
    assert client.post(address, {"version": 1, "reason": "No land."}).status_code == 302
    assert "No land." in page(client, of(project))


def test_the_history_of_a_project_names_what_changed(cast: Cast) -> None:
    project = project_of(cast)
    project.leader, project.plan_this_year = "Zhou Ming", Decimal(9000)
    save_row(row=project, actor=cast.office)
    client = client_of(cast.office)
    client.post(reverse("set_project_stage", args=[project.code]), {"version": project.version, "stage": "new_start"})
    moves = client.get(of(project)).context["page"].moves
    assert [(one.stage, one.fields) for one in moves] == [
        ("new start", ""), ("", "plan for this year, 10,000 yuan, responsible leader"),
    ]  # fmt: skip
    assert "responsible leader" in page(client, of(project))


# --- the monthly update -----------------------------------------------------------------------------------------------


def test_the_form_shows_what_was_reported_before_and_the_plan_to_date(cast: Cast) -> None:
    project = project_of(cast)
    reported(cast, project, cast.july, 4321)
    project.plans.create(month="2022-08", planned_to_date=6789)
    shown = page(client_of(cast.reporter), update_of(project))
    assert "4,321.00" in shown
    assert "6,789.00" in shown
    assert client_of(cast.head).get(update_of(project)).status_code == 403
    assert client_of(cast.reporter).get(update_of(project, "2031-01")).status_code == 404


def test_a_reporter_saves_the_update_and_a_refused_one_loses_nothing(cast: Cast) -> None:
    project = project_of(cast)
    reported(cast, project, cast.july, 5000)
    client, address = client_of(cast.reporter), update_of(project)
    body = {"version": 0, "invested_to_date": "4,000", "next_step": "Piers next."}
    refused = client.post(address, body)
    assert refused.status_code == 400
    assert "That is below the 5000.00 reported before." in refused.content.decode()
    assert "Piers next." in refused.content.decode()
    assert client.post(address, body | {"note": "Audited."}).status_code == 302
    late = client.post(address, body | {"note": "Mine."})
    assert late.status_code == 409
    assert "Mine." in late.content.decode()
    assert client.post(update_of(project, "2022-07"), body | {"version": 1, "note": "Late."}).status_code == 409
    assert ProjectUpdate.objects.get(period=cast.august).invested_to_date == 4000


def test_milestones_stand_in_the_form_until_they_are_done(cast: Cast) -> None:
    project = project_of(cast)
    roof = project.milestones.create(name_en="Roof", name_zh="封顶", planned_on=date(2022, 9, 2))
    project.milestones.create(name_en="Start", name_zh="开工", planned_on=date(2022, 7, 2), done_on=date(2022, 7, 3))
    client, address, box = client_of(cast.reporter), update_of(project), f"milestone_{roof.pk}"
    assert list(client.get(address).context["form"].step_names) == [box]
    refused = client.post(address, {"version": 0, "next_step": "Doors.", box: "2022-09-04"})
    assert refused.status_code == 400
    assert "This day lies in the future." in refused.content.decode()
    assert "Doors." in refused.content.decode()
    assert client.post(address, {"version": 0, "next_step": "Doors.", box: "2022-09-03"}).status_code == 302
    roof.refresh_from_db()
    assert roof.done_on == date(2022, 9, 3)
    assert client.post(address, {"version": 1, "next_step": "Windows."}).status_code == 302
    roof.refresh_from_db()
    assert roof.done_on == date(2022, 9, 3)


def test_figures_out_of_range_are_told_beside_their_boxes(cast: Cast) -> None:
    client, address = client_of(cast.reporter), update_of(project_of(cast))
    for body in ({"image_percent": "101"}, {"invested_to_date": "-1"}, {"problem_since": "x"}, {"version": ""}):
        assert client.post(address, {"version": 0, **body}).status_code == 400, body


# --- photos -----------------------------------------------------------------------------------------------------------


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, "red").save(drawn, kind, **options)
    return drawn.getvalue()


@pytest.fixture
def folder(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_a_photo_is_drawn_anew_and_shown_to_who_sees_the_project(cast: Cast, folder: Any) -> None:
    project = project_of(cast)
    tagged = Image.Exif()
    tagged[0x010E] = "taken at home"
    upload = SimpleUploadedFile("..\\..\\etc/site.jpg", picture("JPEG", (5000, 50), exif=tagged))
    client = client_of(cast.reporter)
    assert client.post(update_of(project), {"version": 0, "photos": [upload]}).status_code == 302
    kept = ProjectPhoto.objects.get()
    assert (kept.name, kept.file.name) == ("site.jpg", f"projects/{project.pk}/{kept.sha256}")
    address = reverse("project_photo", args=[project.code, kept.pk])
    answer = client.get(address)
    content = answer.getvalue()
    assert answer["Content-Type"] == "image/jpeg"
    assert b"taken at home" not in content
    assert max(Image.open(io.BytesIO(content)).size) == 2400
    assert address in page(client, of(project))
    assert client_of(cast.outsider).get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("huge.jpg", b"\xff\xd8" + bytes(60 * MEGABYTE), "larger than 20 MB"),
        ("page.jpg", b"<script>alert(1)</script>", "not the picture"),
        ("really-png.jpg", picture("PNG"), "not the picture"),
        ("cut.png", picture("PNG")[:60], "not the picture"),
        ("bomb.png", picture("PNG", (12000, 8000)), "not the picture"),
        ("film.mp4", b"film", "is no photo"),
        ("drawing.svg", b"<svg/>", "is no photo"),
    ],
)
def test_a_photo_that_is_none_is_told_and_what_was_typed_is_kept(
    cast: Cast, folder: Any, name: str, content: bytes, told: str
) -> None:
    body = {"version": 0, "next_step": "Piers next.", "photos": [SimpleUploadedFile(name, content)]}
    answer = client_of(cast.reporter).post(update_of(project_of(cast)), body)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert "Piers next." in answer.content.decode()
    assert not ProjectUpdate.objects.exists()
