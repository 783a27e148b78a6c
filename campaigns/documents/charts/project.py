"""One project's plan against what was invested, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from campaigns.documents.charts.chart import Chart, Head, Table
from campaigns.documents.charts.palette import token
from campaigns.documents.charts.style import option, text
from campaigns.queries.projects import Month
from campaigns.templatetags.look import MISSING, number, short_month

HEIGHT = 280


def plan_chart(months: Sequence[Month]) -> Chart:
    """This year to the end of each month, in 10,000 yuan: the plan as a line, what was invested as bars."""
    reached = [one for one in months if one.done is not None]
    title = _plan_title(reached)
    names = [short_month(one.month) for one in months]
    return Chart(
        title=title,
        note=_("10,000 yuan, this year to date · bar: invested · line: planned"),
        option=option(
            grid={"top": 16},
            x_axis={"type": "category", "data": names, "axisLabel": text(), "axisTick": {"show": False}},
            y_axis={"type": "value", "axisLabel": text(), "splitLine": {"lineStyle": {"color": token("line")}}},
            series=[_invested(months, names), _planned(months, names)],
        ),
        table=Table(
            [Head(_("Month")), Head(_("Plan to date"), is_figure=True), Head(_("Done to date"), is_figure=True)],
            [[name, _money(one.planned), _money(one.done)] for name, one in zip(names, months, strict=True)],
        ),
        summary=_("Bars for what is invested, a line for the plan. %(title)s.") % {"title": title},
        height=HEIGHT,
    )


def _plan_title(reached: Sequence[Month]) -> str:
    if not reached:
        return _("No figure yet")
    last = reached[-1]
    words = {"month": short_month(last.month), "done": _money(last.done), "planned": _money(last.planned)}
    return _("%(month)s: %(done)s invested, %(planned)s planned") % words


def _money(value: Any) -> str:
    return MISSING if value is None else number(value, 0)


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _invested(months: Sequence[Month], names: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": _("invested"),
        "barMaxWidth": 28,
        "itemStyle": {"color": token("accent")},
        "data": [
            {"value": _float(one.done), "tooltip": {"formatter": f"{name}: {_money(one.done)}"}}
            for name, one in zip(names, months, strict=True)
        ],
    }


def _planned(months: Sequence[Month], names: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "line",
        "name": _("planned"),
        "symbol": "circle",
        "symbolSize": 5,
        "lineStyle": {"color": token("ink-3"), "type": "dashed", "width": 2},
        "itemStyle": {"color": token("ink-3")},
        "data": [
            {"value": _float(one.planned), "tooltip": {"formatter": f"{name}: {_money(one.planned)}"}}
            for name, one in zip(names, months, strict=True)
        ],
    }
