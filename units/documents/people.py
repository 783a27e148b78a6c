"""The list of people as a sheet. Its first columns are those that an import of people reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from units.documents.sheets import Column, Sheet
from units.models import User


def people_sheet(people: Iterable[User], state_word: Callable[[User], str]) -> Sheet:
    """One row for each role of a person; who has none stands in one row."""
    columns = [
        Column("username", 18), Column("name", 22), Column("name_zh", 14), Column("email", 28), Column("unit", 18),
        Column("role", 12), Column("starts_on", 12), Column("ends_on", 12), Column(_("Unit"), 28),
        Column(_("Role"), 16), Column(_("Stands in for"), 20), Column(_("Account"), 18),
    ]  # fmt: skip
    return Sheet(_("People"), columns, (row for one in people for row in _rows(one, state_word(one))))


def _rows(one: Any, state: str) -> Iterator[list[Any]]:
    person = [one.username, one.name, one.name_zh, one.email]
    for role in one.roles:
        yield [
            *person, role.unit.code, role.role, role.starts_on, role.ends_on, role.unit.name, role.get_role_display(),
            role.stands_in_for.display_name if role.stands_in_for else "", state,
        ]  # fmt: skip
    if not one.roles:
        yield [*person, "", "", None, None, "", _("Administrator") if one.is_superuser else "", "", state]
