"""What goes away: headers of answers and the description say so six months ahead, so that no client is surprised.

`deprecated = Deprecation(…)` on a viewset, `@action(deprecated=…)` and `@transition(deprecated=…)` for one step, and
`Meta.deprecated = {"field": Deprecation(…)}` on a serializer. CHANGELOG.md says it to people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _

NOTICE = timedelta(days=181)
"""Six months, counted by the shortest half-year."""
PAGE = "/api/docs/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprecation:
    """Days are where the city is: discouraged from `since` on, and from `sunset` on perhaps no longer there."""

    since: date
    sunset: date
    instead: Any
    """What to use in its place, as a text."""

    def __post_init__(self) -> None:
        if self.sunset - self.since < NOTICE:
            raise ImproperlyConfigured(f"Deprecated {self.since}, gone {self.sunset}: clients get six months.")

    @property
    def told(self) -> str:
        words = {"sunset": self.sunset.isoformat(), "instead": self.instead}
        return _("Deprecated; it may be gone from %(sunset)s on. Instead: %(instead)s") % words


def deprecated_fields(serializer: Any) -> Mapping[str, Deprecation]:
    return getattr(getattr(serializer, "Meta", None), "deprecated", {})


def deprecation_headers(view: Any) -> dict[str, str]:
    """`Deprecation` (RFC 9745) and `Sunset` (RFC 8594); the earliest days, where several things of an answer go."""
    found = list(deprecated_fields(view.serializer_class).values())
    found += [view.deprecated] if view.deprecated else []
    if not found:
        return {}
    return {
        "Deprecation": f"@{_beginning_of(min(one.since for one in found))}",
        "Sunset": http_date(_beginning_of(min(one.sunset for one in found))),
        "Link": f'<{PAGE}#{view.basename}>; rel="deprecation"; type="text/html"',
    }


def _beginning_of(day: date) -> int:
    """In seconds since 1970."""
    return int(timezone.make_aware(datetime.combine(day, time.min)).timestamp())
