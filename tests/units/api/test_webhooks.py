"""Webhooks by the API: made and changed by who manages, told once what the secret is, never where they lead."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.admin_builders import make
from tests.api_cast import JSON, system
from tests.cast import Cast
from units.domain.signatures import key_of
from units.models import Change, ChangeItem, Webhook, WebhookDelivery
from units.operations.changes import record
from units.operations.sealing import seal_all

ADDRESS = "/api/v1/webhooks/"
HOOK = "https://hooks.example.org/very-secret-path?token=hush"
SECRET = "whsec_" + "c2Vjb25k" * 5
GIVEN = {"client": "Dashboard", "address": HOOK, "events": ["report.approved", "period.published"]}

pytestmark = pytest.mark.usefixtures("unthrottled")


@pytest.fixture
def unthrottled(cast: Cast, settings: Any) -> None:
    settings.API_THROTTLE = ""


@pytest.fixture
def client(unthrottled: None) -> Client:
    return system("read", "manage")


def post(client: Client, address: str = ADDRESS, /, **body: Any) -> Any:
    return client.post(address, json.dumps(body), content_type=JSON)


def patch(client: Client, webhook: Webhook, /, **body: Any) -> Any:
    address, tag = f"{ADDRESS}{webhook.pk}/", f'"{webhook.version}"'
    return client.patch(address, json.dumps(body), content_type=JSON, headers={"if-match": tag})


def pointers(answer: Any) -> list[str]:
    assert answer.status_code == 400, answer.content
    return [one["pointer"] for one in answer.json()["errors"]]


def test_a_new_webhook_is_told_its_secret_this_once(client: Client) -> None:
    answer = post(client, **GIVEN)
    assert answer.status_code == 201
    told, webhook = answer.json(), Webhook.objects.get()
    assert told["secret"] == webhook.secret
    assert len(key_of(webhook.secret)) == 32
    assert "no-store" in answer["Cache-Control"]
    assert answer["Location"].endswith(f"{ADDRESS}{webhook.pk}/")
    assert (told["host"], told["events"], told["version"]) == ("https://hooks.example.org/…", GIVEN["events"], 1)
    assert webhook.created_by is not None
    assert webhook.created_by.is_service
    change = Change.objects.get(verb="add", items__object_type="units.webhook")
    assert change.token is not None


def test_neither_address_nor_secret_is_ever_answered(client: Client) -> None:
    made = post(client, **GIVEN, secret=SECRET)
    assert made.json()["secret"] is None
    webhook = Webhook.objects.get()
    changed = patch(client, webhook, secret="whsec_" + "Zmlyc3" * 8, address=f"{HOOK}&second")
    assert changed.status_code == 200
    seen = made.content + changed.content
    seen += client.get(ADDRESS).content + client.get(f"{ADDRESS}{webhook.pk}/").content
    seen += b"".join(client.get(f"{ADDRESS}?format=csv").streaming_content)
    seal_all(now=timezone.now())
    seen += client.get("/api/v1/changes/?page_size=500").content
    told = seen.decode() + str(list(ChangeItem.objects.values()))
    for hidden in ("very-secret-path", "hush", SECRET[6:], "Zmlyc3Zmlyc3"):
        assert hidden not in told
    assert '"secret": "***"' in told.replace("'", '"')


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"address": "https://127.0.0.1/"}, "/address"),
        ({"address": "https://[::ffff:10.0.0.1]/"}, "/address"),
        ({"address": "http://localhost/"}, "/address"),
        ({"address": "ftp://example.org/"}, "/address"),
        ({"address": "https://hooks.example.org:25/"}, "/address"),
        ({"address": "nonsense"}, "/address"),
        ({"address": None}, "/address"),
        ({"address": "https://" + "a" * 500 + ".org/"}, "/address"),
        ({"secret": "whsec_short"}, "/secret"),
        ({"secret": ""}, "/secret"),
        ({"events": []}, "/events"),
        ({"events": ["report.approved", "report.approved"]}, "/events"),
        ({"events": ["report.exploded"]}, "/events/0"),
        ({"events": "report.approved"}, "/events"),
        ({"client": ""}, "/client"),
        ({"host": "https://other.example.org/…"}, "/host"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_what_could_not_work_is_named_by_its_place(client: Client, given: dict[str, Any], place: str) -> None:
    answer = post(client, **GIVEN | given)
    assert place in pointers(answer)
    assert "hush" not in answer.content.decode()
    assert not Webhook.objects.exists()


def test_the_same_address_is_subscribed_once_for_a_client(client: Client) -> None:
    assert post(client, **GIVEN).status_code == 201
    assert pointers(post(client, **GIVEN)) == ["/address"]
    assert post(client, **GIVEN | {"client": "Another"}).status_code == 201


def test_the_same_key_gets_the_same_answer_and_no_second_webhook(client: Client) -> None:
    answers = [
        client.post(ADDRESS, json.dumps(GIVEN), content_type=JSON, headers={"idempotency-key": "one"}).json()
        for _time in range(2)
    ]
    assert answers[0] == answers[1]
    assert Webhook.objects.count() == 1


def test_a_webhook_is_switched_off_with_its_version_and_not_deleted_once_it_was_told(client: Client) -> None:
    webhook = make(Webhook)
    assert patch(client, webhook, is_active=False).json()["is_active"] is False
    assert patch(client, webhook, is_active=True).status_code == 412
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.version) == (False, 2)
    told = make(WebhookDelivery).webhook
    for one, status in ((told, 409), (webhook, 204)):
        assert client.delete(f"{ADDRESS}{one.pk}/", headers={"if-match": "*"}).status_code == status
    assert list(Webhook.objects.all()) == [told]


def test_managing_alone_is_not_enough_where_reading_is_told() -> None:
    for answer in (system("manage").get(ADDRESS), post(system("manage"), **GIVEN)):
        assert answer.status_code == 403
        assert "read" in answer.json()["detail"]


def test_the_log_tells_how_each_delivery_went(client: Client) -> None:
    webhook, other = make(Webhook), make(Webhook)
    record(actor=None, verb="approve_report", touched=[])
    record(actor=None, verb="approve_report", touched=[])
    seal_all(now=timezone.now())
    first = WebhookDelivery.objects.filter(webhook=webhook).earliest("change__sequence")
    WebhookDelivery.objects.filter(pk=first.pk).update(
        status="dead", attempts=8, response_status=500, error="answer 500"
    )
    address = f"{ADDRESS}{webhook.pk}/deliveries/"
    newest, oldest = client.get(address).json()["results"]
    assert (oldest["status"], oldest["attempts"], oldest["response_status"]) == ("dead", 8, 500)
    assert newest["sequence"] == Change.objects.filter(verb="approve_report").latest("sequence").sequence
    assert [row["id"] for row in client.get(f"{address}?status=pending").json()["results"]] == [newest["id"]]
    assert client.get(f"{address}?event=nothing").status_code == 400
    assert client.get(f"{ADDRESS}{other.pk}/deliveries/{newest['id']}/").status_code == 404
    assert client.get(f"{ADDRESS}999/deliveries/").status_code == 404


def test_a_delivery_is_sent_again_unless_it_is_under_way(client: Client) -> None:
    delivery = make(WebhookDelivery, status="dead", attempts=8, error="answer 500")
    address = f"{ADDRESS}{delivery.webhook_id}/deliveries/{delivery.pk}/redeliver/"
    assert post(client, address, extra=1).status_code == 400
    answer = post(client, address)
    assert (answer.status_code, answer.json()["status"], answer.json()["attempts"]) == (200, "pending", 0)
    assert post(client, address).status_code == 409
    other = make(Webhook)
    assert post(client, f"{ADDRESS}{other.pk}/deliveries/{delivery.pk}/redeliver/").status_code == 404
