"""Client systems: a token is shown once and kept as a digest; address and secret of a webhook never come out."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from tests.admin_builders import make
from tests.admin_forms import add, change, errors, page, run, told
from tests.cast import client_of
from units.models import ApiToken, Change, ChangeItem, Unit, User, Webhook, WebhookDelivery
from units.operations.tokens import create_token, revoke_token
from units.refusals import Invalid, WrongState

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return make(User, is_superuser=True, is_staff=True)


@pytest.fixture
def client(administrator: User) -> Client:
    return client_of(administrator)


def test_a_new_token_is_shown_once_and_kept_as_a_digest(client: Client, administrator: User) -> None:
    answer = add(client, ApiToken, client="Statistics", can_report="on")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    shown = re.search(r'<pre id="new-token">(.+?)</pre>', answer.content.decode())
    assert shown
    row = ApiToken.objects.get()
    assert row.digest == hashlib.sha256(shown[1].encode()).hexdigest()
    assert row.hint == shown[1][:8]
    assert (row.can_read, row.can_report, row.can_manage) == (True, True, False)
    assert row.created_by == administrator
    for later in (page(ApiToken, "changelist"), page(ApiToken, "change", row.pk)):
        content = client.get(later).content.decode()
        assert shown[1] not in content
        assert row.digest not in content
    record = Change.objects.get()
    assert record.verb == "create_token"
    assert "digest" not in record.items.get().after


def test_a_token_that_may_do_nothing_is_refused(client: Client) -> None:
    answer = add(client, ApiToken, client="Statistics", can_read=None)
    assert "at least one thing" in str(errors(answer))
    assert not ApiToken.objects.exists()


def test_a_token_that_has_expired_already_is_refused(client: Client) -> None:
    answer = add(client, ApiToken, client="Statistics", expires_at_0="2020-01-01", expires_at_1="00:00")
    assert "expired" in errors(answer)["expires_at"][0]
    assert not ApiToken.objects.exists()


def test_a_token_is_revoked_and_never_changed(client: Client) -> None:
    token = make(ApiToken)
    assert client.post(page(ApiToken, "change", token.pk), {"client": "Other"}).status_code == 403
    assert told(run(client, "revoke", token, answered="yes")) == ["1 token revoked."]
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert "revoked already" in told(run(client, "revoke", token, answered="yes"))[-1]


def test_only_an_administrator_makes_and_revokes_tokens(administrator: User) -> None:
    person = make(User)
    with pytest.raises(PermissionDenied):
        create_token(client="System", scopes=["read"], actor=person)
    with pytest.raises(PermissionDenied):
        revoke_token(token=make(ApiToken), actor=person)


@pytest.mark.parametrize(
    "given",
    [
        {"client": " "},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"expires_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_a_token_is_made_of_sensible_things(administrator: User, given: dict) -> None:
    with pytest.raises(Invalid):
        create_token(**{"client": "System", "scopes": ["read"], "actor": administrator} | given)


def test_a_revoked_token_stays_revoked(administrator: User) -> None:
    token = revoke_token(token=make(ApiToken), actor=administrator)
    with pytest.raises(WrongState):
        revoke_token(token=token, actor=administrator)


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("create_token", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_the_command_prints_a_token_once() -> None:
    unit = make(Unit)
    token = printed("--client", "Statistics", "--scope", "read", "report", "--unit", unit.code, "--days", "30")
    row = ApiToken.objects.get()
    assert row.digest == hashlib.sha256(token.encode()).hexdigest()
    assert (row.client, row.unit, row.can_read, row.can_report, row.can_manage) == (
        "Statistics",
        unit,
        True,
        True,
        False,
    )
    assert row.expires_at
    assert timedelta(days=29) < row.expires_at - timezone.now() <= timedelta(days=30)
    assert Change.objects.get().actor is None


def test_the_command_takes_each_scope_by_itself_too() -> None:
    printed("--client", "Statistics", "--scope", "read", "--scope", "manage")
    row = ApiToken.objects.get()
    assert (row.can_read, row.can_report, row.can_manage, row.expires_at, row.unit) == (True, False, True, None, None)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--client", "X", "--scope", "everything"], "invalid choice"),
        (["--client", "X"], "--scope"),
        (["--scope", "read"], "--client"),
        (["--client", " ", "--scope", "read"], "Name the client"),
        (["--client", "X", "--scope", "read", "--unit", "nowhere"], "nowhere"),
        (["--client", "X", "--scope", "read", "--days", "0"], "--days"),
    ],
)
def test_the_command_says_what_is_wrong(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        printed(*arguments)
    assert not ApiToken.objects.exists()


ADDRESS = "https://hooks.example.org/robot/very-secret-path?token=abc"
FIRST = "whsec_" + "Zmlyc3" * 8
SECOND = "whsec_" + "c2Vjb25k" * 5


def test_a_webhook_keeps_address_and_secret_to_itself(client: Client, administrator: User) -> None:
    add(client, Webhook, client="Robot", address=ADDRESS, secret=FIRST, events=["report.approved"])
    webhook = Webhook.objects.get()
    assert (webhook.address, webhook.secret, webhook.created_by) == (ADDRESS, FIRST, administrator)
    change(client, webhook, client="Robot two")
    change(client, webhook, secret=SECOND)
    webhook.refresh_from_db()
    assert (webhook.client, webhook.address, webhook.secret) == ("Robot two", ADDRESS, SECOND)
    pages = [page(Webhook, "changelist"), page(Webhook, "change", webhook.pk), page(Webhook, "history", webhook.pk)]
    seen = "".join(client.get(address).content.decode() for address in pages)
    seen += str(list(ChangeItem.objects.values()))
    assert "https://hooks.example.org/…" in seen
    for hidden in ("very-secret-path", "token=abc", FIRST, SECOND):
        assert hidden not in seen
    assert ChangeItem.objects.latest("id").after == {"secret": "***"}


def test_a_secret_that_is_made_here_is_shown_once(client: Client) -> None:
    answer = add(client, Webhook, client="Robot", address=ADDRESS, events=["report.approved", "period.opened"])
    webhook = Webhook.objects.get()
    shown = re.search(r'<pre id="new-secret">(.+?)</pre>', answer.content.decode())
    assert shown
    assert shown[1] == webhook.secret
    assert "no-store" in answer["Cache-Control"]
    assert webhook.events == ["report.approved", "period.opened"]
    assert webhook.secret not in client.get(page(Webhook, "change", webhook.pk)).content.decode()


@pytest.mark.parametrize(
    ("typed", "box"),
    [
        ({"address": ""}, "address"),
        ({"address": "https://10.0.0.8/hook"}, "address"),
        ({"address": "https://hooks.example.org:22/"}, "address"),
        ({"address": "https://me:hush@hooks.example.org/"}, "address"),
        ({"secret": "short"}, "secret"),
        ({"events": []}, "events"),
        ({"events": ["oops"]}, "events"),
    ],
)
def test_a_webhook_that_could_not_work_is_refused(client: Client, typed: dict, box: str) -> None:
    answer = add(client, Webhook, **{"client": "Robot", "address": ADDRESS, "events": ["report.approved"]} | typed)
    assert box in errors(answer)
    assert not Webhook.objects.exists()


def test_a_delivery_is_sent_again_from_the_list(client: Client) -> None:
    delivery = make(WebhookDelivery, status="dead", attempts=8)
    assert told(run(client, "send_again", delivery)) == ["1 delivery taken up again."]
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == ("pending", 0)
    assert "under way" in told(run(client, "send_again", delivery))[-1]


def test_the_same_address_twice_for_one_client_is_said_beside_the_box(client: Client) -> None:
    make(Webhook, client="Robot", address=ADDRESS)
    answer = add(client, Webhook, client="Robot", address=ADDRESS, secret=FIRST, events=["report.approved"])
    assert "already exists" in errors(answer)["address"][0]
