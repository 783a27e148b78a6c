"""What an uploaded form would change: a step for each row, and the plan of them all, to be shown and confirmed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from campaigns.documents.figure_columns import HEADINGS
from campaigns.models import Report
from campaigns.operations.imports import ReportFigures
from campaigns.operations.reports import Figure
from campaigns.queries.report_sheet import Row, Section


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: row and column as the spreadsheet shows them, none of them for the file as a whole."""

    what: str
    row: int | None = None
    column: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that would change something, as words."""

    label: str
    before: str
    after: str


@dataclass(slots=True)
class Step:
    """What one row would do."""

    number: int
    sheet: str
    name: str
    section: Section | None = None
    row: Row | None = None
    figure: Figure | None = None
    differences: list[Difference] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return bool(self.differences)

    @property
    def value_change(self) -> Difference | None:
        return next((one for one in self.differences if one.label == str(HEADINGS["value"])), None)

    @property
    def other_changes(self) -> list[Difference]:
        return [one for one in self.differences if one.label != str(HEADINGS["value"])]

    @property
    def is_as_last_month(self) -> bool:
        row, figure = self.row, self.figure
        return bool(row and figure and figure.value is not None and figure.value == row.last)


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows, all problems, and the reports that were saved since the file was made."""

    steps: Sequence[Step]
    problems: Sequence[Problem]
    moved: Sequence[Report]

    @property
    def changed(self) -> list[Step]:
        return [step for step in self.steps if step.is_changed and not step.problems]

    @property
    def unchanged(self) -> int:
        return sum(not step.is_changed and not step.problems for step in self.steps)

    @property
    def refused(self) -> int:
        return sum(bool(step.problems) for step in self.steps)

    @property
    def warned(self) -> int:
        return sum(bool(step.warnings) for step in self.changed)

    @property
    def reports(self) -> list[Report]:
        found = {step.section.report.pk: step.section.report for step in self.changed if step.section}
        return list(found.values())

    def saves(self) -> list[ReportFigures]:
        """What is to be written, report by report, in the versions that were looked at."""
        found: dict[int, ReportFigures] = {}
        for step in self.changed:
            if step.section and step.row and step.figure:
                report = step.section.report
                one = found.setdefault(report.pk, ReportFigures(report.pk, report.version, {}))
                one.figures[step.row.indicator.pk] = step.figure
        return [found[key] for key in sorted(found)]

    @property
    def fingerprint(self) -> str:
        """Says whether the plan is still the one that somebody looked at."""
        told = [(one.report_id, one.version, sorted((key, repr(value)) for key, value in one.figures.items()))
                for one in self.saves()]  # fmt: skip
        return hashlib.sha256(repr(told).encode()).hexdigest()
