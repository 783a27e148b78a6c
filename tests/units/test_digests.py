"""What is not urgent comes as one digest for each person and working day; what is urgent comes at once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.units.test_messages import person, send_to
from units.channels import Undeliverable
from units.channels.email import send
from units.models import Delivery, DigestLine, Message, SendingHours, User
from units.operations import deliveries
from units.operations.deliveries import drain
from units.operations.preferences import set_preference
from units.queries.message_kinds import KINDS, URGENT, is_urgent
from units.queries.sending_hours import Hours, sending_hours

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
URGENT_KIND = "report_returned"


def september(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2022, 9, day, hour, minute, tzinfo=ZONE)


class Clock:
    """Real time, as a test sets it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Clock:
    """Thursday 1 September 2022, 09:00; the hours and the calendar are those of a real installation."""
    settings.SENDING_HOURS = (time(8), time(20))
    settings.WORKING_CALENDAR = "campaigns.queries.calendars.working_calendar"
    hands = Clock(september(1))
    monkeypatch.setattr("django.utils.timezone.now", hands)
    return hands


def tell(reader: User, *, day: int = 1, subject: str = "review:queue", **fields: Any) -> int:
    return send_to(reader, day=date(2022, 9, day), subject=subject, **fields)


def out(clock: Clock) -> None:
    drain(clock=clock)


def subjects() -> list[str]:
    return [str(one.subject) for one in mail.outbox]


# --- one digest -------------------------------------------------------------------------------------------------------


def test_what_is_planned_together_comes_as_one_mail_with_a_line_and_a_link_for_each(clock: Clock) -> None:
    reader = person()
    tell(reader)
    tell(reader, kind="meeting_soon", subject="meeting:1", params={"name_en": "Analysis", "name_zh": "分析会"})
    out(clock)
    (sent,) = mail.outbox
    assert sent.subject.startswith("2 messages: ")
    html = str(sent.alternatives[0][0])
    for one in Message.objects.all():
        assert f"/messages/{one.pk}/" in sent.body or f"/{one.pk}/" in sent.body
        assert f"/{one.pk}/" in html
    assert "List-Unsubscribe" in sent.message()
    assert DigestLine.objects.count() == 2


def test_a_digest_of_one_message_is_its_letter(clock: Clock) -> None:
    tell(person())
    out(clock)
    assert "waited for your review" in mail.outbox[0].subject


def test_it_speaks_the_readers_language(clock: Clock) -> None:
    reader = person(language="zh-hans")
    tell(reader)
    tell(reader, subject="review:other")
    out(clock)
    assert mail.outbox[0].subject.startswith("2 条消息：")


def test_what_comes_after_the_digest_of_the_day_waits_for_the_next_working_morning(clock: Clock) -> None:
    reader = person()
    tell(reader)
    out(clock)
    clock.now = september(1, 15)
    tell(reader, subject="review:other")
    out(clock)
    assert len(mail.outbox) == 1
    assert Delivery.objects.get(status="pending").next_attempt_at == september(2, 8)
    tell(reader, subject="review:third")
    clock.now = september(2, 8)
    out(clock)
    assert len(mail.outbox) == 2
    assert mail.outbox[1].subject.startswith("2 messages: ")


def test_a_worker_that_slept_for_five_days_sends_one_digest(clock: Clock) -> None:
    reader, other = person(), person("other")
    for day in range(1, 7):
        clock.now = september(day, 0, 1)
        tell(reader, day=day)
        tell(other, day=day)
        tell(other, day=day, subject=f"review:{day}")
    clock.now = september(6, 10)
    out(clock)
    assert len(mail.outbox) == 2
    assert {one.to[0] for one in mail.outbox} == {reader.email, other.email}
    to_reader, to_other = sorted(mail.outbox, key=lambda one: one.to[0], reverse=True)
    assert "messages: " not in to_reader.subject  # the newest about the queue; the inbox has all six
    assert Message.objects.filter(recipient=reader).count() == 6
    assert to_other.subject.startswith("7 messages: ")
    out(clock)
    assert len(mail.outbox) == 2


def test_a_clock_that_jumps_sends_nothing_twice(clock: Clock) -> None:
    reader = person()
    for day in (6, 1, 9, 2, 6):
        clock.now = september(day)
        tell(reader, day=day)
        out(clock)
    lines = list(DigestLine.objects.values_list("message", flat=True))
    assert len(lines) == len(set(lines)) == Message.objects.count() == 2  # of the 6th, and of the 9th
    assert Message.objects.filter(digest_lines__delivery__status="sent").count() == 2
    assert len(mail.outbox) == 2


def test_a_digest_keeps_its_message_id_and_takes_nothing_in_after_it_was_tried(clock: Clock, settings: Any) -> None:
    reader = person()
    tell(reader)
    tell(reader, subject="review:other")
    Refusing.ids = []
    settings.EMAIL_BACKEND = "tests.units.test_digests.Refusing"
    out(clock)
    tell(reader, subject="review:late")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    tried = Delivery.objects.get(attempts=1)
    assert tried.lines.count() == 2
    clock.now = september(1, 10)
    out(clock)
    (sent,) = mail.outbox
    assert Refusing.ids == [sent.message()["Message-ID"]]
    assert sent.subject.startswith("2 messages: ")


class Refusing:
    ids: list[str] = []

    def __init__(self, **_options: Any) -> None:
        self.options = _options

    def send_messages(self, messages: Any) -> int:
        Refusing.ids.extend(one.message()["Message-ID"] for one in messages)
        raise ConnectionResetError(104, "reset")


def test_a_digest_that_a_worker_holds_takes_nothing_in(clock: Clock) -> None:
    reader = person()
    tell(reader)
    held = Delivery.objects.get()
    assert deliveries.claim(held.pk, now=clock.now)
    tell(reader, subject="review:other")
    assert held.lines.count() == 1
    assert Delivery.objects.exclude(pk=held.pk).get().next_attempt_at == september(2, 8)


# --- urgent, and wanted by itself -------------------------------------------------------------------------------------


def test_what_is_urgent_comes_at_once_by_night_and_on_a_day_off(clock: Clock) -> None:
    clock.now = september(10, 23)
    reader = person()
    tell(reader, day=10, kind=URGENT_KIND)
    tell(reader, day=10)
    out(clock)
    assert len(mail.outbox) == 1
    assert Delivery.objects.get(status="pending").next_attempt_at == september(13, 8)  # 10 to 12 September are off


def test_who_wants_each_by_itself_gets_it_within_the_hours(clock: Clock) -> None:
    reader = person(mail_pace=User.MailPace.AT_ONCE)
    tell(reader)
    tell(reader, subject="review:other")
    out(clock)
    assert len(mail.outbox) == 2
    clock.now = september(1, 20)
    tell(reader, subject="review:late")
    out(clock)
    assert len(mail.outbox) == 2
    clock.now = september(2, 8)
    out(clock)
    assert len(mail.outbox) == 3


def test_the_office_sets_the_hours_and_may_do_without_digests(clock: Clock) -> None:
    SendingHours.objects.create(id=1, begins=time(10), ends=time(11), makes_digests=False)
    reader = person()
    tell(reader)
    tell(reader, subject="review:other")
    assert set(Delivery.objects.values_list("digest", "next_attempt_at")) == {("", september(1, 10))}


def test_every_urgent_kind_is_a_kind_and_a_strange_one_is_not_kept_waiting() -> None:
    assert set(KINDS) >= URGENT
    assert is_urgent("of_another_release")
    assert not is_urgent("report_due_soon")


# --- less mail --------------------------------------------------------------------------------------------------------


def test_a_kind_that_is_switched_off_meanwhile_is_left_out(clock: Clock) -> None:
    reader = person()
    tell(reader)
    tell(reader, kind="award_announced", subject="award_round:1:1", params={"winners_en": "A", "winners_zh": "甲"})
    set_preference(user=reader, channel="email", kind="report_waiting_review", is_on=False)
    out(clock)
    assert len(mail.outbox) == 1
    assert "review" not in mail.outbox[0].subject


def test_where_all_of_it_is_switched_off_nothing_goes_out(clock: Clock) -> None:
    reader = person()
    tell(reader)
    set_preference(user=reader, channel="email", kind="report_waiting_review", is_on=False)
    out(clock)
    assert mail.outbox == []
    assert not Delivery.objects.exists()


def test_what_is_switched_off_while_a_worker_holds_the_digest_is_left_out_too(clock: Clock) -> None:
    reader = person()
    tell(reader)
    held = deliveries.claim(Delivery.objects.get().pk, now=clock.now)
    assert held is not None
    set_preference(user=reader, channel="email", kind="report_waiting_review", is_on=False)
    with pytest.raises(Undeliverable):
        send(held)


def test_the_link_of_a_digest_is_about_all_mail(clock: Clock, client: Any) -> None:
    reader = person()
    tell(reader)
    tell(reader, subject="review:other")
    out(clock)
    link = str(mail.outbox[0].message()["List-Unsubscribe"]).strip("<>")
    page = client.get("/unsubscribe/" + link.rpartition("/unsubscribe/")[2])
    assert "No mail at all" in page.content.decode()
    assert "No mail about" not in page.content.decode()


# --- the hours --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (september(1, 7, 59), september(1, 8)),
        (september(1, 8), september(1, 8)),
        (september(1, 19, 59), september(1, 19, 59)),
        (september(1, 20), september(2, 8)),
        (september(2, 23), september(5, 8)),  # Friday night
        (september(9, 20), september(13, 8)),  # before the Mid-Autumn holiday
        (datetime(2022, 10, 8, 7, tzinfo=ZONE), datetime(2022, 10, 8, 8, tzinfo=ZONE)),  # a make-up Saturday
    ],
)
def test_the_hours_follow_the_working_calendar(clock: Clock, now: datetime, opens: datetime) -> None:
    assert sending_hours().opens(now) == opens


def test_a_calendar_without_a_working_day_ends() -> None:
    hours = Hours(time(8), time(20), True, lambda day: False)
    assert hours.opens(september(1)) > september(1) + timedelta(days=30)


# --- what it costs ----------------------------------------------------------------------------------------------------


def test_gathering_takes_the_same_number_of_queries_for_one_and_for_many(clock: Clock) -> None:
    people = [person(f"reader-{number}") for number in range(6)]
    with CaptureQueriesContext(connection) as one:
        send_to(people[0])
    with CaptureQueriesContext(connection) as many:
        send_to(*people[1:])
    assert len(many) == len(one)
    assert Delivery.objects.count() == 6
