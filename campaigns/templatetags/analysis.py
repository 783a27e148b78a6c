"""Draws what only the analysis pages have: thresholds as people write them, and the small way to the target."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template

from campaigns.domain.projection import Projection
from campaigns.queries.burn_up import BurnUp

register = template.Library()

WIDTH, HEIGHT, EDGE = 64, 24, 2


@register.filter
def plain(value: Decimal) -> str:
    """A setting without the noughts that it is stored with: 80.00 → 80, 82.50 → 82.5."""
    return format(value.normalize(), "f")


@register.filter
def points_a_day(share: Fraction | None) -> Fraction | None:
    """A share a day as points a day: 0.0111 → 1.11."""
    return None if share is None else 100 * share


@register.inclusion_tag("components/spark.html")
def spark(way: BurnUp | None, onward: Projection | None = None) -> dict[str, Any]:
    """A way from the eve of day 1 to the last day: plan, what was attained, and where it leads at this rate."""
    if way is None:
        return {}
    frame = _Frame(way, onward)
    reached = [(point.on, point.attained) for point in way.points if point.attained is not None]
    last_day = way.points[-1].on
    drawn = {
        "plan": frame.line([(point.on, point.planned) for point in way.points]),
        "actual": frame.line(reached),
        "last": frame.place(*reached[-1]) if reached else None,
    }
    if onward is not None and reached and reached[-1][0] < last_day:
        drawn["onward"] = frame.line([reached[-1], (last_day, onward.share)])
    return drawn


class _Frame:
    """Where a day and a share lie in the picture; nought is at the foot, the whole way or what is more at the head."""

    def __init__(self, way: BurnUp, onward: Projection | None) -> None:
        shares = [share for point in way.points for share in (point.planned, point.attained) if share is not None]
        self.highest = max(Fraction(1), *shares, *([onward.share] if onward else []))
        self.first = way.points[0].on
        self.days = max(1, (way.points[-1].on - self.first).days)

    def place(self, on: date, share: Fraction) -> tuple[str, str]:
        x = EDGE + (WIDTH - 2 * EDGE) * Fraction((on - self.first).days, self.days)
        y = HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * max(Fraction(0), share) / self.highest
        return f"{float(x):.1f}", f"{float(y):.1f}"

    def line(self, points: list[tuple[date, Fraction]]) -> str:
        return " ".join(",".join(self.place(on, share)) for on, share in points)
