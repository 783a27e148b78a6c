"""Who may do what with awards: named predicates over a person's capacities and the table in `domain.round_life`."""

from __future__ import annotations

from collections.abc import Collection

from awards.domain.round_life import WHO_MAY, Part, RoundState, RoundVerb, step
from awards.models import Round
from units.permissions import Capacities


def acting_on_round(person: Capacities, scored: Collection[int]) -> frozenset[Part]:
    """In which capacities a person acts on a round; `scored` are the ids of the units that it scores."""
    parts = {
        Part.OFFICE: person.is_office,
        Part.ADMINISTRATOR: person.is_administrator,
        Part.UNIT: not person.filing_units.isdisjoint(scored),
    }
    return frozenset(part for part, holds in parts.items() if holds)


def may_ever_on_round(person: Capacities, verb: RoundVerb, scored: Collection[int] = ()) -> bool:
    """Whether the person may take this step on such a round in some state of it."""
    parts = acting_on_round(person, scored)
    return any(row.who & parts for row in WHO_MAY if row.verb == verb)


def may_now_on_round(person: Capacities, verb: RoundVerb, award: Round, scored: Collection[int] = ()) -> bool:
    """Whether the person may take this step in the state that the round is in: what decides if a form is shown."""
    row = step(verb, RoundState(award.state))
    return row is not None and bool(row.who & acting_on_round(person, scored))


def can_open_rounds(person: Capacities) -> bool:
    """Open a round of a scheme; the office runs it from there."""
    return person.is_office or person.is_manager


def can_save_schemes(person: Capacities) -> bool:
    """Write award schemes: administrators, and client systems that manage."""
    return person.is_administrator or person.is_manager


def can_try_schemes(person: Capacities) -> bool:
    """Ask who would win under other rules; it shows scores before anybody may see them."""
    return person.is_office or person.is_administrator


def can_see_appeal(person: Capacities, unit_id: int) -> bool:
    """An appeal and its answer: the own unit, office, leaders, administrators."""
    return person.reads_everything or unit_id in person.own_units
