"""The report form as a whole: each section with its form, what went wrong with it, and the counts of the foot."""

from __future__ import annotations

from dataclasses import dataclass, field

from campaigns.forms.report import Box, ReportForm
from campaigns.models import Report
from campaigns.queries.report_sheet import Section, Sheet


@dataclass(slots=True)
class Filled:
    """One section as the page draws it: the form, and what went wrong with it."""

    section: Section
    form: ReportForm
    refusal: str = ""
    is_conflict: bool = False
    was_tried: bool = False
    boxes: list[Box] = field(default_factory=list)

    @property
    def missing(self) -> int:
        return sum(box.is_missing or bool(box.value.errors) for box in self.boxes)

    @property
    def notes_needed(self) -> int:
        return sum(box.preview.needs_note for box in self.boxes)

    @property
    def is_ready(self) -> bool:
        return self.section.can_fill and not self.form.errors and not self.missing and not self.is_conflict

    @property
    def state(self) -> str:
        """What the strip at the top shows: back, sent, approved, missing, note, or complete."""
        status = self.section.report.status
        if self.section.returned is not None:
            return "returned"
        if status in ("to_sign", "submitted", "approved"):
            return status
        if self.missing:
            return "missing"
        return "note" if self.notes_needed else "complete"


@dataclass(slots=True)
class Page:
    sheet: Sheet
    filled: list[Filled]

    @property
    def open(self) -> list[Filled]:
        return [one for one in self.filled if one.section.can_fill]

    @property
    def figures(self) -> int:
        return sum(has_value(box) and not box.errors for one in self.filled for box in one.boxes)

    @property
    def all_figures(self) -> int:
        return sum(len(one.boxes) for one in self.filled)

    @property
    def missing(self) -> int:
        return sum(one.missing for one in self.open)

    @property
    def notes_needed(self) -> int:
        return sum(one.notes_needed for one in self.open)

    @property
    def signable(self) -> list[Report]:
        return [one.section.report for one in self.filled if one.section.can_sign]

    @property
    def has_no_change(self) -> bool:
        """Whether a box is empty that last month's figure could fill."""
        return any(not has_value(box) and box.row.last is not None for one in self.open for box in one.boxes)


def has_value(box: Box) -> bool:
    return bool(str(box.value.value() or "").strip())
