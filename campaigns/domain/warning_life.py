"""The life of an early warning: its states, and the one table of what may follow what, and by whom.

Pages, API, permissions, documents and tests all read `WHO_MAY`; nothing else says who may move a warning. What the
computation does by itself (raise, regrade, mark and clear) is in `by_itself`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from campaigns.domain.warnings import Level


class WarningState(StrEnum):
    RAISED = "raised"
    EXPLAINED = "explained"
    MEASURES = "measures"
    ESCALATED = "escalated"
    CLEARED = "cleared"


class WarningVerb(StrEnum):
    """What is written beside each event; the first five are people's, the others the computation's."""

    EXPLAIN = "explain"
    MEASURE = "measure"
    ACCEPT_REASON = "accept_reason"
    CLEAR = "clear"
    ESCALATE = "escalate"
    RAISE = "raise"
    REGRADE = "regrade"
    CAUSE_GONE = "cause_gone"
    CAUSE_BACK = "cause_back"


class Capacity(StrEnum):
    """In which capacity a person acts on a warning. Nobody decides on a warning of the own unit."""

    UNIT = "unit"  # reporters and heads of the project's unit
    REVIEWER = "reviewer"  # of the lead department; the office where the lead's own project is warned
    OFFICE = "office"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningStep:
    """One row of the table: `verb` takes a warning from one of `sources` to `target`; None leaves it where it is."""

    verb: WarningVerb
    sources: frozenset[WarningState]
    target: WarningState | None
    who: frozenset[Capacity]


S, V, C = WarningState, WarningVerb, Capacity

WHO_MAY: tuple[WarningStep, ...] = (
    WarningStep(
        verb=V.EXPLAIN, sources=frozenset({S.RAISED, S.EXPLAINED}), target=S.EXPLAINED, who=frozenset({C.UNIT})
    ),
    WarningStep(verb=V.EXPLAIN, sources=frozenset({S.ESCALATED}), target=None, who=frozenset({C.UNIT})),
    WarningStep(
        verb=V.MEASURE,
        sources=frozenset({S.EXPLAINED, S.MEASURES, S.ESCALATED}),
        target=S.MEASURES,
        who=frozenset({C.UNIT, C.REVIEWER}),
    ),
    WarningStep(
        verb=V.ACCEPT_REASON,
        sources=frozenset({S.EXPLAINED, S.MEASURES, S.ESCALATED}),
        target=None,
        who=frozenset({C.REVIEWER}),
    ),
    WarningStep(
        verb=V.ESCALATE,
        sources=frozenset({S.RAISED, S.EXPLAINED, S.MEASURES}),
        target=S.ESCALATED,
        who=frozenset({C.REVIEWER, C.OFFICE}),
    ),
    WarningStep(
        verb=V.CLEAR,
        sources=frozenset({S.RAISED, S.EXPLAINED, S.MEASURES, S.ESCALATED}),
        target=S.CLEARED,
        who=frozenset({C.REVIEWER}),
    ),
)


def step(verb: WarningVerb, state: WarningState) -> WarningStep | None:
    """The row of the table for this verb on a warning in this state; None where there is none."""
    return next((row for row in WHO_MAY if row.verb == verb and state in row.sources), None)


class ClearingNeeds(StrEnum):
    """What a warning lacks before it can be cleared."""

    MEASURE = "measure"
    ANSWER = "answer"


def lacks_to_clear(
    *, level: str, has_explanation: bool, has_measure: bool, is_cause_gone: bool
) -> ClearingNeeds | None:
    """A red needs a written measure, whatever else; one whose cause stands needs an answer of the unit."""
    if level == Level.RED and not has_measure:
        return ClearingNeeds.MEASURE
    if not is_cause_gone and not has_explanation and not has_measure:
        return ClearingNeeds.ANSWER
    return None


def clears_by_itself(*, state: str, level: str, has_words: bool) -> bool:
    """Whether the computation may clear a warning whose cause is gone: a yellow that nobody has answered yet.

    `has_words` is whether anything was written on it. Everything else waits for its reviewer.
    """
    return state == WarningState.RAISED and level == Level.YELLOW and not has_words


def is_raised_again(*, basis: str, level: str, cleared_basis: str, cleared_level: str) -> bool:
    """Whether a cause that a reviewer cleared while it stood calls for a new warning: on another basis, or graver."""
    return basis != cleared_basis or (level == Level.RED and cleared_level != Level.RED)
