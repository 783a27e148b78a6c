"""The steps of a report by the API: the same operations as on the pages, told by their statuses, and the history."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from campaigns.domain.workflow import ReportStatus as S
from campaigns.models import Report, ReportEvent
from tests.api_calls import errors_of, queries_of, send
from tests.api_cast import system
from tests.builders import bring_to, close, figure, fill, publish
from tests.cast import Cast, client_of
from units.models import Change

URL = "/api/v1/reports/"
REASON = "The figure is not cumulative."
UNTIL = "2022-09-20T18:00:00+08:00"


@pytest.fixture(autouse=True)
def _no_throttle(settings: Any) -> None:
    settings.API_THROTTLE = ""


@pytest.fixture
def town(cast: Cast) -> Client:
    """A client system of the town."""
    return system("read", "report", unit=cast.town)


def take(client: Client, step: str, report: Report, if_match: str = "", /, **body: Any) -> Any:
    return send(client, "POST", f"{URL}{report.pk}/{step}/", body, if_match=if_match or f'"{report.version}"')


# --- filing -----------------------------------------------------------------------------------------------------------


def test_a_client_system_submits_and_recalls_and_is_named(cast: Cast, town: Client) -> None:
    report = bring_to(cast, S.DRAFT)
    answer = take(town, "submit", report)
    assert (answer.status_code, answer.json()["status"]) == (200, "to_sign")
    assert answer["ETag"].startswith(f'"{report.version + 1}-')
    event = ReportEvent.objects.get(report=report)
    assert (event.actor.display_name, event.change.token is not None) == ("A system", True)  # type: ignore[union-attr]
    assert take(town, "recall", cast.report()).json()["status"] == "draft"


def test_what_is_missing_is_named_by_its_indicator(cast: Cast, town: Client) -> None:
    report = fill(cast, cast.report(), {cast.exports: figure("90")})
    answer = take(town, "submit", report)
    assert (answer.status_code, answer.json()["type"]) == (409, "/api/docs/#problem-incomplete")
    (missing,) = answer.json()["errors"]
    assert (missing["pointer"], missing["code"]) == ("/measurements/share", "missing_without_comment")
    assert missing["detail"] == "Enter the figure, or say why there is none."


def test_the_office_says_for_whom_it_files(cast: Cast) -> None:
    report = bring_to(cast, S.DRAFT)
    office = client_of(cast.office)
    assert errors_of(take(office, "submit", report)) == {"/on_behalf_of": "invalid"}
    for other in ("outsider", "nobody"):
        assert errors_of(take(office, "submit", report, on_behalf_of=other)) == {"/on_behalf_of": "invalid"}
    assert take(office, "submit", report, on_behalf_of="reporter").status_code == 200
    assert ReportEvent.objects.get(report=report).on_behalf_of == cast.reporter


def test_who_is_not_the_office_files_in_the_own_name(cast: Cast, town: Client) -> None:
    report = bring_to(cast, S.DRAFT)
    assert take(town, "submit", report, on_behalf_of="reporter").status_code == 403


# --- signing and deciding ---------------------------------------------------------------------------------------------


def test_a_report_is_signed_sent_back_filed_again_and_approved(cast: Cast, town: Client) -> None:
    head, reviewer = client_of(cast.head), client_of(cast.reviewer)
    assert take(head, "sign", bring_to(cast, S.TO_SIGN)).json()["status"] == "submitted"
    answer = take(reviewer, "send-back", cast.report(), reason=REASON)
    assert (answer.json()["status"], answer.json()["resubmit_by"][:10]) == ("returned", "2022-09-06")
    assert take(town, "submit", cast.report()).status_code == 200
    assert take(head, "sign", cast.report()).status_code == 200
    assert take(reviewer, "approve", cast.report()).json()["status"] == "approved"


@pytest.mark.parametrize("step", ["sign", "send-back", "approve", "reopen"])
@pytest.mark.parametrize("scopes", [("report",), ("read", "report", "manage")], ids=str)
def test_no_token_signs_or_decides(cast: Cast, step: str, scopes: tuple[str, ...]) -> None:
    report = bring_to(cast, S.TO_SIGN if step == "sign" else S.SUBMITTED)
    answer = take(system(*scopes), step, report, reason=REASON, until=UNTIL)
    assert answer.status_code == 403
    assert cast.report().status == report.status


def test_a_step_that_is_not_theirs_is_told_before_version_and_state(cast: Cast) -> None:
    report = bring_to(cast, S.DRAFT)
    assert send(client_of(cast.reporter), "POST", f"{URL}{report.pk}/approve/", {}).status_code == 403


@pytest.mark.parametrize("reason", [{}, {"reason": ""}, {"reason": "  "}, {"reason": 7}, {"reason": "x" * 2001}])
def test_a_reason_is_asked_for(cast: Cast, reason: dict[str, Any]) -> None:
    report = bring_to(cast, S.SUBMITTED)
    assert list(errors_of(take(client_of(cast.reviewer), "send-back", report, **reason))) == ["/reason"]


def test_a_step_takes_nothing_else(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    answer = take(client_of(cast.reviewer), "approve", report, status="approved")
    assert errors_of(answer) == {"/status": "unknown"}


def test_a_step_names_the_version_that_was_seen(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    reviewer = client_of(cast.reviewer)
    assert send(reviewer, "POST", f"{URL}{report.pk}/approve/", {}).status_code == 428
    answer = take(reviewer, "approve", report, '"1"')
    assert (answer.status_code, answer.json()["current"]["version"]) == (412, report.version)
    assert take(reviewer, "approve", report, "*").status_code == 200


@pytest.mark.parametrize("others", ['"1", {}', '{}, "1"', '"²", {}', 'W/"1-abc", W/{}'])
def test_a_step_may_name_several_versions(cast: Cast, others: str) -> None:
    report = bring_to(cast, S.SUBMITTED)
    answer = take(client_of(cast.reviewer), "approve", report, others.format(f'"{report.version}"'))
    assert answer.status_code == 200


def test_in_the_wrong_state_it_is_a_conflict(cast: Cast, town: Client) -> None:
    submitted = bring_to(cast, S.SUBMITTED)
    assert take(town, "submit", submitted).status_code == 409
    close(cast)
    assert take(town, "recall", cast.report()).status_code == 409
    publish(cast)
    assert take(client_of(cast.reviewer), "approve", cast.report()).status_code == 409


def test_a_step_sent_twice_with_its_key_is_taken_once(cast: Cast, town: Client) -> None:
    report = bring_to(cast, S.DRAFT)
    url, tag = f"{URL}{report.pk}/submit/", f'"{report.version}"'
    first, again = (send(town, "POST", url, {}, if_match=tag, idempotency_key="k-1") for _each in range(2))
    assert (first.status_code, again.content) == (200, first.content)
    assert ReportEvent.objects.filter(report=report).count() == 1


# --- reopening --------------------------------------------------------------------------------------------------------


def test_the_office_reopens_a_report_with_a_reason_and_a_deadline(cast: Cast, town: Client) -> None:
    bring_to(cast, S.DRAFT)
    close(cast)
    office = client_of(cast.office)
    answer = take(office, "reopen", cast.report(), reason=REASON, until=UNTIL)
    told = answer.json()
    assert (told["status"], told["reopened_until"], told["resubmit_by"]) == ("returned", UNTIL, UNTIL)
    assert take(town, "submit", cast.report()).status_code == 200


@pytest.mark.parametrize("until", ["2022-09-01T18:00:00+08:00", "2022-09-20", "2022-09-20T18:00", "soon", None])
def test_a_new_deadline_is_an_instant_that_lies_ahead(cast: Cast, until: Any) -> None:
    close(cast)
    answer = take(client_of(cast.office), "reopen", cast.report(), reason=REASON, until=until)
    assert list(errors_of(answer)) == ["/until"]


def test_an_open_period_is_not_reopened(cast: Cast) -> None:
    answer = take(client_of(cast.office), "reopen", cast.report(), reason=REASON, until=UNTIL)
    assert answer.status_code == 409


def missing(**fields: Any) -> dict[str, Any]:
    named = {"unit": "town", "action": "hundred-days/1", "period": "hundred-days/2022-08"}
    return {**named, "reason": REASON, "until": UNTIL, **fields}


def test_what_was_never_filed_is_made_and_reopened(cast: Cast, town: Client) -> None:
    cast.report().delete()
    close(cast)
    answer = send(client_of(cast.office), "POST", f"{URL}reopen/", missing())
    assert answer.status_code == 201, answer.content
    report = cast.report()
    assert (report.status, answer["Location"].endswith(f"{URL}{report.pk}/")) == (S.RETURNED, True)
    figures = [{"indicator": "exports", "value": "90"}]
    answer = send(town, "PATCH", f"{URL}{report.pk}/", {"measurements": figures}, if_match=f'"{report.version}"')
    assert answer.status_code == 200


def test_a_report_that_is_there_is_reopened_at_its_own_address(cast: Cast) -> None:
    close(cast)
    assert send(client_of(cast.office), "POST", f"{URL}reopen/", missing()).status_code == 409


def test_a_unit_that_does_not_report_on_the_action_is_not_reopened(cast: Cast) -> None:
    close(cast)
    answer = send(client_of(cast.office), "POST", f"{URL}reopen/", missing(unit="office"))
    assert answer.status_code == 400
    assert not Report.objects.filter(unit=cast.office_unit).exists()


def test_reopening_is_the_offices(cast: Cast) -> None:
    cast.report().delete()
    close(cast)
    for client in (client_of(cast.reviewer), client_of(cast.reporter), system("read", "report", "manage")):
        assert send(client, "POST", f"{URL}reopen/", missing()).status_code == 403
    assert not Change.objects.filter(verb="reopen_report").exists()


# --- history ----------------------------------------------------------------------------------------------------------


def test_the_history_has_every_step_with_its_reason_and_what_a_correction_changed(cast: Cast, town: Client) -> None:
    bring_to(cast, S.RETURNED)
    take(town, "submit", cast.report())
    take(client_of(cast.head), "sign", cast.report())
    take(client_of(cast.reviewer), "approve", cast.report())
    close(cast)
    exports = cast.report().measurements.get(indicator=cast.exports)
    url = f"/api/v1/measurements/{exports.pk}/correct/"
    answer = send(client_of(cast.office), "POST", url, {"value": "77.7", "reason": "Customs."}, if_match="*")
    assert answer.status_code == 200, answer.content
    steps = town.get(f"{URL}{cast.report().pk}/history/").json()["steps"]
    verbs = ["submit", "send_back", "submit", "sign", "approve", "correct"]
    assert [one["verb"] for one in steps] == verbs
    assert (steps[1]["reason"], steps[1]["actor"]) == ("Please check the exports.", "Head")
    assert steps[2]["actor"] == "A system"
    changed = steps[-1]["correction"]
    assert (changed["indicator"], changed["before"]["value"], changed["after"]["value"]) == (
        "exports", "90.0000", "77.7000",
    )  # fmt: skip


def test_a_history_of_others_is_not_there_and_takes_no_parameters(cast: Cast, town: Client) -> None:
    other = cast.report(cast.neighbour)
    assert town.get(f"{URL}{other.pk}/history/").status_code == 404
    assert town.get(f"{URL}{cast.report().pk}/history/?page_size=1").status_code == 400


def test_a_long_history_takes_the_same_queries(cast: Cast, town: Client) -> None:
    report = bring_to(cast, S.RETURNED)
    url = f"{URL}{report.pk}/history/"
    before = queries_of(town, url)
    take(town, "submit", cast.report())
    take(town, "recall", cast.report())
    assert queries_of(town, url) == before
