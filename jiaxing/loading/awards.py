"""The half-year mobile red flag: its scheme, the rounds that were announced, and who holds the flag since when."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from awards.models import Criterion, Mark, RedFlag, Round, Scheme, Score, ScoreLine, Snapshot
from awards.operations.announcements import announce_round
from awards.operations.marks import GivenMark, save_marks
from awards.operations.rounds import compute_round, open_round, publicise_round, review_round
from campaigns.models import AgendaItem, Campaign, Indicator, Meeting, Period
from units.models import RankingGroup, Source, Unit, User

from .files import at_clock, read
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
    item = first_item(meeting, entry["agenda"]) if meeting else None
    if "steps" in entry:
        _play_round(tally, scheme, entry, item)
    else:
        _load_history(tally, scheme, entry, item)


def _load_history(tally: Tally, scheme: Scheme, entry: dict, item: AgendaItem | None) -> None:
    """A round of which only the result is known."""
    award = Round.objects.create(
        scheme=scheme,
        meeting=item.meeting if item else None,
        agenda_item=item,
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


# --- a round that is computed -----------------------------------------------------------------------------------------


def _play_round(tally: Tally, scheme: Scheme, entry: dict, item: AgendaItem | None) -> None:
    """Takes the round through its steps, as office and administrator would have taken them on these days.

    Nobody is told of what is over. Raises `ValueError` where the sample figures give other winners than the file.
    """
    office, administrator = User.objects.get(username="office"), User.objects.get(username="admin")
    days = entry["steps"]
    award = open_round(
        scheme=scheme,
        period=Period.objects.get(campaign=scheme.campaign_id, month=entry["period"]),
        actor=office,
        now=_at(days["opened_on"]),
        agenda_item=item,
        source=entry["source"],
        **{name: entry[name] for name in ("name_en", "name_zh", "starts_on", "ends_on")},
    )
    marks = {
        (order, code): GivenMark(Decimal(mark)) for order, row in entry["marks"].items() for code, mark in row.items()
    }
    save_marks(round_id=award.pk, marks=marks, actor=office, now=_at(days["opened_on"], 10), source=Source.SAMPLE)
    compute_round(round_id=award.pk, actor=office, now=_at(days["computed_on"]))
    review_round(round_id=award.pk, actor=office, now=_at(days["reviewed_on"]))
    publicise_round(round_id=award.pk, actor=office, now=_at(days["publicity_from"]), tells=False)
    announce_round(round_id=award.pk, actor=administrator, now=_at(entry["announced_on"], 12), tells=False)
    found = [flag.unit.code for flag in award.red_flags.select_related("unit").order_by("pk")]
    if found != entry["winners"]:
        raise ValueError(f"{entry['key']}: the sample figures give {found}, the file says {entry['winners']}")
    for model, rows in _made(award).items():
        tally.count(model, rows)


def _at(day: date, hour: int = 9) -> datetime:
    return at_clock(day, hour)


def _made(award: Round) -> dict:
    return {
        Round: 1,
        Mark: award.marks.count(),
        Score: award.scores.count(),
        ScoreLine: ScoreLine.objects.filter(score__round=award).count(),
        Snapshot: award.snapshots.count(),
        RedFlag: award.red_flags.count(),
    }
