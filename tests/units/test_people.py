"""People: who may do what, adding and inviting, roles with days, stand-ins, deactivating."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast, client_of
from units.models import Change, Membership, Role, User
from units.operations import memberships, people
from units.permissions import capacities
from units.queries.people import State, state_of
from units.refusals import Invalid, WrongState

pytestmark = pytest.mark.django_db
TODAY = date(2022, 9, 3)
NEWCOMER = {"username": "newcomer", "name": "New Comer", "name_zh": "新来", "email": "new@example.org"}


def add(cast: Cast, **fields: str) -> User:
    return people.add_person(fields={**NEWCOMER, **fields}, actor=cast.administrator, today=TODAY)


def told(client: Client, response: Any) -> str:
    """What a page that was posted to says, on the page it leads to."""
    page = client.get(response.url) if response.status_code == 302 else response
    return page.content.decode()


# --- who may ----------------------------------------------------------------------------------------------------------

EVERYBODY = [
    "reporter",
    "head",
    "outsider",
    "outsider_head",
    "reviewer",
    "second_reviewer",
    "other_reviewer",
    "lead_reporter",
    "lead_head",
    "office",
    "leader",
    "administrator",
    "stranger",
]
OFFICE = {"office", "administrator"}
HEADS = {"head", "outsider_head", "lead_head"}


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_pages_are_for_the_office_administrators_and_heads(cast: Cast, who: str) -> None:
    client = client_of(cast.people[who])
    for_office = ["people", "add_person", "import_people", "people_template"]
    for name in for_office:
        assert client.get(reverse(name)).status_code == (200 if who in OFFICE else 403), name
    assert client.get(reverse("person", args=[cast.stranger.pk])).status_code == (200 if who in OFFICE else 403)
    assert client.get(reverse("stand_ins")).status_code == (200 if who in OFFICE | HEADS else 403)
    assert client.get(reverse("profile")).status_code == 200


@pytest.mark.parametrize("who", [one for one in EVERYBODY if one not in OFFICE])
def test_nobody_else_changes_anything(cast: Cast, who: str) -> None:
    client, target = client_of(cast.people[who]), [cast.stranger.pk]
    before = Change.objects.count()
    for name in ("person", "deactivate_person", "reactivate_person", "invite_person", "give_role"):
        assert client.post(reverse(name, args=target), NEWCOMER).status_code == 403, name
    for name in ("add_person", "import_people", "confirm_import_people"):
        assert client.post(reverse(name), NEWCOMER).status_code == 403, name
    own = cast.office.memberships.get()
    expected = 404 if who in HEADS else 403
    assert client.get(reverse("role_dates", args=[own.pk])).status_code == expected
    assert client.post(reverse("end_role", args=[own.pk])).status_code == expected
    assert Change.objects.count() == before


def test_without_an_account_each_page_leads_to_the_sign_in(cast: Cast) -> None:
    for name in ("people", "add_person", "import_people", "stand_ins", "profile", "password_change"):
        assert Client().get(reverse(name)).url.startswith(reverse("login"))


@pytest.mark.parametrize("above", ["administrator", "leader", "office"])
def test_the_office_cannot_reach_an_account_above_its_own(cast: Cast, above: str) -> None:
    """Whoever may change the address may have a new password sent to it."""
    client, target = client_of(cast.office), cast.people[above]
    page = client.get(reverse("person", args=[target.pk])).content.decode()
    assert 'name="email"' not in page
    fields = {**NEWCOMER, "username": target.username, "email": "mine@example.org"}
    assert client.post(reverse("person", args=[target.pk]), fields).status_code == 403
    for name in ("deactivate_person", "invite_person"):
        response = client.post(reverse(name, args=[target.pk]))
        assert response.status_code == 403 or above == "office"
    target.refresh_from_db()
    assert (target.email, target.is_active) == (f"{above}@example.org", True)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("who", ["office", "administrator"])
def test_the_office_grants_reporters_heads_and_reviewers_only(cast: Cast, who: str, role: str) -> None:
    client = client_of(cast.people[who])
    allowed = who == "administrator" or role in ("reporter", "head", "reviewer")
    form = {"unit": cast.town.pk, "role": role}
    response = client.post(reverse("give_role", args=[cast.stranger.pk]), form)
    assert (response.status_code == 302) is allowed
    assert cast.stranger.memberships.filter(role=role).exists() is allowed
    if not allowed:
        assert 'id="id_role_error"' in response.content.decode()
        with pytest.raises(people.PermissionDenied):
            memberships.give_role(
                person=cast.stranger,
                unit=cast.town,
                role=role,
                starts_on=None,
                ends_on=None,
                actor=cast.people[who],
                today=TODAY,
            )


# --- the list ---------------------------------------------------------------------------------------------------------


def names_on(page: Any) -> set[str]:
    return {row["person"].username for row in page.context["rows"]}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=outsider", {"outsider", "outsider_head"}),
        ("q=OUTSIDER%40example", {"outsider"}),
        ("unit=town", {"reporter", "head"}),
        ("unit=town&role=head", {"head"}),
        ("role=leader", {"leader"}),
        ("state=deactivated", {"stranger"}),
        ("state=not_invited", {"newcomer"}),
        ("q=%E6%96%B0%E6%9D%A5", {"newcomer"}),
        ("q=nobody-at-all", set()),
    ],
)
def test_the_list_is_narrowed(cast: Cast, query: str, expected: set[str]) -> None:
    add(cast)
    User.objects.filter(pk=cast.stranger.pk).update(is_active=False)
    page = client_of(cast.office).get(f"{reverse('people')}?{query}")
    assert names_on(page) == expected


@pytest.mark.parametrize(
    "query", ["unit=nowhere", "role=emperor", "state=strange", "q=" + 200 * "a", "q=%00", "page=999", "page=x"]
)
def test_a_filter_that_makes_no_sense_is_said_and_narrows_nothing(cast: Cast, query: str) -> None:
    page = client_of(cast.office).get(f"{reverse('people')}?{query}")
    assert page.status_code == 200
    assert len(names_on(page)) == 13
    assert ("_error" in page.content.decode()) is not query.startswith(("page", "q=%00"))


def test_the_number_of_queries_does_not_grow_with_the_people(cast: Cast) -> None:
    client = client_of(cast.office)

    def cost(query: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"{reverse('people')}?{query}").status_code == 200
        return len(queries)

    cost("q=newcomer")
    for number in range(3):
        person = add(cast, username=f"newcomer{number}", email=f"new{number}@example.org")
        give(cast, person, Role.REPORTER)
        give(cast, person, Role.HEAD)
    assert len(names_on(client.get(f"{reverse('people')}?q=newcomer1"))) == 1
    assert cost("q=newcomer1") == cost("q=newcomer") <= 16


# --- adding, editing, inviting ----------------------------------------------------------------------------------------


def test_a_person_is_added_with_a_role_and_invited(cast: Cast) -> None:
    client = client_of(cast.office)
    form = {**NEWCOMER, "language": "zh-hans", "unit": cast.town.pk, "role": "reporter", "starts_on": "2022-09-05"}
    page = told(client, client.post(reverse("add_person"), form))
    assert "on its way to new@example.org" in page
    person = User.objects.get(username="newcomer")
    assert state_of(person) == State.INVITED
    assert not person.has_usable_password()
    role = person.memberships.get()
    assert (role.unit, role.role, role.starts_on) == (cast.town, "reporter", date(2022, 9, 5))
    assert "河畔市" in mail.outbox[0].body
    assert "newcomer" in mail.outbox[0].body
    changes = Change.objects.filter(actor=cast.office)
    assert [one.verb for one in changes.order_by("pk")] == ["add_person", "give_role", "invite"]
    assert "password" not in json.dumps([item.after for one in changes for item in one.items.all()])


def test_a_dead_mail_server_leaves_the_person_and_offers_to_send_again(cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.units.test_accounts.DeadServer"
    client = client_of(cast.office)
    page = told(client, client.post(reverse("add_person"), NEWCOMER))
    assert "could not be sent" in page
    assert "Send the invitation" in page
    person = User.objects.get(username="newcomer")
    assert state_of(person) == State.NOT_INVITED
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client.post(reverse("invite_person", args=[person.pk]))
    person.refresh_from_db()
    assert state_of(person) == State.INVITED
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"username": ""}, "username"),
        ({"username": "two words"}, "username"),
        ({"username": "x" * 61}, "username"),
        ({"username": "Reporter"}, "username"),
        ({"username": "a\x00b"}, "username"),
        ({"name": "", "name_zh": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name_zh": "新" * 41}, "name_zh"),
        ({"email": ""}, "email"),
        ({"email": "no address"}, "email"),
        ({"email": "REPORTER@example.org"}, "email"),
        ({"email": "a@example.org\nBcc: b@example.org"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"phone": "1" * 31}, "phone"),
        ({"language": "klingon"}, "language"),
        ({"unit": "999999"}, "unit"),
        ({"unit": "x"}, "unit"),
        ({"unit": "1" * 30, "role": "reporter"}, "unit"),
        ({"role": "emperor"}, "role"),
        ({"role": "reporter"}, "unit"),
        ({"starts_on": "2022-09-05"}, "unit"),
        ({"starts_on": "yesterday"}, "starts_on"),
        ({"starts_on": "2022-02-30"}, "starts_on"),
        ({"starts_on": "0001-01-01"}, "starts_on"),
        ({"starts_on": "10^30"}, "starts_on"),
        ({"starts_on": "NaN"}, "starts_on"),
    ],
)
def test_a_mistake_is_said_beside_its_box_and_what_was_typed_is_kept(
    cast: Cast, fields: dict[str, str], wrong: str
) -> None:
    before = User.objects.count()
    response = client_of(cast.administrator).post(reverse("add_person"), {**NEWCOMER, "phone": "0573 1234", **fields})
    page = response.content.decode()
    assert response.status_code == 200
    assert f'id="id_{wrong}_error"' in page
    assert 'aria-invalid="true"' in page
    if wrong != "phone":
        assert 'value="0573 1234"' in page
    assert User.objects.count() == before
    assert not mail.outbox


@pytest.mark.parametrize(
    ("role", "wrong"),
    [
        ({"starts_on": "2022-09-10", "ends_on": "2022-09-09"}, "ends_on"),
        ({"ends_on": "2022-09-02"}, "ends_on"),
        ({"ends_on": "2022/9/1"}, "ends_on"),
    ],
)
def test_a_refused_role_leaves_no_person_behind(cast: Cast, role: dict[str, str], wrong: str) -> None:
    form = {**NEWCOMER, "unit": cast.town.pk, "role": "reporter", **role}
    page = client_of(cast.office).post(reverse("add_person"), form).content.decode()
    assert f'id="id_{wrong}_error"' in page
    assert not User.objects.filter(username="newcomer").exists()
    assert not Change.objects.filter(verb="add_person").exists()


def test_full_width_signs_are_made_ordinary(cast: Cast) -> None:
    form = {
        "username": "ｎｅｗ",
        "name_zh": "新来",
        "email": "ｎｅｗ＠example．org",
        "phone": "０５７３－１２３４",
        "unit": cast.town.pk,
        "role": "head",
        "starts_on": "２０２２－０９－０５",
        "ends_on": "2022年9月30日",
    }
    assert client_of(cast.office).post(reverse("add_person"), form).status_code == 302
    person = User.objects.get(username="new")
    assert (person.name, person.email, person.phone) == ("新来", "new@example.org", "0573-1234")
    assert person.memberships.get().ends_on == date(2022, 9, 30)


def test_adding_twice_adds_once_and_says_so(cast: Cast) -> None:
    client = client_of(cast.office)
    client.post(reverse("add_person"), NEWCOMER)
    page = client.post(reverse("add_person"), NEWCOMER).content.decode()
    assert "This username is taken" in page
    assert User.objects.filter(username="newcomer").count() == 1
    assert len(mail.outbox) == 1


def test_editing_records_what_changed_and_nothing_else(cast: Cast) -> None:
    client = client_of(cast.office)
    fields = {"username": "reporter", "name": "Reporter", "email": "other@example.org"}
    assert client.post(reverse("person", args=[cast.reporter.pk]), fields).status_code == 302
    change = Change.objects.latest("pk")
    assert (change.verb, change.actor) == ("edit_person", cast.office)
    item = change.items.get()
    assert (item.before, item.after) == ({"email": "reporter@example.org"}, {"email": "other@example.org"})
    count = Change.objects.count()
    client.post(reverse("person", args=[cast.reporter.pk]), fields)
    assert Change.objects.count() == count


@pytest.mark.parametrize("number", [999_999, 2**63, 10**30])
def test_somebody_there_is_not_is_not_found(cast: Cast, number: int) -> None:
    client = client_of(cast.administrator)
    assert client.get(f"/people/{number}/").status_code == 404
    assert client.get(f"/people/roles/{number}/").status_code == 404
    assert client.post(f"/people/{number}/deactivate/").status_code == 404


def test_who_has_a_password_is_not_invited_again(cast: Cast) -> None:
    client = client_of(cast.office)
    page = told(client, client.post(reverse("invite_person", args=[cast.reporter.pk])))
    assert "has a password already" in page
    assert not mail.outbox


# --- deactivating -----------------------------------------------------------------------------------------------------


def test_deactivating_ends_the_sessions_for_good(cast: Cast) -> None:
    theirs, other, office = client_of(cast.reporter), client_of(cast.head), client_of(cast.office)
    office.post(reverse("deactivate_person", args=[cast.reporter.pk]))
    assert theirs.get(reverse("profile")).status_code == 302
    office.post(reverse("reactivate_person", args=[cast.reporter.pk]))
    assert theirs.get(reverse("profile")).status_code == 302
    assert other.get(reverse("profile")).status_code == 200
    assert cast.reporter.memberships.count() == 1
    verbs = Change.objects.order_by("-pk").values_list("verb", flat=True)[:2]
    assert list(verbs) == ["reactivate_person", "deactivate_person"]


def test_deactivating_twice_is_recorded_once(cast: Cast) -> None:
    client = client_of(cast.office)
    for _ in range(2):
        client.post(reverse("deactivate_person", args=[cast.reporter.pk]))
    assert Change.objects.filter(verb="deactivate_person").count() == 1


def test_nobody_deactivates_themselves_or_the_last_administrator(cast: Cast) -> None:
    client = client_of(cast.administrator)
    page = told(client, client.post(reverse("deactivate_person", args=[cast.administrator.pk])))
    assert "cannot deactivate your own account" in page
    second = add(cast)
    User.objects.filter(pk=second.pk).update(is_superuser=True)
    second.refresh_from_db()
    people.deactivate(person=cast.administrator, actor=second, today=TODAY)
    cast.administrator.refresh_from_db()
    assert not cast.administrator.is_active
    # The first one's session is gone; even a call that was on its way no longer closes the last one.
    stale = User.objects.get(pk=cast.administrator.pk)
    stale.is_active = True
    with pytest.raises(people.PermissionDenied):
        people.deactivate(person=second, actor=stale, today=TODAY)


def test_a_deactivated_person_gets_no_role_and_no_invitation(cast: Cast) -> None:
    person = add(cast)
    people.deactivate(person=person, actor=cast.administrator, today=TODAY)
    person.refresh_from_db()
    with pytest.raises(Invalid):
        give(cast, person, Role.REPORTER)
    client = client_of(cast.office)
    assert "deactivated" in told(client, client.post(reverse("invite_person", args=[person.pk])))
    assert not mail.outbox


# --- roles ------------------------------------------------------------------------------------------------------------


def give(cast: Cast, person: User, role: str, first: date | None = None, last: date | None = None) -> Membership:
    return memberships.give_role(
        person=person,
        unit=cast.town,
        role=role,
        starts_on=first,
        ends_on=last,
        actor=cast.administrator,
        today=TODAY,
    )


def test_a_role_given_twice_is_one_role(cast: Cast) -> None:
    client = client_of(cast.office)
    form = {"unit": cast.town.pk, "role": "head", "starts_on": "2022-09-05"}
    for _ in range(2):
        assert client.post(reverse("give_role", args=[cast.stranger.pk]), form).status_code == 302
    assert cast.stranger.memberships.count() == 1
    assert Change.objects.filter(verb="give_role").count() == 1
    page = client.post(reverse("give_role", args=[cast.stranger.pk]), {**form, "starts_on": "2022-09-20"})
    assert "already" in page.content.decode()
    assert 'id="id_starts_on_error"' in page.content.decode()


def test_one_role_may_follow_itself_but_not_overlap(cast: Cast) -> None:
    give(cast, cast.stranger, Role.HEAD, date(2022, 9, 1), date(2022, 9, 10))
    give(cast, cast.stranger, Role.HEAD, date(2022, 9, 11))
    for first, last in ((date(2022, 9, 10), date(2022, 9, 10)), (None, date(2022, 9, 5)), (date(2023, 1, 1), None)):
        with pytest.raises(Invalid):
            give(cast, cast.stranger, Role.HEAD, first, last)


def test_the_days_of_a_role_are_changed(cast: Cast) -> None:
    row = give(cast, cast.stranger, Role.HEAD)
    client = client_of(cast.office)
    address = reverse("role_dates", args=[row.pk])
    bad = client.post(address, {"starts_on": "2022-09-10", "ends_on": "2022-09-01"}).content.decode()
    assert 'id="id_ends_on_error"' in bad
    assert 'value="2022-09-10"' in bad
    assert client.post(address, {"starts_on": "", "ends_on": "2022-09-30"}).status_code == 302
    row.refresh_from_db()
    assert row.ends_on == date(2022, 9, 30)
    assert not capacities(User.objects.get(pk=cast.stranger.pk), date(2022, 10, 1)).head_of


def test_ending_takes_effect_at_once(cast: Cast) -> None:
    row = give(cast, cast.stranger, Role.HEAD)
    coming = give(cast, cast.stranger, Role.REPORTER, date(2022, 9, 20))
    client = client_of(cast.office)
    for one in (row, coming):
        assert client.post(reverse("end_role", args=[one.pk])).status_code == 302
    row.refresh_from_db()
    assert row.ends_on == date(2022, 9, 2)
    assert not Membership.objects.filter(pk=coming.pk).exists()
    assert not capacities(User.objects.get(pk=cast.stranger.pk), TODAY).head_of
    assert Change.objects.filter(verb__in=["end_role", "take_back_role"]).count() == 2


def test_the_office_does_not_end_what_it_may_not_give(cast: Cast) -> None:
    row = cast.leader.memberships.get()
    client = client_of(cast.office)
    assert client.post(reverse("end_role", args=[row.pk])).status_code == 403
    row.refresh_from_db()
    assert row.ends_on is None


# --- stand-ins --------------------------------------------------------------------------------------------------------


def stand_in(cast: Cast, who: str, absent: User, instead: User, **dates: str) -> Any:
    form = {
        "absent": absent.memberships.get().pk,
        "stand_in": instead.pk,
        "starts_on": "2022-09-05",
        "ends_on": "2022-09-09",
        **dates,
    }
    return client_of(cast.people[who]).post(reverse("stand_ins"), form)


def test_a_head_names_somebody_of_the_own_unit_for_a_reporter(cast: Cast) -> None:
    assert stand_in(cast, "head", cast.reporter, cast.head).status_code == 302
    row = Membership.objects.get(stands_in_for=cast.reporter)
    assert (row.user, row.unit, row.role) == (cast.head, cast.town, "reporter")
    person = User.objects.get(pk=cast.head.pk)
    days = (date(2022, 9, 4), date(2022, 9, 5), date(2022, 9, 9), date(2022, 9, 10))
    assert [cast.town.pk in capacities(person, day).reporter_of for day in days] == [False, True, True, False]
    change = Change.objects.latest("pk")
    assert (change.verb, change.actor, change.items.get().after["stands_in_for"]) == (
        "set_stand_in",
        cast.head,
        cast.reporter.pk,
    )


def test_a_head_reaches_no_other_unit_no_other_role_and_no_outsider(cast: Cast) -> None:
    for absent, instead in (
        (cast.outsider, cast.head),
        (cast.head, cast.reporter),
        (cast.reporter, cast.stranger),
        (cast.reporter, cast.outsider),
    ):
        response = stand_in(cast, "head", absent, instead)
        assert response.status_code == 200
        assert "_error" in response.content.decode()
    assert not Membership.objects.exclude(stands_in_for=None).exists()
    page = client_of(cast.head).get(reverse("stand_ins")).content.decode()
    assert "Outsider" not in page
    assert "Stranger" not in page


def test_the_office_names_anybody_for_heads_too(cast: Cast) -> None:
    assert stand_in(cast, "office", cast.head, cast.stranger).status_code == 302
    assert stand_in(cast, "office", cast.leader, cast.stranger).status_code == 200
    assert stand_in(cast, "administrator", cast.leader, cast.stranger).status_code == 302


@pytest.mark.parametrize(
    ("dates", "wrong"),
    [
        ({"ends_on": ""}, "ends_on"),
        ({"starts_on": ""}, "starts_on"),
        ({"ends_on": "2022-09-04"}, "ends_on"),
        ({"starts_on": "2022-08-01", "ends_on": "2022-08-02"}, "ends_on"),
        ({"ends_on": "2024-09-04"}, "ends_on"),
        ({"ends_on": "9999-12-31"}, "ends_on"),
    ],
)
def test_a_stand_in_has_sensible_days(cast: Cast, dates: dict[str, str], wrong: str) -> None:
    page = stand_in(cast, "office", cast.reporter, cast.stranger, **dates).content.decode()
    assert f'id="id_{wrong}_error"' in page
    assert not Membership.objects.exclude(stands_in_for=None).exists()


def test_nobody_stands_in_for_themselves_or_twice(cast: Cast) -> None:
    assert "for themselves" in stand_in(cast, "office", cast.reporter, cast.reporter).content.decode()
    for _ in range(2):
        assert stand_in(cast, "office", cast.reporter, cast.stranger).status_code == 302
    assert Membership.objects.filter(stands_in_for=cast.reporter).count() == 1
    assert Change.objects.filter(verb="set_stand_in").count() == 1
    cast.reporter.memberships.update(ends_on=date(2022, 9, 4))
    late = stand_in(cast, "office", cast.reporter, cast.stranger, starts_on="2022-09-20", ends_on="2022-09-21")
    assert "does not hold the role" in late.content.decode()


def test_a_head_changes_and_ends_stand_ins_of_the_own_unit_only(cast: Cast) -> None:
    stand_in(cast, "office", cast.reporter, cast.stranger)
    row = Membership.objects.get(stands_in_for=cast.reporter)
    address = reverse("role_dates", args=[row.pk])
    assert client_of(cast.outsider_head).get(address).status_code == 404
    assert client_of(cast.reporter).get(address).status_code == 403
    head = client_of(cast.head)
    assert head.get(address).status_code == 200
    assert head.post(address, {"starts_on": "2022-09-05", "ends_on": "2022-09-12"}).url == reverse("stand_ins")
    assert 'id="id_ends_on_error"' in head.post(address, {"starts_on": "2022-09-05"}).content.decode()
    assert head.get(reverse("role_dates", args=[cast.reporter.memberships.get().pk])).status_code == 403
    assert head.post(reverse("end_role", args=[row.pk])).url == reverse("stand_ins")
    assert not Membership.objects.filter(pk=row.pk).exists()


def test_the_cost_of_the_stand_ins_page_does_not_grow(cast: Cast) -> None:
    client = client_of(cast.head)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("stand_ins"))
        return len(queries)

    stand_in(cast, "office", cast.reporter, cast.head)
    cost()
    one = cost()
    for name in ("stranger", "leader"):
        stand_in(cast, "office", cast.reporter, cast.people[name])
    assert Membership.objects.filter(stands_in_for=cast.reporter).count() == 3
    assert cost() == one


def test_states_refuse_in_words(cast: Cast) -> None:
    with pytest.raises(WrongState) as refusal:
        people.deactivate(person=cast.office, actor=cast.office, today=TODAY)
    assert "Ask another administrator" in str(refusal.value)
