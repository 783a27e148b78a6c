"""The inbox page: a person's own messages, and nobody else's."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from units.models import Message, User
from units.operations.messages import mark_all_read, mark_read
from units.queries import inbox as queries

LARGEST_ID = 2**63 - 1


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    return render(request, "units/inbox.html", {"inbox": queries.inbox(_reader(request), before=_before(request))})


@require_safe
def inbox_open(request: HttpRequest, message_id: int) -> HttpResponse:
    """Marks a message as read and leads to the page it is about; the link in a mail comes here too."""
    message = _own(request, message_id)
    mark_read(reader=_reader(request), message_id=message.pk)
    is_ours = url_has_allowed_host_and_scheme(message.url, allowed_hosts=None)
    return redirect(message.url if is_ours else reverse("inbox"))


@require_POST
def inbox_read(request: HttpRequest, message_id: int) -> HttpResponse:
    mark_read(reader=_reader(request), message_id=_own(request, message_id).pk)
    return redirect("inbox")


@require_POST
def inbox_read_all(request: HttpRequest) -> HttpResponse:
    up_to = _number(request.POST.get("up_to", ""))
    if up_to is not None:
        mark_all_read(reader=_reader(request), up_to=up_to)
    return redirect("inbox")


def _reader(request: HttpRequest) -> User:
    return cast(User, request.user)  # every page asks for a sign-in


def _own(request: HttpRequest, message_id: int) -> Message:
    return get_object_or_404(Message, pk=min(message_id, LARGEST_ID), recipient=_reader(request))


def _before(request: HttpRequest) -> int | None:
    return _number(request.GET.get("before", ""))


def _number(raw: str) -> int | None:
    """A message's id as typed into an address; nothing where it is none."""
    return min(int(raw), LARGEST_ID) if raw.isascii() and raw.isdigit() and len(raw) < 20 else None
