"""One project's plan against what was invested, month by month; and projects where they lie, without a map service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from campaigns.documents.charts.chart import Chart, Head, Table
from campaigns.documents.charts.palette import token
from campaigns.documents.charts.style import MARKS, label, option, text
from campaigns.domain.light import Light
from campaigns.queries.projects import Month
from campaigns.templatetags.look import MISSING, number, short_month

PLAN_HEIGHT, MAP_HEIGHT = 280, 460
MARGIN = 0.05
"""Degrees between the outermost project and the edge: some five kilometres."""
MOST_NAMES = 40
"""More names than these would lie on one another; the tip and the table tell them all."""


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
        height=PLAN_HEIGHT,
    )


def _plan_title(reached: Sequence[Month]) -> str:
    if not reached:
        return _("No figure yet")
    last = reached[-1]
    words = {"month": short_month(last.month), "done": _money(last.done), "planned": _money(last.planned)}
    return _("%(month)s: %(done)s invested, %(planned)s planned") % words


def _money(value: Any) -> str:
    return MISSING if value is None else number(value)


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


# --- where they lie ---------------------------------------------------------------------------------------------------

SHOWN_AS = {None: Light.GREEN, "yellow": Light.YELLOW, "red": Light.RED}


def project_map(projects: Sequence[Any]) -> Chart:
    """Projects by longitude and latitude, the mark by their gravest open warning; rows of `with_warning_level`."""
    title = _("%(count)d projects where they lie") % {"count": len(projects)}
    return Chart(
        title=title,
        note=_("circle: no warning · triangle: yellow · diamond: red · degrees east and north"),
        option=option(
            grid={"top": 20, "right": 60},
            x_axis=_degrees([float(one.longitude) for one in projects], "°E"),
            y_axis=_degrees([float(one.latitude) for one in projects], "°N"),
            series=[_places(projects, level, has_names=len(projects) <= MOST_NAMES) for level in SHOWN_AS],
        ),
        table=Table(
            [
                Head(_("Project")), Head(_("Unit")), Head(_("Early warning")),
                Head(_("Longitude"), is_figure=True), Head(_("Latitude"), is_figure=True),
            ],
            [[one.name, one.unit.name, _level(one), str(one.longitude), str(one.latitude)] for one in projects],
        ),
        summary=_("Map of projects with a mark for each. %(title)s.") % {"title": title},
        height=MAP_HEIGHT,
    )  # fmt: skip


def _level(project: Any) -> str:
    return {"red": _("red"), "yellow": _("yellow")}.get(project.warning_level, MISSING)


def _degrees(values: Sequence[float], unit: str) -> dict[str, Any]:
    return {
        "type": "value",
        "min": round(min(values) - MARGIN, 2),
        "max": round(max(values) + MARGIN, 2),
        "axisLabel": {**text(), "formatter": "{value}" + unit, "hideOverlap": True},
        "splitLine": {"lineStyle": {"color": token("line")}},
    }


def _places(projects: Sequence[Any], level: str | None, *, has_names: bool) -> dict[str, Any]:
    here = [one for one in projects if one.warning_level == level]
    return {
        "type": "scatter",
        "name": level or "",
        **MARKS[SHOWN_AS[level]],
        "labelLayout": {"hideOverlap": True},
        "data": [
            {
                "value": [float(one.longitude), float(one.latitude)],
                "label": label(one.name, position="right") if has_names else {"show": False},
                "tooltip": {"formatter": f"{one.name} · {one.unit.name}"},
            }
            for one in here
        ],
    }
