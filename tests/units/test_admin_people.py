"""People in the administration: invited, deactivated and given roles, with a record of each; never deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.admin_builders import make
from tests.admin_forms import add, boxes, change, errors, page, run, told
from tests.cast import client_of
from units.models import Change, Membership, Unit, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return make(User, is_superuser=True, is_staff=True)


@pytest.fixture
def client(administrator: User) -> Client:
    return client_of(administrator)


def test_a_new_person_has_no_password_until_invited(client: Client) -> None:
    add(client, User, username="lin", name="Lin", email="lin@example.org")
    person = User.objects.get(username="lin")
    assert not person.has_usable_password()
    item = Change.objects.get().items.get()
    assert item.after["password"] == "***"
    assert item.after["name"] == "Lin"


def test_a_second_person_with_the_same_email_is_refused_beside_the_box(client: Client) -> None:
    make(User, email="lin@example.org")
    answer = add(client, User, username="lin", name="Lin", email="LIN@example.org")
    assert "email address is here already" in errors(answer)["email"][0]


def test_a_password_set_by_an_administrator_is_recorded_and_never_shown(client: Client) -> None:
    person = make(User)
    typed = {"password1": "correct-horse-2022", "password2": "correct-horse-2022", "usable_password": "true"}
    client.post(f"/admin/units/user/{person.pk}/password/", typed)
    person.refresh_from_db()
    assert person.check_password("correct-horse-2022")
    record = Change.objects.get()
    assert record.verb == "admin_set_password"
    assert record.items.get().after == {"password": "***"}


def test_an_unfit_password_is_neither_set_nor_recorded(client: Client) -> None:
    person = make(User)
    client.post(f"/admin/units/user/{person.pk}/password/", {"password1": "a", "password2": "b"})
    assert not Change.objects.exists()


def test_the_last_administrator_stays_one(client: Client, administrator: User) -> None:
    answer = change(client, administrator, is_superuser=None)
    assert "last administrator" in errors(answer)["is_superuser"][0]


def test_nobody_is_deleted(client: Client) -> None:
    person = make(User)
    assert client.post(page(User, "delete", person.pk), {"post": "yes"}).status_code == 403


def test_deactivating_asks_first_and_then_calls_the_operation(client: Client) -> None:
    person = make(User)
    asked = run(client, "deactivate", person)
    assert asked.status_code == 200
    assert person.name in asked.content.decode()
    answer = run(client, "deactivate", person, answered="yes")
    assert told(answer) == ["1 account deactivated."]
    person.refresh_from_db()
    assert not person.is_active
    assert Change.objects.get().verb == "deactivate_person"
    run(client, "reactivate", person)
    person.refresh_from_db()
    assert person.is_active


def test_a_refusal_of_an_operation_is_a_message(client: Client, administrator: User) -> None:
    answer = run(client, "deactivate", administrator, answered="yes")
    assert "own account" in told(answer)[0]
    administrator.refresh_from_db()
    assert administrator.is_active


def test_an_invitation_goes_out_by_mail(client: Client) -> None:
    person = make(User)
    person.set_unusable_password()
    person.save()
    answer = run(client, "invite", person)
    assert told(answer) == ["1 invitation sent."]
    assert mail.outbox[0].to == [person.email]
    assert "http://testserver/accounts/invitation/" in mail.outbox[0].body


def test_an_invitation_that_is_refused_is_a_message(client: Client) -> None:
    person = make(User, email="")
    answer = run(client, "invite", person)
    assert answer.status_code == 302
    assert told(answer)
    assert not mail.outbox


def test_a_membership_ends_by_its_operation(client: Client) -> None:
    membership = make(Membership)
    answer = run(client, "end", membership)
    assert told(answer) == ["1 membership ended."]
    membership.refresh_from_db()
    assert membership.ends_on == timezone.localdate() - timedelta(days=1)
    assert Change.objects.get().verb == "end_role"


def test_a_role_is_held_once_at_a_time(client: Client) -> None:
    held = make(Membership, ends_on="2022-08-31")
    typed = {"user": str(held.user_id), "unit": str(held.unit_id), "role": "reporter"}
    answer = add(client, Membership, **typed, starts_on="2022-08-31")
    assert "already" in errors(answer)["starts_on"][0]
    assert add(client, Membership, **typed, starts_on="2022-09-01").status_code == 302


def test_a_stand_in_needs_a_last_day(client: Client) -> None:
    person, absent, unit = make(User), make(User), make(Unit)
    typed = {"user": str(person.pk), "unit": str(unit.pk), "role": "head", "stands_in_for": str(absent.pk)}
    answer = add(client, Membership, **typed)
    assert "A stand-in needs a last day." in str(errors(answer))


def test_the_hash_of_a_password_is_not_in_the_form(client: Client) -> None:
    person = make(User)
    person.set_password("correct-horse-2022")
    person.save()
    answer = client.get(page(User, "change", person.pk))
    assert "password" not in boxes(answer)
    assert person.password not in answer.content.decode()


def test_ones_own_password_is_changed_on_the_sites_own_page(client: Client) -> None:
    assert client.get("/admin/password_change/").url == "/accounts/password/"
