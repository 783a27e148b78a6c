"""Draws what only the analysis pages have: thresholds as people write them, and the way to the target as a picture."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template

from campaigns.queries.burn_up import BurnPoint, BurnUp
from campaigns.templatetags.look import percent

register = template.Library()


@register.filter
def plain(value: Decimal) -> str:
    """A setting without the noughts that it is stored with: 80.00 → 80, 82.50 → 82.5."""
    return format(value.normalize(), "f")


@register.inclusion_tag("campaigns/analysis/burn_up.html")
def burn_up(chart: BurnUp, width: int, height: int, label: str, css: str = "") -> dict[str, Any]:
    """Plan and attainment over the campaign as a picture of `width` × `height`, its words at their own size."""
    frame = _Frame(chart, width, height)
    actual = [(point, point.attained) for point in chart.points if point.attained is not None]
    return {
        "width": width,
        "height": height,
        "label": label,
        "css": css,
        "left": frame.left,
        "right": frame.right,
        "bottom": frame.bottom,
        "text_bottom": frame.bottom + 16,
        "grid": [(level, frame.y(Fraction(level, 100))) for level in frame.levels],
        "plan": " ".join(f"{frame.x(point.on)},{frame.y(point.planned)}" for point in chart.points),
        "plan_end": (frame.right + 6, frame.y(chart.points[-1].planned) + 4),
        "actual": " ".join(f"{frame.x(point.on)},{frame.y(attained)}" for point, attained in actual),
        "dots": [_dot(frame, point, attained) for point, attained in actual],
        "starts_on": chart.points[0].on + timedelta(days=1),
        "last": chart.points[-1],
    }


def _dot(frame: _Frame, point: BurnPoint, attained: Fraction) -> dict[str, Any]:
    """A figure with its value, below the line where it lies under the plan, else above."""
    x, y = frame.x(point.on), frame.y(attained)
    is_below = attained < point.planned
    return {
        "x": x,
        "y": y,
        "text": f"{percent(attained)}%" if point.period else "",
        "text_x": x + 8,
        "text_y": y + 16 if is_below else y - 9,
        "is_under": is_below,
    }


class _Frame:
    """Turns days and shares into places in the picture."""

    def __init__(self, chart: BurnUp, width: int, height: int) -> None:
        self._first = chart.points[0].on
        self._days = max(1, (chart.points[-1].on - self._first).days)
        shares = [one for point in chart.points for one in (point.planned, point.attained) if one is not None]
        self._highest = max(Fraction(1), *shares)
        self._lowest = min(Fraction(0), *shares)
        self.left, self.right, self.top, self.bottom = 44, width - 76, 14, height - 26

    @property
    def levels(self) -> tuple[int, ...]:
        return (0, 25, 50, 75, 100)

    def x(self, on: Any) -> int:
        return self.left + (self.right - self.left) * (on - self._first).days // self._days

    def y(self, share: Fraction) -> int:
        part = (share - self._lowest) / (self._highest - self._lowest)
        return round(self.bottom - float(part) * (self.bottom - self.top))
