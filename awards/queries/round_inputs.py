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
from awards.queries.on_time import timeliness
from awards.queries.project_progress import project_progress
from campaigns.domain.composite import Composite
from campaigns.domain.pace import attainment
from campaigns.models import Campaign, Measurement, Period
from campaigns.queries.progress import Inputs, UnitProgress, load, progress_in
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
    """At most ten queries: units, four of the progress, one of projects, three of reporting in time, one of marks; none
    for what no criterion asks. `criteria` need not be saved; marks are those of `award`."""
    units = list(Unit.objects.filter(ranking_groups=group, is_active=True).order_by("order", "code"))
    ids = [unit.pk for unit in units]
    bases = {one.basis for one in criteria}
    needs_progress = bool(bases - {Basis.MARK, Basis.PROJECT_PROGRESS})
    inputs = load(campaign, [period], units=ids, with_reasons=False) if needs_progress else None
    sources: dict[str, Callable[[Criterion], Figures]] = {
        Basis.PROJECT_PROGRESS: _once(lambda: _of_projects(campaign, period, ids)),
        Basis.MARK: _marks(award, criteria),
    }
    if inputs is not None:
        rows = _once(lambda: progress_in(inputs, period, None))
        sources |= {
            Basis.INDICATOR_ATTAINMENT: lambda one: _attainments(inputs, period, one, ids),
            Basis.INDICATOR_GROWTH: lambda one: _growths(inputs, period, one, ids),
            Basis.ACTION_COMPOSITE: lambda one: _of_action(rows(one), one, campaign),
            Basis.CAMPAIGN_COMPOSITE: lambda one: _of_campaign(rows(one), campaign),
            Basis.ON_TIME: _once(lambda: _on_time(inputs, starts_on, ends_on)),
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


def _attainments(inputs: Inputs, period: Period, criterion: Criterion, ids: Iterable[int]) -> Figures:
    found = {}
    for unit_id in ids:
        line = inputs.lines.get((criterion.indicator_id or 0, unit_id))
        one = inputs.figures.get((period.pk, unit_id, criterion.indicator_id or 0))
        if line is None:
            continue
        reached = None if one is None or one.value is None else 100 * attainment(line, one.value)
        way = {"baseline": f"{line.baseline:f}", "target": f"{line.target:f}"}
        found[unit_id] = Figure(reached, _origin(one) | way)
    return found


def _growths(inputs: Inputs, period: Period, criterion: Criterion, ids: Iterable[int]) -> Figures:
    found = {}
    for unit_id in ids:
        one = inputs.figures.get((period.pk, unit_id, criterion.indicator_id or 0))
        growth = None if one is None or one.growth is None else Fraction(one.growth)
        found[unit_id] = Figure(growth, _origin(one))
    return found


def _origin(one: Measurement | None) -> dict[str, Any]:
    """The report that the figure stands in, and which version of the figure it is."""
    if one is None:
        return {}
    return {
        "report": one.report_id,
        "measurement": one.pk,
        "version": one.version,
        "value": None if one.value is None else f"{one.value:f}",
        "status": one.value_status,
        "is_corrected": one.corrected_at is not None,
    }


# --- composites -------------------------------------------------------------------------------------------------------


def _of_action(rows: Mapping[int, UnitProgress], criterion: Criterion, campaign: Campaign) -> Figures:
    return {
        unit_id: _composite(row.actions[action_id].composite, campaign, [row.actions[action_id]])
        for unit_id, row in rows.items()
        if (action_id := criterion.action_id or 0) in row.actions
    }


def _of_campaign(rows: Mapping[int, UnitProgress], campaign: Campaign) -> Figures:
    return {unit_id: _composite(row.composite, campaign, row.actions.values()) for unit_id, row in rows.items()}


def _composite(whole: Composite, campaign: Campaign, actions: Iterable[Any]) -> Figure:
    """In percent; missing below the campaign's minimum coverage, as it is for the standings."""
    is_covered = whole.attainment is not None and whole.is_covered(campaign.minimum_coverage)
    figures = [one.measurement for action in actions for one in action.indicators if one.measurement is not None]
    origin = {
        "coverage": str(100 * whole.coverage),
        "reports": sorted({one.report_id for one in figures}),
        "measurements": sorted([one.pk, one.version] for one in figures),
        "is_corrected": any(one.corrected_at is not None for one in figures),
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


def _on_time(inputs: Inputs, starts_on: date, ends_on: date) -> Figures:
    rows = timeliness(inputs.campaign, starts_on, ends_on, inputs.assignments)
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
