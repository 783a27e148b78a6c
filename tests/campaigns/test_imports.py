"""The office's tables out and in: what is there comes back unchanged, another row is added, nothing is deleted."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.documents import background
from campaigns.documents.background import HANDLERS
from campaigns.models import Indicator, Project, Target, TrajectoryPoint
from tests.cast import Cast, client_of
from tests.sheets import body_of, failing, read_back, workbook
from units.models import Change, Job, Unit
from units.operations.jobs import claim, work_through

KINDS = ("units", "indicators", "targets", "trajectories", "projects", "plans", "milestones")


def upload(client: Client, kind: str, content: bytes | str, name: str = "table.xlsx") -> Any:
    sent = {"pasted": content} if isinstance(content, str) else {"file": SimpleUploadedFile(name, content)}
    return client.post(reverse("import_table", args=[kind]), sent, follow=True)


def confirm(client: Client, preview: Any) -> Any:
    path = preview.redirect_chain[-1][0]
    return client.post(path, {"fingerprint": preview.context["plan"].fingerprint}, follow=True)


def problems(preview: Any) -> list[tuple[int | None, str, str]]:
    return [(one.row, one.column.split(" ")[0], one.what) for one in preview.context["plan"].problems]


@pytest.fixture
def project(cast: Cast) -> Project:
    return Project.objects.create(
        campaign=cast.campaign, code="port", name_en="Port", name_zh="港口", unit=cast.town, lead=cast.second_lead,
        action=cast.transport, total_investment=Decimal(5000), content_en="Two berths,\nfour cranes.",
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_table_that_comes_back_as_it_went_changes_nothing(
    cast: Cast, project: Project, kind: str, ending: str
) -> None:
    target = Target.objects.get(indicator=cast.exports, unit=cast.town)
    TrajectoryPoint.objects.create(target=target, on="2022-08-31", value=Decimal("90.5"))
    project.plans.create(month="2022-08", planned_to_date=Decimal("1234.5"))
    project.milestones.create(name_en="Topped out", name_zh="封顶", planned_on="2022-09-30", done_on="2022-10-08")
    client = client_of(cast.administrator)
    content = body_of(client.get(reverse("table_template", args=[kind, ending])))
    plan = upload(client, kind, content, f"x.{ending}").context["plan"]
    assert (plan.problems, plan.changed) == ([], [])
    assert plan.unchanged >= 1


def test_the_preview_writes_nothing_and_confirming_writes_all_with_one_change(cast: Cast) -> None:
    client = client_of(cast.office)
    block = (
        "Campaign\tAction number\tCode\tName in English\tName in Chinese\tUnit of measure in English\t"
        "Unit of measure in Chinese\tDecimals\n"
        "hundred-days\t1\texports\tExports\t\t\t\t\n"
        "hundred-days\t2\tbridges\tBridges opened\t建成桥梁\tbridges\t座\t0\n"
    )
    preview = upload(client, "indicators", block)
    plan = preview.context["plan"]
    assert (plan.problems, plan.new, plan.altered) == ([], 1, 1)
    assert not Indicator.objects.filter(code="bridges").exists()
    page = confirm(client, preview)
    assert "1 row added, 1 row changed." in page.content.decode()
    assert Indicator.objects.get(code="bridges").measure_zh == "座"
    exports = Indicator.objects.get(code="exports")
    assert (exports.name_en, exports.name_zh, exports.version) == ("Exports", "出口额", 2)
    change = Change.objects.get(verb="import_indicators")
    assert change.actor == cast.office
    assert {(one.before or {}).get("name_en") for one in change.items.all()} == {None, "Exports, to date"}


def test_importing_again_changes_nothing(cast: Cast) -> None:
    client = client_of(cast.office)
    rows = [("Indicator", "Unit", "Baseline", "Target"), ("exports", "Riverside Town", 0, 250)]
    confirm(client, upload(client, "targets", workbook(rows)))
    assert Target.objects.get(indicator=cast.exports, unit=cast.town).target == 250
    assert upload(client, "targets", workbook(rows)).context["plan"].changed == []
    assert Target.objects.filter(indicator=cast.exports).count() == 3, "none is deleted"


def test_a_target_without_a_unit_is_the_citys(cast: Cast) -> None:
    client = client_of(cast.office)
    confirm(client, upload(client, "targets", "indicator\tbaseline\ttarget\nexports\t0\t600"))
    assert Target.objects.get(indicator=cast.exports, unit=None).target == 600


def test_rows_may_name_rows_that_the_same_file_adds(cast: Cast) -> None:
    client = client_of(cast.administrator)
    block = (
        "code\tname_en\tname_zh\tkind\tcounted_in\n"
        "new-town\tNew Town\t新城\tdistrict\t\n"
        "port\tPort\t港区\tfunctional zone\tnew-town\n"
    )
    preview = upload(client, "units", block)
    assert problems(preview) == []
    confirm(client, preview)
    assert Unit.objects.get(code="port").counted_in.code == "new-town"


def test_planned_figures_raise_the_version_of_their_target(cast: Cast) -> None:
    client = client_of(cast.office)
    confirm(
        client, upload(client, "trajectories", "indicator\tunit\ton\tvalue\nexports\ttown\t2022年8月31日\t９０．５")
    )
    target = Target.objects.get(indicator=cast.exports, unit=cast.town)
    assert target.trajectory.get().value == Decimal("90.5")
    assert target.version == 2


@pytest.mark.parametrize(
    ("kind", "block", "row", "column", "words"),
    [
        ("units", "code\tkind\ntown\tvillage", 2, "B", "none of the choices"),
        ("units", "code\tcounted_in\ntown\tnowhere", 2, "B", "not known here"),
        ("units", "code\tcounted_in\ntown\ttown", 2, "B", "counted in itself"),
        ("units", "code\tis_active\ntown\tmaybe", 2, "B", "neither yes nor no"),
        ("units", "code\tname_en\tname_zh\nfresh\tFresh\t新", 2, "Kind", "A new row needs this cell"),
        ("units", "code\torder\ntown\t1\ntown\t2", 3, "A", "stands in row 2"),
        ("units", "code\tcolour\ntown\tred", 1, "B", "not known"),
        ("indicators", "code\tdecimals\nexports\t7", 2, "B", "4"),
        ("indicators", "campaign\taction\tcode\nhundred-days\t2\texports", 2, "B", "never changes"),
        ("targets", "indicator\tunit\tbaseline\ttarget\nexports\ttown\t300\t200", 2, "Confirmed", "as a floor"),
        ("targets", "indicator\tunit\ttarget_on\nexports\ttown\t44805", 2, "C", "Excel would show 2022-09-01"),
        ("targets", "indicator\tunit\ttarget\nexports\ttown\t2022-09-01", 2, "C", "holds a date"),
        ("targets", "indicator\tunit\ttarget_on\nexports\ttown\t2022-13-01", 2, "C", "is no date"),
        ("trajectories", "indicator\tunit\ton\tvalue\nexports\ttown\t2023-01-01\t5", 2, "C", "does not lie between"),
        ("trajectories", "indicator\tunit\ton\tvalue\nexports\toffice\t2022-08-31\t5", 2, "A", "no target"),
    ],
)  # fmt: skip
def test_each_wrong_cell_is_named(cast: Cast, kind: str, block: str, row: int, column: str, words: str) -> None:
    client = client_of(cast.administrator)
    preview = upload(client, kind, block)
    found = problems(preview)
    assert [(one[0], one[1]) for one in found][-1:] == [(row, column)]
    assert words in found[-1][2]
    assert not preview.context["can_write"]
    confirm(client, preview)
    assert not Change.objects.filter(verb=f"import_{kind}").exists()


def test_a_cell_with_an_error_is_named_and_not_taken_for_what_is_in_already(cast: Cast) -> None:
    rows = [("indicator", "unit", "baseline", "target"), ("exports", "town", 0, 250)]
    client = client_of(cast.office)
    for error in ("#DIV/0!", "#N/A"):
        preview = upload(client, "targets", workbook(rows, then=failing(1, 3, error)))
        ((row, column, words),) = problems(preview)
        assert (row, column) == (2, "D")
        assert f"holds the error {error}" in words
        assert not preview.context["can_write"]


def test_projects_are_added_and_checked(cast: Cast) -> None:
    client = client_of(cast.office)
    heads = (
        "campaign\tcode\tname_en\tname_zh\tunit\tlead\taction\ttotal_investment\tplanned_start_on\tplanned_finish_on"
    )
    good = f"{heads}\nhundred-days\tport\tPort\t港口\ttown\tsecond-lead\t2\t12,000.5\t2022-07-20\t2023/6/30"
    confirm(client, upload(client, "projects", good))
    made = Project.objects.get(code="port")
    assert (made.total_investment, made.action) == (Decimal("12000.5"), cast.transport)
    late = f"{heads}\nhundred-days\tport\tPort\t港口\ttown\tsecond-lead\t2\t12,000.5\t2024-07-20\t2023/6/30"
    assert [one[0] for one in problems(upload(client, "projects", late))] == [2]


def test_the_monthly_plan_of_a_project_is_read_as_people_and_excel_write_months(cast: Cast, project: Project) -> None:
    client = client_of(cast.office)
    months = ("2022-07", "2022/8", "2022年9月", "2022-10-01")
    block = "\n".join(f"port\t{month}\t{place}00" for place, month in enumerate(months, start=1))
    confirm(client, upload(client, "plans", f"project\tmonth\tplanned_to_date\n{block}"))
    assert [(one.month, one.planned_to_date) for one in project.plans.all()] == [
        ("2022-07", 100), ("2022-08", 200), ("2022-09", 300), ("2022-10", 400),
    ]  # fmt: skip
    project.refresh_from_db()
    assert project.version == 2


def test_milestones_are_added_and_changed_and_none_is_deleted(cast: Cast, project: Project) -> None:
    project.milestones.create(name_en="Ground broken", name_zh="开工", planned_on="2022-07-20")
    project.milestones.create(name_en="Topped out", name_zh="封顶", planned_on="2022-09-30")
    client = client_of(cast.office)
    block = (
        "project\tname_en\tname_zh\tplanned_on\tdone_on\n"
        "port\tTopped out\t封顶\t2022-09-30\t2022年10月8日\n"
        "port\tHanded over\t交付\t2023-03-31\t"
    )
    confirm(client, upload(client, "milestones", block))
    assert [(one.name_en, str(one.done_on)) for one in project.milestones.all()] == [
        ("Ground broken", "None"), ("Topped out", "2022-10-08"), ("Handed over", "None"),
    ]  # fmt: skip
    assert Change.objects.get(verb="import_milestones").items.count() == 2


@pytest.mark.parametrize(
    ("kind", "block", "column", "words"),
    [
        ("plans", "project\tmonth\tplanned_to_date\nport\t2022-13\t5", "B", "is no month"),
        ("plans", "project\tmonth\tplanned_to_date\nport\t2022-09-15\t5", "B", "is no month"),
        ("plans", "project\tmonth\tplanned_to_date\nport\t2022-09\t-5", "C", "negative"),
        ("plans", "project\tmonth\tplanned_to_date\nnowhere\t2022-09\t5", "A", "not known here"),
        ("plans", "project\tmonth\tplanned_to_date\n-\t2022-09\t5", "A", "must not be empty"),
        ("milestones", "project\tname_en\tname_zh\nport\tTopped out\t封顶", "Planned", "A new row needs this cell"),
        ("trajectories", "indicator\tunit\ton\tvalue\n-\ttown\t2022-08-31\t5", "A", "must not be empty"),
        ("indicators", "campaign\tcode\n-\texports", "A", "must not be empty"),
        ("projects", "code\tlead\nport\t-", "B", "must not be empty"),
    ],
)
def test_each_wrong_cell_of_a_project_and_each_missing_row_is_named(
    cast: Cast, project: Project, kind: str, block: str, column: str, words: str
) -> None:
    ((row, place, what),) = problems(upload(client_of(cast.administrator), kind, block))
    assert (row, place) == (2, column)
    assert words in what


def test_what_changed_since_the_preview_is_not_overwritten(cast: Cast) -> None:
    client = client_of(cast.office)
    preview = upload(client, "indicators", "code\tweight\nexports\t3")
    Indicator.objects.filter(code="exports").update(weight=2, version=2)
    again = confirm(client, preview)
    assert again.status_code == 409
    assert Indicator.objects.get(code="exports").weight == 2


def test_the_office_brings_in_all_but_units(cast: Cast) -> None:
    client = client_of(cast.office)
    assert client.get(reverse("import_table", args=["units"])).status_code == 403
    assert "Units" not in re.findall(r"<h2[^>]*>([^<]+)</h2>", client.get(reverse("imports")).content.decode())
    assert client.get(reverse("import_table", args=["passwords"])).status_code == 404


def test_a_preview_takes_as_many_queries_as_rows_change(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = client_of(cast.administrator)
    path = upload(client, "units", body_of(client.get(reverse("table_template", args=["units", "csv"]))), "x.csv")
    with django_assert_max_num_queries(14):
        client.get(path.redirect_chain[-1][0])


# --- in the background ------------------------------------------------------------------------------------------------


def work() -> int:
    return work_through(HANDLERS, clock=timezone.now)


@pytest.fixture
def many(cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> Cast:
    """Three rows are many."""
    settings.MEDIA_ROOT = tmp_path
    for place in ("campaigns.documents.background", "campaigns.views.imports", "campaigns.views.exports"):
        monkeypatch.setattr(f"{place}.LONG_ROWS", 2)
    return cast


BLOCK = "code\tweight\nexports\t3\nshare\t2\nroads\t5"


def test_a_long_import_is_checked_and_written_in_the_background(many: Cast) -> None:
    client = client_of(many.office)
    page = upload(client, "indicators", BLOCK)
    check = Job.objects.get()
    assert (check.state, check.total) == ("waiting", 4)
    assert "progress" in page.content.decode()
    assert work() == 1
    preview = client.get(client.get(reverse("job", args=[check.pk])).context["job"].params["page"])
    assert preview.context["plan"].problems == []
    client.post(preview.request["PATH_INFO"], {"fingerprint": preview.context["plan"].fingerprint})
    assert Indicator.objects.get(code="exports").weight == 1, "nothing is written before the worker comes"
    work()
    assert Indicator.objects.get(code="exports").weight == 3
    write = Job.objects.latest("pk")
    assert (write.state, write.told, write.done) == ("done", "3 rows changed.", 4)
    assert Change.objects.filter(verb="import_indicators").count() == 1


def test_a_long_import_with_mistakes_tells_all_of_them_in_its_preview(many: Cast) -> None:
    client = client_of(many.office)
    upload(client, "indicators", BLOCK.replace("5", "0").replace("3", "much"))
    work()
    preview = client.get(Job.objects.get().params["page"])
    assert [(row, column) for row, column, _what in problems(preview)] == [(2, "B"), (4, "B")]


def test_work_whose_worker_died_is_taken_up_again_and_done_once(many: Cast) -> None:
    client = client_of(many.office)
    upload(client, "indicators", BLOCK)
    work()
    path = Job.objects.get().params["page"]
    client.post(path, {"fingerprint": client.get(path).context["plan"].fingerprint})
    job = Job.objects.latest("pk")
    assert claim(job.pk, now=timezone.now())
    assert claim(job.pk, now=timezone.now()) is None, "somebody holds it"
    assert work() == 0
    work_through(HANDLERS, clock=lambda: timezone.now() + timedelta(hours=1))
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    assert Change.objects.filter(verb="import_indicators").count() == 1


def test_work_that_breaks_off_is_tried_again_and_given_up(many: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(many.office)
    upload(client, "indicators", BLOCK)

    def break_off(*_given: Any) -> Any:
        raise RuntimeError("disk full")

    for _time in range(3):
        work_through({"check_import": break_off}, clock=timezone.now)
    job = Job.objects.get()
    assert (job.state, job.attempts) == ("failed", 3)
    assert "disk" not in client.get(reverse("job", args=[job.pk])).content.decode()


def test_a_long_export_is_fetched_by_its_owner_and_forgotten_after_a_day(many: Cast) -> None:
    client = client_of(many.office)
    url = reverse("export_reports", args=["xlsx"]) + "?campaign=hundred-days&period=2022-08"
    assert client.get(url).url == reverse("job", args=[Job.objects.get().pk])
    job = Job.objects.get()
    assert client.get(reverse("job_file", args=[job.pk])).status_code == 404, "not yet"
    work()
    answer = client.get(reverse("job_file", args=[job.pk]))
    assert "reports-hundred-days-2022-08.xlsx" in answer["Content-Disposition"]
    assert len(read_back(body_of(answer))) == 6
    state = client.get(reverse("job_state", args=[job.pk])).json()
    assert (state["state"], state["done"]) == ("done", state["total"])
    assert client_of(many.administrator).get(reverse("job_file", args=[job.pk])).status_code == 404
    work_through(HANDLERS, clock=lambda: timezone.now() + timedelta(days=2))
    assert not Job.objects.exists()


def test_a_person_who_lost_the_role_meanwhile_writes_nothing(many: Cast) -> None:
    client = client_of(many.office)
    upload(client, "indicators", BLOCK)
    many.office.memberships.all().delete()
    work()
    assert Job.objects.get().state == "failed"
    assert background.LONG_ROWS == 2
