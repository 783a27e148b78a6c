"""The life of a monthly report: its statuses, and the one table of what may follow what, and by whom.

Pages, API, permissions, documents and tests all read `WHO_MAY`; nothing else says who may move a report.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReportStatus(StrEnum):
    DRAFT = "draft"
    TO_SIGN = "to_sign"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


class Verb(StrEnum):
    SUBMIT = "submit"
    RECALL = "recall"
    SIGN = "sign"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    REOPEN = "reopen"
    CORRECT = "correct"


class Who(StrEnum):
    """In which capacity a person acts on a report. An own unit's report is never decided by its own people."""

    REPORTER = "reporter"
    HEAD = "head"
    REVIEWER = "reviewer"
    OFFICE = "office"


class When(StrEnum):
    """In which stretch of the period a step may be taken."""

    FILING = "filing"  # the period is open, or the report has been reopened
    UNTIL_PUBLISHED = "until_published"  # open or closed, not yet published
    AFTER_CLOSING = "after_closing"  # closed or published


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of the table: `verb` takes a report from one of `sources` to `target`, by one of `who`, `when`."""

    verb: Verb
    sources: frozenset[ReportStatus]
    target: ReportStatus
    who: frozenset[Who]
    when: When
    asks_reason: bool = False
    is_open_to_tokens: bool = False


S, W = ReportStatus, Who

WHO_MAY: tuple[Step, ...] = (
    Step(
        verb=Verb.SUBMIT,
        sources=frozenset({S.DRAFT, S.RETURNED}),
        target=S.TO_SIGN,
        who=frozenset({W.REPORTER, W.OFFICE}),
        when=When.FILING,
        is_open_to_tokens=True,
    ),
    Step(
        verb=Verb.RECALL,
        sources=frozenset({S.TO_SIGN, S.SUBMITTED}),
        target=S.DRAFT,
        who=frozenset({W.REPORTER, W.HEAD}),
        when=When.FILING,
        is_open_to_tokens=True,
    ),
    Step(
        verb=Verb.SIGN,
        sources=frozenset({S.TO_SIGN}),
        target=S.SUBMITTED,
        who=frozenset({W.HEAD}),
        when=When.FILING,
    ),
    Step(
        verb=Verb.SEND_BACK,
        sources=frozenset({S.TO_SIGN}),
        target=S.RETURNED,
        who=frozenset({W.HEAD}),
        when=When.FILING,
        asks_reason=True,
    ),
    Step(
        verb=Verb.SEND_BACK,
        sources=frozenset({S.SUBMITTED, S.APPROVED}),
        target=S.RETURNED,
        who=frozenset({W.REVIEWER}),
        when=When.UNTIL_PUBLISHED,
        asks_reason=True,
    ),
    Step(
        verb=Verb.APPROVE,
        sources=frozenset({S.SUBMITTED}),
        target=S.APPROVED,
        who=frozenset({W.REVIEWER}),
        when=When.UNTIL_PUBLISHED,
    ),
    Step(
        verb=Verb.REOPEN,
        sources=frozenset(ReportStatus),
        target=S.RETURNED,
        who=frozenset({W.OFFICE}),
        when=When.AFTER_CLOSING,
        asks_reason=True,
    ),
    Step(
        verb=Verb.CORRECT,
        sources=frozenset({S.APPROVED}),
        target=S.APPROVED,
        who=frozenset({W.OFFICE}),
        when=When.AFTER_CLOSING,
        asks_reason=True,
    ),
)

EDITABLE = frozenset({S.DRAFT, S.RETURNED})
"""Statuses in which a unit may change the figures of its report."""

FILED = frozenset({S.SUBMITTED, S.APPROVED})
"""Statuses in which a report lies with the lead department or has been accepted by it."""


def step(verb: Verb, status: ReportStatus) -> Step | None:
    """The row of the table for this verb on a report in this status; None where there is none."""
    return next((row for row in WHO_MAY if row.verb == verb and status in row.sources), None)


def is_open_to_tokens(verb: Verb) -> bool:
    """Whether client systems may take this step."""
    return all(row.is_open_to_tokens for row in WHO_MAY if row.verb == verb)


def target(row: Step, *, asks_signature: bool) -> ReportStatus:
    """Where the step leads: filing goes straight to `submitted` where the campaign asks for no signature."""
    if row.verb == Verb.SUBMIT and not asks_signature:
        return ReportStatus.SUBMITTED
    return row.target
