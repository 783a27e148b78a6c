"""The lists as files: what their pages show, for the same people, and no cell that becomes a formula."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from campaigns.models import Campaign, Measurement, Meeting, MeetingKind, Minutes
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
        ("export_meetings", {}, 9),
        ("export_packs", {}, 10),
        ("export_campaigns", {}, 8),
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


def test_the_people_take_as_many_queries_whatever_their_number(
    cast: Cast, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = client_of(cast.office)
    with django_assert_max_num_queries(8):
        assert body_of(client.get(reverse("export_people", args=["xlsx"])))


# --- review, periods, people ------------------------------------------------------------------------------------------


def test_the_queue_the_periods_and_the_people_are_files_too(cast: Cast) -> None:
    bring_to(cast, "submitted")
    assert [row[0] for row in xlsx(cast.reviewer, "export_review", AUGUST)[1:]] == ["town"]
    assert [row[0] for row in xlsx(cast.office, "export_periods", AUGUST)[1:]][:2] == ["2022-07", "2022-08"]
    people = as_csv(cast.office, "export_people", "?q=reporter")
    assert people[0][:6] == ["username", "name", "name_zh", "email", "unit", "role"]
    assert ["reporter", "town", "reporter"] in [[row[0], row[4], row[5]] for row in people]


# --- meetings, packs, campaigns, awards -------------------------------------------------------------------------------


def test_the_meetings_are_those_of_the_page(cast: Cast) -> None:
    meeting = Meeting.objects.create(
        campaign=cast.campaign, held_on="2022-10-14", starts_at="14:30", place="City hall",
        name_en="October analysis", name_zh="十月分析会",
    )  # fmt: skip
    MeetingKind.objects.create(meeting=meeting, kind=Meeting.Kind.MONTHLY_ANALYSIS, number=4, year=2022, order=1)
    Minutes.objects.create(meeting=meeting, number="3")
    rows = as_csv(cast.stranger, "export_meetings")
    assert rows[1] == [
        "2022-10-14", "14:30", "October analysis", "Monthly analysis meeting, no. 4 of 2022",
        cast.campaign.name_en, "City hall", "being written", "", "",
    ]  # fmt: skip
    other = Campaign.objects.create(
        slug="spring", name_en="Spring", name_zh="春季", starts_on="2023-01-01", ends_on="2023-03-31",
        office=cast.office_unit,
    )  # fmt: skip
    Meeting.objects.create(campaign=other, held_on="2023-02-01", name_en="Spring analysis", name_zh="春季分析会")
    assert [row[2] for row in as_csv(cast.stranger, "export_meetings")[1:]] == ["Spring analysis", "October analysis"]
    named = as_csv(cast.stranger, "export_meetings", f"?campaign={cast.campaign.slug}")
    assert [row[2] for row in named[1:]] == ["October analysis"]
    names = [row[0] for row in as_csv(cast.stranger, "export_campaigns")[1:]]
    assert names == ["spring", "hundred-days"], "the newest first"


def test_a_month_without_a_pack_has_a_row_too(cast_with_july: Cast) -> None:
    rows = xlsx(cast_with_july.leader, "export_packs", JULY)
    assert [row[0] for row in rows[1:]][-1] == "2022-07"
    assert {row[3] for row in rows[1:]} == {"none yet"}
    denied = client_of(cast_with_july.reporter).get(reverse("export_packs", args=["xlsx"]))
    assert denied.status_code == 403


# --- filters that are none --------------------------------------------------------------------------------------------

EXPORTS: dict[str, dict[str, Any]] = {
    "reports": {}, "standings": {}, "compare": {}, "actions": {}, "completeness": {}, "review": {}, "periods": {},
    "action": {"campaign": "hundred-days", "number": 1}, "unit": {"code": "town"}, "warnings": {}, "meetings": {},
    "closing": {"campaign": "hundred-days"}, "packs": {}, "campaigns": {}, "awards": {}, "people": {},
    "projects": {}, "follow_ups": {},
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_an_unknown_filter_is_refused_and_named(cast: Cast, name: str) -> None:
    path = reverse(f"export_{name}", kwargs={**EXPORTS[name], "kind": "xlsx"})
    answer = client_of(cast.office).get(f"{path}?nope=1")
    assert answer.status_code == 400
    assert "There is no parameter “nope” here." in answer.content.decode()


@pytest.mark.parametrize("query", [AUGUST, f"{AUGUST}&unit=town&page=1&ordering=-since", ""])
@pytest.mark.parametrize("name", ["reports", "standings", "actions", "completeness", "compare"])
def test_the_link_names_campaign_and_period_once_and_leads_to_a_file(cast: Cast, name: str, query: str) -> None:
    query = query if name == "reports" else query.split("&unit")[0]
    query += "&with_period=2022-07" if name == "compare" and query else ""
    client = client_of(cast.office)
    page = client.get(reverse(name) + query).content.decode()
    found = re.search(rf'href="(/{name}/export\.csv\?[^"]*)"', page)
    if found is None:
        assert name == "compare"
        assert not query
        return
    link = html.unescape(found[1])
    assert link.count("campaign=") == link.count("?period=") + link.count("&period=") == 1
    assert "page=" not in link
    assert client.get(link).status_code == 200
