"""Ranks from period to period: a line for each unit, the first place above, the own unit's line in the accent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from campaigns.documents.charts.chart import Chart, Head, Table
from campaigns.documents.charts.palette import token
from campaigns.documents.charts.style import NAME_WIDTH, ROW, label, option, text
from campaigns.templatetags.look import MISSING, short_month

RIGHT_OF_THE_LINES = 124


@dataclass(frozen=True, slots=True)
class RankLine:
    """A unit with its rank in each period, none where it was not ranked."""

    name: str
    ranks: Sequence[int | None]
    is_own: bool = False


def rank_over_time(lines: Sequence[RankLine], months: Sequence[str], *, group: str) -> Chart:
    """The chart of a ranking group; ``months`` are the periods' keys such as 2022-08, one for each rank of a line."""
    places = max((rank for line in lines for rank in line.ranks if rank is not None), default=1)
    title = _title(lines, months)
    names = [short_month(month) for month in months]
    drawn = sorted(lines, key=lambda line: line.is_own)
    return Chart(
        title=title,
        note=group,
        option=option(
            grid={"top": 16, "right": RIGHT_OF_THE_LINES},
            x_axis={
                "type": "category",
                "boundaryGap": False,
                "data": names,
                "axisLabel": text(),
                "axisLine": {"show": False},
                "axisTick": {"show": False},
            },
            y_axis={
                "type": "value",
                "inverse": True,
                "min": 1,
                "max": max(places, 2),
                "interval": 1,
                "axisLabel": text(),
                "axisLine": {"show": False},
                "axisTick": {"show": False},
                "splitLine": {"lineStyle": {"color": token("line")}},
            },
            series=[*(_line(line, names) for line in drawn), _ends(drawn)],
        ),
        table=_table(lines, names),
        summary=_("Line chart of the ranks in %(group)s, the first place above. %(title)s.")
        % {"group": group, "title": title},
        height=max(200, ROW * places + 40),
    )


def _title(lines: Sequence[RankLine], months: Sequence[str]) -> str:
    own = next((line for line in lines if line.is_own), None)
    ranked = [(month, rank) for month, rank in zip(months, own.ranks, strict=True) if rank is not None] if own else []
    if own is None or not ranked:
        return _("Ranks from %(first)s to %(last)s") % {
            "first": short_month(months[0]),
            "last": short_month(months[-1]),
        }
    (first, before), (last, now) = ranked[0], ranked[-1]
    words = {"unit": own.name, "before": before, "first": short_month(first), "now": now, "last": short_month(last)}
    if first == last:
        return _("%(unit)s: rank %(now)d in %(last)s") % words
    return _("%(unit)s: rank %(before)d in %(first)s, %(now)d in %(last)s") % words


def _line(line: RankLine, names: Sequence[str]) -> dict[str, Any]:
    """Grey for the others; the own one is thicker and says its places."""
    colour = token("accent" if line.is_own else "none-fill")
    places = zip(range(len(names)), line.ranks, names, strict=True)
    return {
        "type": "line",
        "name": line.name,
        "data": [_place(line, *place) for place in places],
        "symbol": "circle",
        "symbolSize": 9 if line.is_own else 6,
        "showAllSymbol": True,
        "z": 4 if line.is_own else 2,
        "itemStyle": {"color": colour, "borderColor": token("surface"), "borderWidth": 1.5},
        "lineStyle": {"color": colour, "width": 3 if line.is_own else 1.5},
    }


def _place(line: RankLine, column: int, rank: int | None, month: str) -> dict[str, Any]:
    if rank is None:
        return {"value": [column, None]}
    tip = _("%(unit)s, %(month)s: rank %(rank)d") % {"unit": line.name, "month": month, "rank": rank}
    place: dict[str, Any] = {"value": [column, rank], "tooltip": {"formatter": tip}}
    return place | {"label": label(str(rank), "accent", position="top")} if line.is_own else place


def _ends(lines: Sequence[RankLine]) -> dict[str, Any]:
    """The units' names where their lines end; those that end at one place share a label."""
    ends: dict[tuple[int, int], list[RankLine]] = {}
    for line in lines:
        ranked = [(column, rank) for column, rank in enumerate(line.ranks) if rank is not None]
        if ranked:
            ends.setdefault(ranked[-1], []).append(line)
    return {
        "type": "scatter",
        "name": "ends",
        "silent": True,
        "symbolSize": 1,
        "itemStyle": {"color": "transparent", "opacity": 1},
        "data": [{"value": list(place), "label": _end_label(ending)} for place, ending in ends.items()],
    }


def _end_label(ending: list[RankLine]) -> dict[str, Any]:
    names = "\n".join(line.name for line in ending)
    place: dict[str, Any] = {"position": "right", "distance": 8}
    lines: dict[str, Any] = {"width": NAME_WIDTH, "overflow": "break", "lineHeight": 14}
    if any(line.is_own for line in ending):
        return label(names, "accent", **place, **lines)
    return label(names, "ink-2", fontWeight=400, **place, **lines)


def _table(lines: Sequence[RankLine], names: Sequence[str]) -> Table:
    head = [Head(_("Unit")), *(Head(name, is_figure=True) for name in names)]
    return Table(head, [[line.name, *(str(rank or MISSING) for rank in line.ranks)] for line in lines])
