"""The answers to those who watch the site."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from jiaxing.models import Heartbeat
from jiaxing.tasks import BEAT, beat_seen
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
    }


@pytest.mark.django_db
def test_readyz_is_ready_once_a_worker_has_run_what_the_beat_sent(client: Client) -> None:
    beat_seen()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


@pytest.mark.django_db
def test_readyz_tells_how_long_the_beat_has_been_silent(client: Client) -> None:
    Heartbeat.objects.create(name=BEAT, seen_at=timezone.now() - timedelta(minutes=10))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["beat"].startswith("last seen 60")


@pytest.mark.django_db
def test_the_suite_runs_on_the_database_it_was_asked_to_run_on() -> None:
    assert connection.vendor == wanted_vendor()
