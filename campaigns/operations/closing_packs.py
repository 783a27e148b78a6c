"""Has the pack of a period built as soon as it is closed, so that the office finds a draft to edit.

What is looked for is a closed period, not yet published, without any pack: a run that was lost is made up by the next,
and one that comes twice finds the pack there.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.core.exceptions import PermissionDenied

from campaigns.models import Pack, Period
from campaigns.operations.packs import build_pack
from campaigns.queries.clock import local_day
from campaigns.queries.recipients import People
from campaigns.refusals import WrongState
from units.models import Role, User

logger = logging.getLogger(__name__)


def build_packs_at_closing(*, now: datetime) -> list[Pack]:
    """The packs that it began, each in the name of somebody of the campaign's office; where nobody is in the office,
    none is built until somebody is."""
    waiting = Period.objects.filter(state=Period.State.CLOSED, packs=None).select_related("campaign")
    periods = list(waiting.order_by("campaign", "month"))
    if not periods:
        return []
    people = People.on(local_day(now), unit_ids={period.campaign.office_id for period in periods})
    begun = []
    for period in periods:
        office = people.of(Role.OFFICE, period.campaign.office_id)
        if office:
            begun += _build(period, office[0], now)
    return begun


def _build(period: Period, person_id: int, now: datetime) -> list[Pack]:
    try:
        return [build_pack(period=period, actor=User.objects.get(pk=person_id), now=now)]
    except (WrongState, PermissionDenied) as refusal:  # somebody else was faster
        logger.info("No pack for %s at its closing: %s", period.key, type(refusal).__name__)
        return []
