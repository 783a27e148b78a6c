"""What every page about people takes from its request: the person who asks, and the business day."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from units.models import User
from units.permissions import Capacities, capacities


class PersonRequest(HttpRequest):
    """A request behind the sign-in."""

    user: User


def business_day(request: HttpRequest) -> date:
    """Today by the business clock, which the middleware has read; without one, by the real clock."""
    return timezone.localtime(getattr(request, "business_now", None) or timezone.now()).date()


def actor_of(request: PersonRequest) -> Capacities:
    return capacities(request.user, business_day(request))
