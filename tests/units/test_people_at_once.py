"""Two people who press the button at the same moment, on a real PostgreSQL with a connection each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from tests.cast import Cast, assemble
from units.models import Change, Membership, User
from units.operations.memberships import give_role
from units.operations.people import add_person, deactivate
from units.refusals import Refusal

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
TODAY = date(2022, 9, 3)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


def at_once(*calls: Callable[[], object]) -> list[type[Exception] | None]:
    """Runs each call in a thread of its own, started together; what each was refused with."""
    together = Barrier(len(calls))
    outcomes: list[type[Exception] | None] = [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        try:
            together.wait(timeout=10)
            call()
        except (Refusal, PermissionDenied) as refusal:
            outcomes[place] = type(refusal)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


def test_a_role_given_by_two_at_once_is_one_role(cast: Cast) -> None:
    def give() -> None:
        person = User.objects.get(pk=cast.stranger.pk)
        actor = User.objects.get(pk=cast.office.pk)
        give_role(person=person, unit=cast.town, role="head", starts_on=None, ends_on=None, actor=actor, today=TODAY)

    assert at_once(*[give] * 4) == [None] * 4
    assert Membership.objects.filter(user=cast.stranger).count() == 1
    assert Change.objects.filter(verb="give_role").count() == 1


def test_a_person_added_by_two_at_once_is_one_person(cast: Cast) -> None:
    fields = {"username": "newcomer", "name": "New Comer", "email": "new@example.org"}

    def add() -> None:
        add_person(fields=fields, actor=User.objects.get(pk=cast.office.pk), today=TODAY)

    refused = [outcome for outcome in at_once(*[add] * 4) if outcome]
    assert len(refused) == 3
    assert User.objects.filter(username="newcomer").count() == 1
    assert Change.objects.filter(verb="add_person").count() == 1


def test_two_administrators_who_deactivate_each_other_leave_one(cast: Cast) -> None:
    second = User.objects.get(pk=cast.stranger.pk)
    second.is_superuser = True
    second.save()

    def close(person: User, actor: User) -> Callable[[], object]:
        return lambda: deactivate(
            person=User.objects.get(pk=person.pk), actor=User.objects.get(pk=actor.pk), today=TODAY
        )

    outcomes = at_once(close(cast.administrator, second), close(second, cast.administrator))
    assert sum(outcome is not None for outcome in outcomes) == 1
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
