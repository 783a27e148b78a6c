"""Writes a table of people as it was planned and looked at: all of it in one transaction, or nothing."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from units.models import User
from units.operations.memberships import change_dates, give_role
from units.operations.people import add_person, edit_person
from units.permissions import can_manage_people, capacities
from units.queries.people_import import Plan, Step
from units.refusals import Incomplete


@transaction.atomic
def import_people(*, plan: Plan, actor: User, today: date) -> list[User]:
    """Carries the plan out with the operations of single people, and returns those who are new."""
    if not can_manage_people(capacities(actor, today)):
        raise PermissionDenied(_("Administrators and the campaign office add people."))
    if plan.problems:
        raise Incomplete(_("Nothing was written: correct the rows named below first."), problems=plan.problems)
    people: dict[str, User] = {}
    new = []
    for step in plan.steps:
        key = step.cells["username"].casefold()
        person = people.get(key) or _person(step, actor, today)
        if step.is_new_person:
            new.append(person)
        people[key] = person
        _role(step, person, actor, today)
    return new


def _person(step: Step, actor: User, today: date) -> User:
    if step.person is None:
        return add_person(fields=step.fields, actor=actor, today=today)
    if not step.fields:
        return step.person
    return edit_person(person=step.person, fields=step.fields, actor=actor, today=today)


def _role(step: Step, person: User, actor: User, today: date) -> None:
    if step.is_new_role and step.unit:
        give_role(
            person=person,
            unit=step.unit,
            role=step.role,
            starts_on=step.dates.get("starts_on"),
            ends_on=step.dates.get("ends_on"),
            actor=actor,
            today=today,
        )
    elif step.membership and step.dates:
        change_dates(
            membership=step.membership,
            starts_on=step.dates.get("starts_on", step.membership.starts_on),
            ends_on=step.dates.get("ends_on", step.membership.ends_on),
            actor=actor,
            today=today,
        )
