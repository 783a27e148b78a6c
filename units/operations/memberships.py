"""Gives roles in units, from a day to a day: for good, or as a stand-in for somebody who is away.

A person holds a role of a unit once at a time, so that a form sent twice gives nothing twice.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from units.models import Membership, Role, Unit, User
from units.operations.changes import Touched, fields_of, record
from units.permissions import Capacities, can_grant, can_set_stand_in, capacities
from units.queries.people import stand_in_candidates
from units.refusals import Invalid

FIELDS = ("user", "unit", "role", "starts_on", "ends_on", "stands_in_for")
DATES = ("starts_on", "ends_on")
LONGEST_STAND_IN = timedelta(days=366)


@transaction.atomic
def give_role(
    *, person: User, unit: Unit, role: str, starts_on: date | None, ends_on: date | None, actor: User, today: date
) -> Membership:
    """Gives a person a role in a unit; without dates it holds from always and without end."""
    _must_grant(role, actor, today)
    if ends_on and ends_on < today:
        raise Invalid(_("This day has passed. Give a later one, or leave it empty."), field="ends_on")
    return _add(Membership(user=person, unit=unit, role=role, starts_on=starts_on, ends_on=ends_on), actor, "give_role")


@transaction.atomic
def change_dates(
    *, membership: Membership, starts_on: date | None, ends_on: date | None, actor: User, today: date
) -> Membership:
    """Moves the first and the last day of a role or of a stand-in."""
    membership = _locked(membership)
    _must_change(membership, actor, today)
    before = fields_of(membership, DATES)
    membership.starts_on, membership.ends_on = starts_on, ends_on
    _must_fit(membership)
    if fields_of(membership, DATES) != before:
        membership.save(update_fields=DATES)
        record(
            actor=actor, verb="change_role_dates", touched=[Touched(membership, before, fields_of(membership, DATES))]
        )
    return membership


@transaction.atomic
def end_role(*, membership: Membership, actor: User, today: date) -> None:
    """Ends a role at once: yesterday was its last day. One that has not begun before today is taken back."""
    membership = _locked(membership)
    _must_change(membership, actor, today)
    yesterday = today - timedelta(days=1)
    if membership.starts_on and membership.starts_on > yesterday:
        record(actor=actor, verb="take_back_role", touched=[Touched(membership, fields_of(membership, FIELDS), None)])
        membership.delete()
    elif membership.ends_on is None or membership.ends_on > yesterday:
        before = fields_of(membership, ("ends_on",))
        membership.ends_on = yesterday
        membership.save(update_fields=["ends_on"])
        record(actor=actor, verb="end_role", touched=[Touched(membership, before, {"ends_on": yesterday})])


@transaction.atomic
def set_stand_in(
    *,
    absent: User,
    stand_in: User,
    unit: Unit,
    role: str,
    starts_on: date,
    ends_on: date,
    actor: User,
    today: date,
) -> Membership:
    """Lets somebody act in another's role while that person is away. It ends by itself on the last day."""
    person = capacities(actor, today)
    if not can_set_stand_in(person, unit_id=unit.pk, role=role):
        raise PermissionDenied(_("You may not name a stand-in for this role."))
    _must_be_candidate(stand_in, person, unit)
    if ends_on < today:
        raise Invalid(_("This day has passed. Give a later one."), field="ends_on")
    if ends_on - starts_on > LONGEST_STAND_IN:
        raise Invalid(_("A stand-in is for a year at most. For longer, give the role itself."), field="ends_on")
    if absent.pk == stand_in.pk:
        raise Invalid(_("A person cannot stand in for themselves. Choose somebody else."), field="stand_in")
    held = Membership.objects.filter(user=absent, unit=unit, role=role, stands_in_for=None)
    if not any(_overlap(one, starts_on, ends_on) for one in held):
        raise Invalid(_("This person does not hold the role in these days. Look at the dates."), field="absent")
    membership = Membership(
        user=stand_in, unit=unit, role=role, starts_on=starts_on, ends_on=ends_on, stands_in_for=absent
    )
    return _add(membership, actor, "set_stand_in")


def may_change(person: Capacities, membership: Membership) -> bool:
    """Whoever may give a role may date and end it; a stand-in also whoever may set it."""
    if membership.stands_in_for_id:
        return can_set_stand_in(person, unit_id=membership.unit_id, role=membership.role)
    return can_grant(person, membership.role)


def _must_grant(role: str, actor: User, today: date) -> None:
    if role not in Role.values:
        raise Invalid(_("Choose a role."), field="role")
    if not can_grant(capacities(actor, today), role):
        raise PermissionDenied(_("Only an administrator may give this role."))


def _must_change(membership: Membership, actor: User, today: date) -> None:
    if not may_change(capacities(actor, today), membership):
        raise PermissionDenied(_("Only an administrator may change this role."))


def _must_be_candidate(stand_in: User, person: Capacities, unit: Unit) -> None:
    if not stand_in_candidates(person, unit).filter(pk=stand_in.pk).exists():
        raise Invalid(
            _("This person cannot stand in here. Choose somebody of the unit, or ask the campaign office."),
            field="stand_in",
        )


def _locked(membership: Membership) -> Membership:
    # The person's row is what keeps two changes of one person's roles apart.
    User.objects.select_for_update().get(pk=membership.user_id)
    return Membership.objects.select_related("user", "unit").get(pk=membership.pk)


def _add(membership: Membership, actor: User, verb: str) -> Membership:
    User.objects.select_for_update().get(pk=membership.user_id)
    twin = Membership.objects.filter(**_twin_of(membership)).first()
    if twin:
        return twin
    if not membership.user.is_active:
        raise Invalid(_("This account is deactivated. Reactivate it first."))
    if not membership.unit.is_active:
        raise Invalid(_("This unit no longer takes part. Choose another."), field="unit")
    _must_fit(membership)
    membership.save()
    record(actor=actor, verb=verb, touched=[Touched(membership, None, fields_of(membership, FIELDS))])
    return membership


def _twin_of(membership: Membership) -> dict[str, object]:
    """Everything that makes a second membership the same as this one."""
    return {name: getattr(membership, name) for name in FIELDS}


def _must_fit(membership: Membership) -> None:
    """The days are in order, and no other membership gives the same role in any of them."""
    starts_on, ends_on = membership.starts_on, membership.ends_on
    if starts_on and ends_on and ends_on < starts_on:
        raise Invalid(_("The last day lies before the first. Change one of them."), field="ends_on")
    if membership.stands_in_for_id and not ends_on:
        raise Invalid(_("A stand-in needs a last day."), field="ends_on")
    others = Membership.objects.filter(user=membership.user, unit=membership.unit, role=membership.role)
    for other in others.exclude(pk=membership.pk):
        if _overlap(other, starts_on, ends_on):
            told = {"role": other.get_role_display(), "unit": membership.unit.name, "days": days_text(other)}
            raise Invalid(
                _("This person is %(role)s of %(unit)s already (%(days)s). Change the dates there or here.") % told,
                field="starts_on",
            )


def _overlap(one: Membership, starts_on: date | None, ends_on: date | None) -> bool:
    begins_in_time = one.starts_on is None or ends_on is None or one.starts_on <= ends_on
    ends_late_enough = one.ends_on is None or starts_on is None or one.ends_on >= starts_on
    return begins_in_time and ends_late_enough


def days_text(membership: Membership) -> str:
    """ "from 1 September 2022 until 9 September 2022", "without end"."""
    days = {
        "first": date_format(membership.starts_on, "DATE_FORMAT") if membership.starts_on else "",
        "last": date_format(membership.ends_on, "DATE_FORMAT") if membership.ends_on else "",
    }
    if days["first"] and days["last"]:
        return _("from %(first)s until %(last)s") % days
    if days["first"]:
        return _("from %(first)s") % days
    return _("until %(last)s") % days if days["last"] else _("without end")
