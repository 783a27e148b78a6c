"""The lists as files: what their pages show, for the same people, and no cell that becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from campaigns.models import Measurement
from tests.builders import bring_to, figure, fill
from tests.cast import Cast, client_of
from tests.sheets import body_of, parts, read_back
from units.documents.sheets import Column, Sheet, csv_lines, write_workbook

AUGUST = "?campaign=hundred-days&period=2022-08"
JULY = "?campaign=hundred-days&period=2022-07"


def xlsx(person: Any, name: str, query: str = "", sheet: int = 0, **kwargs: Any) -> list[list[Any]]:
    answer = client_of(person).get(reverse(name, kwargs={**kwargs, "kind": "xlsx"}) + query)
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return read_back(body_of(answer), sheet)


def as_csv(person: Any, name: str, query: str = "", **kwargs: Any) -> list[list[str]]:
    answer = client_of(person).get(reverse(name, kwargs={**kwargs, "kind": "csv"}) + query)
    assert answer.streaming
    text = body_of(answer).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


# --- formulas ---------------------------------------------------------------------------------------------------------

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")', "＝1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_never_becomes_a_formula(text: str) -> None:
    sheet = Sheet("x", [Column("Name")], [[text]])
    inside = parts(write_workbook([sheet]).read())["xl/worksheets/sheet1.xml"]
    assert "<f>" not in inside
    assert 't="inlineStr"' in inside or 't="s"' in inside
    line = list(csv.reader(io.StringIO("".join(csv_lines(sheet)), newline="")))[1]
    assert line == [f"'{text}"]


def test_numbers_stay_numbers_in_both() -> None:

    sheet = Sheet("x", [Column("Figure", places=2)], [[Decimal("-1.5")]])
    assert read_back(write_workbook([sheet]).read())[1] == [-1.5]
    assert "".join(csv_lines(sheet)).splitlines()[1] == "-1.50"


def test_a_note_that_looks_like_a_formula_is_a_text_in_the_export(cast: Cast) -> None:
    fill(cast, cast.report(), {cast.exports: figure("90", note="=cmd|' /C calc'!A0")})
    rows = xlsx(cast.reporter, "export_reports", AUGUST, sheet=1)
    assert rows[1][rows[0].index("Note")] == "=cmd|' /C calc'!A0"


# --- reports ----------------------------------------------------------------------------------------------------------


def test_the_list_of_reports_has_the_filters_of_its_page(cast: Cast) -> None:
    bring_to(cast, "submitted")
    everything = xlsx(cast.office, "export_reports", AUGUST)
    assert len(everything) == 6
    submitted = as_csv(cast.office, "export_reports", f"{AUGUST}&status=submitted")
    assert [line[0] for line in submitted[1:]] == ["town"]
    assert as_csv(cast.office, "export_reports", f"{AUGUST}&overdue=1")[1:] == []
    assert len(as_csv(cast.office, "export_reports", f"{AUGUST}&overdue=0&unit=neighbour")[1:]) == 2


def test_a_filter_that_is_none_leads_to_the_page_that_says_so(cast: Cast) -> None:
    answer = client_of(cast.office).get(reverse("export_reports", args=["csv"]) + f"{AUGUST}&status=odd", follow=True)
    assert answer.status_code == 400


def test_units_see_their_own_reports_alone(cast: Cast) -> None:
    fill(cast, cast.report(cast.neighbour), {cast.exports: figure("33")})
    assert {line[0] for line in as_csv(cast.reporter, "export_reports", AUGUST)[1:]} == {"town"}
    assert len(xlsx(cast.reporter, "export_reports", AUGUST, sheet=1)) == 1, "no figure of the neighbour"


def test_another_ending_is_not_found(cast: Cast) -> None:
    assert client_of(cast.office).get(reverse("export_reports", args=["pdf"])).status_code == 404


# --- analysis ---------------------------------------------------------------------------------------------------------


def test_the_standings_come_with_heat_and_words(cast_with_july: Cast) -> None:
    cast = cast_with_july
    heat = xlsx(cast.leader, "export_standings", JULY)
    assert heat[0][:5] == ["Rank", "Movement", "Unit code", "Unit", "Composite, %"]
    assert {row[2] for row in heat[1:3]} == {"town", "neighbour"}
    assert xlsx(cast.leader, "export_standings", JULY, sheet=1)[1][2] in ("on track", "behind", "far behind")
    lines = as_csv(cast.leader, "export_standings", JULY)
    assert "light" in lines[0][-1]


def test_before_publication_a_unit_exports_no_more_than_it_sees(cast: Cast) -> None:
    bring_to(cast, "approved")
    bring_to(cast, "approved", unit=cast.neighbour)
    assert {row[2] for row in xlsx(cast.reporter, "export_standings", AUGUST)[1:]} == {"town"}
    assert {row[0] for row in xlsx(cast.reporter, "export_action", AUGUST, campaign="hundred-days", number=1)[1:]} == {
        "town"
    }
    assert {row[0] for row in xlsx(cast.stranger, "export_actions", AUGUST)[1:]} == {1.0, 2.0}
    assert xlsx(cast.stranger, "export_actions", AUGUST)[1][3] == ""


def test_the_units_of_an_action_come_with_their_figures(cast_with_july: Cast) -> None:
    rows = xlsx(cast_with_july.leader, "export_action", JULY, sheet=1, campaign="hundred-days", number=1)
    town = next(row for row in rows if row[0] == "town" and row[2] == "exports")
    assert town[5:9] == [0, 200, 40, 50]


# --- one unit's year --------------------------------------------------------------------------------------------------


def test_one_unit_year_has_its_months_side_by_side(cast_with_july: Cast) -> None:
    cast = cast_with_july
    rows = xlsx(cast.stranger, "export_unit", "?year=2022", code="town")
    months = rows[0].index("2022-01")
    exports = next(row for row in rows if row[3] == "exports")
    assert exports[6:8] == [0, 200]
    assert exports[months : months + 12] == ["", "", "", "", "", "", 50, "", "", "", "", ""]
    assert len(rows[1:4]) == 3, "what is owed stands there, also without a figure"


def test_figures_that_are_not_published_are_for_those_who_may_see_them(cast_with_july: Cast) -> None:
    cast = cast_with_july
    bring_to(cast, "approved")

    def august(person: Any) -> Any:
        rows = xlsx(person, "export_unit", "?year=2022", code="town")
        return next(row for row in rows if row[3] == "exports")[rows[0].index("2022-08")]

    assert august(cast.reporter) == august(cast.office) == august(cast.reviewer) == 90
    assert august(cast.outsider) == august(cast.stranger) == august(cast.other_reviewer) == ""


def test_notes_are_for_those_who_may_see_the_report(cast_with_july: Cast) -> None:
    cast = cast_with_july
    Measurement.objects.filter(report=cast.report(period=cast.july)).update(note="Only ours.")

    def notes(person: Any) -> set[str]:
        rows = xlsx(person, "export_unit", "?year=2022", sheet=1, code="town")
        return {row[rows[0].index("Note")] for row in rows[1:]}

    assert "Only ours." in notes(cast.reporter)
    assert notes(cast.stranger) == {""}


@pytest.mark.parametrize("query", ["?year=22", "?year=x", "?year=99999999999999999999"])
def test_a_year_that_is_none_is_not_found(cast: Cast, query: str) -> None:
    assert client_of(cast.office).get(reverse("export_unit", args=["town", "xlsx"]) + query).status_code == 404


def test_one_unit_year_as_a_workbook_takes_six_queries(
    cast_with_july: Cast, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = client_of(cast_with_july.office)
    with django_assert_max_num_queries(6):
        answer = client.get(reverse("export_unit", args=["town", "xlsx"]) + "?year=2022")
        assert body_of(answer)


@pytest.mark.parametrize(
    ("name", "kwargs", "most"),
    [
        ("export_reports", {}, 12),
        ("export_standings", {}, 13),
        ("export_actions", {}, 13),
        ("export_action", {"campaign": "hundred-days", "number": 1}, 15),
        ("export_review", {}, 12),
        ("export_periods", {}, 12),
        ("export_people", {}, 8),
    ],
)
def test_a_list_takes_as_many_queries_whatever_its_rows(
    cast_with_july: Cast, django_assert_max_num_queries: Callable[..., Any], name: str, kwargs: Any, most: int
) -> None:
    bring_to(cast_with_july, "submitted")
    bring_to(cast_with_july, "submitted", unit=cast_with_july.neighbour)
    client = client_of(cast_with_july.office)
    with django_assert_max_num_queries(most):
        assert body_of(client.get(reverse(name, kwargs={**kwargs, "kind": "xlsx"}) + AUGUST))


# --- review, periods, people ------------------------------------------------------------------------------------------


def test_the_queue_the_periods_and_the_people_are_files_too(cast: Cast) -> None:
    bring_to(cast, "submitted")
    assert [row[0] for row in xlsx(cast.reviewer, "export_review", AUGUST)[1:]] == ["town"]
    assert [row[0] for row in xlsx(cast.office, "export_periods", AUGUST)[1:]][:2] == ["2022-07", "2022-08"]
    people = as_csv(cast.office, "export_people", "?q=reporter")
    assert people[0][:6] == ["username", "name", "name_zh", "email", "unit", "role"]
    assert ["reporter", "town", "reporter"] in [[row[0], row[4], row[5]] for row in people]
