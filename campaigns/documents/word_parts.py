"""Parts of Word documents that python-docx has no words for: fields, borders, tables whose rows are loops."""

# ruff: noqa: SLF001  (python-docx keeps the elements of what it wraps under such names alone)
from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as Word
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from campaigns.documents.word_styles import AFTER_BORDERS, line

HEAD_TINT = "EFEDE6"


def set_language(document: Word) -> None:
    """Latin letters are checked as British English, Chinese ones as Chinese."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
        language.set(qn("w:eastAsia"), "zh-CN")


def update_fields_on_opening(document: Word) -> None:
    """Word asks, and then fills the table of contents with the numbers of the pages."""
    update = OxmlElement("w:updateFields")
    update.set(qn("w:val"), "true")
    document.settings.element.append(update)


# --- fields -----------------------------------------------------------------------------------------------------------


def add_field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    _open_field(paragraph, instruction)
    paragraph.add_run(shown)
    _mark(paragraph, "end")


def add_toc(document: Word) -> None:
    """The table of contents. Until it is filled the headings stand in it, without the pages."""
    _open_field(document.add_paragraph(style="Pack gap"), r'TOC \o "1-2" \h \z \u')
    document.add_paragraph("{%p for entry in contents %}")
    for condition, style in (("if entry.level == 1", "toc 1"), ("else", "toc 2")):
        document.add_paragraph(f"{{%p {condition} %}}")
        document.add_paragraph("{{ entry.title }}", style)
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")
    _mark(document.add_paragraph(style="Pack gap"), "end")


def _open_field(paragraph: Paragraph, instruction: str) -> None:
    _mark(paragraph, "begin")
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {instruction} "
    paragraph.add_run()._r.append(text)
    _mark(paragraph, "separate")


def _mark(paragraph: Paragraph, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)


# --- borders ----------------------------------------------------------------------------------------------------------


def rule_below(paragraph: Paragraph, colour: str, *, eighths: int) -> None:
    _bordered(paragraph, ("bottom",), colour, eighths)


def box(paragraph: Paragraph, colour: str) -> None:
    _bordered(paragraph, ("top", "left", "bottom", "right"), colour, 8)


def _bordered(paragraph: Paragraph, sides: Sequence[str], colour: str, eighths: int) -> None:
    borders = OxmlElement("w:pBdr")
    for side in sides:
        borders.append(line(side, eighths, colour, space=4))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *AFTER_BORDERS)


# --- tables -----------------------------------------------------------------------------------------------------------


def add_tables_of_loops(
    document: Word,
    rows: str,
    columns: Sequence[tuple[str, float]],
    *,
    left: Sequence[str] = (),
    more: tuple[str, float] | None = None,
) -> None:
    """A table with a row for each of ``rows``. A column is a field of the row with its width in mm; where the field is
    part of another one (``light.text``) the cell takes the tint that stands beside it. ``more`` names the heads of
    further columns, which hold the row's ``cells``.
    """
    wide = len(columns) + (3 if more else 0)
    table = document.add_table(4, wide, "Pack table")
    table.autofit = False
    _fill_heads(table.rows[0], columns, more)
    _fill_loop(table.rows[1], f"{{%tr for row in {rows} %}}")
    _fill_fields(table.rows[2], columns, left, more)
    _fill_loop(table.rows[3], "{%tr endfor %}")
    _set_widths(table, [width for _field, width in columns] + ([more[1]] * 3 if more else []))
    document.add_paragraph(style="Pack gap")


def _fill_heads(row: _Row, columns: Sequence[tuple[str, float]], more: tuple[str, float] | None) -> None:
    names = [f"{{{{ heads.{HEADS.get(field, field)} }}}}" for field, _width in columns]
    if more:
        names += [f"{{%tc for head in {more[0]} %}}", "{{ head }}", "{%tc endfor %}"]
    for cell, name in zip(row.cells, names, strict=True):
        _write(cell, name, "Pack head")
        shade(cell, HEAD_TINT)
    _row_property(row, "w:cantSplit")
    _row_property(row, "w:tblHeader")


def _fill_fields(
    row: _Row, columns: Sequence[tuple[str, float]], left: Sequence[str], more: tuple[str, float] | None
) -> None:
    names = [_field(field) for field, _width in columns]
    if more:
        names += ["{%tc for cell in row.cells %}", "{% cellbg cell.tint %}{{ cell.text }}", "{%tc endfor %}"]
    fields = [field for field, _width in columns] + [""] * 3
    for cell, name, field in zip(row.cells, names, fields, strict=False):
        _write(cell, name, "Pack cell", is_left=field in left)
    _row_property(row, "w:cantSplit")


def _field(field: str) -> str:
    tint = TINTS.get(field)
    return f"{{% cellbg {tint} %}}{{{{ row.{field} }}}}" if tint else f"{{{{ row.{field} }}}}"


def _fill_loop(row: _Row, tag: str) -> None:
    row.cells[0].paragraphs[0].text = tag


def _write(cell: _Cell, text: str, style: str, *, is_left: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.text, paragraph.style = text, style
    if not is_left:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def set_style(paragraph: Paragraph, style_id: str) -> None:
    """By the id of the style: looking one up by its name, cell for cell, takes longer than all the rest of a paper."""
    paragraph._p.style = style_id


def shade(cell: _Cell, tint: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", tint)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().insert_element_before(shade, "w:noWrap", "w:tcMar", "w:vAlign")


def _row_property(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def fit_grids(document: Word) -> None:
    """Takes the widths of columns from the cells of the first row: a loop made more columns than the grid has."""
    for table in document.tables:
        cells = table.rows[0]._tr.tc_lst
        grid = table._tbl.tblGrid
        for column in list(grid):
            grid.remove(column)
        for cell in cells:
            grid.add_gridCol().w = cell.width


def _set_widths(table: Table, widths: Sequence[float]) -> None:
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)


HEADS = {
    "light.text": "light",
    "level.text": "level",
    "name": "action",
    "title": "item",
}
TINTS = {"light.text": "row.light.tint", "level.text": "row.level.tint", "urgency": "row.tint"}
"""The field whose colour lies under the cell."""
