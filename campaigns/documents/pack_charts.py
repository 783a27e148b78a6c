"""The charts of a pack, drawn from its content alone: the same option as on the page, in the active language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from campaigns.documents import drawing
from campaigns.documents.charts.burn_up import Projection, burn_up
from campaigns.documents.charts.chart import Chart
from campaigns.documents.charts.side_by_side import Bar, side_by_side
from campaigns.documents.pack_words import short_name_of
from campaigns.domain.composite import Composite
from campaigns.domain.light import Light
from campaigns.models import Period
from campaigns.queries.burn_up import BurnPoint, BurnUp
from campaigns.queries.progress import Weighed

WIDTH = 640
"""Pixels; every chart is as wide as the text."""
MOST_BARS = 24
"""More rows than these fill a page; their table says the same."""


@dataclass(frozen=True, slots=True)
class Published(Weighed):
    """A composite as it was published, to 0.01 of a percent."""

    composite: Composite


def actions_of(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """The city's actions side by side."""
    return _side_by_side([_bar(short_name_of(one), one) for one in content["actions"]], _("Action"))


def way_of(one: Mapping[str, Any], subject: str) -> dict[str, Any] | None:
    """The way to the target of an action or of all together, with where it leads if it goes on so."""
    if not one["way"]:
        return None
    return _drawn(burn_up(_way(one["way"]), subject=subject, projection=_projection(one)))


def units_of(action: Mapping[str, Any]) -> dict[str, Any] | None:
    """The units of one action side by side."""
    return _side_by_side([_bar(short_name_of(one["unit"]), one) for one in action["units"]], _("Unit"))


def _side_by_side(bars: Sequence[Bar], what: str) -> dict[str, Any] | None:
    return _drawn(side_by_side(bars, what=what)) if 0 < len(bars) <= MOST_BARS else None


def _drawn(chart: Chart) -> dict[str, Any]:
    return {
        "title": chart.title,
        "note": chart.note,
        "alt": chart.summary,
        "svg": drawing.draw(chart.option, WIDTH, chart.height),
        "height": chart.height,
    }


def _share(percent: str | None) -> Fraction | None:
    return None if percent is None else Fraction(Decimal(percent)) / 100


def _bar(name: str, one: Mapping[str, Any]) -> Bar:
    return Bar(name, _share(one["published"]), _share(one["planned"]), Light(one["light"] or "grey"))


def _projection(action: Mapping[str, Any]) -> Projection | None:
    projected = _share(action["projected"])
    return None if projected is None else Projection(projected, _share(action["low"]), _share(action["high"]))


def _way(points: Sequence[Mapping[str, Any]]) -> BurnUp:
    return BurnUp([_point(one) for one in points])


def _point(one: Mapping[str, Any]) -> BurnPoint:
    planned, attained = _share(one["planned"]) or Fraction(0), _share(one["attained"])
    on = date.fromisoformat(one["on"])
    if one["month"] is None:
        return BurnPoint(on, None, planned, None, None, start=attained)
    reached = None if attained is None else Published(Composite(attained, planned, Fraction(1)))
    return BurnPoint(on, Period(month=one["month"]), planned, reached, None)
