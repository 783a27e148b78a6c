"""The pages about people, for the campaign office and administrators: the list, one person, a new one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from units.documents.people import people_sheet
from units.forms.accounts import invitation_path
from units.forms.people import FirstRoleForm, PeopleFilter, PersonForm, RoleForm
from units.models import User
from units.operations import invitations, memberships
from units.operations import people as operations
from units.permissions import can_edit_person, can_manage_people
from units.queries import people as queries
from units.refusals import Refusal
from units.views.answers import beside_the_box, posted
from units.views.downloads import table_answer, takes
from units.views.requests import PersonRequest, actor_of, business_day

PAGE_SIZE = 50
LARGEST_ID = 2**63 - 1
STATE_TONES = {queries.State.INVITED: "near", queries.State.NOT_INVITED: "slow", queries.State.DEACTIVATED: "line"}


def must_manage_people(request: PersonRequest) -> None:
    if not can_manage_people(actor_of(request)):
        raise PermissionDenied(_("This page is for the campaign office and administrators."))


@require_safe
def people_list(request: PersonRequest) -> HttpResponse:
    must_manage_people(request)
    chosen = PeopleFilter(request.GET)
    today = business_day(request)
    page = Paginator(queries.people_list(chosen.wanted(), today), PAGE_SIZE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    rows = [{"person": one, "state": state_tag(one)} for one in page]
    context = {"filter": chosen, "page": page, "rows": rows, "today": today, "asked": asked.urlencode()}
    return render(request, "units/people.html", context)


@require_safe
@takes("q", "unit", "role", "state")
def export(request: PersonRequest, kind: str) -> HttpResponseBase:
    """The list as a file, narrowed as on the page."""
    must_manage_people(request)
    people = queries.people_list(PeopleFilter(request.GET).wanted(), business_day(request))
    sheet = people_sheet(people, lambda one: str(state_tag(one)["word"]))
    return table_answer([sheet], kind=kind, name="people")


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PersonRequest) -> HttpResponse:
    """A new person with the first role, and the invitation by mail."""
    must_manage_people(request)
    details = PersonForm(posted(request))
    role = FirstRoleForm(posted(request), actor=actor_of(request))
    # Both are looked at, so that every mistake shows at once.
    if request.method == "POST" and all([details.is_valid(), role.is_valid()]):
        person = _add(request, details, role)
        if person is not None:
            _invite(request, person, _("%(name)s is added.") % {"name": person.display_name})
            return redirect("person", person.pk)
    return render(request, "units/person_new.html", {"details": details, "role": role})


def _add(request: PersonRequest, details: PersonForm, role: FirstRoleForm) -> User | None:
    today, given = business_day(request), role.cleaned_data
    try:
        with transaction.atomic():
            person = operations.add_person(fields=details.cleaned_data, actor=request.user, today=today)
            if given["unit"]:
                memberships.give_role(person=person, actor=request.user, today=today, **given)
    except Refusal as refusal:
        form = role if getattr(refusal, "field", "") in role.fields else details
        beside_the_box(form, refusal)
        return None
    return person


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: PersonRequest, person_id: int) -> HttpResponse:
    """Everything about one person, with the forms that change it."""
    must_manage_people(request)
    one = find_person(person_id)
    if request.method != "POST":
        return person_page(request, one)
    details = PersonForm(request.POST)
    if details.is_valid():
        try:
            operations.edit_person(
                person=one, fields=details.cleaned_data, actor=request.user, today=business_day(request)
            )
        except Refusal as refusal:
            beside_the_box(details, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("person", one.pk)
    return person_page(request, one, details=details)


def person_page(
    request: PersonRequest, one: User, *, details: PersonForm | None = None, role: RoleForm | None = None
) -> HttpResponse:
    actor = actor_of(request)
    roles = list(queries.roles_of(one))
    may_edit = can_edit_person(actor, is_administrator=one.is_superuser, roles={row.role for row in roles})
    state = queries.state_of(one)
    context: dict[str, Any] = {
        "person": one,
        "state": state_tag(one),
        "may_edit": may_edit,
        "may_invite": may_edit and state in (queries.State.INVITED, queries.State.NOT_INVITED) and bool(one.email),
        "may_deactivate": may_edit and one.is_active and one.pk != request.user.pk,
        "may_reactivate": may_edit and not one.is_active,
        "details": details or PersonForm(initial={name: getattr(one, name) for name in operations.PERSON_FIELDS}),
        "roles": [{"membership": row, "may_change": memberships.may_change(actor, row)} for row in roles],
        "role": role or RoleForm(actor=actor),
        "today": business_day(request),
    }
    return render(request, "units/person.html", context)


@require_POST
def deactivate(request: PersonRequest, person_id: int) -> HttpResponse:
    return _step(request, person_id, operations.deactivate, _("The account is deactivated and signed out everywhere."))


@require_POST
def reactivate(request: PersonRequest, person_id: int) -> HttpResponse:
    return _step(request, person_id, operations.reactivate, _("The account is open again."))


def _step(request: PersonRequest, person_id: int, operation: Any, done: str) -> HttpResponse:
    must_manage_people(request)
    one = find_person(person_id)
    try:
        operation(person=one, actor=request.user, today=business_day(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("person", one.pk)


@require_POST
def invite(request: PersonRequest, person_id: int) -> HttpResponse:
    must_manage_people(request)
    one = find_person(person_id)
    try:
        _invite(request, one)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("person", one.pk)


def _invite(request: PersonRequest, one: User, before: str = "") -> None:
    told = {"address": one.email}
    if send_invitations(request, [one]):
        sent = _("The invitation is on its way to %(address)s.") % told
        messages.success(request, f"{before} {sent}".strip())
    else:
        unsent = _("The invitation to %(address)s could not be sent. Try again in a few minutes.") % told
        messages.warning(request, f"{before} {unsent}".strip())


def send_invitations(request: PersonRequest, people: list[User]) -> list[User]:
    """Sends them with links to the site as it is being visited; returns those who were reached."""
    return invitations.invite(
        people=people,
        link=lambda uid, token: request.build_absolute_uri(invitation_path(uid, token)),
        actor=request.user,
        today=business_day(request),
        at=timezone.now(),
    )


def find_person(person_id: int) -> User:
    return get_object_or_404(User, is_service=False, pk=min(person_id, LARGEST_ID))


def state_tag(one: User) -> dict[str, str]:
    """The badge of an account: what it says and its tone."""
    state = queries.state_of(one)
    return {"word": str(PeopleFilter.STATES[state]), "tone": STATE_TONES.get(state, "")}
