"""How rows of awards are named outside. Scores and marks name no unit: the record of changes would tell the unit's own
people of them before everybody may know."""

from units.models import describe_keys

ROUND = {"scheme": "scheme__code", "starts_on": "starts_on", "ends_on": "ends_on"}

describe_keys(
    {
        "awards.scheme": {"scheme": "code", "edition": "version"},
        "awards.round": ROUND,
        "awards.appeal": {**{part: f"round__{path}" for part, path in ROUND.items()}, "unit": "unit__code"},
        "awards.redflag": {**{part: f"round__{path}" for part, path in ROUND.items()}, "unit": "unit__code"},
    }
)
