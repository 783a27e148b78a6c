"""Marks given by hand: the office writes them for a round until its scores go into publicity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from awards.domain.round_life import RoundVerb
from awards.domain.scheme_checks import Basis
from awards.models import Mark, Round
from awards.operations.round_steps import check, locked_round, move
from awards.refusals import Invalid
from campaigns.domain.figures import half_up
from units.models import Source, User
from units.operations.changes import Touched, fields_of

LOWEST, HIGHEST, PLACES = Decimal(0), Decimal(100), 2
TOLD = ("value", "note")
NOTE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class GivenMark:
    """`value` None takes the mark away: it is missing then, not 0."""

    value: Decimal | None
    note: str = ""


@transaction.atomic
def save_marks(
    *,
    round_id: int,
    marks: Mapping[tuple[int, str], GivenMark],
    actor: User,
    now: datetime,
    version: int | None = None,
    source: str = Source.ENTERED,
) -> Round:
    """Writes marks by the order of the criterion and the code of the unit; what is not named stays. Where nothing
    differs nothing is written. Scores that are computed already stay as they are until the round is computed again."""
    award = locked_round(round_id)
    row = check(award, RoundVerb.MARK, actor, now, version)
    criteria = {one.order: one for one in award.scheme.criteria.filter(basis=Basis.MARK)}
    units = {one.code: one for one in award.scheme.group.units.all()}
    there = {
        (one.criterion.order, one.unit.code): one
        for one in Mark.objects.filter(round=award).select_related("criterion", "unit")
    }
    touched: list[Touched] = []
    for (order, code), given in marks.items():
        field = f"mark-{order}-{code}"
        if order not in criteria or code not in units:
            raise Invalid(_("No mark is given here."), field=field)
        _must_be_right(given, field)
        mark = there.get((order, code))
        before = None if mark is None else fields_of(mark, TOLD)
        if mark is None:
            if given.value is None:
                continue
            mark = Mark(round=award, criterion=criteria[order], unit=units[code], source=source, version=0)
        elif given.value is None:
            touched.append(Touched(mark, before, None))
            Mark.objects.filter(pk=mark.pk).delete()
            continue
        if (mark.value, mark.note) == (given.value, given.note.strip()):
            continue
        mark.value, mark.note, mark.given_by, mark.given_at = given.value, given.note.strip(), actor, now
        mark.version += 1
        mark.save()
        touched.append(Touched(mark, before, fields_of(mark, TOLD)))
    return move(award, row, verb="save_marks", actor=actor, touched=touched) if touched else award


def _must_be_right(given: GivenMark, field: str) -> None:
    value = given.value
    if value is not None and (not value.is_finite() or not LOWEST <= value <= HIGHEST):
        raise Invalid(_("A mark lies between 0 and 100."), field=field)
    if value is not None and value != half_up(value, PLACES):
        raise Invalid(_("A mark has at most two decimals."), field=field)
    if len(given.note) > NOTE_LENGTH:
        raise Invalid(_("At most %(most)d characters.") % {"most": NOTE_LENGTH}, field=field)
