"""Systems are told of a change exactly as often as they asked for, signed, and only at addresses outside."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import signal
import socket
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction
from django.test import override_settings
from django.utils import timezone

from campaigns.operations.reports import Figure, save_report, submit_report
from tests.admin_builders import make
from tests.cast import Cast
from tests.receiver import Receiver, receiving
from units.channels import webhooks as channel
from units.domain.addresses import NotAllowed, is_outside, may_call, target_of
from units.domain.signatures import key_of, new_secret, signature
from units.models import Change, ChangeItem, User, Webhook, WebhookDelivery
from units.operations.changes import record
from units.operations.outbox import BACK_OFF, LEASE, Drained
from units.operations.sealing import seal_all
from units.operations.webhooks import KEPT_FOR, add_webhook, drain, fan_out, forget_old, redeliver
from units.queries.webhooks import EVENTS, wrong_with_webhook
from units.refusals import WrongState
from units.tasks import clean

S = WebhookDelivery.Status
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ADDRESS = "https://hooks.example.org/hook/secret-part?token=hush"


def clock_at(now: datetime) -> Any:
    return lambda: now


def soon(**later: float) -> Any:
    return clock_at(timezone.now() + timedelta(**(later or {"seconds": 1})))


def subscribed(address: str, *events: str, **fields: Any) -> Webhook:
    return make(Webhook, address=address, secret=SECRET, events=list(events) or ["report.approved"], **fields)


def happen(verb: str = "approve_report") -> Change:
    with transaction.atomic():
        return record(actor=None, verb=verb, touched=[])


def one_delivery(address: str) -> WebhookDelivery:
    subscribed(address)
    happen()
    seal_all(now=timezone.now())
    return WebhookDelivery.objects.get()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with receiving() as one:
        settings.WEBHOOK_ALLOW_PRIVATE = True
        settings.WEBHOOK_PORTS = frozenset({one.port})
        yield one


# --- signatures -------------------------------------------------------------------------------------------------------


def test_the_signature_is_that_of_the_specification() -> None:
    """The vector with which the libraries of Standard Webhooks test themselves."""
    body = b'{"test": 2432232314}'
    told = signature(SECRET, message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=body)
    assert told == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_new_secrets_are_long_and_never_the_same() -> None:
    assert len(key_of(new_secret())) == 32
    assert new_secret() != new_secret()


@pytest.mark.parametrize("wrong", ["", "whsec_", "whsec_c2hvcnQ=", SECRET[6:], SECRET + "!", "whsec_" + "A" * 400])
def test_what_is_no_secret_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a secret"):
        key_of(wrong)


# --- the guard --------------------------------------------------------------------------------------------------------

INSIDE = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",  # noqa: S104
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::7f00:1",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
]
OUTSIDE = ["8.8.8.8", "223.5.5.5", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("written", INSIDE)
def test_an_address_inside_is_not_called(written: str) -> None:
    assert not is_outside(ip_address(written))
    assert not may_call(ip_address(written), allows_private=False)


@pytest.mark.parametrize("written", OUTSIDE)
def test_an_address_outside_is(written: str) -> None:
    assert may_call(ip_address(written), allows_private=False)


@pytest.mark.parametrize(
    ("written", "may"),
    [("127.0.0.1", True), ("::1", True), ("10.0.0.1", True), ("::ffff:192.168.0.1", True), ("fd00::1", True)]
    + [(written, False) for written in ("169.254.169.254", "fe80::1", "224.0.0.1", "240.0.0.1", "::", "ff02::1")],
)
def test_the_setting_opens_private_networks_and_nothing_else(written: str, may: bool) -> None:
    assert may_call(ip_address(written), allows_private=True) is may


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("ftp://example.org/", "neither http"),
        ("file:///etc/passwd", "neither http"),
        ("gopher://example.org", "neither http"),
        ("https://example.org:22/", "a port"),
        ("https://example.org:0/", "a port"),
        ("https://example.org:99999/", "not an address"),
        ("https://me:hush@example.org/", "password"),
        ("https://example.org@127.0.0.1/", "password"),
        ("https:///path", "not an address"),
        ("https://exa mple.org/", "not an address"),
        ("https://example.org/\r\nHost: other", "not an address"),
        ("https://[::1/", "not an address"),
    ],
)
def test_what_is_no_plain_web_address_is_refused_without_being_repeated(address: str, wrong: str) -> None:
    with pytest.raises(NotAllowed, match=wrong) as refused:
        target_of(address, ports={80, 443})
    assert "example" not in str(refused.value)


def test_an_address_is_taken_apart() -> None:
    target = target_of("https://例子.example.org/路?词=1&a=%2F", ports={443})
    assert target.host == "xn--fsqu00a.example.org"
    assert target.host_header == target.host
    assert target.path == "/%E8%B7%AF?%E8%AF%8D=1&a=%2F"
    assert target_of("http://[2400:3200::1]:8080", ports={8080}).host_header == "[2400:3200::1]:8080"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0"]
)
def test_no_spelling_leads_inside(host: str, settings: Any) -> None:
    with receiving() as receiver:
        settings.WEBHOOK_PORTS = frozenset({receiver.port})
        with pytest.raises((NotAllowed, channel.NoAnswer)):
            channel.post(f"http://{host}:{receiver.port}/", body=b"", headers={})
        assert receiver.posted == []


def resolving_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Names lead where the test says, each time to the next."""
    asked: list[str] = []

    def look_up(host: str, port: int, **_options: Any) -> list[tuple]:
        told = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in told]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_a_name_with_one_address_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving_to(monkeypatch, ["8.8.8.8", "127.0.0.1"])
    with pytest.raises(NotAllowed):
        channel.post("http://both.example.org/", body=b"", headers={})


def test_a_name_that_changes_its_mind_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = resolving_to(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    reached: list[Any] = []

    def connect(self: socket.socket, place: Any) -> None:
        reached.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(ConnectionRefusedError):
        channel.post("http://rebinding.example.org/", body=b"", headers={})
    assert (asked, reached) == (["rebinding.example.org"], [("8.8.8.8", 80)])


# --- from changes to deliveries ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_webhook_gets_each_change_it_asked_for_once() -> None:
    both = subscribed(f"{ADDRESS}&n=1", "report.approved", "period.opened")
    one = subscribed(f"{ADDRESS}&n=2", "period.opened")
    subscribed(f"{ADDRESS}&n=3", "period.opened", is_active=False)
    changes = [happen("approve_report"), happen("open_period"), happen("move_clock")]
    assert seal_all(now=timezone.now()) == 3
    told = set(WebhookDelivery.objects.values_list("webhook", "event", "change"))
    assert told == {
        (both.pk, "report.approved", changes[0].pk),
        (both.pk, "period.opened", changes[1].pk),
        (one.pk, "period.opened", changes[1].pk),
    }
    seal_all(now=timezone.now())
    fan_out(list(Change.objects.all()), now=timezone.now())
    assert WebhookDelivery.objects.count() == 3


@pytest.mark.django_db
def test_the_database_refuses_a_second_delivery_of_a_change() -> None:
    delivery = one_delivery(ADDRESS)
    with pytest.raises(IntegrityError), transaction.atomic():
        make(WebhookDelivery, webhook=delivery.webhook, change=delivery.change)


@pytest.mark.django_db
def test_what_happened_before_the_subscription_is_not_told() -> None:
    happen()
    subscribed(ADDRESS)
    seal_all(now=timezone.now())
    assert not WebhookDelivery.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_sealer_killed_after_the_fan_out_leaves_one_delivery_in_the_end() -> None:
    subscribed(ADDRESS)
    happen()
    connections.close_all()
    child = os.fork()
    if child == 0:
        with transaction.atomic():
            seal_all(now=timezone.now())
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert not WebhookDelivery.objects.exists()
    seal_all(now=timezone.now())
    seal_all(now=timezone.now())
    assert WebhookDelivery.objects.count() == 1


# --- from deliveries to the address -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_arrives_is_signed_and_tells_the_change(cast: Cast, receiver: Receiver) -> None:
    webhook = subscribed(receiver.address, "report.submitted")
    report = cast.report()
    figures = {indicator.pk: Figure(value=1) for indicator in (cast.exports, cast.share)}
    save_report(
        report_id=report.pk, actor=cast.reporter, version=report.version, figures=figures, narrative={}, now=cast.now
    )
    submit_report(report_id=report.pk, actor=cast.reporter, now=cast.now)
    seal_all(now=timezone.now())
    assert drain(clock=soon()) == Drained(sent=1)
    assert drain(clock=soon(days=9)) == Drained()
    (posted,) = receiver.posted
    delivery = webhook.deliveries.get()
    change = delivery.change
    assert posted.line == "POST /hook/secret-part?token=hush HTTP/1.1"
    assert posted.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert posted.headers["content-type"] == "application/json"
    assert posted.headers["webhook-id"] == str(delivery.message_id)
    signed = b".".join([posted.headers[f"webhook-{part}"].encode() for part in ("id", "timestamp")] + [posted.body])
    key = b64decode(SECRET.removeprefix("whsec_"))
    expected = b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert posted.headers["webhook-signature"] == f"v1,{expected}"
    body = json.loads(posted.body)
    assert (body["type"], body["data"]["sequence"], body["data"]["verb"]) == (
        "report.submitted",
        change.sequence,
        "submit_report",
    )
    (item,) = body["data"]["items"]
    assert item["key"] == {"campaign": "hundred-days", "period": "2022-08", "unit": "town", "action": "1"}
    assert (item["before"]["status"], item["after"]["status"]) == ("draft", "to_sign")
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.response_status, delivery.error) == (S.SENT, 1, 204, "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "error", "status"),
    [
        (500, "answer 500", 500),
        (404, "answer 404", 404),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/other\r\n\r\n", "answer 302", 302),
        (b"HTTP/1.1 200", "not an answer of HTTP", None),
        (b"220 mail.example.org ESMTP\r\n", "not an answer of HTTP", None),
        (b"\x00\xff" * 20000, "not an answer of HTTP", None),
        (b"", "not an answer of HTTP", None),
    ],
)
def test_every_other_answer_is_a_failure_and_tried_again(
    receiver: Receiver, answer: Any, error: str, status: int | None
) -> None:
    receiver.answers = [answer, 200]
    delivery = one_delivery(receiver.address)
    now = timezone.now()
    assert drain(clock=clock_at(now)) == Drained(failed=1)
    delivery.refresh_from_db()
    assert (delivery.error, delivery.response_status) == (error, status)
    assert (delivery.status, delivery.next_attempt_at, delivery.lease_until) == (S.PENDING, now + BACK_OFF[0], None)
    assert drain(clock=clock_at(now + BACK_OFF[0])) == Drained(sent=1)
    first, second = (posted.headers for posted in receiver.posted)
    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    assert receiver.posted[0].body == receiver.posted[1].body


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["hang", "drip"])
def test_a_receiver_that_takes_its_time_is_left_after_a_few_seconds(
    receiver: Receiver, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel.post, "__kwdefaults__", {"seconds": 0.5})
    receiver.answers = [getattr(receiver, way)]
    delivery = one_delivery(receiver.address)
    assert drain(clock=soon()) == Drained(failed=1)
    delivery.refresh_from_db()
    assert (delivery.error, delivery.status) == ("TimeoutError", S.PENDING)


@pytest.mark.django_db
def test_nobody_at_the_address_is_told_in_a_word_and_given_up_in_the_end(settings: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.WEBHOOK_ALLOW_PRIVATE, settings.WEBHOOK_PORTS = True, frozenset({port})
    delivery = one_delivery(f"http://127.0.0.1:{port}/")
    now = timezone.now()
    for wait in BACK_OFF:
        assert drain(clock=clock_at(now)) == Drained(failed=1)
        now += wait
    assert drain(clock=clock_at(now)) == Drained(dead=1)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == (S.DEAD, len(BACK_OFF) + 1)
    assert delivery.error.startswith("ConnectionRefusedError")


@pytest.mark.django_db
def test_a_receiver_that_is_gone_for_good_is_switched_off(receiver: Receiver) -> None:
    receiver.answers = [410]
    delivery = one_delivery(receiver.address)
    happen()
    seal_all(now=timezone.now())
    assert drain(clock=soon()) == Drained(dead=1)
    delivery.webhook.refresh_from_db()
    assert (delivery.webhook.is_active, delivery.webhook.version) == (False, 2)
    assert Change.objects.get(verb="switch_off_webhook").actor is None
    assert drain(clock=soon()) == Drained(dead=1)
    assert len(receiver.posted) == 1
    happen()
    seal_all(now=timezone.now())
    assert WebhookDelivery.objects.count() == 2


@pytest.mark.django_db
def test_one_webhook_that_fails_does_not_hold_up_the_others(receiver: Receiver) -> None:
    receiver.answers = [500, 200]
    subscribed(receiver.address)
    subscribed(f"{receiver.address}&other")
    for _number in range(3):
        happen()
    seal_all(now=timezone.now())
    assert drain(clock=soon()) == Drained(sent=3, failed=1)


@pytest.mark.django_db
def test_the_guard_holds_at_delivery_too(settings: Any) -> None:
    with receiving() as receiver:
        settings.WEBHOOK_PORTS = frozenset({receiver.port})
        delivery = one_delivery(receiver.address)
        assert drain(clock=soon()) == Drained(failed=1)
        assert receiver.posted == []
    delivery.refresh_from_db()
    assert delivery.error == "the address lies inside the network"


@pytest.mark.django_db
def test_a_lease_keeps_a_second_worker_away(receiver: Receiver) -> None:
    delivery = one_delivery(receiver.address)
    now = timezone.now()
    WebhookDelivery.objects.update(lease_until=now + LEASE)
    assert drain(clock=clock_at(now)) == Drained()
    assert drain(clock=clock_at(now + LEASE + timedelta(seconds=1))) == Drained(sent=1)
    assert [posted.headers["webhook-id"] for posted in receiver.posted] == [str(delivery.message_id)]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_sends_loses_nothing(receiver: Receiver) -> None:
    one_delivery(receiver.address)
    now = timezone.now()
    connections.close_all()
    child = os.fork()
    if child == 0:
        channel.post.__globals__["_status"] = lambda *_given: os.kill(os.getpid(), signal.SIGKILL)
        drain(clock=clock_at(now))
    os.waitpid(child, 0)
    assert drain(clock=clock_at(now)) == Drained()
    assert drain(clock=clock_at(now + LEASE + timedelta(seconds=1))) == Drained(sent=1)
    ids = {posted.headers["webhook-id"] for posted in receiver.posted}
    assert len(ids) == 1


# --- once more --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_delivery_is_sent_again_under_the_same_id(receiver: Receiver) -> None:
    delivery, actor = one_delivery(receiver.address), make(User)
    drain(clock=soon())
    assert redeliver(delivery_ids=[delivery.pk], actor=actor, now=timezone.now()) == 1
    with pytest.raises(WrongState):
        redeliver(delivery_ids=[delivery.pk], actor=actor, now=timezone.now())
    assert drain(clock=soon()) == Drained(sent=1)
    first, second = receiver.posted
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert Change.objects.get(verb="redeliver_webhooks").actor == actor


@pytest.mark.django_db
def test_nothing_is_sent_again_to_a_webhook_that_is_off(receiver: Receiver) -> None:
    delivery = one_delivery(receiver.address)
    drain(clock=soon())
    Webhook.objects.update(is_active=False)
    with pytest.raises(WrongState, match="switched off"):
        redeliver(delivery_ids=[delivery.pk], actor=make(User), now=timezone.now())


# --- how long the log is kept -----------------------------------------------------------------------------------------


def ended(status: str, days_ago: int) -> WebhookDelivery:
    at = timezone.now() - timedelta(days=days_ago)
    sent_at = at if status == S.SENT else None
    return make(WebhookDelivery, status=status, sent_at=sent_at, next_attempt_at=at, lease_until=None)


@pytest.mark.django_db
def test_deliveries_that_ended_long_ago_are_forgotten_and_nothing_else_is() -> None:
    days = KEPT_FOR.days
    ended(S.SENT, days + 1), ended(S.DEAD, days + 1)
    kept = {ended(S.SENT, days - 1).pk, ended(S.DEAD, days - 1).pk, ended(S.PENDING, days + 1).pk}
    changes = Change.objects.count()
    assert forget_old(now=timezone.now()) == 2
    assert set(WebhookDelivery.objects.values_list("pk", flat=True)) == kept
    assert Change.objects.count() == changes


@pytest.mark.django_db
def test_some_old_deliveries_go_at_a_time_the_oldest_first() -> None:
    youngest, *_older = [ended(S.SENT, KEPT_FOR.days + day) for day in (1, 2, 3)]
    assert forget_old(now=timezone.now(), limit=2) == 2
    assert WebhookDelivery.objects.get() == youngest


@pytest.mark.django_db
def test_the_clean_up_forgets_what_is_old() -> None:
    ended(S.SENT, KEPT_FOR.days + 1)
    clean()
    assert not WebhookDelivery.objects.exists()


# --- secrets and rules ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_neither_address_nor_secret_is_logged_or_recorded(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    receiver.answers = [500, b"oops", 410]
    with caplog.at_level(logging.DEBUG):
        add_webhook(
            actor=make(User), client="Robot", address=receiver.address, events=["report.approved"], secret=SECRET
        )
        happen()
        seal_all(now=timezone.now())
        for days in (1, 2, 3):
            drain(clock=soon(days=days))
    assert len(receiver.posted) == 3
    kept = caplog.text + str(list(ChangeItem.objects.values())) + str(list(WebhookDelivery.objects.values()))
    assert "answer 500" in kept
    for hidden in ("secret-part", "hush", SECRET, SECRET[6:], str(receiver.port)):
        assert hidden not in kept


@pytest.mark.django_db
def test_a_webhook_that_could_not_work_is_not_made() -> None:
    with pytest.raises(ValidationError) as refused:
        add_webhook(actor=make(User), client="Robot", address="https://192.168.0.1/", events=["x"], secret="whsec_x")
    assert set(refused.value.message_dict) == {"address", "events", "secret"}
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    ("address", "is_right"),
    [
        ("https://hooks.example.org/", True),
        ("http://8.8.8.8/", True),
        ("https://localhost/", False),
        ("https://service.internal/", False),
        ("https://[::1]/", False),
        ("https://[::ffff:10.0.0.1]/", False),
        ("https://hooks.example.org:8080/", False),
    ],
)
def test_what_is_plainly_inside_is_refused_before_anybody_calls_it(address: str, is_right: bool) -> None:
    webhook = Webhook(address=address, secret=SECRET, events=["report.approved"])
    assert ("address" not in wrong_with_webhook(webhook)) is is_right
    with override_settings(WEBHOOK_ALLOW_PRIVATE=True):
        assert ("address" not in wrong_with_webhook(webhook)) is (not address.endswith(":8080/"))


def test_every_event_is_one_of_an_operation() -> None:
    """The verbs are written where the operations are; a renamed one would silently tell nobody."""
    from campaigns.domain.follow_up_life import FollowUpVerb
    from campaigns.domain.warning_life import WHO_MAY as OF_PEOPLE
    from campaigns.domain.workflow import Verb

    steps = {f"{verb.value}_report" for verb in Verb}
    steps |= {f"{row.verb.value}_warning" for row in OF_PEOPLE}
    steps |= {f"{verb.value}_follow_up" for verb in FollowUpVerb}
    assert steps <= set(EVENTS)
    rooms = (Path("campaigns/operations"), Path("awards/operations"))
    written = "".join(file.read_text() for room in rooms for file in room.rglob("*.py"))
    assert [verb for verb in set(EVENTS) - steps if f'"{verb}"' not in written] == []
