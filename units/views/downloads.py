"""Answers with a table as a file: an Excel workbook, or CSV that is streamed while it is made."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import IO, Any
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from units.documents.sheets import CSV_TYPE, XLSX_TYPE, Sheet, csv_lines, write_workbook

KINDS = ("xlsx", "csv")


View = Callable[..., HttpResponseBase]


def takes(*filters: str) -> Callable[[View], View]:
    """The view of a file narrows its rows by these parameters; any other is answered with 400, never left out: the
    file would hold more than was asked for."""

    def limit(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            unknown = next((name for name in request.GET if name not in filters), None)
            if unknown is None:
                return view(request, *args, **kwargs)
            told = _("There is no parameter “%(name)s” here. There are: %(known)s.")
            named = {"name": unknown[:40].replace("\x00", ""), "known": ", ".join(filters) or "–"}
            return render(request, "400.html", {"problem": told % named}, status=400)

        return answer

    return limit


def must_be_known(kind: str) -> None:
    """404 for any other ending than those that are written."""
    if kind not in KINDS:
        raise Http404(_("Files end in .xlsx or .csv."))


def table_answer(sheets: Sequence[Sheet], *, kind: str, name: str) -> HttpResponseBase:
    """The sheets as one workbook, or the first of them as CSV."""
    must_be_known(kind)
    if kind == "csv":
        answer: HttpResponseBase = StreamingHttpResponse(csv_lines(sheets[0]), content_type=CSV_TYPE)
        return as_download(answer, f"{name}.csv")
    return workbook_answer(write_workbook(sheets), name=name)


def workbook_answer(file: IO[bytes], *, name: str) -> HttpResponseBase:
    return as_download(FileResponse(file, content_type=XLSX_TYPE), f"{name}.xlsx")


def as_download(answer: HttpResponseBase, name: str) -> HttpResponseBase:
    """Says that the answer is a file of this name; its content is for this person alone and kept nowhere."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name)
    answer["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
