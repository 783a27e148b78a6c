"""The request as the site's own pages get it, with what the middleware and the sign-in have put on it."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.urls import ResolverMatch

from campaigns.models import BusinessClock
from campaigns.queries.selection import Selection
from units.models import User


class SiteRequest(HttpRequest):
    """For annotations only: a page's request after `BusinessClockMiddleware`, of a person who has signed in."""

    user: User
    clock: BusinessClock | None
    business_now: datetime
    selection: Selection
    resolver_match: ResolverMatch
