"""My work: by role, what is due, what came back and why, what waits for whom."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.domain.workflow import ReportStatus
from campaigns.models import Action, Assignment, Indicator, Target
from campaigns.operations.periods import make_expected_reports
from campaigns.operations.project_updates import UpdateWords, save_project_update
from campaigns.operations.reports import reopen_report, send_back_report
from tests.builders import bring_to
from tests.cast import Cast, at, client_of
from tests.warned import project_of
from units.models import User


def page_of(person: User) -> str:
    answer = client_of(person).get(reverse("my_work"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_reporter_sees_days_left_and_what_is_to_fill(cast: Cast) -> None:
    page = page_of(cast.reporter)
    assert "2 days" in page
    assert "Fill the August report" in page
    assert "0 of 2 figures" in page


def test_what_came_back_is_shown_word_for_word_with_who_sent_it(cast: Cast) -> None:
    report = bring_to(cast, ReportStatus.SUBMITTED)
    send_back_report(report_id=report.pk, actor=cast.reviewer, now=cast.now, reason="Exports look like all of July.")
    page = page_of(cast.reporter)
    assert "Exports look like all of July." in page
    assert cast.reviewer.name in page


def test_an_earlier_month_that_was_reopened_is_on_the_page(cast: Cast) -> None:
    reopen_report(
        unit=cast.town, action=cast.trade, period=cast.july, actor=cast.office, now=cast.now, reason="Late figures.",
        until=at(9, 6),
    )  # fmt: skip
    assert "Late figures." in page_of(cast.reporter)


def test_the_head_signs_the_chosen_ones_at_once(cast: Cast) -> None:
    report = bring_to(cast, ReportStatus.TO_SIGN)
    other = bring_to(cast, ReportStatus.TO_SIGN, action=cast.transport)
    assert "Waits for your signature" in page_of(cast.head)
    url = reverse("sign_reports")
    client_of(cast.head).post(url, {"report": [f"{report.pk}:{report.version}", f"{other.pk}:1", "x", "9:9:9"]})
    report.refresh_from_db()
    other.refresh_from_db()
    assert report.status == ReportStatus.SUBMITTED
    assert other.status == ReportStatus.TO_SIGN  # its version was stale


def test_a_reporter_cannot_sign_from_here(cast: Cast) -> None:
    report = bring_to(cast, ReportStatus.TO_SIGN)
    client_of(cast.reporter).post(reverse("sign_reports"), {"report": f"{report.pk}:{report.version}"})
    report.refresh_from_db()
    assert report.status == ReportStatus.TO_SIGN


def test_a_reviewer_sees_the_queue_oldest_first_and_nobody_elses(cast: Cast) -> None:
    bring_to(cast, ReportStatus.SUBMITTED, unit=cast.neighbour, now=at(9, 1))
    bring_to(cast, ReportStatus.SUBMITTED, now=at(9, 2))
    page = page_of(cast.reviewer)
    assert page.index("Hillside County") < page.index("Riverside Town")
    assert "Riverside Town" not in page_of(cast.other_reviewer)


def test_office_leader_administrator_and_a_stranger_have_a_page_too(cast_with_july: Cast) -> None:
    assert "Reports for August 2022" in page_of(cast_with_july.office)
    assert "Standings, July" in page_of(cast_with_july.leader)
    page_of(cast_with_july.administrator)
    assert "Nothing waits for you" in page_of(cast_with_july.stranger)


def test_at_most_thirteen_queries_whatever_the_number_of_reports(cast_with_july: Cast) -> None:
    cast = cast_with_july
    few = _queries(cast.reporter)
    for number in range(3, 6):
        action = Action.objects.create(
            campaign=cast.campaign, number=number, name_en="More", name_zh="更多", lead=cast.lead
        )
        indicator = Indicator.objects.create(
            action=action, code=f"m{number}", name_en="More", name_zh="更多", measure_en="km", measure_zh="公里"
        )
        Assignment.objects.create(action=action, unit=cast.town)
        Target.objects.create(indicator=indicator, unit=cast.town, baseline=0, target=10)
    make_expected_reports(period=cast.august, now=cast.now)
    assert few == _queries(cast.reporter) <= 12


def _queries(person: User) -> int:
    client = client_of(person)
    client.get(reverse("my_work"))
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("my_work"))
    return len(captured)


def test_projects_without_an_update_for_the_open_period_wait_for_the_reporter(cast: Cast) -> None:
    project = project_of(cast)
    address = reverse("project_update", args=[project.code, "2022-08"])
    assert address in client_of(cast.reporter).get(reverse("my_work")).content.decode()
    assert address not in client_of(cast.outsider).get(reverse("my_work")).content.decode()
    save_project_update(
        project_id=project.pk,
        period_id=cast.august.pk,
        actor=cast.reporter,
        now=cast.now,
        words=UpdateWords(next_step="Piers."),
    )
    assert address not in client_of(cast.reporter).get(reverse("my_work")).content.decode()
