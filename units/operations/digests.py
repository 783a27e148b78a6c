"""Gathers what is not urgent into one delivery for each person, channel and working day.

A digest that nobody has tried to send yet takes what comes; what comes later waits for that of the next working day. So
after days of silence, of the planner or of the worker, a person gets one digest, not one for each day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.timezone import get_current_timezone

from units.models import Delivery, DigestLine, Sending
from units.queries.sending_hours import Hours

ROWS_AT_ONCE = 2000
NAMED_AT_MOST = 500


def gather(channel: str, messages: Mapping[int, int], *, hours: Hours, now: datetime) -> None:
    """Puts messages (id to recipient) into the digest that is open for their recipient, or into a new one. Call it in
    the transaction that writes the messages. Six queries at most."""
    taken = set(
        DigestLine.objects.filter(channel=channel, message__gte=min(messages)).values_list("message", flat=True)
    )
    new = {message: recipient for message, recipient in messages.items() if message not in taken}
    if not new:
        return
    open_ones = _open(channel, set(new.values()))
    first: dict[int, int] = {}
    for message, recipient in sorted(new.items()):
        if recipient not in open_ones:
            first.setdefault(recipient, message)
    if first:
        _make(channel, first, hours=hours, now=now)
        open_ones = _open(channel, set(new.values()))
    DigestLine.objects.bulk_create(
        (
            DigestLine(delivery_id=open_ones[recipient], message_id=message, channel=channel)
            for message, recipient in sorted(new.items())
            if recipient in open_ones
        ),
        batch_size=ROWS_AT_ONCE,
        ignore_conflicts=True,
    )


def _open(channel: str, recipients: set[int]) -> dict[int, int]:
    """The digest of each recipient that may still be added to. Locked, so that no worker claims it meanwhile: a claim
    waits, and then finds the new lines too. One query."""
    rows = Delivery.objects.select_for_update(of=("self",)).filter(
        channel=channel, status=Sending.PENDING, attempts=0, lease_until=None
    )
    if len(recipients) <= NAMED_AT_MOST:
        rows = rows.filter(message__recipient__in=recipients)
    return dict(rows.exclude(digest="").order_by("pk").values_list("message__recipient_id", "pk"))


def _make(channel: str, first: Mapping[int, int], *, hours: Hours, now: datetime) -> None:
    """A digest for each recipient, hung on the first message: now or in the next morning within the hours; for who has
    had that day's digest already, on the working day after it. Two queries."""
    opens = hours.opens(now)
    day = opens.astimezone(get_current_timezone()).date()
    later = hours.next_morning(day)
    had = set(Delivery.objects.filter(channel=channel, digest__endswith=f":{day}").values_list("digest", flat=True))
    rows = []
    for recipient, message in first.items():
        at, key = opens, f"{recipient}:{day}"
        if key in had:
            at, key = later, f"{recipient}:{later.astimezone(get_current_timezone()).date()}"
        rows.append(Delivery(message_id=message, channel=channel, digest=key, next_attempt_at=at))
    Delivery.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE, ignore_conflicts=True)
