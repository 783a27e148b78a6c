"""A mail can be switched off by its own link without a sign-in, and on again in the profile; the inbox has it all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import client_of
from tests.units.test_messages import DAY, person, send_to
from units.models import Change, Delivery, Message, MessagePreference
from units.operations.deliveries import drain
from units.operations.preferences import set_preference
from units.queries.message_kinds import KINDS
from units.queries.preferences import preferences_of, unsubscribe_token

pytestmark = pytest.mark.django_db
KIND = "report_waiting_review"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def out() -> None:
    drain(clock=lambda: timezone.now() + timedelta(minutes=1))


def link_of(sent: Any) -> str:
    header = sent.message()["List-Unsubscribe"]
    assert header.startswith("<http")
    return str(header).strip("<>")


def path_of(sent: Any) -> str:
    return "/unsubscribe/" + link_of(sent).rpartition("/unsubscribe/")[2]


def switch(reader: Any, kind: str, *, on: bool) -> bool:
    return set_preference(user=reader, channel="email", kind=kind, is_on=on)


def test_every_mail_says_how_to_have_less_of_them() -> None:
    send_to(person())
    out()
    (sent,) = mail.outbox
    assert sent.message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link_of(sent) in sent.body
    assert link_of(sent) in sent.alternatives[0][0]


def test_one_click_of_the_mail_program_switches_the_kind_off_without_a_sign_in_or_a_form() -> None:
    reader = person()
    send_to(reader)
    out()
    answer = Client(enforce_csrf_checks=True).post(path_of(mail.outbox[0]), ONE_CLICK)
    assert answer.status_code == 200
    assert preferences_of(reader, "email") == {KIND: False}
    send_to(reader, day=DAY + timedelta(days=1))
    send_to(reader, kind="report_returned")
    assert Message.objects.count() == 3
    assert [one.message.kind for one in Delivery.objects.filter(status="pending")] == ["report_returned"]
    assert Change.objects.get(verb="set_message_preference").actor == reader


def test_looking_at_the_link_changes_nothing() -> None:
    reader = person()
    answer = Client().get(reverse("unsubscribe", args=[unsubscribe_token(reader.pk, "email", KIND)]))
    assert "Reports to review" in answer.content.decode()
    assert not MessagePreference.objects.exists()


def test_all_mail_can_be_switched_off_by_the_same_page() -> None:
    reader = person()
    address = reverse("unsubscribe", args=[unsubscribe_token(reader.pk, "email", KIND)])
    switch(reader, "pack_ready", on=False)
    assert "no more mail from here" in Client().post(address, {"what": "all"}).content.decode()
    assert preferences_of(reader, "email") == {"": False}
    send_to(reader)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("token", ["x", "WzEsImVtYWlsIiwiIl0:x:y", "%00"])
def test_a_link_that_was_not_made_here_leads_nowhere(token: str) -> None:
    assert Client().get(f"/unsubscribe/{token}/").status_code == 404
    assert Client().post(f"/unsubscribe/{token}/", ONE_CLICK).status_code == 404


def test_a_link_of_somebody_who_is_gone_leads_nowhere() -> None:
    gone = person(is_active=False)
    address = reverse("unsubscribe", args=[unsubscribe_token(gone.pk, "email", KIND)])
    assert Client().post(address).status_code == 404


def test_what_waits_is_dropped_when_it_is_not_wanted_any_more() -> None:
    reader, other = person(), person("other")
    send_to(reader, other)
    send_to(reader, kind="report_returned")
    switch(reader, KIND, on=False)
    left = Delivery.objects.order_by("pk").values_list("message__kind", "message__recipient__username")
    assert list(left) == [(KIND, "other"), ("report_returned", "reader")]
    switch(reader, "", on=False)
    assert [one.message.recipient for one in Delivery.objects.all()] == [other]


def test_a_kind_can_come_though_all_others_do_not() -> None:
    reader = person()
    switch(reader, "", on=False)
    switch(reader, KIND, on=True)
    send_to(reader)
    send_to(reader, kind="report_returned")
    assert [one.message.kind for one in Delivery.objects.all()] == [KIND]


def test_switching_on_again_leaves_no_trace_but_the_record() -> None:
    reader = person()
    assert switch(reader, KIND, on=False) is True
    assert switch(reader, KIND, on=False) is False
    assert switch(reader, KIND, on=True) is True
    assert switch(reader, "", on=False) is True
    assert switch(reader, "", on=True) is True
    assert not MessagePreference.objects.exists()
    assert Change.objects.filter(verb="set_message_preference").count() == 4


def test_the_profile_switches_mail_on_again() -> None:
    reader = person(name="Reader")
    switch(reader, KIND, on=False)
    client = client_of(reader)
    assert "Reports to review" in client.get(reverse("profile")).content.decode()
    client.post(reverse("set_mail"), {"kind": KIND, "on": "1"})
    assert preferences_of(reader, "email") == {}
    client.post(reverse("set_mail"), {"kind": "", "on": "0"})
    assert preferences_of(reader, "email") == {"": False}
    assert client.post(reverse("set_mail"), {"kind": "no_such", "on": "0"}).status_code == 404


def test_every_kind_of_message_has_a_name_for_people(settings: Any) -> None:
    kinds = {path.stem for path in (settings.BASE_DIR / "templates/messages").glob("*.txt")}
    assert kinds == set(KINDS)
