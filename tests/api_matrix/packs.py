"""Meeting packs: July's, issued, with its English workbook; what issues one is asked for with the draft after it."""

from __future__ import annotations

from campaigns.models import Pack
from tests.addresses import Scene, has_draft
from tests.api_matrix.sample import Sample

TABLE = """
                              people                                         | tokens
                              anon stra repo head outs revi offi lead admi   | read r-to repo p-to mana gone
GET    packs-list             401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
POST   packs-list             401  403  403  403  403  403  201  403  403      403  403  403  403  201  401
GET    packs-detail           401  404  404  200  404  200  200  200  200      200  404  403  404  200  401
GET    packs-content          401  404  404  200  404  200  200  200  200      200  404  403  404  200  401
GET    packs-document         401  404  404  200  404  200  200  200  200      200  404  403  404  200  401
POST   packs-issue            401  403  403  403  403  403  200  403  403      403  403  403  403  403  401
"""


def newest(scene: Scene) -> dict[str, object]:
    return {"id": Pack.objects.latest("pk").pk}


SAMPLES: dict[str, Sample] = {
    "packs-list": Sample(bodies={"POST": lambda scene: {"period": "hundred-days/2022-07"}}),
    "packs-detail": Sample(kwargs=newest),
    "packs-content": Sample(kwargs=newest),
    "packs-document": Sample(kwargs=lambda scene: {**newest(scene), "language": "en", "kind": "xlsx"}),
    "packs-issue": Sample(kwargs=newest, given=has_draft),
}
