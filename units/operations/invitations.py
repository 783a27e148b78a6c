"""Invites people by mail: a link that lets them set their first password.

The mail leaves after the transaction, and a mail server that is down spoils nothing: the account then says that
no invitation has been sent, until somebody sends it again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from units.models import User
from units.operations.changes import Touched, fields_of, record
from units.permissions import can_edit_person, capacities
from units.refusals import Invalid, WrongState

Link = Callable[[str, str], str]
"""Makes the address of the page from the person's id and the token."""

logger = logging.getLogger(__name__)


def invite(*, people: list[User], link: Link, actor: User, today: date, at: datetime) -> list[User]:
    """Sends an invitation to each and returns those whom it reached; `at` is real time."""
    _must_be_open(people, actor, today)
    sent = _send([invitation_mail(person, link, actor) for person in people])
    reached = people[:sent]
    for person in reached:
        _note(person, actor, at)
    return reached


@transaction.atomic
def _note(person: User, actor: User, at: datetime) -> None:
    before = fields_of(person, ("invited_at",))
    person.invited_at = at
    person.save(update_fields=["invited_at"])
    record(actor=actor, verb="invite", touched=[Touched(person, before, {"invited_at": at})])


def _must_be_open(people: list[User], actor: User, today: date) -> None:
    person = capacities(actor, today)
    for one in people:
        roles = set(one.memberships.values_list("role", flat=True))
        if not can_edit_person(person, is_administrator=one.is_superuser, roles=roles):
            raise PermissionDenied(_("Only an administrator may invite this person."))
        if not one.is_active:
            raise WrongState(_("This account is deactivated. Reactivate it first."))
        if one.has_usable_password():
            raise WrongState(_("This person has a password already. “Forgot your password?” gives a new one."))
        if not one.email:
            raise Invalid(_("There is no email address to send the invitation to. Enter one first."), field="email")


def invitation_mail(person: User, link: Link, inviter: User | None) -> EmailMessage:
    """In the invited person's language; where none is known, in the one of this moment."""
    with translation.override(person.language or translation.get_language()):
        context = {
            "person": person,
            "inviter": inviter.display_name if inviter else "",
            "link": link(urlsafe_base64_encode(force_bytes(person.pk)), default_token_generator.make_token(person)),
            "days": timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT).days,
            "roles": list(person.memberships.select_related("unit")),
        }
        subject = render_to_string("registration/invitation_subject.txt", context)
        body = render_to_string("registration/invitation_email.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[person.email])


def _send(mails: list[EmailMessage]) -> int:
    """How many left, in order, on one connection; the first that fails stops the rest."""
    sent = 0
    try:
        with get_connection() as connection:
            for mail in mails:
                sent += connection.send_messages([mail]) or 0
    except Exception:
        logger.exception("An invitation could not be sent")
    return sent
