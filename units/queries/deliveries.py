"""What waits to go out, what failed and what was given up, for those who watch over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from units.channels import channels
from units.models import Delivery, Sending, WebhookDelivery

WAITING = Q(status=Sending.PENDING)
FAILING = WAITING & Q(attempts__gt=0)
GIVEN_UP = Q(status=Sending.DEAD)
STATES: dict[str, tuple[Any, Q]] = {
    "": (_("failed or given up"), FAILING | GIVEN_UP),
    "waiting": (_("waiting"), WAITING),
    "failing": (_("failed, to be tried again"), FAILING),
    "dead": (_("given up"), GIVEN_UP),
    "sent": (_("sent"), Q(status=Sending.SENT)),
    "all": (_("all"), Q()),
}
CHANNEL_NAMES: dict[str, Any] = dict(Delivery.Channel.choices)
WEBHOOKS = "webhook"
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """How one channel stands; `oldest` is since when the oldest waiting one is due."""

    name: str
    label: Any
    is_set_up: bool
    waiting: int
    failing: int
    dead: int
    sent: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedDeliveries:
    state: str = ""
    channel: str = ""
    words: str = ""


def channel_lines(*, now: datetime) -> Sequence[ChannelLine]:
    """Every channel that can be used or has something; `sent` of the last 24 hours. Two queries."""
    counts = {
        "waiting": Count("pk", filter=WAITING),
        "failing": Count("pk", filter=FAILING),
        "dead": Count("pk", filter=GIVEN_UP),
        "sent": Count("pk", filter=Q(sent_at__gt=now - A_DAY)),
        "oldest": Min("next_attempt_at", filter=WAITING & Q(next_attempt_at__lte=now)),
    }
    rows: list[dict[str, Any]] = list(Delivery.objects.order_by().values("channel").annotate(**counts))  # type: ignore[arg-type]
    found: dict[str, dict[str, Any]] = {row.pop("channel"): row for row in rows}
    found[WEBHOOKS] = WebhookDelivery.objects.aggregate(**counts)
    lines = []
    for name in [*sorted(channels()), *sorted(set(found) - {*channels(), WEBHOOKS}), WEBHOOKS]:
        is_set_up = name == WEBHOOKS or (name in channels() and channels()[name].is_set_up())
        nothing = {"waiting": 0, "failing": 0, "dead": 0, "sent": 0, "oldest": None}
        label = _("Webhooks of other systems") if name == WEBHOOKS else CHANNEL_NAMES.get(name, name)
        lines.append(ChannelLine(name, label, is_set_up, **(found.get(name) or nothing)))
    return lines


def deliveries(wanted: WantedDeliveries) -> QuerySet[Delivery]:
    """Newest first, with their messages and recipients."""
    rows = Delivery.objects.filter(STATES.get(wanted.state, STATES[""])[1])
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    if wanted.words:
        rows = rows.filter(
            Q(message__recipient__username__icontains=wanted.words)
            | Q(message__recipient__name__icontains=wanted.words)
            | Q(message__recipient__name_zh__icontains=wanted.words)
            | Q(message__subject__icontains=wanted.words)
            | Q(error__icontains=wanted.words)
        )
    return rows.select_related("message__recipient").order_by("-pk")
