"""The page of deliveries says how each channel stands, lists what failed, and takes it up again; secrets stay away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, client_of
from tests.units.test_messages import send_to
from units.models import Change, Delivery, User
from units.queries.deliveries import channel_lines

S = Delivery.Status


@pytest.fixture
def client(cast: Cast) -> Client:
    return client_of(cast.office)


def delivery(cast: Cast, who: str = "reporter", **fields: Any) -> Delivery:
    reader = getattr(cast, who)
    User.objects.filter(pk=reader.pk).update(mail_pace=User.MailPace.AT_ONCE)
    send_to(reader, subject=f"review:{Delivery.objects.count()}")
    made = Delivery.objects.latest("pk")
    Delivery.objects.filter(pk=made.pk).update(**fields)
    made.refresh_from_db()
    return made


def shown(client: Client, query: str = "") -> str:
    answer = client.get(reverse("deliveries") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_lists_what_failed_and_what_was_given_up_and_on_request_the_rest(client: Client, cast: Cast) -> None:
    delivery(cast, "reporter", status=S.DEAD, attempts=8, error="SMTPAuthenticationError 535")
    delivery(cast, "head", attempts=2, error="TimeoutError")
    delivery(cast, "outsider", error="")
    page = shown(client)
    assert "SMTPAuthenticationError 535" in page
    assert "TimeoutError" in page
    assert cast.outsider.display_name not in page
    assert "TimeoutError" not in shown(client, "?state=dead")
    assert cast.outsider.display_name in shown(client, "?state=waiting")
    assert "TimeoutError" not in shown(client, "?channel=wecom")
    assert "535" not in shown(client, f"?q={cast.head.username}")
    assert "535" in shown(client, "?state=no-such&channel=pigeon&page=99")


def test_the_ticked_ones_are_taken_up_again_with_a_record(client: Client, cast: Cast) -> None:
    dead, waiting = delivery(cast, status=S.DEAD, attempts=8, error="x"), delivery(cast, "head")
    answer = client.post(reverse("send_again") + "?state=dead", {"delivery": [dead.pk, waiting.pk, "x", "9" * 30]})
    assert answer.headers["Location"] == "/deliveries/?state=dead"
    dead.refresh_from_db()
    assert (dead.status, dead.attempts, dead.error) == (S.PENDING, 0, "")
    assert Change.objects.get(verb="retry_deliveries").items.count() == 1


def test_all_that_the_filter_shows_are_taken_up_again(client: Client, cast: Cast) -> None:
    dead, failing = delivery(cast, status=S.DEAD, attempts=8), delivery(cast, "head", attempts=1)
    held = delivery(cast, "outsider", attempts=1, lease_until=timezone.now() + timedelta(minutes=4))
    client.post(reverse("send_again") + "?state=dead", {"all": "1"})
    dead.refresh_from_db()
    failing.refresh_from_db()
    assert (dead.attempts, failing.attempts) == (0, 1)
    client.post(reverse("send_again"), {"all": "1"})
    failing.refresh_from_db()
    held.refresh_from_db()
    assert (failing.attempts, held.attempts) == (0, 1)


def test_the_numbers_of_each_channel_are_those_of_its_rows(cast: Cast, settings: Any) -> None:
    now = timezone.now()
    settings.WECOM_ROBOT_URL = "http://127.0.0.1:1/send?key=hush"
    delivery(cast, status=S.DEAD)
    delivery(cast, attempts=1, next_attempt_at=now - timedelta(hours=1))
    delivery(cast, status=S.SENT, sent_at=now)
    delivery(cast, status=S.SENT, sent_at=now - timedelta(days=2))
    lines = {line.name: line for line in channel_lines(now=now)}
    mail = lines["email"]
    assert (mail.waiting, mail.failing, mail.dead, mail.sent) == (1, 1, 1, 1)
    assert mail.oldest == now - timedelta(hours=1)
    assert (lines["wecom"].is_set_up, lines["dingtalk"].is_set_up) == (True, False)
    assert "webhook" in lines


def test_no_secret_of_a_robot_is_on_the_page(client: Client, cast: Cast, settings: Any) -> None:
    settings.WECOM_ROBOT_URL = "http://127.0.0.1:1/send?key=hush-hush"
    settings.DINGTALK_ROBOT_URL = "http://127.0.0.1:1/send?access_token=hush-hush"
    settings.DINGTALK_ROBOT_SECRET = "SECwhisper"
    send_to(cast.reporter, kind="pack_ready")
    page = shown(client, "?state=all")
    assert "WeCom robot" in page
    assert "hush-hush" not in page
    assert "SECwhisper" not in page
