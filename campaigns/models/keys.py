"""How rows of campaigns are named outside, in the record of changes and to other systems: by their natural keys."""

from units.models import describe_keys


def _keys(root: str) -> dict[str, str]:
    """The parts that an action brings, under a path."""
    return {"campaign": f"{root}campaign__slug", "action": f"{root}number"}


REPORT = {
    "campaign": "period__campaign__slug",
    "period": "period__month",
    "unit": "unit__code",
    "action": "action__number",
}
OF_REPORT = {part: f"report__{path}" for part, path in REPORT.items()}
OF_PROJECT = {"project": "project__code", "unit": "project__unit__code"}
JUDGED = {**_keys("action__"), "period": "period__month", "unit": "unit__code"}

describe_keys(
    {
        "campaigns.campaign": {"campaign": "slug"},
        "campaigns.action": _keys(""),
        "campaigns.assignment": {**_keys("action__"), "unit": "unit__code"},
        "campaigns.indicator": {**_keys("action__"), "indicator": "code"},
        "campaigns.target": {"indicator": "indicator__code", "unit": "unit__code"},
        "campaigns.period": {"campaign": "campaign__slug", "period": "month"},
        "campaigns.pack": {"campaign": "period__campaign__slug", "period": "period__month", "number": "number"},
        "campaigns.report": REPORT,
        "campaigns.measurement": {**OF_REPORT, "indicator": "indicator__code"},
        "campaigns.attachment": OF_REPORT,
        "campaigns.likelihood": JUDGED,
        "campaigns.acceptedreason": JUDGED,
        "campaigns.project": {"project": "code", "unit": "unit__code"},
        "campaigns.projectplan": OF_PROJECT,
        "campaigns.milestone": OF_PROJECT,
        "campaigns.earlywarning": {**OF_PROJECT, "cause": "cause"},
    }
)
