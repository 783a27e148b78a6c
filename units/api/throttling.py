"""How often somebody may call; told with Retry-After. Each token and each person has an allowance of their own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class CallerThrottle(SimpleRateThrottle):
    """By `API_THROTTLE`, for example 600/min; empty takes the limit away. Counted in the cache."""

    scope = "api"

    def get_rate(self) -> str | None:
        return settings.API_THROTTLE or None

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return f"api-throttle-{request.user.pk}" if request.user and request.user.pk else None
