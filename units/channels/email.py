"""Sends a message, or the digest of a day, by mail: text and HTML in the recipient's language, a link to the page of
each message, one to have less mail, without a sign-in.

The headers of RFC 2369 and 8058 let mail programs offer the second by a button of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from units.channels import Channel, Undeliverable, stable_id
from units.models import Delivery, Message, MessagePreference
from units.queries.messages import words_of
from units.queries.preferences import ALL, is_wanted, preferences_of, unsubscribe_token


def send(delivery: Delivery) -> None:
    recipient = delivery.message.recipient
    if not recipient.is_active or not recipient.email:
        raise Undeliverable("no active account with an address")
    with translation.override(recipient.language or settings.LANGUAGE_CODE):
        mail = letter(delivery)
    mail.send()


def letter(delivery: Delivery) -> EmailMultiAlternatives:
    """The mail in the active language. Its Message-ID stays the same however often it is sent."""
    recipient = delivery.message.recipient
    messages = _messages(delivery)
    one = messages[0] if len(messages) == 1 else None
    token = unsubscribe_token(recipient.pk, delivery.channel, one.kind if one else ALL)
    less = urljoin(settings.SITE_URL, reverse("unsubscribe", args=[token]))
    shown = {
        **(_said(one) if one else _digest_said(messages)),
        "inbox_url": urljoin(settings.SITE_URL, reverse("inbox")),
        "unsubscribe_url": less,
        "recipient": recipient,
    }
    template = "message_email" if one else "digest_email"
    mail = EmailMultiAlternatives(
        subject=shown["title"],
        body=render_to_string(f"units/{template}.txt", shown).strip() + "\n",
        to=[recipient.email],
        headers={
            "Message-ID": f"<{stable_id(delivery)}@{_domain()}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{less}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    mail.attach_alternative(render_to_string(f"units/{template}.html", shown), "text/html")
    return mail


def _messages(delivery: Delivery) -> list[Message]:
    """The one message, or of those in the digest that are still wanted the newest about each thing. Raises
    `Undeliverable` where nothing is left."""
    if not delivery.digest:
        return [delivery.message]
    said = preferences_of(delivery.message.recipient, delivery.channel)
    lines = Message.objects.filter(digest_lines__delivery=delivery).order_by("day", "pk")
    newest = {(one.kind, one.subject): one for one in lines if is_wanted(said, one.kind)}
    if not newest:
        raise Undeliverable("nothing in it is wanted any more")
    return sorted(newest.values(), key=lambda one: one.pk)


def _said(message: Message) -> dict[str, str]:
    words = words_of(message)
    url = urljoin(settings.SITE_URL, reverse("inbox_open", args=[message.pk]))
    return {"title": words.title, "body": words.body, "url": url}


def _digest_said(messages: Sequence[Message]) -> dict[str, Any]:
    lines = [_said(one) for one in messages]
    title = ngettext("%(count)d message: %(title)s", "%(count)d messages: %(title)s …", len(lines))
    return {"title": title % {"count": len(lines), "title": lines[0]["title"]}, "lines": lines}


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]


def _wants_mail() -> Q:
    """What is said of the kind counts before what is said of all mail."""
    said = MessagePreference.objects.filter(user=OuterRef("recipient"), channel=Delivery.Channel.EMAIL)
    of_kind, of_all = said.filter(kind=OuterRef("kind")), said.filter(kind="")
    return Q(Exists(of_kind.filter(is_on=True))) | ~Q(Exists(of_kind) | Exists(of_all.filter(is_on=False)))


CHANNEL = Channel(
    reaches=Q(recipient__is_active=True) & ~Q(recipient__email="") & _wants_mail(),
    send=send,
)
