"""How the content of a pack is written: names in both languages, figures as texts, instants with their zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from django.utils import timezone, translation

from campaigns.domain.figures import half_up
from units.models import Unit, User

T = TypeVar("T")

LANGUAGE_CODES = {"en": "en", "zh": "zh-hans"}
"""The languages of the content, as the catalogues call them."""


def both(make: Callable[[], T]) -> dict[str, T]:
    """What is made in each language."""
    found = {}
    for name, code in LANGUAGE_CODES.items():
        with translation.override(code):
            found[name] = make()
    return found


def name_of(row: Any, stem: str = "name") -> dict[str, str]:
    """Both names of a row; the other one where the first is empty, as pages show it."""
    english, chinese = getattr(row, f"{stem}_en"), getattr(row, f"{stem}_zh")
    return {"en": english or chinese, "zh": chinese or english}


def short_of(row: Any) -> dict[str, str]:
    """Both short names; the full ones where there are none."""
    full = name_of(row)
    return {"en": row.short_en or full["en"], "zh": row.short_zh or full["zh"]}


def person_of(person: User | None) -> dict[str, str] | None:
    """A person's name in both languages; none of nobody."""
    if person is None:
        return None
    english, chinese = person.name, person.name_zh
    return {"en": english or chinese or person.username, "zh": chinese or english or person.username}


def unit_of(unit: Unit) -> dict[str, Any]:
    return {"code": unit.code, "name": name_of(unit), "short": short_of(unit)}


def figure(value: Decimal | Fraction | None, places: int = 2) -> str | None:
    """Half-up to so many places, never rounded again after this."""
    return None if value is None else format(half_up(value, places), "f")


def percent(share: Fraction | None, places: int = 2) -> str | None:
    """A share (1 = the whole) in percent."""
    return None if share is None else figure(100 * share, places)


def exact(value: Decimal | Fraction | None, places: int) -> str | None:
    """A stored figure with all places that say something, and so many at least; a computed one with so many."""
    if value is None or isinstance(value, Fraction):
        return figure(value, places)
    exponent = value.normalize().as_tuple().exponent
    told = -exponent if isinstance(exponent, int) else 0
    return figure(value, max(places, told))


def instant(at: datetime | None) -> str | None:
    """ISO 8601 with the city's offset, to the second."""
    return None if at is None else timezone.localtime(at).isoformat(timespec="seconds")


def day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()
