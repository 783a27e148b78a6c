"""How the documents of a pack say what its content holds: figures, days, lights and states, in the active language.

The content keeps figures as decimal strings and codes instead of words; missing is none, and here a dash.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from campaigns.domain.follow_up_life import Urgency
from campaigns.domain.light import LightMethod
from campaigns.models import EarlyWarning, FollowUp, Likelihood
from campaigns.models.reports import ValueStatus
from campaigns.templatetags.look import LIGHTS, MISSING, number_text, short_day_year, signed_text

NOT_ASSIGNED = "·"
SHAPES = {"green": "●", "yellow": "▲", "red": "◆", "grey": "○"}
"""The shape of each light as a character that every Chinese font has."""
TINTS = {"green": "E3F1EB", "yellow": "FBF0D6", "red": "FAE2D8", "grey": "EEEEEA"}
PLAIN = "FFFFFF"

LEVELS = dict(Likelihood.Level.choices)
WARNING_LEVELS = dict(EarlyWarning.Level.choices)
WARNING_STATES = dict(EarlyWarning.State.choices)
FOLLOW_UP_STATES = dict(FollowUp.State.choices)
VALUE_STATUSES = dict(ValueStatus.choices)
URGENCIES = {
    Urgency.OVERDUE: ("red", gettext_lazy("overdue")),
    Urgency.RETURNED: ("yellow", gettext_lazy("returned")),
    Urgency.BEHIND: ("yellow", gettext_lazy("not accepted yet")),
    Urgency.NEAR: ("yellow", gettext_lazy("due soon")),
    Urgency.IN_TIME: ("", gettext_lazy("in time")),
    Urgency.CLOSED: ("green", pgettext_lazy("follow-up", "done")),
}
FILED_MARKS = {
    "approved": ("green", "●", pgettext_lazy("report", "approved")),
    "filed": ("green", "◎", gettext_lazy("filed, not yet approved")),
    "late": ("yellow", "▲", gettext_lazy("filed late")),
    "overdue": ("red", "◆", gettext_lazy("overdue")),
    "unfiled": ("grey", "○", gettext_lazy("not filed")),
}
"""How far a report is: its light, a sign, a word."""
METHODS = {
    LightMethod.SHARE_OF_PACE: gettext_lazy("share of pace"),
    LightMethod.POINTS_BEHIND: gettext_lazy("points behind the plan"),
}
# What no XML may hold, and so neither a Word nor an Excel file.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def in_language(both: Mapping[str, Any] | None) -> Any:
    """The side of ``{"en": …, "zh": …}`` that the reader reads; the other one where that is empty."""
    if not both:
        return ""
    first, second = ("zh", "en") if is_chinese() else ("en", "zh")
    return both.get(first) or both.get(second) or ""


def name_of(one: Mapping[str, Any] | None) -> str:
    return in_language(one["name"]) if one else MISSING


def short_name_of(one: Mapping[str, Any]) -> str:
    return in_language(one.get("short")) or name_of(one)


def words_of(one: Any) -> str:
    """Text of a person, or the same in both languages."""
    return (in_language(one) if isinstance(one, Mapping) else one) or MISSING


def printable(value: Any) -> Any:
    """The same without the characters that documents cannot hold, however deep."""
    if isinstance(value, str):
        return UNPRINTABLE.sub("", value)
    if isinstance(value, dict):
        return {key: printable(one) for key, one in value.items()}
    return [printable(one) for one in value] if isinstance(value, list) else value


# --- figures and days -------------------------------------------------------------------------------------------------


def decimal(figure: str | None) -> Decimal | None:
    return None if figure is None else Decimal(figure)


def figure_text(figure: str | None, places: int | None = None) -> str:
    return number_text(decimal(figure), places)


def signed(figure: str | None, places: int | None = None) -> str:
    return signed_text(decimal(figure), places)


def percent(figure: str | None) -> str:
    return MISSING if figure is None else f"{figure_text(figure)}%"


def band(one: Mapping[str, Any]) -> str:
    """What is projected; on a line below it the band, where there is one."""
    projected = percent(one["projected"])
    if one["low"] is None or one["high"] is None:
        return projected
    return f"{projected}\n{between(one)}"


def between(one: Mapping[str, Any]) -> str:
    return _("%(low)s to %(high)s") % {"low": percent(one["low"]), "high": percent(one["high"])}


def day_text(on: str | None) -> str:
    """A day or an instant of the content as a date with its year."""
    if not on:
        return MISSING
    return short_day_year(datetime.fromisoformat(on) if "T" in on else date.fromisoformat(on))


# --- lights -----------------------------------------------------------------------------------------------------------


def light(code: str | None) -> dict[str, str]:
    """A light by shape, word and tint: never by its colour alone."""
    code = code or "grey"
    word = str(LIGHTS[code][1])
    return {"code": code, "word": word, "text": f"{SHAPES[code]} {word}", "tint": TINTS[code]}


def warning_level(code: str) -> dict[str, str]:
    """The level of a warning, drawn as the light of that colour."""
    word = str(WARNING_LEVELS[code])
    return {**light(code), "word": word, "text": f"{SHAPES[code]} {word}"}


def heat(figure: str | None, code: str | None, is_assigned: bool) -> dict[str, str]:
    """A cell of the table of units × actions."""
    if not is_assigned:
        return {"text": NOT_ASSIGNED, "tint": PLAIN}
    code = code or "grey"
    return {"text": f"{SHAPES[code]} {figure_text(figure)}", "tint": TINTS[code]}
