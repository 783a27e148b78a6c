"""Tells a unit's reporters and heads of its new warnings, and of those that have turned red: one message per person
for all that one scan found, through the ledger of messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from campaigns.models import EarlyWarning
from campaigns.queries.clock import local_day
from campaigns.queries.recipients import People
from units.models import Role
from units.operations.messages import send_all
from units.queries.messages import Notice

RAISED, RED = "warning_raised", "warning_red"
NAMED = 12
"""So many warnings are named in one message."""


def tell_of_warnings(*, raised: Sequence[EarlyWarning], reddened: Sequence[EarlyWarning], now: datetime) -> int:
    """`warning_raised` for new yellow ones, `warning_red` for new red ones and those that became red: a red needs
    measures. Call it in the transaction of the scan. Their project and its unit must be loaded."""
    yellow = [one for one in raised if one.level == EarlyWarning.Level.YELLOW]
    red = [*(one for one in raised if one.level == EarlyWarning.Level.RED), *reddened]
    unit_ids = {one.project.unit_id for one in (*yellow, *red)}
    if not unit_ids:
        return 0
    people = People.on(local_day(now), unit_ids=unit_ids)
    return send_all([*_notices(RAISED, yellow, people, now), *_notices(RED, red, people, now)])


def _notices(kind: str, warnings: Iterable[EarlyWarning], people: People, now: datetime) -> Iterator[Notice]:
    mine: dict[int, list[EarlyWarning]] = defaultdict(list)
    for one in warnings:
        unit_id = one.project.unit_id
        for person in sorted({*people.of(Role.REPORTER, unit_id), *people.of(Role.HEAD, unit_id)}):
            mine[person].append(one)
    for person, rows in mine.items():
        yield Notice(
            kind=kind,
            subject=f"warning:{min(one.pk for one in rows)}",
            recipient_id=person,
            day=local_day(now),
            url=reverse("warning", args=[rows[0].pk]) if len(rows) == 1 else reverse("warnings"),
            params=_params(rows),
        )


def _params(rows: Sequence[EarlyWarning]) -> dict[str, Any]:
    return {
        "count": len(rows),
        "warnings": [
            {
                "project_en": one.project.name_en,
                "project_zh": one.project.name_zh,
                "unit_en": one.project.unit.name_en,
                "unit_zh": one.project.unit.name_zh,
                "cause": one.cause,
            }
            for one in rows[:NAMED]
        ],
        "more": max(0, len(rows) - NAMED),
    }
