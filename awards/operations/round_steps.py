"""What all steps of a round share: the lock, the second look at state, person and version, the move with its record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.domain.round_life import RoundState, RoundStep, RoundVerb, step
from awards.models import Round
from awards.permissions import acting_on_round, may_ever_on_round
from awards.refusals import Invalid, StaleVersion, WrongState
from campaigns.queries.clock import local_day
from units.models import User
from units.operations.changes import Touched, fields_of, record
from units.permissions import capacities

NOT_YOURS = gettext_lazy("This step is not yours to take.")
LONGEST = 2000
"""Characters of a reason."""
WRITTEN = (
    "state",
    "publicity_from",
    "publicity_until",
    "announced_on",
    "meeting",
    "agenda_item",
    "formula",
    "computed_at",
    "computed_from",
)


def locked_round(round_id: int) -> Round:
    """The round, locked until the end of the transaction; raises `Round.DoesNotExist`."""
    rows = Round.objects.select_for_update(of=("self",)).select_related(
        "scheme__campaign__office", "scheme__group", "period__campaign"
    )
    return rows.get(pk=round_id)


def scored_units(award: Round) -> frozenset[int]:
    """The ids of the units that the round scores. One query."""
    return frozenset(award.scores.values_list("unit_id", flat=True))


def check(
    award: Round, verb: RoundVerb, actor: User, now: datetime, version: int | None, scored: frozenset[int] = frozenset()
) -> RoundStep:
    """The row of the table by which this person may take this step now; raises where there is none. Client systems
    take none."""
    person = capacities(actor, local_day(now))
    if actor.is_service or not may_ever_on_round(person, verb, scored):
        raise PermissionDenied(NOT_YOURS)
    row = step(verb, RoundState(award.state))
    if row is None:
        told = {"state": award.get_state_display()}
        raise WrongState(_("This round is “%(state)s” by now. Nothing was done to it.") % told)
    if not row.who & acting_on_round(person, scored):
        raise PermissionDenied(NOT_YOURS)
    if version is not None and award.version != version:
        raise StaleVersion(_("This round changed after you opened it. Look at it again, then decide."), current=award)
    return row


def move(
    award: Round,
    row: RoundStep | None,
    *,
    verb: str,
    actor: User,
    changes: Mapping[str, Any] | None = None,
    touched: Iterable[Touched] = (),
    reason: str = "",
) -> Round:
    """Takes the step: new state and fields, version + 1, one change with everything it touched."""
    before = fields_of(award, (*WRITTEN, "version"))
    for name, value in (changes or {}).items():
        setattr(award, name, value)
    if row is not None and row.target is not None:
        award.state = row.target.value
        if row.target == RoundState.COMPUTED:
            award.publicity_from = award.publicity_until = None
    award.version += 1
    award.save(update_fields=[*WRITTEN, "version", "updated_at"])
    after = fields_of(award, (*WRITTEN, "version"))
    changed = [name for name in after if after[name] != before[name]]
    own = Touched(award, {name: before[name] for name in changed}, {name: after[name] for name in changed})
    record(actor=actor, verb=verb, reason=reason, touched=[own, *touched])
    return award


def required(text: str, field: str, told: str, longest: int = LONGEST) -> str:
    """The text without blanks around; raises `Invalid` where there is none or too much of it."""
    text = text.strip()
    if not text:
        raise Invalid(told, field=field)
    if len(text) > longest:
        raise Invalid(_("At most %(most)d characters.") % {"most": longest}, field=field)
    return text
