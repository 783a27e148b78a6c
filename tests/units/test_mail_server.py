"""A mail server that hangs, drips or answers rubbish costs one attempt and some seconds, and no other channel waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from socket import socket
from threading import Event, Thread
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.receiver import receiving
from tests.units.test_messages import person
from tests.units.test_robots import DAY, PACK, robot_answer, set_up
from units.models import Delivery
from units.operations.deliveries import drain
from units.operations.messages import send
from units.operations.outbox import BACK_OFF, Drained

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("UTC"))
pytestmark = pytest.mark.django_db


@contextmanager
def mail_server(settings: Any, answer: Callable[[socket, Event], None]) -> Iterator[None]:
    ends = Event()
    with socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def serve() -> None:
            while not ends.is_set():
                try:
                    connection, _place = listener.accept()
                except OSError:
                    return
                with connection:
                    try:
                        answer(connection, ends)
                    except OSError:
                        continue

        Thread(target=serve, daemon=True).start()
        settings.EMAIL_BACKEND = "jiaxing.mail.PunctualBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", listener.getsockname()[1]
        settings.EMAIL_TIMEOUT = 0.5
        try:
            yield
        finally:
            ends.set()


def hang(connection: socket, ends: Event) -> None:
    ends.wait(10)


def drip(connection: socket, ends: Event) -> None:
    """Each byte in time, the line never."""
    while not ends.wait(0.1):
        connection.sendall(b"2")


def talk_rubbish(connection: socket, ends: Event) -> None:
    connection.sendall(b"HTTP/1.1 418 hush\r\n\r\n")


def close(connection: socket, ends: Event) -> None:
    return


@pytest.mark.parametrize("answer", [hang, drip, talk_rubbish, close])
def test_whatever_the_mail_server_does_it_is_one_failed_attempt_and_the_robot_speaks(
    settings: Any, answer: Callable[[socket, Event], None], caplog: pytest.LogCaptureFixture
) -> None:
    with receiving(robot_answer()) as receiver, mail_server(settings, answer):
        set_up(settings, receiver)
        people = [person(f"reader-{number}") for number in range(3)]
        send(kind="pack_ready", subject="pack:1", recipients=people, day=DAY, url="/", params=PACK)
        Delivery.objects.update(next_attempt_at=NOW)
        began = monotonic()
        assert drain(clock=lambda: NOW) == Drained(sent=1, failed=1)
        assert monotonic() - began < 5
        assert drain(clock=lambda: NOW + timedelta(seconds=49)) == Drained()
    mails = Delivery.objects.filter(room="").order_by("-attempts")
    assert [one.attempts for one in mails] == [1, 0, 0]
    assert mails[0].error
    assert "hush" not in mails[0].error + caplog.text
    assert mails[0].next_attempt_at == NOW + BACK_OFF[0]
