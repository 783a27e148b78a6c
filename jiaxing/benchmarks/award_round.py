"""An award round over thousands of units and twenty criteria, computed and written, against reading its inputs once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import F

from awards.models import Criterion, Round, Scheme
from awards.operations.rounds import compute_round
from campaigns.domain.workflow import ReportStatus
from campaigns.models import Action, Assignment, Campaign, Indicator, Measurement, Period, Report, Target
from campaigns.operations.periods import make_periods
from jiaxing.benchmarks import Benchmark, Stage, rows_of, undone
from jiaxing.loading.scale import LAST_MONTH, STANDS_AT
from units.models import RankingGroup, RankingGroupMember, Source, Unit, User

UNITS = 3000
ACTIONS, INDICATORS = 2, 10
CRITERIA = 20
AT_ONCE = 2000
METHODS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("linear", {"bonus_cap": 10, "penalty_cap": 50}),
    ("rank_step", {"step": "0.01"}),
    ("efficacy", {}),
    ("banded", {"band": 5, "points": 4}),
    ("target", {}),
)
INPUTS = """
    SELECT r.unit_id, f.indicator_id, f.id, f.version, f.value, f.growth, f.value_status, f.corrected_at, r.id,
           t.baseline, t.target, t.baseline_on, t.target_on
      FROM campaigns_measurement f
      JOIN campaigns_report r ON r.id = f.report_id
      JOIN campaigns_target t ON t.indicator_id = f.indicator_id AND t.unit_id = r.unit_id
     WHERE r.period_id = %s AND r.status = 'approved'
"""


def benchmark(stage: Stage) -> Benchmark:
    award = add_round(stage, min(UNITS, 30 * stage.scale.units))
    office = User.objects.get(username=f"{stage.campaign.slug}-office")

    def compute() -> None:
        with undone():
            compute_round(round_id=award.pk, actor=office, now=STANDS_AT)

    units = award.scheme.group.units.count()
    return Benchmark(
        f"Award round of {units:,} units × {CRITERIA} criteria, computed and written / reading its inputs",
        floor=lambda: rows_of(INPUTS, (award.period_id,)),
        subject=compute,
    )


def add_round(stage: Stage, number: int) -> Round:
    """A campaign of one closed month in which every unit has all figures, and a round of it that is open."""
    campaign = Campaign.objects.create(
        slug=f"{stage.campaign.slug}-awards",
        name_en="Awards to measure with",
        name_zh="评定性能测试",
        starts_on=LAST_MONTH.first_day,
        ends_on=LAST_MONTH.last_day,
        office=stage.campaign.office,
        source=Source.SAMPLE,
    )
    make_periods(campaign=campaign, actor=None, source=Source.SAMPLE)
    campaign.periods.update(state=Period.State.CLOSED, closed_at=F("closes_at"))
    period = campaign.periods.get()
    lead = stage.campaign.actions.order_by("number")[0].lead
    units = _units(number)
    group = RankingGroup.objects.create(
        code=campaign.slug, name_en="Measured", name_zh="性能测试", source=Source.SAMPLE
    )
    _create(RankingGroupMember(group=group, unit=unit, source=Source.SAMPLE) for unit in units)
    indicators = [one for place in range(ACTIONS) for one in _action(campaign, place + 1, lead)]
    _create(
        Assignment(action_id=action, unit=unit, source=Source.SAMPLE)
        for action in {one.action_id for one in indicators}
        for unit in units
    )
    _create(
        Target(indicator=one, unit=unit, baseline=0, target=1000, source=Source.SAMPLE)
        for one in indicators
        for unit in units
    )
    _figures(period, units, indicators)
    return Round.objects.create(
        scheme=_scheme(campaign, group, indicators),
        name_en="Measured",
        name_zh="性能测试",
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        period=period,
        source=Source.SAMPLE,
    )


def _units(number: int) -> list[Unit]:
    return _create(
        Unit(
            code=f"award-{place:05}", name_en=f"Place {place}", name_zh=f"地点{place}", kind=Unit.Kind.COUNTY,
            order=place, source=Source.SAMPLE,
        )
        for place in range(number)
    )  # fmt: skip


def _action(campaign: Campaign, number: int, lead: Unit) -> list[Indicator]:
    action = Action.objects.create(
        campaign=campaign, number=number, name_en=f"Action {number}", name_zh=f"行动{number}", lead=lead,
        source=Source.SAMPLE,
    )  # fmt: skip
    return _create(
        Indicator(
            action=action, code=f"award-{number}-{place}", order=place, name_en=f"Indicator {place}",
            name_zh=f"指标{place}", measure_en="¥100m", measure_zh="亿元", source=Source.SAMPLE,
        )
        for place in range(INDICATORS)
    )  # fmt: skip


def _figures(period: Period, units: list[Unit], indicators: list[Indicator]) -> None:
    actions = {one.action_id for one in indicators}
    reports = _create(
        Report(
            unit=unit, action_id=action, period=period, status=ReportStatus.APPROVED.value,
            status_since=period.due_at, source=Source.SAMPLE,
        )
        for action in sorted(actions)
        for unit in units
    )  # fmt: skip
    _create(
        Measurement(
            report=report,
            indicator=one,
            value=Decimal(600 + (report.unit.order * 37 + one.order * 101) % 700),
            growth=Decimal((report.unit.order * 13 + one.order * 7) % 400) / 10,
            source=Source.SAMPLE,
        )
        for report in reports
        for one in indicators
        if one.action_id == report.action_id
    )


def _scheme(campaign: Campaign, group: RankingGroup, indicators: list[Indicator]) -> Scheme:
    """Attainments and growths in turn by all methods; in place of the last two the composite, and reporting in time."""
    scheme = Scheme.objects.create(
        code=campaign.slug, name_en="Measured", name_zh="性能测试", campaign=campaign, group=group, interval="month",
        minimum_score=0, source=Source.SAMPLE,
    )  # fmt: skip
    _create(_criteria(scheme, indicators))
    return scheme


def _criteria(scheme: Scheme, indicators: list[Indicator]) -> Iterator[Criterion]:
    bases = ("indicator_attainment", "indicator_growth")
    for place, indicator in enumerate(indicators[:CRITERIA]):
        method, parameters = METHODS[place % len(METHODS)]
        last = {CRITERIA - 1: "on_time", CRITERIA - 2: "campaign_composite"}.get(place)
        yield Criterion(
            scheme=scheme, order=place + 1, name_en=f"Criterion {place}", name_zh=f"项目{place}", weight=5,
            basis=last or bases[place % 2], indicator=None if last else indicator, method=method,
            parameters=parameters, source=Source.SAMPLE,
        )  # fmt: skip


def _create(rows: Any) -> list[Any]:
    made = list(rows)
    return type(made[0])._default_manager.bulk_create(made, batch_size=AT_ONCE) if made else []  # noqa: SLF001
