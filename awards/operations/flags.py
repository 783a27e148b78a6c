"""Moves the flag: those who held one of the scheme give it up on the day on which the winners of a round receive it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from awards.models import RedFlag, Round
from units.models import Unit
from units.operations.changes import Touched, fields_of

TOLD = ("held_from", "held_until", "is_co_equal")


def move_flags(award: Round, winners: Sequence[str], *, on: date) -> list[Touched]:
    """To the winners, by their codes in the order of their ranks. A round without winners takes the flag from everybody
    all the same."""
    held = RedFlag.objects.filter(round__scheme__code=award.scheme.code, held_until=None).exclude(round=award)
    touched = [_give_up(flag, on) for flag in held.select_related("unit", "round__scheme").order_by("pk")]
    return [*touched, *(_receive(award, unit, len(winners) > 1, on) for unit in _units(winners))]


def revise_flags(award: Round, winners: Sequence[str], *, on: date) -> list[Touched]:
    """After a change of an announced round: who wins no more gives the flag up on this day, who wins now receives it.

    Flags of a round that a later one has followed stay in the history as they were held.
    """
    if Round.objects.filter(
        scheme__code=award.scheme.code, state=Round.State.ANNOUNCED, ends_on__gt=award.ends_on
    ).exists():
        return []
    flags = {one.unit.code: one for one in award.red_flags.select_related("unit", "round__scheme").order_by("pk")}
    lost = [one for code, one in flags.items() if code not in winners and one.held_until is None]
    touched = [_give_up(flag, on) for flag in lost]
    for unit in _units(winners):
        flag = flags.get(unit.code)
        if flag is None:
            touched.append(_receive(award, unit, len(winners) > 1, on))
        elif flag.held_until is not None:
            touched.append(_write(flag, held_until=None))
    return touched


def _units(codes: Sequence[str]) -> list[Unit]:
    known = {one.code: one for one in Unit.objects.filter(code__in=codes)}
    return [known[code] for code in codes]


def _give_up(flag: RedFlag, on: date) -> Touched:
    return _write(flag, held_until=on)


def _write(flag: RedFlag, *, held_until: date | None) -> Touched:
    before = fields_of(flag, ("held_until", "version"))
    flag.held_until, flag.version = held_until, flag.version + 1
    flag.save(update_fields=["held_until", "version", "updated_at"])
    return Touched(flag, before, fields_of(flag, ("held_until", "version")))


def _receive(award: Round, unit: Unit, is_co_equal: bool, on: date) -> Touched:
    flag = RedFlag.objects.create(round=award, unit=unit, held_from=on, is_co_equal=is_co_equal, source=award.source)
    return Touched(flag, None, fields_of(flag, TOLD))
