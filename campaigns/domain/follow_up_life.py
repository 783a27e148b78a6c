"""The life of a follow-up: its states, the one table of what may follow what and by whom, and the rule of its light.

Pages, API, permissions and tests all read `WHO_MAY`; nothing else says who may move a follow-up. Extensions move the
due date and not the state; `may_ask_extension` says when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class FollowUpState(StrEnum):
    REGISTERED = "registered"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    IN_HAND = "in_hand"
    FEEDBACK = "feedback"
    RETURNED = "returned"
    CLOSED = "closed"
    ARCHIVED = "archived"


class FollowUpVerb(StrEnum):
    """What is written beside each event; `register` makes the row."""

    REGISTER = "register"
    ASSIGN = "assign"
    ACCEPT = "accept"
    START = "start"
    FEEDBACK = "feedback"
    SEND_BACK = "send_back"
    CLOSE = "close"
    ARCHIVE = "archive"
    EXTEND = "extend"
    GRANT = "grant"
    REFUSE = "refuse"


class Part(StrEnum):
    """In which capacity a person acts on a follow-up. Nobody sends back what the own unit did."""

    OFFICE = "office"
    LEAD_UNIT = "lead_unit"  # reporters and heads of the unit that leads it
    SOURCE_LEAD = "source_lead"  # reviewers of the department that leads the project it comes from


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpStep:
    """One row of the table: `verb` takes a follow-up from one of `sources` to `target`; None leaves it where it is."""

    verb: FollowUpVerb
    sources: frozenset[FollowUpState]
    target: FollowUpState | None
    who: frozenset[Part]
    asks_words: bool = False


S, V, P = FollowUpState, FollowUpVerb, Part

IN_WORK = frozenset({S.ASSIGNED, S.ACCEPTED, S.IN_HAND, S.RETURNED})
"""States in which the lead unit has it before it."""

DONE = frozenset({S.CLOSED, S.ARCHIVED})

WHO_MAY: tuple[FollowUpStep, ...] = (
    FollowUpStep(verb=V.ASSIGN, sources=frozenset({S.REGISTERED}), target=S.ASSIGNED, who=frozenset({P.OFFICE})),
    FollowUpStep(verb=V.ACCEPT, sources=frozenset({S.ASSIGNED}), target=S.ACCEPTED, who=frozenset({P.LEAD_UNIT})),
    FollowUpStep(
        verb=V.START, sources=frozenset({S.ACCEPTED, S.RETURNED}), target=S.IN_HAND, who=frozenset({P.LEAD_UNIT})
    ),
    FollowUpStep(
        verb=V.FEEDBACK,
        sources=frozenset({S.IN_HAND, S.RETURNED}),
        target=S.FEEDBACK,
        who=frozenset({P.LEAD_UNIT}),
        asks_words=True,
    ),
    FollowUpStep(
        verb=V.SEND_BACK,
        sources=frozenset({S.FEEDBACK}),
        target=S.RETURNED,
        who=frozenset({P.OFFICE, P.SOURCE_LEAD}),
        asks_words=True,
    ),
    FollowUpStep(verb=V.CLOSE, sources=frozenset({S.FEEDBACK}), target=S.CLOSED, who=frozenset({P.OFFICE})),
    FollowUpStep(verb=V.ARCHIVE, sources=frozenset({S.CLOSED}), target=S.ARCHIVED, who=frozenset({P.OFFICE})),
    FollowUpStep(verb=V.EXTEND, sources=IN_WORK, target=None, who=frozenset({P.LEAD_UNIT}), asks_words=True),
    FollowUpStep(verb=V.GRANT, sources=IN_WORK | {S.FEEDBACK}, target=None, who=frozenset({P.OFFICE})),
    FollowUpStep(
        verb=V.REFUSE, sources=IN_WORK | {S.FEEDBACK}, target=None, who=frozenset({P.OFFICE}), asks_words=True
    ),
)


def step(verb: FollowUpVerb, state: FollowUpState) -> FollowUpStep | None:
    """The row of the table for this verb on a follow-up in this state; None where there is none."""
    return next((row for row in WHO_MAY if row.verb == verb and state in row.sources), None)


def may_ask_extension(*, due_on: date, today: date) -> bool:
    """Only before the due date."""
    return today < due_on


# --- the light --------------------------------------------------------------------------------------------------------

NEAR_DAYS = 3
"""So many days before it is due a follow-up is shown as near."""

UNACCEPTED = frozenset({S.REGISTERED, S.ASSIGNED})
"""States in which nobody has taken it on yet."""


class Urgency(StrEnum):
    """How a follow-up stands against its due date: red once overdue, yellow while returned or behind, blue near."""

    CLOSED = "closed"
    OVERDUE = "overdue"
    RETURNED = "returned"
    BEHIND = "behind"
    NEAR = "near"
    IN_TIME = "in_time"


def urgency(*, state: str, registered_on: date, due_on: date, today: date) -> Urgency:
    """The gravest of what holds. Behind is one that nobody has accepted when more than half of its time is over."""
    if state in DONE:
        return Urgency.CLOSED
    if due_on < today:
        return Urgency.OVERDUE
    if state == S.RETURNED:
        return Urgency.RETURNED
    if state in UNACCEPTED and today - registered_on > due_on - today:
        return Urgency.BEHIND
    return Urgency.NEAR if (due_on - today).days <= NEAR_DAYS else Urgency.IN_TIME
