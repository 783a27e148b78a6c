"""The reviewer's page: what waits, what is odd in it, approving together, and deciding on the opened report."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.domain.workflow import ReportStatus
from campaigns.models import Report
from campaigns.operations.reports import approve_report, send_back_report
from campaigns.queries.clock import local_day
from campaigns.queries.queue import Odd, review_queue
from tests.builders import bring_to, close, figure, fill, publish
from tests.cast import Cast, at, client_of
from units.models import Membership, Role
from units.permissions import capacities

S = ReportStatus
REVIEW = reverse("review")
APPROVE_MANY = reverse("approve_reports")


def queue_of(cast: Cast, name: str = "reviewer"):  # type: ignore[no-untyped-def]
    periods = [cast.july, cast.august, cast.september, cast.october]
    person = capacities(getattr(cast, name), local_day(cast.now))
    return review_queue(person=person, period=cast.august, periods=periods, now=cast.now)


def kinds(cast: Cast) -> list[Odd]:
    return [one.kind for one in queue_of(cast).rows[0].oddities]


def text_of(response) -> str:  # type: ignore[no-untyped-def]
    return " ".join(response.content.decode().split())


@pytest.fixture
def reviewer(cast: Cast) -> Client:
    return client_of(cast.reviewer)


# --- the queue ------------------------------------------------------------------------------------------------------


def test_the_queue_holds_what_this_person_may_decide_oldest_first(cast: Cast) -> None:
    bring_to(cast, S.SUBMITTED, unit=cast.neighbour, now=at(9, 2))
    bring_to(cast, S.SUBMITTED, now=at(9, 1))
    bring_to(cast, S.SUBMITTED, unit=cast.lead)
    bring_to(cast, S.SUBMITTED, action=cast.transport)
    assert [(one.report.unit, one.days) for one in queue_of(cast).rows] == [(cast.town, 2), (cast.neighbour, 1)]
    assert [one.report.unit for one in queue_of(cast, "office").rows] == [cast.lead]
    assert [one.report.action for one in queue_of(cast, "other_reviewer").rows] == [cast.transport]


@pytest.mark.parametrize("status", [S.DRAFT, S.TO_SIGN, S.RETURNED, S.APPROVED])
def test_only_submitted_reports_wait(cast: Cast, status: S) -> None:
    bring_to(cast, status)
    assert queue_of(cast).rows == []


def test_what_waits_in_other_months_is_told(cast_with_july: Cast) -> None:
    cast = cast_with_july
    bring_to(cast, S.SUBMITTED)
    close(cast)
    page = client_of(cast.reviewer).get(f"{REVIEW}?period=2022-07")
    assert "1 report for August 2022 waits too" in text_of(page)


def test_oddities_are_named(cast_with_july: Cast) -> None:
    cast = cast_with_july
    bring_to(cast, S.SUBMITTED, figures={cast.exports: figure("49.00"), cast.share: figure("12.5")})
    assert kinds(cast) == [Odd.BELOW]
    row = queue_of(cast).rows[0]
    assert (row.is_clean, row.lacks_note) == (False, True)
    assert row.oddities[0].since == cast.july


def test_a_note_does_not_make_a_report_clean(cast_with_july: Cast) -> None:
    cast = cast_with_july
    noted = figure("49.00", note="Customs revised July.")
    bring_to(cast, S.SUBMITTED, figures={cast.exports: noted, cast.share: figure("12.5")})
    row = queue_of(cast).rows[0]
    assert (row.is_clean, row.lacks_note) == (False, False)


def test_a_figure_out_of_range_and_a_missing_one_are_odd(cast: Cast) -> None:
    missing = figure(None, note="Comes on the 10th.")
    bring_to(cast, S.SUBMITTED, figures={cast.exports: figure("1001.00"), cast.share: missing})
    assert kinds(cast) == [Odd.RANGE, Odd.NO_FIGURE]


def test_the_page_marks_the_odd_and_preselects_the_clean(cast_with_july: Cast) -> None:
    cast = cast_with_july
    clean = bring_to(cast, S.SUBMITTED)
    odd = bring_to(
        cast, S.SUBMITTED, unit=cast.neighbour, figures={cast.exports: figure("49.00"), cast.share: figure("12.5")}
    )
    page = text_of(client_of(cast.reviewer).get(REVIEW))
    assert f'name="report" value="{clean.pk}-{clean.version}" checked' in page
    assert f'value="{odd.pk}-{odd.version}"' not in page.split('id="opened"')[0]
    assert "Below July" in page
    assert "no note" in page
    assert "Exports, to date: below July (50.00 → 49.00)." in page  # the odd one is opened by itself


def test_filters_by_action_and_odd_ones(cast: Cast) -> None:
    Membership.objects.create(user=cast.reviewer, unit=cast.second_lead, role=Role.REVIEWER)
    bring_to(cast, S.SUBMITTED)
    bring_to(cast, S.SUBMITTED, action=cast.transport, unit=cast.neighbour)
    reviewer = client_of(cast.reviewer)
    assert "2 reports on 2 actions" in text_of(reviewer.get(REVIEW))
    page = text_of(reviewer.get(f"{REVIEW}?action=2"))
    assert "Hillside County" in page
    assert "Riverside Town" not in page
    assert "Nothing waits with these filters" in text_of(reviewer.get(f"{REVIEW}?odd=1"))


@pytest.mark.parametrize("query", ["action=x", "odd=maybe", "action=%F0%9F%98%80", "action=" + "9" * 40])
def test_an_unknown_filter_is_told(cast: Cast, reviewer: Client, query: str) -> None:
    bring_to(cast, S.SUBMITTED)
    page = reviewer.get(f"{REVIEW}?{query}")
    assert page.status_code == 400
    assert "Riverside Town" in text_of(page)


@pytest.mark.parametrize(
    "name", ["reporter", "head", "outsider", "leader", "administrator", "stranger", "lead_reporter"]
)
def test_the_page_is_for_those_who_decide(cast: Cast, name: str) -> None:
    person = client_of(getattr(cast, name))
    assert person.get(REVIEW).status_code == 403
    assert person.post(APPROVE_MANY, {"report": "1-1"}).status_code == 403


@pytest.mark.parametrize("query", ["report=999999", "report=x", "report=-1", "period=2031-01", "campaign=none"])
def test_what_is_not_there_is_404(cast: Cast, reviewer: Client, query: str) -> None:
    assert reviewer.get(f"{REVIEW}?{query}").status_code == 404


def test_a_report_of_another_lead_is_404(cast: Cast, reviewer: Client) -> None:
    other = bring_to(cast, S.SUBMITTED, action=cast.transport)
    assert reviewer.get(f"{REVIEW}?report={other.pk}").status_code == 404


def test_a_report_that_no_longer_waits_is_told(cast: Cast, reviewer: Client) -> None:
    report = bring_to(cast, S.APPROVED)
    page = reviewer.get(f"{REVIEW}?report={report.pk}")
    assert page.status_code == 200
    assert "this report does not wait for you here" in text_of(page)


def test_a_report_of_another_month_leads_to_that_month(cast_with_july: Cast) -> None:
    cast = cast_with_july
    report = bring_to(cast, S.SUBMITTED)
    answer = client_of(cast.reviewer).get(f"{REVIEW}?period=2022-07&report={report.pk}", follow=True)
    assert answer.redirect_chain == [(f"{REVIEW}?campaign=hundred-days&period=2022-08&report={report.pk}#opened", 302)]
    assert "Riverside Town · Stable foreign trade" in text_of(answer)


def test_nothing_to_review(cast: Cast, reviewer: Client) -> None:
    assert "Nothing to review" in text_of(reviewer.get(REVIEW))


def test_the_opened_report_shows_who_filed_and_signed_and_how_it_stands(cast_with_july: Cast) -> None:
    cast = cast_with_july
    report = fill(cast, cast.report(), narrative={"progress": "Two <b>delegations</b> left."})
    bring_to(cast, S.SUBMITTED)
    page = text_of(client_of(cast.reviewer).get(f"{REVIEW}?report={report.pk}"))
    assert "Filed 3 September, 09:00 by Reporter, signed by Head" in page
    assert "Two &lt;b&gt;delegations&lt;/b&gt; left." in page
    # exports: 0 → 200 by 19 October; 51 of 100 days have passed on 31 August
    for shown in ("50.00", "90.00", "102.00", "On track"):
        assert shown in page


def test_the_page_takes_the_same_queries_for_one_row_and_for_three(cast: Cast, reviewer: Client) -> None:
    Membership.objects.create(user=cast.reviewer, unit=cast.second_lead, role=Role.REVIEWER)
    bring_to(cast, S.SUBMITTED)
    reviewer.get(REVIEW)
    with CaptureQueriesContext(connection) as one:
        reviewer.get(REVIEW)
    bring_to(cast, S.SUBMITTED, unit=cast.neighbour)
    bring_to(cast, S.SUBMITTED, unit=cast.neighbour, action=cast.transport)
    with CaptureQueriesContext(connection) as three:
        page = reviewer.get(REVIEW)
    assert "3 reports" in text_of(page)
    assert len(three) == len(one) <= 22


# --- approving together ---------------------------------------------------------------------------------------------


def test_clean_ones_are_approved_together(cast: Cast, reviewer: Client) -> None:
    reports = [bring_to(cast, S.SUBMITTED, unit=unit) for unit in (cast.town, cast.neighbour)]
    answer = reviewer.post(
        f"{APPROVE_MANY}?campaign=hundred-days&period=2022-08",
        {"report": [f"{one.pk}-{one.version}" for one in reports]},
        follow=True,
    )
    assert answer.redirect_chain[-1][0].startswith(REVIEW)
    page = text_of(answer)
    assert "2 reports approved." in page
    assert "/reports/?campaign=hundred-days&amp;period=2022-08&amp;status=approved&amp;ordering=-since" in page
    assert "Today: 2 approved, 0 sent back" in page
    assert set(Report.objects.filter(pk__in=[one.pk for one in reports]).values_list("status", flat=True)) == {
        S.APPROVED
    }


def test_one_that_changed_meanwhile_is_refused_and_named(cast: Cast, reviewer: Client) -> None:
    stale, good = bring_to(cast, S.SUBMITTED), bring_to(cast, S.SUBMITTED, unit=cast.neighbour)
    seen = f"{stale.pk}-{stale.version}"
    send_back_report(report_id=stale.pk, actor=cast.second_reviewer, now=cast.now, reason="Count again.")
    bring_to(cast, S.SUBMITTED, figures={cast.exports: figure("95.00"), cast.share: figure("13.5")})
    answer = reviewer.post(APPROVE_MANY, {"report": [seen, f"{good.pk}-{good.version}"]}, follow=True)
    page = text_of(answer)
    assert "Not approved: Riverside Town, Stable foreign trade. This report changed after you opened it." in page
    assert "1 report approved." in page
    assert cast.report().status == S.SUBMITTED


def test_a_double_click_approves_nothing_twice(cast: Cast, reviewer: Client) -> None:
    report = bring_to(cast, S.SUBMITTED)
    ticked = {"report": f"{report.pk}-{report.version}"}
    reviewer.post(APPROVE_MANY, ticked)
    page = text_of(reviewer.post(APPROVE_MANY, ticked, follow=True))
    assert "Nothing was done to it." in page
    assert report.events.filter(verb="approve").count() == 1


def test_nothing_ticked_is_told(cast: Cast, reviewer: Client) -> None:
    bring_to(cast, S.SUBMITTED)
    answer = reviewer.post(APPROVE_MANY, {})
    assert answer.status_code == 400
    assert "No report is selected." in text_of(answer)


@pytest.mark.parametrize("ticked", ["x", "1", "1-", "-1-2", "1-0", "1-1-1", "9" * 30 + "-1", "１-１", "1-1e9", "nan-1"])
def test_ticks_that_are_none_are_told(cast: Cast, reviewer: Client, ticked: str) -> None:
    answer = reviewer.post(APPROVE_MANY, {"report": ticked})
    assert answer.status_code == 400
    assert "Load it again" in text_of(answer)


def test_a_tick_for_somebody_elses_report_is_404(cast: Cast, reviewer: Client) -> None:
    mine, other = bring_to(cast, S.SUBMITTED), bring_to(cast, S.SUBMITTED, action=cast.transport)
    ticked = {"report": [f"{mine.pk}-{mine.version}", f"{other.pk}-{other.version}"]}
    assert reviewer.post(APPROVE_MANY, ticked).status_code == 404
    assert cast.report().status == S.SUBMITTED


def test_addresses_that_change_something_take_no_get(cast: Cast, reviewer: Client) -> None:
    assert reviewer.get(APPROVE_MANY).status_code == 405


# --- deciding on the opened report ----------------------------------------------------------------------------------


def test_after_a_decision_the_next_report_opens(cast: Cast, reviewer: Client) -> None:
    first, second = bring_to(cast, S.SUBMITTED, now=at(9, 1)), bring_to(cast, S.SUBMITTED, unit=cast.neighbour)
    address = reverse("approve_report", args=[first.pk])
    answer = reviewer.post(f"{address}?from=review&next={second.pk}&action=1", {"version": first.version}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{REVIEW}?action=1&report={second.pk}#opened"
    page = text_of(answer)
    assert "1 report approved." in page
    assert reverse("report", args=[first.pk]) in page
    assert "Hillside County · Stable foreign trade" in page


def test_sent_back_without_a_reason_the_page_says_so_beside_the_box(cast: Cast, reviewer: Client) -> None:
    report = bring_to(cast, S.SUBMITTED)
    answer = reviewer.post(
        f"{reverse('send_back_report', args=[report.pk])}?from=review&campaign=hundred-days&period=2022-08",
        {"version": report.version, "reason": "  "},
    )
    page = text_of(answer)
    assert answer.status_code == 400
    assert 'id="id_reason_error"' in page
    assert 'aria-invalid="true"' in page
    assert "Give the reason: the unit sees exactly these words." in page
    assert "To review" in page
    assert cast.report().status == S.SUBMITTED


def test_what_was_typed_is_kept_when_somebody_was_quicker(cast: Cast, reviewer: Client) -> None:
    report = bring_to(cast, S.SUBMITTED)
    approve_report(report_id=report.pk, actor=cast.second_reviewer, now=cast.now)
    answer = reviewer.post(
        reverse("send_back_report", args=[report.pk]),
        {"version": report.version, "reason": "Count only <arrived> capital."},
    )
    page = text_of(answer)
    assert answer.status_code == 409
    assert "This report changed after you opened it." in page
    assert "Count only &lt;arrived&gt; capital." in page
    assert f'name="version" value="{report.version + 1}"' in page  # a second try decides on what is shown now


def test_a_ready_reason_is_only_put_into_the_box(cast: Cast, reviewer: Client) -> None:
    report = bring_to(cast, S.SUBMITTED)
    answer = reviewer.post(
        f"{reverse('send_back_report', args=[report.pk])}?from=review",
        {"version": report.version, "reason": "See page 2.", "ready": "proof"},
    )
    assert answer.status_code == 200
    assert "See page 2.\nAttach the proof of this figure." in answer.content.decode()
    assert cast.report().status == S.SUBMITTED


def test_after_publication_nothing_waits(cast: Cast, reviewer: Client) -> None:
    bring_to(cast, S.SUBMITTED)
    publish(cast)
    assert "Nothing to review" in text_of(reviewer.get(f"{REVIEW}?period=2022-08"))


def test_keys_are_announced_only_where_they_work(cast: Cast, reviewer: Client) -> None:
    bring_to(cast, S.SUBMITTED)
    assert "A approve · B send back · ↓ next" in text_of(reviewer.get(REVIEW))
    cast.reviewer.has_shortcuts = False
    cast.reviewer.save()
    page = text_of(reviewer.get(REVIEW))
    assert "A approve · B send back" not in page
    assert 'data-shortcuts="off"' in page


def test_a_step_is_shown_in_usual_steps() -> None:
    from campaigns.domain.checks import Finding
    from campaigns.queries.findings import History
    from campaigns.queries.queue import oddity_of

    finding = Finding("warning", "unusual_step", {"step": Decimal("-76.40"), "usual": Decimal("18.20")})
    assert oddity_of(finding, None, "", History([], {})).times == Decimal("4.2")  # type: ignore[arg-type]
