"""Units of an action, or actions of a unit, side by side: a bar that ends in its light, and the plan as a tick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.documents.charts.chart import Chart, Head, Table
from campaigns.documents.charts.palette import token
from campaigns.documents.charts.style import (
    MARKS,
    fewer_percents,
    gap_text,
    light_text,
    option,
    percent_axis,
    percent_text,
    points,
    row_axes,
    rows_height,
)
from campaigns.domain.light import Light

BAR = 8
TICK = [2.5, 18]


@dataclass(frozen=True, slots=True)
class Bar:
    """One unit or action: shares of the way to the target, none without an approved figure."""

    name: str
    attained: Fraction | None
    planned: Fraction | None
    light: Light


def side_by_side(bars: Sequence[Bar], *, what: str) -> Chart:
    """The chart in the order of ``bars``; ``what`` heads the names: unit or action."""
    known = [points(one) or 0.0 for bar in bars for one in (bar.attained, bar.planned)]
    title = _title(bars)
    names = [bar.name for bar in bars]
    return Chart(
        title=title,
        note=_("bar: attained · tick: planned to date"),
        option=option(
            grid={},
            x_axis=percent_axis(min(known, default=0), max(known, default=0)),
            y_axis=row_axes(names, [_closing(bar) for bar in bars]),
            series=[_bars(bars), _ticks(bars), _lights(bars)],
        )
        | {"media": fewer_percents()},
        table=_table(bars, what),
        summary=_("Bar chart, a bar for what is attained and a tick for the plan. %(title)s.") % {"title": title},
        height=rows_height(len(bars)),
    )


def _title(bars: Sequence[Bar]) -> str:
    best = max((bar for bar in bars if bar.attained is not None), key=lambda bar: bar.attained or 0, default=None)
    if best is None:
        return _("No figure yet")
    behind = sum(bar.light in (Light.YELLOW, Light.RED) for bar in bars)
    words = {"name": best.name, "attained": percent_text(best.attained, 1), "behind": behind, "all": len(bars)}
    if not behind:
        return _("%(name)s is furthest with %(attained)s; none is behind") % words
    told = ngettext(
        "%(name)s is furthest with %(attained)s; %(behind)d of %(all)d is behind",
        "%(name)s is furthest with %(attained)s; %(behind)d of %(all)d are behind",
        behind,
    )
    return told % words


def _closing(bar: Bar) -> str:
    return light_text(bar.light) if bar.attained is None else f"{percent_text(bar.attained, 1)} {light_text(bar.light)}"


def _tip(bar: Bar) -> dict[str, str]:
    words = {"name": bar.name, "attained": percent_text(bar.attained, 1), "planned": percent_text(bar.planned, 1)}
    return {"formatter": _("%(name)s: %(attained)s attained, %(planned)s planned") % words}


def _bars(bars: Sequence[Bar]) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": _("Attained"),
        "barWidth": BAR,
        "data": [
            {"value": points(bar.attained), "itemStyle": MARKS[bar.light]["itemStyle"], "tooltip": _tip(bar)}
            for bar in bars
        ],
    }


def _ticks(bars: Sequence[Bar]) -> dict[str, Any]:
    """The plan; it lies above the bar and under the light."""
    return {
        "type": "scatter",
        "name": _("Planned"),
        "symbol": "rect",
        "symbolSize": TICK,
        "z": 3,
        "itemStyle": {"color": token("ink"), "opacity": 1},
        "data": [
            {"value": [points(bar.planned), row], "tooltip": _tip(bar)}
            for row, bar in enumerate(bars)
            if bar.planned is not None
        ],
    }


def _lights(bars: Sequence[Bar]) -> dict[str, Any]:
    """The shape of the light at the bar's end; a ring at the beginning where there is no figure."""
    edge = {"borderColor": token("surface"), "borderWidth": 1.5, "opacity": 1}
    marks = []
    for row, bar in enumerate(bars):
        mark = MARKS[bar.light]
        where = {"value": [points(bar.attained) or 0, row], "tooltip": _tip(bar)}
        marks.append(mark | where | {"itemStyle": edge | mark["itemStyle"]})
    return {"type": "scatter", "name": _("Light"), "z": 4, "data": marks}


def _table(bars: Sequence[Bar], what: str) -> Table:
    head = [
        Head(what),
        Head(_("Attained"), is_figure=True),
        Head(_("Planned"), is_figure=True),
        Head(_("Gap, points"), is_figure=True),
        Head(_("Light")),
    ]
    rows = [
        [
            bar.name,
            percent_text(bar.attained),
            percent_text(bar.planned),
            gap_text(bar.attained, bar.planned),
            light_text(bar.light),
        ]
        for bar in bars
    ]
    return Table(head, rows)
