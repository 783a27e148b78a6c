"""Who is signed in comes with their roles, in one query, and is what the database says on every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from units.backends import PeopleBackend
from units.models import Membership, Role, User
from units.permissions import capacities

DAY = date(2022, 9, 3)
PEOPLE = ("reporter", "head", "outsider", "reviewer", "office", "leader", "administrator", "stranger")


def signed_in(person: User) -> User:
    found = PeopleBackend().get_user(person.pk)
    assert found is not None
    return found


def alone(person: User) -> User:
    return User.objects.get(pk=person.pk)


def with_changing_roles(cast: Cast) -> User:
    """A reporter with roles that ended, that hold, that are to come, and one in a unit that is closed."""
    person, far = cast.reporter, timedelta(days=30)
    cast.lead.is_active = False
    cast.lead.save()
    for unit, role, starts, ends in (
        (cast.neighbour, Role.REPORTER, None, DAY - timedelta(days=1)),
        (cast.neighbour, Role.HEAD, DAY, DAY),
        (cast.neighbour, Role.REVIEWER, DAY + timedelta(days=1), None),
        (cast.lead, Role.REVIEWER, DAY - far, DAY + far),
    ):
        Membership.objects.create(user=person, unit=unit, role=role, starts_on=starts, ends_on=ends)
    return person


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_is_what_the_database_says(cast: Cast, name: str) -> None:
    person = getattr(cast, name)
    assert capacities(signed_in(person), DAY) == capacities(alone(person), DAY)


@pytest.mark.parametrize("days", [-40, -1, 0, 1, 40])
def test_roles_begin_and_end_with_their_days(cast: Cast, days: int) -> None:
    person, day = with_changing_roles(cast), DAY + timedelta(days=days)
    found = capacities(signed_in(person), day)
    assert found == capacities(alone(person), day)
    assert bool(found.head_of) == (days == 0)
    assert cast.lead.pk not in found.reviewer_of


def test_the_units_come_whole(cast: Cast) -> None:
    (unit,) = capacities(signed_in(cast.reporter), DAY).units
    assert (unit, unit.name, unit.order) == (cast.town, cast.town.name, cast.town.order)


def test_the_person_and_the_roles_are_one_query(cast: Cast) -> None:
    person = with_changing_roles(cast)
    with CaptureQueriesContext(connection) as captured:
        capacities(signed_in(person), DAY)
    assert len(captured) == 1


def test_who_was_deactivated_or_is_gone_is_nobody(cast: Cast) -> None:
    User.objects.filter(pk=cast.reporter.pk).update(is_active=False)
    assert PeopleBackend().get_user(cast.reporter.pk) is None
    assert PeopleBackend().get_user(0) is None
