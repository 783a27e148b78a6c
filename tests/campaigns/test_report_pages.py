"""The list of reports, a report's own page with its history, and the steps taken there."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.domain.workflow import ReportStatus
from campaigns.models import Action, Assignment, Measurement, Report
from campaigns.operations.periods import advance_periods
from campaigns.operations.reports import approve_report, correct_measurement, send_back_report, submit_report
from campaigns.queries.clock import local_day
from campaigns.queries.report_history import report_history
from campaigns.queries.report_list import filings_of, listed
from tests.builders import bring_to, close, figure, fill, move_clock_to, publish
from tests.cast import Cast, at, client_of
from units.permissions import capacities

S = ReportStatus
REPORTS = reverse("reports")
REASON = "Count only capital that has arrived."


def text_of(response) -> str:  # type: ignore[no-untyped-def]
    return " ".join(response.content.decode().split())


def page_of(report: Report) -> str:
    return reverse("report", args=[report.pk])


# --- the list -------------------------------------------------------------------------------------------------------

SEES = {
    "reporter": {"town"},
    "head": {"town"},
    "outsider": {"neighbour"},
    "reviewer": {"town", "neighbour", "lead"},
    "lead_reporter": {"lead"},
    "office": {"town", "neighbour", "lead"},
    "leader": {"town", "neighbour", "lead"},
    "administrator": {"town", "neighbour", "lead"},
    "stranger": set(),
}


@pytest.mark.parametrize("name", SEES)
def test_everybody_sees_the_reports_that_are_theirs_to_see(cast: Cast, name: str) -> None:
    page = client_of(getattr(cast, name)).get(f"{REPORTS}?action=1")
    assert page.status_code == 200
    assert {row.report.unit.code for row in page.context["rows"]} == SEES[name]


def test_a_unit_sees_its_actions_by_name_and_fills_from_there(cast: Cast) -> None:
    page = text_of(client_of(cast.reporter).get(REPORTS))
    report = cast.report()
    assert "2 reports for August 2022" in page
    assert f"/reports/hundred-days/2022-08/town/#r{report.pk}" in page
    bring_to(cast, S.TO_SIGN)
    assert page_of(report) in text_of(client_of(cast.reporter).get(REPORTS))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("unit=town", {("town", 1), ("town", 2)}),
        ("action=2", {("town", 2), ("neighbour", 2)}),
        ("status=submitted", {("town", 1)}),
        ("unit=town&status=draft", {("town", 2)}),
        ("overdue=1", set()),
        ("overdue=0&action=1", {("town", 1), ("neighbour", 1), ("lead", 1)}),
    ],
)
def test_filters(cast: Cast, query: str, expected: set[tuple[str, int]]) -> None:
    bring_to(cast, S.SUBMITTED)
    page = client_of(cast.office).get(f"{REPORTS}?{query}")
    assert {(row.report.unit.code, row.report.action.number) for row in page.context["rows"]} == expected


def test_overdue_is_computed_from_the_clock(cast: Cast) -> None:
    bring_to(cast, S.SUBMITTED)
    move_clock_to(cast.august.due_at + timedelta(minutes=1))
    page = client_of(cast.office).get(f"{REPORTS}?overdue=1&action=1")
    assert {row.report.unit.code for row in page.context["rows"]} == {"neighbour", "lead"}
    assert "overdue" in text_of(page)


@pytest.mark.parametrize(
    "query",
    [
        "status=done",
        "unit=nowhere",
        "action=99",
        "action=x",
        "action=" + "9" * 30,
        "overdue=maybe",
        "ordering=colour",
        "unit=%00",
    ],
)
def test_a_filter_value_that_is_none_is_told_and_kept(cast: Cast, query: str) -> None:
    page = client_of(cast.office).get(f"{REPORTS}?{query}")
    assert page.status_code == 400
    assert (
        "is not one of the choices" in text_of(page)
        or "cannot be sorted" in text_of(page)
        or "null" in text_of(page).lower()
    )


def test_a_unit_that_one_may_not_see_is_no_choice(cast: Cast) -> None:
    page = client_of(cast.reporter).get(f"{REPORTS}?unit=neighbour")
    assert page.status_code == 400
    assert "Hillside" not in text_of(page)


@pytest.mark.parametrize("query", ["period=2031-01", "campaign=other", "page=2", "page=x", "page=0"])
def test_a_month_campaign_or_page_that_is_not_there_is_404(cast: Cast, query: str) -> None:
    assert client_of(cast.office).get(f"{REPORTS}?{query}").status_code == 404


@pytest.mark.parametrize("by", ["unit", "action", "status", "since"])
def test_the_list_sorts_both_ways(cast: Cast, by: str) -> None:
    bring_to(cast, S.SUBMITTED, unit=cast.neighbour)
    office = client_of(cast.office)
    up = [row.report.pk for row in office.get(f"{REPORTS}?ordering={by}").context["rows"]]
    down = [row.report.pk for row in office.get(f"{REPORTS}?ordering=-{by}").context["rows"]]
    assert down == up[::-1]
    assert 'aria-sort="descending"' in text_of(office.get(f"{REPORTS}?ordering=-{by}"))


def test_the_list_is_paged_by_fifty(cast: Cast) -> None:
    actions = [
        Action(
            campaign=cast.campaign, number=number, name_en=f"Action {number}", name_zh=f"行动{number}", lead=cast.lead
        )
        for number in range(3, 31)
    ]
    Action.objects.bulk_create(actions)
    Assignment.objects.bulk_create(
        Assignment(action=action, unit=unit) for action in actions for unit in (cast.town, cast.neighbour)
    )
    advance_periods(now=cast.now)
    office = client_of(cast.office)
    first, second = office.get(REPORTS), office.get(f"{REPORTS}?page=2")
    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 11)
    assert "Page 1 of 2" in text_of(first)
    assert "page=2" in text_of(first)


@pytest.mark.parametrize("name", ["reporter", "office"])
@pytest.mark.parametrize("query", ["", "?overdue=0"])
def test_the_list_takes_the_same_queries_for_few_and_for_many(cast: Cast, name: str, query: str) -> None:
    Report.objects.exclude(pk=cast.report().pk).filter(period=cast.august).delete()
    bring_to(cast, S.SUBMITTED)
    person = client_of(getattr(cast, name))
    person.get(REPORTS)
    with CaptureQueriesContext(connection) as one:
        assert len(person.get(f"{REPORTS}{query}").context["rows"]) == 1
    advance_periods(now=cast.now)
    bring_to(cast, S.SUBMITTED, action=cast.transport)
    with CaptureQueriesContext(connection) as more:
        assert len(person.get(f"{REPORTS}{query}").context["rows"]) > 1
    assert len(more) == len(one) <= 14


def test_a_month_that_is_not_open_yet_says_so(cast: Cast) -> None:
    assert "This month is not open yet" in text_of(client_of(cast.reporter).get(f"{REPORTS}?period=2022-10"))


# --- due, late, overdue ---------------------------------------------------------------------------------------------


def standing(cast: Cast, now):  # type: ignore[no-untyped-def]
    return listed([cast.report()], person=capacities(cast.office, local_day(now)), now=now)[0]


def test_filed_in_time_and_filed_late(cast: Cast) -> None:
    bring_to(cast, S.SUBMITTED)
    row = standing(cast, at(9, 6))
    assert (row.filing.is_filed, row.is_late, row.is_overdue) == (True, False, False)
    bring_to(cast, S.SUBMITTED, unit=cast.neighbour, now=at(9, 6))
    late = listed([cast.report(unit=cast.neighbour)], person=capacities(cast.office, local_day(cast.now)), now=at(9, 6))
    assert late[0].is_late


def test_waiting_for_the_signature_is_not_filed(cast: Cast) -> None:
    bring_to(cast, S.TO_SIGN)
    assert standing(cast, cast.now).is_due
    assert standing(cast, at(9, 5, 18, 1)).is_overdue


def test_a_reopened_report_is_not_overdue_before_its_new_deadline(cast: Cast) -> None:
    from campaigns.operations.reports import reopen_report

    close(cast)
    reopen_report(
        unit=cast.town,
        action=cast.trade,
        period=cast.august,
        actor=cast.office,
        now=at(9, 14),
        reason=REASON,
        until=at(9, 20, 18),
    )
    assert not standing(cast, at(9, 20, 17)).is_overdue
    assert standing(cast, at(9, 20, 17)).days_left == 0
    assert standing(cast, at(9, 20, 19)).is_overdue


def test_the_filings_of_no_reports_are_none() -> None:
    assert filings_of([]) == {}


# --- one report -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("reporter", 200),
        ("head", 200),
        ("reviewer", 200),
        ("second_reviewer", 200),
        ("office", 200),
        ("leader", 200),
        ("administrator", 200),
        ("outsider", 404),
        ("outsider_head", 404),
        ("other_reviewer", 404),
        ("lead_reporter", 404),
        ("stranger", 404),
    ],
)
def test_who_may_open_a_report(cast: Cast, name: str, status: int) -> None:
    assert client_of(getattr(cast, name)).get(page_of(cast.report())).status_code == status


BUTTONS = ["recall_report", "sign_report", "send_back_report", "approve_report"]


@pytest.mark.parametrize(
    ("name", "status", "shown"),
    [
        ("reporter", S.DRAFT, set()),
        ("reporter", S.TO_SIGN, {"recall_report"}),
        ("head", S.TO_SIGN, {"recall_report", "sign_report", "send_back_report"}),
        ("head", S.SUBMITTED, {"recall_report"}),
        ("reviewer", S.SUBMITTED, {"send_back_report", "approve_report"}),
        ("reviewer", S.APPROVED, {"send_back_report"}),
        ("reviewer", S.TO_SIGN, set()),
        ("office", S.SUBMITTED, set()),
        ("leader", S.SUBMITTED, set()),
        ("administrator", S.SUBMITTED, set()),
    ],
)
def test_the_page_has_the_buttons_that_the_table_allows(cast: Cast, name: str, status: S, shown: set[str]) -> None:
    report = bring_to(cast, status)
    page = text_of(client_of(getattr(cast, name)).get(page_of(report)))
    assert {button for button in BUTTONS if reverse(button, args=[report.pk]) in page} == shown


def test_the_office_reopens_and_corrects_after_closing(cast: Cast) -> None:
    report = bring_to(cast, S.APPROVED)
    office = client_of(cast.office)
    assert "/reports/reopen/" not in text_of(office.get(page_of(report)))
    close(cast)
    page = text_of(office.get(page_of(report)))
    assert "/reports/reopen/hundred-days/2022-08/town/1/" in page
    for measurement in report.measurements.all():
        assert reverse("correct_measurement", args=[measurement.pk]) in page


def test_the_history_tells_who_did_what_when_and_why(cast: Cast) -> None:
    report = fill(cast, cast.report())
    submit_report(report_id=report.pk, actor=cast.office, now=cast.now, on_behalf_of=cast.reporter)
    send_back_report(report_id=report.pk, actor=cast.head, now=at(9, 4, 10), reason=REASON)
    page = text_of(client_of(cast.reporter).get(page_of(report)))
    assert "Office on behalf of Reporter · draft → to sign · version 3" in page
    assert "Head · to sign → came back · version 4" in page
    assert page.count(REASON) == 2  # in the history, and at the top
    assert "Sent back 4 September, 10:00 by Head:" in page


def test_the_history_shows_each_correction_from_old_to_new(cast: Cast) -> None:
    report = bring_to(cast, S.APPROVED)
    publish(cast)
    exports = report.measurements.get(indicator=cast.exports)
    share = report.measurements.get(indicator=cast.share)
    for place, (measurement, value) in enumerate([(exports, "95.50"), (share, "14.0"), (exports, "96.00")]):
        correct_measurement(
            measurement_id=measurement.pk, actor=cast.office, now=at(9, 20 + place), figure=figure(value), reason=REASON
        )
    told = [
        (step.correction.indicator.code, step.correction.old.value, step.correction.new.value)
        for step in report_history(report).steps
        if step.correction
    ]
    assert told == [
        ("exports", Decimal("90"), Decimal("95.5")),
        ("share", Decimal("13.5"), Decimal("14")),
        ("exports", Decimal("95.5"), Decimal("96")),
    ]
    page = text_of(client_of(cast.leader).get(page_of(report)))
    assert "<del>90.00</del> → <b>95.50</b> ¥100m" in page
    assert "corrected" in page


def test_the_page_takes_the_same_queries_whatever_happened(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    reviewer = client_of(cast.reviewer)
    reviewer.get(page_of(report))
    with CaptureQueriesContext(connection) as short:
        reviewer.get(page_of(report))
    for _round in range(3):
        send_back_report(report_id=report.pk, actor=cast.reviewer, now=cast.now, reason=REASON)
        bring_to(cast, S.SUBMITTED, figures={cast.exports: figure("91.00"), cast.share: figure("13.5")})
    with CaptureQueriesContext(connection) as long:
        reviewer.get(page_of(report))
    assert len(long) == len(short) <= 24


# --- the steps ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "verb", "status", "leads_to"),
    [
        ("reporter", "recall_report", S.TO_SIGN, S.DRAFT),
        ("head", "recall_report", S.SUBMITTED, S.DRAFT),
        ("head", "sign_report", S.TO_SIGN, S.SUBMITTED),
        ("head", "send_back_report", S.TO_SIGN, S.RETURNED),
        ("reviewer", "send_back_report", S.SUBMITTED, S.RETURNED),
        ("reviewer", "send_back_report", S.APPROVED, S.RETURNED),
        ("reviewer", "approve_report", S.SUBMITTED, S.APPROVED),
    ],
)
def test_a_step_is_taken_and_told(cast: Cast, name: str, verb: str, status: S, leads_to: S) -> None:
    report = bring_to(cast, status)
    answer = client_of(getattr(cast, name)).post(
        reverse(verb, args=[report.pk]), {"version": report.version, "reason": REASON}, follow=True
    )
    assert answer.redirect_chain == [(page_of(report), 302)]
    assert 'class="toasty"' in text_of(answer)
    assert cast.report().status == leads_to


@pytest.mark.parametrize("verb", BUTTONS)
@pytest.mark.parametrize("name", ["outsider", "outsider_head", "other_reviewer", "lead_reporter", "stranger"])
def test_a_step_on_a_report_one_may_not_see_is_404(cast: Cast, verb: str, name: str) -> None:
    report = bring_to(cast, S.SUBMITTED)
    answer = client_of(getattr(cast, name)).post(
        reverse(verb, args=[report.pk]), {"version": report.version, "reason": REASON}
    )
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("name", "verb"),
    [
        ("reporter", "sign_report"),
        ("reporter", "approve_report"),
        ("reporter", "send_back_report"),
        ("head", "approve_report"),
        ("reviewer", "recall_report"),
        ("reviewer", "sign_report"),
        ("office", "approve_report"),
        ("leader", "approve_report"),
        ("administrator", "approve_report"),
    ],
)
@pytest.mark.parametrize("is_filled_in", [True, False])
def test_a_step_that_is_not_theirs_is_403(cast: Cast, name: str, verb: str, is_filled_in: bool) -> None:
    report = bring_to(cast, S.SUBMITTED)
    sent = {"version": report.version, "reason": REASON} if is_filled_in else {}
    answer = client_of(getattr(cast, name)).post(reverse(verb, args=[report.pk]), sent)
    assert answer.status_code == 403
    assert cast.report().status == S.SUBMITTED


def test_a_head_sends_nothing_back_once_it_is_signed(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    sent = {"version": report.version, "reason": REASON}
    assert client_of(cast.head).post(reverse("send_back_report", args=[report.pk]), sent).status_code == 403


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "1e3", "9" * 40, "1.5", "NaN", None])
def test_a_version_that_is_none_is_told(cast: Cast, version: str | None) -> None:
    report = bring_to(cast, S.SUBMITTED)
    sent = {} if version is None else {"version": version}
    answer = client_of(cast.reviewer).post(reverse("approve_report", args=[report.pk]), sent)
    assert answer.status_code == 400
    assert "This page was not sent whole. Load it again." in text_of(answer)
    assert cast.report().status == S.SUBMITTED


def test_a_stale_version_is_told_on_the_page_itself(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    answer = client_of(cast.reviewer).post(reverse("approve_report", args=[report.pk]), {"version": report.version - 1})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "This report changed after you opened it. Look at it again, then decide." in page
    assert f'name="next" value="{page_of(report)}"' in page  # the switch of languages leads to an address for GET


def test_a_double_click_is_told_and_does_nothing_twice(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    reviewer = client_of(cast.reviewer)
    sent = {"version": report.version}
    assert reviewer.post(reverse("approve_report", args=[report.pk]), sent).status_code == 302
    answer = reviewer.post(reverse("approve_report", args=[report.pk]), sent)
    assert answer.status_code == 409
    assert "This report is “approved” by now. Nothing was done to it." in text_of(answer)
    assert report.events.filter(verb="approve").count() == 1


def test_a_reason_that_comes_too_late_is_shown_again(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    close(cast)
    approve_report(report_id=report.pk, actor=cast.reviewer, now=cast.now)
    publish(cast)
    answer = client_of(cast.reviewer).post(
        f"{reverse('send_back_report', args=[report.pk])}?from=review", {"version": report.version, "reason": REASON}
    )
    assert answer.status_code == 409
    assert REASON in text_of(answer)
    assert "decided for good" in text_of(answer)


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 2001, "nul\x00byte"])
def test_a_reason_that_cannot_be_taken_is_kept(cast: Cast, reason: str) -> None:
    report = bring_to(cast, S.SUBMITTED)
    answer = client_of(cast.reviewer).post(
        reverse("send_back_report", args=[report.pk]), {"version": report.version, "reason": reason}
    )
    assert answer.status_code == 400
    assert 'id="id_reason_error"' in text_of(answer)
    assert cast.report().status == S.SUBMITTED


def test_steps_take_no_get_and_no_forged_post(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    for verb in BUTTONS:
        assert client_of(cast.reviewer).get(reverse(verb, args=[report.pk])).status_code == 405
    strict = client_of(cast.reviewer, enforce_csrf_checks=True)
    assert strict.post(reverse("approve_report", args=[report.pk]), {"version": report.version}).status_code == 403
    assert cast.report().status == S.SUBMITTED


@pytest.mark.parametrize("path", ["/reports/", "/reports/1/", "/review/", "/periods/", "/calendar/", "/clock/"])
def test_without_an_account_each_page_leads_to_the_sign_in(cast: Cast, path: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/accounts/login/?next={path}")


# --- reopening ------------------------------------------------------------------------------------------------------


def reopen_address(unit: str = "town", number: int = 1, month: str = "2022-08") -> str:
    return reverse("reopen_report", args=["hundred-days", month, unit, number])


def test_the_office_reopens_with_a_reason_and_a_deadline(cast: Cast) -> None:
    report = bring_to(cast, S.APPROVED)
    close(cast)
    office = client_of(cast.office)
    page = text_of(office.get(reopen_address()))
    assert 'value="2022-09-06T18:00"' in page  # two working days from Saturday the 3rd
    answer = office.post(reopen_address(), {"reason": REASON, "until": "２０２２-０９-２０ １８：００"}, follow=True)
    assert answer.redirect_chain == [(page_of(report), 302)]
    report.refresh_from_db()
    assert (report.status, report.reopened_until) == (S.RETURNED, at(9, 20, 18))
    assert "It can be filed again until 20 September, 18:00." in text_of(answer)


@pytest.mark.parametrize(
    ("sent", "beside"),
    [
        ({"reason": "", "until": "2022-09-20T18:00"}, "id_reason_error"),
        ({"reason": REASON, "until": ""}, "id_until_error"),
        ({"reason": REASON, "until": "soon"}, "id_until_error"),
        ({"reason": REASON, "until": "2022-02-30T18:00"}, "id_until_error"),
        ({"reason": REASON, "until": "2022-09-01T18:00"}, "id_until_error"),
        ({"reason": REASON, "until": "0001-01-01T00:00"}, "id_until_error"),
        ({"reason": REASON, "until": "9999-12-31T23:59"}, "id_until_error"),
    ],
)
def test_a_reopening_that_does_not_fit_is_told_beside_the_box(cast: Cast, sent: dict[str, str], beside: str) -> None:
    bring_to(cast, S.APPROVED)
    close(cast)
    answer = client_of(cast.office).post(reopen_address(), sent)
    page = text_of(answer)
    assert answer.status_code == 400
    assert f'id="{beside}"' in page
    assert sent["reason"] in page
    assert cast.report().status == S.APPROVED


def test_an_open_period_is_not_reopened(cast: Cast) -> None:
    office = client_of(cast.office)
    assert "The period is still open" in text_of(office.get(reopen_address()))
    answer = office.post(reopen_address(), {"reason": REASON, "until": "2022-09-20T18:00"})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("reporter", 403),
        ("head", 403),
        ("reviewer", 403),
        ("leader", 403),
        ("administrator", 403),
        ("outsider", 404),
        ("stranger", 404),
    ],
)
def test_only_the_office_reopens(cast: Cast, name: str, status: int) -> None:
    close(cast)
    person = client_of(getattr(cast, name))
    assert person.get(reopen_address()).status_code == status
    answer = person.post(reopen_address(), {"reason": REASON, "until": "2022-09-20T18:00"})
    assert answer.status_code == status


@pytest.mark.parametrize(
    "address", [("nowhere", 1, "2022-08"), ("town", 9, "2022-08"), ("town", 1, "2031-01"), ("lead", 2, "2022-08")]
)
def test_reopening_what_is_not_there_is_404(cast: Cast, address: tuple[str, int, str]) -> None:
    assert client_of(cast.office).get(reopen_address(*address)).status_code == 404


# --- correcting -----------------------------------------------------------------------------------------------------


@pytest.fixture
def exports(cast: Cast) -> Measurement:
    """The exports of an approved report of a closed period: 90.00."""
    report = bring_to(cast, S.APPROVED)
    close(cast)
    return report.measurements.get(indicator=cast.exports)


def correction(**changes: str) -> dict[str, str]:
    return {
        "version": "1",
        "value": "95.50",
        "value_status": "verified",
        "growth": "",
        "note": "",
        "reason": "Revised by the customs.",
        **changes,
    }


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("95.50", "95.50"),
        ("９５．５", "95.50"),
        ("1,095.5", "1095.50"),
        ("１，０９５", "1095.00"),
        ("−3", "-3.00"),
        (" 7 ", "7.00"),
    ],
)
def test_the_office_corrects_a_figure_as_it_types_it(cast: Cast, exports: Measurement, typed: str, value: str) -> None:
    answer = client_of(cast.office).post(
        reverse("correct_measurement", args=[exports.pk]), correction(value=typed, growth="＋5.2"), follow=True
    )
    assert answer.redirect_chain == [(reverse("report", args=[exports.report_id]), 302)]
    exports.refresh_from_db()
    assert (exports.value, exports.value_status, exports.growth) == (Decimal(value), "verified", Decimal("5.2"))
    assert exports.versions.get().value == Decimal("90.00")


@pytest.mark.parametrize(
    ("changes", "beside"),
    [
        ({"value": "abc"}, "id_value_error"),
        ({"value": "NaN"}, "id_value_error"),
        ({"value": "Infinity"}, "id_value_error"),
        ({"value": "1" + "0" * 30}, "id_value_error"),
        ({"value": "1e5"}, "id_value_error"),
        ({"value": "95.505"}, "id_value_error"),
        ({"value": "9" * 70}, "id_value_error"),
        ({"value": ""}, "id_value_error"),
        ({"value": "90.00", "value_status": "preliminary"}, "id_value_error"),
        ({"value_status": "guess"}, "id_value_status_error"),
        ({"growth": "1" + "0" * 9}, "id_growth_error"),
        ({"growth": "x"}, "id_growth_error"),
        ({"note": "n" * 501}, "id_note_error"),
        ({"reason": " "}, "id_reason_error"),
        ({"reason": "r" * 2001}, "id_reason_error"),
    ],
)
def test_a_correction_that_does_not_fit_is_told_beside_the_box(
    cast: Cast, exports: Measurement, changes: dict[str, str], beside: str
) -> None:
    answer = client_of(cast.office).post(reverse("correct_measurement", args=[exports.pk]), correction(**changes))
    page = text_of(answer)
    assert answer.status_code == 400
    assert f'id="{beside}"' in page
    assert "Revised by the customs." in page or "reason" in changes
    exports.refresh_from_db()
    assert (exports.value, exports.version) == (Decimal("90.00"), 1)


def test_a_page_that_corrects_or_reopens_a_sample_says_so(cast: Cast, exports: Measurement) -> None:
    office = client_of(cast.office)
    correcting = reverse("correct_measurement", args=[exports.pk])
    reopening = reverse("reopen_report", args=[cast.campaign.slug, "2022-08", cast.town.code, cast.trade.number])
    assert ['class="sample"' in text_of(office.get(page)) for page in (correcting, reopening)] == [False, False]
    Measurement.objects.filter(pk=exports.pk).update(source="sample")
    assert 'class="sample"' in text_of(office.get(correcting))
    Action.objects.filter(pk=cast.trade.pk).update(source="sample")
    assert 'class="sample"' in text_of(office.get(reopening))


def test_a_correction_of_an_older_figure_is_a_conflict(cast: Cast, exports: Measurement) -> None:
    office = client_of(cast.office)
    address = reverse("correct_measurement", args=[exports.pk])
    office.post(address, correction())
    answer = office.post(address, correction(value="99.00"))
    page = text_of(answer)
    assert answer.status_code == 409
    assert "This figure was corrected meanwhile." in page
    assert 'value="99.00"' in page
    assert 'name="version" value="2"' in page
    assert exports.versions.count() == 1


@pytest.mark.parametrize("version", ["", "x", "0"])
def test_a_correction_without_its_version_is_told(cast: Cast, exports: Measurement, version: str) -> None:
    answer = client_of(cast.office).post(reverse("correct_measurement", args=[exports.pk]), correction(version=version))
    assert answer.status_code == 400
    assert "This page was not sent whole." in text_of(answer)


def test_nothing_is_corrected_in_an_open_period(cast: Cast) -> None:
    measurement = bring_to(cast, S.APPROVED).measurements.get(indicator=cast.exports)
    office, address = client_of(cast.office), reverse("correct_measurement", args=[measurement.pk])
    assert "The period is still open. Send the report back instead." in text_of(office.get(address))
    assert office.post(address, correction()).status_code == 409


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("reporter", 403),
        ("head", 403),
        ("reviewer", 403),
        ("leader", 403),
        ("administrator", 403),
        ("outsider", 404),
        ("stranger", 404),
    ],
)
def test_only_the_office_corrects(cast: Cast, exports: Measurement, name: str, status: int) -> None:
    person, address = client_of(getattr(cast, name)), reverse("correct_measurement", args=[exports.pk])
    assert person.get(address).status_code == status
    assert person.post(address, correction()).status_code == status


def test_a_measurement_that_is_not_there_is_404(cast: Cast) -> None:
    assert client_of(cast.office).get(reverse("correct_measurement", args=[999999])).status_code == 404


def test_the_period_of_a_report_is_the_one_before_the_eyes(cast_with_july: Cast) -> None:
    report = cast_with_july.report(period=cast_with_july.july)
    page = text_of(client_of(cast_with_july.office).get(page_of(report)))
    assert "Reports for July 2022" in page
