"""In which capacities a person acts on a day: what every other permission is made of.

The one query behind it is made once per person and day, however many pages' parts ask.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from units.models import ApiToken, Membership, Role, Unit, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacities:
    """Unit ids by role, and the roles that hold for the whole city. Nobody has any without an active account.

    `units` are the units themselves, in their order. Client systems hold no roles: theirs follow from the token, which
    may report (`reporter_of`), read of one unit or of all, or manage what campaigns are made of.
    """

    reporter_of: frozenset[int] = frozenset()
    head_of: frozenset[int] = frozenset()
    reviewer_of: frozenset[int] = frozenset()
    office_of: frozenset[int] = frozenset()
    leader_of: frozenset[int] = frozenset()
    reader_of: frozenset[int] = frozenset()
    is_administrator: bool = False
    is_reader: bool = False
    is_manager: bool = False
    units: tuple[Unit, ...] = ()

    @property
    def is_office(self) -> bool:
        return bool(self.office_of)

    @property
    def is_leader(self) -> bool:
        return bool(self.leader_of)

    @property
    def reads_everything(self) -> bool:
        return self.is_office or self.is_leader or self.is_administrator or self.is_reader

    @property
    def filing_units(self) -> frozenset[int]:
        """Units whose reports this person fills or signs."""
        return self.reporter_of | self.head_of

    @property
    def shown_units(self) -> frozenset[int]:
        """Units whose rows this person or client sees before the period is published."""
        return self.filing_units | self.reader_of

    @property
    def own_units(self) -> frozenset[int]:
        """Units this person works in, whatever the role."""
        return self.reporter_of | self.head_of | self.reviewer_of | self.reader_of


NONE = Capacities()


def capacities(user: User, on: date) -> Capacities:
    """What this person is on this day. Kept on the user object, which lives for one request."""
    if not user.is_authenticated or not user.is_active:
        return NONE
    kept: dict[date, Capacities] = user.__dict__.setdefault("capacities_on", {})
    if on not in kept:
        kept[on] = _of_client(user.token) if user.is_service else _load(user, on)
    return kept[on]


def _of_client(token: ApiToken) -> Capacities:
    """What a client system may, whatever the day; memberships are for people. It never signs, approves or decides."""
    units = _units_of(token)
    ids = frozenset(unit.pk for unit in units if unit.is_active)
    is_of_city = token.unit is None
    return Capacities(
        reporter_of=ids if token.can_report else frozenset(),
        reader_of=ids if token.can_read and not is_of_city else frozenset(),
        is_reader=token.can_read and is_of_city,
        is_manager=token.can_manage and is_of_city,
        units=units,
    )


def _units_of(token: ApiToken) -> tuple[Unit, ...]:
    """The token's unit, or all for which it reports; a client that reads or manages the whole city needs no list."""
    if token.unit is not None:
        return (token.unit,)
    return tuple(Unit.objects.filter(is_active=True)) if token.can_report else ()


def _load(user: User, on: date) -> Capacities:
    memberships = _memberships(user, on)
    held = {role: frozenset(one.unit_id for one in memberships if one.role == role) for role in Role.values}
    return Capacities(
        reporter_of=held[Role.REPORTER],
        head_of=held[Role.HEAD],
        reviewer_of=held[Role.REVIEWER],
        office_of=held[Role.OFFICE],
        leader_of=held[Role.LEADER],
        is_administrator=user.is_superuser,
        units=tuple({one.unit_id: one.unit for one in memberships}.values()),
    )


def _memberships(user: User, on: date) -> list[Membership]:
    """Who is signed in came with them already."""
    if user.roles_held is not None:
        return [one for one in user.roles_held if one.holds_on(on)]
    return list(Membership.objects.on(on).filter(user=user).select_related("unit").order_by("unit__order", "pk"))


# --- what campaigns are made of ---------------------------------------------------------------------------------------


def can_manage_units(person: Capacities) -> bool:
    """Units and the groups in which they are ranked."""
    return person.is_administrator or person.is_manager


def can_manage_campaigns(person: Capacities) -> bool:
    """Campaigns, actions, indicators, assignments, targets."""
    return person.is_administrator or person.is_office or person.is_manager


def can_manage_webhooks(person: Capacities) -> bool:
    """Which systems are told of changes."""
    return person.is_administrator or person.is_manager


def sees_whole_record(person: Capacities) -> bool:
    """Every change of every row, people and client systems among them; secrets were never written down."""
    return person.is_administrator or person.is_office or (person.is_manager and person.is_reader)


def can_watch_deliveries(person: Capacities) -> bool:
    """What goes out and what runs in the background: look, take up again, run now."""
    return person.is_administrator or person.is_office


# --- people -----------------------------------------------------------------------------------------------------------

GRANTED_BY_OFFICE = frozenset({Role.REPORTER, Role.HEAD, Role.REVIEWER})
"""What the campaign office may give and take; the office itself and leaders are appointed by an administrator."""


def can_manage_people(person: Capacities) -> bool:
    """Add, invite, edit, deactivate, import."""
    return person.is_office or person.is_administrator


def can_grant(person: Capacities, role: str) -> bool:
    """Whether the person may give, date or end this role for somebody."""
    return person.is_administrator or (person.is_office and role in GRANTED_BY_OFFICE)


def can_edit_person(person: Capacities, *, is_administrator: bool, roles: Iterable[str]) -> bool:
    """An address is where a new password goes, so whoever edits an account may take it over.

    The office therefore edits nobody who is, was or will be more than it may grant.
    """
    if person.is_administrator:
        return True
    return person.is_office and not is_administrator and all(can_grant(person, role) for role in roles)


def can_set_stand_in(person: Capacities, *, unit_id: int, role: str) -> bool:
    """Whoever may grant the role, and a unit's head for the unit's reporters."""
    return can_grant(person, role) or (role == Role.REPORTER and unit_id in person.head_of)


def can_see_stand_ins(person: Capacities) -> bool:
    return can_manage_people(person) or bool(person.head_of)
