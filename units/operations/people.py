"""Adds people, edits them, and closes and reopens their accounts. Nobody is ever deleted.

What a person did stays in the record, so an account that is no longer wanted is deactivated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from units.models import User
from units.operations.changes import Touched, fields_of, record
from units.permissions import can_edit_person, can_manage_people, capacities
from units.refusals import Invalid, WrongState

PERSON_FIELDS = ("username", "name", "name_zh", "email", "phone", "language")
IDENTITY = ("username", "name", "name_zh", "email")
PROFILE_FIELDS = ("name", "name_zh", "email", "phone", "language", "theme", "has_shortcuts", "mail_pace")


@transaction.atomic
def add_person(*, fields: Mapping[str, str], actor: User, today: date) -> User:
    """Opens an account without a password: the person sets one by the link of the invitation."""
    if not can_manage_people(capacities(actor, today)):
        raise PermissionDenied(_("Administrators and the campaign office add people."))
    person = User(**_only(fields, PERSON_FIELDS))
    _prepare(person)
    person.set_unusable_password()
    _save(person)
    record(actor=actor, verb="add_person", touched=[Touched(person, None, fields_of(person, PERSON_FIELDS))])
    return person


@transaction.atomic
def edit_person(*, person: User, fields: Mapping[str, str], actor: User, today: date) -> User:
    """Changes what is known of somebody; nothing is written or recorded where nothing changes."""
    person = _locked(person)
    _must_edit(person, actor, today)
    return _change(person, _only(fields, PERSON_FIELDS), actor=actor, verb="edit_person")


@transaction.atomic
def edit_profile(*, person: User, fields: Mapping[str, Any]) -> User:
    """What everybody may change of themselves."""
    return _change(_locked(person), _only(fields, PROFILE_FIELDS), actor=person, verb="edit_profile")


@transaction.atomic
def deactivate(*, person: User, actor: User, today: date) -> User:
    """Closes an account: its sessions end at once, and nobody can sign in with it."""
    # Two administrators who close each other's account at once must not both succeed.
    administrators = set(
        User.objects.select_for_update().filter(is_superuser=True, is_active=True).values_list("pk", flat=True)
    )
    person = _locked(person)
    if person.pk == actor.pk:
        raise WrongState(_("You cannot deactivate your own account. Ask another administrator."))
    _must_edit(person, actor, today)
    if actor.is_superuser and actor.pk not in administrators:
        raise PermissionDenied(_("Your own account has been deactivated."))
    if not person.is_active:
        return person
    if administrators == {person.pk}:
        raise WrongState(_("This is the last administrator. Make another one first."))
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions(person)
    record(actor=actor, verb="deactivate_person", touched=[Touched(person, {"is_active": True}, {"is_active": False})])
    return person


@transaction.atomic
def reactivate(*, person: User, actor: User, today: date) -> User:
    """Opens an account again, with the password and the roles it had."""
    person = _locked(person)
    _must_edit(person, actor, today)
    if person.is_active:
        return person
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(actor=actor, verb="reactivate_person", touched=[Touched(person, {"is_active": False}, {"is_active": True})])
    return person


def end_sessions(person: User) -> int:
    """Signs a person out everywhere. Sessions say whose they are only inside, so each is looked into."""
    own = [session.pk for session in Session.objects.iterator() if _owner(session.get_decoded()) == str(person.pk)]
    Session.objects.filter(pk__in=own).delete()
    return len(own)


def record_password(*, person: User, verb: str) -> None:
    """Records that a person set their own password; never which."""
    record(actor=person, verb=verb, touched=[Touched(person, {"password": ""}, {"password": ""})])


def _owner(session: Mapping[str, Any]) -> str | None:
    return session.get(SESSION_KEY) if BACKEND_SESSION_KEY in session else None


def _locked(person: User) -> User:
    return User.objects.select_for_update().get(pk=person.pk)


def _must_edit(person: User, actor: User, today: date) -> None:
    roles = set(person.memberships.values_list("role", flat=True))
    if not can_edit_person(capacities(actor, today), is_administrator=person.is_superuser, roles=roles):
        raise PermissionDenied(_("Only an administrator may change this person's account."))


def _only(fields: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: fields[name] for name in names if name in fields}


def _change(person: User, fields: Mapping[str, Any], *, actor: User, verb: str) -> User:
    before = fields_of(person, fields)
    for name, value in fields.items():
        setattr(person, name, value)
    if any(getattr(person, name) != before[name] for name in IDENTITY if name in fields):
        _prepare(person)
    changed = [name for name in fields if getattr(person, name) != before[name]]
    if changed:
        _save(person, changed)
        touched = Touched(person, {name: before[name] for name in changed}, fields_of(person, changed))
        record(actor=actor, verb=verb, touched=[touched])
    return person


def _prepare(person: User) -> None:
    """A name in one language serves for the other; addresses that differ in capitals are one."""
    person.name = person.name or person.name_zh
    if not person.name:
        raise Invalid(_("Give a name, in English or in Chinese."), field="name")
    if User.objects.exclude(pk=person.pk).filter(username__iexact=person.username).exists():
        raise Invalid(_("This username is taken. Choose another."), field="username")
    if person.email and User.objects.exclude(pk=person.pk).filter(email__iexact=person.email).exists():
        raise Invalid(_("Somebody with this email address is here already."), field="email")


def _save(person: User, changed: Iterable[str] | None = None) -> None:
    try:
        with transaction.atomic():
            person.save(update_fields=changed)
    except IntegrityError as error:  # somebody was quicker by a moment
        _prepare(person)
        raise Invalid(_("Somebody changed people at the same moment. Try once more.")) from error
