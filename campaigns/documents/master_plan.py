"""What a table of the office would change: a step for each row, and the plan of them all, to be shown and confirmed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from campaigns.documents.figures_plan import Difference, Problem
from campaigns.operations.imports import RowChange
from campaigns.queries.master_kinds import Kind


@dataclass(slots=True)
class Step:
    """What one row would do."""

    number: int
    sheet: str
    name: str
    row: Any = None
    is_new: bool = False
    before: dict[str, Any] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return self.is_new or bool(self.differences)


@dataclass(frozen=True, slots=True)
class Plan:
    kind: Kind
    steps: Sequence[Step]
    problems: Sequence[Problem]

    @property
    def changed(self) -> list[Step]:
        return [step for step in self.steps if step.is_changed and not step.problems]

    @property
    def new(self) -> int:
        return sum(step.is_new for step in self.changed)

    @property
    def altered(self) -> int:
        return len(self.changed) - self.new

    @property
    def unchanged(self) -> int:
        return sum(not step.is_changed and not step.problems for step in self.steps)

    @property
    def refused(self) -> int:
        return sum(bool(step.problems) for step in self.steps)

    def changes(self) -> list[RowChange]:
        return [RowChange(step.row, None if step.is_new else step.before) for step in self.changed]

    @property
    def fingerprint(self) -> str:
        """Says whether the plan is still the one that somebody looked at."""
        told = [
            (step.number, step.is_new, [(one.label, one.before, one.after) for one in step.differences],
             getattr(step.row, "version", 0))
            for step in self.changed
        ]  # fmt: skip
        return hashlib.sha256(repr(told).encode()).hexdigest()
