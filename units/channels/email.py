"""Sends a message by mail: text and HTML in the recipient's language, with one link to the page it is about."""

from __future__ import annotations

from email.utils import parseaddr
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from units.channels import Channel, Undeliverable, stable_id
from units.models import Delivery
from units.queries.messages import words_of


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
    shown = {
        "title": words.title,
        "body": words.body,
        "url": urljoin(settings.SITE_URL, reverse("inbox_open", args=[message.pk])),
        "inbox_url": urljoin(settings.SITE_URL, reverse("inbox")),
        "recipient": message.recipient,
    }
    mail = EmailMultiAlternatives(
        subject=words.title,
        body=render_to_string("units/message_email.txt", shown).strip() + "\n",
        to=[message.recipient.email],
        headers={"Message-ID": f"<{stable_id(delivery)}@{_domain()}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("units/message_email.html", shown), "text/html")
    return mail


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]


CHANNEL = Channel(reaches=Q(recipient__is_active=True) & ~Q(recipient__email=""), send=send)
