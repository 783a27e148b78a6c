"""People from a file: what the preview says, what is written, and files that are not what they seem."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast, client_of
from units.documents.tables import MAX_BYTES, read_table
from units.models import Change, Membership, User
from units.permissions import capacities
from units.queries.people_import import plan_import
from units.refusals import Invalid

pytestmark = pytest.mark.django_db
HEADINGS = "username,name,name_zh,email,unit,role,starts_on,ends_on"
LI = "li,Li Ming,李明,li@example.org,town,reporter,2022-09-05,"
WANG = "wang,,王芳,wang@example.org,山坡县,head,,2022-12-31"


def csv(*lines: str, encoding: str = "utf-8", headings: str = HEADINGS) -> bytes:
    return "\r\n".join((headings, *lines)).encode(encoding)


def upload(client: Client, content: bytes, name: str = "people.csv") -> Any:
    return client.post(reverse("import_people"), {"file": SimpleUploadedFile(name, content)})


def confirm(client: Client, preview: Any, **extra: str) -> Any:
    return client.post(reverse("confirm_import_people"), {"rows": preview.context["rows"], **extra})


def problems(page: Any) -> list[tuple[int, str]]:
    return [(problem.row, problem.column) for problem in page.context["plan"].problems]


# --- what is written --------------------------------------------------------------------------------------------------


def test_a_preview_writes_nothing_and_confirming_writes_all(cast: Cast) -> None:
    client = client_of(cast.office)
    preview = upload(client, csv(LI, WANG))
    assert not User.objects.filter(username="li").exists()
    plan = preview.context["plan"]
    assert (plan.new_people, plan.new_roles, plan.problems) == (2, 2, [])
    page = client.get(confirm(client, preview).url).content.decode()
    assert "2 people added, 2 roles given." in page
    li, wang = User.objects.get(username="li"), User.objects.get(username="wang")
    assert (li.name, li.name_zh, li.memberships.get().unit) == ("Li Ming", "李明", cast.town)
    role = wang.memberships.get()
    assert (wang.name, role.role, role.ends_on, role.unit) == ("王芳", "head", date(2022, 12, 31), cast.neighbour)
    assert Change.objects.filter(actor=cast.office, verb="add_person").count() == 2
    assert not mail.outbox


def test_new_people_are_invited_when_wanted(cast: Cast) -> None:
    client = client_of(cast.office)
    confirm(client, upload(client, csv(LI, WANG)), invite="yes")
    assert [letter.to[0] for letter in mail.outbox] == ["li@example.org", "wang@example.org"]
    assert all(person.invited_at for person in User.objects.filter(username__in=["li", "wang"]))


def test_invitations_that_could_not_be_sent_are_counted(cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.units.test_accounts.DeadServer"
    client = client_of(cast.office)
    page = client.get(confirm(client, upload(client, csv(LI, WANG)), invite="yes").url).content.decode()
    assert "2 invitations could not be sent" in page
    assert User.objects.filter(username__in=["li", "wang"], invited_at=None).count() == 2


def test_importing_again_changes_nothing_or_what_differs(cast: Cast) -> None:
    client = client_of(cast.office)
    first = upload(client, csv(LI))
    confirm(client, first)
    count = Change.objects.count()
    again = upload(client, csv(LI))
    assert "Nothing to change" in again.content.decode()
    assert "Nothing was changed" in client.get(confirm(client, first).url).content.decode()
    assert Change.objects.count() == count
    changed = upload(client, csv("LI,Li Ming,,new@example.org,town,reporter,2022-09-05,2022-09-30"))
    plan = changed.context["plan"]
    assert (plan.new_people, plan.changed_people, plan.new_roles, plan.changed_roles) == (0, 1, 0, 1)
    confirm(client, changed)
    li = User.objects.get(username="li")
    assert (li.email, li.name_zh) == ("new@example.org", "李明")
    assert li.memberships.get().ends_on == date(2022, 9, 30)


def test_one_person_may_stand_in_several_rows(cast: Cast) -> None:
    client = client_of(cast.office)
    preview = upload(client, csv(LI, "li,,,,neighbour,head,,", "li,,,,lead,reviewer,,"))
    assert preview.context["plan"].new_people == 1
    confirm(client, preview)
    assert User.objects.get(username="li").memberships.count() == 3


def test_confirming_is_all_or_nothing(cast: Cast) -> None:
    """Somebody took the address between the preview and the confirmation."""
    client = client_of(cast.office)
    preview = upload(client, csv(WANG, LI))
    User.objects.filter(pk=cast.stranger.pk).update(email="li@example.org")
    page = confirm(client, preview)
    assert problems(page) == [(3, "email")]
    assert not User.objects.filter(username="wang").exists()


def test_a_changed_plan_is_shown_again_before_it_is_written(cast: Cast) -> None:
    client = client_of(cast.office)
    preview = upload(client, csv("reporter,,,next@example.org,,,,"))
    User.objects.filter(pk=cast.reporter.pk).update(email="meanwhile@example.org")
    page = confirm(client, preview)
    assert "changed in the meantime" in page.content.decode()
    assert User.objects.get(pk=cast.reporter.pk).email == "meanwhile@example.org"
    confirm(client, page)
    assert User.objects.get(pk=cast.reporter.pk).email == "next@example.org"


def test_a_preview_is_good_only_for_who_looked_at_it(cast: Cast) -> None:
    preview = upload(client_of(cast.administrator), csv("li,Li,,li@example.org,town,office,,"))
    office = client_of(cast.office)
    for rows in (preview.context["rows"], "", "x", "e30:1:x", preview.context["rows"][:-1]):
        answer = office.post(reverse("confirm_import_people"), {"rows": rows})
        assert answer.url == reverse("import_people")
    assert not User.objects.filter(username="li").exists()


def test_the_template_can_be_filled_and_read(cast: Cast) -> None:
    template = client_of(cast.office).get(reverse("people_template"))
    assert "attachment" in template["Content-Disposition"]
    headings, *rows = read_table(io.BytesIO(template.content), size=len(template.content))
    assert ",".join(headings.cells) == HEADINGS
    assert len(rows) == 2


# --- what is refused in the rows --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",No One,,n@example.org,,,,", "username"),
        ("two words,Li,,li@example.org,,,,", "username"),
        ("x" * 61 + ",Li,,li@example.org,,,,", "username"),
        ("li,,,li@example.org,,,,", "name"),
        ("li," + "x" * 81 + ",,li@example.org,,,,", "name"),
        ("li,Li,,,,,,", "email"),
        ("li,Li,,no address,,,,", "email"),
        ("li,Li,,Reporter@Example.org,,,,", "email"),
        ("li,Li,,li@example.org,nowhere,reporter,,", "unit"),
        ("li,Li,,li@example.org,,reporter,,", "unit"),
        ("li,Li,,li@example.org,town,,,", "role"),
        ("li,Li,,li@example.org,town,emperor,,", "role"),
        ("li,Li,,li@example.org,town,office,,", "role"),
        ("li,Li,,li@example.org,town,leader,,", "role"),
        ("li,Li,,li@example.org,town,reporter,tomorrow,", "starts_on"),
        ("li,Li,,li@example.org,town,reporter,2022-02-30,", "starts_on"),
        ("li,Li,,li@example.org,town,reporter,1e30,", "starts_on"),
        ("li,Li,,li@example.org,town,reporter,2022-09-05,2022-09-04", "ends_on"),
        ("li,Li,,li@example.org,town,reporter,,2022-09-02", "ends_on"),
        ("li,Li,,li@example.org,,,2022-09-02,", "starts_on"),
        ("administrator,Mine,,mine@example.org,,,,", "username"),
        ("leader,,,mine@example.org,,,,", "username"),
    ],
)
def test_a_mistake_names_row_column_what_and_what_to_do(cast: Cast, row: str, column: str) -> None:
    page = upload(client_of(cast.office), csv(WANG, row))
    assert (3, column) in problems(page)
    assert all(problem.what and problem.do for problem in page.context["plan"].problems)
    assert page.context["rows"] == ""
    assert "Write all of it" not in page.content.decode()


def test_all_mistakes_are_named_at_once(cast: Cast) -> None:
    page = upload(client_of(cast.office), csv("li,,,bad,nowhere,emperor,x,y", "zhou,,,,town,head,,", WANG))
    expected = {(2, "name"), (2, "email"), (2, "unit"), (2, "role"), (2, "starts_on"), (2, "ends_on")}
    assert set(problems(page)) == expected | {(3, "name"), (3, "email")}


def test_rows_of_one_person_do_not_contradict_each_other(cast: Cast) -> None:
    page = upload(client_of(cast.office), csv(LI, "li,Li Ming,李民,,neighbour,head,,", "li,,,,lead,head,,"))
    assert problems(page) == [(3, "name_zh")]
    page = upload(client_of(cast.office), csv("head,,,,,,,", "head,,,new@example.org,,,,"))
    assert problems(page) == [(3, "email")]


def test_the_same_role_in_the_same_days_is_refused_within_a_file(cast: Cast) -> None:
    page = upload(client_of(cast.office), csv(LI, "li,,,,town,reporter,2022-10-01,"))
    assert problems(page) == [(3, "starts_on")]


def test_a_deactivated_person_is_not_changed(cast: Cast) -> None:
    User.objects.filter(pk=cast.stranger.pk).update(is_active=False)
    page = upload(client_of(cast.office), csv("stranger,,,,town,reporter,,"))
    assert problems(page) == [(2, "username")]


def test_a_stand_in_is_not_taken_for_the_role_itself(cast: Cast) -> None:
    Membership.objects.create(
        user=cast.stranger,
        unit=cast.town,
        role="reporter",
        starts_on=date(2022, 9, 1),
        ends_on=date(2022, 9, 9),
        stands_in_for=cast.reporter,
    )
    client = client_of(cast.office)
    assert problems(upload(client, csv("stranger,,,,town,reporter,,"))) == [(2, "starts_on")]
    assert problems(upload(client, csv("stranger,,,,town,reporter,2022-09-10,"))) == []


@pytest.mark.parametrize(
    ("headings", "wrong"),
    [
        ("name,email", "username"),
        ("username,salary", "salary"),
        ("username,email,email", "email"),
        ("a;b;c", "a"),
    ],
)
def test_headings_are_looked_at_first(cast: Cast, headings: str, wrong: str) -> None:
    page = upload(client_of(cast.office), csv("li,x,y", headings=headings))
    assert (1, wrong) in problems(page)


def test_chinese_headings_names_and_days_are_read(cast: Cast) -> None:
    content = csv(
        "li,李明,li@example.org,河畔市,reporter,2022年9月5日,２０２２/９/３０",
        headings="用户名,姓名,邮箱,单位,角色,自,至",
    )
    preview = upload(client_of(cast.office), content)
    assert problems(preview) == []
    step = preview.context["plan"].steps[0]
    assert (step.unit, step.dates) == (cast.town, {"starts_on": date(2022, 9, 5), "ends_on": date(2022, 9, 30)})


def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast) -> None:
    actor = capacities(cast.office, date(2022, 9, 3))

    def cost(rows: int) -> int:
        cells = [
            {"username": f"p{n}", "name": "P", "email": f"p{n}@example.org", "unit": "town", "role": "head"}
            for n in range(rows)
        ]
        with CaptureQueriesContext(connection) as queries:
            assert not plan_import(cells, range(rows), actor, date(2022, 9, 3)).problems
        return len(queries)

    assert cost(1) == cost(30) <= 4


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_each_usual_encoding_is_read_right(encoding: str) -> None:
    content = csv(LI, WANG, encoding=encoding)
    table = read_table(io.BytesIO(content), size=len(content))
    assert [row.cells[2] for row in table] == ["name_zh", "李明", "王芳"]


@pytest.mark.parametrize("sign", [",", ";", "\t", "，"])
def test_each_usual_delimiter_is_read_right(sign: str) -> None:
    content = csv(LI).replace(b",", sign.encode())
    assert read_table(io.BytesIO(content), size=len(content))[1].cells[:3] == ["li", "Li Ming", "李明"]


def test_empty_rows_keep_the_numbers_of_the_others() -> None:
    content = csv("", ",,,,", LI)
    assert [row.number for row in read_table(io.BytesIO(content), size=len(content))] == [1, 4]


def workbook(sheet: str, **more: bytes) -> bytes:
    """A small .xlsx whose only sheet has these rows."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
        '<sheet name="People" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**parts, **more}.items():
            archive.writestr(name, text)
    return file.getvalue()


def cells(number: int, *values: str) -> str:
    inner = "".join(
        f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
        for place, value in enumerate(values)
        if value
    )
    return f'<row r="{number}">{inner}</row>'


def test_a_workbook_is_imported(cast: Cast) -> None:
    content = workbook(cells(1, *HEADINGS.split(",")) + cells(3, *LI.split(",")))
    client = client_of(cast.office)
    preview = upload(client, content, "people.xlsx")
    assert [step.row for step in preview.context["plan"].steps] == [3]
    confirm(client, preview)
    assert User.objects.get(username="li").name_zh == "李明"


def test_a_cell_with_an_error_is_named_by_row_and_column(cast: Cast) -> None:
    failing = '<row r="3"><c r="A3" t="e"><f>B3/0</f><v>#DIV/0!</v></c></row>'
    content = workbook(cells(1, *HEADINGS.split(",")) + cells(2, *LI.split(",")) + failing)
    plan = upload(client_of(cast.office), content, "people.xlsx").context["plan"]
    assert [(one.row, one.column) for one in plan.problems] == [(3, "username")]
    assert "#DIV/0!" in plan.problems[0].what


def test_rows_and_cells_without_a_name_stand_after_those_before_them() -> None:
    nameless = '<row><c t="inlineStr"><is><t>li</t></is></c><c t="e"><v>#N/A</v></c><c t="e"/></row>'
    content = workbook(cells(1, *HEADINGS.split(",")) + nameless)
    row = read_table(io.BytesIO(content), size=len(content))[1]
    assert (row.number, list(row.cells)[:3]) == (2, ["li", "#N/A", "#VALUE!"])


def refused(content: bytes) -> str:
    with pytest.raises(Invalid) as refusal:
        read_table(io.BytesIO(content), size=len(content))
    assert refusal.value.field == "file"
    return str(refusal.value)


def test_a_file_that_is_no_table_is_refused_in_words() -> None:
    assert "no rows below" in refused(HEADINGS.encode())
    assert "neither CSV nor Excel" in refused(b"\x89PNG\r\n\x1a\n\x00\x00\xff\xff")
    assert "old Excel format" in refused(b"\xd0\xcf\x11\xe0" + 100 * b"x")
    assert "cannot be read" in refused(b"PK\x03\x04" + 100 * b"x")
    assert "cannot be read" in refused(workbook("<row r='1'><c r='1A'/></row>"))
    assert "cannot be read" in refused(workbook("<row"))
    assert "larger than 1 MB" in refused(b"x" * (MAX_BYTES + 1))
    assert "more than 1000 rows" in refused(csv(*[LI] * 1001))
    assert "readable CSV" in refused(b'a,"' + b"x" * 200_000 + b"\n1,2")


@pytest.mark.parametrize(
    "sheet",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="xfd1"><v>1</v></c></row>',
        '<row r="99999"><c><v>1</v></c></row>',
        '<row r="1"><c r="A&#49;048576"><v>1</v></c></row>',
        '<row r="&#x661;"><c><v>1</v></c></row>',
    ],
)
def test_a_cell_far_out_is_refused_before_the_reader_makes_room_for_it(sheet: str) -> None:
    """It would reserve half a terabyte and take the whole process with it."""
    assert "too large" in refused(workbook(sheet))


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    bomb = workbook(cells(1, "a"), **{"xl/media/zeros.bin": bytes(30 * 1024 * 1024)})
    assert len(bomb) < MAX_BYTES
    assert "too large" in refused(bomb)


@pytest.mark.parametrize("field", [{}, {"file": "text, not a file"}, {"file": SimpleUploadedFile("a.csv", b"")}])
def test_no_file_is_said_beside_the_box(cast: Cast, field: dict[str, Any]) -> None:
    page = client_of(cast.office).post(reverse("import_people"), field)
    assert 'id="id_file_error"' in page.content.decode()


def test_what_a_file_says_is_shown_as_text(cast: Cast) -> None:
    page = upload(client_of(cast.office), csv("li,<script>alert(1)</script>,,li@example.org,<b>x</b>,reporter,,"))
    assert not re.search(r"<script>alert|<b>x</b>", page.content.decode())
