"""Reports by the API: who sees which, how they are found, filled and made, and how few queries a long list takes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from campaigns.domain.workflow import ReportStatus as S
from campaigns.models import Action, Assignment, Measurement, Period, Report, ReportEvent
from campaigns.operations.reports import recall_report, reopen_report, send_back_report
from campaigns.queries.calendars import working_calendar
from campaigns.queries.report_list import listed, only_overdue
from tests.api_calls import costs_the_same, errors_of, must_be_as_described, queries_of, results, send, table
from tests.api_cast import JSON, caller, system
from tests.builders import bring_all_to, bring_to, close, figure, move_clock_to
from tests.cast import Cast, at, client_of
from units.models import Change, Unit
from units.permissions import NONE

URL = "/api/v1/reports/"
AUGUST = f"{URL}?campaign=hundred-days&period=2022-08"
NEW = {"unit": "town", "action": "hundred-days/1", "period": "hundred-days/2022-08"}


@pytest.fixture(autouse=True)
def _no_throttle(settings: Any) -> None:
    settings.API_THROTTLE = ""


@pytest.fixture
def reader(cast: Cast) -> Client:
    return system("read")


@pytest.fixture
def town(cast: Cast) -> Client:
    """A client system of the town."""
    return system("read", "report", unit=cast.town)


def address(report: Report) -> str:
    return f"{URL}{report.pk}/"


def patch(client: Client, report: Report, version: int | None = None, /, **body: Any) -> Any:
    return send(client, "PATCH", address(report), body, if_match=f'"{version or report.version}"')


def units_in(client: Client, url: str = AUGUST) -> set[str]:
    return {one["unit"] for one in results(client.get(url))}


# --- who sees which ---------------------------------------------------------------------------------------------------


def test_everybody_sees_the_own_units_the_lead_its_actions_and_others_nothing(cast: Cast) -> None:
    seen = {name: units_in(client_of(getattr(cast, name))) for name in ("reporter", "outsider", "leader", "stranger")}
    everywhere = {"town", "neighbour", "lead"}
    assert seen == {"reporter": {"town"}, "outsider": {"neighbour"}, "leader": everywhere, "stranger": set()}
    assert {one["action"] for one in results(client_of(cast.other_reviewer).get(AUGUST))} == {"hundred-days/2"}


def test_a_token_of_one_unit_sees_its_own_reports_alone(cast: Cast, town: Client) -> None:
    assert units_in(town) == {"town"}
    assert town.get(address(cast.report(cast.neighbour))).status_code == 404
    assert send(town, "PATCH", address(cast.report(cast.neighbour)), {}, if_match="*").status_code == 404


def test_a_report_is_told_with_its_figures_and_deadlines(cast: Cast, reader: Client) -> None:
    report = bring_to(cast, S.SUBMITTED, figures={cast.exports: figure("90", growth=figure("1.5").value, note="x"),
                                                  cast.share: figure("13.5")})  # fmt: skip
    told = reader.get(address(report)).json()
    first, second = told["measurements"]
    assert (first["indicator"], first["value"], first["growth"], first["note"]) == ("exports", "90.0000", "1.50", "x")
    assert (second["indicator"], second["value_status"]) == ("share", "preliminary")
    assert (told["unit"], told["action"], told["period"]) == ("town", "hundred-days/1", "hundred-days/2022-08")
    assert (told["due_at"], told["closes_at"]) == ("2022-09-05T18:00:00+08:00", "2022-09-13T18:00:00+08:00")
    assert (told["is_filed"], told["is_on_time"], told["is_overdue"]) == (True, True, False)
    assert (told["saved_by"], told["version"]) == ("Reporter", report.version)


def test_the_list_is_as_described(cast: Cast, reader: Client) -> None:
    bring_all_to(cast, S.APPROVED)
    must_be_as_described(reader, URL, "PaginatedReportList")


def test_the_whole_list_is_a_table_too(cast: Cast, reader: Client) -> None:
    rows = table(reader.get(f"{AUGUST}&status=draft&ordering=unit,action&format=csv"))
    assert [(one["unit"], one["action"]) for one in rows][:2] == [
        ("town", "hundred-days/1"),
        ("town", "hundred-days/2"),
    ]
    assert len(rows) == 5


# --- how they are found -----------------------------------------------------------------------------------------------


def test_reports_are_found_by_campaign_period_unit_action_and_status(cast: Cast, reader: Client) -> None:
    bring_to(cast, S.SUBMITTED)
    assert len(results(reader.get(AUGUST))) == 5
    assert len(results(reader.get(f"{AUGUST}&unit=neighbour"))) == 2
    assert len(results(reader.get(f"{AUGUST}&action=2"))) == 2
    (found,) = results(reader.get(f"{AUGUST}&unit=town&action=1&status=submitted"))
    assert found["id"] == cast.report().pk
    assert results(reader.get(f"{AUGUST}&status=approved")) == []


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("campaign=nothing", "/campaign"),
        ("campaign=hundred-days&period=2022-13", "/period"),
        ("campaign=hundred-days&period=x", "/period"),
        ("period=2022-08", "/campaign"),
        ("action=1", "/campaign"),
        ("campaign=hundred-days&action=99", "/action"),
        ("campaign=hundred-days&action=one", "/action"),
        ("campaign=hundred-days&action=99999999999999999999", "/action"),
        ("unit=nowhere", "/unit"),
        ("unit=nowhere&format=csv", "/unit"),
        ("status=done", "/status"),
        ("overdue=1", "/overdue"),
        ("overdu=true", "/overdu"),
        ("ordering=version", "/ordering"),
    ],
)
def test_a_filter_that_names_nothing_is_refused(reader: Client, query: str, wrong: str) -> None:
    assert list(errors_of(reader.get(f"{URL}?{query}"))) == [wrong]


def test_what_changed_since_an_instant(cast: Cast, reader: Client) -> None:
    since = timezone.now()
    report = bring_to(cast, S.DRAFT)
    found = reader.get(URL, {"updated_since": since.isoformat()})
    assert [one["id"] for one in results(found)] == [report.pk]


def test_overdue_follows_the_business_clock(cast: Cast, reader: Client) -> None:
    bring_to(cast, S.SUBMITTED)
    assert results(reader.get(f"{AUGUST}&overdue=true")) == []
    move_clock_to(at(9, 5, 18, 1))
    late = results(reader.get(f"{AUGUST}&overdue=true"))
    assert len(late) == 4
    assert all(one["is_overdue"] for one in late)
    (on_time,) = results(reader.get(f"{AUGUST}&overdue=false"))
    assert (on_time["unit"], on_time["is_overdue"]) == ("town", False)


INSTANTS = [at(9, 3), at(9, 5, 18, 1), at(9, 8), at(9, 13, 23, 59), at(9, 14, 1), at(9, 21)]


@pytest.mark.parametrize("now", INSTANTS, ids=str)
def test_the_database_finds_overdue_what_the_list_calls_overdue(cast_with_july: Cast, now: datetime) -> None:
    cast = cast_with_july
    trade = {"action": cast.trade}
    returned = bring_to(cast, S.SUBMITTED, unit=cast.town, **trade)
    send_back_report(report_id=returned.pk, actor=cast.reviewer, now=at(9, 5, 17), reason="Check.")
    bring_to(cast, S.RETURNED, unit=cast.neighbour, **trade)  # before it was ever filed
    recalled = bring_to(cast, S.SUBMITTED, unit=cast.town, action=cast.transport)
    recall_report(report_id=recalled.pk, actor=cast.reporter, now=cast.now)
    empty = bring_to(cast, S.SUBMITTED, unit=cast.neighbour, action=cast.transport)
    Measurement.objects.filter(report=empty).update(value=None)
    reopen_report(
        unit=cast.town, action=cast.trade, period=cast.july, actor=cast.office, now=cast.now, reason="Revised.",
        until=at(9, 20),
    )  # fmt: skip
    reports = Report.objects.for_list()
    told = {one.report.pk for one in listed(reports, person=NONE, now=now) if one.is_overdue}
    assert {one.pk for one in only_overdue(reports, now=now, calendar=working_calendar())} == told
    rest = {one.pk for one in reports} - told
    assert {one.pk for one in only_overdue(reports, now=now, calendar=working_calendar(), wanted=False)} == rest


# --- filling ----------------------------------------------------------------------------------------------------------


def test_a_client_system_writes_words_and_figures_and_the_record_names_it(cast: Cast, town: Client) -> None:
    report = cast.report()
    figures = [{"indicator": "exports", "value": "91.5", "growth": "3.2"}]
    answer = patch(town, report, progress="Two fairs held.", measurements=figures)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["version"], told["progress"], told["saved_by"]) == (2, "Two fairs held.", "A system")
    assert told["measurements"][0]["value"] == "91.5000"
    assert answer["ETag"].startswith('"2-')
    change = Change.objects.get(verb="save_report")
    assert change.token is not None


def test_what_is_left_out_stays_as_it_is(cast: Cast, town: Client) -> None:
    report = bring_to(cast, S.DRAFT, figures={cast.exports: figure("90", note="Counted."), cast.share: figure("13.5")})
    answer = patch(town, report, measurements=[{"indicator": "exports", "value": "91"}])
    told = {one["indicator"]: one for one in answer.json()["measurements"]}
    assert (told["exports"]["value"], told["exports"]["note"]) == ("91.0000", "Counted.")
    assert (told["exports"]["version"], told["share"]["version"]) == (2, 1)
    answer = patch(town, cast.report(), measurements=[{"indicator": "exports", "value": None}])
    assert answer.json()["measurements"][0]["value"] is None


def test_what_was_read_can_be_sent_back_and_changes_nothing(cast: Cast, town: Client) -> None:
    report = bring_to(cast, S.DRAFT)
    answer = send(town, "PATCH", address(report), town.get(address(report)).json(), if_match=f'"{report.version}"')
    assert answer.status_code == 200, answer.content
    assert answer.json()["version"] == report.version


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"status": "approved"}, {"/status": "read_only"}),
        ({"unit": "neighbour"}, {"/unit": "fixed"}),
        ({"remarks": "x"}, {"/remarks": "unknown"}),
        ({"progress": 7}, {"/progress": "invalid"}),
        ({"progress": "x" * 4001}, {"/progress": "max_length"}),
        ({"measurements": {}}, {"/measurements": "not_a_list"}),
        ({"measurements": [7]}, {"/measurements/0": "invalid"}),
        ({"measurements": [{"value": "1"}]}, {"/measurements/0/indicator": "required"}),
        ({"measurements": [{"indicator": "nothing"}]}, {"/measurements/0/indicator": "does_not_exist"}),
        ({"measurements": [{"indicator": "exports", "value": 1.5}]}, {"/measurements/0/value": "invalid"}),
        ({"measurements": [{"indicator": "exports", "value": "1.555"}]},
         {"/measurements/0/value": "too_many_decimals"}),
        ({"measurements": [{"indicator": "exports", "value": "1.55555"}]},
         {"/measurements/0/value": "max_decimal_places"}),
        ({"measurements": [{"indicator": "share", "growth": "1"}]}, {"/measurements/0/growth": "not_asked"}),
        ({"measurements": [{"indicator": "share", "value_status": "sure"}]},
         {"/measurements/0/value_status": "invalid_choice"}),
        ({"measurements": [{"indicator": "share", "figure": "1"}]}, {"/measurements/0/figure": "unknown"}),
        ({"measurements": [{"indicator": "share", "version": 9}]}, {"/measurements/0/version": "read_only"}),
        ({"measurements": [{"indicator": "share"}, {"indicator": "share"}]}, {"/measurements": "repeated"}),
        ({"measurements": [{"indicator": "roads", "value": "1"}]}, {"": "invalid"}),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_named_by_its_place(
    cast: Cast, town: Client, body: dict[str, Any], wrong: dict[str, str]
) -> None:
    assert errors_of(patch(town, cast.report(), **body)) == wrong
    assert cast.report().version == 1


def test_malformed_json_is_told(cast: Cast, town: Client) -> None:
    answer = town.patch(address(cast.report()), '{"progress": ', content_type=JSON, headers={"if-match": "*"})
    assert (answer.status_code, answer.json()["type"]) == (400, "/api/docs/#problem-malformed")


def test_a_stale_version_is_refused_with_the_report_as_it_stands(cast: Cast, town: Client) -> None:
    report = bring_to(cast, S.DRAFT)
    answer = patch(town, report, 1, progress="Mine.")
    assert answer.status_code == 412
    assert answer.json()["current"]["version"] == report.version
    assert send(town, "PATCH", address(report), {"progress": "Mine."}).status_code == 428


def test_a_closed_period_and_a_filed_report_take_nothing(cast: Cast, town: Client) -> None:
    filed = bring_to(cast, S.TO_SIGN)
    assert patch(town, filed, progress="x").status_code == 409
    close(cast)
    assert patch(town, cast.report(cast.town, cast.transport), progress="x").status_code == 409


def test_who_only_reads_or_reviews_does_not_fill(cast: Cast) -> None:
    report = cast.report()
    for client in (client_of(cast.reviewer), client_of(cast.leader), client_of(cast.head), system("read")):
        answer = send(client, "PATCH", address(report), {"progress": "x"}, if_match='"99"')
        assert answer.status_code == 403, answer.content


# --- making -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def missing(cast: Cast) -> Cast:
    """The town reports on trade, and the draft is not there."""
    cast.report().delete()
    return cast


def test_an_expected_report_is_made_and_filled_at_once(missing: Cast, town: Client) -> None:
    answer = send(town, "POST", URL, {**NEW, "measurements": [{"indicator": "exports", "value": "90"}]})
    assert answer.status_code == 201, answer.content
    report = missing.report()
    assert answer["Location"].endswith(address(report))
    assert (answer.json()["status"], answer.json()["measurements"][0]["value"]) == ("draft", "90.0000")
    assert Change.objects.filter(verb="make_report").count() == 1


def test_a_report_that_is_there_is_not_made_again(cast: Cast, town: Client) -> None:
    assert send(town, "POST", URL, NEW).status_code == 409


def test_a_report_that_nobody_expects_is_not_made(missing: Cast, town: Client) -> None:
    Assignment.objects.filter(unit=missing.town).delete()
    assert errors_of(send(town, "POST", URL, NEW)) == {"/action": "invalid"}
    assert not Report.objects.filter(unit=missing.town, action=missing.trade, period=missing.august).exists()


def test_a_period_that_is_not_open_gets_no_drafts(missing: Cast, town: Client) -> None:
    for period in ("hundred-days/2022-07", "hundred-days/2022-09"):
        Report.objects.filter(unit=missing.town, period=missing.july).delete()
        assert send(town, "POST", URL, {**NEW, "period": period}).status_code == 409


def test_nobody_makes_reports_of_another_unit(missing: Cast, town: Client) -> None:
    assert send(town, "POST", URL, {**NEW, "unit": "neighbour"}).status_code == 403
    assert send(client_of(missing.reviewer), "POST", URL, NEW).status_code == 403


def test_a_new_report_says_of_what(cast: Cast, town: Client) -> None:
    assert errors_of(send(town, "POST", URL, {})) == dict.fromkeys(("/unit", "/action", "/period"), "required")


# --- how few queries --------------------------------------------------------------------------------------------------

AT_MOST = 6
UNITS, ACTIONS = 150, 15


def many_reports(cast: Cast) -> None:
    """9,000 reports of four periods, each with a step and a figure."""
    units = Unit.objects.bulk_create(
        Unit(code=f"u{number}", name_en=f"U{number}", name_zh=f"单位{number}", kind="county", order=number)
        for number in range(UNITS)
    )
    actions = Action.objects.bulk_create(
        Action(campaign=cast.campaign, number=number + 10, name_en="A", name_zh="甲", lead=cast.lead)
        for number in range(ACTIONS)
    )
    reports = Report.objects.bulk_create(
        Report(unit=unit, action=action, period=period, status=S.SUBMITTED, status_since=cast.now)
        for period in Period.objects.filter(campaign=cast.campaign)
        for action in actions
        for unit in units
    )
    ReportEvent.objects.bulk_create(
        ReportEvent(
            report=one, verb="sign", from_status=S.TO_SIGN, to_status=S.SUBMITTED, at=cast.now, report_version=2
        )
        for one in reports
    )
    Measurement.objects.bulk_create(Measurement(report=one, indicator=cast.exports, value=1) for one in reports)


SORTED = f"{AUGUST}&status=submitted&ordering=-status_since,unit&page_size=100"


TAKES = {"reads": 5, "reports_town": 5, "reads_and_reports": 6, "manages": 5}
TAKES |= dict.fromkeys(("reporter", "head", "reviewer", "office", "leader", "administrator"), 6)
"""Queries by who asks. Everybody's: the clock, the calendar, the reports, their figures. A session adds itself and its
person with the roles; a token itself, and the units where it reports for all of them."""


def test_a_page_of_a_hundred_among_nine_thousand_takes_at_most_six_queries(cast: Cast) -> None:
    bring_to(cast, S.SUBMITTED)
    clients = {name: caller(name, cast) for name in TAKES if name != "reads_and_reports"}
    clients["reads_and_reports"] = system("read", "report")
    assert {name: queries_of(client, SORTED) for name, client in clients.items()} == TAKES
    many_reports(cast)
    assert Report.objects.count() > 9000
    assert {name: queries_of(client, SORTED) for name, client in clients.items()} == TAKES
    assert max(TAKES.values()) <= AT_MOST
    for name in ("reads", "reads_and_reports", "manages", "reviewer", "office", "leader", "administrator"):
        assert len(results(clients[name].get(SORTED))) == 100


def test_pages_and_tables_take_the_same_queries_whatever_their_rows(cast: Cast, reader: Client) -> None:
    bring_to(cast, S.SUBMITTED)

    def add() -> None:
        for unit in (cast.neighbour, cast.lead):
            report = bring_to(cast, S.SUBMITTED, unit=unit)
            move_clock_to(cast.now + timedelta(hours=1))
            Report.objects.filter(pk=report.pk).update(reopened_until=cast.now)

    assert costs_the_same(reader, f"{URL}", add)


def test_overdue_costs_the_same_whatever_is_overdue(cast: Cast, reader: Client) -> None:
    move_clock_to(at(9, 6))
    report = bring_to(cast, S.SUBMITTED)
    send_back_report(report_id=report.pk, actor=cast.reviewer, now=at(9, 5), reason="Check.")
    before = queries_of(reader, f"{AUGUST}&overdue=true")
    assert before == TAKES["reads"] + 1
    other = bring_to(cast, S.SUBMITTED, unit=cast.neighbour)
    send_back_report(report_id=other.pk, actor=cast.reviewer, now=at(9, 5), reason="Check.")
    assert queries_of(reader, f"{AUGUST}&overdue=true") == before


@pytest.mark.postgresql
def test_the_reports_of_a_period_are_found_by_an_index(cast: Cast) -> None:
    many_reports(cast)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE campaigns_report")
    found = Report.objects.filter(period__campaign__slug="hundred-days", period__month="2022-08", unit__code="u7")
    assert "Seq Scan on campaigns_report" not in found.explain()
    assert "Seq Scan on campaigns_report" not in Report.objects.order_by("pk")[:101].explain()
