"""Two periods, or two units, action by action: two dots on a line, hollow for the first and full for the second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from campaigns.documents.charts.chart import Chart, Head, Table
from campaigns.documents.charts.palette import token
from campaigns.documents.charts.style import (
    fewer_percents,
    gap_text,
    label,
    option,
    percent_axis,
    percent_text,
    points,
    row_axes,
    rows_height,
)

ROOM_FOR_A_VALUE = 50


@dataclass(frozen=True, slots=True)
class Pair:
    """An action with the two shares that are compared, none where there is no approved figure."""

    name: str
    first: Fraction | None
    second: Fraction | None


def compare(pairs: Sequence[Pair], *, first: str, second: str) -> Chart:
    """The chart in the order of ``pairs``; ``first`` and ``second`` name what is compared: July and August, say."""
    known = [points(one) or 0.0 for pair in pairs for one in (pair.first, pair.second)]
    title = _title(pairs, first, second)
    changes = [gap_text(pair.second, pair.first) for pair in pairs]
    return Chart(
        title=title,
        note=_("hollow: %(first)s · full: %(second)s · right: the difference in points")
        % {"first": first, "second": second},
        option=option(
            grid={"top": 16},
            x_axis=percent_axis(min(known, default=0), max(known, default=0)),
            y_axis=[_with_room(axis) for axis in row_axes([pair.name for pair in pairs], changes)],
            series=[_dots(pairs, first, second), _dots(pairs, second, first, is_second=True)],
        )
        | {"media": fewer_percents()},
        table=_table(pairs, first, second),
        summary=_("Chart with two dots for each action. %(title)s.") % {"title": title},
        height=rows_height(len(pairs)) + 8,
    )


def _title(pairs: Sequence[Pair], first: str, second: str) -> str:
    both = [(pair.first, pair.second) for pair in pairs if pair.first is not None and pair.second is not None]
    higher = sum(points(after) > points(before) for before, after in both)  # type: ignore[operator]
    words = {"first": first, "second": second, "higher": higher, "all": len(both)}
    if not both:
        return _("%(first)s and %(second)s have no figure in common") % words
    return _("%(second)s is higher than %(first)s in %(higher)d of %(all)d") % words


def _with_room(axis: dict[str, Any]) -> dict[str, Any]:
    """Between the plot and what closes a row there is room for the value of a dot that lies at the edge."""
    return {**axis, "axisLabel": {**axis["axisLabel"], "margin": ROOM_FOR_A_VALUE}}


def _dots(pairs: Sequence[Pair], name: str, other: str, *, is_second: bool = False) -> dict[str, Any]:
    """The dots of one side, with their values outside of the line; the second side brings the lines."""
    dots = []
    for row, pair in enumerate(pairs):
        share, opposite = (pair.second, pair.first) if is_second else (pair.first, pair.second)
        if share is None:
            continue
        is_right = opposite is None or share > opposite or (share == opposite and is_second)
        words = percent_text(share, 1)
        tip = f"{pair.name}, {name}: {words}; {other}: {percent_text(opposite, 1)}"
        side = "right" if is_right else "left"
        shown = label(words, "ink" if is_second else "ink-2", position=side, fontWeight=600 if is_second else 400)
        dots.append({"value": [points(share), row], "label": shown, "tooltip": {"formatter": tip}})
    ring = {"color": token("surface"), "borderColor": token("ink-3"), "borderWidth": 2}
    return {
        "type": "scatter",
        "name": name,
        "symbol": "circle",
        "symbolSize": 11,
        "z": 4 if is_second else 3,
        "itemStyle": {**({"color": token("accent")} if is_second else ring), "opacity": 1},
        "data": dots,
        **({"markLine": _lines(pairs)} if is_second else {}),
    }


def _lines(pairs: Sequence[Pair]) -> dict[str, Any]:
    return {
        "silent": True,
        "symbol": "none",
        "z": 2,
        "lineStyle": {"color": token("none-fill"), "type": "solid", "width": 3},
        "label": {"show": False},
        "data": [
            [{"coord": [points(pair.first), row]}, {"coord": [points(pair.second), row]}]
            for row, pair in enumerate(pairs)
            if pair.first is not None and pair.second is not None
        ],
    }


def _table(pairs: Sequence[Pair], first: str, second: str) -> Table:
    head = [
        Head(_("Action")),
        Head(first, is_figure=True),
        Head(second, is_figure=True),
        Head(_("Difference, points"), is_figure=True),
    ]
    rows = [
        [pair.name, percent_text(pair.first), percent_text(pair.second), gap_text(pair.second, pair.first)]
        for pair in pairs
    ]
    return Table(head, rows)
