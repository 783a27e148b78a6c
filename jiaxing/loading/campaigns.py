"""The two campaigns: actions, indicators, who reports on what, targets with their planned values, and the periods."""

from __future__ import annotations

from campaigns.domain.months import campaign_spans
from campaigns.models import Action, Assignment, Campaign, Indicator, Period, Target, TrajectoryPoint
from campaigns.operations.periods import make_periods
from units.models import Source, Unit

from .files import as_decimal, read, read_table
from .tally import Tally

PLANNED = "plan_"
ACTION_FIELDS = ("number", "name_en", "name_zh", "short_en", "short_zh", "source")
NOT_COPIED = ("rollup_weight", "article_words")


def load_campaigns(tally: Tally) -> None:
    units = {unit.code: unit for unit in Unit.objects.all()}
    for row in read("campaigns")["campaigns"]:
        campaign = _load_campaign(tally, row, units)
        actions = _load_actions(tally, campaign, row["actions"], units)
        _load_assignments(tally, actions, row["assignments"], units)
        indicators = _load_indicators(tally, actions, row["actions"])
        _load_targets(tally, campaign, row["city_targets"], indicators, units)
        periods = make_periods(campaign=campaign, actor=None, source=row["source"])
        tally.count(Period, len(periods))


def _load_campaign(tally: Tally, row: dict, units: dict[str, Unit]) -> Campaign:
    campaign = Campaign(
        slug=row["slug"],
        name_en=row["name_en"],
        name_zh=row["name_zh"],
        short_en=row["short_en"],
        short_zh=row["short_zh"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        office=units[row["office"]],
        source=row["source"],
        **row["settings"],
    )
    tally.add_missing([campaign], "slug")
    return Campaign.objects.get(slug=row["slug"])


def _load_actions(tally: Tally, campaign: Campaign, rows: list[dict], units: dict[str, Unit]) -> dict[int, Action]:
    known = set(campaign.actions.values_list("number", flat=True))
    tally.add_missing(
        [
            Action(campaign=campaign, lead=units[row["lead"]], **{name: row[name] for name in ACTION_FIELDS})
            for row in rows
        ],
        "campaign",
        "number",
    )
    actions = {action.number: action for action in campaign.actions.all()}
    for row in rows:
        if row["number"] not in known:
            actions[row["number"]].supporting.set(units[code] for code in row["supporting"])
    return actions


def _load_assignments(
    tally: Tally, actions: dict[int, Action], rows: dict[str, list[int]], units: dict[str, Unit]
) -> None:
    assignments = [
        Assignment(action=actions[number], unit=units[code], source="sample")
        for code, numbers in rows.items()
        for number in numbers
    ]
    tally.add_missing(assignments, "action", "unit")


def _load_indicators(tally: Tally, actions: dict[int, Action], rows: list[dict]) -> dict[str, Indicator]:
    """First those that stand alone, then those that are weighted by another."""
    wanted = [
        (actions[row["number"]], order, entry) for row in rows for order, entry in enumerate(row["indicators"], start=1)
    ]
    for is_weighted in (False, True):
        by_code = {indicator.code: indicator for indicator in Indicator.objects.all()}
        tally.add_missing(
            [
                _indicator(action, order, entry, by_code)
                for action, order, entry in wanted
                if ("rollup_weight" in entry) is is_weighted
            ],
            "code",
        )
    return {indicator.code: indicator for indicator in Indicator.objects.all()}


def _indicator(action: Action, order: int, entry: dict, by_code: dict[str, Indicator]) -> Indicator:
    fields = {name: value for name, value in entry.items() if name not in NOT_COPIED}
    weight = by_code[entry["rollup_weight"]] if "rollup_weight" in entry else None
    return Indicator(action=action, order=order, rollup_weight=weight, **fields)


def _load_targets(
    tally: Tally,
    campaign: Campaign,
    city_targets: dict[str, dict],
    indicators: dict[str, Indicator],
    units: dict[str, Unit],
) -> None:
    rows = [row for row in read_table("targets") if row["campaign"] == campaign.slug]
    rows += [{"indicator": code, "unit": "", **row} for code, row in city_targets.items()]
    known = set(Target.objects.values_list("indicator__code", "unit__code"))
    targets = [_target(row, indicators[row["indicator"]], units.get(row["unit"])) for row in rows]
    stored = tally.add_missing(targets, "indicator", "unit")
    ends = {span.month.key: span.ends_on for span in campaign_spans(campaign.starts_on, campaign.ends_on)}
    points = [
        TrajectoryPoint(
            source=Source.SAMPLE,
            target=stored[(target.indicator_id, target.unit_id)],
            on=ends[column.removeprefix(PLANNED)],
            value=as_decimal(value),
        )
        for row, target in zip(rows, targets, strict=True)
        if (row["indicator"], row["unit"] or None) not in known
        for column, value in row.items()
        if column.startswith(PLANNED) and value
    ]
    tally.add_missing(points, "target", "on")


def _target(row: dict[str, str], indicator: Indicator, unit: Unit | None) -> Target:
    """Of a unit, or of the city where the row names none."""
    return Target(
        indicator=indicator,
        unit=unit,
        baseline=as_decimal(row["baseline"]),
        target=as_decimal(row["target"]),
        scope_note_en=row.get("scope_note_en") or "",
        scope_note_zh=row.get("scope_note_zh") or "",
        source=row["source"],
    )
