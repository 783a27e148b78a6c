"""Who holds which role on a day, to know whom a message goes to.

Active people only; a stand-in counts while standing in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from units.models import Membership, Role

OWN_ROLES = (Role.REPORTER, Role.HEAD, Role.REVIEWER)


@dataclass(frozen=True, slots=True)
class People:
    """User ids by role and unit, the leaders, and the units that each person works in."""

    held: Mapping[tuple[str, int], Collection[int]]
    leaders: Collection[int]
    own_units: Mapping[int, Collection[int]]

    @classmethod
    def on(cls, day: date, unit_ids: Collection[int] | None = None) -> People:
        """Of all units, or of these alone. One query."""
        rows = Membership.objects.on(day).filter(user__is_active=True)
        if unit_ids is not None:
            rows = rows.filter(unit__in=unit_ids)
        held: dict[tuple[str, int], set[int]] = defaultdict(set)
        own_units: dict[int, set[int]] = defaultdict(set)
        for role, unit_id, user_id in rows.order_by().values_list("role", "unit_id", "user_id"):
            held[role, unit_id].add(user_id)
            if role in OWN_ROLES:
                own_units[user_id].add(unit_id)
        leaders = {user_id for (role, _unit), users in held.items() if role == Role.LEADER for user_id in users}
        return cls(dict(held), leaders, dict(own_units))

    def of(self, role: Role, unit_id: int) -> list[int]:
        return sorted(self.held.get((role, unit_id), ()))
