"""In which capacities a person acts on a day: what every other permission is made of.

The one query behind it is made once per person and day, however many pages' parts ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from units.models import Membership, Role, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacities:
    """Unit ids by role, and the roles that hold for the whole city. Nobody has any without an active account."""

    reporter_of: frozenset[int] = frozenset()
    head_of: frozenset[int] = frozenset()
    reviewer_of: frozenset[int] = frozenset()
    office_of: frozenset[int] = frozenset()
    leader_of: frozenset[int] = frozenset()
    is_administrator: bool = False

    @property
    def is_office(self) -> bool:
        return bool(self.office_of)

    @property
    def is_leader(self) -> bool:
        return bool(self.leader_of)

    @property
    def reads_everything(self) -> bool:
        return self.is_office or self.is_leader or self.is_administrator

    @property
    def filing_units(self) -> frozenset[int]:
        """Units whose reports this person fills or signs."""
        return self.reporter_of | self.head_of

    @property
    def own_units(self) -> frozenset[int]:
        """Units this person works in, whatever the role."""
        return self.reporter_of | self.head_of | self.reviewer_of


NONE = Capacities()


def capacities(user: User, on: date) -> Capacities:
    """What this person is on this day. Kept on the user object, which lives for one request."""
    if not user.is_authenticated or not user.is_active:
        return NONE
    kept: dict[date, Capacities] = user.__dict__.setdefault("capacities_on", {})
    if on not in kept:
        kept[on] = _load(user, on)
    return kept[on]


def _load(user: User, on: date) -> Capacities:
    units: dict[str, set[int]] = {role: set() for role in Role.values}
    for role, unit_id in Membership.objects.on(on).filter(user=user).values_list("role", "unit_id"):
        units[role].add(unit_id)
    return Capacities(
        reporter_of=frozenset(units[Role.REPORTER]),
        head_of=frozenset(units[Role.HEAD]),
        reviewer_of=frozenset(units[Role.REVIEWER]),
        office_of=frozenset(units[Role.OFFICE]),
        leader_of=frozenset(units[Role.LEADER]),
        is_administrator=user.is_superuser,
    )
