"""The life of an award round: its states, the one table of who may move it how, and its publicity window.

Pages, API, operations, documents and tests all read `WHO_MAY`; nothing else says who may move a round.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from campaigns.domain.working_days import WorkingCalendar


class RoundState(StrEnum):
    OPEN = "open"
    COMPUTED = "computed"
    REVIEWED = "reviewed"
    IN_PUBLICITY = "in_publicity"
    ANNOUNCED = "announced"


class RoundVerb(StrEnum):
    MARK = "mark"  # give a mark by hand
    COMPUTE = "compute"
    REVIEW = "review"
    PUBLICISE = "publicise"
    ADJUST = "adjust"  # bonus, penalty or veto; taken back too
    APPEAL = "appeal"
    ANSWER = "answer"  # an appeal, in writing
    SEND_BACK = "send_back"  # with an appeal that was upheld
    DECIDE = "decide"  # another score or winner than the computed
    ANNOUNCE = "announce"
    REVISE = "revise"  # after the announcement: a new snapshot, with the reason
    PLACE = "place"  # on the agenda of a meeting


class Part(StrEnum):
    """In which capacity a person acts on a round."""

    OFFICE = "office"
    ADMINISTRATOR = "administrator"
    UNIT = "unit"  # head or reporter of a unit that was scored


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundStep:
    """One row of the table: `verb` takes a round from one of `sources` to `target`; None leaves it where it is."""

    verb: RoundVerb
    sources: frozenset[RoundState]
    target: RoundState | None
    who: frozenset[Part]


S, V, P = RoundState, RoundVerb, Part
NOT_ANNOUNCED = frozenset(S) - {S.ANNOUNCED}
OFFICE, ADMINISTRATOR = frozenset({P.OFFICE}), frozenset({P.ADMINISTRATOR})

WHO_MAY: tuple[RoundStep, ...] = (
    RoundStep(verb=V.MARK, sources=frozenset({S.OPEN, S.COMPUTED, S.REVIEWED}), target=None, who=OFFICE),
    RoundStep(verb=V.COMPUTE, sources=frozenset({S.OPEN, S.COMPUTED, S.REVIEWED}), target=S.COMPUTED, who=OFFICE),
    RoundStep(verb=V.REVIEW, sources=frozenset({S.COMPUTED}), target=S.REVIEWED, who=OFFICE),
    RoundStep(verb=V.PUBLICISE, sources=frozenset({S.REVIEWED}), target=S.IN_PUBLICITY, who=OFFICE),
    RoundStep(verb=V.ADJUST, sources=frozenset({S.OPEN}), target=None, who=OFFICE),
    RoundStep(
        verb=V.ADJUST, sources=frozenset({S.COMPUTED, S.REVIEWED, S.IN_PUBLICITY}), target=S.COMPUTED, who=OFFICE
    ),
    RoundStep(verb=V.APPEAL, sources=frozenset({S.IN_PUBLICITY}), target=None, who=frozenset({P.UNIT})),
    RoundStep(verb=V.ANSWER, sources=frozenset({S.COMPUTED, S.REVIEWED, S.IN_PUBLICITY}), target=None, who=OFFICE),
    RoundStep(
        verb=V.SEND_BACK, sources=frozenset({S.COMPUTED, S.REVIEWED, S.IN_PUBLICITY}), target=S.COMPUTED, who=OFFICE
    ),
    RoundStep(
        verb=V.DECIDE, sources=frozenset({S.COMPUTED, S.REVIEWED, S.IN_PUBLICITY}), target=None, who=ADMINISTRATOR
    ),
    RoundStep(verb=V.ANNOUNCE, sources=frozenset({S.IN_PUBLICITY}), target=S.ANNOUNCED, who=ADMINISTRATOR),
    RoundStep(verb=V.REVISE, sources=frozenset({S.ANNOUNCED}), target=None, who=ADMINISTRATOR),
    RoundStep(verb=V.PLACE, sources=NOT_ANNOUNCED, target=None, who=OFFICE),
)


def step(verb: RoundVerb, state: RoundState) -> RoundStep | None:
    """The row of the table for this verb on a round in this state; None where there is none."""
    return next((row for row in WHO_MAY if row.verb == verb and state in row.sources), None)


# --- the publicity window ---------------------------------------------------------------------------------------------


class WindowError(ValueError):
    """A window that cannot be. ``code`` is ``in_the_past``, ``ends_before_it_begins`` or ``too_short``; ``until`` is
    the earliest last day."""

    def __init__(self, code: str, until: date | None = None) -> None:
        super().__init__(code)
        self.code, self.until = code, until


@dataclass(frozen=True, slots=True)
class Window:
    """First and last day; both count."""

    starts_on: date
    ends_on: date

    def has(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


def publicity_window(
    *,
    starts_on: date,
    working_days: int,
    today: date,
    calendar: WorkingCalendar,
    ends_on: date | None = None,
) -> Window:
    """The window that begins on a day and holds so many working days of the Chinese calendar, the first day among them
    where it is worked. A later end may be given; none before that. No working days: the first day alone.

    Raises ``WindowError``.
    """
    if starts_on < today:
        raise WindowError("in_the_past")
    if ends_on is not None and ends_on < starts_on:
        raise WindowError("ends_before_it_begins")
    last = calendar.add(calendar.roll_forward(starts_on), working_days - 1) if working_days else starts_on
    if ends_on is not None and ends_on < last:
        raise WindowError("too_short", last)
    return Window(starts_on, ends_on or last)


def is_over(window: Window, today: date, working_days: int) -> bool:
    """Whether the result may be announced: the last day has passed, or the scheme asks for no publicity."""
    return today > window.ends_on or (not working_days and today >= window.starts_on)
