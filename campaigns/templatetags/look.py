"""Draws what every page is made of: lights, figures, bars, badges and dates, each from one template.

A tag takes plain values and gives the same mark-up everywhere: a colour never stands without its shape and word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from campaigns.domain.figures import half_up

register = template.Library()

MISSING = "–"
MINUS = "−"
Number = int | Decimal | Fraction

# The class of a light names its shape: circle, triangle, diamond, ring.
LIGHTS = {
    "green": ("go", gettext_lazy("On track")),
    "yellow": ("slow", gettext_lazy("Behind")),
    "red": ("stop", gettext_lazy("Far behind")),
    "grey": ("none", gettext_lazy("No figure")),
}
REPORT_STATUSES = {
    "draft": ("", "", pgettext_lazy("report", "draft")),
    "to_sign": ("near", "", pgettext_lazy("report", "to sign")),
    "submitted": ("near", "clock", pgettext_lazy("report", "to review")),
    "returned": ("stop", "back", pgettext_lazy("report", "came back")),
    "approved": ("go", "check", pgettext_lazy("report", "approved")),
}
DATE_FORMATS = {
    "day": ("l j F Y", "Y年n月j日 l"),
    "due_day": ("l j F", "n月j日 l"),
    "short_day": ("j F", "n月j日"),
    "short_day_year": ("j F Y", "Y年n月j日"),
    "month": ("F Y", "Y年n月"),
    "short_month": ("F", "n月"),
}


# --- numbers ----------------------------------------------------------------------------------------------------------


def number_text(value: Any, decimals: int | None = None) -> str:
    """``value`` with thousands separators and a true minus; a text stays as it is, nothing becomes an en dash.

    Without ``decimals`` a Decimal keeps its own places and a Fraction gets two. Rounding is half-up.
    """
    if value is None or value == "":
        return MISSING
    if isinstance(value, str):
        return value
    places = _own_places(value) if decimals is None else int(decimals)
    return f"{half_up(_exact(value), places):,f}".replace("-", MINUS)


def signed_text(value: Any, decimals: int | None = None) -> str:
    """As ``number_text``, with a plus above zero and ± where nothing changed."""
    text = number_text(value, decimals)
    if text == MISSING or isinstance(value, str) or text.startswith(MINUS):
        return text
    return f"+{text}" if any(digit in "123456789" for digit in text) else "±0"


def _own_places(value: Any) -> int:
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0
    return 0 if isinstance(value, int) else 2


def _exact(value: Any) -> Decimal | Fraction:
    return value if isinstance(value, Decimal | Fraction) else Fraction(value)


def _thousandths(share: Any) -> int:
    """A share (1 = the whole) as 0 to 1000, for the width of a bar."""
    if share is None or share == "":
        return 0
    return min(1000, max(0, int(half_up(_exact(share) * 1000, 0))))


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    """``{{ target|number:2 }}`` → 1,060.00"""
    return number_text(value, decimals)


@register.filter
def signed(value: Any, decimals: int | None = None) -> str:
    """``{{ gap|signed:1 }}`` → −8.6"""
    return signed_text(value, decimals)


@register.filter
def percent(share: Number | None, decimals: int = 1) -> str:
    """``{{ attainment|percent }}`` → 34.4 for a share of 0.344; the sign % is the page's."""
    if share is None or share == "":
        return MISSING
    return number_text(_exact(share) * 100, decimals)


# --- dates ------------------------------------------------------------------------------------------------------------


def _dated(value: date | datetime | None, form: str) -> str:
    if value is None or value == "":
        return MISSING
    english, chinese = DATE_FORMATS[form]
    return date_format(_local(value), chinese if _is_chinese() else english)


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


@register.filter
def day(value: date | datetime | None) -> str:
    """Monday 5 September 2022, 2022年9月5日 星期一"""
    return _dated(value, "day")


@register.filter
def due_day(value: date | datetime | None) -> str:
    """Monday 5 September, 9月5日 星期一"""
    return _dated(value, "due_day")


@register.filter
def due_moment(value: datetime | None) -> str:
    """Monday 5 September, 18:00; 9月5日 星期一 18:00"""
    return _joined(due_day(value), value)


@register.filter
def short_day(value: date | datetime | None) -> str:
    """5 September, 9月5日"""
    return _dated(value, "short_day")


@register.filter
def short_day_year(value: date | datetime | None) -> str:
    """27 July 2022, 2022年7月27日"""
    return _dated(value, "short_day_year")


@register.filter
def moment(value: datetime | None) -> str:
    """1 September, 15:32; 9月1日 15:32"""
    return _joined(short_day(value), value)


@register.filter
def full_moment(value: datetime | None) -> str:
    """Saturday 3 September 2022, 09:12; 2022年9月3日 星期六 09:12"""
    return _joined(day(value), value)


@register.filter
def clock_time(value: datetime | None) -> str:
    """09:12"""
    return MISSING if value is None or value == "" else date_format(_local(value), "H:i")


@register.filter
def month_name(value: date | str | None) -> str:
    """August 2022, 2022年8月; takes a date or a period's key such as 2022-08."""
    return _dated(_month_start(value), "month")


@register.filter
def short_month(value: date | str | None) -> str:
    """August, 8月; takes a date or a period's key such as 2022-08."""
    return _dated(_month_start(value), "short_month")


def _month_start(value: date | str | None) -> date | None:
    if not isinstance(value, str) or not value:
        return value or None
    year, month = value.rsplit("/", 1)[-1].split("-")[:2]
    return date(int(year), int(month), 1)


def _joined(day_text: str, value: datetime | None) -> str:
    if value is None or value == "":
        return MISSING
    return f"{day_text}{' ' if _is_chinese() else ', '}{clock_time(value)}"


# --- lights -----------------------------------------------------------------------------------------------------------


def _shape_and_word(light: Any) -> dict[str, Any]:
    shape, word = LIGHTS[str(light or "grey")]
    return {"shape": shape, "word": word}


def shape_of(light: Any) -> str:
    """The class of a light: go, slow, stop, none."""
    return LIGHTS[str(light or "grey")][0]


@register.inclusion_tag("components/light.html")
def light(value: Any, word: str = "") -> dict[str, Any]:
    """Shape and word: ``{% light row.light %}``; another word: ``{% light "red" _("overdue") %}``."""
    drawn = _shape_and_word(value)
    return drawn | {"word": word} if word else drawn


@register.inclusion_tag("components/light_mark.html")
def light_mark(value: Any, label: str = "") -> dict[str, Any]:
    """The shape alone, its word told to those who hear the page."""
    drawn = _shape_and_word(value)
    return drawn | {"label": label or drawn["word"]}


# --- figures ----------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/figure.html")
def figure(value: Any, unit: str = "", decimals: int | None = None) -> dict[str, Any]:
    """A value and its small unit; where there is none a dash, which is read out as "no figure"."""
    text = number_text(value, decimals)
    return {"text": text, "unit": unit, "is_missing": text == MISSING}


@register.inclusion_tag("components/delta.html")
def delta(value: Any, decimals: int | None = None, unit: str = "", tone: str = "") -> dict[str, Any]:
    """A signed difference. ``tone`` is up or down where it carries colour, empty where it stays quiet."""
    return {"text": signed_text(value, decimals), "unit": unit, "tone": tone, "is_missing": value in (None, "")}


@register.inclusion_tag("components/movement.html")
def movement(places: int | str | None) -> dict[str, Any]:
    """Places gained (above 0), lost, kept (0), ``"new"``, or nothing where there is no period before."""
    if places is None or places == "":
        return {"kind": ""}
    if places == "new":
        return {"kind": "new"}
    steps = int(places)
    return {"kind": "up" if steps > 0 else "down" if steps < 0 else "same", "steps": abs(steps)}


@register.inclusion_tag("components/meter.html")
def meter(share: Any, light: Any = None, label: str = "") -> dict[str, Any]:
    """A bar of a share (1 = full), in the accent or in a light's colour; without a label it is decoration."""
    return {"width": _thousandths(share), "shape": shape_of(light) if light else "ink", "label": label}


@register.inclusion_tag("components/bullet.html")
def bullet(attained: Any, planned: Any, light: Any, scale: Any = None) -> dict[str, Any]:
    """The attained share as a bar, the planned one as a tick. The bar ends at ``scale``, by default 1.5 × planned."""
    end = _exact(scale) if scale else _exact(planned) * 3 / 2 if planned else Fraction(1)
    return {
        "width": _thousandths(_part(attained, end)),
        "tick": _thousandths(_part(planned, end)) if planned not in (None, "") else None,
        "shape": shape_of(light),
        "attained": percent(attained),
        "planned": percent(planned),
    }


def _part(share: Any, whole: Number) -> Fraction | None:
    return None if share is None or share == "" else Fraction(share) / Fraction(whole)


@register.inclusion_tag("components/cell.html")
def cell(
    value: Any, light: Any = None, url: str = "", is_lifted: bool = False, decimals: int | None = 1
) -> dict[str, Any]:
    """A heat cell, ``<td>`` and all: percent and light; light ``"off"`` where the unit has no such assignment."""
    if light == "off":
        return {"is_off": True}
    text = number_text(value, decimals)
    return {**_shape_and_word(light), "text": text, "url": url, "is_lifted": is_lifted}


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of a stacked bar, in thousandths of its width."""

    x: int
    width: int
    tone: str


@register.inclusion_tag("components/stacked_meter.html")
def stacked_meter(parts: Iterable[Any], closing: str = "") -> dict[str, Any]:
    """A bar of counts with its legend. Each part has ``count``, ``tone`` (go, ink, near, slow, stop, bg) and ``label``;
    parts without a count are left out. ``closing`` stands at the end of the legend.
    """
    shown = [part for part in map(_as_part, parts) if part["count"]]
    total = sum(part["count"] for part in shown) or 1
    segments, before = [], 0
    for part in shown:
        start, end = 1000 * before // total, 1000 * (before + part["count"]) // total
        segments.append(Segment(start, max(1, end - start - 3), part["tone"]))
        before += part["count"]
    return {"parts": shown, "segments": segments, "closing": closing}


def _as_part(part: Any) -> dict[str, Any]:
    if isinstance(part, dict):
        return part
    return {"count": part.count, "tone": part.tone, "label": part.label}


# --- marks ------------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/icon.html")
def icon(name: str, label: str = "") -> dict[str, str]:
    """A line icon of the sprite; decoration unless it has a label."""
    return {"name": name, "label": label}


@register.inclusion_tag("components/sample_tag.html")
def sample_tag(source: str | None = "sample") -> dict[str, bool]:
    """The dashed badge; given a row's source it shows only where that is a sample."""
    return {"is_sample": str(source) == "sample"}


@register.inclusion_tag("components/tag.html")
def status_tag(status: str) -> dict[str, Any]:
    """The badge of a report's status."""
    tone, icon_name, word = REPORT_STATUSES[str(status)]
    return {"tone": tone, "icon": icon_name, "word": word}


@register.inclusion_tag("components/tag.html")
def tag(word: str, tone: str = "", icon: str = "") -> dict[str, Any]:
    """A badge; tone is go, slow, stop, near, line or empty."""
    return {"tone": tone, "icon": icon, "word": word}


@register.inclusion_tag("components/tag.html")
def days_left(days: int | None, near: int = 3) -> dict[str, Any]:
    """The badge of a deadline: quiet while far, yellow from ``near`` days on, red once it has passed."""
    if days is None:
        return {"word": ""}
    tone = "stop" if days < 0 else "slow" if days <= near else ""
    return {"tone": tone, "icon": "clock", "word": days_left_text(days)}


def days_left_text(days: int) -> str:
    """ "3 days left", "due today", "2 days late"."""
    if days == 0:
        return _("due today")
    if days < 0:
        return ngettext("%(count)d day late", "%(count)d days late", -days) % {"count": -days}
    return ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}
