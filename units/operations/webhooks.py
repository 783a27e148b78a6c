"""Tells client systems of changes: one delivery for each webhook and change, signed, tried again until it is out."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from units.channels.webhooks import NoAnswer, post
from units.domain.addresses import NotAllowed
from units.domain.signatures import new_secret, signature
from units.models import Change, Sending, User, Webhook, WebhookDelivery
from units.operations.changes import Touched, record
from units.operations.outbox import (
    AT_ONCE,
    SECONDS_AT_ONCE,
    Clock,
    Drained,
    lease,
    note_failed,
    note_sent,
    put_back,
    words_of,
)
from units.operations.rows import save_row
from units.queries.webhooks import EVENTS, payload, wrong_with_webhook
from units.refusals import WrongState

DELIVER_TASK = "units.deliver_webhooks"
GONE = 410
KEPT_FOR = timedelta(days=90)
USER_AGENT = "tough-action-tracker-webhooks/1"


@transaction.atomic
def add_webhook(
    *, actor: User, client: str, address: str, events: Sequence[str], secret: str = "", is_active: bool = True
) -> Webhook:
    """Subscribes a client system. Without a secret one is made; `webhook.secret` is shown this once."""
    webhook = Webhook(
        client=client,
        address=address,
        events=list(events),
        secret=secret or new_secret(),
        is_active=is_active,
        created_by=actor,
    )
    save_row(row=webhook, actor=actor, rules=wrong_with_webhook)
    return webhook


# --- from changes to deliveries ---------------------------------------------------------------------------------------


def fan_out(changes: Collection[Change], *, now: datetime) -> int:
    """A delivery for every active webhook that asked for it; returns how many. Two queries, whatever the changes.

    What happened before somebody subscribed is not told.
    """
    named = [(change, EVENTS[change.verb]) for change in changes if change.verb in EVENTS]
    if not named:
        return 0
    rows = [
        WebhookDelivery(webhook=webhook, change=change, event=event, next_attempt_at=now)
        for webhook in Webhook.objects.filter(is_active=True)
        for change, event in named
        if event in webhook.events and change.at >= webhook.created_at
    ]
    WebhookDelivery.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)
    return len(rows)


# --- from deliveries to the address -----------------------------------------------------------------------------------


def drain(*, clock: Clock, limit: int = AT_ONCE, seconds: float = SECONDS_AT_ONCE) -> Drained:
    """Sends what is due, webhook by webhook, each outside of any transaction; `clock` tells the real time.

    After a failure the next webhook has its turn, so that one that hangs does not hold up the others.
    """
    ends_at = monotonic() + seconds
    outcomes: list[str] = []
    due = WebhookDelivery.objects.due(clock())
    for webhook_id in due.values("webhook").annotate(first=Min("next_attempt_at")).order_by("first", "webhook"):
        waiting = due.filter(webhook=webhook_id["webhook"]).order_by("next_attempt_at", "pk")
        for pk in list(waiting.values_list("pk", flat=True)[:limit]):
            if monotonic() > ends_at:
                return Drained.of(outcomes)
            delivery = claim(pk, now=clock())
            if delivery is None:
                continue
            outcomes.append(_attempt(delivery, clock))
            if outcomes[-1] != Sending.SENT:
                break
    return Drained.of(outcomes)


def claim(delivery_id: int, *, now: datetime) -> WebhookDelivery | None:
    """Leases one delivery, or returns nothing where another worker holds it or has sent it."""
    if not lease(WebhookDelivery, delivery_id, now=now):
        return None
    rows = WebhookDelivery.objects.select_related("webhook", "change").prefetch_related("change__items")
    return rows.get(pk=delivery_id)


def _attempt(delivery: WebhookDelivery, clock: Clock) -> str:
    if not delivery.webhook.is_active:
        return note_failed(delivery, "the webhook is switched off", at=clock(), is_final=True)
    try:
        status = _send(delivery, at=clock())
    except (NotAllowed, NoAnswer) as problem:
        return note_failed(delivery, str(problem), at=clock(), response_status=None)
    except Exception as problem:  # noqa: BLE001  (whatever happens to one delivery, the others go on)
        return note_failed(delivery, words_of(problem), at=clock(), response_status=None)
    if 200 <= status < 300:
        return note_sent(delivery, at=clock(), response_status=status)
    if status == GONE:
        _switch_off(delivery.webhook)
    return note_failed(delivery, f"answer {status}", at=clock(), is_final=status == GONE, response_status=status)


def _send(delivery: WebhookDelivery, *, at: datetime) -> int:
    body = json.dumps(payload(delivery.change, delivery.event), ensure_ascii=False, separators=(",", ":")).encode()
    message_id, timestamp = str(delivery.message_id), int(at.timestamp())
    signed = signature(delivery.webhook.secret, message_id=message_id, timestamp=timestamp, body=body)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signed,
    }
    return post(delivery.webhook.address, body=body, headers=headers)


@transaction.atomic
def _switch_off(webhook: Webhook) -> None:
    """The receiver has said that it is gone for good."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if webhook.is_active:
        webhook.is_active = False
        webhook.version += 1
        webhook.save(update_fields=["is_active", "version", "updated_at"])
        touched = Touched(webhook, {"is_active": True}, {"is_active": False})
        record(actor=None, verb="switch_off_webhook", reason="answer 410", touched=[touched])


def forget_old(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Deletes deliveries that ended `KEPT_FOR` ago, some at a time; returns how many. What waits always stays, and so
    does the change that was told. `now` is real time."""
    ended = WebhookDelivery.objects.exclude(status=Sending.PENDING).filter(next_attempt_at__lt=now - KEPT_FOR)
    pks = list(ended.order_by("next_attempt_at").values_list("pk", flat=True)[:limit])
    return ended.filter(pk__in=pks).delete()[0]


# --- once more --------------------------------------------------------------------------------------------------------


@transaction.atomic
def redeliver(*, delivery_ids: Collection[int], actor: User, now: datetime) -> int:
    """Sends deliveries again that were sent or given up, under the same message id; returns how many.

    Raises `WrongState` where one of them waits already, or its webhook is switched off. `now` is real time.
    """
    deliveries = list(
        WebhookDelivery.objects.select_for_update(of=("self",))
        .select_related("webhook")
        .filter(pk__in=delivery_ids)
        .order_by("pk")
    )
    if any(one.status == Sending.PENDING for one in deliveries):
        raise WrongState(_("This delivery is under way already."))
    if not all(one.webhook.is_active for one in deliveries):
        raise WrongState(_("The webhook is switched off. Switch it on first."))
    touched = put_back(deliveries, now=now)
    if touched:
        record(actor=actor, verb="redeliver_webhooks", touched=touched)
    return len(touched)
