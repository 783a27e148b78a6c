"""Draws the documents of a meeting pack and keeps them; in the background once it is built, edited or issued.

Nothing but the content is read for it, so a document that is lost is drawn again with the same figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from io import BytesIO
from typing import IO, Any

from django.utils import translation
from django.utils.translation import gettext as _
from jinja2 import TemplateError

from campaigns.models import Pack, PackFile
from campaigns.models.packs import Languages
from campaigns.operations.pack_files import keep_file, kept_file, template_of
from campaigns.operations.packs import fill_pack
from campaigns.queries.clock import business_now
from campaigns.refusals import Refusal
from units.models import Job
from units.operations.jobs import Result, Tick

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
DOCUMENTS = tuple((kind, language) for language in Languages.values for kind in PackFile.Kind.values)


# --- in the background ------------------------------------------------------------------------------------------------


def build_pack_documents(job: Job, tick: Tick) -> Result:
    """Takes the figures and draws the six documents. Work that is taken up again goes on where it broke off."""
    pack = _pack(job)
    if not pack.is_built:
        pack = fill_pack(pack_id=pack.pk, actor=job.owner, now=business_now())
    tick(1)
    return _draw_all(pack, tick, done=1)


def draw_pack_documents(job: Job, tick: Tick) -> Result:
    """Draws what the pack says now."""
    return _draw_all(_pack(job), tick, done=0)


def _pack(job: Job) -> Pack:
    pack = Pack.objects.select_related("period__campaign").filter(pk=job.params["pack"]).first()
    if pack is None:
        raise Refusal(_("This pack is gone."))
    return pack


def _draw_all(pack: Pack, tick: Tick, *, done: int) -> Result:
    for count, (kind, language) in enumerate(DOCUMENTS, start=done + 1):
        if kept_file(pack, kind=kind, language=language) is None:
            keep_file(pack=pack, kind=kind, language=language, content=draw(pack, kind, language))
        tick(count)
    return Result(told=_("The documents are drawn."))


# --- one document -----------------------------------------------------------------------------------------------------


def document_of(pack: Pack, kind: str, language: str) -> IO[bytes]:
    """The document: the one that is kept, else drawn now."""
    kept = kept_file(pack, kind=kind, language=language)
    if kept is not None:
        with suppress(FileNotFoundError):  # lost with its disk
            return kept.file.open("rb")
    content = draw(pack, kind, language)
    keep_file(pack=pack, kind=kind, language=language, content=content)
    return BytesIO(content)


def draw(pack: Pack, kind: str, language: str) -> bytes:
    """One document from the content alone; Word with the office's template."""
    with translation.override(language):
        if kind != PackFile.Kind.DOCX:
            return _drawing(kind)(pack.content, language)
        try:
            return _drawing(kind)(pack.content, language, template=_template(pack))
        except TemplateError as error:
            told = _("The Word template cannot be filled: %(what)s. Replace it, or use the built-in one.")
            raise Refusal(told % {"what": str(error)[:200]}) from error


def _template(pack: Pack) -> bytes | None:
    template = template_of(pack.period.campaign_id)
    if template is None:
        return None
    with template.file.open("rb") as file:
        return file.read()


def _drawing(kind: str) -> Callable[..., bytes]:
    """What draws this kind. It is brought in when it is needed: the engines are large."""
    if kind == PackFile.Kind.DOCX:
        from campaigns.documents.pack_docx import draw_docx

        return draw_docx
    if kind == PackFile.Kind.XLSX:
        from campaigns.documents.pack_xlsx import draw_xlsx

        return draw_xlsx
    from campaigns.documents.pack_pdf import draw_pdf

    return draw_pdf


def built_in_template() -> bytes:
    """The Word template that the product brings, to be adapted and put in its place."""
    from campaigns.documents import pack_docx

    return pack_docx.built_in_template()


def trial(content: Mapping[str, Any], template: bytes) -> None:
    """Draws a Word document with an uploaded template, to find out whether it can be used. Raises what went wrong."""
    from campaigns.documents.pack_docx import draw_docx

    for language in Languages.values:
        with translation.override(language):
            draw_docx(content, language, template=template)
