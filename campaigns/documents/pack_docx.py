"""Draws a pack as a Word document from a template: the product's own, or one that the office put in its place.

What a template may do is limited to fields, conditions and loops over them; texts of people are text there and never
mark-up. The same content and template give the same bytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils.translation import override
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from campaigns.documents.drawing import svg_to_png
from campaigns.documents.pack_charts import WIDTH
from campaigns.documents.pack_pages import pages
from campaigns.documents.pack_template import default_template
from campaigns.documents.word_parts import fit_grids

PICTURE_WIDTH = Mm(166)
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The only time that a ZIP archive can hold without saying when it was made."""


def built_in_template() -> bytes:
    return default_template()


def draw_docx(content: Mapping[str, Any], language: str, template: bytes | None = None) -> bytes:
    """Raises what docxtpl, python-docx or Jinja raise where the template cannot be drawn."""
    with override(language):
        shown = pages(content)
    word = DocxTemplate(BytesIO(template or default_template()))
    word.render(_with_pictures(word, shown), SandboxedEnvironment(undefined=StrictUndefined), autoescape=True)
    fit_grids(word.docx)
    _sign(word, shown, datetime.fromisoformat(content["as_of"]))
    file = BytesIO()
    word.save(file)
    return _without_times(file.getvalue())


class Picture(InlineImage):
    """A chart with its words for those who do not see it."""

    def __init__(self, word: DocxTemplate, chart: Mapping[str, Any]) -> None:
        super().__init__(word, BytesIO(svg_to_png(chart["svg"], WIDTH)), width=PICTURE_WIDTH)
        self.chart = chart

    def _insert_image(self) -> str:
        inline = self.tpl.current_rendering_part.new_pic_inline(self.image_descriptor, self.width, self.height)
        inline.docPr.set("descr", self.chart["alt"])
        inline.docPr.set("title", self.chart["title"])
        return f'</w:t></w:r><w:r><w:drawing>{inline.xml}</w:drawing></w:r><w:r><w:t xml:space="preserve">'


def _with_pictures(word: DocxTemplate, shown: Any) -> Any:
    """The fields, in which each chart has its picture."""
    if isinstance(shown, list):
        return [_with_pictures(word, one) for one in shown]
    if not isinstance(shown, dict):
        return shown
    if "svg" in shown:
        return {**shown, "picture": Picture(word, shown)}
    return {key: _with_pictures(word, value) for key, value in shown.items()}


def _sign(word: DocxTemplate, shown: Mapping[str, Any], as_of: datetime) -> None:
    told = word.docx.core_properties
    told.title, told.author, told.last_modified_by = shown["title"], shown["issuer"], shown["issuer"]
    told.language = shown["language"]
    told.subject, told.comments, told.revision = shown["campaign"], "", 1
    told.created = told.modified = as_of.replace(tzinfo=None)


def _without_times(archive: bytes) -> bytes:
    """The same files in the same order, without the moment at which each was written."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            target.writestr(zipfile.ZipInfo(member.filename, EPOCH), source.read(member), zipfile.ZIP_DEFLATED)
    return out.getvalue()
