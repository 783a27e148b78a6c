"""The tick keeps periods and reminders in step with the business clock, lost and doubled ticks included."""

from __future__ import annotations

from django.core import mail
from django.utils import timezone

from campaigns.models import Period
from campaigns.tasks import scan, tick, work
from jiaxing.celery import app
from jiaxing.tasks import worker_seen
from tests.builders import move_clock_to
from tests.cast import Cast, at
from units.models import Change, Delivery, Message
from units.tasks import clean, deliver, deliver_webhooks, seal_changes, watch_tokens


def test_a_tick_reads_the_business_clock(cast: Cast) -> None:
    move_clock_to(at(9, 2))
    tick()
    assert {one.kind for one in Message.objects.all()} == {"report_due_soon"}
    move_clock_to(at(9, 13, 18, 30))
    tick()
    cast.august.refresh_from_db()
    assert cast.august.state == Period.State.CLOSED
    assert not Message.objects.filter(kind__startswith="report_overdue").exists()


def test_a_tick_that_comes_twice_does_nothing_the_second_time(cast: Cast) -> None:
    move_clock_to(at(9, 28))
    tick()
    counted = (Message.objects.count(), Delivery.objects.count(), Change.objects.count())
    tick()
    assert counted == (Message.objects.count(), Delivery.objects.count(), Change.objects.count())


def test_ticks_that_were_lost_are_made_up_by_one(cast: Cast) -> None:
    move_clock_to(at(10, 10))
    tick()
    cast.september.refresh_from_db()
    assert cast.september.state == Period.State.OPEN
    assert {one.kind for one in Message.objects.filter(recipient=cast.reporter)} == {"report_overdue"}


def test_the_changes_of_a_tick_carry_the_id_of_the_job(cast: Cast) -> None:
    move_clock_to(at(9, 13, 19))
    tick.apply(task_id="a-job")
    assert Change.objects.filter(verb="close_period", request="a-job").exists()


def test_what_was_planned_is_delivered(cast: Cast) -> None:
    move_clock_to(at(9, 2))
    tick()
    deliver()
    assert sorted(to for sent in mail.outbox for to in sent.to) == [
        "lead_reporter@example.org",
        "outsider@example.org",
        "reporter@example.org",
    ]
    assert Delivery.objects.filter(status=Delivery.Status.SENT, sent_at__lte=timezone.now()).count() == 3


def test_every_job_of_the_beat_exists() -> None:
    jobs = (tick, scan, work, deliver, seal_changes, deliver_webhooks, watch_tokens, clean, worker_seen)
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} == {job.name for job in jobs}
