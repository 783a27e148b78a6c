"""Everyone is told once, on the right day, whatever the runs of the planner and the jumps of the clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from campaigns.domain.workflow import ReportStatus
from campaigns.models import AgendaItem, Assignment, Meeting, MeetingKind, Report
from campaigns.operations.meeting_papers import hand_in_paper
from campaigns.operations.meetings import cancel_meeting
from campaigns.operations.periods import advance_periods, make_expected_reports
from campaigns.operations.reminders import plan_reminders, tell_returned
from campaigns.operations.reports import recall_report, send_back_report
from campaigns.queries.reminders import reminders_due
from tests.arranged import called, put_on, step
from tests.builders import bring_all_to, bring_to, publish
from tests.cast import Cast, assemble, at
from tests.followed import bring_follow_up_to
from tests.warned import warned
from units.models import Delivery, DigestLine, Membership, Message, Role, Unit, User
from units.queries.messages import words_of

DAY = date(2022, 9, 2)


def plan(now: datetime) -> int:
    advance_periods(now=now)
    return plan_reminders(now=now)


def told(kind: str, person: User | None = None) -> list[Message]:
    rows = Message.objects.filter(kind=kind).order_by("pk")
    return list(rows.filter(recipient=person) if person else rows)


def days(kind: str, person: User) -> list[date]:
    return [one.day for one in told(kind, person)]


# --- due soon -------------------------------------------------------------------------------------------------------


def test_reporters_hear_seven_three_and_one_day_before_the_reports_are_due(cast: Cast) -> None:
    for day in range(1, 6):
        plan(at(9, day))
    assert days("report_due_soon", cast.reporter) == [date(2022, 8, 29), DAY, date(2022, 9, 4)]


def test_the_reminder_of_a_day_goes_to_all_who_have_not_filed(cast: Cast) -> None:
    plan(at(9, 2, 0, 1))
    assert {one.recipient for one in told("report_due_soon")} == {cast.reporter, cast.outsider, cast.lead_reporter}
    (message,) = told("report_due_soon", cast.reporter)
    assert (message.day, message.subject) == (DAY, "period:hundred-days/2022-08")
    assert message.params["count"] == 2
    assert message.url == "/reports/hundred-days/2022-08/town/"


def test_a_reminder_is_sent_once_however_often_it_is_planned(cast: Cast) -> None:
    assert plan(at(9, 2)) > 0
    assert plan(at(9, 2)) == 0
    assert plan(at(9, 3)) == 0
    assert days("report_due_soon", cast.reporter) == [DAY]
    assert plan(at(9, 4)) > 0
    assert plan(at(9, 5, 17)) == 0


def test_a_missed_day_is_made_up_while_there_is_time(cast: Cast) -> None:
    plan(at(9, 5, 17, 59))
    assert days("report_due_soon", cast.reporter) == [date(2022, 9, 4)]


def test_after_the_due_instant_nothing_is_due_soon(cast: Cast) -> None:
    plan(at(9, 5, 18, 0))
    assert told("report_due_soon") == []


def test_who_has_filed_is_left_in_peace(cast: Cast) -> None:
    bring_to(cast, ReportStatus.SUBMITTED, now=at(9, 1))
    bring_to(cast, ReportStatus.APPROVED, action=cast.transport, now=at(9, 1))
    plan(at(9, 2))
    assert told("report_due_soon", cast.reporter) == []
    assert told("report_due_soon", cast.outsider) != []


def test_a_recalled_report_is_to_be_filed_again(cast: Cast) -> None:
    bring_all_to(cast, ReportStatus.SUBMITTED)
    recall_report(report_id=cast.report().pk, actor=cast.reporter, now=at(9, 3))
    plan(at(9, 3))
    assert [one.params["count"] for one in told("report_due_soon")] == [1]


def test_a_unit_that_no_longer_has_to_report_is_not_reminded(cast: Cast) -> None:
    Assignment.objects.filter(unit=cast.town).update(ends_on=date(2022, 8, 30))
    plan(at(9, 2))
    assert told("report_due_soon", cast.reporter) == []


def test_a_person_of_two_units_gets_one_message_that_names_both(cast: Cast) -> None:
    Membership.objects.create(user=cast.reporter, unit=cast.neighbour, role=Role.REPORTER)
    plan(at(9, 2))
    (message,) = told("report_due_soon", cast.reporter)
    assert message.params["count"] == 4
    assert message.url == "/"
    assert "Hillside County: 2" in words_of(message).body
    with translation.override("zh-hans"):
        assert "山坡县" in words_of(message).body


# --- who ------------------------------------------------------------------------------------------------------------


def test_a_stand_in_hears_while_standing_in_and_not_before_or_after(cast: Cast) -> None:
    def stand_in(starts_on: date, ends_on: date) -> User:
        person = User.objects.create(username=f"stand-in-{starts_on}", email="")
        Membership.objects.create(
            user=person,
            unit=cast.town,
            role=Role.REPORTER,
            starts_on=starts_on,
            ends_on=ends_on,
            stands_in_for=cast.reporter,
        )
        return person

    now, before, after = (
        stand_in(DAY, DAY),
        stand_in(DAY - timedelta(days=9), DAY - timedelta(days=1)),
        stand_in(DAY + timedelta(days=1), DAY + timedelta(days=9)),
    )
    plan(at(9, 2))
    assert told("report_due_soon", now) != []
    assert told("report_due_soon", before) == told("report_due_soon", after) == []


def test_a_deactivated_person_hears_nothing(cast: Cast) -> None:
    User.objects.filter(pk=cast.reporter.pk).update(is_active=False)
    plan(at(9, 2))
    assert told("report_due_soon", cast.reporter) == []


# --- overdue --------------------------------------------------------------------------------------------------------


def test_the_reminders_of_an_overdue_report_climb_by_working_days(cast: Cast) -> None:
    for day in range(5, 15):
        for hour in (9, 20):
            plan(at(9, day, hour))
    assert days("report_overdue", cast.reporter) == [date(2022, 9, 6), date(2022, 9, 9)]
    assert days("report_overdue_head", cast.head) == [date(2022, 9, 8)]
    assert days("report_overdue_office", cast.office) == [date(2022, 9, 13)]
    (to_office,) = told("report_overdue_office")
    assert (to_office.params["count"], to_office.params["unit_count"]) == (5, 3)
    assert to_office.url == "/reports/?campaign=hundred-days&period=2022-08"


def test_a_planner_that_slept_for_days_sends_only_the_newest_stage(cast: Cast) -> None:
    plan(at(8, 31))
    plan(at(9, 13, 9))
    assert days("report_overdue", cast.reporter) == [date(2022, 9, 9)]
    assert days("report_due_soon", cast.reporter) == [date(2022, 8, 29)]


def test_a_clock_that_goes_backwards_sends_nothing(cast: Cast) -> None:
    plan(at(9, 9))
    sent = Message.objects.count()
    for day in (8, 6, 9):
        assert plan_reminders(now=at(9, day)) == 0
    assert Message.objects.count() == sent


def test_overdue_ends_when_the_period_closes(cast: Cast) -> None:
    plan(at(9, 13, 18, 0))
    assert [one.kind for one in Message.objects.all() if one.kind.startswith("report_overdue")] == []


def test_a_report_that_came_back_is_not_overdue_while_it_has_time_to_come_again(cast: Cast) -> None:
    bring_all_to(cast, ReportStatus.APPROVED)
    send_back_report(report_id=cast.report().pk, actor=cast.reviewer, now=at(9, 6), reason="Which customs office?")
    plan(at(9, 8))
    assert told("report_overdue", cast.reporter) == []
    plan(at(9, 9))
    assert [one.params["count"] for one in told("report_overdue", cast.reporter)] == [1]


# --- signature and review -------------------------------------------------------------------------------------------


def test_a_head_is_asked_for_what_has_waited_since_yesterday(cast: Cast) -> None:
    bring_to(cast, ReportStatus.TO_SIGN, now=at(9, 2))
    plan(at(9, 2, 20))
    assert told("report_waiting_signature") == []
    plan(at(9, 3))
    (message,) = told("report_waiting_signature")
    assert (message.recipient, message.day, message.params["count"]) == (cast.head, date(2022, 9, 3), 1)


def test_reviewers_hear_of_what_has_waited_for_more_than_three_days(cast: Cast) -> None:
    bring_to(cast, ReportStatus.SUBMITTED, now=at(8, 29))
    bring_to(cast, ReportStatus.SUBMITTED, unit=cast.neighbour, now=at(8, 31))
    plan(at(9, 1, 23, 59))
    assert told("report_waiting_review") == []
    plan(at(9, 2, 0, 1))
    assert {one.recipient for one in told("report_waiting_review")} == {cast.reviewer, cast.second_reviewer}
    plan(at(9, 3))
    (message,) = told("report_waiting_review", cast.reviewer)
    assert (message.day, message.params["count"], message.url) == (DAY, 1, "/review/")
    assert "Riverside Town, Stable foreign trade, filed on 29 August, 09:00" in words_of(message).body
    plan(at(9, 4))
    assert [one.params["count"] for one in told("report_waiting_review", cast.reviewer)] == [1, 2]


def test_a_leads_own_report_waits_for_the_office(cast: Cast) -> None:
    bring_to(cast, ReportStatus.SUBMITTED, unit=cast.lead, now=at(8, 29))
    plan(at(9, 2))
    assert [one.recipient for one in told("report_waiting_review")] == [cast.office]


def test_a_reviewer_is_not_asked_to_judge_the_own_unit(cast: Cast) -> None:
    Membership.objects.create(user=cast.reviewer, unit=cast.town, role=Role.REPORTER)
    bring_to(cast, ReportStatus.SUBMITTED, now=at(8, 29))
    plan(at(9, 2))
    assert [one.recipient for one in told("report_waiting_review")] == [cast.second_reviewer]


def test_nobody_is_asked_to_review_what_is_published(cast: Cast) -> None:
    bring_to(cast, ReportStatus.SUBMITTED, now=at(8, 29))
    publish(cast)
    plan(at(9, 3))
    assert told("report_waiting_review") == []


# --- came back ------------------------------------------------------------------------------------------------------


def test_a_unit_hears_at_once_that_a_report_came_back(cast: Cast) -> None:
    report = bring_to(cast, ReportStatus.RETURNED)
    assert tell_returned(event=report.events.latest("pk")) == 0
    (message,) = told("report_returned")
    assert message.recipient == cast.reporter
    assert message.url == "/reports/hundred-days/2022-08/town/"
    assert words_of(message).body == (
        "Head writes: Please check the exports.\nCorrect it and file it again by Tuesday 6 September, 23:59."
    )


def test_the_planner_tells_what_was_not_told_at_once(cast: Cast) -> None:
    bring_to(cast, ReportStatus.RETURNED)
    Message.objects.all().delete()
    plan(at(9, 3))
    plan(at(9, 4))
    assert [one.recipient for one in told("report_returned")] == [cast.reporter]


def test_each_return_is_told_even_twice_on_one_day(cast: Cast) -> None:
    bring_to(cast, ReportStatus.RETURNED)
    plan(at(9, 3))
    bring_to(cast, ReportStatus.RETURNED)
    plan(at(9, 3))
    assert len(told("report_returned", cast.reporter)) == 2


def test_where_a_unit_has_no_reporter_the_head_hears(cast: Cast) -> None:
    report = bring_to(cast, ReportStatus.SUBMITTED)
    Membership.objects.filter(user=cast.reporter).delete()
    send_back_report(report_id=report.pk, actor=cast.reviewer, now=cast.now, reason="Which customs office?")
    plan(at(9, 3))
    assert [one.recipient for one in told("report_returned")] == [cast.head]


# --- meetings -------------------------------------------------------------------------------------------------------


def announce(cast: Cast, **fields: object) -> Meeting:
    meeting = Meeting.objects.create(
        campaign=cast.campaign,
        name_en="Monthly analysis meeting",
        name_zh="月度分析会",
        held_on=date(2022, 9, 20),
        **fields,
    )
    MeetingKind.objects.create(meeting=meeting, kind=Meeting.Kind.MONTHLY_ANALYSIS)
    AgendaItem.objects.create(
        meeting=meeting,
        order=1,
        kind="locality_report",
        title_en="The town reports",
        title_zh="汇报",
        presenter=cast.town,
    )
    return meeting


def test_a_meeting_is_announced_to_those_who_sit_in_it(cast: Cast) -> None:
    announce(cast, place="Hall 1", starts_at=time(14, 30))
    plan(at(9, 16))
    assert told("meeting_soon") == []
    plan(at(9, 17))
    plan(at(9, 19))
    assert {one.recipient for one in told("meeting_soon")} == {cast.office, cast.leader, cast.head}
    (to_head,) = told("meeting_soon", cast.head)
    words = words_of(to_head)
    assert words.title == "Monthly analysis meeting: Tuesday 20 September, 14:30"
    assert words.body == "Place: Hall 1.\nYour unit presents: The town reports."
    assert "presents" not in words_of(told("meeting_soon", cast.leader)[0]).body


def test_a_meeting_that_has_begun_is_not_announced(cast: Cast) -> None:
    announce(cast, starts_at=time(14, 30))
    plan(at(9, 20, 14, 30))
    assert told("meeting_soon") == []


def test_a_paper_is_asked_for_two_days_before_and_on_the_day_until_it_is_handed_in(cast: Cast) -> None:
    meeting = called(cast)
    of_town = put_on(cast, meeting, "The town reports", cast.town)
    put_on(cast, meeting, "The neighbour reports", cast.neighbour)
    put_on(cast, meeting, "Nobody presents")
    plan(at(9, 19))
    assert told("papers_due") == []
    plan(at(9, 20))
    plan(at(9, 21))
    assert [one.recipient for one in told("papers_due")] == [
        cast.reporter,
        cast.head,
        cast.outsider,
        cast.outsider_head,
    ]
    words = words_of(told("papers_due", cast.head)[0])
    assert words.title == "Papers due Thursday 22 September, 18:00: Monthly analysis"
    assert words.body.startswith("Your unit presents: The town reports.")
    hand_in_paper(item_id=of_town.pk, actor=cast.reporter, now=cast.now)
    plan(at(9, 22))
    plan(at(9, 22, 20))
    assert [len(told("papers_due", one)) for one in (cast.reporter, cast.outsider)] == [1, 2]
    plan(at(9, 23))
    assert len(told("papers_due")) == 6


def test_nobody_is_reminded_of_a_cancelled_meeting(cast: Cast) -> None:
    meeting = called(cast)
    put_on(cast, meeting, "The town reports", cast.town)
    cancel_meeting(**step(cast, meeting), reason="Typhoon")
    plan(at(9, 22))
    plan(at(9, 23))
    assert told("papers_due") == told("meeting_soon") == []


# --- exactly once, and how much it costs ------------------------------------------------------------------------------


def test_each_message_has_one_delivery_where_there_is_an_address(cast: Cast) -> None:
    User.objects.filter(pk=cast.outsider.pk).update(email="")
    plan(at(9, 2))
    plan(at(9, 2))
    told_to = {one.message.recipient for one in Delivery.objects.filter(message__kind="report_due_soon")}
    assert told_to == {cast.reporter, cast.lead_reporter}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_planners_at_the_same_time_send_everything_once() -> None:
    assemble(now=at(9, 6))
    start = Barrier(4)

    def run(_worker: int) -> int:
        try:
            start.wait()
            return plan_reminders(now=at(9, 6))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    keys = list(Message.objects.values_list("kind", "subject", "recipient", "day"))
    assert len(keys) == len(set(keys)) == len(reminders_due(now=at(9, 6))) > 0
    assert sorted(DigestLine.objects.values_list("message", flat=True)) == sorted(
        Message.objects.values_list("pk", flat=True)
    )
    assert Delivery.objects.count() == len({recipient for _kind, _subject, recipient, _day in keys})


def more_units(cast: Cast, number: int) -> None:
    for place in range(number):
        unit = Unit.objects.create(
            code=f"more-{place}", name_en=f"More {place}", name_zh=f"更多{place}", kind=Unit.Kind.COUNTY
        )
        for role in (Role.REPORTER, Role.HEAD):
            user = User.objects.create(username=f"{role}-{place}", email=f"{role}-{place}@example.org")
            Membership.objects.create(user=user, unit=unit, role=role)
        for action in (cast.trade, cast.transport):
            Assignment.objects.create(action=action, unit=unit)
    make_expected_reports(period=cast.august, now=cast.now)


def bring_every_kind(cast: Cast) -> None:
    """One report of each unit waits for a review, so that every query has something to find."""
    Report.objects.filter(period=cast.august, action=cast.trade).exclude(unit=cast.lead).update(
        status=ReportStatus.SUBMITTED, status_since=at(8, 29)
    )
    announce(cast)
    warned(cast, now=at(8, 31))
    bring_follow_up_to(cast, "assigned", due_on=date(2022, 9, 7))
    bring_to(cast, ReportStatus.RETURNED, action=cast.transport)


def test_planning_takes_the_same_number_of_queries_for_one_unit_and_for_many(cast: Cast) -> None:
    Membership.objects.filter(user__in=[cast.outsider, cast.outsider_head]).delete()
    bring_every_kind(cast)
    with CaptureQueriesContext(
        connection,
    ) as few:
        reminders_due(now=at(9, 6))
    more_units(cast, 3)
    bring = Report.objects.filter(period=cast.august, action=cast.trade).exclude(unit=cast.lead)
    bring.update(status=ReportStatus.SUBMITTED, status_since=at(8, 29))
    with CaptureQueriesContext(connection) as many:
        assert len(reminders_due(now=at(9, 6))) > 6
    assert len(many) == len(few)
    with CaptureQueriesContext(connection) as sending:
        plan_reminders(now=at(9, 6))
    assert len(sending) - len(many) <= 14  # the ledger, messages, the hours, deliveries, the digests
