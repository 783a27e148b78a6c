"""The papers of an award round: the score sheet in Excel, the notice of its publicity, the bulletin, certificates."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.documents.bulletins import bulletin, publicity_notice
from awards.documents.certificates import certificate
from awards.documents.score_book import score_book
from awards.models import Round
from awards.queries.round_papers import announced_paper, publicity_paper
from awards.queries.rounds import may_see_scores
from awards.queries.score_sheet import score_sheet
from campaigns.documents.papers import TYPES, Paper, draw
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of
from units.views.downloads import as_download, takes, workbook_answer


def _round(round_id: int) -> Round:
    rounds = Round.objects.select_related("scheme__campaign__office", "scheme__group", "period")
    return get_object_or_404(rounds, pk=round_id)


@require_safe
@takes("campaign", "period")
def score_sheet_file(request: SiteRequest, round_id: int) -> HttpResponseBase:
    """Every step of every sum with live formulas, for whoever may see the scores."""
    award, person = _round(round_id), person_of(request)
    if not may_see_scores(award, person):
        raise Http404(_("The scores of this round are not public yet."))
    sheet = score_sheet(award, person)
    if not sheet.units:
        raise Http404(_("This round has no scores."))
    return workbook_answer(score_book(sheet), name=f"scores-{award.scheme.code}-{award.ends_on:%Y-%m}")


@require_safe
def bulletin_file(request: SiteRequest, round_id: int, kind: str) -> HttpResponseBase:
    """What was announced, from its frozen snapshot; before that there is no bulletin."""
    award = _round(round_id)
    paper = announced_paper(award)
    if paper is None:
        raise Http404(_("There is no bulletin before the result is announced with its scores."))
    return _drawn(bulletin(paper), kind, f"bulletin-{award.scheme.code}-{award.ends_on:%Y-%m}")


@require_safe
def publicity_notice_file(request: SiteRequest, round_id: int, kind: str) -> HttpResponseBase:
    """What is in publicity, while it is."""
    award = _round(round_id)
    paper = publicity_paper(award)
    if paper is None:
        raise Http404(_("This round is not in publicity."))
    return _drawn(publicity_notice(paper), kind, f"publicity-{award.scheme.code}-{award.ends_on:%Y-%m}")


@require_safe
def certificate_file(request: SiteRequest, round_id: int, unit: str) -> HttpResponseBase:
    """The certificate of a winner of an announced round."""
    award = _round(round_id)
    paper = announced_paper(award)
    content = certificate(paper, unit) if paper is not None else None
    if content is None:
        raise Http404(_("This unit has no certificate of this round."))
    answer = FileResponse(BytesIO(content), content_type=TYPES["pdf"])
    return as_download(answer, f"certificate-{award.scheme.code}-{award.ends_on:%Y-%m}-{unit}.pdf")


def _drawn(paper: Paper, kind: str, name: str) -> HttpResponseBase:
    if kind not in TYPES:
        raise Http404(_("There is no such document."))
    return as_download(FileResponse(BytesIO(draw(paper, kind)), content_type=TYPES[kind]), f"{name}.{kind}")
