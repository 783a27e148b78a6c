"""The styles of Word documents: fonts for Latin and for Chinese letters apart, as Chinese offices have them.

Word and WPS know FangSong, SimHei and SimSun by these names; where they are missing the program takes its own.
"""

from __future__ import annotations

from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.parfmt import ParagraphFormat

FLAG, INK, QUIET = "B0141E", "1A1D21", "4B5159"
LATIN, LATIN_PLAIN = "Times New Roman", "Arial"
BODY, BLACK, SONG = "FangSong", "SimHei", "SimSun"
"""仿宋 for text, 黑体 for headings, 宋体 for titles and tables."""
CELL_MARGIN = 40
"""Left and right of what stands in a cell, in twentieths of a point."""
CENTRE = WD_ALIGN_PARAGRAPH.CENTER
THEME = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def add_styles(document: Word) -> None:
    _text(document)
    _headings(document)
    _cover(document)
    _parts(document)
    _figures_table(document)


def _text(document: Word) -> None:
    normal = _style(document, "Normal", 11, BODY)
    normal.paragraph_format.line_spacing = 1.25
    normal.paragraph_format.space_after = Pt(4)
    for name in ("List Bullet", "List Number"):
        _style(document, name, 11, BODY)
    sentence = _style(document, "Pack sentence", 12, BODY)
    sentence.paragraph_format.line_spacing = 1.35
    for name in ("Header", "Footer"):
        _style(document, name, 8.5, SONG, colour=QUIET)


def _headings(document: Word) -> None:
    first = _style(document, "Heading 1", 17, SONG, is_bold=True)
    _spaced(first, before=0, after=10)
    _ruled(first, FLAG)
    _spaced(_style(document, "Heading 2", 14, BLACK, latin=LATIN_PLAIN, is_bold=True), before=6, after=4)
    _spaced(_style(document, "Heading 3", 11, BLACK, latin=LATIN_PLAIN, is_bold=True), before=10, after=4)
    aside = _style(document, "Pack heading", 11, BLACK, latin=LATIN_PLAIN, is_bold=True)
    _spaced(aside, before=10, after=4).keep_with_next = True
    contents = _style(document, "TOC Heading", 17, SONG, is_bold=True)
    _spaced(contents, before=0, after=10)
    _ruled(contents, FLAG)
    for level in (1, 2):
        entry = _spaced(_style(document, f"toc {level}", 12, BODY), before=0, after=4)
        entry.left_indent = Pt(18 * (level - 1))


def _cover(document: Word) -> None:
    issuer = _style(document, "Pack issuer", 32, SONG, colour=FLAG, is_bold=True)
    _spaced(issuer, before=60, after=24).alignment = CENTRE
    _spaced(_style(document, "Pack number", 10, SONG, colour=QUIET), before=0, after=0)
    title = _style(document, "Title", 28, SONG, is_bold=True)
    _spaced(title, before=120, after=20).alignment = CENTRE
    _unruled(title)
    _spaced(_style(document, "Subtitle", 16, BODY), before=0, after=14).alignment = CENTRE
    mark = _spaced(_style(document, "Pack mark", 13, BLACK, latin=LATIN_PLAIN), before=30, after=6)
    mark.alignment = CENTRE
    mark.left_indent = mark.right_indent = Pt(110)


def _parts(document: Word) -> None:
    _spaced(_style(document, "Pack meta", 10, SONG, colour=QUIET), before=0, after=6)
    _spaced(_style(document, "Pack label", 8.5, SONG, colour=QUIET), before=2, after=0)
    _spaced(_style(document, "Pack figure", 12.5, BLACK, latin=LATIN_PLAIN, is_bold=True), before=0, after=0)
    _spaced(_style(document, "Pack value", 9.5, BLACK, latin=LATIN_PLAIN, is_bold=True), before=0, after=2)
    _spaced(_style(document, "Pack judgement", 11, BLACK, latin=LATIN_PLAIN), before=0, after=3)
    _spaced(_style(document, "Pack gap", 6, BODY), before=0, after=0)
    _spaced(_style(document, "Pack cell", 8, SONG), before=1, after=1)
    _spaced(_style(document, "Pack head", 7.5, BLACK, latin=LATIN_PLAIN, is_bold=True), before=2, after=2)
    _spaced(_style(document, "Pack digest", 10, SONG), before=0, after=0)
    caption = _spaced(_style(document, "Caption", 10, BLACK, latin=LATIN_PLAIN, is_bold=True), before=6, after=2)
    caption.keep_with_next = True
    _spaced(_style(document, "Pack chart", 10, BODY), before=0, after=4)
    for name in ("Pack label", "Pack cell", "Pack head", "Pack figure", "Pack value", "Caption"):
        document.styles[name].paragraph_format.line_spacing = 1.0


def _figures_table(document: Word) -> None:
    document.styles.add_style("Pack figures", WD_STYLE_TYPE.TABLE).base_style = document.styles["Normal Table"]
    document.styles.add_style("Pack table", WD_STYLE_TYPE.TABLE).base_style = document.styles["Normal Table"]
    for name in ("Pack figures", "Pack table"):
        document.styles[name].element.append(_lines())


def _lines() -> BaseOxmlElement:
    """Hairlines between the rows, a firm line above, narrow margins."""
    properties, borders = OxmlElement("w:tblPr"), OxmlElement("w:tblBorders")
    for side, size, colour in (("top", 8, INK), ("bottom", 4, "C8C7C0"), ("insideH", 4, "C8C7C0")):
        borders.append(line(side, size, colour))
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_margin(side))
    properties.append(borders)
    properties.append(margins)
    return properties


def _margin(side: str) -> BaseOxmlElement:
    margin = OxmlElement(f"w:{side}")
    margin.set(qn("w:w"), str(CELL_MARGIN))
    margin.set(qn("w:type"), "dxa")
    return margin


# --- one style --------------------------------------------------------------------------------------------------------


def _style(
    document: Word,
    name: str,
    size: float,
    chinese: str,
    *,
    latin: str = LATIN,
    colour: str = INK,
    is_bold: bool = False,
) -> ParagraphStyle:
    """The style of that name, new or changed."""
    styles = document.styles
    known = {style.name for style in styles}
    style = styles[name] if name in known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.size = Pt(size)
    style.font.bold = is_bold
    style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in THEME:
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind, family in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", chinese)):
        fonts.set(qn(f"w:{kind}"), family)
    return style


def _spaced(style: ParagraphStyle, *, before: float, after: float) -> ParagraphFormat:
    spaced = style.paragraph_format
    spaced.space_before, spaced.space_after = Pt(before), Pt(after)
    return spaced


def _ruled(style: ParagraphStyle, colour: str) -> None:
    borders = OxmlElement("w:pBdr")
    borders.append(line("bottom", 12, colour, space=4))
    style.element.get_or_add_pPr().insert_element_before(borders, *AFTER_BORDERS)


def _unruled(style: ParagraphStyle) -> None:
    properties = style.element.get_or_add_pPr()
    for borders in properties.findall(qn("w:pBdr")):
        properties.remove(borders)


def line(side: str, eighths: int, colour: str, *, space: int = 0) -> BaseOxmlElement:
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", eighths), ("space", space), ("color", colour)):
        line.set(qn(f"w:{name}"), str(value))
    return line


AFTER_BORDERS = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc",
                 "w:outlineLvl")  # fmt: skip
"""What stands after the borders in the properties of a paragraph."""
