"""Tells people of a round: the units concerned when it goes into publicity, everybody when it is announced."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from awards.models import Round
from campaigns.queries.clock import local_day
from campaigns.queries.recipients import People
from units.models import Membership, Role, Unit
from units.operations.messages import send_all
from units.queries.messages import Notice

IN_PUBLICITY, ANNOUNCED = "award_in_publicity", "award_announced"


def tell_in_publicity(award: Round, now: datetime) -> int:
    """Heads and reporters of the scored units, and the office. Call it in the transaction of the step."""
    scored = list(award.scores.values_list("unit_id", flat=True))
    people = People.on(local_day(now), unit_ids=[*scored, award.scheme.campaign.office_id])
    told = {
        *(one for unit in scored for role in (Role.REPORTER, Role.HEAD) for one in people.of(role, unit)),
        *people.of(Role.OFFICE, award.scheme.campaign.office_id),
    }
    days = {"from_on": _day(award.publicity_from), "until_on": _day(award.publicity_until)}
    return _tell(IN_PUBLICITY, award, told, days, now)


def tell_announced(award: Round, winners: Sequence[str], now: datetime) -> int:
    """Everybody who holds a role on the day."""
    told = set(Membership.objects.on(local_day(now)).filter(user__is_active=True).values_list("user_id", flat=True))
    named = {one.code: one for one in Unit.objects.filter(code__in=winners)}
    units = [named[code] for code in winners]
    words = {
        "winners_en": ", ".join(one.name_en for one in units),
        "winners_zh": "、".join(one.name_zh for one in units),
        "count": len(units),
    }
    return _tell(ANNOUNCED, award, told, words, now)


def _tell(kind: str, award: Round, told: Collection[int], words: Mapping[str, Any], now: datetime) -> int:
    """Once for each version, so that a round that came back and goes into publicity again is told again."""
    day = local_day(now)
    params = {
        "scheme_en": award.scheme.name_en,
        "scheme_zh": award.scheme.name_zh,
        "round_en": award.name_en,
        "round_zh": award.name_zh,
        **words,
    }
    return send_all(
        Notice(
            kind=kind,
            subject=f"award_round:{award.pk}:{award.version}",
            recipient_id=person,
            day=day,
            url=f"{reverse('awards')}?scheme={award.scheme.code}",
            params=params,
        )
        for person in sorted(told)
    )


def _day(day: Any) -> str:
    return day.isoformat() if day else ""
