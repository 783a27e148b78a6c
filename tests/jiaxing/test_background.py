"""The page of the background jobs, what each run leaves, and the button that asks for one now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jiaxing.signs import BEAT, WORKER, show_life
from tests.cast import Cast, client_of
from units.models import BeatJob, BeatRun, Change
from units.operations import beat_jobs, nudges
from units.queries.beat_jobs import COUNT_WORDS, background_jobs
from units.tasks import clean, deliver, watch_tokens

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast) -> Client:
    return client_of(cast.office)


def test_a_run_notes_when_and_how_long_and_an_idle_one_leaves_no_history() -> None:
    deliver()
    job = BeatJob.objects.get(task="units.deliver")
    assert job.started_at is not None
    assert job.finished_at is not None
    assert job.started_at <= job.finished_at
    assert (job.counts, job.error, job.runs, job.failures) == ({}, "", 1, 0)
    assert not BeatRun.objects.exists()


def test_a_run_that_did_something_says_what() -> None:
    with beat_jobs.noted("units.clean_up") as counts:
        counts |= {"keys": 3, "uploads": 0}
    assert BeatRun.objects.get().counts == {"keys": 3}


def test_a_run_that_breaks_off_says_so_without_the_words_of_the_failure_and_is_raised_on() -> None:
    with pytest.raises(OSError, match="hush"), beat_jobs.noted("units.clean_up"):
        raise ConnectionRefusedError(111, "postgres://u:hush@h")
    job = BeatJob.objects.get()
    assert (job.error, job.failures) == ("ConnectionRefusedError 111", 1)
    assert job.failed_at is not None
    clean()
    job.refresh_from_db()
    assert (job.error, job.runs) == ("", 2)
    assert BeatRun.objects.filter(error="ConnectionRefusedError 111").exists()


def test_the_page_shows_last_and_next_run_and_what_it_did(client: Client) -> None:
    with beat_jobs.noted("units.deliver") as counts:
        counts["sent"] = 12
    page = client.get(reverse("background")).content.decode()
    assert "12 sent" in page
    assert "Sending messages" in page
    assert page.count("Run now") == len(settings.CELERY_BEAT_SCHEDULE) - len({"jiaxing.worker_seen"})


def test_the_page_says_which_of_beat_and_worker_is_silent(client: Client) -> None:
    show_life(BEAT)
    page = client.get(reverse("background")).content.decode()
    assert "A worker has been silent" in page
    assert "The beat has been silent" not in page
    show_life(WORKER)
    assert "has been silent" not in client.get(reverse("background")).content.decode()


def test_the_next_run_is_the_beats_interval_after_the_last() -> None:
    now = timezone.now()
    BeatJob.objects.create(task="units.deliver", started_at=now - timedelta(seconds=20), finished_at=now, seconds=20)
    BeatJob.objects.create(task="units.clean_up", started_at=now - timedelta(hours=3))
    known = [beat_jobs.KNOWN["units.deliver"], beat_jobs.KNOWN["units.clean_up"]]
    due, late = background_jobs(known, {"units.deliver": 60.0, "units.clean_up": 3600.0}, now=now)
    assert due.next_at == now + timedelta(seconds=40)
    assert (late.next_at, late.is_running) == (None, True)


def test_the_button_asks_a_worker_and_leaves_a_record(client: Client, cast: Cast, monkeypatch: Any) -> None:
    asked: list[str] = []
    monkeypatch.setattr(nudges, "nudge", lambda task: asked.append(task) or True)
    answer = client.post(reverse("run_job", args=["units.clean_up"]), follow=True)
    assert "Asked for: Clean-up" in answer.content.decode()
    assert asked == ["units.clean_up"]
    assert Change.objects.get(verb="run_job").actor == cast.office


def test_a_broker_that_does_not_answer_is_told(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(nudges, "nudge", lambda task: False)
    answer = client.post(reverse("run_job", args=["units.clean_up"]), follow=True)
    assert "The broker did not answer" in answer.content.decode()


def test_only_jobs_of_the_beat_can_be_asked_for(client: Client) -> None:
    assert client.post(reverse("run_job", args=["celery.backend_cleanup"])).status_code == 404
    assert client.get(reverse("run_job", args=["units.clean_up"])).status_code == 405


def test_every_job_has_a_title_a_purpose_and_words_for_its_counts() -> None:
    assert all(str(one.title) and str(one.purpose) for one in beat_jobs.KNOWN.values())
    for job in (clean, deliver, watch_tokens):
        job()
    assert set(COUNT_WORDS) >= set(beat_jobs_counts())


def beat_jobs_counts() -> list[str]:
    from units.tasks import clean_up

    return [*clean_up(now=timezone.now()), "sent", "failed", "dead", "told", "revoked"]
