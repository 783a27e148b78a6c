"""The record of changes as others follow it: what each reads of it, its canonical form, and whether its chain holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from units.models import ChainHead, Change, ChangeItem
from units.permissions import Capacities, sees_whole_record

INTERNAL = (
    "units.user",
    "units.membership",
    "units.apitoken",
    "units.idempotencykey",
    "units.webhook",
    "units.webhookdelivery",
    "units.message",
    "units.delivery",
    "units.upload",
    "units.job",
    "units.beatjob",
)
"""Kinds of rows about people and client systems: for those who administer them, never part of the feed of all."""

ROWS_AT_ONCE = 500


def feed(person: Capacities) -> QuerySet[Change]:
    """Sealed changes with their items, as far as this person or client may follow them. Two queries.

    Administrators, the office and managing clients see all; whoever reads everything all but people and client
    systems; everybody else what concerns the own units, and of that only the rows that do.
    """
    items = ChangeItem.objects.order_by("id")
    changes = Change.objects.filter(sequence__isnull=False).select_related("actor", "on_behalf_of", "token")
    if sees_whole_record(person):
        return changes.prefetch_related(Prefetch("items", items))
    items = items.filter(_readable(person))
    return changes.filter(Exists(items.filter(change=OuterRef("pk")).order_by())).prefetch_related(
        Prefetch("items", items)
    )


def _readable(person: Capacities) -> Q:
    if person.reads_everything:
        return ~Q(object_type__in=INTERNAL)
    codes = [unit.code for unit in person.units if unit.pk in person.own_units]
    return Q(unit__in=codes) & ~Q(object_type__in=INTERNAL)


def last_sequence() -> int:
    """The sequence of the change that was sealed last; 0 before the first."""
    return ChainHead.objects.values_list("sequence", flat=True).first() or 0


# --- the chain --------------------------------------------------------------------------------------------------------


def content(change: Change, *, sequence: int | None = None) -> dict[str, Any]:
    """What the digest is over and other systems are told: people and tokens by their ids, times in UTC."""
    return {
        "sequence": change.sequence if sequence is None else sequence,
        "at": change.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor": change.actor_id,
        "on_behalf_of": change.on_behalf_of_id,
        "token": change.token_id,
        "verb": change.verb,
        "reason": change.reason,
        "request": change.request,
        "items": [
            {
                "object_type": item.object_type,
                "object_id": item.object_id,
                "label": item.label,
                "key": item.key,
                "unit": item.unit,
                "before": item.before,
                "after": item.after,
            }
            for item in change.items.all()
        ],
    }


def digest_of(told: dict[str, Any], *, previous: str) -> str:
    """SHA-256 over the content with the digest of the change before: JSON, keys in order, no blanks, UTF-8."""
    canonical = json.dumps(
        {**told, "previous": previous}, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Chain:
    """How far the chain holds: `sequence` and `digest` of the last link that does, and what is wrong after it."""

    sequence: int
    digest: str
    fault: str = ""


def check_chain() -> Chain:
    """Computes every digest anew, in the order of the sequence and in little memory."""
    head = ChainHead.objects.first() or ChainHead()
    sequence, digest = 0, ""
    for change in _sealed():
        if change.sequence is None or change.sequence > head.sequence:
            break  # sealed meanwhile
        if change.sequence != sequence + 1:
            return Chain(sequence, digest, f"change {sequence + 1} is missing")
        found = digest_of(content(change), previous=digest)
        if found != change.digest:
            return Chain(sequence, digest, f"change {change.sequence} is not what was sealed")
        sequence, digest = change.sequence, found
    if (sequence, digest) != (head.sequence, head.digest):
        return Chain(sequence, digest, f"the chain ends at {sequence}, but {head.sequence} changes were sealed")
    return Chain(sequence, digest)


def _sealed() -> Iterator[Change]:
    items = Prefetch("items", ChangeItem.objects.order_by("id"))
    rows = Change.objects.filter(sequence__isnull=False).order_by("sequence").prefetch_related(items)
    return rows.iterator(chunk_size=ROWS_AT_ONCE)
