"""The form of a unit's period as an Excel workbook and as CSV: exactly what the unit owes, with its last figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.worksheet import Worksheet

from campaigns.documents.figure_columns import COLUMNS, FILLED, HEADINGS, HIDDEN, Mark
from campaigns.domain.figures import half_up
from campaigns.models.reports import ValueStatus
from campaigns.queries.report_sheet import Row, Section, Sheet
from units.documents.sheets import IN_MEMORY, Cell, Column, Formats, open_workbook, sheet_name, write_cell
from units.documents.sheets import Sheet as Table
from units.documents.tables import column_letters

WIDTHS = {
    "mark": 12, "action": 26, "code": 14, "indicator": 34, "measure": 12, "last": 13, "planned": 13, "target": 13,
    "value": 15, "status": 13, "growth": 14, "note": 40,
}  # fmt: skip
FIGURES = ("last", "planned", "target", "value")
TO_FILL = {"bg_color": "#FFFDF2", "border": 1, "border_color": "#C9C4B5", "locked": False}
TO_READ = {"font_color": "#4A4F55"}
FROM_LAST_MONTH = {"font_color": "#666C74", "italic": True}
LARGEST = 10**14


def cells_of(section: Section, row: Row) -> dict[str, Any]:
    """One row of the form. The figure is what is saved; where nothing is, last month's to start from, as
    long as the report can be filled."""
    indicator, measured = row.indicator, row.measurement
    places = indicator.decimals
    starts_from_last = section.can_fill and row.value is None and not row.note
    saved = row.last if starts_from_last else row.value
    planned = None if row.planned_figure is None else half_up(row.planned_figure, places)
    return {
        "mark": str(Mark.of(section.report)),
        "action": f"{section.report.action.number} {section.report.action.name}",
        "code": indicator.code,
        "indicator": indicator.name,
        "measure": indicator.measure,
        "last": Cell(row.last, places=places),
        "planned": Cell(planned, places=places),
        "target": Cell(_plain(row.line.target, places) if row.line else None),
        "value": Cell(saved, places=places),
        "status": ValueStatus(measured.value_status if measured else ValueStatus.PRELIMINARY).label,
        "growth": Cell(measured.growth if measured else None, places=2),
        "note": row.note,
    }


def _plain(value: Decimal | Fraction, places: int) -> Decimal:
    """A target with the indicator's places, or with as many as it has where those are more."""
    rounded = half_up(value, places)
    return value.normalize() if isinstance(value, Decimal) and rounded != value else rounded


def form_table(sheet: Sheet) -> Table:
    """The form as one plain table, for CSV."""
    rows = [[cells_of(section, row)[name] for name in COLUMNS] for section in sheet.sections for row in section.rows]
    return Table(sheet.period.month, [Column(HEADINGS[name], WIDTHS[name]) for name in COLUMNS], rows)


def form_workbook(sheet: Sheet, *, now: datetime) -> IO[bytes]:
    """The form as a workbook: one sheet for the period, one that says how to fill it."""
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (the caller reads and closes it)
    with open_workbook(file) as workbook:
        formats = Formats(workbook)
        page = workbook.add_worksheet(sheet_name(sheet.period.month))
        _write_rows(page, formats, sheet)
        _help_along(page, formats, sheet)
        notes = workbook.add_worksheet(sheet_name(_("How to fill")))
        _write_notes(notes, formats, list(_told(sheet, now)))
    file.seek(0)
    return file


def _write_rows(page: Worksheet, formats: Formats, sheet: Sheet) -> None:
    for place, name in enumerate(COLUMNS):
        page.set_column(place, place, WIDTHS[name], None, {"hidden": name in HIDDEN})
        page.write_string(0, place, str(HEADINGS[name]), formats.heading())
    number = 0
    for section in sheet.sections:
        for row in section.rows:
            number += 1
            cells = cells_of(section, row)
            for place, name in enumerate(COLUMNS):
                is_open = section.can_fill and name in FILLED and (name != "growth" or row.indicator.asks_growth)
                look: dict[str, Any] = dict(TO_FILL if is_open else TO_READ)
                look["text_wrap"] = name in ("action", "indicator", "note")
                write_cell(page, formats, number, place, cells[name], places=None, **look)
            _check_cells(page, number, row)


def _check_cells(page: Worksheet, number: int, row: Row) -> None:
    """Lists the words for the value status, and warns of what is no number."""
    page.data_validation(
        number,
        COLUMNS.index("status"),
        number,
        COLUMNS.index("status"),
        {
            "validate": "list",
            "source": [str(status.label) for status in ValueStatus],
            "error_title": _("Value status"),
            "error_message": _("Choose one of the list."),
        },
    )
    for name in ("value", "growth"):
        page.data_validation(
            number,
            COLUMNS.index(name),
            number,
            COLUMNS.index(name),
            {
                "validate": "decimal",
                "criteria": "between",
                "minimum": -LARGEST,
                "maximum": LARGEST,
                "error_type": "warning",
                "error_title": _("No number"),
                "error_message": _("Write digits, for example 1234.5. A dash says that there is no figure."),
            },
        )


def _help_along(page: Worksheet, formats: Formats, sheet: Sheet) -> None:
    """Marks figures that still are last month's, keeps the headings in sight, and locks what is not to be filled."""
    last_row = max(len(sheet.rows), 1)
    value, last = (column_letters(COLUMNS.index(name) + 1) for name in ("value", "last"))
    page.conditional_format(
        f"{value}2:{value}{last_row + 1}",
        {
            "type": "formula",
            "criteria": f'=AND(${value}2<>"",${value}2=${last}2)',
            "format": formats.bare(**FROM_LAST_MONTH),
        },
    )
    page.freeze_panes(1, COLUMNS.index("measure"))
    page.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "select_locked_cells": True})
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_header(f"&L{_header(sheet.unit.name)}&R{sheet.period.month}")


def _header(text: str) -> str:
    """A text for the head of a printed page, where an ampersand begins a command."""
    return text.replace("&", "&&")[:200]


def _write_notes(page: Worksheet, formats: Formats, lines: Sequence[tuple[str, str]]) -> None:
    page.set_column(0, 0, 28)
    page.set_column(1, 1, 90)
    for number, (name, text) in enumerate(lines):
        page.write_string(number, 0, name, formats.get(bold=True))
        page.write_string(number, 1, text, formats.get(text_wrap=True))
    page.protect()


def _told(sheet: Sheet, now: datetime) -> Iterator[tuple[str, str]]:
    """What stands on the second sheet: for whom it is, until when, how to fill it, and the scope of each figure."""
    period = sheet.period
    yield _("Unit"), sheet.unit.name
    yield _("Period"), f"{period.campaign.name}, {period.month}"
    yield _("Due"), f"{localtime(period.due_at):%Y-%m-%d %H:%M}"
    yield _("Made"), f"{localtime(now):%Y-%m-%d %H:%M}"
    yield "", ""
    yield (
        str(HEADINGS["value"]),
        _("What is saved already; where nothing is, last month’s figure to start from, in grey italics. Overwrite it."),
    )
    yield "", _("A dash (-) says that there is no figure; say why in the note. An empty cell changes nothing.")
    yield str(HEADINGS["status"]), pgettext("between names", ", ").join(str(status.label) for status in ValueStatus)
    yield str(HEADINGS["growth"]), _("Only where the cell is light; in percent, 5.2 for 5.2 %.")
    yield str(HEADINGS["note"]), _("At most 500 signs. A figure that looks odd wants a word why.")
    yield (
        _("Send it back"),
        _("On the page of the report choose “Excel in”. You see row by row what would change before it is written."),
    )
    yield "", _("Rows may be left out. Hidden columns say to which report a row belongs: keep them.")
    noted = [row for row in sheet.rows if row.indicator.scope_note]
    if noted:
        yield "", ""
        yield _("Scope of the figures"), ""
        for row in noted:
            yield row.indicator.name, row.indicator.scope_note
