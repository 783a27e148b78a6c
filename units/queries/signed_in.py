"""The person behind a session with every role that they held, hold or will hold. One query."""

from __future__ import annotations

from typing import Any

from django.db import router
from django.db.models import F

from units.models import Membership, Unit, User

ROLE = ("role", "starts_on", "ends_on")
UNIT = [field.attname for field in Unit._meta.concrete_fields]
COLUMNS = {f"held_{name}": F(f"memberships__{name}") for name in ROLE} | {
    f"held_unit_{name}": F(f"memberships__unit__{name}") for name in UNIT
}


def person_with_roles(pk: Any) -> User | None:
    """With `roles_held`, by the order of the units; which of them hold on a day is asked of `Membership.holds_on`."""
    rows: list[Any] = list(
        User.objects.filter(pk=pk).annotate(**COLUMNS).order_by("memberships__unit__order", "memberships__pk")
    )
    if not rows:
        return None
    person: User = rows[0]
    person.roles_held = [_membership(person, row) for row in rows if row.held_role is not None]
    return person


def _membership(person: User, row: Any) -> Membership:
    unit = Unit.from_db(router.db_for_read(Unit), UNIT, [getattr(row, f"held_unit_{name}") for name in UNIT])
    return Membership(user=person, unit=unit, **{name: getattr(row, f"held_{name}") for name in ROLE})
