"""Who has filed what was expected: a bar for each unit or action, on time, late and missing after one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from campaigns.documents.charts.chart import Chart, Head, Table
from campaigns.documents.charts.palette import token
from campaigns.documents.charts.style import option, row_axes, rows_height, text

BAR = 14


@dataclass(frozen=True, slots=True)
class FilingRow:
    """Reports of one unit or action. On time implies filed, filed implies expected."""

    name: str
    expected: int
    filed: int
    on_time: int

    @property
    def late(self) -> int:
        return self.filed - self.on_time

    @property
    def missing(self) -> int:
        return self.expected - self.filed


def completeness(rows: Sequence[FilingRow], *, what: str) -> Chart:
    """The chart in the order of ``rows``; ``what`` heads the names: unit or action."""
    title = _("%(filed)d of %(expected)d reports filed, %(on_time)d on time") % {
        "filed": sum(row.filed for row in rows),
        "expected": sum(row.expected for row in rows),
        "on_time": sum(row.on_time for row in rows),
    }
    series = [
        _bars(_("On time"), [row.on_time for row in rows], rows, "go-fill"),
        _bars(_("Filed late"), [row.late for row in rows], rows, "slow-fill"),
        _bars(_("Missing"), [row.missing for row in rows], rows, "sunk", "none-fill"),
    ]
    return Chart(
        title=title,
        note=_("bar: on time, filed late, missing"),
        option=option(grid={}, x_axis=_axis(rows), y_axis=row_axes(_names(rows), _closings(rows)), series=series),
        table=_table(rows, what),
        summary=_("Bar chart of filed reports. %(title)s.") % {"title": title},
        height=rows_height(len(rows)),
    )


def _names(rows: Sequence[FilingRow]) -> list[str]:
    return [row.name for row in rows]


def _closings(rows: Sequence[FilingRow]) -> list[str]:
    """What the colours say, in words."""
    return [_closing(row) for row in rows]


def _closing(row: FilingRow) -> str:
    filed = f"{row.filed}/{row.expected}"
    return _("%(filed)s, %(late)d late") % {"filed": filed, "late": row.late} if row.late else filed


def _axis(rows: Sequence[FilingRow]) -> dict[str, Any]:
    return {
        "type": "value",
        "min": 0,
        "max": max((row.expected for row in rows), default=1),
        "minInterval": 1,
        "axisLabel": text(),
        "splitLine": {"lineStyle": {"color": token("line")}},
    }


def _bars(
    name: str, counts: Sequence[int], rows: Sequence[FilingRow], colour: str, border: str | None = None
) -> dict[str, Any]:
    """One stretch of every bar; what is missing is hollow."""
    edge = {"borderColor": token(border), "borderWidth": 1} if border else {}
    return {
        "type": "bar",
        "stack": "reports",
        "name": name,
        "barWidth": BAR,
        "itemStyle": {"color": token(colour), **edge},
        "data": [
            {"value": count or None, "tooltip": {"formatter": f"{row.name}, {name}: {count}"}}
            for count, row in zip(counts, rows, strict=True)
        ],
    }


def _table(rows: Sequence[FilingRow], what: str) -> Table:
    heads = (_("Expected"), _("Filed"), _("On time"), _("Filed late"), _("Missing"))
    head = [Head(what), *(Head(one, is_figure=True) for one in heads)]
    counts = [(row.name, row.expected, row.filed, row.on_time, row.late, row.missing) for row in rows]
    return Table(head, [[str(one) for one in row] for row in counts])
