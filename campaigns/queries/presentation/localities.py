"""A locality reports: where it stands, its figures with their places, what pulls it down, what will be missed, what it
wrote, and what it still owes from earlier meetings.

The reader sees what disclosure allows, as on the page of the unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.domain.figures import published_percent
from campaigns.domain.pace import Accumulation, Direction
from campaigns.domain.questions import (
    Question,
    fell,
    follow_up_overdue,
    judgement,
    light_lifted,
    must_speed_up,
    no_figure,
    shrank,
    will_miss,
)
from campaigns.domain.ranking import competition_ranks
from campaigns.domain.sentences import MISSED_BELOW
from campaigns.domain.workflow import ReportStatus
from campaigns.models import FollowUp, Likelihood, Report
from campaigns.queries.city import Month, months
from campaigns.queries.clock import local_day
from campaigns.queries.follow_ups import FollowUpRow, follow_up_row
from campaigns.queries.indicator_rows import IndicatorRow
from campaigns.queries.presentation.looks import Look
from campaigns.queries.progress import load
from campaigns.queries.standings import Group, choose_group, ranking_groups
from campaigns.queries.units import GroupRank, UnitAction, UnitPage, unit_page_of
from units.models import Unit
from units.permissions import Capacities

FEW = 8
"""As many figures as are read from afar one by one; of more the actions are shown."""
HOPEFUL = frozenset({Likelihood.Level.HIGHLY_LIKELY, Likelihood.Level.LIKELY})


@dataclass(frozen=True, slots=True)
class PlacedFigure:
    """A figure of the unit with its place, by attainment, among the units of the ranking group that have one."""

    row: IndicatorRow
    rank: int | None
    of: int


@dataclass(frozen=True, slots=True)
class LocalityReport:
    page: UnitPage
    look: Look
    figures: Sequence[PlacedFigure]
    follow_ups: Sequence[FollowUpRow]
    questions: Sequence[Question | None]

    template = "locality"

    @property
    def is_few(self) -> bool:
        return len(self.figures) <= FEW

    @property
    def rank(self) -> GroupRank | None:
        """The place in the largest of the unit's groups."""
        return max(self.page.ranks, key=lambda one: one.ranked, default=None)

    @property
    def missed(self) -> list[UnitAction]:
        return [one for one in self.page.actions if one.projection and one.projection.share < MISSED_BELOW]

    @property
    def written(self) -> list[Report]:
        """What the unit wrote in its approved reports, for those who may read it."""
        reports = [one.report for one in self.page.actions if one.report is not None]
        approved = [one for one in reports if one.status == ReportStatus.APPROVED]
        return [one for one in approved if one.progress or one.problems or one.next_steps]


def locality_report(look: Look, unit: Unit, *, person: Capacities, now: datetime) -> LocalityReport:
    """Nine queries, whatever the rows."""
    so_far = [one for one in look.periods if one.month <= look.period.month]
    inputs, groups = load(look.campaign, so_far), ranking_groups()
    course = months(inputs, so_far)
    page = unit_page_of(inputs, course, unit, groups=groups, periods=look.periods, person=person, now=now)
    today = local_day(now)
    owed = FollowUp.objects.visible_to(person).open().filter(lead=unit).order_by("due_on", "number")
    follow_ups = [follow_up_row(one, today) for one in owed]
    return LocalityReport(
        page=page,
        look=look,
        figures=_figures(page, course[-1], choose_group([one for one in groups if unit.pk in one.unit_ids], None)),
        follow_ups=follow_ups,
        questions=[*_about_unit(page), *_about_actions(page), *_about_follow_ups(follow_ups, now)],
    )


# --- figures ----------------------------------------------------------------------------------------------------------


def _figures(page: UnitPage, month: Month, group: Group | None) -> list[PlacedFigure]:
    """Places tell of other units: they are for those who see all of the period."""
    places = _places(month, group) if group and page.disclosure.sees_all else {}
    return [
        PlacedFigure(row, places.get(row.indicator.pk, {}).get(page.unit.pk), len(places.get(row.indicator.pk, {})))
        for action in page.actions
        for row in action.figures
    ]


def _places(month: Month, group: Group) -> dict[int, dict[int, int]]:
    """By indicator, the rank of each unit that has a figure, on the attainment as it is published."""
    reached: dict[int, dict[int, object]] = {}
    for unit_id, unit in month.units.items():
        for one in (row for action in unit.actions.values() for row in action.indicators):
            if unit_id in group.unit_ids and one.attainment is not None:
                reached.setdefault(one.indicator.pk, {})[unit_id] = published_percent(one.attainment)
    return {pk: competition_ranks(shares) for pk, shares in reached.items()}  # type: ignore[arg-type]


# --- what to ask ------------------------------------------------------------------------------------------------------


def _about_unit(page: UnitPage) -> Iterator[Question | None]:
    rank = max(page.ranks, key=lambda one: one.ranked, default=None)
    yield fell(page.unit, rank=rank.rank if rank else None, movement=rank.movement if rank else None)


def _about_actions(page: UnitPage) -> Iterator[Question | None]:
    for one in page.actions:
        progress, projected = one.progress, one.projection.share if one.projection else None
        yield no_figure(progress.action, coverage=progress.coverage)
        for row in one.figures:
            yield about_pace(row)
            is_more_better = row.indicator.direction == Direction.HIGHER
            yield shrank(row.indicator, growth=row.growth, is_more_better=is_more_better)
        yield will_miss(progress.action, light=progress.light, projected=projected)
        if one.likelihood is not None:
            yield judgement(progress.action, is_hopeful=one.likelihood.level in HOPEFUL, projected=projected)
        if progress.reason is not None:
            yield light_lifted(
                progress.action,
                computed=progress.computed,
                displayed=progress.light,
                reason=progress.reason.reason,
            )


def about_pace(row: IndicatorRow) -> Question | None:
    """What adds up has a pace; a level has none."""
    if row.forecast is None or row.line is None or row.line.accumulation is Accumulation.LEVEL:
        return None
    return must_speed_up(
        row.indicator, light=row.light, rate=row.forecast.rate, required_rate=row.forecast.required_rate
    )


def _about_follow_ups(rows: Sequence[FollowUpRow], now: datetime) -> Iterator[Question | None]:
    for row in rows:
        yield about_follow_up(row.follow_up, now)


def about_follow_up(follow_up: FollowUp, now: datetime) -> Question | None:
    is_done = follow_up.state in FollowUp.DONE
    return follow_up_overdue(follow_up, is_done=is_done, due_on=follow_up.due_on, today=local_day(now))
