"""Works out what a table of people would change, row by row, without changing anything.

One row is one person with at most one role. An empty cell changes nothing; what is in the table already is left alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units.models import Membership, Role, Unit, User
from units.permissions import Capacities, can_edit_person, can_grant

COLUMNS = ("username", "name", "name_zh", "email", "unit", "role", "starts_on", "ends_on")
PERSON_COLUMNS = ("name", "name_zh", "email")
LABELS = {
    "name": gettext_lazy("name"),
    "name_zh": gettext_lazy("name in Chinese"),
    "email": gettext_lazy("email"),
    "starts_on": gettext_lazy("from"),
    "ends_on": gettext_lazy("until"),
}
HEADINGS = {
    "username": ("用户名", "账号", "帐号"),
    "name": ("英文姓名", "name in english"),
    "name_zh": ("姓名", "中文姓名", "name in chinese"),
    "email": ("邮箱", "电子邮箱", "电子邮件"),
    "unit": ("单位", "报送单位"),
    "role": ("角色",),
    "starts_on": ("自", "开始日期", "from"),
    "ends_on": ("至", "结束日期", "until"),
}
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell, and what to do about it."""

    row: int
    column: str
    what: str
    do: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that would change something."""

    name: str
    before: Any
    after: Any

    @property
    def label(self) -> str:
        return str(LABELS[self.name])


@dataclass(slots=True)
class Step:
    """What one row would do. `fields` and `dates` hold only what differs from what is there."""

    row: int
    cells: Mapping[str, str]
    person: User | None = None
    is_new_person: bool = False
    fields: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    unit: Unit | None = None
    role: str = ""
    membership: Membership | None = None
    is_new_role: bool = False
    dates: dict[str, date] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        return bool(self.is_new_person or self.fields or self.is_new_role or self.dates)

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label) if self.role else ""

    @property
    def names(self) -> str:
        """What the preview shows of a new person."""
        return " · ".join(filter(None, (self.fields.get(name) for name in PERSON_COLUMNS)))

    @property
    def field_changes(self) -> list[Difference]:
        """What the preview shows of a known person."""
        return [
            Difference(name, self.before[name], value) for name, value in self.fields.items() if name in self.before
        ]

    @property
    def date_changes(self) -> list[Difference]:
        return [Difference(name, getattr(self.membership, name, None), day) for name, day in self.dates.items()]

    def refuse(self, column: str, what: str, do: str) -> None:
        self.problems.append(Problem(self.row, column, what, do))


@dataclass(frozen=True, slots=True)
class Plan:
    steps: Sequence[Step]
    problems: Sequence[Problem]

    @property
    def new_people(self) -> int:
        return sum(step.is_new_person for step in self.steps)

    @property
    def changed_people(self) -> int:
        return len({step.person.pk for step in self.steps if step.person and step.fields and not step.is_new_person})

    @property
    def new_roles(self) -> int:
        return sum(step.is_new_role for step in self.steps)

    @property
    def changed_roles(self) -> int:
        return sum(bool(step.dates) and not step.is_new_role for step in self.steps)

    @property
    def changes(self) -> bool:
        return any(step.changes for step in self.steps)

    @property
    def fingerprint(self) -> str:
        """Says whether the plan is still the one that somebody looked at."""
        told = [
            (step.row, step.is_new_person, step.fields, step.before, step.is_new_role, step.dates, step.role)
            for step in self.steps
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()


def columns_of(headings: Sequence[str]) -> tuple[dict[int, str], list[Problem]]:
    """Which column stands where, by its English name or a common Chinese heading."""
    known = {alias: name for name, aliases in HEADINGS.items() for alias in (name, *aliases)}
    places: dict[int, str] = {}
    problems = []
    for place, heading in enumerate(headings):
        name = known.get(heading.strip().lower())
        if heading and name is None:
            do = _("Use the headings of the template: %s") % ", ".join(COLUMNS)
            problems.append(Problem(1, heading, _("This heading is not known."), do))
        elif name in places.values():
            problems.append(
                Problem(1, heading, _("This heading stands twice."), _("Leave one of the two columns out."))
            )
        elif name:
            places[place] = name
    if "username" not in places.values():
        do = _("Use the headings of the template: %s") % ", ".join(COLUMNS)
        problems.append(Problem(1, "username", _("The column username is missing."), do))
    return places, problems


def plan_import(rows: Sequence[Mapping[str, str]], numbers: Sequence[int], person: Capacities, on: date) -> Plan:
    """What these rows would change if this person confirmed them on this day."""
    planner = _Planner(rows, person, on)
    steps = [planner.step(number, cells) for number, cells in zip(numbers, rows, strict=True)]
    return Plan(steps, [problem for step in steps for problem in step.problems])


class _Planner:
    """Holds what the rows are held against, read once, so that the number of queries does not grow with the rows."""

    def __init__(self, rows: Sequence[Mapping[str, str]], person: Capacities, on: date) -> None:
        self.actor, self.on = person, on
        everybody = list(User.objects.prefetch_related("memberships"))
        self.people = {one.username.casefold(): one for one in everybody}
        self.owner_of = {one.email.casefold(): one.username.casefold() for one in everybody if one.email}
        self.units = _by_every_name(Unit.objects.all())
        self.roles = _roles_by_every_name()
        self.first_row_of: dict[str, Step] = {}
        self.given: dict[tuple[str, int, str], list[tuple[int, date | None, date | None]]] = {}

    def step(self, number: int, cells: Mapping[str, str]) -> Step:
        step = Step(number, cells)
        self._person(step)
        self._role(step)
        return step

    # --- the person ---

    def _person(self, step: Step) -> None:
        username = step.cells.get("username", "")
        if not username:
            return step.refuse(
                "username", _("The username is missing."), _("Enter one; it is what people sign in with.")
            )
        key = username.casefold()
        step.person = self.people.get(key)
        given = {name: step.cells.get(name, "") for name in PERSON_COLUMNS if step.cells.get(name)}
        first = self.first_row_of.setdefault(key, step)
        if first is not step:
            return self._same_person_again(step, first, given)
        if step.person is None:
            return self._new_person(step, username, given)
        return self._known_person(step, step.person, given)

    def _same_person_again(self, step: Step, first: Step, given: Mapping[str, str]) -> None:
        step.person = first.person
        for name, value in given.items():
            said = first.cells.get(name, "")
            if value != said:
                what = (
                    _("Row %(row)d says “%(said)s” for the same person.") if said else _("Row %(row)d leaves it empty.")
                )
                do = _("Write the same in each row of a person, or only in the first.")
                step.refuse(name, what % {"row": first.row, "said": said}, do)

    def _new_person(self, step: Step, username: str, given: dict[str, str]) -> None:
        step.is_new_person = True
        given.setdefault("name", given.get("name_zh", ""))
        if not given["name"]:
            step.refuse("name", _("The name is missing."), _("Enter it in English, in Chinese, or both."))
        if not given.get("email"):
            step.refuse("email", _("The email address is missing."), _("Enter it: the invitation goes there."))
        step.fields = {"username": username, **given}
        self._check_fields(step, User(), step.fields)

    def _known_person(self, step: Step, known: User, given: Mapping[str, str]) -> None:
        step.fields = {name: value for name, value in given.items() if value != getattr(known, name)}
        step.before = {name: getattr(known, name) for name in step.fields}
        if not known.is_active:
            step.refuse("username", _("This account is deactivated."), _("Reactivate it on its page first."))
        roles = {one.role for one in known.memberships.all()}
        may_edit = can_edit_person(self.actor, is_administrator=known.is_superuser, roles=roles)
        if step.fields and not may_edit:
            do = _("Ask an administrator, or leave name and address empty.")
            step.refuse("username", _("Only an administrator may change this person."), do)
        self._check_fields(step, known, step.fields)

    def _check_fields(self, step: Step, person: User, fields: Mapping[str, str]) -> None:
        for name, value in fields.items():
            if not value:
                continue
            try:
                person._meta.get_field(name).clean(value, person)  # type: ignore[union-attr]
            except ValidationError as error:
                step.refuse(name, " ".join(error.messages), _("Correct the cell."))
        email = fields.get("email", "").casefold()
        username = step.cells["username"].casefold()
        if email and self.owner_of.setdefault(email, username) != username:
            what = _("This address belongs to %s already.") % self.owner_of[email]
            step.refuse("email", what, _("Everybody needs an address of their own."))

    # --- the role ---

    def _role(self, step: Step) -> None:
        unit, role = step.cells.get("unit", ""), step.cells.get("role", "")
        starts_on, ends_on = self._day(step, "starts_on"), self._day(step, "ends_on")
        if not unit and not role:
            for name in ("starts_on", "ends_on"):
                if step.cells.get(name):
                    step.refuse(name, _("A day without a unit and a role."), _("Enter both, or empty this cell."))
            return
        self._unit_and_role(step, unit, role)
        if starts_on and ends_on and ends_on < starts_on:
            step.refuse("ends_on", _("The last day lies before the first."), _("Change one of the two."))
        if not step.problems and step.unit:
            self._held_against_roles(step, step.unit, starts_on, ends_on)

    def _unit_and_role(self, step: Step, unit: str, role: str) -> None:
        step.unit = self.units.get(unit.casefold())
        step.role = self.roles.get(role.casefold(), "")
        if not unit:
            step.refuse("unit", _("The unit is missing."), _("Enter the unit of this role."))
        elif step.unit is None:
            what = _("There is no unit “%s”.") % unit
            step.refuse("unit", what, _("Enter its code or its full name, as on its page."))
        elif not step.unit.is_active:
            step.refuse("unit", _("This unit no longer takes part."), _("Enter another, or reactivate it first."))
        if not step.role:
            what = _("There is no role “%s”.") % role if role else _("The role is missing.")
            step.refuse("role", what, _("Enter one of: %s") % ", ".join(Role.values))
        elif not can_grant(self.actor, step.role):
            step.refuse("role", _("Only an administrator may give this role."), _("Ask an administrator."))

    def _day(self, step: Step, name: str) -> date | None:
        text = translate_digits(step.cells.get(name, ""))
        if not text:
            return None
        found = DAY.fullmatch(text)
        try:
            return date(*map(int, found.groups())) if found else _no_day()
        except ValueError:
            step.refuse(name, _("“%s” is no day.") % text, _("Write it as 2022-09-01."))
            return None

    def _held_against_roles(self, step: Step, unit: Unit, starts_on: date | None, ends_on: date | None) -> None:
        same = self._same_role(step, unit, starts_on, ends_on)
        if len(same) > 1:
            what = _("This person has this role more than once.")
            return step.refuse("starts_on", what, _("Enter the first day of the one you mean."))
        step.is_new_role, step.membership = not same, same[0] if same else None
        wanted = {"starts_on": starts_on, "ends_on": ends_on}
        step.dates = {name: day for name, day in wanted.items() if day and (not same or getattr(same[0], name) != day)}
        if step.is_new_role and ends_on and ends_on < self.on:
            return step.refuse("ends_on", _("This day has passed."), _("Enter a later one, or leave the row out."))
        first = step.dates.get("starts_on", same[0].starts_on if same else None)
        last = step.dates.get("ends_on", same[0].ends_on if same else None)
        if first and last and last < first:
            return step.refuse("ends_on", _("The last day lies before the first."), _("Change one of the two."))
        return self._must_fit(step, unit, first, last)

    def _same_role(self, step: Step, unit: Unit, starts_on: date | None, ends_on: date | None) -> list[Membership]:
        """The memberships this row may speak of: the one that begins the same day, else those of the same days."""
        held = [one for one in self._held(step, unit) if one.stands_in_for_id is None]
        exact = [one for one in held if starts_on and one.starts_on == starts_on]
        if exact:
            return exact
        meant = [one for one in held if _overlap(one.starts_on, one.ends_on, starts_on, ends_on)]
        if len(meant) > 1:
            meant = [one for one in meant if one.ends_on is None or one.ends_on >= self.on] or meant
        return meant

    def _must_fit(self, step: Step, unit: Unit, first: date | None, last: date | None) -> None:
        others = [(0, one.starts_on, one.ends_on) for one in self._held(step, unit) if one != step.membership]
        key = (step.cells["username"].casefold(), unit.pk, step.role)
        for row, starts_on, ends_on in others + self.given.get(key, []):
            if _overlap(starts_on, ends_on, first, last):
                what = (
                    _("Row %d gives the same role in the same days.") % row
                    if row
                    else _("The person has this role in these days already.")
                )
                return step.refuse("starts_on", what, _("Change the dates, or leave one of the two out."))
        self.given.setdefault(key, []).append((step.row, first, last))
        return None

    def _held(self, step: Step, unit: Unit) -> list[Membership]:
        if step.person is None:
            return []
        return [one for one in step.person.memberships.all() if one.unit_id == unit.pk and one.role == step.role]


def translate_digits(text: str) -> str:
    """Full-width digits and signs as the ordinary ones."""
    return "".join(chr(ord(sign) - 0xFEE0) if 0xFF01 <= ord(sign) <= 0xFF5E else sign for sign in text)


def _no_day() -> date:
    raise ValueError


def _overlap(first: date | None, last: date | None, other_first: date | None, other_last: date | None) -> bool:
    return (first is None or other_last is None or first <= other_last) and (
        last is None or other_first is None or last >= other_first
    )


def _by_every_name(units: Any) -> dict[str, Unit]:
    """Units by code and by each name; a name that two of them share names neither."""
    by_name: dict[str, Unit] = {}
    shared = set()
    for unit in units:
        for name in {unit.code, unit.name_en, unit.name_zh, unit.short_en, unit.short_zh} - {""}:
            if by_name.setdefault(name.casefold(), unit) != unit:
                shared.add(name.casefold())
    return {name: unit for name, unit in by_name.items() if name not in shared}


def _roles_by_every_name() -> dict[str, str]:
    by_name = {role: role for role in Role.values}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            by_name |= {str(role.label).casefold(): role.value for role in Role}
    return by_name
