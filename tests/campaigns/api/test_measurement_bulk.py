"""Many figures in one request: what is told of each row, what is written, and what is not."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.domain.workflow import ReportStatus as S
from campaigns.models import Action, Assignment, Indicator, Measurement, Period, Report, Target
from campaigns.operations.periods import advance_periods
from campaigns.operations.reports import Figure, reopen_report
from campaigns.refusals import StaleVersion
from tests.api_cast import JSON, system
from tests.builders import bring_to, close, figure, fill
from tests.cast import Cast, assemble, at, client_of
from units.models import Change, ChangeItem, Source, Unit

URL = "/api/v1/measurements/bulk/"
AUGUST = "hundred-days/2022-08"
NOUGHT = {"created": 0, "updated": 0, "unchanged": 0, "error": 0}


@pytest.fixture(autouse=True)
def _no_throttle(settings: Any) -> None:
    settings.API_THROTTLE = ""
    cache.clear()


@pytest.fixture
def town(cast: Cast) -> Client:
    """A client system of the town."""
    return system("report", unit=cast.town)


def row(**fields: Any) -> dict[str, Any]:
    """A right row, but for what is said."""
    return {"unit": "town", "indicator": "exports", "period": AUGUST, "value": "90.00"} | fields


def send(client: Client, rows: Any, **options: Any) -> Any:
    headers = options.pop("headers", {})
    return client.post(URL, json.dumps({"rows": rows, **options}), content_type=JSON, headers=headers)


def told(answer: Any) -> list[str]:
    """What became of the rows, in order."""
    assert answer.status_code == 200, answer.content[:2000]
    body = answer.json()
    assert [one["row"] for one in body["rows"]] == list(range(len(body["rows"])))
    statuses = [one["status"] for one in body["rows"]]
    assert body["counts"] == {status: statuses.count(status) for status in NOUGHT}
    return statuses


def faults(answer: Any) -> list[tuple[str, str]]:
    """Place and code of everything that is wrong, in either mode."""
    body = answer.json()
    found = body["errors"] if answer.status_code == 400 else [one for told in body["rows"] for one in told["errors"]]
    assert all(one["detail"] for one in found)
    return [(one["pointer"], one["code"]) for one in found]


def stored(cast: Cast, unit: Unit | None = None) -> dict[str, Decimal | None]:
    """The figures of the unit (town) for August."""
    rows = Measurement.objects.filter(report__unit=unit or cast.town, report__period=cast.august)
    return dict(rows.values_list("indicator__code", "value"))


# --- what is written --------------------------------------------------------------------------------------------------


def test_new_figures_are_created_others_updated_and_the_same_left_alone(cast: Cast, town: Client) -> None:
    fill(cast, cast.report(), {cast.exports: figure("80.00"), cast.share: figure("13.5", note="Estimated.")})
    version = cast.report().version
    answer = send(town, [row(), row(indicator="share", value="13.50"), row(indicator="roads", value="40")])
    assert told(answer) == ["updated", "unchanged", "created"]
    assert stored(cast) == {"exports": Decimal("90.00"), "share": Decimal("13.5"), "roads": Decimal(40)}
    assert cast.report().version == version + 1
    exports = Measurement.objects.get(report=cast.report(), indicator=cast.exports)
    assert (exports.version, exports.source) == (2, Source.ENTERED)
    assert Measurement.objects.get(report=cast.report(), indicator=cast.share).version == 1


def test_the_report_says_who_saved_it_and_the_feed_what(cast: Cast, town: Client) -> None:
    fill(cast, cast.report(), {cast.exports: figure("80.00")})
    answer = send(town, [row(note="Corrected."), row(indicator="roads", value="40")])
    assert answer.status_code == 200
    assert cast.report().saved_by.is_service
    change = Change.objects.latest("pk")
    assert (change.verb, change.actor, change.request) == (
        "save_measurements",
        cast.report().saved_by,
        answer["X-Request-Id"],
    )
    first, second = change.items.order_by("pk")
    assert first.key == {
        "campaign": "hundred-days",
        "period": "2022-08",
        "unit": "town",
        "action": "1",
        "indicator": "exports",
    }
    assert (first.before["value"], first.after["value"], first.after["note"]) == ("80.0000", "90.00", "Corrected.")
    assert (second.before, second.unit) == (None, "town")


def test_nothing_new_writes_nothing(cast: Cast, town: Client) -> None:
    send(town, [row()])
    changes, version = Change.objects.count(), cast.report().version
    assert told(send(town, [row(), row(indicator="share", value=None)])) == ["unchanged", "unchanged"]
    assert (Change.objects.count(), cast.report().version) == (changes, version)


def test_what_is_left_out_stays_and_null_clears(cast: Cast, town: Client) -> None:
    whole = row(value_status="verified", growth="-3.25", note="From customs.")
    assert told(send(town, [whole])) == ["created"]
    bare = {name: whole[name] for name in ("unit", "indicator", "period")}
    assert told(send(town, [bare])) == ["unchanged"]
    assert told(send(town, [bare | {"value": "91"}])) == ["updated"]
    found = Measurement.objects.get(indicator=cast.exports)
    assert (found.value, found.value_status, found.growth, found.note) == (
        Decimal(91),
        "verified",
        Decimal("-3.25"),
        "From customs.",
    )
    cleared = {"value": None, "value_status": None, "growth": None, "note": None}
    assert told(send(town, [bare | cleared])) == ["updated"]
    found.refresh_from_db()
    assert (found.value, found.value_status, found.growth, found.note) == (None, "preliminary", None, "")


def test_a_figure_may_be_taken_away_without_a_note_since_filing_asks_for_it(cast: Cast, town: Client) -> None:
    send(town, [row()])
    assert told(send(town, [row(value=None)])) == ["updated"]


def test_an_expected_report_that_is_not_there_is_made(cast: Cast, town: Client) -> None:
    cast.report().delete()
    assert told(send(town, [row(), row(indicator="share", value="12.5")])) == ["created", "created"]
    report = cast.report()
    assert (report.status, report.measurements.count()) == (S.DRAFT, 2)
    assert ChangeItem.objects.get(object_type="campaigns.report", object_id=report.pk).after == {"status": "draft"}


def test_a_report_that_came_back_takes_figures_also_where_its_period_is_closed(cast: Cast, town: Client) -> None:
    bring_to(cast, S.RETURNED)
    assert told(send(town, [row(value="95.00")])) == ["updated"]
    close(cast)
    assert faults(send(town, [row(value="96.00")])) == [("/rows/0/period", "wrong_state")]
    reopen_report(
        unit=cast.town,
        action=cast.trade,
        period=Period.objects.get(pk=cast.august.pk),
        actor=cast.office,
        now=cast.now,
        reason="Please correct the exports.",
        until=at(9, 20),
    )
    assert told(send(town, [row(value="96.00")])) == ["updated"]


# --- all or nothing, or each by itself --------------------------------------------------------------------------------

WRONG = [
    row(),
    row(unit="nowhere"),
    row(indicator="nothing", value="1.234"),
    row(indicator="share", value="1.23"),
    row(indicator="roads", value="1.5", growth="1.00"),
]
WRONG_TOLD = [
    ("/rows/1/unit", "does_not_exist"),
    ("/rows/2/indicator", "does_not_exist"),
    ("/rows/3/value", "too_many_decimals"),
    ("/rows/4/value", "too_many_decimals"),
    ("/rows/4/growth", "not_asked"),
]


def test_one_wrong_row_of_an_atomic_request_keeps_all_out_and_every_fault_is_told(cast: Cast, town: Client) -> None:
    cast.report().delete()
    changes = Change.objects.count()
    answer = send(town, WRONG)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["type"].endswith("#problem-invalid")
    assert faults(answer) == WRONG_TOLD
    assert stored(cast) == {}
    assert not Report.objects.filter(unit=cast.town, action=cast.trade, period=cast.august).exists()
    assert Change.objects.count() == changes


def test_each_writes_the_right_rows_and_tells_the_others(cast: Cast, town: Client) -> None:
    answer = send(town, WRONG, mode="each")
    assert told(answer) == ["created", "error", "error", "error", "error"]
    assert faults(answer) == WRONG_TOLD
    assert stored(cast) == {"exports": Decimal(90)}


@pytest.mark.parametrize("mode", ["atomic", "each"])
def test_a_dry_run_tells_the_same_and_writes_nothing(cast: Cast, town: Client, mode: str) -> None:
    fill(cast, cast.report(), {cast.exports: figure("80.00")})
    cast.report(action=cast.transport).delete()
    before = (Change.objects.count(), Report.objects.count(), stored(cast), cast.report().version)
    rows = [row(), row(indicator="share", value="12.5"), row(indicator="roads", value="3")]
    answer = send(town, rows, mode=mode, dry_run=True)
    assert told(answer) == ["updated", "created", "created"]
    assert answer.json()["dry_run"] is True
    assert faults(send(town, WRONG, mode=mode, dry_run=True)) == WRONG_TOLD
    assert before == (Change.objects.count(), Report.objects.count(), stored(cast), cast.report().version)
    assert told(send(town, rows, mode=mode)) == ["updated", "created", "created"]


# --- what is wrong with a row -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "place", "code"),
    [
        ({"unit": 7}, "/unit", "invalid"),
        ({"unit": ""}, "/unit", "invalid"),
        ({"unit": "neighbour"}, "/unit", "does_not_exist"),
        ({"indicator": None}, "/indicator", "invalid"),
        ({"indicator": ["exports"]}, "/indicator", "invalid"),
        ({"period": "2022-08"}, "/period", "does_not_exist"),
        ({"period": "hundred-days/2022-13"}, "/period", "does_not_exist"),
        ({"period": "hundred-days/2022-08/1"}, "/period", "does_not_exist"),
        ({"period": "hundred-days/2022-07"}, "/period", "wrong_state"),
        ({"period": "hundred-days/2022-09"}, "/period", "wrong_state"),
        ({"value": 90}, "/value", "invalid"),
        ({"value": "ninety"}, "/value", "invalid"),
        ({"value": "1e3"}, "/value", "invalid"),
        ({"value": "NaN"}, "/value", "invalid"),
        ({"value": ""}, "/value", "invalid"),
        ({"value": "٩"}, "/value", "invalid"),
        ({"value": "1.234"}, "/value", "too_many_decimals"),
        ({"value": "123456789012345"}, "/value", "too_large"),
        ({"growth": "12345678"}, "/growth", "too_large"),
        ({"growth": "1.234"}, "/growth", "too_many_decimals"),
        ({"growth": True}, "/growth", "invalid"),
        ({"value_status": "final"}, "/value_status", "invalid_choice"),
        ({"value_status": 1}, "/value_status", "invalid_choice"),
        ({"note": 5}, "/note", "invalid"),
        ({"note": "x" * 501}, "/note", "invalid"),
        ({"comment": "x"}, "/comment", "unknown"),
        ({"a/b~": "x"}, "/a~1b~0", "unknown"),
    ],
)
def test_each_fault_is_told_by_its_place(
    cast: Cast, town: Client, fields: dict[str, Any], place: str, code: str
) -> None:
    answer = send(town, [row(indicator="share", value="1.0"), row(**fields)])
    assert answer.status_code == 400
    assert faults(answer) == [(f"/rows/1{place}", code)]


def test_a_row_that_is_none_and_rows_without_keys_are_told(town: Client) -> None:
    assert faults(send(town, ["exports", None, [], {"unit": "town"}])) == [
        ("/rows/0", "invalid"),
        ("/rows/1", "invalid"),
        ("/rows/2", "invalid"),
        ("/rows/3/indicator", "required"),
        ("/rows/3/period", "required"),
    ]


def test_a_unit_of_others_looks_like_one_that_there_is_not(cast: Cast, town: Client) -> None:
    mine, none = send(town, [row(unit="neighbour")]).json(), send(town, [row(unit="nowhere")]).json()
    told = [one["errors"][0]["detail"].replace("neighbour", "?").replace("nowhere", "?") for one in (mine, none)]
    assert told[0] == told[1]


def test_a_figure_that_stands_twice_is_wrong_in_both_rows(cast: Cast, town: Client) -> None:
    rows = [row(), row(indicator="share", value="1.0"), row(value="91.00"), row()]
    answer = send(town, rows, mode="each")
    assert told(answer) == ["error", "created", "error", "error"]
    assert faults(answer) == [(f"/rows/{place}", "repeated") for place in (0, 2, 3)]
    assert "2, 3" in answer.json()["rows"][0]["errors"][0]["detail"]
    assert stored(cast) == {"share": Decimal(1)}


def test_of_very_many_rows_for_one_figure_some_are_named(town: Client) -> None:
    first, *_others = send(town, [row()] * 500, mode="each").json()["rows"]
    assert first["errors"][0]["detail"].endswith("row 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … too.")


def test_a_report_that_is_filed_takes_no_figures(cast: Cast, town: Client) -> None:
    for status in (S.TO_SIGN, S.SUBMITTED):
        bring_to(cast, status, action=cast.trade if status == S.TO_SIGN else cast.transport)
    rows = [row(), row(indicator="roads", value="7")]
    assert faults(send(town, rows)) == [("/rows/0", "wrong_state"), ("/rows/1", "wrong_state")]


def test_what_the_unit_does_not_report_on_is_told(cast: Cast) -> None:
    lead = system("report", unit=cast.lead)
    assert faults(send(lead, [row(unit="lead", indicator="roads", value="7")])) == [("/rows/0/unit", "not_assigned")]
    Target.objects.filter(indicator=cast.share, unit=cast.lead).delete()
    answer = send(lead, [row(unit="lead"), row(unit="lead", indicator="share", value="7.0")], mode="each")
    assert faults(answer) == [("/rows/1/indicator", "no_target")]


def test_an_assignment_that_does_not_cover_the_period_makes_no_report(cast: Cast, town: Client) -> None:
    cast.report().delete()
    Assignment.objects.filter(unit=cast.town, action=cast.trade).update(ends_on=cast.august.starts_on)
    assert faults(send(town, [row()])) == [("/rows/0/unit", "not_assigned")]


def test_an_indicator_of_another_campaign_does_not_fit_the_period(cast: Cast, town: Client) -> None:
    other = Action.objects.get(pk=cast.trade.pk).campaign
    other.pk, other.slug = None, "another"
    other.save()
    action = Action.objects.create(campaign=other, number=1, name_en="Other", name_zh="其他", lead=cast.lead)
    Indicator.objects.create(
        action=action, code="other", name_en="Other", name_zh="其他", measure_en="km", measure_zh="公里"
    )
    assert faults(send(town, [row(indicator="other")])) == [("/rows/0/period", "other_campaign")]


# --- the request as a whole -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/rows"),
        ({"rows": {}}, "/rows"),
        ({"rows": []}, "/rows"),
        ({"rows": [{}] * 10_001}, "/rows"),
        ({"rows": [{}], "mode": "some"}, "/mode"),
        ({"rows": [{}], "dry_run": "yes"}, "/dry_run"),
        ({"rows": [{}], "extra": 1}, "/extra"),
    ],
)
def test_a_wrong_request_is_refused_as_a_whole(town: Client, body: dict[str, Any], pointer: str) -> None:
    answer = town.post(URL, json.dumps(body), content_type=JSON)
    assert answer.status_code == 400
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


def test_fifty_megabytes_are_too_large_and_deep_nesting_is_malformed(town: Client) -> None:
    large = town.post(URL, b" " * 50 * 1024 * 1024, content_type=JSON)
    assert (large.status_code, large["Content-Type"]) == (413, "application/problem+json")
    deep = town.post(URL, b'{"rows":' + b"[" * 100_000 + b"]" * 100_000 + b"}", content_type=JSON)
    assert deep.status_code == 400
    assert deep.json()["type"].endswith("#problem-malformed")


def test_the_same_key_writes_once(cast: Cast, town: Client) -> None:
    key = {"idempotency-key": "august-1"}
    first = send(town, [row()], headers=key)
    again = send(town, [row()], headers=key)
    assert told(first) == told(again) == ["created"]
    assert again["Idempotency-Replayed"] == "true"
    assert cast.report().version == 2
    assert send(town, [row(value="91.00")], headers=key).status_code == 409


def test_a_refused_request_may_be_sent_again_with_its_key(cast: Cast, town: Client) -> None:
    key = {"idempotency-key": "august-2"}
    assert send(town, [row(value="1.234")], headers=key).status_code == 400
    assert told(send(town, [row()], headers=key)) == ["created"]


def test_the_office_fills_for_every_unit_and_a_reporter_for_the_own(cast: Cast) -> None:
    rows = [row(), row(unit="neighbour")]
    assert told(send(client_of(cast.office), rows)) == ["created", "created"]
    assert cast.report(cast.neighbour).saved_by == cast.office
    assert faults(send(client_of(cast.reporter), rows)) == [("/rows/1/unit", "does_not_exist")]


@pytest.mark.parametrize("who", ["head", "reviewer", "leader", "administrator", "stranger"])
def test_who_fills_no_reports_is_refused(cast: Cast, who: str) -> None:
    assert send(client_of(getattr(cast, who)), [row()]).status_code == 403


# --- thousands --------------------------------------------------------------------------------------------------------


def grow(cast: Cast, *, units: int, indicators: int) -> None:
    """More units that report on trade, and more indicators of it."""
    Indicator.objects.bulk_create(
        Indicator(
            action=cast.trade,
            code=f"more-{number}",
            name_en=f"More {number}",
            name_zh=f"更多{number}",
            measure_en="km",
            measure_zh="公里",
        )
        for number in range(indicators)
    )
    made = Unit.objects.bulk_create(
        Unit(code=f"unit-{number}", name_en=f"Unit {number}", name_zh=f"单位{number}", kind=Unit.Kind.COUNTY)
        for number in range(units)
    )
    Assignment.objects.bulk_create(Assignment(action=cast.trade, unit=unit) for unit in made)
    advance_periods(now=cast.now)


def many(count: int, *, indicators: int, value: str = "1.50") -> list[dict[str, Any]]:
    return [
        row(unit=f"unit-{number // indicators}", indicator=f"more-{number % indicators}", value=value)
        for number in range(count)
    ]


def statements(client: Client, rows: Iterable[dict[str, Any]], expected: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert set(told(send(client, list(rows)))) == {expected}
    return len(captured)


@pytest.mark.postgresql
@pytest.mark.parametrize("indicators", [1, 10])
def test_a_thousand_rows_take_as_many_statements_as_ten_and_each_thousand_more_a_few(
    cast: Cast, indicators: int
) -> None:
    """Whether each row is in a report of its own or ten in each."""
    grow(cast, units=3_000 // indicators, indicators=indicators)
    client = system("report")
    send(client, [row()])
    more = FOR_A_THOUSAND_REPORTS if indicators == 1 else FOR_A_THOUSAND
    for expected in ("created", "updated"):
        counts = {}
        for count in (10, 1_000, 2_000, 3_000):
            if expected == "created":
                Measurement.objects.all().delete()
            rows = many(count, indicators=indicators, value=f"{count}.{25 if expected == 'updated' else 50}")
            counts[count] = statements(client, rows, expected)
        assert counts[1_000] == counts[10] <= AT_MOST
        assert counts[2_000] - counts[1_000] == counts[3_000] - counts[2_000] == more


AT_MOST = 25
"""Who calls and may, what the rows name, their reports and figures, the change."""
FOR_A_THOUSAND = 3
"""Writing the figures, the change and its rows."""
FOR_A_THOUSAND_REPORTS = 10
"""More where each row has a unit and a report of its own: these are found, locked, and their versions raised."""


def test_ten_thousand_rows_are_taken_and_again_are_unchanged(cast: Cast) -> None:
    grow(cast, units=200, indicators=50)
    client = system("report")
    rows = many(10_000, indicators=50)
    assert set(told(send(client, rows))) == {"created"}
    assert Measurement.objects.filter(value="1.50").count() == 10_000
    changes = Change.objects.filter(verb="save_measurements")
    assert [one.items.count() for one in changes] == [1_000] * 10
    assert set(told(send(client, rows))) == {"unchanged"}
    assert set(told(send(client, many(10_000, indicators=50, value="2.50")))) == {"updated"}
    assert Measurement.objects.filter(value="2.50", version=2).count() == 10_000
    assert set(Report.objects.filter(measurements__isnull=False).values_list("version", flat=True)) == {3}


# --- at once ----------------------------------------------------------------------------------------------------------


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """What each step returned or raised; they start together, each with a connection of its own."""
    start, outcomes = threading.Barrier(len(steps)), [None] * len(steps)

    def run(place: int, step: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=20)
            outcomes[place] = step()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, one)) for place, one in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads)
    return outcomes


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_at_once_in_opposite_order_both_write_and_nothing_is_lost(transactional_db: None) -> None:
    cast = assemble()
    grow(cast, units=30, indicators=10)
    Report.objects.filter(unit__code__in=[f"unit-{number}" for number in range(0, 30, 2)]).delete()
    clients = [system("report"), system("report")]
    for number in range(3):
        values = many(300, indicators=10, value=f"{number}.50")
        notes = [
            {name: told for name, told in each.items() if name != "value"} | {"note": f"Note {number}"}
            for each in reversed(values)
        ]
        answers = at_once(*(partial(send, client, rows) for client, rows in zip(clients, (values, notes), strict=True)))
        assert [answer.status_code for answer in answers] == [200, 200], [one.content[:500] for one in answers]
        found = set(Measurement.objects.values_list("value", "note"))
        assert found == {(Decimal(f"{number}.50"), f"Note {number}")}
    assert set(Measurement.objects.values_list("version", flat=True)) == {6}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_one_who_saves_a_report_meanwhile_neither_loses_nor_waits_for_ever(transactional_db: None) -> None:
    cast = assemble()
    grow(cast, units=30, indicators=10)
    client = system("report")
    for number in range(3):
        value = f"{number}.75"
        send(client, [row(value=value)])
        answer, saved = at_once(
            lambda value=value: send(client, [*many(300, indicators=10, value=value), row(value=value, note=value)]),
            lambda number=number: save_or_be_told(cast, figure(f"1{number}.5")),
        )
        assert (answer.status_code, saved) in ((200, "saved"), (200, "StaleVersion"))
    exports = Measurement.objects.get(report=cast.report(), indicator=cast.exports)
    assert (exports.value, exports.note) == (Decimal("2.75"), "2.75")


def save_or_be_told(cast: Cast, share: Figure) -> str:
    """What happens to a reporter who saves the report as it was a moment ago."""
    try:
        fill(cast, cast.report(), {cast.share: share})
    except StaleVersion:
        return "StaleVersion"
    return "saved"
