"""One unit in a campaign: its ranks, its actions and figures in a period, which of them pull it down, where they lead,
and how it stood in the published periods.

Before publication a reader sees of another unit only the actions that their own department leads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from campaigns.domain.composite import Composite
from campaigns.domain.contributions import Contribution, contributions
from campaigns.domain.light import Light
from campaigns.domain.projection import Projection, combined
from campaigns.domain.ranking import movement
from campaigns.models import Likelihood, Period, Report
from campaigns.permissions import can_see_action_standings, can_see_reports_of, can_see_unit_standings
from campaigns.queries.actions import scale_of
from campaigns.queries.city import Month, months
from campaigns.queries.forecasts import forecasts
from campaigns.queries.indicator_rows import IndicatorRow, rows_of
from campaigns.queries.progress import ActionProgress, Inputs, UnitProgress, Weighed, load
from campaigns.queries.projections import unit_change, unit_projection, whole_unit_change
from campaigns.queries.standings import (
    UNDISCLOSED,
    Disclosure,
    Group,
    choose_group,
    disclosed,
    disclosure,
    last_published,
    ranking_groups,
    ranks_in,
)
from units.models import RankingGroup, Unit
from units.permissions import Capacities

NAMED = 3
"""How many actions are named that pull a unit down."""


class UnknownUnit(LookupError):
    """There is no unit with this code."""


@dataclass(frozen=True, slots=True)
class GroupRank:
    """The unit's place in one ranking group; no rank where its coverage is too small."""

    group: RankingGroup
    rank: int | None
    ranked: int
    movement: int | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class UnitAction:
    """One of the unit's actions, with the lead's judgement and, for those who may see it, the report.

    `change` is in points against the month before; `contribution` is what the action brings to the gap of the unit's
    composite, none where that is not for the reader.
    """

    progress: ActionProgress
    figures: Sequence[IndicatorRow]
    change: Decimal | None
    projection: Projection | None
    contribution: Contribution | None
    likelihood: Likelihood | None
    report: Report | None
    shows_names: bool


@dataclass(frozen=True, slots=True)
class PastStanding(Weighed):
    """How the unit stood in a published period; a place for each of its groups."""

    period: Period
    composite: Composite
    light: Light
    ranks: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class RankCourse:
    """The ranks of a group's units in the published periods, first period first; none where a unit was not ranked."""

    group: RankingGroup
    periods: Sequence[Period]
    rows: Sequence[tuple[Unit, Sequence[int | None]]]


@dataclass(frozen=True)
class UnitPage:
    """One unit in one period. `progress` is none where the reader may see nothing of it yet, or it has no actions."""

    unit: Unit
    contained: Sequence[Unit]
    period: Period
    progress: UnitProgress | None
    change: Decimal | None
    projection: Projection | None
    ranks: Sequence[GroupRank]
    actions: Sequence[UnitAction]
    past: Sequence[PastStanding]
    past_groups: Sequence[RankingGroup]
    rank_course: RankCourse | None
    previous: Period | None
    month_before: Period | None
    fill_period: Period | None
    disclosure: Disclosure
    takes_part: bool
    is_own: bool
    minimum_is_met: bool
    has_sample: bool

    @cached_property
    def is_disclosed(self) -> bool:
        """Whether composite, rank and light of the whole unit are for the reader."""
        return self.progress is not None and self.progress.composite is not UNDISCLOSED

    @cached_property
    def shows_reports(self) -> bool:
        return any(one.report is not None for one in self.actions)

    @cached_property
    def scale(self) -> Fraction:
        """Where the bars end, the same for all of them, so that they can be held against each other."""
        return scale_of([one.progress for one in self.actions])

    @cached_property
    def by_contribution(self) -> list[UnitAction]:
        """The actions that bring something to the gap of the composite, what pulls it down most first."""
        bringing = [one for one in self.actions if one.contribution is not None]
        return sorted(bringing, key=lambda one: one.contribution.share if one.contribution else Fraction(0))

    @cached_property
    def pulling_down(self) -> list[UnitAction]:
        """The worst of them, as far as they lie below the plan."""
        below = [one for one in self.by_contribution if one.contribution and one.contribution.share < 0]
        return below[:NAMED]

    @cached_property
    def judged(self) -> list[UnitAction]:
        return [one for one in self.actions if one.likelihood is not None]


def unit_page(period: Period, *, code: str, periods: Sequence[Period], person: Capacities, now: datetime) -> UnitPage:
    """One unit in the period's campaign. Ten queries, whatever the rows; raises `UnknownUnit`."""
    unit = Unit.objects.select_related("counted_in").prefetch_related("counted_units").filter(code=code).first()
    if unit is None:
        raise UnknownUnit(code)
    so_far = [one for one in periods if one.month <= period.month]
    inputs = load(period.campaign, so_far)
    course = months(inputs, so_far)
    return unit_page_of(inputs, course, unit, groups=ranking_groups(), periods=periods, person=person, now=now)


def unit_page_of(
    inputs: Inputs,
    course: Sequence[Month],
    unit: Unit,
    *,
    groups: Sequence[Group],
    periods: Sequence[Period],
    person: Capacities,
    now: datetime,
) -> UnitPage:
    """The same from what is loaded, with `course` the months up to the chosen one. Two queries."""
    period, so_far = course[-1].period, [month.period for month in course]
    groups = [one for one in groups if unit.pk in one.unit_ids]
    row = course[-1].units.get(unit.pk)
    shown = disclosed(row, period, person) if row else None
    judged = {one.action_id: one for one in _likelihoods(unit, period)}
    reports = {one.action_id: one for one in Report.objects.visible_to(person).filter(unit=unit, period=period)}
    whole = shown if shown is not None and shown.composite is not UNDISCLOSED else None
    rows = _actions(inputs, course, shown, person, judged, reports) if shown else []
    return UnitPage(
        unit=unit,
        contained=list(unit.counted_units.all()),
        period=period,
        progress=shown,
        change=whole_unit_change(course, unit, person) if whole else None,
        projection=_whole_projection(rows, whole) if whole else None,
        ranks=_ranks(course, groups, unit) if whole else [],
        actions=rows,
        past=_past(course, groups, unit),
        past_groups=[one.group for one in groups],
        rank_course=_rank_course(course, choose_group(groups, None)),
        month_before=course[-2].period if len(course) > 1 else None,
        previous=next(iter(last_published(so_far[:-1])), None),
        fill_period=_fill_period(unit, periods, person, now),
        disclosure=_disclosure(period, unit, person, row),
        takes_part=any(one.unit_id == unit.pk for one in inputs.assignments),
        is_own=unit.pk in person.own_units,
        minimum_is_met=whole is None or whole.composite.is_covered(period.campaign.minimum_coverage),
        has_sample=inputs.has_sample,
    )


def _likelihoods(unit: Unit, period: Period) -> Sequence[Likelihood]:
    return Likelihood.objects.filter(unit=unit, period=period).select_related("judged_by")  # type: ignore[return-value]


def _actions(
    inputs: Inputs,
    course: Sequence[Month],
    shown: UnitProgress,
    person: Capacities,
    judged: Mapping[int, Likelihood],
    reports: Mapping[int, Report],
) -> list[UnitAction]:
    """The actions that the reader may see; what they bring to the whole only where the whole is disclosed."""
    unit, rows = shown.unit, list(shown.actions.values())
    told = forecasts(inputs, course, {unit.pk: shown}, person)
    brought = contributions((one.action.weight, one.composite) for one in rows)
    is_whole = shown.composite is not UNDISCLOSED
    return [
        UnitAction(
            progress=one,
            figures=rows_of(one, inputs, unit, told),
            change=unit_change(course, one.action, unit, person),
            projection=unit_projection(one, unit, told, inputs.campaign.cap),
            contribution=contribution if is_whole else None,
            likelihood=judged.get(one.action.pk),
            report=reports.get(one.action.pk),
            shows_names=can_see_reports_of(person, unit_id=unit.pk, lead_id=one.action.lead_id),
        )
        for one, contribution in zip(rows, brought, strict=True)
    ]


def _whole_projection(rows: Sequence[UnitAction], whole: UnitProgress) -> Projection | None:
    projected = ((one.progress.action.weight, one.projection) for one in rows if one.projection is not None)
    return combined(projected, whole.composite.attainment)


def _disclosure(period: Period, unit: Unit, person: Capacities, row: UnitProgress | None) -> Disclosure:
    actions = [one.action for one in row.actions.values()] if row else []
    whole = disclosure(period, person, actions)
    return Disclosure(
        period=period,
        sees_all=whole.sees_all,
        sees_own=can_see_unit_standings(person, period, unit.pk),
        sees_led=any(can_see_action_standings(person, period, action) for action in actions),
    )


def _ranks(course: Sequence[Month], groups: Sequence[Group], unit: Unit) -> list[GroupRank]:
    """The unit's place in each of its groups, moved against the published period nearest before."""
    campaign = course[-1].period.campaign
    published = last_published([month.period for month in course[:-1]])
    earlier = next((month for month in course if published and month.period == published[0]), None)
    places = []
    for one in groups:
        ranks = ranks_in(course[-1].units, one.unit_ids, campaign)
        rank = ranks.get(unit.pk)
        before = ranks_in(earlier.units, one.unit_ids, campaign).get(unit.pk) if earlier else None
        is_new = earlier is not None and rank is not None and before is None
        places.append(GroupRank(one.group, rank, len(ranks), movement(rank, before), is_new))
    return places


def _past(course: Sequence[Month], groups: Sequence[Group], unit: Unit) -> list[PastStanding]:
    """The published periods up to the chosen one, newest first."""
    rows = []
    for month in reversed(course):
        progress = month.units.get(unit.pk)
        if month.period.is_published and progress is not None:
            ranks = [ranks_in(month.units, one.unit_ids, month.period.campaign).get(unit.pk) for one in groups]
            rows.append(PastStanding(month.period, progress.composite, progress.light, ranks))
    return rows


def _rank_course(course: Sequence[Month], group: Group | None) -> RankCourse | None:
    """The published periods up to the chosen one; none for a unit that is not ranked, or before the first of them."""
    published = [month for month in course if month.period.is_published]
    if group is None or not published:
        return None
    ranks = [ranks_in(month.units, group.unit_ids, month.period.campaign) for month in published]
    units = {row.unit.pk: row.unit for month in published for row in month.units.values()}
    rows = [
        (unit, [places.get(unit.pk) for places in ranks])
        for unit in sorted(units.values(), key=lambda unit: unit.order)
        if unit.pk in group.unit_ids
    ]
    return RankCourse(group.group, [month.period for month in published], rows)


def _fill_period(unit: Unit, periods: Sequence[Period], person: Capacities, now: datetime) -> Period | None:
    """The period that the reader fills for this unit now."""
    if unit.pk not in person.reporter_of:
        return None
    return next((one for one in periods if one.takes_figures(now)), None)
