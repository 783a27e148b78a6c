"""Periods and reports in the administration move by the operations alone; what they refuse becomes a message."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import BusinessClock, Measurement, Period, Report, ReportEvent
from tests.admin_forms import page, run, told
from tests.builders import bring_to, close, publish
from tests.cast import NOW, Cast, assemble, client_of
from units.models import Change, Membership, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = assemble(now=NOW)
    User.objects.filter(pk__in=[cast.office.pk, cast.reviewer.pk]).update(is_staff=True)
    return cast


@pytest.fixture
def office(cast: Cast) -> Client:
    return client_of(cast.office)


@pytest.fixture
def administrator(cast: Cast) -> Client:
    return client_of(cast.administrator)


def test_a_period_is_closed_early_by_the_office_after_a_question(office: Client, cast: Cast) -> None:
    asked = run(office, "close", cast.august)
    assert asked.status_code == 200
    assert cast.august.key in asked.content.decode()
    cast.august.refresh_from_db()
    assert cast.august.state == Period.State.OPEN
    assert told(run(office, "close", cast.august, answered="yes")) == ["1 period closed."]
    cast.august.refresh_from_db()
    assert cast.august.state == Period.State.CLOSED
    assert Change.objects.latest("id").actor == cast.office


def test_a_period_is_published_by_the_office(office: Client, cast: Cast) -> None:
    assert told(run(office, "publish", cast.july, answered="yes")) == ["1 period published."]
    cast.july.refresh_from_db()
    assert (cast.july.state, cast.july.published_by) == (Period.State.PUBLISHED, cast.office)


def test_one_refused_period_does_not_hold_up_the_others(office: Client, cast: Cast) -> None:
    answer = run(office, "publish", cast.july, cast.august, answered="yes")
    assert sorted(told(answer)) == [
        "1 period published.",
        f"{cast.august.key}: Only a closed period can be published. Close it first.",
    ]


def test_an_administrator_without_the_office_does_not_publish(administrator: Client, cast: Cast) -> None:
    answer = run(administrator, "publish", cast.july, answered="yes")
    assert answer.status_code == 302
    assert "Only the campaign office may do this." in told(answer)[0]
    cast.july.refresh_from_db()
    assert cast.july.state == Period.State.CLOSED


def test_deadlines_of_the_chosen_periods_campaigns_are_computed_again(office: Client, cast: Cast) -> None:
    assert told(run(office, "compute_deadlines", cast.august, cast.september)) == ["0 periods moved."]


def test_an_administrator_who_is_a_reviewer_too_approves_from_the_list(cast: Cast) -> None:
    report = bring_to(cast, "submitted")
    Membership.objects.create(user=cast.administrator, unit=cast.lead, role=Role.REVIEWER)
    answer = run(client_of(cast.administrator), "approve", report)
    assert told(answer) == ["1 report approved."]
    report.refresh_from_db()
    assert report.status == "approved"
    assert ReportEvent.objects.latest("id").actor == cast.administrator


def test_the_office_does_not_approve_in_the_leads_place(office: Client, cast: Cast) -> None:
    report = bring_to(cast, "submitted")
    answer = run(office, "approve", report)
    assert "not yours" in told(answer)[0]
    report.refresh_from_db()
    assert report.status == "submitted"


def test_a_lead_departments_own_report_goes_back_with_a_reason(office: Client, cast: Cast) -> None:
    report = bring_to(cast, "submitted", unit=cast.lead)
    asked = run(office, "send_back", report)
    assert asked.status_code == 200
    without = run(office, "send_back", report, answered="yes", reason="  ")
    assert without.status_code == 200
    assert "This field is required" in without.content.decode()
    answer = run(office, "send_back", report, answered="yes", reason="The exports are too high.")
    assert told(answer) == ["1 report sent back."]
    event = report.events.latest("id")
    assert (event.to_status, event.reason) == ("returned", "The exports are too high.")


def test_a_report_is_reopened_after_closing_with_a_deadline(office: Client, cast: Cast) -> None:
    report = cast.report(period=cast.july)
    early = run(office, "reopen", report, answered="yes", reason="Flood", until="2022-09-01T18:00")
    assert "lies in the past" in told(early)[0]
    wrong = run(office, "reopen", report, answered="yes", reason="Flood", until="soon")
    assert wrong.status_code == 200
    assert 'value="soon"' in wrong.content.decode()
    answer = run(office, "reopen", report, answered="yes", reason="Flood", until="2022-09-10T18:00")
    assert told(answer)[-1] == "1 report reopened."
    report.refresh_from_db()
    assert report.status == "returned"


def test_a_reopening_in_an_open_period_is_refused(office: Client, cast: Cast) -> None:
    answer = run(office, "reopen", cast.report(), answered="yes", reason="Flood", until="2022-09-10T18:00")
    assert "still open" in told(answer)[0]


def test_a_reviewer_who_is_staff_does_not_reach_the_list(cast: Cast) -> None:
    assert run(client_of(cast.reviewer), "approve", bring_to(cast, "submitted")).status_code == 403


def test_a_leader_who_is_staff_is_offered_no_step(cast: Cast) -> None:
    cast.leader.is_staff = True
    cast.leader.save()
    leader = client_of(cast.leader)
    report = bring_to(cast, "submitted")
    assert 'value="approve"' not in leader.get(page(Report, "changelist")).content.decode()
    run(leader, "approve", report)
    report.refresh_from_db()
    assert report.status == "submitted"


def test_a_figure_is_corrected_on_its_own_page(office: Client, cast: Cast) -> None:
    report = bring_to(cast, "approved")
    publish(cast)
    measurement = report.measurements.first()
    address = reverse("correct_measurement", args=[measurement.pk])
    assert address in office.get(page(Report, "change", report.pk)).content.decode()
    assert address in office.get(page(Measurement, "changelist")).content.decode()


def test_the_history_of_a_report_stands_on_its_page(office: Client, cast: Cast) -> None:
    report = bring_to(cast, "returned")
    content = office.get(page(Report, "change", report.pk)).content.decode()
    assert "Please check the exports." in content
    assert str(cast.head) in content


def test_the_business_clock_leads_to_the_page_that_moves_it(administrator: Client) -> None:
    clock = BusinessClock.objects.get()
    assert reverse("clock") in administrator.get(page(BusinessClock, "change", clock.pk)).content.decode()


def test_roles_hold_by_the_business_clock(cast: Cast) -> None:
    Membership.objects.filter(user=cast.office).update(ends_on="2022-09-10")
    office = client_of(cast.office)
    assert office.get(page(Period, "changelist")).status_code == 200
    Membership.objects.filter(user=cast.office).update(ends_on="2022-09-01")
    assert office.get(page(Period, "changelist")).status_code == 403


def test_approved_reports_are_counted_beside_each_period(office: Client, cast: Cast) -> None:
    bring_to(cast, "approved")
    close(cast)
    content = office.get(page(Period, "changelist")).content.decode()
    assert "1/5" in content
