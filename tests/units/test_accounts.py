"""Signing in and out, passwords, invitations, and the language that goes with a person."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.cast import PASSWORD, Cast, client_of
from units.models import Change, User
from units.operations.people import add_person

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "seven-quiet-harbours"
WRONG = "Username or password is wrong"


@pytest.fixture
def invited(cast: Cast) -> User:
    fields = {"username": "newcomer", "name": "New Comer", "name_zh": "新来", "email": "new@example.org"}
    return add_person(fields=fields, actor=cast.office, today=cast.now.date())


def sign_in(client: Client, username: str, password: str, **extra: str):
    return client.post(reverse("login"), {"username": username, "password": password, **extra})


def link_in(letter: mail.EmailMessage) -> str:
    """The path that a mail leads to."""
    return re.search(r"https?://[^/]+(/accounts/\S+)", letter.body)[1]


def invite(cast: Cast, person: User) -> str:
    client_of(cast.office).post(reverse("invite_person", args=[person.pk]))
    return link_in(mail.outbox[-1])


def later(span: timedelta) -> time_machine.travel:
    """A number of seconds, since a date with a zone would move the machine's own zone too."""
    return time_machine.travel(time.time() + span.total_seconds(), tick=False)


# --- signing in -------------------------------------------------------------------------------------------------------


def test_signing_in_leads_to_work_or_to_the_page_that_was_asked_for(cast: Cast) -> None:
    client = Client()
    assert sign_in(client, "reporter", PASSWORD).url == reverse("my_work")
    assert sign_in(Client(), "reporter", PASSWORD, next="/profile/").url == "/profile/"
    assert sign_in(Client(), "reporter", PASSWORD, next="https://elsewhere.example/").url == reverse("my_work")
    assert client.get(reverse("login")).url == reverse("my_work")


def test_full_width_letters_of_a_chinese_keyboard_are_understood(cast: Cast) -> None:
    assert sign_in(Client(), "ｒｅｐｏｒｔｅｒ", PASSWORD).status_code == 302


def test_unknown_name_wrong_password_and_closed_account_hear_the_same(cast: Cast) -> None:
    User.objects.filter(pk=cast.stranger.pk).update(is_active=False)
    answers = [
        sign_in(Client(), name, password)
        for name, password in (("nobody", PASSWORD), ("reporter", "wrong"), ("stranger", PASSWORD))
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert WRONG in answer.content.decode()
    assert 'value="reporter"' in answers[1].content.decode()


def test_signing_out_takes_a_post(cast: Cast) -> None:
    client = client_of(cast.reporter)
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).url == reverse("login")
    assert client.get(reverse("profile")).status_code == 302


def test_too_many_wrong_passwords_pause_the_sign_in_and_say_for_how_long(cast: Cast) -> None:
    client = Client()
    for _ in range(4):
        assert sign_in(client, "reporter", "wrong").status_code == 200
    for answer in (sign_in(client, "reporter", "wrong"), sign_in(client, "reporter", PASSWORD)):
        assert answer.status_code == 429
        assert answer["Retry-After"] == "900"
        assert "15 minutes" in answer.content.decode()
    assert sign_in(client, "head", PASSWORD).status_code == 302
    with later(timedelta(minutes=16)):
        assert sign_in(Client(), "reporter", PASSWORD).status_code == 302


def test_a_new_password_by_mail_ends_the_pause(cast: Cast) -> None:
    client = Client()
    for _ in range(5):
        sign_in(client, "reporter", "wrong")
    client.post(reverse("password_reset"), {"email": "reporter@example.org"})
    page = client.get(link_in(mail.outbox[0])).url
    client.post(page, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})
    assert sign_in(client, "reporter", NEW_PASSWORD).status_code == 302


# --- forgotten passwords ----------------------------------------------------------------------------------------------


def test_a_reset_says_the_same_whether_there_is_an_account_or_not(cast: Cast) -> None:
    User.objects.filter(pk=cast.stranger.pk).update(is_active=False)
    pages = set()
    for address in ("reporter@example.org", "nobody@example.org", "stranger@example.org"):
        answer = Client().post(reverse("password_reset"), {"email": address}, follow=True)
        body = re.sub(r'value="[^"]*"', "", answer.content.decode())
        pages.add((answer.redirect_chain[0][0], body))
    assert len(pages) == 1
    assert [letter.to for letter in mail.outbox] == [["reporter@example.org"]]


def test_a_reset_takes_capitals_and_refuses_what_is_no_address(cast: Cast) -> None:
    Client().post(reverse("password_reset"), {"email": "Reporter@Example.ORG"})
    assert len(mail.outbox) == 1
    answer = Client().post(reverse("password_reset"), {"email": "reporter"})
    assert answer.status_code == 200
    assert 'value="reporter"' in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()


def test_a_reset_sets_the_password_once_and_ends_other_sessions(cast: Cast) -> None:
    elsewhere, client = client_of(cast.reporter), Client()
    client.post(reverse("password_reset"), {"email": "reporter@example.org"})
    link = link_in(mail.outbox[0])
    page = client.get(link).url
    assert "set-password" in page
    bad = client.post(page, {"new_password1": "1234567890", "new_password2": "1234567890"})
    assert "id_new_password1_error" in bad.content.decode()
    differ = client.post(page, {"new_password1": NEW_PASSWORD, "new_password2": "another"})
    assert "The two passwords differ" in differ.content.decode()
    assert client.post(page, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}).status_code == 302
    assert elsewhere.get(reverse("profile")).status_code == 302
    assert "no longer valid" in Client().get(link, follow=True).content.decode()
    change = Change.objects.latest("pk")
    assert (change.verb, change.actor) == ("reset_password", cast.reporter)
    assert change.items.get().after == {"password": "***"}


def test_the_mail_is_in_the_persons_language(cast: Cast) -> None:
    User.objects.filter(pk=cast.reporter.pk).update(language="zh-hans", name_zh="填报员")
    Client().post(reverse("password_reset"), {"email": "reporter@example.org"}, headers={"accept-language": "en"})
    assert "填报员" in mail.outbox[0].body


def test_a_dead_mail_server_shows_nothing_to_who_asks(cast: Cast, invited: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.units.test_accounts.DeadServer"
    for address in ("reporter@example.org", invited.email):
        assert Client().post(reverse("password_reset"), {"email": address}).url == reverse("password_reset_done")


class DeadServer:
    def __init__(self, **kwargs: object) -> None:
        pass

    def __enter__(self) -> "DeadServer":
        return self

    def __exit__(self, *args: object) -> None:
        pass

    def send_messages(self, letters: list) -> int:
        raise OSError("nobody answers")


# --- invitations ------------------------------------------------------------------------------------------------------


def test_an_invitation_leads_from_the_mail_to_work(cast: Cast, invited: User) -> None:
    link, client = invite(cast, invited), Client()
    assert link.startswith("/accounts/invitation/")
    page = client.get(link, follow=True)
    assert "newcomer" in page.content.decode()
    answer = client.post(page.redirect_chain[-1][0], {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})
    assert answer.url == reverse("my_work")
    assert client.get(reverse("profile")).status_code == 200
    assert Change.objects.latest("pk").verb == "accept_invitation"


def test_an_old_invitation_says_so_and_a_new_one_can_be_asked_for(cast: Cast, invited: User) -> None:
    link = invite(cast, invited)
    with later(timedelta(days=2, hours=23)):
        assert Client().get(link).status_code == 302
    with later(timedelta(days=3, hours=1)):
        page = Client().get(link)
        assert "no longer valid" in page.content.decode()
        assert reverse("password_reset") in page.content.decode()
        Client().post(reverse("password_reset"), {"email": invited.email})
        assert link_in(mail.outbox[-1]).startswith("/accounts/invitation/")
        assert Client().get(link_in(mail.outbox[-1])).status_code == 302


def test_a_link_of_a_closed_account_opens_nothing(cast: Cast, invited: User) -> None:
    link = invite(cast, invited)
    User.objects.filter(pk=invited.pk).update(is_active=False)
    assert "no longer valid" in Client().get(link).content.decode()


@pytest.mark.parametrize("uid", ["AAAA", "OTk5OTk5", "x", "MQ", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_a_made_up_link_opens_nothing(cast: Cast, uid: str) -> None:
    for name in ("accept_invitation", "password_reset_confirm"):
        answer = Client().get(reverse(name, kwargs={"uidb64": uid, "token": "abc-def"}))
        assert "no longer valid" in answer.content.decode()


# --- changing one's own password --------------------------------------------------------------------------------------


def test_changing_the_password_keeps_this_session_and_ends_the_others(cast: Cast) -> None:
    here, elsewhere = client_of(cast.reporter), client_of(cast.reporter)
    form = {"old_password": "wrong", "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert "not your present password" in here.post(reverse("password_change"), form).content.decode()
    assert here.post(reverse("password_change"), {**form, "old_password": PASSWORD}).url == reverse("profile")
    assert here.get(reverse("profile")).status_code == 200
    assert elsewhere.get(reverse("profile")).status_code == 302
    change = Change.objects.latest("pk")
    assert (change.verb, change.actor, change.items.get().after) == (
        "change_password",
        cast.reporter,
        {"password": "***"},
    )


# --- language ---------------------------------------------------------------------------------------------------------


def switch(client: Client, language: str, **extra: str):
    return client.post(reverse("set_language"), {"language": language, "next": "/profile/", **extra})


def language_of(client: Client) -> str:
    return re.search(r'<html lang="([^"]+)"', client.get("/profile/", follow=True).content.decode())[1]


def test_the_switch_is_kept_with_the_account(cast: Cast) -> None:
    client = client_of(cast.reporter)
    assert language_of(client) == "en"
    assert switch(client, "zh-hans").url == "/profile/"
    assert language_of(client) == "zh-Hans"
    cast.reporter.refresh_from_db()
    assert cast.reporter.language == "zh-hans"
    assert language_of(client_of(cast.reporter)) == "zh-Hans"


def test_the_persons_language_goes_before_what_another_left_on_this_machine(cast: Cast) -> None:
    User.objects.filter(pk=cast.head.pk).update(language="en")
    client = Client()
    switch(client, "zh-hans")
    assert language_of(client) == "zh-Hans"
    client.force_login(cast.head, backend="units.backends.PeopleBackend")
    assert language_of(client) == "en"


def test_a_language_there_is_not_changes_nothing(cast: Cast) -> None:
    client = client_of(cast.reporter)
    assert switch(client, "klingon").status_code == 302
    assert switch(client, "zh-hans", next="https://elsewhere.example/").url == "/"
    cast.reporter.refresh_from_db()
    assert cast.reporter.language == "zh-hans"
