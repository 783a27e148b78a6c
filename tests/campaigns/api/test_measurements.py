"""Single figures by the API: who sees them, how they are found, and how the office corrects one after closing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.domain.workflow import ReportStatus as S
from campaigns.models import Measurement, MeasurementVersion
from tests.api_calls import costs_the_same, errors_of, must_be_as_described, results, send, table
from tests.api_cast import JSON, system
from tests.builders import bring_to, close
from tests.cast import Cast, client_of
from units.models import Change

URL = "/api/v1/measurements/"
AUGUST = f"{URL}?campaign=hundred-days&period=2022-08"


@pytest.fixture(autouse=True)
def _no_throttle(settings: Any) -> None:
    settings.API_THROTTLE = ""


@pytest.fixture
def reader(cast: Cast) -> Client:
    return system("read")


@pytest.fixture
def closed(cast: Cast) -> Cast:
    """The town's August is approved and closed."""
    bring_to(cast, S.APPROVED)
    close(cast)
    return cast


def exports(cast: Cast) -> Measurement:
    return cast.report().measurements.get(indicator=cast.exports)


def correct(client: Client, measurement: Measurement, if_match: str = "", /, **body: Any) -> Any:
    url = f"{URL}{measurement.pk}/correct/"
    return send(client, "POST", url, body, if_match=if_match or f'"{measurement.version}"')


# --- reading ----------------------------------------------------------------------------------------------------------


def test_figures_are_seen_with_their_reports(cast: Cast) -> None:
    bring_to(cast, S.SUBMITTED)
    bring_to(cast, S.DRAFT, action=cast.transport)
    codes = {}
    for name in ("reporter", "outsider", "reviewer", "other_reviewer", "leader", "stranger"):
        codes[name] = [one["indicator"] for one in results(client_of(getattr(cast, name)).get(AUGUST))]
    assert codes == {
        "reporter": ["exports", "share", "roads"],
        "outsider": [],
        "reviewer": ["exports", "share"],
        "other_reviewer": ["roads"],
        "leader": ["exports", "share", "roads"],
        "stranger": [],
    }
    assert system("read", unit=cast.neighbour).get(f"{URL}{exports(cast).pk}/").status_code == 404


def test_a_figure_says_what_it_is_of(cast: Cast, reader: Client) -> None:
    report = bring_to(cast, S.SUBMITTED)
    told = reader.get(f"{URL}{exports(cast).pk}/").json()
    assert (told["report"], told["report_status"], told["unit"]) == (report.pk, "submitted", "town")
    assert (told["action"], told["period"], told["indicator"]) == ("hundred-days/1", "hundred-days/2022-08", "exports")
    assert (told["value"], told["growth"], told["corrected_at"], told["version"]) == ("90.0000", None, None, 1)
    must_be_as_described(reader, URL, "PaginatedMeasurementList")


def test_figures_are_found_by_what_they_are_of(closed: Cast, reader: Client) -> None:
    assert len(results(reader.get(AUGUST))) == 2
    (found,) = results(reader.get(f"{AUGUST}&indicator=share&unit=town&action=1"))
    assert found["indicator"] == "share"
    assert results(reader.get(f"{AUGUST}&value_status=verified")) == []
    assert results(reader.get(f"{AUGUST}&report_status=draft")) == []
    assert results(reader.get(f"{AUGUST}&corrected=true")) == []
    assert len(results(reader.get(f"{AUGUST}&corrected=false&value_status=preliminary"))) == 2
    assert [one["value"] for one in results(reader.get(f"{AUGUST}&ordering=-value"))] == ["90.0000", "13.5000"]
    assert [one["indicator"] for one in table(reader.get(f"{AUGUST}&format=csv"))] == ["exports", "share"]


def test_what_changed_since_an_instant(closed: Cast, reader: Client) -> None:
    since = timezone.now().isoformat()
    assert results(reader.get(URL, {"updated_since": since})) == []
    assert correct(client_of(closed.office), exports(closed), value="91", reason="Customs.").status_code == 200
    assert len(results(reader.get(URL, {"updated_since": since}))) == 1
    assert len(results(reader.get(f"{AUGUST}&corrected=true"))) == 1


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("indicator=nothing", "/indicator"),
        ("unit=nowhere", "/unit"),
        ("period=2022-08", "/campaign"),
        ("value_status=sure", "/value_status"),
        ("corrected=yes", "/corrected"),
        ("status=draft", "/status"),
    ],
)
def test_a_filter_that_names_nothing_is_refused(reader: Client, query: str, wrong: str) -> None:
    assert list(errors_of(reader.get(f"{URL}?{query}"))) == [wrong]


def test_a_list_takes_the_same_queries_whatever_its_rows(cast: Cast, reader: Client) -> None:
    bring_to(cast, S.SUBMITTED)

    def add() -> None:
        for unit in (cast.neighbour, cast.lead):
            bring_to(cast, S.SUBMITTED, unit=unit)

    assert costs_the_same(reader, URL, add)


# --- correcting -------------------------------------------------------------------------------------------------------


def test_the_office_corrects_a_figure_and_the_one_before_is_kept(closed: Cast) -> None:
    answer = correct(
        client_of(closed.office), exports(closed), value="51.5", value_status="verified", reason="Customs."
    )
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["value"], told["value_status"], told["version"]) == ("51.5000", "verified", 2)
    assert told["corrected_at"] is not None
    assert answer["ETag"].startswith('"2-')
    assert MeasurementVersion.objects.get().value == Decimal("90.00")
    assert Change.objects.get(verb="correct_report").reason == "Customs."


def test_what_is_left_out_of_a_correction_stays(closed: Cast) -> None:
    answer = correct(client_of(closed.office), exports(closed), note="Counted anew.", reason="Customs.")
    assert (answer.json()["value"], answer.json()["note"]) == ("90.0000", "Counted anew.")


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"value": "51.5"}, {"/reason": "required"}),
        ({"value": "51.555", "reason": "x"}, {"/value": "too_many_decimals"}),
        ({"value": "51.55555", "reason": "x"}, {"/value": "max_decimal_places"}),
        ({"value": 51.5, "reason": "x"}, {"/value": "invalid"}),
        ({"value": "90", "reason": "x"}, {"/value": "invalid"}),
        ({"value": None, "reason": "x"}, {"/value": "invalid"}),
        ({"value": "51.5", "reason": "x", "report": 3}, {"/report": "unknown"}),
    ],
)
def test_a_correction_that_cannot_be_taken_is_named(closed: Cast, body: dict[str, Any], wrong: dict[str, str]) -> None:
    assert errors_of(correct(client_of(closed.office), exports(closed), **body)) == wrong
    assert not MeasurementVersion.objects.exists()


def test_growth_is_taken_where_the_indicator_asks_for_it(closed: Cast) -> None:
    share = closed.report().measurements.get(indicator=closed.share)
    assert errors_of(correct(client_of(closed.office), share, growth="1", reason="x")) == {"/growth": "not_asked"}
    assert correct(client_of(closed.office), exports(closed), growth="1", reason="x").json()["growth"] == "1.00"


def test_malformed_json_is_told(closed: Cast) -> None:
    url = f"{URL}{exports(closed).pk}/correct/"
    answer = client_of(closed.office).post(url, '{"value": ', content_type=JSON, headers={"if-match": "*"})
    assert (answer.status_code, answer.json()["type"]) == (400, "/api/docs/#problem-malformed")


def test_a_stale_correction_is_refused_with_the_figure_as_it_stands(closed: Cast) -> None:
    office, before = client_of(closed.office), exports(closed)
    correct(office, before, value="51.5", reason="Customs.")
    answer = correct(office, before, value="52", reason="Customs.")
    assert (answer.status_code, answer.json()["current"]["value"]) == (412, "51.5000")
    assert send(office, "POST", f"{URL}{before.pk}/correct/", {"value": "52", "reason": "x"}).status_code == 428


def test_an_open_period_and_a_draft_are_not_corrected(cast: Cast) -> None:
    bring_to(cast, S.APPROVED)
    assert correct(client_of(cast.office), exports(cast), value="1", reason="x").status_code == 409


def test_correcting_is_the_offices(closed: Cast) -> None:
    for client in (client_of(closed.reporter), client_of(closed.reviewer), system("read", "report", "manage")):
        assert correct(client, exports(closed), value="1", reason="x").status_code == 403
    assert correct(client_of(closed.outsider), exports(closed), value="1", reason="x").status_code == 404
