"""Many figures in one request."""

from __future__ import annotations

from tests.api_matrix.sample import Sample

TABLE = """
                              people                                         | tokens
                              anon stra repo head outs revi offi lead admi   | read r-to repo p-to mana gone
POST   measurements-bulk      401  403  200  403  400  403  200  403  403      403  403  200  200  403  401
"""

SAMPLES: dict[str, Sample] = {
    "measurements-bulk": Sample(
        bodies={
            "POST": lambda scene: {
                "rows": [
                    {"unit": "town", "indicator": "roads", "period": scene.cast.august.key, "value": "41"},
                ]
            }
        }
    ),
}
