"""Switches kinds of messages on and off on a channel. The inbox has all of them, always."""

from __future__ import annotations

from django.db import transaction

from units.models import Delivery, DigestLine, MessagePreference, Sending, User
from units.operations.changes import Touched, record
from units.queries.preferences import ALL


@transaction.atomic
def set_preference(*, user: User, channel: str, kind: str, is_on: bool) -> bool:
    """Says of a kind, or of all kinds, whether the person wants it there; returns whether that changed anything.

    What is said of all takes the place of what had been said of each. What waits to go out is dropped where it is not
    wanted any more, out of digests too.
    """
    User.objects.select_for_update().get(pk=user.pk)  # one hand at a time
    said = MessagePreference.objects.filter(user=user, channel=channel)
    before = dict(said.values_list("kind", "is_on"))
    after = {ALL: is_on} if kind == ALL else {**before, kind: is_on}
    if is_on and kind != ALL and before.get(ALL, True):
        del after[kind]  # as it is without a word
    if after == {ALL: True}:
        after = {}
    if after == before:
        return False
    said.exclude(kind__in=after).delete()
    for name, value in after.items():
        MessagePreference.objects.update_or_create(user=user, channel=channel, kind=name, defaults={"is_on": value})
    _drop_waiting(user, channel, kind, after)
    shown = [{"channel": channel, "kinds": kinds} for kinds in (before, after)]
    record(actor=user, verb="set_message_preference", touched=[Touched(user, *shown)])
    return True


def _drop_waiting(user: User, channel: str, kind: str, after: dict[str, bool]) -> None:
    waiting = Delivery.objects.filter(
        message__recipient=user, channel=channel, room="", status=Sending.PENDING, lease_until=None
    )
    if not after.get(kind, True):
        if kind == ALL:
            waiting.delete()
            return
        waiting.filter(message__kind=kind, digest="").delete()
        DigestLine.objects.filter(delivery__in=waiting, message__kind=kind).delete()
        waiting.filter(lines=None).exclude(digest="").delete()
