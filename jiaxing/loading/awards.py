"""The half-year mobile red flag: its scheme, the rounds that were announced, and who holds the flag since when."""

from __future__ import annotations

from awards.models import Criterion, RedFlag, Round, Scheme
from campaigns.models import Campaign, Indicator, Meeting, Period
from units.models import RankingGroup, Unit

from .files import read
from .meetings import first_item
from .tally import Tally

SCHEME_FIELDS = (
    "code",
    "name_en",
    "name_zh",
    "interval",
    "flags",
    "minimum_score",
    "tie_rule",
    "decimals",
    "bonus_cap",
    "penalty_cap",
    "publicity_working_days",
    "source",
)
ROUND_FIELDS = ("name_en", "name_zh", "starts_on", "ends_on", "state", "announced_on", "source")


def load_awards(tally: Tally) -> None:
    for row in read("awards")["schemes"]:
        scheme = _load_scheme(tally, row)
        for entry in row["rounds"]:
            _load_round(tally, scheme, entry)


def _load_scheme(tally: Tally, row: dict) -> Scheme:
    scheme = Scheme(
        campaign=Campaign.objects.get(slug=row["campaign"]),
        group=RankingGroup.objects.get(code=row["group"]),
        **{name: row[name] for name in SCHEME_FIELDS},
    )
    stored = tally.add_missing([scheme], "code", "version")[(row["code"], 1)]
    if not stored.criteria.exists():
        indicators = {indicator.code: indicator for indicator in Indicator.objects.all()}
        criteria = [_criterion(stored, entry, indicators) for entry in row["criteria"]]
        tally.add_missing(criteria, "scheme", "order")
    return stored


def _criterion(scheme: Scheme, entry: dict, indicators: dict[str, Indicator]) -> Criterion:
    fields = {name: value for name, value in entry.items() if name != "indicator"}
    return Criterion(scheme=scheme, indicator=indicators.get(entry.get("indicator", "")), **fields)


def _load_round(tally: Tally, scheme: Scheme, entry: dict) -> None:
    if scheme.rounds.filter(starts_on=entry["starts_on"], ends_on=entry["ends_on"]).exists():
        return
    meeting = Meeting.objects.filter(held_on=entry["announced_on"]).first() if entry.get("meeting") else None
    award = Round.objects.create(
        scheme=scheme,
        period=Period.objects.get(campaign=scheme.campaign_id, month=entry["period"]) if "period" in entry else None,
        meeting=meeting,
        agenda_item=first_item(meeting, entry["agenda"]) if meeting else None,
        **{name: entry[name] for name in ROUND_FIELDS},
    )
    tally.count(Round)
    units = {unit.code: unit for unit in Unit.objects.all()}
    flags = [
        RedFlag(
            round=award,
            unit=units[code],
            held_from=entry["announced_on"],
            held_until=entry.get("held_until"),
            is_co_equal=entry.get("co_equal", True),
            source=entry["source"],
        )
        for code in entry["winners"]
    ]
    tally.add_missing(flags, "round", "unit")
