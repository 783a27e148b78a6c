"""Completeness over the API and its query: expected, filed, on time, approved, for those to whom it is disclosed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.domain.workflow import ReportStatus as S
from campaigns.models import Assignment, Period, Report
from campaigns.queries.completeness import Completeness, completeness
from campaigns.queries.period_list import period_counts
from tests.api_cast import caller, system
from tests.builders import bring_to, publish
from tests.campaigns.analysis import more_units, periods_of
from tests.campaigns.api.computed import MOST_QUERIES, ask, must_fit, queries_of, read, refused, table
from tests.cast import Cast, at, client_of
from units.models import Unit
from units.permissions import capacities


@pytest.fixture(autouse=True)
def _unthrottled(settings: Any) -> None:
    settings.API_THROTTLE = ""


@pytest.fixture
def august(cast_with_july: Cast) -> Cast:
    """Five reports are expected: the town's two approved and sent back, one of the neighbour's two submitted late."""
    cast = cast_with_july
    bring_to(cast, S.APPROVED)
    bring_to(cast, S.RETURNED, action=cast.transport)
    bring_to(cast, S.SUBMITTED, unit=cast.neighbour, now=at(9, 6))
    return cast


def found_for(cast: Cast, who: str = "office", period: Period | None = None) -> Completeness:
    periods = {one.pk: one for one in periods_of(cast)}
    person = capacities(getattr(cast, who), cast.now.date())
    return completeness(periods[(period or cast.august).pk], person=person, now=at(9, 6))


def counts(one: Any) -> tuple[int, int, int, int]:
    return (one["expected"], one["filed"], one["on_time"], one["approved"])


def test_reports_are_counted_in_all_for_each_unit_and_for_each_action(august: Cast) -> None:
    told = read(system("read"), "completeness")
    assert counts(told["total"]) == (5, 2, 1, 1)
    assert {row["unit"]: counts(row["counts"]) for row in told["units"]} == {
        "town": (2, 1, 1, 1),
        "neighbour": (2, 1, 0, 0),
        "lead": (1, 0, 0, 0),
    }
    assert {row["action"]: counts(row["counts"]) for row in told["actions"]} == {
        "hundred-days/1": (3, 2, 1, 1),
        "hundred-days/2": (2, 0, 0, 0),
    }
    assert (told["due_at"], told["state"]) == ("2022-09-05T18:00:00+08:00", "open")
    must_fit(told, "Completeness")


def test_rates_are_percent_of_what_is_expected(august: Cast) -> None:
    told = read(system("read"), "completeness")
    assert [told["total"][f"{name}_rate"] for name in ("filed", "on_time", "approved")] == ["40.00", "20.00", "20.00"]
    by_action = {row["action"]: row["counts"] for row in told["actions"]}
    assert by_action["hundred-days/1"]["filed_rate"] == "66.67"


def test_where_nothing_is_expected_there_is_no_rate(cast: Cast) -> None:
    Assignment.objects.all().delete()
    told = read(system("read"), "completeness")
    assert (told["total"]["expected"], told["total"]["filed_rate"]) == (0, None)
    assert (told["units"], told["actions"]) == ([], [])


def test_the_counts_are_those_of_the_offices_page(august: Cast) -> None:
    for page in period_counts(august.campaign, periods_of(august)):
        total = found_for(august, period=page.period).total
        assert (total.expected, total.filed, total.on_time, total.approved) == (
            page.expected,
            page.filed,
            page.on_time,
            page.approved,
        )


def test_who_left_or_is_not_active_is_not_expected(august: Cast) -> None:
    Assignment.objects.filter(unit=august.neighbour, action=august.transport).update(ends_on=date(2022, 8, 30))
    Unit.objects.filter(pk=august.lead.pk).update(is_active=False)
    told = read(system("read"), "completeness")
    assert {row["unit"]: row["counts"]["expected"] for row in told["units"]} == {"town": 2, "neighbour": 1}


def test_a_report_that_was_never_made_is_expected_all_the_same(august: Cast) -> None:
    Report.objects.filter(unit=august.lead, period=august.august).delete()
    told = read(system("read"), "completeness")
    assert {row["unit"]: counts(row["counts"]) for row in told["units"]}["lead"] == (1, 0, 0, 0)


# --- who sees what ----------------------------------------------------------------------------------------------------

SEES_BEFORE = {
    # units; expected reports
    "stranger": (set(), 0),
    "reporter": ({"town"}, 2),
    "head": ({"town"}, 2),
    "outsider": ({"neighbour"}, 2),
    "reviewer": ({"town", "neighbour", "lead"}, 3),
    "office": ({"town", "neighbour", "lead"}, 5),
    "leader": ({"town", "neighbour", "lead"}, 5),
    "reads": ({"town", "neighbour", "lead"}, 5),
    "reads_town": ({"town"}, 2),
}


@pytest.mark.parametrize("who", SEES_BEFORE)
def test_before_publication_each_caller_counts_what_is_disclosed(august: Cast, who: str) -> None:
    told = read(caller(who, august), "completeness")
    units, expected = SEES_BEFORE[who]
    assert {row["unit"] for row in told["units"]} == units
    assert told["total"]["expected"] == sum(row["counts"]["expected"] for row in told["units"]) == expected


@pytest.mark.parametrize("who", ["stranger", "reporter", "reviewer", "reads_town"])
def test_once_published_everybody_counts_everything(august: Cast, who: str) -> None:
    publish(august)
    assert read(caller(who, august), "completeness")["total"]["expected"] == 5


def test_a_report_itself_is_only_for_those_who_may_open_it(august: Cast) -> None:
    publish(august)
    opened = {
        who: {cell.unit.code for row in found_for(august, who).units for cell in row.cells if cell and cell.report}
        for who in ("reporter", "reviewer", "office", "stranger")
    }
    assert opened == {
        "reporter": {"town"},
        "reviewer": {"town", "neighbour", "lead"},
        "office": {"town", "neighbour", "lead"},
        "stranger": set(),
    }


def test_a_row_has_a_cell_for_each_action_and_none_where_nothing_is_expected(august: Cast) -> None:
    found = found_for(august)
    assert [column.action for column in found.actions] == [august.trade, august.transport]
    cells = {row.unit.code: row.cells for row in found.units}
    assert cells["lead"][1] is None
    approved, returned = cells["town"]
    late = cells["neighbour"][0]
    assert approved is not None
    assert returned is not None
    assert late is not None
    assert (approved.is_approved, approved.is_overdue) == (True, False)
    assert (returned.filing.is_filed, returned.is_overdue) == (False, True)
    assert (late.is_late, late.is_overdue) == (True, False)


# --- asking -----------------------------------------------------------------------------------------------------------


def test_without_a_month_it_is_the_last_published_one(august: Cast) -> None:
    told = system("read").get("/api/v1/completeness/").json()
    assert (told["period"], counts(told["total"])) == ("hundred-days/2022-07", (5, 5, 5, 5))


def test_what_is_not_known_is_refused(cast: Cast) -> None:
    assert refused(system("read"), "completeness", unit="town") == ("/unit", "unknown")


def test_the_table_has_units_and_actions(august: Cast) -> None:
    lines = table(system("read"), "completeness")
    assert [(line["unit"], line["action"], line["counts_filed"]) for line in lines] == [
        ("town", "", "1"),
        ("neighbour", "", "1"),
        ("lead", "", "0"),
        ("", "hundred-days/1", "2"),
        ("", "hundred-days/2", "0"),
    ]


def test_an_answer_that_is_unchanged_is_not_sent_again(august: Cast) -> None:
    client = system("read")
    tag = ask(client, "completeness")["ETag"]
    asked = {"campaign": "hundred-days", "period": "2022-08"}
    assert client.get("/api/v1/completeness/", asked, headers={"if-none-match": tag}).status_code == 304


def test_query_and_api_take_a_fixed_number_of_queries_whatever_the_rows(august: Cast) -> None:
    client = client_of(august.office)
    seen = []
    for number in (0, 3):
        more_units(august, number, august.august)
        person, period = capacities(august.office, august.now.date()), periods_of(august)[1]
        with CaptureQueriesContext(connection) as caught:
            completeness(period, person=person, now=august.now)
        seen.append((len(caught), queries_of(client, "completeness")))
    assert seen[0] == seen[1]
    of_query, of_api = seen[0]
    assert of_query <= 6
    assert of_api <= MOST_QUERIES
