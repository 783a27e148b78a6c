"""Builds the Word template that the product brings for the monthly analysis pack.

It is an ordinary Word file with fields in double braces, made by code, so that nothing in it comes from anywhere else.
``docs/templates.md`` tells the office how to adapt it.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from campaigns.documents.word_parts import (
    add_field,
    add_tables_of_loops,
    add_toc,
    box,
    rule_below,
    set_language,
    update_fields_on_opening,
)
from campaigns.documents.word_styles import FLAG, QUIET, add_styles

PAPER = (Mm(210), Mm(297))
MARGIN = Mm(22)
NARROW = Mm(15)
CENTRE = WD_ALIGN_PARAGRAPH.CENTER


@cache
def default_template() -> bytes:
    document = Document()
    set_language(document)
    add_styles(document)
    update_fields_on_opening(document)
    _cover(document)
    _contents(document)
    _summary(document)
    _standings(document)
    _actions(document)
    _warnings(document)
    _completeness(document)
    _closing(document)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


# --- pages ------------------------------------------------------------------------------------------------------------


def _cover(document: Word) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = PAPER
    section.left_margin = section.right_margin = MARGIN
    section.top_margin, section.bottom_margin = Mm(26), Mm(22)
    section.different_first_page_header_footer = True
    _header_and_footer(document)
    document.add_paragraph("{{ issuer }}", "Pack issuer")
    number = document.add_paragraph("{{ number }}\t{{ date }}", "Pack number")
    number.paragraph_format.tab_stops.add_tab_stop(PAPER[0] - 2 * MARGIN, 2)
    rule_below(number, FLAG, eighths=18)
    document.add_paragraph("{{ title }}", "Title")
    document.add_paragraph("{{ campaign }}", "Subtitle")
    for field in ("{{ period_days }} · {{ day }}", "{{ as_of }}"):
        document.add_paragraph(field, "Pack meta").alignment = CENTRE
    for field, colour in (("mark", FLAG), ("sample_note", QUIET)):
        _only_if(document, field)
        box(document.add_paragraph(f"{{{{ {field} }}}}", "Pack mark"), colour)
        document.add_paragraph("{%p endif %}")


def _header_and_footer(document: Word) -> None:
    section = document.sections[0]
    head = section.header.paragraphs[0]
    head.style = "Header"
    head.text = "{{ campaign }} · {{ title }}    {{ mark }}"
    rule_below(head, "C8C7C0", eighths=4)
    foot = section.footer.paragraphs[0]
    foot.style, foot.alignment = "Footer", CENTRE
    foot.add_run("— ")
    add_field(foot, "PAGE", "1")
    foot.add_run(" —")


def _contents(document: Word) -> None:
    _page_break(document)
    document.add_paragraph("{{ heads.contents }}", "TOC Heading")
    add_toc(document)


def _summary(document: Word) -> None:
    _heading(document, "summary", 1)
    _each(document, "sentence in sentences", "{{ sentence }}", "Pack sentence")
    _only_if(document, "remarks")
    document.add_paragraph("{{ heads.remarks }}", "Pack heading")
    document.add_paragraph("{{ remarks }}", "Pack sentence")
    document.add_paragraph("{%p endif %}")
    figures = ["{{ figures[%d].label }}", "{{ figures[%d].value }}", "{{ figures[%d].note }}"]
    _strip(document, [[field % place for place in range(5)] for field in figures])
    _chart(document, "chart")


def _strip(document: Word, lines: list[list[str]], *, value: str = "Pack figure") -> None:
    """A few figures in a row: a label, the figure, a note."""
    table = document.add_table(len(lines), len(lines[0]), "Pack figures")
    table.autofit = False
    styles = ["Pack label", value, "Pack label"]
    for row, fields, style in zip(table.rows, lines, styles, strict=False):
        for cell, field in zip(row.cells, fields, strict=True):
            cell.paragraphs[0].text, cell.paragraphs[0].style = field, style
    document.add_paragraph(style="Pack gap")


def _standings(document: Word) -> None:
    _turn(document, is_wide=True)
    _heading(document, "standings", 1, breaks=False)
    document.add_paragraph("{{ standings.group }}", "Pack meta")
    _standings_table(document, "standings.rows")
    _only_if(document, "standings.others")
    document.add_paragraph("{{ heads.others }}", "Pack heading")
    _standings_table(document, "standings.others")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{{ standings.legend }}", "Pack meta")


def _standings_table(document: Word, rows: str) -> None:
    columns = [("rank", 19), ("unit", 32), ("movement", 13), ("attained", 15), ("planned", 14), ("gap", 14),
               ("coverage", 13), ("light.text", 18)]  # fmt: skip
    add_tables_of_loops(document, rows, columns, left=("unit",), more=("standings.actions", 12.9))


def _actions(document: Word) -> None:
    _turn(document, is_wide=False)
    _heading(document, "actions", 1, breaks=False)
    _chart(document, "actions_chart")
    document.add_paragraph("{{ heads.lines }}", "Pack heading")
    columns = [("number", 8), ("name", 27), ("lead", 24), ("attained", 15), ("planned", 15), ("gap", 15),
               ("change", 15), ("projected", 27), ("light.text", 20)]  # fmt: skip
    add_tables_of_loops(document, "lines", columns, left=("name", "lead"))
    document.add_paragraph("{%p for action in actions %}")
    _action(document)
    document.add_paragraph("{%p endfor %}")


def _action(document: Word) -> None:
    title = document.add_paragraph("{{ action.title }}", "Heading 2")
    title.paragraph_format.page_break_before = True
    document.add_paragraph("{{ action.lead_line }}", "Pack meta")
    figures = ["{{ action.figures[%d].label }}", "{{ action.figures[%d].value }}"]
    _strip(document, [[field % place for place in range(6)] for field in figures], value="Pack value")
    _chart(document, "action.way")
    _only_if(document, "action.indicators")
    document.add_paragraph("{{ heads.indicators }}", "Heading 3")
    columns = [("name", 36), ("value", 19), ("target", 19), ("planned_value", 19), ("attained", 17), ("gap", 17),
               ("present", 20), ("light.text", 19)]  # fmt: skip
    add_tables_of_loops(document, "action.indicators", columns, left=("name",))
    document.add_paragraph("{%p endif %}")
    _only_if(document, "action.judgement")
    document.add_paragraph("{{ heads.judgement }}", "Heading 3")
    document.add_paragraph("{{ action.judgement.level }}    {{ action.judgement.by }}", "Pack judgement")
    for line in ("reason", "next_step"):
        document.add_paragraph(f"{{{{ action.judgement.{line} }}}}")
    document.add_paragraph("{%p endif %}")
    units = document.add_paragraph("{{ heads.units }}", "Heading 3")
    units.paragraph_format.page_break_before = True
    _chart(document, "action.units_chart")
    columns = [("unit", 36), ("attained", 17), ("planned", 17), ("gap", 17), ("pace", 17), ("coverage", 15),
               ("light.text", 20), ("note", 27)]  # fmt: skip
    add_tables_of_loops(document, "action.units", columns, left=("unit", "note"))


def _warnings(document: Word) -> None:
    _heading(document, "warnings", 1)
    _only_if(document, "not warnings")
    document.add_paragraph("{{ heads.no_warnings }}")
    document.add_paragraph("{%p else %}")
    columns = [("project", 27), ("unit", 21), ("level.text", 16), ("state", 17), ("causes", 30), ("explanation", 27),
               ("measure", 30)]  # fmt: skip
    add_tables_of_loops(document, "warnings", columns, left=("project", "unit", "causes", "explanation", "measure"))
    document.add_paragraph("{%p endif %}")


def _completeness(document: Word) -> None:
    _turn(document, is_wide=True)
    _heading(document, "completeness", 1, breaks=False)
    columns = [("unit", 46), ("expected", 17), ("filed", 17), ("on_time", 17), ("approved", 18), ("filed_rate", 19),
               ("on_time_rate", 19)]  # fmt: skip
    add_tables_of_loops(document, "completeness.rows", columns, left=("unit",), more=("completeness.actions", 11.3))
    document.add_paragraph("{{ completeness.total_line }}", "Pack judgement")
    document.add_paragraph("{{ completeness.legend }}", "Pack meta")
    _only_if(document, "completeness.unfiled")
    document.add_paragraph("{{ heads.unfiled }}", "Pack heading")
    document.add_paragraph("{{ completeness.unfiled_line }}")
    document.add_paragraph("{%p endif %}")


def _closing(document: Word) -> None:
    _turn(document, is_wide=False)
    _heading(document, "follow_ups", 1, breaks=False)
    document.add_paragraph("{{ follow_ups.meeting }}", "Pack meta")
    _only_if(document, "not follow_ups.rows")
    document.add_paragraph("{{ heads.no_follow_ups }}")
    document.add_paragraph("{%p else %}")
    columns = [("number", 22), ("title", 50), ("lead", 32), ("due", 26), ("state", 18), ("urgency", 18)]
    add_tables_of_loops(document, "follow_ups.rows", columns, left=("title", "lead"))
    document.add_paragraph("{%p endif %}")
    _heading(document, "annex", 1)
    document.add_paragraph("{{ heads.rules }}", "Pack heading")
    _each(document, "rule in rules", "{{ rule }}", "List Number")
    document.add_paragraph("{{ heads.digest }}", "Pack heading")
    document.add_paragraph("{{ heads.digest_note }}", "Pack meta")
    document.add_paragraph("{{ digest }}", "Pack digest")


# --- what pages are made of -------------------------------------------------------------------------------------------


def _heading(document: Word, name: str, level: int, *, breaks: bool = True) -> Paragraph:
    heading = document.add_paragraph(f"{{{{ heads.{name} }}}}", f"Heading {level}")
    heading.paragraph_format.page_break_before = breaks
    return heading


def _chart(document: Word, field: str) -> None:
    """The sentence that says what the chart shows, and the picture; nothing where there is no chart."""
    _only_if(document, field)
    document.add_paragraph(f"{{{{ {field}.title }}}}", "Caption")
    document.add_paragraph(f"{{{{ {field}.picture }}}}", "Pack chart")
    document.add_paragraph("{%p endif %}")


def _only_if(document: Word, condition: str) -> None:
    document.add_paragraph(f"{{%p if {condition} %}}")


def _each(document: Word, loop: str, text: str, style: str) -> None:
    document.add_paragraph(f"{{%p for {loop} %}}")
    document.add_paragraph(text, style)
    document.add_paragraph("{%p endfor %}")


def _page_break(document: Word) -> None:
    document.add_paragraph(style="Pack gap").paragraph_format.page_break_before = True


def _turn(document: Word, *, is_wide: bool) -> None:
    """A new page, lying where it holds a wide table."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = reversed(PAPER) if is_wide else PAPER
    section.left_margin = section.right_margin = NARROW if is_wide else MARGIN
    section.top_margin, section.bottom_margin = (Mm(22), Mm(16)) if is_wide else (Mm(26), Mm(22))
