"""A message is in the inbox once, with a delivery for each channel, and speaks its reader's language."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from socket import socket
from threading import Barrier
from time import monotonic
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from units.channels import channels
from units.models import Delivery, Message, User
from units.operations.messages import DELIVER_TASK, mark_all_read, mark_read, nudge, send, send_all
from units.queries.messages import Notice, words

DAY = date(2022, 9, 2)
REVIEW = {
    "count": 2,
    "filed_at": "2022-08-29T09:00:00+08:00",
    "unit_en": "Riverside Town",
    "unit_zh": "河畔市",
    "action_en": "Stable foreign trade",
    "action_zh": "稳外贸",
}
MONTH = {
    "campaign_en": "Hundred Days",
    "campaign_zh": "百日攻坚",
    "month": "2022-08",
    "due_at": "2022-09-05T18:00:00+08:00",
    "closes_at": "2022-09-13T18:00:00+08:00",
    "again_at": "2022-09-13T18:00:00+08:00",
    "to_sign": 1,
    "units": [{"name_en": "Riverside Town", "name_zh": "河畔市", "count": 2}],
    "unit_count": 3,
    "more_units": 2,
    "reason": "Please check the exports.",
    "by_en": "Head",
    "by_zh": "",
}
MEETING = {
    "name_en": "Monthly analysis meeting",
    "name_zh": "月度分析会",
    "held_on": "2022-09-20",
    "time": "14:30",
    "place": "Hall 1",
    "items": [{"title_en": "The town reports", "title_zh": "汇报"}],
}

FOLLOW_UPS = {
    "follow_ups": [
        {
            "number": "3",
            "title_en": "Move the power line",
            "title_zh": "电力线路迁改",
            "unit_en": "Riverside Town",
            "unit_zh": "河畔市",
            "due_on": "2022-09-30",
        }
    ],
}


def person(username: str = "reader", **fields: Any) -> User:
    return User.objects.create(username=username, **{"email": f"{username}@example.org"} | fields)


def send_to(*people: User, **fields: Any) -> int:
    usual = {
        "kind": "report_waiting_review",
        "subject": "review:queue",
        "day": DAY,
        "url": "/review/",
        "params": REVIEW,
    }
    return send(recipients=people, **usual | fields)


# --- once -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_message_is_sent_once() -> None:
    reader, other = person(), person("other")
    assert send_to(reader) == 1
    assert send_to(reader, other) == 1
    assert Message.objects.count() == Delivery.objects.count() == 2


@pytest.mark.django_db
def test_another_day_subject_or_kind_is_another_message() -> None:
    reader = person()
    assert send_to(reader) == 1
    assert send_to(reader, day=DAY + timedelta(days=1)) == 1
    assert send_to(reader, subject="review:other") == 1
    assert send_to(reader, kind="report_returned") == 1


@pytest.mark.django_db
def test_an_earlier_day_than_the_one_told_is_never_sent() -> None:
    reader = person()
    send_to(reader)
    assert send_to(reader, day=DAY - timedelta(days=1)) == 0


@pytest.mark.django_db
def test_of_several_days_at_once_the_newest_is_sent() -> None:
    reader = person()
    notices = [
        Notice(
            kind="meeting_soon", subject="meeting:1", recipient_id=reader.pk, day=DAY + timedelta(days=step), url="/"
        )
        for step in (0, 2, 1)
    ]
    assert send_all(notices) == 1
    assert Message.objects.get().day == DAY + timedelta(days=2)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_senders_at_the_same_time_write_each_message_once() -> None:
    people = [person(f"reader-{number}") for number in range(40)]
    start = Barrier(4)

    def run(worker: int) -> int:
        try:
            start.wait()
            return send_to(*(people if worker % 2 else reversed(people)))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    assert Message.objects.count() == Delivery.objects.count() == 40


@pytest.mark.django_db
def test_sending_takes_the_same_number_of_queries_for_one_and_for_three() -> None:
    with CaptureQueriesContext(connection) as one:
        send_to(person())
    people = [person(f"reader-{number}") for number in range(3)]
    with CaptureQueriesContext(connection) as three:
        send_to(*people)
    inserted_person = 1
    assert len(three) == len(one) - inserted_person


# --- channels -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_only_whom_a_channel_reaches_has_a_delivery() -> None:
    send_to(person(), person("without-address", email=""), person("gone", is_active=False))
    assert [one.message.recipient.username for one in Delivery.objects.all()] == ["reader"]
    assert Message.objects.count() == 3


@pytest.mark.django_db
def test_a_message_may_stay_in_the_inbox_alone() -> None:
    send_to(person(), channels=())
    assert Message.objects.count() == 1
    assert not Delivery.objects.exists()


def test_every_module_of_the_package_is_a_channel_that_a_delivery_can_name() -> None:
    assert set(channels()) == {channel.value for channel in Delivery.Channel}


# --- the nudge ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_broker_is_nudged_after_commit_and_only_for_something_new(django_capture_on_commit_callbacks: Any) -> None:
    reader = person()
    with django_capture_on_commit_callbacks() as first:
        send_to(reader)
    with django_capture_on_commit_callbacks() as again:
        send_to(reader)
    assert (first, again) == ([nudge], [])


@pytest.mark.parametrize("transport", ["redis", "amqp"])
@pytest.mark.parametrize("is_listening", [True, False])
def test_a_broker_that_is_gone_or_hangs_is_no_trouble(
    transport: str, is_listening: bool, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if is_listening:
            silent.listen()
        address = f"{transport}://user:hush@127.0.0.1:{silent.getsockname()[1]}/0"
        monkeypatch.setattr(current_app.conf, "broker_url", address)
        with caplog.at_level(logging.WARNING):
            began_at = monotonic()
            nudge()
    assert monotonic() - began_at < 5
    assert "did not take a nudge" in caplog.text
    assert "hush" not in caplog.text


def test_the_task_that_is_nudged_exists() -> None:
    import units.tasks

    assert units.tasks.deliver.name == DELIVER_TASK


# --- words ----------------------------------------------------------------------------------------------------------


def test_the_words_follow_the_readers_language() -> None:
    assert "Riverside Town, Stable foreign trade" in words("report_waiting_review", REVIEW).body
    with translation.override("zh-hans"):
        body = words("report_waiting_review", REVIEW).body
    assert "河畔市" in body
    assert "稳外贸" in body


def test_the_first_line_is_the_title_and_nothing_is_escaped() -> None:
    params = {**REVIEW, "unit_en": "Salt & <Sea>\nTown", "month": "2022-08", "reason": "5 < 6", "verb": "send_back"}
    told = words("report_returned", params)
    assert told.title == "Came back: Salt & <Sea>"
    assert "5 < 6" in told.body


def test_a_message_of_another_release_is_still_a_message() -> None:
    assert words("of_a_later_release", {}).title == "Message"
    assert words("report_overdue", {"month": "2022-08"}).title == "Message"


@pytest.mark.parametrize("kind", sorted(path.stem for path in (settings.BASE_DIR / "templates/messages").glob("*.txt")))
def test_every_kind_has_words_in_both_languages(kind: str) -> None:
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            told = words(kind, REVIEW | MONTH | MEETING | FOLLOW_UPS)
        assert told.title not in ("", "Message")
        assert told.body
        assert "\n\n" not in told.body


# --- reading --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_only_the_own_messages_are_marked_read_and_the_first_time_counts() -> None:
    reader, other = person(), person("other")
    send_to(reader, other)
    message = Message.objects.get(recipient=reader)
    mark_read(reader=other, message_id=message.pk)
    message.refresh_from_db()
    assert message.read_at is None
    mark_read(reader=reader, message_id=message.pk)
    message.refresh_from_db()
    first = message.read_at
    mark_read(reader=reader, message_id=message.pk)
    message.refresh_from_db()
    assert first is not None
    assert message.read_at == first


@pytest.mark.django_db
def test_all_up_to_a_message_are_marked_read() -> None:
    reader, other = person(), person("other")
    for step in range(3):
        send_to(reader, other, day=DAY + timedelta(days=step))
    second = Message.objects.filter(recipient=reader).order_by("pk")[1]
    assert mark_all_read(reader=reader, up_to=second.pk) == 2
    assert Message.objects.filter(read_at=None).count() == 1 + 3
