"""Filed, on time and overdue, from histories of August 2022 (due Monday 5 September, 18:00)."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.filing import Filing, StatusChange, filing, is_overdue
from campaigns.domain.working_days import WorkingCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2022-{text}").replace(tzinfo=SHANGHAI)


DUE_AT = at("09-05 18:00")


def history(*steps: tuple[str, str]) -> list[StatusChange]:
    """Transitions from (instant, status reached), starting at a draft."""
    statuses = ["draft", *(status for _, status in steps)]
    return [StatusChange(at(when), before, after) for (when, after), before in zip(steps, statuses, strict=False)]


def stand(*steps: tuple[str, str], has_figure: bool = True) -> Filing:
    return of(history(*steps), has_figure=has_figure)


def of(events: list[StatusChange], *, has_figure: bool = True) -> Filing:
    return filing(events, has_figure=has_figure, due_at=DUE_AT, calendar=CALENDAR, tz=SHANGHAI)


def test_a_draft_is_not_filed() -> None:
    assert stand() == Filing(is_filed=False, is_on_time=False, first_filed_at=None)


def test_waiting_for_signature_is_not_filed() -> None:
    assert not stand(("09-02 09:00", "to_sign")).is_filed


def test_submitted_in_time() -> None:
    found = stand(("09-02 09:00", "to_sign"), ("09-05 18:00", "submitted"))
    assert found == Filing(is_filed=True, is_on_time=True, first_filed_at=at("09-05 18:00"))


def test_submitted_a_second_too_late() -> None:
    found = stand(("09-05 18:00:01", "submitted"))
    assert (found.is_filed, found.is_on_time) == (True, False)


def test_an_empty_report_is_not_filed() -> None:
    assert stand(("09-02 09:00", "submitted"), has_figure=False) == Filing(False, False, None)


def test_approved_stays_filed() -> None:
    found = stand(("09-02 09:00", "submitted"), ("09-09 09:00", "approved"))
    assert (found.is_filed, found.is_on_time) == (True, True)


def test_a_recalled_report_was_filed_once() -> None:
    found = stand(("09-02 09:00", "submitted"), ("09-03 09:00", "draft"))
    assert (found.is_filed, found.is_on_time) == (True, True)


def test_a_returned_report_is_not_filed_and_has_two_working_days() -> None:
    found = stand(("09-05 09:00", "submitted"), ("09-08 16:00", "returned"))
    assert (found.is_filed, found.is_on_time) == (False, False)
    assert found.first_filed_at == at("09-05 09:00")
    # Saturday to Monday are the Mid-Autumn holiday.
    assert found.resubmit_by == at("09-13 23:59:59.999999")


def test_sent_for_signature_again_is_still_returned() -> None:
    found = stand(("09-05 09:00", "submitted"), ("09-08 16:00", "returned"), ("09-09 09:00", "to_sign"))
    assert not found.is_filed
    found = stand(
        ("09-05 09:00", "submitted"), ("09-08 16:00", "returned"), ("09-09 09:00", "to_sign"), ("09-09 10:00", "draft")
    )
    assert not found.is_filed


@pytest.mark.parametrize(
    ("again", "is_on_time"), [("09-09 10:00", True), ("09-13 23:59", True), ("09-14 00:00", False)]
)
def test_a_returned_report_keeps_its_punctuality_for_two_working_days(again: str, is_on_time: bool) -> None:
    found = stand(("09-05 09:00", "submitted"), ("09-08 16:00", "returned"), (again, "submitted"))
    assert (found.is_filed, found.is_on_time, found.resubmit_by) == (True, is_on_time, None)


def test_sent_back_early_it_may_come_again_until_it_is_due() -> None:
    found = stand(("08-26 09:00", "submitted"), ("08-26 16:00", "returned"), ("09-05 17:00", "submitted"))
    assert found.is_on_time
    assert stand(("08-26 09:00", "submitted"), ("08-26 16:00", "returned")).resubmit_by == DUE_AT


def test_a_late_report_does_not_become_punctual_by_being_returned() -> None:
    found = stand(("09-06 09:00", "submitted"), ("09-06 10:00", "returned"), ("09-06 11:00", "submitted"))
    assert (found.is_filed, found.is_on_time) == (True, False)


def test_each_return_has_its_own_time() -> None:
    steps = [
        ("09-05 09:00", "submitted"),
        ("09-06 09:00", "returned"),
        ("09-08 09:00", "submitted"),
        ("09-08 10:00", "returned"),
    ]
    assert stand(*steps, ("09-13 10:00", "submitted")).is_on_time
    assert not stand(*steps, ("09-14 10:00", "submitted")).is_on_time
    assert not stand(*steps[:2], ("09-09 09:00", "submitted"), *steps[3:], ("09-09 10:00", "submitted")).is_on_time


def test_sent_back_by_the_head_it_keeps_the_time_it_had() -> None:
    found = stand(
        ("09-05 09:00", "submitted"),
        ("09-06 09:00", "returned"),
        ("09-07 09:00", "to_sign"),
        ("09-07 10:00", "returned"),
    )
    assert found.resubmit_by == at("09-08 23:59:59.999999")


def test_sent_back_by_the_head_before_it_was_ever_filed() -> None:
    found = stand(("09-02 09:00", "to_sign"), ("09-02 10:00", "returned"))
    assert found == Filing(is_filed=False, is_on_time=False, first_filed_at=None)
    assert stand(("09-02 09:00", "to_sign"), ("09-02 10:00", "returned"), ("09-03 10:00", "submitted")).is_on_time


def test_reopening_names_its_own_deadline() -> None:
    until = at("09-20 18:00")
    reopened = StatusChange(at("09-15 09:00"), "approved", "returned", resubmit_by=until)
    before = history(("09-05 09:00", "submitted"), ("09-08 09:00", "approved"))
    assert of([*before, reopened]).resubmit_by == until
    again = StatusChange(at("09-20 17:00"), "to_sign", "submitted")
    assert of([*before, reopened, again]).is_on_time
    too_late = StatusChange(at("09-20 18:01"), "to_sign", "submitted")
    assert not of([*before, reopened, too_late]).is_on_time


def test_a_report_never_filed_may_be_reopened() -> None:
    until = at("09-20 18:00")
    reopened = StatusChange(at("09-15 09:00"), "draft", "returned", resubmit_by=until)
    found = of([reopened])
    assert found == Filing(False, False, None, until)
    assert not is_overdue(at("09-20 18:00"), DUE_AT, found)
    assert is_overdue(at("09-20 18:01"), DUE_AT, found)
    again = of([reopened, StatusChange(at("09-16 09:00"), "to_sign", "submitted")])
    assert (again.is_filed, again.is_on_time) == (True, False)


def test_a_send_back_after_a_named_deadline_counts_its_own_days() -> None:
    events = [
        *history(("09-05 09:00", "submitted"), ("09-08 09:00", "approved")),
        StatusChange(at("09-15 09:00"), "approved", "returned", resubmit_by=at("09-20 18:00")),
        StatusChange(at("09-16 09:00"), "to_sign", "submitted"),
        StatusChange(at("09-16 10:00"), "submitted", "returned"),
    ]
    assert of(events).resubmit_by == at("09-20 23:59:59.999999")


@pytest.mark.parametrize(("now", "overdue"), [("09-05 18:00", False), ("09-05 18:00:01", True)])
def test_overdue_begins_after_the_due_instant(now: str, overdue: bool) -> None:
    assert is_overdue(at(now), DUE_AT, stand()) is overdue


def test_what_is_filed_is_never_overdue() -> None:
    assert not is_overdue(at("12-31 00:00"), DUE_AT, stand(("09-20 09:00", "submitted")))


def test_a_returned_report_is_overdue_when_its_time_is_over() -> None:
    returned = stand(("09-05 09:00", "submitted"), ("09-06 16:00", "returned"))
    assert not is_overdue(at("09-08 23:00"), DUE_AT, returned)
    assert is_overdue(at("09-09 00:00"), DUE_AT, returned)


def test_working_days_are_counted_where_people_are() -> None:
    # 23:30 in Shanghai on the 5th is still the 5th, whatever zone the record is kept in.
    returned_at = at("09-05 23:30").astimezone(UTC)
    events = [*history(("09-05 09:00", "submitted")), StatusChange(returned_at, "submitted", "returned")]
    assert of(events).resubmit_by == at("09-07 23:59:59.999999")


moments = st.integers(0, 40 * 24).map(lambda hours: at("08-25 00:00") + timedelta(hours=hours))
statuses = st.sampled_from(["draft", "to_sign", "submitted", "returned", "approved"])
histories = st.lists(st.builds(StatusChange, moments, statuses, statuses), max_size=8, unique_by=lambda event: event.at)


@given(histories, st.booleans())
def test_on_time_implies_filed_and_filed_implies_a_submission(events: list[StatusChange], has_figure: bool) -> None:
    found = of(events, has_figure=has_figure)
    assert found.is_filed or not found.is_on_time
    assert not found.is_filed or (has_figure and any(event.to_status == "submitted" for event in events))
    if found.is_on_time:
        assert found.first_filed_at is not None
        assert found.first_filed_at <= DUE_AT


@given(histories, st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_given_is_irrelevant(events: list[StatusChange], random: Random) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)
    assert of(shuffled) == of(events)


@given(histories, moments, moments)
def test_overdue_does_not_go_away_by_waiting(events: list[StatusChange], one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))
    found = of(events)
    assert is_overdue(later, DUE_AT, found) or not is_overdue(earlier, DUE_AT, found)
