"""How far each unit is with each indicator and action of a campaign, from approved figures only.

`load` reads what the arithmetic needs in a fixed number of queries; `progress_in` computes one period of it without
any. Screen, API, documents and awards read the same rows. Source: domain rules 6.1 to 6.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db.models import FilteredRelation, Q

from campaigns.domain.assignments import is_expected
from campaigns.domain.composite import Composite, Part, combine, composite
from campaigns.domain.light import Light, LightMethod, LightRule, computed_light, displayed_light, raw_light
from campaigns.domain.pace import Accumulation, Direction, TargetLine, attainment, gap, pace, planned, planned_value
from campaigns.domain.workflow import ReportStatus
from campaigns.models import (
    AcceptedReason,
    Action,
    Assignment,
    Campaign,
    Indicator,
    Likelihood,
    Measurement,
    Period,
    Target,
)
from units.models import Source, Unit
from units.models.naming import in_reader_language

# --- what is read ---------------------------------------------------------------------------------------------------


Owed = tuple[int, int | None]
"""What a target belongs to: (indicator id, unit id), no unit for the city's own."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The rows behind a campaign's progress; figures and reasons are those of the periods asked for."""

    campaign: Campaign
    actions: Sequence[Action]
    indicators: dict[int, list[Indicator]]  # by action id
    assignments: Sequence[Assignment]
    lines: dict[Owed, TargetLine]
    scope_notes: dict[Owed, str]  # of single targets
    figures: dict[tuple[int, int, int], Measurement]  # by (period id, unit id, indicator id)
    reasons: dict[tuple[int, int, int], AcceptedReason]  # by (period id, unit id, action id)
    likelihoods: dict[int, Likelihood] = field(default_factory=dict)  # of the city, by action id, where asked for

    @property
    def has_sample(self) -> bool:
        """Whether an action, a figure or its indicator is a sample, which a page then says."""
        indicators = [one for action in self.actions for one in self.indicators.get(action.pk, ())]
        shown = {one.pk for one in indicators}
        sources = {action.source for action in self.actions} | {one.source for one in indicators}
        sources |= {one.source for one in self.figures.values() if one.indicator_id in shown}
        return Source.SAMPLE in sources


def load(
    campaign: Campaign,
    periods: Iterable[Period],
    *,
    units: Iterable[int] | None = None,
    with_reasons: bool = True,
    judged_in: Period | None = None,
) -> Inputs:
    """Five queries, whatever the rows. `units` limits assignments, targets and figures to these unit ids.

    Accepted reasons lift only the lights of single units in single actions; who shows none of these goes
    `with_reasons=False`, and with four queries. What the leads judge of the city in the period `judged_in` comes with
    the indicators.
    """
    periods = list(periods)
    of_units = {} if units is None else {"unit__in": list(units)}
    assignments = Assignment.objects.filter(action__campaign=campaign, **of_units)
    figures = Measurement.objects.filter(report__period__in=periods, report__status=ReportStatus.APPROVED)
    if units is not None:
        figures = figures.filter(report__unit__in=of_units["unit__in"])
    indicators = indicators_of(campaign, judged_in)
    lines, scope_notes = _targets(campaign, indicators, of_units)
    reasons = AcceptedReason.objects.filter(period__in=periods, **of_units) if with_reasons else ()
    return Inputs(
        campaign=campaign,
        actions=list({one.action_id: one.action for group in indicators.values() for one in group}.values()),
        indicators=indicators,
        assignments=list(
            assignments.select_related("unit__counted_in", "action__lead").order_by(
                "unit__order", "unit__code", "action__number"
            )
        ),
        lines=lines,
        scope_notes=scope_notes,
        figures={
            (one.report.period_id, one.report.unit_id, one.indicator_id): one
            for one in figures.select_related("report")
        },
        reasons={(one.period_id, one.unit_id, one.action_id): one for one in reasons},
        likelihoods=_likelihoods(indicators) if judged_in else {},
    )


def only(inputs: Inputs, action: Action) -> Inputs:
    """The same figures, with nothing but this action to compute: its composite is then the whole one."""
    return replace(inputs, actions=[one for one in inputs.actions if one.pk == action.pk])


def indicators_of(campaign: Campaign, judged_in: Period | None = None) -> dict[int, list[Indicator]]:
    """The campaign's indicators by action id, in order, with action and lead, and as `judged` what the lead judges of
    the city's action in a period. One query."""
    by_action: dict[int, list[Indicator]] = {}
    rows = Indicator.objects.filter(action__campaign=campaign).select_related("action__lead")
    if judged_in is not None:
        of_city = Q(action__likelihoods__period=judged_in, action__likelihoods__unit=None)
        judged = FilteredRelation("action__likelihoods", condition=of_city)
        rows = rows.annotate(judged=judged).select_related("action__lead", "judged")  # type: ignore[misc]  # annotated
    for indicator in rows.order_by("action__number", "order", "code"):
        indicator.action.campaign = campaign
        by_action.setdefault(indicator.action_id, []).append(indicator)
    return by_action


def _likelihoods(indicators: dict[int, list[Indicator]]) -> dict[int, Likelihood]:
    judged = {action_id: getattr(group[0], "judged", None) for action_id, group in indicators.items()}
    return {action_id: one for action_id, one in judged.items() if one is not None}


def target_lines(
    campaign: Campaign, indicators: dict[int, list[Indicator]], **of_units: Iterable[int]
) -> dict[Owed, TargetLine]:
    """The targets with their trajectories. One query: a row for each target, or for each point of its trajectory."""
    return _targets(campaign, indicators, of_units)[0]


def _targets(
    campaign: Campaign, indicators: dict[int, list[Indicator]], of_units: Mapping[str, Iterable[int]]
) -> tuple[dict[Owed, TargetLine], dict[Owed, str]]:
    """The lines, and the scope notes that single targets carry."""
    by_id = {one.pk: one for group in indicators.values() for one in group}
    rows = Target.objects.filter(indicator__action__campaign=campaign, **of_units).values_list(
        "indicator_id", "unit_id", "baseline", "baseline_on", "target", "target_on", "scope_note_en",
        "scope_note_zh", "trajectory__on", "trajectory__value",
    )  # fmt: skip
    lines: dict[Owed, TargetLine] = {}
    scope_notes: dict[Owed, str] = {}
    for indicator_id, unit_id, baseline, baseline_on, target, target_on, english, chinese, on, value in rows.order_by(
        "trajectory__on"
    ):
        if english or chinese:
            scope_notes[indicator_id, unit_id] = in_reader_language(english, chinese)
        known = lines.get((indicator_id, unit_id))
        points = known.points if known else ()
        lines[indicator_id, unit_id] = TargetLine(
            baseline=baseline,
            baseline_on=baseline_on or campaign.starts_on - timedelta(days=1),
            target=target,
            target_on=target_on or campaign.ends_on,
            direction=Direction(by_id[indicator_id].direction),
            accumulation=Accumulation(by_id[indicator_id].accumulation),
            points=points if on is None else (*points, (on, value)),
        )
    return lines, scope_notes


# --- what is computed -----------------------------------------------------------------------------------------------


class Weighed:
    """What a page says of anything that has a composite; shares are exact, 1 = the whole way to the target."""

    __slots__ = ()
    composite: Composite

    @property
    def percent(self) -> Fraction | None:
        """The exact composite in percent: a page rounds it once, to the places that it shows."""
        return None if self.composite.attainment is None else 100 * self.composite.attainment

    @property
    def planned_percent(self) -> Fraction | None:
        return None if self.composite.planned is None else 100 * self.composite.planned

    @property
    def published(self) -> Decimal | None:
        """Percent, half-up to 0.01: the figure that is ranked."""
        return self.composite.published

    @property
    def gap(self) -> Decimal | None:
        """Points ahead of (+) or behind (−) the plan."""
        whole = self.composite
        return None if whole.attainment is None or whole.planned is None else gap(whole.attainment, whole.planned)

    @property
    def coverage(self) -> int:
        """Percent of the weight that has a figure, rounded down: 100 says that nothing is missing."""
        return int(100 * self.composite.coverage)


@dataclass(frozen=True, slots=True)
class IndicatorProgress:
    """One unit's approved figure against its target; shares are exact, 1 = the whole way to the target."""

    indicator: Indicator
    line: TargetLine
    measurement: Measurement | None
    value: Decimal | None
    attainment: Fraction | None
    planned: Fraction
    on: date
    raw: Light
    light: Light

    @property
    def planned_figure(self) -> Fraction:
        """What the plan asks for on that day, exact, in the indicator's unit of measure."""
        return planned_value(self.line, self.on)

    @property
    def gap(self) -> Decimal | None:
        """Points ahead of (+) or behind (−) the plan."""
        return None if self.attainment is None else gap(self.attainment, self.planned)

    @property
    def pace(self) -> Decimal | None:
        """Percent of the plan; none where nothing is planned yet."""
        return None if self.attainment is None else pace(self.attainment, self.planned)

    @property
    def is_corrected(self) -> bool:
        return self.measurement is not None and self.measurement.corrected_at is not None


@dataclass(frozen=True, slots=True)
class ActionProgress(Weighed):
    """One unit in one action: composite with coverage, and the light of the composite."""

    action: Action
    composite: Composite
    raw: Light
    computed: Light
    reason: AcceptedReason | None
    indicators: Sequence[IndicatorProgress]

    @property
    def light(self) -> Light:
        """What is shown: an accepted reason lifts the computed light by one step."""
        return displayed_light(self.computed, reason_accepted=self.reason is not None)

    @property
    def is_lifted(self) -> bool:
        return self.light != self.computed

    @property
    def is_corrected(self) -> bool:
        return any(one.is_corrected for one in self.indicators)


@dataclass(frozen=True, slots=True)
class UnitProgress(Weighed):
    """One unit in the whole campaign; `actions` by action id, only those it is assigned to and has targets in."""

    unit: Unit
    composite: Composite
    raw: Light
    light: Light
    actions: dict[int, ActionProgress]

    @property
    def is_corrected(self) -> bool:
        return any(one.is_corrected for one in self.actions.values())


def light_rule(campaign: Campaign) -> LightRule:
    return LightRule(
        method=LightMethod(campaign.light_method),
        green_from=campaign.green_from,
        yellow_from=campaign.yellow_from,
        green_within=campaign.green_within,
        yellow_within=campaign.yellow_within,
    )


UnitRows = dict[int, UnitProgress]
"""One period, by unit id."""


def progress_in(inputs: Inputs, period: Period, previous: UnitRows | None) -> UnitRows:
    """How far every assigned unit is at the period's last day; `previous` are the rows of the period just before."""
    before = _raw_lights(previous or {})
    assigned: dict[int, list[Assignment]] = {}
    for assignment in inputs.assignments:
        if covers(assignment, period):
            assigned.setdefault(assignment.unit_id, []).append(assignment)
    rows = {}
    for unit_id, assignments in assigned.items():
        row = _unit_progress(inputs, period, assignments, before)
        if row.actions:
            rows[unit_id] = row
    return rows


Raws = dict[tuple[int | None, ...], Light]


def _raw_lights(rows: UnitRows) -> Raws:
    """The raw lights of a period by (unit), (unit, action) and (unit, action, indicator) ids, for the run rule."""
    raws: Raws = {}
    for unit_id, unit in rows.items():
        raws[unit_id,] = unit.raw
        for action_id, action in unit.actions.items():
            raws[unit_id, action_id] = action.raw
            for one in action.indicators:
                raws[unit_id, action_id, one.indicator.pk] = one.raw
    return raws


def _unit_progress(inputs: Inputs, period: Period, assignments: Sequence[Assignment], before: Raws) -> UnitProgress:
    unit = assignments[0].unit
    assigned = {assignment.action_id for assignment in assignments}
    actions = {}
    for action in inputs.actions:
        if action.pk in assigned:
            progress = action_progress(inputs, period, action, unit.pk, before)
            if progress is not None:
                actions[action.pk] = progress
    whole = combine((one.action.weight, one.composite) for one in actions.values())
    raw = raw_light(whole.attainment, whole.planned, light_rule(inputs.campaign))
    return UnitProgress(unit, whole, raw, computed_light(raw, before.get((unit.pk,))), actions)


def action_progress(
    inputs: Inputs, period: Period, action: Action, unit_id: int, before: Raws
) -> ActionProgress | None:
    """One unit in one action; none where it has no target there."""
    rule = light_rule(inputs.campaign)
    indicators = []
    for indicator in inputs.indicators.get(action.pk, ()):
        line = inputs.lines.get((indicator.pk, unit_id))
        if line is not None:
            measurement = inputs.figures.get((period.pk, unit_id, indicator.pk))
            previous_raw = before.get((unit_id, action.pk, indicator.pk))
            indicators.append(_indicator_progress(indicator, line, measurement, period, rule, previous_raw))
    if not indicators:
        return None
    whole = composite(
        (Part(one.indicator.weight, one.attainment, one.planned) for one in indicators), cap=inputs.campaign.cap
    )
    raw = raw_light(whole.attainment, whole.planned, rule)
    return ActionProgress(
        action=action,
        composite=whole,
        raw=raw,
        computed=computed_light(raw, before.get((unit_id, action.pk))),
        reason=inputs.reasons.get((period.pk, unit_id, action.pk)),
        indicators=indicators,
    )


def _indicator_progress(
    indicator: Indicator,
    line: TargetLine,
    measurement: Measurement | None,
    period: Period,
    rule: LightRule,
    previous_raw: Light | None,
) -> IndicatorProgress:
    value = measurement.value if measurement else None
    reached = None if value is None else attainment(line, value)
    plan = planned(line, period.ends_on)
    raw = raw_light(reached, plan, rule)
    return IndicatorProgress(
        indicator=indicator,
        line=line,
        measurement=measurement,
        value=value,
        attainment=reached,
        planned=plan,
        on=period.ends_on,
        raw=raw,
        light=computed_light(raw, previous_raw),
    )


def covers(assignment: Assignment, period: Period) -> bool:
    """Whether a report is expected of the assignment for this period."""
    return is_expected(
        assignment_starts_on=assignment.starts_on,
        assignment_ends_on=assignment.ends_on,
        period_last_day=period.ends_on,
        is_unit_active=assignment.unit.is_active,
    )
