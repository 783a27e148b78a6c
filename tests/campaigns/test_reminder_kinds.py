"""Openings, reports that lie about, warnings and follow-ups: who hears of them on which day, and who next."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from campaigns.domain.workflow import ReportStatus
from campaigns.models import EarlyWarning, Period, Report
from campaigns.operations.chase import chase_reports
from campaigns.operations.follow_ups import accept_follow_up
from campaigns.operations.periods import advance_periods
from campaigns.operations.reminders import plan_reminders
from campaigns.operations.reports import save_report
from tests.builders import bring_to
from tests.campaigns.test_reminders import days, plan, told
from tests.cast import Cast, at
from tests.followed import bring_follow_up_to
from tests.warned import bring_warning_to, warned
from units.models import Membership, Message, Role
from units.queries.messages import words_of


def sep(day: int) -> date:
    return date(2022, 9, day)


# --- a period has opened ----------------------------------------------------------------------------------------------


def test_reporters_hear_that_a_period_has_opened_and_when_it_is_due(cast: Cast) -> None:
    plan(at(9, 23, 23, 59))
    assert told("period_opened") == []
    plan(at(9, 24, 0, 1))
    plan(at(9, 26))
    (message,) = told("period_opened", cast.reporter)
    assert (message.day, message.subject) == (sep(24), "period:hundred-days/2022-09")
    assert message.url == "/reports/hundred-days/2022-09/town/"
    words = words_of(message)
    assert words.title == "Reports for September 2022 can be filed"
    assert words.body == "Hundred Days: 2 reports, due on Saturday 8 October, 18:00."
    assert told("period_opened", cast.head) == []


def test_who_has_slept_past_the_opening_hears_only_that_reports_are_due(cast: Cast) -> None:
    plan(at(10, 2))
    assert told("period_opened") == []
    assert days("report_due_soon", cast.reporter)[-1] == date(2022, 10, 1)


# --- reports that came back and lie -----------------------------------------------------------------------------------


def test_a_report_that_nobody_touched_for_two_days_is_told_once_more(cast: Cast) -> None:
    bring_to(cast, ReportStatus.RETURNED, now=at(9, 2))
    plan(at(9, 3, 23, 59))
    assert told("report_untouched") == []
    plan(at(9, 4, 0, 1))
    plan(at(9, 5))
    (message,) = told("report_untouched")
    assert (message.recipient, message.day) == (cast.reporter, sep(4))
    assert "nobody has worked on it since" in words_of(message).body
    assert "Please check the exports." in words_of(message).body


def test_who_works_on_what_came_back_is_left_in_peace(cast: Cast) -> None:
    report = bring_to(cast, ReportStatus.RETURNED, now=at(9, 2))
    save_report(
        report_id=report.pk,
        actor=cast.reporter,
        now=at(9, 3),
        version=report.version,
        figures={},
        narrative={"progress": "Looking into it."},
    )
    plan(at(9, 5))
    assert told("report_untouched") == []


def test_what_the_reminder_of_today_asks_for_is_not_chased_again(cast: Cast) -> None:
    bring_to(cast, ReportStatus.RETURNED, now=at(9, 1))
    plan(at(9, 3))
    assert days("report_untouched", cast.reporter) == [sep(3)]
    answer = chase_reports(period=cast.august, actor=cast.office, now=at(9, 3, 10), unit=cast.town, number=1)
    assert answer.people == 0
    assert answer.asked_before == [cast.reporter]
    Message.objects.filter(kind="report_untouched").delete()
    assert chase_reports(period=cast.august, actor=cast.office, now=at(9, 3, 10), unit=cast.town, number=1).people == 1


def test_what_was_opened_today_is_not_chased(cast: Cast) -> None:
    plan(at(9, 24))
    september = Period.objects.select_related("campaign").get(pk=cast.september.pk)
    answer = chase_reports(period=september, actor=cast.office, now=at(9, 24, 10), unit=cast.town)
    assert (answer.people, answer.asked_before) == (0, [cast.reporter])


# --- reviewers --------------------------------------------------------------------------------------------------------


def test_a_queue_that_is_too_old_goes_to_the_head_and_then_to_the_office(cast: Cast) -> None:
    bring_to(cast, ReportStatus.SUBMITTED, now=at(8, 27))
    for day in range(1, 6):
        plan(at(9, day))
    assert days("report_waiting_review", cast.reviewer) == [date(2022, 8, 31)]
    assert days("report_waiting_review_head", cast.lead_head) == [sep(2)]
    assert days("report_waiting_review_office", cast.office) == [sep(4)]
    (to_office,) = told("report_waiting_review_office")
    assert to_office.url == "/reports/?campaign=hundred-days&period=2022-08&status=submitted"
    assert words_of(to_office).body.endswith("Trade Bureau")


def test_a_leads_own_report_climbs_no_further_than_the_office(cast: Cast) -> None:
    bring_to(cast, ReportStatus.SUBMITTED, unit=cast.lead, now=at(8, 27))
    plan(at(9, 5))
    assert told("report_waiting_review", cast.office) != []
    assert told("report_waiting_review_head") == told("report_waiting_review_office") == []


# --- warnings ---------------------------------------------------------------------------------------------------------


def test_an_unanswered_warning_climbs_from_the_unit_to_the_lead_and_the_office(cast: Cast) -> None:
    warned(cast, now=at(9, 5))
    for day in range(5, 17):
        plan(at(9, day))
    for person in (cast.reporter, cast.head):
        assert days("warning_to_answer", person) == [sep(8), sep(14)]
    assert days("warning_unanswered", cast.reviewer) == days("warning_unanswered", cast.second_reviewer) == [sep(13)]
    assert days("warning_unanswered_office", cast.office) == [sep(15)]
    (message,) = told("warning_unanswered_office")
    words = words_of(message)
    assert words.title == "1 early warning is unanswered"
    assert words.body.startswith("Riverside Town · Project bridge: ")
    assert words.body.endswith("The oldest waits since Monday 5 September.")
    with translation.override("zh-hans"):
        assert "河畔市" in words_of(message).body


def test_a_warning_that_was_answered_is_asked_for_no_more(cast: Cast) -> None:
    warned(cast, now=at(9, 5))
    for warning in EarlyWarning.objects.all():
        bring_warning_to(cast, warning, "explained", now=at(9, 6))
    plan(at(9, 15))
    assert told("warning_to_answer") == told("warning_unanswered") == told("warning_unanswered_office") == []


def test_a_red_one_is_asked_for_until_it_has_measures(cast: Cast) -> None:
    red = warned(cast, "explained", level="red", now=at(9, 5))
    plan(at(9, 8))
    assert any(one.params["red"] == 1 for one in told("warning_to_answer", cast.head))
    assert "written measure" in words_of(told("warning_to_answer", cast.head)[0]).body
    bring_warning_to(cast, red, "measures", now=at(9, 8))
    plan(at(9, 14))
    assert all(one.params["red"] == 0 for one in told("warning_to_answer", cast.head)[1:])


def test_a_reviewer_of_the_own_unit_is_not_told_of_its_warning(cast: Cast) -> None:
    warned(cast, now=at(9, 5))
    Membership.objects.create(user=cast.reviewer, unit=cast.town, role=Role.REPORTER)
    plan(at(9, 13))
    assert told("warning_unanswered", cast.reviewer) == []
    assert told("warning_unanswered", cast.second_reviewer) != []


def test_nobody_is_asked_once_all_of_the_campaign_is_published(cast: Cast) -> None:
    warned(cast, now=at(9, 5))
    Period.objects.update(
        state=Period.State.PUBLISHED, closed_at=at(9, 6), published_at=at(9, 6), published_by=cast.office
    )
    plan_reminders(now=at(9, 15))
    assert told("warning_to_answer") == told("warning_unanswered_office") == []


# --- follow-ups -------------------------------------------------------------------------------------------------------


def test_a_follow_up_is_near_three_days_before_then_overdue_and_told_to_the_office(cast: Cast) -> None:
    follow_up = bring_follow_up_to(cast, "accepted", due_on=sep(8))
    for day in range(4, 20):
        plan(at(9, day))
    for person in (cast.reporter, cast.head):
        assert days("follow_up_due_soon", person) == [sep(5)]
        assert days("follow_up_overdue", person) == [sep(9), sep(15)]
    assert days("follow_up_overdue_office", cast.office) == [sep(16)]
    (to_office,) = told("follow_up_overdue_office")
    assert follow_up.number in words_of(to_office).body
    assert "Riverside Town, due on 8 September" in words_of(to_office).body
    assert told("follow_up_overdue", cast.outsider) == []


@pytest.mark.parametrize("state", ["registered", "feedback", "closed"])
def test_what_does_not_lie_with_the_unit_is_not_asked_for(cast: Cast, state: str) -> None:
    bring_follow_up_to(cast, state, due_on=sep(5))
    plan(at(9, 13))
    assert not Message.objects.filter(
        kind__in=["follow_up_due_soon", "follow_up_overdue", "follow_up_overdue_office", "follow_up_to_accept"]
    ).exists()


def test_a_follow_up_that_nobody_accepts_is_told_to_the_unit_and_then_to_the_office(cast: Cast) -> None:
    follow_up = bring_follow_up_to(cast, "assigned")
    for day in range(5, 14):
        plan(at(9, day))
    assert days("follow_up_to_accept", cast.head) == [sep(7)]
    assert days("follow_up_unaccepted_office", cast.office) == [sep(9)]
    accept_follow_up(follow_up_id=follow_up.pk, actor=cast.head, now=at(9, 13))
    plan(at(9, 20))
    assert days("follow_up_to_accept", cast.head) == [sep(7)]


# --- once -------------------------------------------------------------------------------------------------------------


def test_all_kinds_are_told_once_whatever_the_clock_does(cast: Cast) -> None:
    bring_to(cast, ReportStatus.RETURNED, now=at(9, 2))
    bring_to(cast, ReportStatus.SUBMITTED, unit=cast.neighbour, now=at(8, 27))
    warned(cast, now=at(9, 3))
    bring_follow_up_to(cast, "assigned", due_on=sep(6))
    advance_periods(now=at(9, 13))
    assert plan_reminders(now=at(9, 13)) > 0
    before = Message.objects.count()
    for day in (12, 10, 8, 13):
        assert plan_reminders(now=at(9, day)) == 0
    assert Message.objects.count() == before
    assert Report.objects.exists()
