"""The beat asks for everything when it starts, shows that it lives, and is not silenced by a clock that jumps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import Error
from django.utils import timezone

from jiaxing import beat
from jiaxing.celery import app
from jiaxing.models import Heartbeat
from jiaxing.signs import BEAT


class Noted(beat.SeenScheduler):
    """Notes what it would ask for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(app)

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        self.asked.append(entry.name)

    producer = None

    def run(self) -> list[str]:
        """As long as something is due; what was asked for."""
        self.asked = []
        while self.tick() == 0:
            pass
        return sorted(self.asked)


ALL = sorted(settings.CELERY_BEAT_SCHEDULE)


@pytest.fixture(autouse=True)
def connection_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The beat lets go of its connection; here it is that of the test."""
    monkeypatch.setattr(beat.connection, "close", lambda: None)


@pytest.mark.django_db
def test_a_beat_that_starts_asks_for_every_job_at_once_and_then_waits() -> None:
    scheduler = Noted()
    assert scheduler.run() == ALL
    assert scheduler.run() == []


@pytest.mark.django_db
def test_it_shows_that_it_is_alive_in_the_database_and_in_a_file() -> None:
    settings.BEAT_SEEN_FILE.unlink(missing_ok=True)
    Noted().tick()
    assert Heartbeat.objects.get(name=BEAT).seen_at > timezone.now() - timedelta(minutes=1)
    assert settings.BEAT_SEEN_FILE.exists()


@pytest.mark.django_db
def test_a_database_that_is_gone_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> None:
        raise Error

    monkeypatch.setattr(beat, "show_life", gone)
    assert Noted().run() == ALL


@pytest.mark.django_db
@pytest.mark.parametrize("jump", [-86_400.0, 86_400.0])
def test_after_a_jump_of_the_clock_every_job_is_asked_for_again(jump: float, time_machine_at: Any) -> None:
    scheduler = Noted()
    scheduler.run()
    time_machine_at(timezone.now() + timedelta(seconds=jump))
    assert scheduler.run() == ALL
    assert scheduler.run() == []


@pytest.fixture
def time_machine_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    import time_machine

    travels: list[Any] = []

    def travel(to: Any) -> None:
        travels.append(time_machine.travel(to, tick=True))
        # What runs through does not jump.
        real = beat.monotonic
        before = real()
        travels[-1].start()
        after = real()
        monkeypatch.setattr(beat, "monotonic", lambda: real() - (after - before))

    yield travel
    for one in travels:
        one.stop()
