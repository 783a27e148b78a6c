"""Reads people for the pages: the filtered list, one person with all roles, who stands in for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from units.models import Membership, Role, Unit, User
from units.permissions import GRANTED_BY_OFFICE, Capacities, can_manage_people


class State(StrEnum):
    """What an account is at the moment; it follows from the row and is never stored."""

    ACTIVE = "active"
    INVITED = "invited"
    NOT_INVITED = "not_invited"
    DEACTIVATED = "deactivated"


def state_of(person: User) -> State:
    if not person.is_active:
        return State.DEACTIVATED
    if person.has_usable_password():
        return State.ACTIVE
    return State.INVITED if person.invited_at else State.NOT_INVITED


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the list is narrowed to; empty means everybody who is not deactivated."""

    words: str = ""
    unit: Unit | None = None
    role: str = ""
    state: str = ""


def people_list(wanted: Wanted, on: date) -> QuerySet[User]:
    """People with the memberships that hold or are to come, ready for the list."""
    people = User.objects.filter(_in_state(wanted.state), is_service=False)
    if wanted.words:
        people = people.filter(
            Q(username__icontains=wanted.words)
            | Q(name__icontains=wanted.words)
            | Q(name_zh__icontains=wanted.words)
            | Q(email__icontains=wanted.words)
        )
    if wanted.unit or wanted.role:
        held = Membership.objects.on(on).filter(user=OuterRef("pk"))
        held = held.filter(unit=wanted.unit) if wanted.unit else held
        held = held.filter(role=wanted.role) if wanted.role else held
        people = people.filter(Exists(held))
    current = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on))
    return people.prefetch_related(Prefetch("memberships", _with_names(current), to_attr="roles")).order_by("username")


def roles_of(person: User) -> QuerySet[Membership]:
    """Every role a person has, had or will have, the latest first."""
    return _with_names(person.memberships.all()).order_by("-ends_on", "-starts_on", "unit__order", "role")


def stand_ins(person: Capacities, on: date) -> QuerySet[Membership]:
    """Stand-ins of today and of the days to come, in the units whose stand-ins this person may see."""
    rows = Membership.objects.exclude(stands_in_for=None).filter(ends_on__gte=on)
    if not can_manage_people(person):
        rows = rows.filter(unit__in=person.head_of, role=Role.REPORTER)
    return _with_names(rows).order_by("starts_on", "unit__order", "pk")


def replaceable(person: Capacities, on: date) -> QuerySet[Membership]:
    """Roles for which this person may name a stand-in: held in somebody's own right, today or later."""
    rows = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), stands_in_for=None, unit__is_active=True)
    if not person.is_administrator:
        roles = GRANTED_BY_OFFICE if person.is_office else ()
        rows = rows.filter(Q(role__in=roles) | Q(role=Role.REPORTER, unit__in=person.head_of))
    return _with_names(rows.filter(user__is_active=True)).order_by("unit__order", "role", "user__username")


def stand_in_candidates(person: Capacities, unit: Unit | None) -> QuerySet[User]:
    """Who may stand in: anybody for those who manage people, for a head only people of the head's own units."""
    people = User.objects.filter(is_active=True, is_service=False).order_by("username")
    if can_manage_people(person):
        return people
    units = person.head_of & {unit.pk} if unit else person.head_of
    return people.filter(Exists(Membership.objects.filter(user=OuterRef("pk"), unit__in=units)))


def _with_names(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    return memberships.select_related("unit", "user", "stands_in_for")


def _in_state(state: str) -> Q:
    has_password = ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return {
        "": Q(is_active=True),
        "all": Q(),
        State.ACTIVE: Q(is_active=True) & has_password,
        State.INVITED: Q(is_active=True, invited_at__isnull=False) & ~has_password,
        State.NOT_INVITED: Q(is_active=True, invited_at=None) & ~has_password,
        State.DEACTIVATED: Q(is_active=False),
    }[state]


def units_to_choose(unit_ids: Iterable[int] | None = None) -> QuerySet[Unit]:
    """Units that take part, in their order."""
    units = Unit.objects.filter(is_active=True)
    return units if unit_ids is None else units.filter(pk__in=unit_ids)
