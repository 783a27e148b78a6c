"""Figures for monitoring: counts and times alone, for this machine or for who has the token."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiaxing.metrics import escaped
from jiaxing.signs import BEAT, show_life
from tests.units.test_messages import person, send_to
from units.models import Delivery
from units.operations.beat_jobs import noted

pytestmark = pytest.mark.django_db
LINE = re.compile(r'[a-z_]+\{([a-z]+="[^"]*"(,[a-z]+="[^"]*")*)?\} -?[0-9.e+]+')


def told(**headers: Any) -> dict[str, float]:
    answer = Client().get("/metrics", **headers)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = answer.content.decode().splitlines()
    samples = [line for line in lines if not line.startswith("#")]
    assert all(LINE.fullmatch(line) for line in samples), samples
    return {name: float(value) for name, _space, value in (line.rpartition(" ") for line in samples)}


def test_it_tells_what_waits_and_how_long_who_was_seen_and_how_jobs_went() -> None:
    send_to(person("zhang-san"), person("li-si"), person("wang-wu"))
    first, second, _third = Delivery.objects.order_by("pk")
    Delivery.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=2))
    Delivery.objects.filter(pk=first.pk).update(status="dead")
    Delivery.objects.filter(pk=second.pk).update(attempts=1)
    show_life(BEAT)
    with noted("units.deliver") as counts:
        counts["sent"] = 1
    found = told()
    assert found['tracker_deliveries{channel="email",status="pending"}'] == 2
    assert found['tracker_deliveries{channel="email",status="dead"}'] == 1
    assert found['tracker_deliveries_tried_again{channel="email"}'] == 1
    assert 119 < found['tracker_oldest_waiting_seconds{channel="email"}'] < 180
    assert found['tracker_seen_seconds_ago{process="beat"}'] < 60
    assert found['tracker_job_runs_total{job="units.deliver"}'] == 1
    assert found['tracker_job_failures_total{job="units.deliver"}'] == 0
    assert 'tracker_deliveries{channel="webhook",status="sent"}' in found
    assert not any(name in str(found) for name in ("zhang", "li-si", "example.org"))


def test_it_makes_the_same_number_of_queries_whatever_there_is() -> None:
    with CaptureQueriesContext(connection) as few:
        told()
    send_to(person("a"), person("b"))
    with noted("units.deliver") as counts:
        counts["sent"] = 1
    with CaptureQueriesContext(connection) as many:
        told()
    assert len(few) == len(many) == 6


@pytest.mark.parametrize(
    "request_of",
    [
        {"REMOTE_ADDR": "203.0.113.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.7"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "203.0.113.7", "HTTP_AUTHORIZATION": "Bearer "},
        {"REMOTE_ADDR": "203.0.113.7", "HTTP_AUTHORIZATION": "Bearer not-the-token-at-all"},
    ],
)
def test_from_elsewhere_it_wants_the_token(settings: Any, request_of: dict[str, str]) -> None:
    assert Client().get("/metrics", **request_of).status_code == 403
    settings.METRICS_TOKEN = "a-token-of-the-operator"
    assert Client().get("/metrics", **request_of).status_code == 403
    told(**(request_of | {"HTTP_AUTHORIZATION": "Bearer a-token-of-the-operator"}))


def test_behind_a_proxy_everybody_seems_to_be_on_this_machine_so_the_token_counts(settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert Client().get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 403


def test_a_label_cannot_break_out_of_its_quotes() -> None:
    assert escaped('a"b\\c\nd') == 'a\\"b\\\\c\\nd'
