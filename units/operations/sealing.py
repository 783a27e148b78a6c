"""Gives committed changes their place in the chain and hands them to the webhooks that asked for them.

The lock on the end of the chain lets one sealer in at a time. What commits after a sealer has looked gets a later
number: nothing is skipped, and nobody who follows the sequence has to look back.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch

from units.models import ChainHead, Change, ChangeItem
from units.operations.nudges import nudge_seldom
from units.operations.webhooks import DELIVER_TASK, fan_out
from units.queries.changes import content, digest_of

AT_ONCE = 500
MOST_TIMES = 100


def seal_all(*, now: datetime) -> int:
    """Seals what has committed by now, some at a time; returns how many. `now` is real time."""
    sealed = 0
    for _time in range(MOST_TIMES):
        count = seal(now=now)
        sealed += count
        if count < AT_ONCE:
            break
    return sealed


@transaction.atomic
def seal(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Seals up to `limit` changes in one transaction, with the deliveries that follow from them."""
    head = _locked_head()
    items = Prefetch("items", ChangeItem.objects.order_by("id"))
    changes = list(Change.objects.filter(sequence=None).order_by("id").prefetch_related(items)[:limit])
    if not changes:
        return 0
    for change in changes:
        head.sequence += 1
        head.digest = digest_of(content(change, sequence=head.sequence), previous=head.digest)
        change.sequence, change.digest = head.sequence, head.digest
    Change.objects.bulk_update(changes, ["sequence", "digest"])
    head.sealed_at = now
    head.save()
    if fan_out(changes, now=now):
        transaction.on_commit(lambda: nudge_seldom(DELIVER_TASK))
    return len(changes)


def _locked_head() -> ChainHead:
    """Waits for whoever is sealing; what is read afterwards is newer than what they wrote."""
    ChainHead.objects.get_or_create(pk=1)
    return ChainHead.objects.select_for_update().get(pk=1)
