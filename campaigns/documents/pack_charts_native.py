"""The charts of the workbook, which Excel draws from the cells: standings, and the way of each action to its target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from campaigns.documents.pack_sheets import PackSheet
from campaigns.documents.pack_words import name_of

ACCENT, QUIET, BAND = "#1D4F7C", "#666C74", "#8FAAC4"
UNIT, ATTAINED, PLANNED = 1, 4, 5
"""Columns of the standings."""
DAY, WAY_PLANNED, WAY_ATTAINED, PROJECTED, LOW, HIGH = 2, 3, 4, 5, 6, 7
"""Columns of the ways."""
PERCENT_AXIS = {"num_format": '0"%"', "min": 0, "major_gridlines": {"visible": True, "line": {"color": "#E3E2DD"}}}
CHART = {"width": 560, "height": 300}
ROWS_OF_A_CHART = 16
BESIDE_THE_TABLE = 9


def add_standings_chart(workbook: Workbook, sheet: Worksheet, table: PackSheet, content: Mapping[str, Any]) -> None:
    """A bar for each ranked unit and its plan, below the table."""
    count = sum(one["is_in_group"] for one in content["standings"])
    if not count:
        return
    chart = workbook.add_chart({"type": "column"})
    for column, colour in ((ATTAINED, ACCENT), (PLANNED, BAND)):
        chart.add_series(_series(sheet, table, column, (1, count), by=UNIT) | {"fill": {"color": colour}})
    chart.set_title({"name": table.name, "name_font": {"size": 12}})
    chart.set_y_axis(PERCENT_AXIS)
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 360})
    sheet.insert_chart(len(table.rows) + 2, 1, chart, {"description": _("Column chart of the table above.")})


def add_way_charts(
    workbook: Workbook, sheet: Worksheet, table: PackSheet, content: Mapping[str, Any], *, front: tuple[Worksheet, int]
) -> None:
    """The city's way on the front sheet, from a row on, each action's beside its rows."""
    first = 1
    for place, one in enumerate((content["city"], *content["actions"])):
        last = first + len(one["way"]) - 1
        if last < first:
            continue
        name = name_of(one) if "name" in one else _("City")
        chart = _way_chart(workbook, sheet, table, (first, last), name)
        described = {"description": _("Line chart of the way to the target: %(name)s") % {"name": name}}
        if place == 0:
            page, row = front
            page.insert_chart(row, 0, chart, described)
        else:
            down, across = divmod(place - 1, 2)
            sheet.insert_chart(down * ROWS_OF_A_CHART + 1, BESIDE_THE_TABLE + 9 * across, chart, described)
        first = last + 1


def _way_chart(workbook: Workbook, sheet: Worksheet, table: PackSheet, rows: tuple[int, int], name: str) -> Any:
    chart = workbook.add_chart({"type": "line"})
    lines = [
        (WAY_PLANNED, {"color": QUIET, "width": 1.25}),
        (WAY_ATTAINED, {"color": ACCENT, "width": 2.5}),
        (PROJECTED, {"color": ACCENT, "width": 1.75, "dash_type": "dash"}),
        (LOW, {"color": BAND, "width": 1, "dash_type": "round_dot"}),
        (HIGH, {"color": BAND, "width": 1, "dash_type": "round_dot"}),
    ]
    for column, line in lines:
        mark = {"marker": {"type": "circle", "size": 6}} if column == WAY_ATTAINED else {}
        chart.add_series(_series(sheet, table, column, rows, by=DAY) | {"line": line} | mark)
    chart.set_title({"name": name, "name_font": {"size": 12}})
    chart.set_x_axis({"date_axis": True, "num_format": "yyyy-mm-dd", "major_unit": 1, "major_unit_type": "months"})
    chart.set_y_axis(PERCENT_AXIS)
    chart.set_legend({"position": "bottom"})
    chart.show_blanks_as("span")
    chart.set_size(CHART)
    return chart


def _series(sheet: Worksheet, table: PackSheet, column: int, rows: tuple[int, int], *, by: int) -> dict[str, Any]:
    first, last = rows
    return {
        "name": str(table.columns[column].heading),
        "categories": [sheet.get_name(), first, by, last, by],
        "values": [sheet.get_name(), first, column, last, column],
    }
