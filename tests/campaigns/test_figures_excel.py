"""The month's form as a file: what it holds, what an uploaded one would change, and every way it can be wrong."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from campaigns.models import Measurement
from campaigns.operations.reports import Figure, save_report
from tests.builders import bring_to, close, figure, fill
from tests.cast import Cast, client_of
from tests.sheets import body_of, failing, parts, read_back, with_part, workbook
from units.documents import workbook_parts
from units.models import Change, Upload

HEADINGS = ("Indicator code", "Figure", "Value status", "Growth year on year, %", "Note")
PLACE = ("hundred-days", "2022-08", "town")


def form_of(client: Client, kind: str = "xlsx", place: tuple[str, str, str] = PLACE) -> bytes:
    return body_of(client.get(reverse("figures_form", args=[*place, kind])))


def upload(client: Client, content: bytes | str, name: str = "form.xlsx", place: tuple[str, str, str] = PLACE) -> Any:
    """The preview of this file, or the page that says why there is none."""
    sent = {"pasted": content} if isinstance(content, str) else {"file": SimpleUploadedFile(name, content)}
    return client.post(reverse("import_figures", args=place), sent, follow=True)


def confirm(client: Client, preview: Any) -> Any:
    path = preview.redirect_chain[-1][0]
    return client.post(path, {"fingerprint": preview.context["plan"].fingerprint}, follow=True)


def table(*rows: tuple[Any, ...]) -> bytes:
    return workbook([HEADINGS, *rows])


def problems(preview: Any) -> list[tuple[int | None, str]]:
    """Row and column letter of every problem."""
    return [(one.row, one.column.split(" ")[0]) for one in preview.context["plan"].problems]


def told(preview: Any) -> str:
    return " ".join(str(one.what) for one in preview.context["plan"].problems)


def value_of(cast: Cast, indicator: Any) -> Decimal | None:
    found = Measurement.objects.filter(report=cast.report(), indicator=indicator).first()
    return found.value if found else None


# --- out --------------------------------------------------------------------------------------------------------------


def test_the_form_holds_exactly_what_the_unit_owes_with_its_last_figures(cast_with_july: Cast) -> None:
    cast = cast_with_july
    fill(cast, cast.report(), {cast.exports: figure("91.25", growth=Decimal("4.50"), note="A fair.")})
    headings, *rows = read_back(form_of(client_of(cast.reporter)))
    assert [dict(zip(headings, row, strict=True))["Indicator code"] for row in rows] == ["exports", "share", "roads"]
    exports, share, _roads = (dict(zip(headings, row, strict=True)) for row in rows)
    assert exports["Report mark"] == f"hundred-days/2022-08/town/1@{cast.report().version}"
    assert (exports["Last month"], exports["Figure of this month"], exports["Target"]) == (50, 91.25, 200)
    assert (exports["Value status"], exports["Growth year on year, %"], exports["Note"]) == (
        "preliminary",
        4.5,
        "A fair.",
    )
    assert (share["Last month"], share["Figure of this month"]) == (12, 12), (
        "what is not filled yet starts from last month"
    )


def test_the_form_locks_what_is_read_and_hides_its_codes(cast: Cast) -> None:
    inside = parts(form_of(client_of(cast.reporter)))
    sheet = inside["xl/worksheets/sheet1.xml"]
    assert "<sheetProtection" in sheet
    assert sheet.count('hidden="1"') == 2
    assert "estimate,preliminary,verified" in sheet
    assert 'locked="0"' in inside["xl/styles.xml"]


def test_the_form_speaks_the_language_of_the_person(cast: Cast) -> None:
    cast.reporter.language = "zh-hans"
    cast.reporter.save()
    client = client_of(cast.reporter)
    headings, exports, *_rest = read_back(form_of(client))
    assert "出口额" in exports
    assert "Indicator" not in headings


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_form_that_comes_back_as_it_went_changes_nothing(cast_with_july: Cast, kind: str) -> None:
    cast = cast_with_july
    everything = {
        cast.exports: figure("91.25", growth=Decimal("-4.5"), note="=SUM(A1:A9)"),
        cast.share: figure("13.0", value_status="verified"),
    }
    fill(cast, cast.report(), everything)
    fill(cast, cast.report(action=cast.transport))
    client = client_of(cast.reporter)
    preview = upload(client, form_of(client, kind), f"form.{kind}")
    plan = preview.context["plan"]
    assert (plan.problems, plan.changed, plan.unchanged, plan.moved) == ([], [], 3, [])


def test_a_unit_with_many_figures_takes_as_many_queries_as_one_with_few(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    client = client_of(cast.reporter)
    with django_assert_max_num_queries(14):
        form_of(client)


# --- in ---------------------------------------------------------------------------------------------------------------


def test_the_preview_writes_nothing_and_confirming_writes_all(cast: Cast) -> None:
    client = client_of(cast.reporter)
    rows = (("exports", 90.5, "verified", 3.2, "Two fairs."), ("share", 13, "", "", ""), ("roads", 40, "", "", ""))
    preview = upload(client, table(*rows))
    assert preview.status_code == 200
    assert value_of(cast, cast.exports) is None
    page = confirm(client, preview)
    assert "3 rows are written." in page.content.decode()
    saved = Measurement.objects.get(report=cast.report(), indicator=cast.exports)
    assert (saved.value, saved.value_status, saved.growth, saved.note) == (
        Decimal("90.5"), "verified", Decimal("3.2"), "Two fairs.",
    )  # fmt: skip
    assert Change.objects.filter(verb="save_report", actor=cast.reporter).count() == 2, "one for each report"
    assert cast.report().version == 2


def test_what_would_change_stands_beside_what_is_saved(cast_with_july: Cast) -> None:
    cast = cast_with_july
    fill(cast, cast.report(), {cast.exports: figure("90")})
    preview = upload(client_of(cast.reporter), table(("exports", 91.5, "", "", "")))
    assert [(one.before, one.after) for one in preview.context["plan"].steps[0].differences] == [("90.00", "91.50")]
    assert "90.00" in preview.content.decode()


def test_warnings_are_shown_and_do_not_block(cast_with_july: Cast) -> None:
    cast = cast_with_july
    client = client_of(cast.reporter)
    preview = upload(client, table(("exports", 40, "", "", "")))
    assert "Lower than before (50.00" in preview.content.decode()
    confirm(client, preview)
    assert value_of(cast, cast.exports) == 40


def test_an_empty_cell_changes_nothing_and_a_dash_takes_the_figure_away(cast: Cast) -> None:
    fill(cast, cast.report(), {cast.exports: figure("90", note="A fair."), cast.share: figure("13")})
    client = client_of(cast.reporter)
    confirm(client, upload(client, table(("exports", "", "", "", ""), ("share", "-", "", "", "No survey."))))
    assert value_of(cast, cast.exports) == 90
    assert value_of(cast, cast.share) is None


@pytest.mark.parametrize("text", ["１，２３４．５０", "1,234.50", " 1234.5 ", "+1234.50"])
def test_figures_are_read_as_people_type_them(cast: Cast, text: str) -> None:
    client = client_of(cast.reporter)
    confirm(client, upload(client, table(("exports", text, "", "", ""))))
    assert value_of(cast, cast.exports) == Decimal("1234.50")


def test_a_computed_figure_is_read_as_excel_shows_it(cast: Cast) -> None:
    preview = upload(client_of(cast.reporter), table(("exports", 0.1 + 0.2, "", "", "")))
    assert preview.context["plan"].steps[0].figure.value == Decimal("0.30")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk"])
def test_csv_is_read_right_in_every_encoding_that_excel_writes(cast: Cast, encoding: str) -> None:
    client = client_of(cast.reporter)
    lines = "指标,数据,数据状态,备注\r\n出口额,90.5,核定,两场展会\r\n".encode(encoding)
    preview = upload(client, lines, "form.csv")
    assert preview.context["plan"].problems == []
    confirm(client, preview)
    saved = Measurement.objects.get(report=cast.report(), indicator=cast.exports)
    assert (saved.value, saved.value_status, saved.note) == (Decimal("90.5"), "verified", "两场展会")


@pytest.mark.parametrize(
    "block",
    ["exports\t90.5\nroads\t12\n", "Indicator\tFigure\nExports, to date\t90.5\nRoads opened\t12", "90.5\n13\n12\n"],
    ids=["code and figure", "with headings", "figures alone, in the order of the form"],
)
def test_a_pasted_block_of_cells_is_read(cast: Cast, block: str) -> None:
    client = client_of(cast.reporter)
    preview = upload(client, block)
    assert preview.context["plan"].problems == []
    confirm(client, preview)
    assert value_of(cast, cast.exports) == Decimal("90.5")


def test_a_list_of_figures_of_another_length_is_refused(cast: Cast) -> None:
    assert "missing" in told(upload(client_of(cast.reporter), "90.5\n13\n"))


# --- what is wrong, and where -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (("exports", "ninety", "", "", ""), "B", "is not a number"),
        (("exports", 90.555, "", "", ""), "B", "At most 2 places"),
        (("exports", 10**16, "", "", ""), "B", "too large"),
        (("exports", date(2022, 8, 1), "", "", ""), "B", "holds a date (2022-08-01)"),
        (("exports", 90, "final", "", ""), "C", "is no value status"),
        (("exports", 90, "", "much", ""), "D", "is not a number"),
        (("share", 13, "", 2, ""), "D", "asks for no growth"),
        (("exports", 90, "", "", "x" * 501), "E", "501 signs"),
        (("imports", 90, "", "", ""), "A", "no indicator “imports”"),
        (("", 90, "", "", ""), "Indicator", "is missing"),
    ],
)
def test_each_wrong_cell_is_named_by_row_and_column(cast: Cast, row: tuple[Any, ...], column: str, words: str) -> None:
    client = client_of(cast.reporter)
    preview = upload(client, table(("roads", 40, "", "", ""), row))
    assert problems(preview) == [(3, column)]
    assert words in told(preview)
    confirm(client, preview)
    assert not Measurement.objects.filter(report__unit=cast.town).exists(), "not even the right row is written"


@pytest.mark.parametrize("error", ["#DIV/0!", "#N/A", "#NAME?", "#REF!", "#VALUE!", "#NUM!", "#NULL!"])
@pytest.mark.parametrize("place", range(5))
def test_a_cell_with_an_error_is_never_an_empty_one(cast: Cast, error: str, place: int) -> None:
    content = workbook([HEADINGS, ("exports", 90, "", "", "")], then=failing(1, place, error))
    preview = upload(client_of(cast.reporter), content)
    assert problems(preview) == [(2, "ABCDE"[place])]
    assert f"holds the error {error}" in told(preview)


def test_a_row_with_nothing_but_an_error_is_told_of_too(cast: Cast) -> None:
    content = workbook([HEADINGS, ("exports", 90, "", "", "")], then=failing(6, 1, "#DIV/0!"))
    assert problems(upload(client_of(cast.reporter), content)) == [(7, "B")]


def test_a_pasted_error_is_no_note(cast: Cast) -> None:
    assert problems(upload(client_of(cast.reporter), "Indicator\tFigure of this month\tNote\nexports\t90\t#N/A")) == [
        (2, "C")
    ]


def test_errors_in_columns_that_nobody_reads_do_not_matter(cast: Cast) -> None:
    content = workbook([HEADINGS, ("exports", 90, "", "", "")], then=failing(1, 7, "#N/A"))
    assert problems(upload(client_of(cast.reporter), content)) == []


def test_a_workbook_full_of_errors_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_parts, "MAX_ERRORS", 0)
    answer = upload(client_of(cast.reporter), workbook([HEADINGS, ("exports", 90)], then=failing(1, 2, "#N/A")))
    assert "hold an error such as #N/A" in answer.content.decode()


def test_all_rows_are_looked_at_not_only_the_first_wrong_one(cast: Cast) -> None:
    preview = upload(client_of(cast.reporter), table(("exports", "a", "b", "c", ""), ("share", "d", "", "", "")))
    assert problems(preview) == [(2, "B"), (2, "C"), (2, "D"), (3, "B")]


def test_a_row_that_stands_twice_is_refused(cast: Cast) -> None:
    preview = upload(client_of(cast.reporter), table(("exports", 90, "", "", ""), ("exports", 91, "", "", "")))
    assert problems(preview) == [(3, "A")]
    assert "stands in row 2" in told(preview)


def test_merged_cells_are_named(cast: Cast) -> None:
    content = workbook(
        [HEADINGS, ("exports", "", "", "", ""), ("share", "", "", "", "")],
        then=lambda book, sheet: sheet.merge_range("B2:B3", 90),
    )
    preview = upload(client_of(cast.reporter), content)
    assert problems(preview) == [(2, "B")]
    assert "B2:B3 are merged" in told(preview)


def test_a_title_above_the_headings_may_be_merged(cast: Cast) -> None:
    content = workbook(
        [("", "", "", "", ""), HEADINGS, ("exports", 90, "", "", "")],
        then=lambda book, sheet: sheet.merge_range("A1:E1", "August"),
    )
    assert upload(client_of(cast.reporter), content).context["plan"].problems == []


def test_a_workbook_without_the_form_names_its_sheets(cast: Cast) -> None:
    preview = upload(client_of(cast.reporter), workbook([("a", "b"), (1, 2)], name="Budget"))
    assert "No sheet of this workbook" in told(preview)
    assert "Budget" in told(preview)


def test_the_form_of_another_unit_or_month_is_refused(cast_with_july: Cast) -> None:
    cast = cast_with_july
    client = client_of(cast.reporter)
    other_unit = form_of(client_of(cast.outsider), place=("hundred-days", "2022-08", "neighbour"))
    assert "another unit (neighbour)" in told(upload(client, other_unit))
    july = form_of(client, place=("hundred-days", "2022-07", "town"))
    assert "for 2022-07" in told(upload(client, july))


def test_a_closed_period_takes_no_figures(cast: Cast) -> None:
    close(cast)
    preview = upload(client_of(cast.reporter), table(("exports", 90, "", "", "")))
    assert problems(preview) == [(2, "B")]
    assert "closed" in told(preview)


def test_a_report_that_is_sent_takes_no_figures_and_its_unchanged_rows_do_not_matter(cast: Cast) -> None:
    bring_to(cast, "to_sign")
    client = client_of(cast.reporter)
    same = table(("exports", 90, "", "", ""), ("roads", 40, "", "", ""))
    assert upload(client, same).context["plan"].problems == []
    preview = upload(client, table(("exports", 95, "", "", ""), ("roads", 40, "", "", "")))
    assert problems(preview) == [(2, "B")]
    assert "Recall it first" in told(preview)


def test_a_report_that_is_approved_is_not_the_units_to_recall(cast: Cast) -> None:
    bring_to(cast, "approved")
    preview = upload(client_of(cast.reporter), table(("exports", 95, "", "", "")))
    assert problems(preview) == [(2, "B")]
    assert "Ask the lead department to send it back" in told(preview)
    assert "Recall it first" not in told(preview)


def test_what_somebody_saved_since_the_preview_is_not_overwritten(cast: Cast) -> None:
    client = client_of(cast.reporter)
    preview = upload(client, table(("exports", 90, "", "", ""), ("roads", 40, "", "", "")))
    save_report(
        report_id=cast.report().pk, actor=cast.reporter, version=1,
        figures={cast.exports.pk: Figure(value=Decimal(77))}, narrative={}, now=cast.now,
    )  # fmt: skip
    again = confirm(client, preview)
    assert again.status_code == 409
    assert "changed in the meantime" in again.content.decode()
    assert value_of(cast, cast.exports) == 77
    assert not Measurement.objects.filter(indicator=cast.roads).exists(), "nothing half-written"
    assert [(one.before, one.after) for one in again.context["plan"].steps[0].differences] == [("77.00", "90.00")]


def test_a_report_that_moved_since_the_file_was_made_is_told_of(cast: Cast) -> None:
    client = client_of(cast.reporter)
    content = form_of(client)
    fill(cast, cast.report(), {cast.exports: figure("77")})
    preview = upload(client, content)
    assert preview.context["plan"].moved == [cast.report()]
    assert "after the file was made" in preview.content.decode()


# --- files that mean no good ------------------------------------------------------------------------------------------


def bomb() -> bytes:
    """30 MB of noughts in a few KB."""
    return with_part(table(("exports", 90, "", "", "")), "xl/worksheets/sheet9.xml", b"0" * (30 * 1024 * 1024))


def lying_bomb() -> bytes:
    """Entities that unfold."""
    inside = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    return with_part(table(("exports", 90, "", "", "")), "xl/worksheets/sheet9.xml", inside)


def far_out() -> bytes:
    inside = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    return with_part(table(("exports", 90, "", "", "")), "xl/worksheets/sheet9.xml", inside)


def torn() -> bytes:
    return table(("exports", 90, "", "", ""))[:2000]


def no_workbook() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bomb, "too large"),
        (lying_bomb, "cannot be read"),
        (far_out, "too large"),
        (torn, "cannot be read"),
        (no_workbook, "cannot be read"),
        (lambda: with_part(table(), "xl/vbaProject.bin", b"x"), "has macros"),
        (lambda: b"\xd0\xcf\x11\xe0" + b"x" * 99, "old Excel format"),
        (lambda: b"\x00\x01\x02\x03" * 50, "neither CSV nor Excel"),
        (lambda: b"", "empty"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_with_a_sentence(cast: Cast, content: Any, words: str) -> None:
    page = upload(client_of(cast.reporter), content())
    assert page.status_code == 400
    assert words in page.content.decode()
    assert not Upload.objects.exists()


def test_nothing_chosen_is_told_beside_the_box(cast: Cast) -> None:
    page = upload(client_of(cast.reporter), "")
    assert page.status_code == 400
    assert "Choose a file, or paste cells below." in page.content.decode()


# --- whose it is ------------------------------------------------------------------------------------------------------


def test_a_preview_is_for_the_person_who_made_it(cast: Cast) -> None:
    preview = upload(client_of(cast.reporter), table(("exports", 90, "", "", "")))
    path = preview.redirect_chain[-1][0]
    assert client_of(cast.office).get(path).status_code == 404
    assert client_of(cast.outsider).get(path).status_code == 404


def test_the_office_brings_in_figures_for_a_unit(cast: Cast) -> None:
    client = client_of(cast.office)
    confirm(client, upload(client, table(("exports", 90, "", "", ""))))
    assert value_of(cast, cast.exports) == 90
    assert cast.report().saved_by == cast.office
