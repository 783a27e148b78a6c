"""What all charts look alike in: text, axes, grid, marks of the lights; and how a share becomes a figure of a chart."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from campaigns.documents.charts.palette import token
from campaigns.domain.figures import half_up
from campaigns.domain.light import Light
from campaigns.domain.pace import gap
from campaigns.templatetags.look import LIGHTS, MISSING, percent, signed_text

RING = {"color": token("surface"), "borderColor": token("none"), "borderWidth": 2, "opacity": 1}
MARKS: dict[Light, dict[str, Any]] = {
    Light.GREEN: {"symbol": "circle", "symbolSize": 11, "itemStyle": {"color": token("go-fill")}},
    Light.YELLOW: {"symbol": "triangle", "symbolSize": 12, "itemStyle": {"color": token("slow-fill")}},
    Light.RED: {"symbol": "diamond", "symbolSize": 13, "itemStyle": {"color": token("stop-fill")}},
    Light.GREY: {"symbol": "circle", "symbolSize": 9, "itemStyle": RING},
}
"""Each light with a shape of its own, the same as in the pages' sprite."""

ROW = 30
"""Pixels of one row where a chart has a row for each unit or action."""
NAME_WIDTH = 132
PHONE = 480
"""A picture of at most so many pixels is on a phone: there is no room for more than the ends of an axis."""


# --- figures ----------------------------------------------------------------------------------------------------------


def points(share: Fraction | None) -> float | None:
    """A share in percent, half-up to 0.01, as JSON takes it."""
    return None if share is None else float(half_up(100 * share, 2))


def percent_text(share: Fraction | None, places: int = 2) -> str:
    return MISSING if share is None else f"{percent(share, places)}%"


def gap_text(attained: Fraction | None, planned: Fraction | None) -> str:
    return MISSING if attained is None or planned is None else signed_text(gap(attained, planned), 2)


def light_text(light: Light | None) -> str:
    return MISSING if light is None else str(LIGHTS[light.value][1])


# --- what options are made of -----------------------------------------------------------------------------------------


def text(colour: str = "ink-3", **more: Any) -> dict[str, Any]:
    return {"color": token(colour), "fontFamily": token("sans"), "fontSize": 12, **more}


def label(words: str, colour: str = "ink", **more: Any) -> dict[str, Any]:
    """Words beside a mark, readable where a line runs behind them."""
    halo = {"textBorderColor": token("surface"), "textBorderWidth": 3}
    return {"show": True, "formatter": words, **text(colour, fontWeight=600), **halo, **more}


def option(
    *, grid: dict[str, Any], x_axis: dict[str, Any], y_axis: Any, series: list[dict[str, Any]]
) -> dict[str, Any]:
    """An option without animation, legend and HTML; the content policy allows no inline style, so none is made."""
    around = {"left": 8, "right": 16, "top": 8, "bottom": 4}
    bounds = {"outerBoundsMode": "same", "outerBoundsContain": "axisLabel"}
    return {
        "animation": False,
        "textStyle": {"fontFamily": token("sans")},
        "grid": {**around, **bounds, **grid},
        "tooltip": {
            "trigger": "item",
            "renderMode": "richText",
            "confine": True,
            "backgroundColor": token("surface"),
            "borderColor": token("line-2"),
            "textStyle": text("ink"),
        },
        "xAxis": x_axis,
        "yAxis": y_axis,
        "series": [{"emphasis": {"disabled": True}, **one} for one in series],
    }


def fewer_percents() -> list[dict[str, Any]]:
    """On a phone the axis of percent beside long names has room for 0 and 100 alone."""
    return [
        {"query": {"maxWidth": PHONE}, "option": {"xAxis": {"interval": 100}}},
        {"option": {"xAxis": {"interval": 25}}},
    ]


def percent_axis(lowest: float, highest: float, **more: Any) -> dict[str, Any]:
    """An axis of percent from 0 to 100, further where the figures go further, with a line every 25."""
    return {
        "type": "value",
        "min": min(0, 25 * int((lowest - 24.99) // 25)) if lowest < 0 else 0,
        "max": max(100, -25 * int(-highest // 25)),
        "interval": 25,
        "axisLabel": {**text(), "formatter": "{value}%"},
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"lineStyle": {"color": token("line")}},
        **more,
    }


def row_axes(names: list[str], closings: list[str]) -> list[dict[str, Any]]:
    """One row for each name, the first above; what closes a row stands right of it."""
    plain = {"axisLine": {"show": False}, "axisTick": {"show": False}, "splitLine": {"show": False}}
    rows = {"type": "category", "inverse": True, **plain}
    return [
        {**rows, "data": names, "axisLabel": {**text("ink"), "interval": 0, "width": NAME_WIDTH, "overflow": "break"}},
        {**rows, "data": closings, "position": "right", "axisLabel": {**text("ink-2"), "interval": 0}},
    ]


def rows_height(rows: int) -> int:
    return ROW * rows + 34
