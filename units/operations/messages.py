"""Puts messages into inboxes, exactly once, and with each one a delivery for every outside channel that reaches it.

The rows are the truth: the broker is only nudged, after commit, and may lose everything without harm.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from units.channels import Channel
from units.channels import channels as known_channels
from units.models import Delivery, Message, User
from units.operations import nudges
from units.operations.digests import gather
from units.queries.message_kinds import is_urgent
from units.queries.messages import Notice, newest_sent
from units.queries.rooms import goes_to_rooms, room_key
from units.queries.sending_hours import Hours, sending_hours

ROWS_AT_ONCE = 2000
DELIVER_TASK = "units.deliver"


def send(
    *,
    kind: str,
    subject: str,
    recipients: Iterable[User],
    day: date,
    url: str,
    params: Mapping[str, Any] | None = None,
    channels: Collection[str] | None = None,
) -> int:
    """Sends one message to several people; returns how many had not had it. See `send_all`."""
    return send_all(
        [
            Notice(kind=kind, subject=subject, recipient_id=one.pk, day=day, url=url, params=params or {})
            for one in recipients
        ],
        channels=channels,
    )


@transaction.atomic
def send_all(notices: Iterable[Notice], *, channels: Collection[str] | None = None) -> int:
    """Writes the notices that are not in the ledger yet, each with its deliveries; returns how many were new.

    A person who has had this kind of message about this subject, of the same or a later day, does not get it again: a
    second run, a second worker and a clock that goes backwards send nothing. Of several days only the newest is sent.
    `channels` None means all; an empty collection the inbox alone.
    """
    new = _not_sent_yet(notices)
    if not new:
        return 0
    for start in range(0, len(new), ROWS_AT_ONCE):
        Message.objects.bulk_create(
            (_message(one) for one in new[start : start + ROWS_AT_ONCE]),
            ignore_conflicts=True,  # another worker may have been faster
        )
    hours = sending_hours()
    for name, channel in sorted(known_channels().items()):
        if channel.is_set_up() and (channels is None or name in channels):
            make = _tell_room if channel.is_room else _make_deliveries
            make(new, name, channel, hours)
    transaction.on_commit(nudge)
    return len(new)


def mark_read(*, reader: User, message_id: int) -> None:
    """Marks one of the reader's messages as read; the first time counts."""
    Message.objects.filter(recipient=reader, pk=message_id, read_at=None).update(read_at=timezone.now())


def mark_all_read(*, reader: User, up_to: int) -> int:
    """Marks the reader's messages up to the one with this id, so that none is read that was not on the page."""
    return Message.objects.filter(recipient=reader, pk__lte=up_to, read_at=None).update(read_at=timezone.now())


def nudge() -> None:
    """Asks a worker to deliver now. Without an answer from the broker the next beat does it."""
    nudges.nudge(DELIVER_TASK)


def _not_sent_yet(notices: Iterable[Notice]) -> list[Notice]:
    """The newest of each key that is newer than what was sent, in the order in which every worker writes them."""
    newest: dict[tuple[str, str, int], Notice] = {}
    for one in notices:
        known = newest.get(one.key)
        if known is None or one.day > known.day:
            newest[one.key] = one
    sent = newest_sent(newest.values())
    fresh = (one for one in newest.values() if one.key not in sent or sent[one.key] < one.day)
    return sorted(fresh, key=lambda one: one.key)


def _message(notice: Notice) -> Message:
    return Message(
        kind=notice.kind,
        subject=notice.subject,
        recipient_id=notice.recipient_id,
        day=notice.day,
        params=dict(notice.params),
        url=notice.url,
    )


def _make_deliveries(new: Collection[Notice], name: str, channel: Channel, hours: Hours) -> None:
    """For these messages whose recipient the channel reaches: a delivery for each that is urgent or wanted by itself,
    the others in a digest. A fixed number of queries."""
    wanted = {(*one.key, one.day) for one in new}
    rows = (
        Message.objects.filter(channel.reaches)
        .filter(kind__in={one.kind for one in new}, day__in={one.day for one in new})
        .order_by("pk")
        .values_list("pk", "kind", "subject", "recipient_id", "day", "recipient__mail_pace")
    )
    now: datetime = timezone.now()
    alone: list[Delivery] = []
    together: dict[int, int] = {}
    for pk, kind, subject, recipient_id, day, pace in rows.iterator(chunk_size=ROWS_AT_ONCE):
        if (kind, subject, recipient_id, day) not in wanted:
            continue
        if not is_urgent(kind) and hours.makes_digests and pace == User.MailPace.DIGEST:
            together[pk] = recipient_id
        else:
            alone.append(Delivery(message_id=pk, channel=name, next_attempt_at=_goes_out(kind, hours, now)))
    if alone:
        Delivery.objects.bulk_create(alone, batch_size=ROWS_AT_ONCE, ignore_conflicts=True)
    if together:
        gather(name, together, hours=hours, now=now)


def _goes_out(kind: str, hours: Hours, now: datetime) -> datetime:
    return now if is_urgent(kind) else hours.opens(now)


def _tell_room(new: Collection[Notice], name: str, channel: Channel, hours: Hours) -> None:
    """A delivery for each kind, subject and day of these that has words for a room; it hangs on the first message, and
    is made once. Two queries."""
    wanted = {(one.kind, one.subject, one.day) for one in new if goes_to_rooms(one.kind)}
    if not wanted:
        return
    rows = (
        Message.objects.filter(channel.reaches)
        .filter(kind__in={kind for kind, _subject, _day in wanted}, day__in={day for _kind, _subject, day in wanted})
        .order_by("kind", "subject", "day")
        .values_list("kind", "subject", "day")
        .annotate(first=Min("pk"))
    )
    now = timezone.now()
    Delivery.objects.bulk_create(
        [
            Delivery(
                message_id=first,
                channel=name,
                room=room_key(kind, subject, day),
                next_attempt_at=_goes_out(kind, hours, now),
            )
            for kind, subject, day, first in rows
            if (kind, subject, day) in wanted
        ],
        batch_size=ROWS_AT_ONCE,
        ignore_conflicts=True,
    )
