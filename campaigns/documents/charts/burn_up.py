"""The way from baseline to target: the plan, what was attained, and where it leads if it goes on so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.documents.charts.chart import Chart, Head, Table
from campaigns.documents.charts.palette import token
from campaigns.documents.charts.style import (
    PHONE,
    gap_text,
    label,
    light_text,
    option,
    percent_axis,
    percent_text,
    points,
    text,
)
from campaigns.queries.burn_up import BurnPoint, BurnUp
from campaigns.templatetags.look import MISSING, short_day, short_month

HEIGHT = 320
PLOT = 270
"""Pixels between the lowest and the highest line of the grid."""
LINE_OF_TEXT = 17
RIGHT_OF_THE_LINES = 72


@dataclass(frozen=True, slots=True)
class Projection:
    """Where the way leads on the target's day, as shares; without a band where too few figures are there."""

    projected: Fraction
    low: Fraction | None = None
    high: Fraction | None = None


def burn_up(way: BurnUp, *, subject: str, projection: Projection | None = None) -> Chart:
    """The chart of one way; ``subject`` says whose it is, the city's or a unit's."""
    frame = _Frame(way)
    reached = [point for point in way.points if point.attained is not None]
    counted = [point for point in reached if point.period is not None]
    onward = projection if counted and counted[-1] is not way.points[-1] else None
    title = _title(way, counted, onward)
    shares = [one for point in way.points for one in (point.planned, point.attained)]
    shares += [onward.projected, onward.low, onward.high] if onward else []
    known = [points(one) or 0.0 for one in shares]
    axis = percent_axis(min(known), max(known))
    series = [
        _plan(way, frame),
        _actual(reached, frame),
        *_forecast(reached, frame, onward),
        _ends(way, frame, onward, pixels=PLOT / (axis["max"] - axis["min"])),
    ]
    return Chart(
        title=title,
        note=" · ".join([subject, _("percent of the target")]),
        option=option(
            grid={"top": 26, "right": RIGHT_OF_THE_LINES},
            x_axis=frame.axis(),
            y_axis=axis,
            series=series,
        )
        | {"media": frame.media()},
        table=_table(way, onward),
        summary=_("Line chart of the way to the target, %(subject)s. %(title)s.")
        % {"subject": subject, "title": title},
        height=HEIGHT,
    )


class _Frame:
    """The days of the way, counted from the eve of day 1."""

    def __init__(self, way: BurnUp) -> None:
        self.eve = way.points[0].on
        self.days = max(1, (way.points[-1].on - self.eve).days)

    def day(self, on: date) -> int:
        return (on - self.eve).days

    def axis(self) -> dict[str, Any]:
        """One place for each day; the ends are named by their dates, a few between by their number."""
        step = max(10, self.days // 50 * 10)
        named = {day: _day_text(day) for day in range(step, self.days - step // 2, step)}
        named[0] = short_day(self.eve + timedelta(days=1))
        named[self.days] = short_day(self.eve + timedelta(days=self.days))
        return {
            "type": "category",
            "boundaryGap": False,
            "data": [named.get(day, "") for day in range(self.days + 1)],
            "axisLabel": {**text(), "customValues": sorted(named)},
            "axisLine": {"lineStyle": {"color": token("line-2")}},
            "axisTick": {"show": False},
        }

    def media(self) -> list[dict[str, Any]]:
        """On a phone the ends alone are named: there is no room for more."""
        named = self.axis()["axisLabel"]["customValues"]
        ends = {"query": {"maxWidth": PHONE}, "option": _named([0, self.days])}
        return [ends, {"option": _named(named)}]


def _named(days: list[int]) -> dict[str, Any]:
    return {"xAxis": {"axisLabel": {"customValues": days}}}


def _day_text(day: int) -> str:
    return _("day %(day)d") % {"day": day}


def _title(way: BurnUp, counted: list[BurnPoint], onward: Projection | None) -> str:
    last = way.points[-1]
    if not counted:
        return _("No figure yet; the plan leads to %(planned)s on %(day)s") % {
            "planned": percent_text(last.planned, 0),
            "day": short_day(last.on),
        }
    words = {
        "attained": percent_text(counted[-1].attained, 1),
        "planned": percent_text(counted[-1].planned, 1),
        "day": short_day(counted[-1].on),
    }
    if onward is None:
        return _("%(attained)s attained by %(day)s, %(planned)s planned") % words
    words |= {"projected": percent_text(onward.projected, 0), "last_day": short_day(last.on)}
    return (
        _("%(attained)s attained by %(day)s, %(planned)s planned; at this rate %(projected)s by %(last_day)s") % words
    )


# --- lines ------------------------------------------------------------------------------------------------------------


def _plan(way: BurnUp, frame: _Frame) -> dict[str, Any]:
    return {
        "type": "line",
        "name": _("Planned"),
        "data": [[frame.day(point.on), points(point.planned)] for point in way.points],
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": token("ink-3"), "width": 1.25},
    }


def _actual(reached: list[BurnPoint], frame: _Frame) -> dict[str, Any]:
    """Each figure with its value, and a line up at the last one."""
    line = {
        "type": "line",
        "name": _("Attained"),
        "data": [_dot(point, frame) for point in reached],
        "symbol": "circle",
        "symbolSize": 8,
        "showAllSymbol": True,
        "z": 4,
        "itemStyle": {"color": token("accent"), "borderColor": token("surface"), "borderWidth": 2},
        "lineStyle": {"color": token("accent"), "width": 2.5},
    }
    if not reached or reached[-1].period is None:
        return line
    day = frame.day(reached[-1].on)
    return line | {
        "markLine": {
            "silent": True,
            "symbol": "none",
            "z": 1,
            "lineStyle": {"color": token("line-2"), "type": "solid", "width": 1},
            "label": {"formatter": _day_text(day), "position": "end", "distance": 4, **text("ink-2")},
            "data": [{"xAxis": day}],
        }
    }


def _dot(point: BurnPoint, frame: _Frame) -> dict[str, Any]:
    """A figure; its value stands on the side of the line where the plan is not."""
    dot: dict[str, Any] = {"value": [frame.day(point.on), points(point.attained)]}
    if point.period is None or point.attained is None:
        return dot
    is_below = point.attained < point.planned
    aside: dict[str, Any] = {"position": "right" if is_below else "left", "offset": [0, 14 if is_below else -12]}
    shown = {"month": short_month(point.period.month), "day": _day_text(frame.day(point.on))}
    figures = {"attained": percent_text(point.attained, 1), "planned": percent_text(point.planned, 1)}
    tip = _("%(month)s, %(day)s: %(attained)s attained, %(planned)s planned") % {**shown, **figures}
    return dot | {"label": label(figures["attained"], **aside), "tooltip": {"formatter": tip}}


def _forecast(reached: list[BurnPoint], frame: _Frame, onward: Projection | None) -> list[dict[str, Any]]:
    """The dashed line to the last day, over its band where there is one."""
    if onward is None:
        return []
    start, end = [frame.day(reached[-1].on), points(reached[-1].attained)], frame.days
    dashed = {
        "type": "line",
        "name": _("Projected"),
        "data": [start, [end, points(onward.projected)]],
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": token("accent"), "width": 1.75, "type": [4, 4]},
    }
    low, high = points(onward.low), points(onward.high)
    if low is None or high is None:
        return [dashed]
    hidden = {"type": "line", "stack": "band", "symbol": "none", "silent": True, "lineStyle": {"opacity": 0}}
    floor = hidden | {"name": "low", "data": [start, [end, low]]}
    width = {"name": "band", "data": [[start[0], 0], [end, round(high - low, 2)]]}
    return [floor, hidden | width | {"areaStyle": {"color": token("band"), "opacity": 1}}, dashed]


def _ends(way: BurnUp, frame: _Frame, onward: Projection | None, pixels: float) -> dict[str, Any]:
    """The names at the ends of the lines, the upper one first; a point of the axis is `pixels` high."""
    planned = way.points[-1].planned
    words = pgettext("chart", "Plan") + " " + percent_text(planned, 0)
    ends = [(planned, label(words, "ink-3", fontWeight=400))]
    if onward:
        told = _("Projected") + " " + percent_text(onward.projected, 0)
        ends.append((onward.projected, label(told, "accent")))
    ends.sort(key=lambda end: end[0], reverse=True)
    return {
        "type": "scatter",
        "name": "ends",
        "silent": True,
        "symbolSize": 1,
        "itemStyle": {"color": "transparent", "opacity": 1},
        "data": [
            {"value": [frame.days, points(share)], "label": {**words, "position": "right", "offset": [3, down]}}
            for (share, words), down in zip(ends, _apart([share for share, _words in ends], pixels), strict=True)
        ],
    }


def _apart(shares: list[Fraction], pixels: float) -> list[int]:
    """By how many pixels the names of two ends move down, so that they do not lie upon each other."""
    if len(shares) < 2:
        return [0]
    missing = max(0.0, LINE_OF_TEXT - 100 * float(shares[0] - shares[1]) * pixels)
    return [-round(missing / 2), round(missing / 2)]


# --- the same as a table ----------------------------------------------------------------------------------------------


def _table(way: BurnUp, onward: Projection | None) -> Table:
    head = [
        Head(_("Period")),
        Head(_("Day")),
        Head(_("Planned"), is_figure=True),
        Head(_("Attained"), is_figure=True),
        Head(_("Gap, points"), is_figure=True),
        Head(_("Light")),
    ]
    rows = [_row(point) for point in way.points]
    if onward:
        last = way.points[-1]
        gap = gap_text(onward.projected, last.planned)
        rows.append([_("Projected"), short_day(last.on), percent_text(last.planned), _band_text(onward), gap, MISSING])
    return Table(head, rows)


def _row(point: BurnPoint) -> list[str]:
    name = short_month(point.period.month) if point.period else _("Start")
    return [
        name,
        short_day(point.on),
        percent_text(point.planned),
        percent_text(point.attained),
        gap_text(point.attained, point.planned),
        light_text(point.light),
    ]


def _band_text(onward: Projection) -> str:
    projected = percent_text(onward.projected)
    if onward.low is None or onward.high is None:
        return projected
    return _("%(projected)s (%(low)s to %(high)s)") % {
        "projected": projected,
        "low": percent_text(onward.low),
        "high": percent_text(onward.high),
    }
