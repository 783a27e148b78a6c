"""Robots speak in a group room: once for many people, signed, cut to size, at most 20 times a minute, errors seen."""

from __future__ import annotations

import json
import logging
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from hashlib import sha256
from hmac import digest
from threading import Barrier
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connections
from django.utils import timezone

from tests.receiver import Receiver, receiving
from tests.units.test_messages import person
from units.channels import channels, dingtalk, robots, stable_id, wecom
from units.domain.signatures import robot_signature
from units.models import Delivery, Message
from units.operations.deliveries import drain, retry
from units.operations.messages import send
from units.operations.outbox import BACK_OFF, Drained
from units.queries.rooms import room_post

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("UTC"))
DAY = date(2022, 9, 2)
PACK = {"campaign_en": "Hundred Days", "campaign_zh": "百日攻坚", "month": "2022-08", "number": 1}
PERIOD = {
    "campaign_en": "Hundred Days",
    "campaign_zh": "百日攻坚",
    "month": "2022-08",
    "due_at": "2022-09-05T18:00:00+08:00",
    "closes_at": "2022-09-13T18:00:00+08:00",
}
S = Delivery.Status
SECRET = "SECtest"


def clock_at(now: datetime) -> Any:
    return lambda: now


def robot_answer(errcode: Any = 0) -> bytes:
    body = json.dumps({"errcode": errcode, "errmsg": "token hush-in-the-answer"}).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def set_up(settings: Any, receiver: Receiver, *, wecom_too: bool = False) -> None:
    settings.DINGTALK_ROBOT_URL = f"http://127.0.0.1:{receiver.port}/robot/send?access_token=hush"
    settings.DINGTALK_ROBOT_SECRET = SECRET
    if wecom_too:
        settings.WECOM_ROBOT_URL = f"http://127.0.0.1:{receiver.port}/cgi-bin/webhook/send?key=hush"


@pytest.fixture
def robot(settings: Any) -> Iterator[Receiver]:
    """A DingTalk robot that takes everything."""
    with receiving(robot_answer()) as receiver:
        set_up(settings, receiver)
        yield receiver


def tell(*people: Any, subject: str = "pack:1", kind: str = "pack_ready", day: date = DAY, **params: Any) -> int:
    told = send(kind=kind, subject=subject, recipients=people, day=day, url="/packs/1/", params={**PACK, **params})
    Delivery.objects.filter(status=S.PENDING, attempts=0).update(next_attempt_at=NOW)
    return told


def to_room() -> Delivery:
    return Delivery.objects.exclude(room="").get()


def payload(receiver: Receiver, place: int = -1) -> dict[str, Any]:
    return json.loads(receiver.posted[place].body)


# --- what the room hears ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_robot_that_is_not_set_up_has_nothing_to_say() -> None:
    tell(person())
    assert [one.channel for one in Delivery.objects.all()] == ["email"]


@pytest.mark.django_db
def test_the_room_hears_once_what_many_people_are_told(robot: Receiver) -> None:
    tell(person("a"), person("b"))
    tell(person("c"))
    drain(clock=clock_at(NOW))
    assert len(robot.posted) == 1
    assert len(mail.outbox) == 3
    tell(person("d"), subject="pack:2")
    tell(person("e"), day=DAY + timedelta(days=1))
    drain(clock=clock_at(NOW))
    assert len(robot.posted) == 3


@pytest.mark.django_db
def test_what_is_for_one_person_alone_is_not_told_to_a_room(robot: Receiver) -> None:
    tell(person(), kind="report_returned")
    assert not Delivery.objects.exclude(room="").exists()


@pytest.mark.django_db
def test_of_messages_to_several_the_room_hears_only_what_all_share(robot: Receiver) -> None:
    for number, name in enumerate(("a", "b")):
        send(
            kind="report_due_soon", subject="period:x/2022-08", recipients=[person(name)], day=DAY, url=f"/{name}/",
            params={**PERIOD, "count": number + 3, "units": [{"name_en": f"Unit {name}", "name_zh": "", "count": 1}]},
        )  # fmt: skip
    Delivery.objects.update(next_attempt_at=NOW)
    drain(clock=clock_at(NOW))
    text = payload(robot)["markdown"]["text"]
    assert "2 reporters" in text
    assert "Unit " not in text
    assert room_post(Message.objects.latest("pk")).url.endswith("/")
    assert "/a/" not in text


@pytest.mark.django_db
def test_the_room_speaks_the_language_of_the_installation(robot: Receiver, settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    tell(person(language="en"))
    drain(clock=clock_at(NOW))
    assert "百日攻坚" in payload(robot)["markdown"]["text"]


@pytest.mark.parametrize("kind", ["report_due_soon", "report_overdue", "meeting_soon", "pack_ready"])
@pytest.mark.django_db
def test_every_kind_for_rooms_has_words_in_both_languages(kind: str, robot: Receiver) -> None:
    from django.utils import translation

    told = {**PACK, **PERIOD, "name_en": "Meeting", "name_zh": "会议", "held_on": "2022-09-20"}
    send(kind=kind, subject="x:1", recipients=[person()], day=DAY, url="/", params=told)
    for language in ("en", "zh-hans"):
        with translation.override(language):
            words = room_post(Message.objects.get()).words
        assert words.title not in ("", "Message")


# --- how it is told ---------------------------------------------------------------------------------------------------


def test_the_signature_is_that_of_the_test_vector() -> None:
    assert robot_signature(SECRET, 1658966400000) == "0Nd1ewT9IkuohOIAXpH2hsd4wuF2qLTWSQA01%2ByAKJQ%3D"


@pytest.mark.django_db
def test_a_dingtalk_post_is_signed_and_carries_its_message_id(robot: Receiver) -> None:
    tell(person())
    delivery = to_room()
    drain(clock=clock_at(NOW))
    query = parse_qs(urlsplit(robot.posted[0].line.split()[1]).query)
    (timestamp,), (sign,) = query["timestamp"], query["sign"]
    assert abs(int(timestamp) / 1000 - timezone.now().timestamp()) < 60
    assert sign == b64encode(digest(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), sha256)).decode()
    told = payload(robot)
    assert told["msgtype"] == "markdown"
    assert told["markdown"]["title"] == "The analysis pack for August 2022 is ready"
    assert told["markdown"]["text"].endswith(stable_id(delivery))
    assert "/packs/1/" in told["markdown"]["text"]


@pytest.mark.django_db
def test_a_wecom_post_is_cut_between_two_characters_with_a_link_to_the_rest(settings: Any) -> None:
    with receiving(robot_answer()) as receiver:
        settings.WECOM_ROBOT_URL = f"http://127.0.0.1:{receiver.port}/send?key=hush"
        tell(person(), campaign_en="攻坚" * 3000)
        drain(clock=clock_at(NOW))
    content = payload(receiver)["markdown"]["content"]
    assert wecom.MOST_BYTES - 3 <= len(content.encode()) <= wecom.MOST_BYTES
    assert "[Read the rest](http" in content
    assert content.endswith(stable_id(to_room()))
    assert "\ufffd" not in content


@pytest.mark.parametrize("most", range(8))
def test_a_text_is_never_cut_within_a_character(most: int) -> None:
    assert "攻a坚".startswith(robots.at_most("攻a坚", most))
    assert len(robots.at_most("攻a坚", most).encode()) <= most


@pytest.mark.django_db
def test_a_name_becomes_no_link_and_no_mention(robot: Receiver) -> None:
    tell(person(), campaign_en="[free](http://evil.example) <@all>")
    drain(clock=clock_at(NOW))
    text = payload(robot)["markdown"]["text"]
    assert "[free](" not in text
    assert "<@all>" not in text


# --- what goes wrong --------------------------------------------------------------------------------------------------

RUBBISH = b"HTTP/1.1 200 OK\r\n\r\n<html>hush</html>"
CHUNKED = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"err\r\na\r\ncode": 310\r\n1\r\n}\r\n0\r\n\r\n'


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (500, "answer 500"),
        (302, "answer 302"),
        (RUBBISH, "not an answer of a robot"),
        (b"hush, rubbish\r\n\r\n", "not an answer of HTTP"),
        (b"", "not an answer of HTTP"),
        (robot_answer(310000), "errcode 310000"),
        (robot_answer("0"), "not an answer of a robot"),
        (robot_answer(True), "not an answer of a robot"),
        (CHUNKED, "errcode 310"),
    ],
)
@pytest.mark.django_db
def test_whatever_is_no_ok_is_tried_again_and_its_reason_kept_without_a_secret(
    settings: Any, answer: Any, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    with receiving(answer, robot_answer()) as receiver, caplog.at_level(logging.DEBUG):
        set_up(settings, receiver)
        tell(person(email=""))
        assert drain(clock=clock_at(NOW)) == Drained(failed=1)
        delivery = to_room()
        assert (delivery.status, delivery.error, delivery.attempts) == (S.PENDING, error, 1)
        assert delivery.next_attempt_at == NOW + BACK_OFF[0]
        assert drain(clock=clock_at(NOW + BACK_OFF[0])) == Drained(sent=1)
    assert "hush" not in caplog.text
    assert SECRET not in caplog.text
    assert len({one.body for one in receiver.posted}) == 1


@pytest.mark.django_db
def test_a_robot_that_hangs_or_drips_is_given_up_on_and_holds_up_nobody(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(robots, "SECONDS", 0.3)
    with receiving(500) as hanging:
        hanging.answers[:] = [hanging.hang, hanging.drip]
        set_up(settings, hanging)
        for number in range(3):
            tell(person(f"reader-{number}"), subject=f"pack:{number}")
        assert drain(clock=clock_at(NOW)) == Drained(sent=3, failed=1)
        assert len(mail.outbox) == 3
        assert drain(clock=clock_at(NOW + timedelta(seconds=10))) == Drained()
        assert drain(clock=clock_at(NOW + BACK_OFF[0])) == Drained(failed=1)
    attempts = Delivery.objects.exclude(room="").order_by("attempts").values_list("attempts", "error")
    assert list(attempts) == [(0, ""), (1, "TimeoutError"), (1, "TimeoutError")]


@pytest.mark.django_db
def test_a_channel_that_is_down_rests_until_somebody_says_that_it_works(settings: Any) -> None:
    with receiving(500, robot_answer()) as receiver:
        set_up(settings, receiver)
        tell(person(email=""))
        drain(clock=clock_at(NOW))
        assert retry(delivery_ids=[to_room().pk], actor=person("office"), now=NOW) == 1
        assert drain(clock=clock_at(NOW)) == Drained(sent=1)


@pytest.mark.django_db
def test_a_robot_taken_out_of_the_settings_gives_its_deliveries_up(settings: Any, robot: Receiver) -> None:
    tell(person(email=""))
    settings.DINGTALK_ROBOT_URL = ""
    assert drain(clock=clock_at(NOW)) == Drained(dead=1)
    assert to_room().error == "the channel is not set up any more"


# --- twenty a minute --------------------------------------------------------------------------------------------------


def many(number: int) -> None:
    one = person(email="")
    for place in range(number):
        tell(one, subject=f"pack:{place}")


@pytest.mark.django_db
def test_what_is_beyond_twenty_a_minute_waits_and_that_is_no_attempt(robot: Receiver) -> None:
    many(25)
    assert drain(clock=clock_at(NOW)) == Drained(sent=20)
    assert drain(clock=clock_at(NOW + timedelta(seconds=59))) == Drained()
    waiting = Delivery.objects.filter(status=S.PENDING)
    assert set(waiting.values_list("attempts", "error", "lease_until")) == {(0, "", None)}
    assert drain(clock=clock_at(NOW + timedelta(seconds=60))) == Drained(sent=5)


@pytest.mark.django_db
def test_a_clock_that_is_put_back_silences_no_robot(robot: Receiver) -> None:
    many(21)
    assert drain(clock=clock_at(NOW)) == Drained(sent=20)
    Delivery.objects.update(next_attempt_at=NOW - timedelta(days=2))
    assert drain(clock=clock_at(NOW - timedelta(days=1))) == Drained(sent=1)


@pytest.mark.parametrize(("errcode", "channel"), [(130101, "dingtalk"), (45009, "wecom")])
@pytest.mark.django_db
def test_a_robot_that_says_too_often_is_left_alone_for_a_minute(settings: Any, errcode: int, channel: str) -> None:
    with receiving(robot_answer(errcode), robot_answer()) as receiver:
        set_up(settings, receiver)
        if channel == "wecom":
            settings.WECOM_ROBOT_URL, settings.DINGTALK_ROBOT_URL = f"{settings.DINGTALK_ROBOT_URL}&key=hush", ""
        many(2)
        assert drain(clock=clock_at(NOW)) == Drained()
        assert set(Delivery.objects.values_list("attempts", "status", "error")) == {(0, S.PENDING, "")}
        assert drain(clock=clock_at(NOW + timedelta(seconds=59))) == Drained()
        assert drain(clock=clock_at(NOW + timedelta(seconds=60))) == Drained(sent=2)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_workers_share_the_twenty_of_a_minute(robot: Receiver) -> None:
    many(30)
    start = Barrier(3)

    def run(_worker: int) -> int:
        try:
            start.wait()
            return drain(clock=clock_at(NOW)).sent
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(run, range(3))) == 20
    assert len(robot.posted) == 20


# --- secrets ----------------------------------------------------------------------------------------------------------


def test_neither_robot_tells_its_address(settings: Any) -> None:
    settings.DINGTALK_ROBOT_URL = "http://127.0.0.1:1/send?access_token=hush"
    settings.DINGTALK_ROBOT_SECRET = SECRET
    with pytest.raises(OSError, match=r"^(?!.*hush).*$") as problem:
        robots.say(dingtalk.address(), {}, too_many=())
    assert SECRET not in str(problem.value)
    assert {name for name, one in channels().items() if one.is_room} == {"dingtalk", "wecom"}
