"""One's own page: what can be changed there, and what only others may change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast, client_of
from units.models import Change, Membership, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast) -> Client:
    return client_of(cast.reporter)


def form(**fields: str) -> dict[str, str]:
    usual = {"name": "Reporter", "email": "reporter@example.org", "theme": "auto", "mail_pace": "digest"}
    return {**usual, "has_shortcuts": "on", **fields}


def save(client: Client, **fields: str) -> Any:
    return client.post(reverse("profile"), form(**fields))


def test_everything_that_is_ones_own_is_saved_and_recorded(cast: Cast, client: Client) -> None:
    fields = {"name_zh": "填报员", "email": "me@example.org", "phone": "+86 573 1234", "theme": "dark"}
    fields |= {"language": "zh-hans", "has_shortcuts": ""}
    assert save(client, **fields).url == reverse("profile")
    person = User.objects.get(pk=cast.reporter.pk)
    assert (person.name_zh, person.email, person.theme, person.has_shortcuts) == (
        "填报员",
        "me@example.org",
        "dark",
        False,
    )
    change = Change.objects.latest("pk")
    assert (change.verb, change.actor) == ("edit_profile", cast.reporter)
    assert set(change.items.get().after) == {"name_zh", "email", "phone", "theme", "language", "has_shortcuts"}
    page = client.get(reverse("profile")).content.decode()
    assert 'lang="zh-Hans"' in page
    assert 'data-theme="dark"' in page
    assert 'data-shortcuts="off"' in page


def test_saving_what_is_there_already_records_nothing(client: Client) -> None:
    before = Change.objects.count()
    assert save(client).status_code == 302
    assert Change.objects.count() == before


def test_what_is_not_ones_own_cannot_be_sent_along(cast: Cast, client: Client) -> None:
    save(client, username="admin", is_superuser="on", is_staff="on", is_active="", password="x", source="article")
    person = User.objects.get(pk=cast.reporter.pk)
    assert (person.username, person.is_superuser, person.is_staff, person.is_active) == ("reporter", False, False, True)
    assert person.password == cast.reporter.password


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": "", "name_zh": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name_zh": "填" * 41}, "name_zh"),
        ({"email": ""}, "email"),
        ({"email": "nowhere"}, "email"),
        ({"email": "x" * 250 + "@example.org"}, "email"),
        ({"email": "Head@Example.org"}, "email"),
        ({"phone": "NaN"}, "phone"),
        ({"phone": "9" * 31}, "phone"),
        ({"language": "tlh"}, "language"),
        ({"theme": "pink"}, "theme"),
        ({"theme": ""}, "theme"),
    ],
)
def test_a_mistake_is_said_beside_its_box_and_nothing_is_saved(
    cast: Cast, client: Client, fields: dict[str, str], wrong: str
) -> None:
    page = save(client, **{"name_zh": "王芳", **fields}).content.decode()
    assert f'id="id_{wrong}_error"' in page
    assert f'aria-describedby="id_{wrong}' in page
    assert "name_zh" in fields or 'value="王芳"' in page
    assert User.objects.get(pk=cast.reporter.pk).name_zh == ""


def test_as_the_browser_forgets_an_earlier_switch(cast: Cast, client: Client) -> None:
    client.post(reverse("set_language"), {"language": "zh-hans", "next": "/profile/"})
    assert save(client, language="").cookies["django_language"].value == ""
    assert 'lang="en"' in client.get(reverse("profile")).content.decode()


def test_ones_roles_are_shown_with_their_days(cast: Cast, client: Client) -> None:
    Membership.objects.create(
        user=cast.reporter,
        unit=cast.neighbour,
        role="head",
        starts_on=date(2022, 9, 5),
        ends_on=date(2022, 9, 9),
        stands_in_for=cast.outsider_head,
    )
    page = client.get(reverse("profile")).content.decode()
    assert "Riverside Town" in page
    assert "5 September 2022 to 9 September 2022" in page
    assert "stands in for Outsider Head" in page


def test_the_cost_of_the_page_does_not_grow_with_the_roles(cast: Cast, client: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("profile"))
        return len(queries)

    cost()
    one = cost()
    for unit in (cast.neighbour, cast.lead, cast.second_lead):
        Membership.objects.create(user=cast.reporter, unit=unit, role="reporter")
    assert cost() == one <= 16
