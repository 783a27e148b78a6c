"""Gives each request the business instant and an id that its changes carry.

The instant is read once and stays the same until the answer is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from campaigns.queries.clock import clock_row, instant_of
from campaigns.requests import SiteRequest
from units.operations.changes import current_request


class BusinessClockMiddleware:
    """Sets `request.business_now` for every page that asks for a sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: SiteRequest, view: Callable[..., HttpResponse], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        if getattr(view, "login_required", True) and request.user.is_authenticated:
            request.clock = clock_row()
            request.business_now = instant_of(request.clock)


class RequestIdMiddleware:
    """Gives the request an id, which its changes and its answer carry."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid4().hex
        token = current_request.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            current_request.reset(token)
        response["X-Request-Id"] = request_id
        return response
