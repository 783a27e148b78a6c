"""Periods are made, opened, closed and published; deadlines follow the calendar; the business clock moves forward."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from campaigns.models import Assignment, BusinessClock, CalendarDay, Period, Report
from campaigns.operations.clock import move_clock
from campaigns.operations.periods import (
    advance_periods,
    close_period,
    make_expected_reports,
    make_periods,
    publish_period,
    set_calendar_day,
    set_deadlines,
)
from campaigns.queries.clock import business_now
from campaigns.refusals import Invalid, WrongState
from tests.builders import close, publish, real_time
from tests.cast import NOW, Cast, at
from units.models import Change

State = Period.State
NOT_THE_OFFICE = ["reporter", "head", "outsider", "reviewer", "lead_head", "leader", "administrator", "stranger"]


# --- made -----------------------------------------------------------------------------------------------------------


def test_periods_are_clipped_to_the_campaign_and_due_by_the_chinese_calendar(cast: Cast) -> None:
    found = [
        (
            one.month,
            one.starts_on.day,
            one.ends_on.day,
            timezone.localtime(one.due_at),
            timezone.localtime(one.closes_at),
        )
        for one in Period.objects.order_by("month")
    ]
    assert found == [
        ("2022-07", 12, 31, at(8, 5, 18), at(8, 12, 18)),
        ("2022-08", 1, 31, at(9, 5, 18), at(9, 13, 18)),  # the 12th is the Mid-Autumn holiday
        ("2022-09", 1, 30, at(10, 8, 18), at(10, 13, 18)),  # the 8th is a Saturday that is worked
        ("2022-10", 1, 19, at(11, 7, 18), at(11, 14, 18)),
    ]


def test_periods_are_made_once(cast: Cast) -> None:
    changes = Change.objects.count()
    assert make_periods(campaign=cast.campaign, actor=None) == []
    assert (Period.objects.count(), Change.objects.count()) == (4, changes)


# --- opened and closed by the clock ---------------------------------------------------------------------------------


def test_the_clock_opens_and_closes(cast: Cast) -> None:
    states = dict(Period.objects.values_list("month", "state"))
    assert states == {"2022-07": "closed", "2022-08": "open", "2022-09": "upcoming", "2022-10": "upcoming"}


def test_an_open_period_has_a_draft_for_each_expected_report(cast: Cast) -> None:
    drafts = Report.objects.filter(period=cast.august, status="draft")
    assert set(drafts.values_list("unit__code", "action__number")) == {
        ("town", 1),
        ("town", 2),
        ("neighbour", 1),
        ("neighbour", 2),
        ("lead", 1),
    }
    assert not Report.objects.filter(period=cast.september).exists()


def test_advancing_again_changes_nothing(cast: Cast) -> None:
    before = list(Period.objects.order_by("pk").values())
    counts = (Report.objects.count(), Change.objects.count())
    assert advance_periods(now=cast.now) == []
    assert list(Period.objects.order_by("pk").values()) == before
    assert (Report.objects.count(), Change.objects.count()) == counts


def test_a_period_closes_at_its_instant_not_before(cast: Cast) -> None:
    assert advance_periods(now=at(9, 13, 17, 59)) == []
    moved = advance_periods(now=at(9, 13, 18))
    assert [(one.month, one.state, one.closed_at) for one in moved] == [("2022-08", State.CLOSED, at(9, 13, 18))]


def test_a_clock_that_leaps_opens_and_closes_what_it_passed(cast: Cast) -> None:
    advance_periods(now=at(12, 1))
    assert set(Period.objects.values_list("state", flat=True)) == {State.CLOSED}
    assert Report.objects.filter(period=cast.october).count() == 5
    cast.september.refresh_from_db()
    assert cast.september.closed_at == at(10, 13, 18)  # when it closed, not when it was noticed


def test_an_assignment_made_while_the_period_is_open_gets_its_draft(cast: Cast) -> None:
    Assignment.objects.create(action=cast.transport, unit=cast.lead)
    advance_periods(now=cast.now)
    assert Report.objects.filter(period=cast.august, unit=cast.lead, action=cast.transport).exists()


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_expected"),
    [
        (None, None, True),
        (date(2022, 8, 31), None, True),
        (date(2022, 9, 1), None, False),
        (None, date(2022, 8, 31), True),
        (None, date(2022, 8, 30), False),
    ],
)
def test_a_report_is_expected_where_the_assignment_covers_the_last_day(
    cast: Cast, starts_on: date | None, ends_on: date | None, is_expected: bool
) -> None:
    Assignment.objects.create(action=cast.transport, unit=cast.lead, starts_on=starts_on, ends_on=ends_on)
    assert make_expected_reports(period=cast.august, now=cast.now) == int(is_expected)


def test_an_inactive_unit_is_not_expected(cast: Cast) -> None:
    cast.lead.is_active = False
    cast.lead.save()
    Assignment.objects.create(action=cast.transport, unit=cast.lead)
    assert make_expected_reports(period=cast.august, now=cast.now) == 0


# --- closed early, published ----------------------------------------------------------------------------------------


def test_the_office_closes_early(cast: Cast) -> None:
    period = close_period(period=cast.august, actor=cast.office, now=cast.now)
    assert (period.state, period.closed_at, period.version) == (State.CLOSED, cast.now, cast.august.version + 1)
    change = Change.objects.first()
    assert change is not None
    assert (change.verb, change.actor) == ("close_period", cast.office)


@pytest.mark.parametrize("month", ["july", "september"])
def test_only_an_open_period_is_closed(cast: Cast, month: str) -> None:
    with pytest.raises(WrongState):
        close_period(period=getattr(cast, month), actor=cast.office, now=cast.now)


def test_the_office_publishes_a_closed_period(cast: Cast) -> None:
    period = publish_period(period=cast.july, actor=cast.office, now=cast.now)
    assert (period.state, period.published_at, period.published_by) == (State.PUBLISHED, cast.now, cast.office)
    item = Change.objects.get(verb="publish_period").items.get()
    assert (item.before, item.after) == ({"state": "closed"}, {"state": "published"})


@pytest.mark.parametrize("month", ["august", "september"])
def test_only_a_closed_period_is_published(cast: Cast, month: str) -> None:
    with pytest.raises(WrongState):
        publish_period(period=getattr(cast, month), actor=cast.office, now=cast.now)


def test_a_period_is_published_once(cast: Cast) -> None:
    publish(cast, cast.july)
    with pytest.raises(WrongState):
        publish_period(period=cast.july, actor=cast.office, now=cast.now)
    assert Change.objects.filter(verb="publish_period").count() == 1


@pytest.mark.parametrize("name", NOT_THE_OFFICE)
def test_nobody_but_the_office_runs_periods(cast: Cast, name: str) -> None:
    person = getattr(cast, name)
    with pytest.raises(PermissionDenied):
        close_period(period=cast.august, actor=person, now=cast.now)
    with pytest.raises(PermissionDenied):
        publish_period(period=cast.july, actor=person, now=cast.now)
    with pytest.raises(PermissionDenied):
        set_calendar_day(on=date(2022, 9, 5), is_working=False, note="", actor=person, now=cast.now)
    assert set(Period.objects.values_list("state", flat=True)) == {"closed", "open", "upcoming"}
    assert not CalendarDay.objects.exists()


# --- deadlines ------------------------------------------------------------------------------------------------------


def test_a_day_declared_off_moves_the_deadlines_that_fall_on_it(cast: Cast) -> None:
    moved = set_calendar_day(on=date(2022, 9, 5), is_working=False, note="Typhoon", actor=cast.office, now=cast.now)
    assert [one.month for one in moved] == ["2022-08"]
    cast.august.refresh_from_db()
    assert (cast.august.due_at, cast.august.closes_at) == (at(9, 6, 18), at(9, 14, 18))
    verbs = list(Change.objects.order_by("pk").values_list("verb", flat=True))[-2:]
    assert verbs == ["set_calendar_day", "set_deadlines"]


def test_a_cleared_day_is_the_chinese_calendars_again(cast: Cast) -> None:
    before = cast.august.due_at
    set_calendar_day(on=date(2022, 9, 5), is_working=False, note="", actor=cast.office, now=cast.now)
    set_calendar_day(on=date(2022, 9, 5), is_working=None, note="", actor=cast.office, now=cast.now)
    cast.august.refresh_from_db()
    assert cast.august.due_at == before
    assert not CalendarDay.objects.exists()
    assert set_calendar_day(on=date(2022, 9, 5), is_working=None, note="", actor=cast.office, now=cast.now) == []


def test_closed_periods_keep_their_instants(cast: Cast) -> None:
    close(cast)
    set_calendar_day(on=date(2022, 9, 5), is_working=False, note="", actor=cast.office, now=cast.now)
    set_calendar_day(on=date(2022, 8, 5), is_working=False, note="", actor=cast.office, now=cast.now)
    cast.july.refresh_from_db()
    cast.august.refresh_from_db()
    assert (cast.july.due_at, cast.august.due_at) == (at(8, 5, 18), at(9, 5, 18))


def test_another_due_rule_moves_what_is_not_closed(cast: Cast) -> None:
    cast.campaign.due_day = 10
    cast.campaign.save()
    assert [one.month for one in set_deadlines(actor=None, campaign=cast.campaign)] == ["2022-08", "2022-09", "2022-10"]
    cast.august.refresh_from_db()
    assert cast.august.due_at == at(9, 13, 18)  # the 10th is a Saturday, the 12th a holiday


# --- the clock ------------------------------------------------------------------------------------------------------


def test_the_administrator_moves_the_clock_forward_and_it_ticks_on(cast: Cast) -> None:
    move_clock(to=at(9, 13, 18), actor=cast.administrator, now=cast.now)
    assert timedelta(0) <= business_now() - at(9, 13, 18) < timedelta(minutes=1)
    assert Change.objects.filter(verb="move_clock", actor=cast.administrator).count() == 1


@pytest.mark.parametrize("name", ["reporter", "head", "reviewer", "office", "leader", "stranger"])
def test_nobody_else_moves_the_clock(cast: Cast, name: str) -> None:
    with pytest.raises(PermissionDenied):
        move_clock(to=at(9, 13), actor=getattr(cast, name), now=cast.now)


@pytest.mark.parametrize("to", [NOW, NOW - timedelta(days=1), NOW + timedelta(days=800), NOW.replace(year=2199)])
def test_the_clock_neither_stands_nor_goes_back_nor_leaps_for_years(cast: Cast, to: object) -> None:
    stood = BusinessClock.objects.get()
    with pytest.raises(Invalid) as refusal:
        move_clock(to=to, actor=cast.administrator, now=cast.now)  # type: ignore[arg-type]
    assert refusal.value.field == "to"
    assert BusinessClock.objects.get().stands_at == stood.stands_at


def test_real_time_cannot_be_moved(cast: Cast) -> None:
    real_time()
    with pytest.raises(Invalid):
        move_clock(to=timezone.now() + timedelta(days=1), actor=cast.administrator, now=timezone.now())
