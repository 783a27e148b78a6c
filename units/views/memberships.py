"""Roles with their days, and who stands in for whom."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from units.forms.people import DatesForm, RoleForm, StandInForm
from units.models import Membership
from units.operations import memberships as operations
from units.permissions import can_manage_people, can_see_stand_ins
from units.queries import people as queries
from units.refusals import Refusal
from units.views.answers import beside_the_box, posted
from units.views.people import LARGEST_ID, find_person, must_manage_people, person_page
from units.views.requests import PersonRequest, actor_of, business_day


@require_POST
def give(request: PersonRequest, person_id: int) -> HttpResponse:
    must_manage_people(request)
    person = find_person(person_id)
    form = RoleForm(request.POST, actor=actor_of(request))
    if form.is_valid():
        try:
            operations.give_role(person=person, actor=request.user, today=business_day(request), **form.cleaned_data)
        except Refusal as refusal:
            beside_the_box(form, refusal)
        else:
            messages.success(request, _("The role is given."))
            return redirect("person", person.pk)
    return person_page(request, person, role=form)


@require_http_methods(["GET", "HEAD", "POST"])
def dates(request: PersonRequest, membership_id: int) -> HttpResponse:
    """The days of one role or stand-in."""
    membership = _membership(request, membership_id)
    form = DatesForm(posted(request), initial={"starts_on": membership.starts_on, "ends_on": membership.ends_on})
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_dates(
                membership=membership, actor=request.user, today=business_day(request), **form.cleaned_data
            )
        except Refusal as refusal:
            beside_the_box(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return _back(request, membership)
    context = {"form": form, "membership": membership, "manages_people": can_manage_people(actor_of(request))}
    return render(request, "units/role_dates.html", context)


@require_POST
def end(request: PersonRequest, membership_id: int) -> HttpResponse:
    membership = _membership(request, membership_id)
    operations.end_role(membership=membership, actor=request.user, today=business_day(request))
    messages.success(request, _("It is ended."))
    return _back(request, membership)


@require_http_methods(["GET", "HEAD", "POST"])
def stand_ins(request: PersonRequest) -> HttpResponse:
    """Who stands in now and soon, and a form for another."""
    actor, today = actor_of(request), business_day(request)
    if not can_see_stand_ins(actor):
        raise PermissionDenied(_("This page is for heads of units, the campaign office and administrators."))
    form = StandInForm(posted(request), actor=actor, today=today, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid() and _set_stand_in(request, form):
        return redirect("stand_ins")
    rows = [
        {"membership": row, "may_change": operations.may_change(actor, row)} for row in queries.stand_ins(actor, today)
    ]
    context = {"form": form, "rows": rows, "today": today, "manages_people": can_manage_people(actor)}
    return render(request, "units/stand_ins.html", context)


def _set_stand_in(request: PersonRequest, form: StandInForm) -> bool:
    given = form.cleaned_data
    held: Membership = given["absent"]
    try:
        row = operations.set_stand_in(
            absent=held.user,
            stand_in=given["stand_in"],
            unit=held.unit,
            role=held.role,
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            actor=request.user,
            today=business_day(request),
        )
    except Refusal as refusal:
        beside_the_box(form, refusal)
        return False
    told = {"stand_in": row.user.display_name, "absent": held.user.display_name}
    messages.success(request, _("%(stand_in)s stands in for %(absent)s.") % told)
    return True


def _membership(request: PersonRequest, membership_id: int) -> Membership:
    """A head finds the stand-ins of the own unit; what is elsewhere is not there for a head."""
    actor = actor_of(request)
    if not can_see_stand_ins(actor):
        raise PermissionDenied(_("This page is for heads of units, the campaign office and administrators."))
    rows = Membership.objects.select_related("user", "unit", "stands_in_for")
    membership = get_object_or_404(rows, pk=min(membership_id, LARGEST_ID))
    if operations.may_change(actor, membership):
        return membership
    if can_manage_people(actor) or membership.unit_id in actor.head_of:
        raise PermissionDenied(_("You may not change this role."))
    raise Http404


def _back(request: PersonRequest, membership: Membership) -> HttpResponse:
    if membership.stands_in_for_id or not can_manage_people(actor_of(request)):
        return redirect("stand_ins")
    return redirect("person", membership.user_id)
