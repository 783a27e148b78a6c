"""The certificate of a winner: one page of A4 across as a tagged PDF, with the digest of the snapshot it rests on.

It bears no seal and no signature: whoever issues it on paper puts them there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from awards.documents.bulletins import joined_names
from awards.queries.round_papers import RoundPaper
from campaigns.documents.drawing import document_fonts
from campaigns.documents.pack_words import UNPRINTABLE, is_chinese, name_of
from campaigns.templatetags.look import short_day_year

TEMPLATE = Path(__file__).parent / "templates" / "certificate.typ"


def certificate(paper: RoundPaper, unit: str) -> bytes | None:
    """The same bytes whenever it is drawn; None where this unit is no winner of the round."""
    winner = next((one for one in paper.winners if one["unit"] == unit), None)
    if winner is None or paper.snapshot is None:
        return None
    day = localtime(paper.as_of)
    return typst.compile(
        TEMPLATE,
        format="pdf",
        pdf_standards=["ua-1"],
        font_paths=document_fonts(),
        timestamp=int(paper.as_of.timestamp()),
        sys_inputs={
            "told": json.dumps(_told(paper, winner), ensure_ascii=False),
            "year": str(day.year),
            "month": str(day.month),
            "day": str(day.day),
        },
    )


def _told(paper: RoundPaper, winner: Mapping[str, Any]) -> dict[str, str]:
    others = [one for one in paper.winners if one is not winner]
    snapshot = paper.snapshot
    told = {
        "language": "zh" if is_chinese() else "en",
        "issuer": paper.award.scheme.campaign.office.name,
        "title": _("Certificate of honour"),
        "unit": name_of(winner),
        "text": _("won the mobile red flag, %(round)s") % {"round": name_of(paper.content["round"])},
        "beside": _("co-equal with %(names)s") % {"names": joined_names(others)} if others else "",
        "scheme": name_of(paper.content["scheme"]),
        "score": _("Score %(score)s") % {"score": winner["final"]["score"]},
        "date": short_day_year(paper.day("announced_on")),
        "note": _("Contains sample figures.") if paper.has_sample else "",
        "digest": _("Snapshot %(number)d, SHA-256 %(digest)s")
        % {"number": snapshot.version if snapshot else 1, "digest": snapshot.sha256 if snapshot else ""},
    }
    return {name: UNPRINTABLE.sub("", text) for name, text in told.items()}
