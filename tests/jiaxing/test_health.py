"""The answers to those who watch the site."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from jiaxing.models import Heartbeat
from jiaxing.signs import BEAT, WORKER, show_life
from jiaxing.tasks import worker_seen
from tests.plugins.database import wanted_vendor


def test_healthz_answers_without_a_sign_in_and_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


@pytest.mark.django_db
def test_readyz_says_that_no_beat_was_seen_yet(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {
        "database": "ok",
        "migrations": "ok",
        "broker": "ok",
        "beat": "not seen yet",
        "worker": "not seen yet",
    }


@pytest.mark.django_db
def test_readyz_is_ready_once_a_worker_has_run_what_the_beat_sent(client: Client) -> None:
    show_life(BEAT)
    worker_seen()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


@pytest.mark.django_db
@pytest.mark.parametrize(("silent", "other"), [(BEAT, WORKER), (WORKER, BEAT)])
def test_readyz_tells_which_of_beat_and_worker_is_silent_and_for_how_long(
    client: Client, silent: str, other: str
) -> None:
    Heartbeat.objects.create(name=silent, seen_at=timezone.now() - timedelta(minutes=10))
    show_life(other)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"][silent].startswith("last seen 60")
    assert answer.json()["checks"][other] == "ok"


@pytest.mark.django_db
def test_the_suite_runs_on_the_database_it_was_asked_to_run_on() -> None:
    assert connection.vendor == wanted_vendor()
