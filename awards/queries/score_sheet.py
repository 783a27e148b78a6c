"""The score sheet of a round: of every unit each step of its sum, down to the report, its figure and the people.

Page, Excel and API read the same rows. Scores are shown to whoever `queries.rounds.may_see_scores` lets; the names of
people to those who may see the report itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from awards.domain.snapshot import number
from awards.models import Adjustment, Criterion, Gate, Mark, Round, Score, ScoreLine
from awards.queries.scheme_rules import criteria_of, gates_of
from campaigns.domain.workflow import Verb
from campaigns.models import MeasurementVersion, Report, ReportEvent
from campaigns.permissions import can_see_reports_of
from units.models import User
from units.permissions import Capacities

STEPS = (Verb.SUBMIT, Verb.SIGN, Verb.APPROVE)


@dataclass(frozen=True, slots=True)
class ReportTrace:
    """A report that a figure was made of; people are None for who may not see the report."""

    report: Report
    may_open: bool
    filed_by: User | None
    signed_by: User | None
    approved_by: User | None
    approved_at: datetime | None
    corrections: Sequence[MeasurementVersion]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One step of a sum: figure, share of full points in percent and points, all exact; `place` among the units."""

    criterion: Criterion
    figure: Fraction | None
    share: Fraction
    points: Fraction
    place: int | None
    origin: Mapping[str, Any]
    reports: Sequence[ReportTrace]
    mark: Mark | None

    @property
    def is_missing(self) -> bool:
        return self.figure is None

    @property
    def is_corrected(self) -> bool:
        return bool(self.origin.get("is_corrected"))


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """One unit: lines in the order of the criteria; `exact` is the sum before its one rounding."""

    score: Score
    lines: Sequence[SheetLine]
    adjustments: Sequence[Adjustment]

    @property
    def points(self) -> Fraction:
        return sum((line.points for line in self.lines), Fraction(0))

    @property
    def exact(self) -> Fraction:
        return max(self.points + Fraction(self.score.bonus) - Fraction(self.score.penalty), Fraction(0))


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """Units by their rank, those kept out last. `criteria` and `gates` in their order."""

    round: Round
    criteria: Sequence[Criterion]
    gates: Sequence[Gate]
    units: Sequence[UnitSheet]


def score_sheet(award: Round, person: Capacities) -> ScoreSheet:
    """Nine queries, whatever the units and criteria."""
    criteria, gates = criteria_of(award.scheme), gates_of(award.scheme)
    scores = list(
        Score.objects.filter(round=award)
        .select_related("unit", "decided_by", "failed_gate")
        .order_by("rank", "unit__order", "unit__code")
    )
    scores.sort(key=lambda one: one.rank is None)
    lines: dict[int, dict[int, ScoreLine]] = {}
    for line in ScoreLine.objects.filter(score__round=award):
        lines.setdefault(line.score_id, {})[line.criterion_id] = line
    adjustments: dict[int, list[Adjustment]] = {}
    for one in Adjustment.objects.filter(round=award).select_related("made_by").order_by("pk"):
        adjustments.setdefault(one.unit_id, []).append(one)
    marks = {one.pk: one for one in Mark.objects.filter(round=award).select_related("given_by")}
    traces = _traces([line for own in lines.values() for line in own.values()], person)
    return ScoreSheet(
        round=award,
        criteria=criteria,
        gates=gates,
        units=[
            UnitSheet(
                score=score,
                lines=[
                    _line(one, lines[score.pk][one.pk], traces, marks)
                    for one in criteria
                    if one.pk in lines.get(score.pk, {})
                ],
                adjustments=adjustments.get(score.unit_id, []),
            )
            for score in scores
        ],
    )


def _line(
    criterion: Criterion, line: ScoreLine, traces: Mapping[int, ReportTrace], marks: Mapping[int, Mark]
) -> SheetLine:
    working = line.working
    origin: Mapping[str, Any] = working.get("from", {})
    return SheetLine(
        criterion=criterion,
        figure=number(working.get("figure")),
        share=number(working.get("share")) or Fraction(0),
        points=number(working.get("points")) or Fraction(line.points),
        place=working.get("place"),
        origin=origin,
        reports=[traces[one] for one in _reports_of(origin) if one in traces],
        mark=marks.get(origin.get("mark", 0)),
    )


def _reports_of(origin: Mapping[str, Any]) -> list[int]:
    single = [origin["report"]] if "report" in origin else []
    return [*single, *origin.get("reports", ()), *origin.get("late", ())]


# --- who filed and approved -------------------------------------------------------------------------------------------


def _traces(lines: Sequence[ScoreLine], person: Capacities) -> dict[int, ReportTrace]:
    """By report id. Three queries: the reports, their latest steps with people, corrections of the figures used."""
    origins = [line.working.get("from", {}) for line in lines]
    wanted = {one for origin in origins for one in _reports_of(origin)}
    reports = Report.objects.filter(pk__in=wanted).select_related("unit", "action", "period__campaign")
    steps: dict[tuple[int, str], ReportEvent] = {}
    events = ReportEvent.objects.filter(report__in=wanted, verb__in=[one.value for one in STEPS])
    for event in events.select_related("actor").order_by("at", "pk"):
        steps[event.report_id, event.verb] = event
    corrections: dict[int, list[MeasurementVersion]] = {}
    versions = MeasurementVersion.objects.filter(measurement__report__in=wanted)
    for one in versions.select_related("measurement__indicator", "replaced_by").order_by("pk"):
        corrections.setdefault(one.measurement.report_id, []).append(one)
    return {one.pk: _trace(one, steps, corrections.get(one.pk, []), person) for one in reports}


def _trace(
    report: Report,
    steps: Mapping[tuple[int, str], ReportEvent],
    corrections: Sequence[MeasurementVersion],
    person: Capacities,
) -> ReportTrace:
    may_open = can_see_reports_of(person, unit_id=report.unit_id, lead_id=report.action.lead_id)
    filed, signed, approved = (steps.get((report.pk, verb.value)) for verb in STEPS)
    return ReportTrace(
        report=report,
        may_open=may_open,
        filed_by=filed.actor if filed and may_open else None,
        signed_by=signed.actor if signed and may_open else None,
        approved_by=approved.actor if approved and may_open else None,
        approved_at=approved.at if approved else None,
        corrections=corrections if may_open else [],
    )
