"""Files of a round: the frozen snapshot, and the evidence of a bonus, a penalty or a veto."""

from __future__ import annotations

from pathlib import PurePath

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.models import Adjustment
from awards.queries.rounds import may_see_scores, snapshot_file, snapshot_of
from awards.views.rounds import round_of
from campaigns.forms.attachments import TYPES
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of
from units.views.downloads import as_download

NUMBER_LENGTH = 4


@require_safe
def snapshot(request: SiteRequest, round_id: int) -> HttpResponseBase:
    """The newest one, or the one of this version, as `docs/verify_round.py` computes it again; for everybody."""
    award, asked = round_of(round_id), request.GET.get("version")
    if asked is not None and not (asked.isascii() and asked.isdigit() and len(asked) <= NUMBER_LENGTH):
        raise Http404(_("There is no such snapshot."))
    found = snapshot_of(award, None if asked is None else int(asked))
    if found is None:
        raise Http404(_("There is no such snapshot."))
    answer = HttpResponse(snapshot_file(found), content_type="application/json")
    return as_download(answer, f"{award.scheme.code}-{award.ends_on}-{found.version}.json")


@require_safe
def evidence(request: SiteRequest, adjustment_id: int) -> HttpResponseBase:
    """Always as a download; for the own unit once it may see the scores, and for whoever reads everything."""
    one = get_object_or_404(Adjustment.objects.select_related("round", "unit"), pk=adjustment_id)
    person = person_of(request)
    is_own = one.unit_id in person.own_units and may_see_scores(one.round, person)
    if not one.evidence or not (person.reads_everything or is_own):
        raise Http404
    try:
        content = one.evidence.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    ending = PurePath(one.evidence.name or "").suffix.lower()
    kind = TYPES.get(ending, "application/octet-stream")
    return as_download(FileResponse(content, content_type=kind), f"evidence-{one.unit.code}-{one.pk}{ending}")
