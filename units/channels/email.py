"""Sends a message by mail: text and HTML in the recipient's language, one link to the page it is about, one to have
less mail, without a sign-in.

The headers of RFC 2369 and 8058 let mail programs offer the second by a button of their own.
"""

from __future__ import annotations

from email.utils import parseaddr
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from units.channels import Channel, Undeliverable, stable_id
from units.models import Delivery, MessagePreference
from units.queries.messages import words_of
from units.queries.preferences import unsubscribe_token


def send(delivery: Delivery) -> None:
    recipient = delivery.message.recipient
    if not recipient.is_active or not recipient.email:
        raise Undeliverable("no active account with an address")
    with translation.override(recipient.language or settings.LANGUAGE_CODE):
        mail = letter(delivery)
    mail.send()


def letter(delivery: Delivery) -> EmailMultiAlternatives:
    """The mail in the active language. Its Message-ID stays the same however often it is sent."""
    message = delivery.message
    words = words_of(message)
    token = unsubscribe_token(message.recipient_id, delivery.channel, message.kind)
    less = urljoin(settings.SITE_URL, reverse("unsubscribe", args=[token]))
    shown = {
        "title": words.title,
        "body": words.body,
        "url": urljoin(settings.SITE_URL, reverse("inbox_open", args=[message.pk])),
        "inbox_url": urljoin(settings.SITE_URL, reverse("inbox")),
        "unsubscribe_url": less,
        "recipient": message.recipient,
    }
    mail = EmailMultiAlternatives(
        subject=words.title,
        body=render_to_string("units/message_email.txt", shown).strip() + "\n",
        to=[message.recipient.email],
        headers={
            "Message-ID": f"<{stable_id(delivery)}@{_domain()}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{less}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    mail.attach_alternative(render_to_string("units/message_email.html", shown), "text/html")
    return mail


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
