"""What is computed: standings, progress, completeness. Everybody may ask; what the answer holds is for the caller."""

from __future__ import annotations

from tests.api_matrix.sample import Sample

TABLE = """
                              people                                         | tokens
                              anon stra repo head outs revi offi lead admi   | read r-to repo p-to mana gone
GET    standings-list         401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    progress-list          401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    completeness-list      401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
"""

SAMPLES: dict[str, Sample] = {
    "standings-list": Sample(query=lambda scene: {"campaign": "hundred-days", "period": "2022-08"}),
    "progress-list": Sample(query=lambda scene: {"campaign": "hundred-days", "period": "2022-08", "unit": "town"}),
    "completeness-list": Sample(query=lambda scene: {"campaign": "hundred-days", "period": "2022-08"}),
}
