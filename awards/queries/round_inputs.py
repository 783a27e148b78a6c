"""The figures that a round scores: of every unit of the ranking group, for every criterion, each with where it is from.

Read in a fixed number of queries whatever the units and criteria. Pages, what-if, operations and the preview of a
scheme that is not saved yet read the same function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from awards.domain.scheme_checks import Basis
from awards.models import Criterion, Mark, Round
from awards.queries.attained import ApprovedFigure, Attained, attained, whole_of
from awards.queries.on_time import timeliness
from awards.queries.project_progress import project_progress
from campaigns.domain.composite import Composite
from campaigns.models import Campaign, Period
from units.models import RankingGroup, Unit


@dataclass(frozen=True, slots=True)
class Figure:
    """What a criterion looks at for one unit, exact, in percent (a growth or a mark: as entered); None: missing.

    `origin` says where it is from in plain values: reports, measurements with their versions, projects, marks.
    """

    value: Fraction | None
    origin: Mapping[str, Any]


MISSING = Figure(None, {})
Figures = Mapping[int, Figure]
"""By unit id; a unit that is not there has no figure."""


@dataclass(frozen=True, slots=True)
class RoundInputs:
    """`figures` by unit id and the order of the criterion. Units in their own order."""

    units: Sequence[Unit]
    figures: Mapping[tuple[int, int], Figure]

    def of(self, unit: Unit, order: int) -> Figure:
        return self.figures.get((unit.pk, order), MISSING)


def round_inputs(
    *,
    campaign: Campaign,
    group: RankingGroup,
    criteria: Sequence[Criterion],
    period: Period,
    starts_on: date,
    ends_on: date,
    award: Round | None = None,
) -> RoundInputs:
    """At most ten queries: units, four of figures and targets, one of projects, three of reporting, one of marks; none
    for what no criterion asks. `criteria` need not be saved; marks are those of `award`."""
    units = list(Unit.objects.filter(ranking_groups=group, is_active=True).order_by("order", "code"))
    ids = [unit.pk for unit in units]
    bases = {one.basis for one in criteria}
    needs_figures = bool(bases - {Basis.MARK, Basis.PROJECT_PROGRESS})
    sources: dict[str, Callable[[Criterion], Figures]] = {
        Basis.PROJECT_PROGRESS: _once(lambda: _of_projects(campaign, period, ids)),
        Basis.MARK: _marks(award, criteria),
    }
    if needs_figures:
        read = attained(campaign, period, ids)
        composites = _once(read.composites)
        sources |= {
            Basis.INDICATOR_ATTAINMENT: lambda one: _attainments(read, one.indicator_id or 0, ids),
            Basis.INDICATOR_GROWTH: lambda one: _growths(read, one.indicator_id or 0, ids),
            Basis.ACTION_COMPOSITE: lambda one: {
                unit_id: _composite(rows[one.action_id].composite, campaign, rows[one.action_id].figures)
                for unit_id, rows in composites(one).items()
                if one.action_id in rows
            },
            Basis.CAMPAIGN_COMPOSITE: lambda one: {
                unit_id: _composite(whole_of(rows), campaign, [used for row in rows.values() for used in row.figures])
                for unit_id, rows in composites(one).items()
            },
            Basis.ON_TIME: _once(lambda: _on_time(read, starts_on, ends_on)),
        }
    figures = {(unit_id, one.order): figure for one in criteria for unit_id, figure in sources[one.basis](one).items()}
    return RoundInputs(units, figures)


def _once(read: Callable[[], Any]) -> Callable[[Criterion], Any]:
    """Reads when the first criterion asks, and not again."""
    kept: list[Any] = []

    def of(criterion: Criterion) -> Any:
        if not kept:
            kept.append(read())
        return kept[0]

    return of


# --- indicators -------------------------------------------------------------------------------------------------------


def _attainments(read: Attained, indicator_id: int, ids: Iterable[int]) -> Figures:
    found = {}
    for unit_id in ids:
        line, one = read.lines.get((indicator_id, unit_id)), read.figures.get((indicator_id, unit_id))
        if line is None:
            continue
        share = read.share(indicator_id, unit_id)
        way = {"baseline": f"{line.baseline:f}", "target": f"{line.target:f}"}
        found[unit_id] = Figure(None if share is None else 100 * share, (one.origin if one else {}) | way)
    return found


def _growths(read: Attained, indicator_id: int, ids: Iterable[int]) -> Figures:
    found = {}
    for unit_id in ids:
        one = read.figures.get((indicator_id, unit_id))
        if one is not None:
            found[unit_id] = Figure(None if one.growth is None else Fraction(one.growth), one.origin)
    return found


# --- composites -------------------------------------------------------------------------------------------------------


def _composite(whole: Composite, campaign: Campaign, figures: Iterable[ApprovedFigure]) -> Figure:
    """In percent; missing below the campaign's minimum coverage, as it is for the standings."""
    used = list(figures)
    is_covered = whole.attainment is not None and whole.is_covered(campaign.minimum_coverage)
    origin = {
        "coverage": str(100 * whole.coverage),
        "reports": sorted({one.report for one in used}),
        "measurements": sorted([one.measurement, one.version] for one in used),
        "is_corrected": any(one.corrected_at is not None for one in used),
    }
    return Figure(100 * whole.attainment if is_covered and whole.attainment is not None else None, origin)


# --- projects, reporting, marks ---------------------------------------------------------------------------------------


def _of_projects(campaign: Campaign, period: Period, ids: Sequence[int]) -> Figures:
    """Missing below the campaign's minimum coverage: whoever does not report a project gains nothing by it."""
    found = {}
    for unit_id, row in project_progress(campaign, period.month, ids).items():
        is_covered = row.coverage >= Fraction(campaign.minimum_coverage)
        origin = {
            "coverage": str(row.coverage),
            "projects": [
                {
                    "project": one.project,
                    "planned": f"{one.planned:f}",
                    "done": None if one.done is None else f"{one.done:f}",
                    "update": one.update,
                }
                for one in row.projects
            ],
        }
        found[unit_id] = Figure(row.percent if is_covered else None, origin)
    return found


def _on_time(read: Attained, starts_on: date, ends_on: date) -> Figures:
    rows = timeliness(read.campaign, starts_on, ends_on, read.assignments)
    return {
        unit_id: Figure(row.percent, {"expected": row.expected, "on_time": row.on_time, "late": sorted(row.late)})
        for unit_id, row in rows.items()
    }


def _marks(award: Round | None, criteria: Sequence[Criterion]) -> Callable[[Criterion], Figures]:
    """By the order of the criterion, so that one that is not saved yet finds the marks of the one it follows."""

    def read() -> dict[int, dict[int, Figure]]:
        by_order: dict[int, dict[int, Figure]] = {}
        rows = Mark.objects.filter(round=award).select_related("criterion") if award is not None else ()
        for one in rows:
            origin = {"mark": one.pk, "version": one.version, "note": one.note}
            by_order.setdefault(one.criterion.order, {})[one.unit_id] = Figure(Fraction(one.value), origin)
        return by_order

    rows = _once(read)
    return lambda criterion: rows(criterion).get(criterion.order, {})


def is_lower_better(criterion: Criterion) -> bool:
    """Growth of an indicator of which less is better; attainment has its direction in itself."""
    if criterion.basis != Basis.INDICATOR_GROWTH:
        return False
    return criterion.indicator is not None and criterion.indicator.direction == "lower"
