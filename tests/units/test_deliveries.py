"""A delivery leaves at least once and through one worker at a time, whatever fails or is killed on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from smtplib import SMTPAuthenticationError
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connections
from django.test import override_settings
from django.utils import timezone

from tests.units.test_messages import person, send_to
from units.models import Change, Delivery, Message, User
from units.operations.deliveries import claim, drain, retry
from units.operations.outbox import AT_ONCE, BACK_OFF, LEASE, Drained, note_failed

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("UTC"))
S = Delivery.Status


class BrokenBackend(EmailBackend):
    """A mail server that refuses, with words that nobody should read in a log."""

    def send_messages(self, messages: Any) -> int:
        raise SMTPAuthenticationError(535, b"wrong password hush for relay.example.cn")


BROKEN = override_settings(EMAIL_BACKEND=f"{__name__}.BrokenBackend")


def clock_at(now: datetime) -> Any:
    return lambda: now


def one_delivery(**fields: Any) -> Delivery:
    send_to(person(**fields))
    Delivery.objects.update(next_attempt_at=NOW)
    return Delivery.objects.get()


def message_id(place: int = -1) -> str:
    return mail.outbox[place].message()["Message-ID"]


# --- sending --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_due_is_sent_once() -> None:
    delivery = one_delivery()
    assert drain(clock=clock_at(NOW)) == Drained(sent=1)
    assert drain(clock=clock_at(NOW + timedelta(days=1))) == Drained()
    delivery.refresh_from_db()
    assert (delivery.status, delivery.sent_at, delivery.attempts, delivery.lease_until) == (S.SENT, NOW, 1, None)
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_what_is_not_due_yet_waits() -> None:
    one_delivery()
    assert drain(clock=clock_at(NOW - timedelta(seconds=1))) == Drained()


@pytest.mark.django_db
def test_a_run_ends_after_so_many_deliveries_or_seconds() -> None:
    send_to(*(person(f"reader-{number}") for number in range(3)))
    later = clock_at(timezone.now() + timedelta(minutes=1))
    assert drain(clock=later, seconds=-1) == Drained()
    assert drain(clock=later, limit=2) == Drained(sent=2)
    assert drain(clock=later, limit=AT_ONCE) == Drained(sent=1)


@pytest.mark.django_db
def test_the_mail_speaks_the_recipients_language_and_leads_to_the_message() -> None:
    send_to(person(), person("li", language="zh-hans"))
    drain(clock=clock_at(timezone.now() + timedelta(minutes=1)))
    by_address = {sent.to[0]: sent for sent in mail.outbox}
    english, chinese = by_address["reader@example.org"], by_address["li@example.org"]
    assert english.subject == "2 reports have waited for your review for more than three days"
    assert "Riverside Town" in english.body
    assert "河畔市" in chinese.body
    message = Message.objects.get(recipient__username="reader")
    address = f"{settings.SITE_URL}/inbox/{message.pk}/"
    html, kind = english.alternatives[0]
    assert kind == "text/html"
    assert address in english.body
    assert f'href="{address}"' in html
    assert 'lang="zh-Hans"' in chinese.alternatives[0][0]


@pytest.mark.django_db
@override_settings(LANGUAGE_CODE="zh-hans", SITE_URL="https://tracker.example.cn", DEFAULT_FROM_EMAIL="A <a@city.cn>")
def test_without_a_language_of_the_own_the_sites_counts() -> None:
    one_delivery()
    drain(clock=clock_at(NOW))
    (sent,) = mail.outbox
    assert "河畔市" in sent.body
    assert "https://tracker.example.cn/inbox/" in sent.body
    assert message_id().endswith("@city.cn>")


@pytest.mark.django_db
def test_a_name_cannot_break_out_of_the_html() -> None:
    send_to(person(name="<script>alert(1)</script>"), params={"unit_en": "<b>x</b>", "unit_zh": "", "count": 1})
    Delivery.objects.update(next_attempt_at=NOW)
    drain(clock=clock_at(NOW))
    html = mail.outbox[0].alternatives[0][0]
    assert "<script>" not in html
    assert "<b>" not in html


# --- failing --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@BROKEN
def test_a_failure_is_tried_again_later_and_later_and_then_given_up(caplog: pytest.LogCaptureFixture) -> None:
    delivery = one_delivery()
    now = NOW
    for wait in BACK_OFF:
        assert drain(clock=clock_at(now)) == Drained(failed=1)
        delivery.refresh_from_db()
        assert (delivery.status, delivery.next_attempt_at, delivery.lease_until) == (S.PENDING, now + wait, None)
        assert drain(clock=clock_at(now + wait - timedelta(seconds=1))) == Drained()
        now += wait
    assert drain(clock=clock_at(now)) == Drained(dead=1)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.error) == (S.DEAD, "SMTPAuthenticationError 535")
    assert "hush" not in caplog.text
    assert drain(clock=clock_at(now + timedelta(days=99))) == Drained()


@pytest.mark.django_db
def test_after_a_failure_the_same_message_id_is_sent() -> None:
    one_delivery()
    with BROKEN:
        drain(clock=clock_at(NOW))
    drain(clock=clock_at(NOW + BACK_OFF[0]))
    first = message_id()
    Delivery.objects.update(status=S.PENDING, sent_at=None, next_attempt_at=NOW)
    drain(clock=clock_at(NOW + BACK_OFF[0]))
    assert message_id() == first
    assert len(mail.outbox) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
def test_whom_no_mail_reaches_any_more_is_given_up_at_once(change: dict[str, Any]) -> None:
    delivery = one_delivery()
    User.objects.update(**change)
    assert drain(clock=clock_at(NOW)) == Drained(dead=1)
    delivery.refresh_from_db()
    assert delivery.error == "no active account with an address"
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_channel_that_is_gone_does_not_hold_up_the_others() -> None:
    send_to(person(), person("other"))
    first = Delivery.objects.order_by("pk")[0]
    Delivery.objects.filter(pk=first.pk).update(channel="pigeon")
    assert drain(clock=clock_at(timezone.now() + timedelta(minutes=1))) == Drained(sent=1, dead=1)


@pytest.mark.django_db
def test_what_was_given_up_can_be_taken_up_again() -> None:
    delivery, office = one_delivery(), person("office")
    Delivery.objects.update(status=S.DEAD, attempts=8, error="SMTPAuthenticationError 535")
    assert retry(delivery_ids=[delivery.pk], actor=office, now=NOW) == 1
    assert retry(delivery_ids=[delivery.pk], actor=office, now=NOW) == 0
    assert drain(clock=clock_at(NOW)) == Drained(sent=1)
    assert [change.actor for change in Change.objects.filter(verb="retry_deliveries")] == [office]


# --- leases ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_leased_delivery_is_nobody_elses_until_the_lease_ends() -> None:
    delivery = one_delivery()
    assert claim(delivery.pk, now=NOW) is not None
    assert claim(delivery.pk, now=NOW) is None
    assert drain(clock=clock_at(NOW + LEASE)) == Drained()
    assert drain(clock=clock_at(NOW + LEASE + timedelta(seconds=1))) == Drained(sent=1)


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_writes_no_failure_over_anothers_attempt() -> None:
    delivery = one_delivery()
    slow = claim(delivery.pk, now=NOW)
    fast = claim(delivery.pk, now=NOW + 2 * LEASE)
    assert slow is not None
    assert fast is not None
    note_failed(slow, "TimeoutError", at=NOW + 2 * LEASE)
    delivery.refresh_from_db()
    assert (delivery.error, delivery.lease_until) == ("", NOW + 3 * LEASE)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_workers_never_hold_the_same_delivery() -> None:
    send_to(*(person(f"reader-{number}") for number in range(30)))
    ids = list(Delivery.objects.values_list("pk", flat=True))
    now = timezone.now() + timedelta(minutes=1)
    start = Barrier(2)

    def run(_worker: int) -> list[int]:
        try:
            start.wait()
            return [pk for pk in ids if claim(pk, now=now) is not None]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(run, range(2))
    assert sorted(first + second) == sorted(ids)


@pytest.fixture
def forked_worker() -> Iterator[Any]:
    """Runs a function in a process of its own and kills that process where the function says so."""

    def run(work: Any) -> int:
        connections.close_all()
        child = os.fork()
        if child == 0:
            try:
                work()
            finally:
                os._exit(0)
        _pid, status = os.waitpid(child, 0)
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0

    yield run
    connections.close_all()


class KillingBackend(EmailBackend):
    """Dies with the mail half out: whether it arrived nobody knows."""

    def send_messages(self, messages: Any) -> int:
        os.kill(os.getpid(), signal.SIGKILL)
        return 0


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_sending_loses_nothing(forked_worker: Any) -> None:
    delivery = one_delivery()

    def die() -> None:
        with override_settings(EMAIL_BACKEND=f"{__name__}.KillingBackend"):
            drain(clock=clock_at(NOW))

    assert forked_worker(die) == signal.SIGKILL
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.lease_until) == (S.PENDING, 1, NOW + LEASE)
    assert drain(clock=clock_at(NOW + timedelta(minutes=1))) == Drained()
    assert drain(clock=clock_at(NOW + LEASE + timedelta(seconds=1))) == Drained(sent=1)
    assert str(delivery.pk) in message_id()
