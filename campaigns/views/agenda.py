"""The agenda builder: every item with its minutes and the running clock, to be added, changed, moved and removed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.forms.agenda import ItemForm, MoveForm, OrderForm
from campaigns.forms.decisions import DecisionForm, wrong_with_version
from campaigns.models import AgendaItem, Meeting
from campaigns.operations.agenda import add_item, edit_item, move_item, remove_item, reorder_agenda
from campaigns.queries.agenda import agenda_of
from campaigns.queries.meetings import is_closed
from campaigns.refusals import Invalid, Refusal
from campaigns.requests import SiteRequest
from campaigns.views.meeting_arranging import at_version, meeting_of, must_arrange, put_error


@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: SiteRequest, meeting_id: int) -> HttpResponse:
    """The builder; a POST adds an item."""
    must_arrange(request)
    meeting = meeting_of(meeting_id)
    if request.method != "POST":
        return _draw(request, meeting, ItemForm(meeting))
    form = ItemForm(meeting, request.POST)
    refusal, status = wrong_with_version(form), 400
    if form.is_valid():
        try:
            made = add_item(**_common(request, meeting), version=form.cleaned_data["version"], item=form.item())
        except (Invalid, ValidationError) as refused:
            put_error(form, refused)
        except Refusal as refused:
            refusal, status = str(refused), 409
        else:
            return _to_the_item(meeting, made.pk)
    meeting = meeting_of(meeting_id)
    at_version(form, meeting.version)
    return _draw(request, meeting, form, refusal=refusal, status=status)


def _common(request: SiteRequest, meeting: Meeting) -> dict[str, Any]:
    return {"meeting_id": meeting.pk, "actor": request.user, "now": request.business_now}


def _draw(
    request: SiteRequest, meeting: Meeting, form: ItemForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    at = request.GET.get("at", "")
    context = {
        "meeting": meeting,
        "agenda": agenda_of(meeting),
        "form": form,
        "is_closed": is_closed(meeting),
        "at": int(at) if at.isascii() and at.isdigit() and len(at) < 11 else None,
        "refusal": refusal,
    }
    return render(request, "campaigns/agenda.html", context, status=status)


def _to_the_item(meeting: Meeting, item_id: int | None = None) -> HttpResponse:
    address = reverse("agenda", args=[meeting.pk])
    return redirect(f"{address}?at={item_id}#item-{item_id}" if item_id else address)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: SiteRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """One item to be changed."""
    must_arrange(request)
    meeting = meeting_of(meeting_id)
    found = _item(meeting, item_id)
    if request.method != "POST":
        return _draw_item(request, meeting, found, ItemForm(meeting, item=found))
    form = ItemForm(meeting, request.POST, item=found)
    refusal, status = wrong_with_version(form), 400
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            edit_item(**_common(request, meeting), item_id=found.pk, version=version, item=form.item())
        except (Invalid, ValidationError) as refused:
            put_error(form, refused)
        except Refusal as refused:
            refusal, status = str(refused), 409
        else:
            messages.success(request, _("The item is kept."))
            return _to_the_item(meeting, found.pk)
    meeting = meeting_of(meeting_id)
    at_version(form, meeting.version)
    return _draw_item(request, meeting, found, form, refusal=refusal, status=status)


def _item(meeting: Meeting, item_id: int) -> AgendaItem:
    return get_object_or_404(meeting.agenda.select_related("project", "presenter"), pk=item_id)


def _draw_item(
    request: SiteRequest, meeting: Meeting, found: AgendaItem, form: ItemForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {"meeting": meeting, "item": found, "form": form, "is_closed": is_closed(meeting), "refusal": refusal}
    return render(request, "campaigns/agenda_item.html", context, status=status)


@require_POST
def move(request: SiteRequest, meeting_id: int, item_id: int) -> HttpResponse:
    must_arrange(request)
    meeting = meeting_of(meeting_id)
    _item(meeting, item_id)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _refused(request, meeting, _sentence(form), 400)
    told = {"version": form.cleaned_data["version"], "is_up": form.cleaned_data["to"] == "up"}
    return _take(request, meeting, lambda: move_item(**_common(request, meeting), item_id=item_id, **told), item_id)


@require_POST
def remove(request: SiteRequest, meeting_id: int, item_id: int) -> HttpResponse:
    must_arrange(request)
    meeting = meeting_of(meeting_id)
    _item(meeting, item_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _refused(request, meeting, _sentence(form), 400)
    return _take(
        request, meeting, lambda: remove_item(**_common(request, meeting), item_id=item_id, **form.cleaned_data)
    )


@require_POST
def reorder(request: SiteRequest, meeting_id: int) -> HttpResponse:
    """All items in the order in which they were put by dragging."""
    must_arrange(request)
    meeting = meeting_of(meeting_id)
    form = OrderForm(request.POST)
    if not form.is_valid():
        return _refused(request, meeting, _sentence(form), 400)
    return _take(
        request,
        meeting,
        lambda: reorder_agenda(**_common(request, meeting), order=form.order, **form.cleaned_data),
    )


def _sentence(form: Any) -> str:
    return " ".join(str(one) for errors in form.errors.values() for one in errors)


def _take(request: SiteRequest, meeting: Meeting, step: Any, item_id: int | None = None) -> HttpResponse:
    try:
        step()
    except Invalid as refused:
        return _refused(request, meeting, str(refused), 400)
    except Refusal as refused:
        return _refused(request, meeting, str(refused), 409)
    return _to_the_item(meeting, item_id)


def _refused(request: SiteRequest, meeting: Meeting, refusal: str, status: int) -> HttpResponse:
    """The builder as the agenda stands now, with what was refused."""
    meeting = meeting_of(meeting.pk)
    return _draw(request, meeting, ItemForm(meeting), refusal=refusal, status=status)
