"""Chooses what is worth asking at a meeting: figures of an agenda item in, questions with what they rest on out.

Subjects are whatever the caller has of them; the words are put elsewhere, in each language. The rules are in
``docs/algorithms/questions.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from campaigns.domain.figures import half_up
from campaigns.domain.light import Light
from campaigns.domain.sentences import MISSED_BELOW

TIMES_THE_PACE = 2
"""A red figure is asked about once it needs more than so many times the pace it has."""

PLACES_LOST = 2
"""A unit is asked why it fell once it lost so many places."""

MOST = 6
"""As many questions as a meeting has time for."""


class Topic(StrEnum):
    """What a question is about, the most urgent first."""

    NO_MEASURE = "no_measure"
    MEASURE_OVERDUE = "measure_overdue"
    NOT_EXPLAINED = "not_explained"
    FOLLOW_UP_OVERDUE = "follow_up_overdue"
    MUST_SPEED_UP = "must_speed_up"
    JUDGED_BETTER = "judged_better"
    NO_FIGURE = "no_figure"
    WILL_MISS = "will_miss"
    MILESTONE_LATE = "milestone_late"
    SHRANK = "shrank"
    FELL = "fell"
    LIGHT_LIFTED = "light_lifted"
    JUDGED_WORSE = "judged_worse"


URGENCY = {topic: place for place, topic in enumerate(Topic)}


@dataclass(frozen=True, slots=True)
class Question:
    """A topic, whom or what it is asked about, and the figures that it rests on."""

    topic: Topic
    subject: Any
    rests_on: Mapping[str, Any] = field(default_factory=dict)


def most_urgent(found: Iterable[Question | None], *, most: int = MOST) -> list[Question]:
    """By topic, within a topic in the order given; no more than so many. Where the lead's judgement of something is
    asked about, where it leads is in that question already."""
    asked = [one for one in found if one is not None]
    judged = {one.subject for one in asked if one.topic is Topic.JUDGED_BETTER}
    kept = [one for one in asked if not (one.topic is Topic.WILL_MISS and one.subject in judged)]
    return sorted(kept, key=lambda one: URGENCY[one.topic])[:most]


# --- figures ----------------------------------------------------------------------------------------------------------


def must_speed_up(
    subject: Any, *, light: Light, rate: Decimal | None, required_rate: Decimal | None
) -> Question | None:
    """A red figure that needs more than twice its median pace a day until the target's day; what stands still or goes
    the wrong way needs it without any number of times."""
    if light is not Light.RED or rate is None or not required_rate:
        return None
    share = Fraction(rate) / Fraction(required_rate)
    if share * TIMES_THE_PACE >= 1:
        return None
    times = half_up(1 / share, 1) if share > 0 else None
    return Question(Topic.MUST_SPEED_UP, subject, {"rate": rate, "required_rate": required_rate, "times": times})


def will_miss(subject: Any, *, light: Light, projected: Fraction | None) -> Question | None:
    """What will be missed by more than a tenth at this rate though its light is not red."""
    if light is Light.RED or projected is None or projected >= MISSED_BELOW:
        return None
    return Question(Topic.WILL_MISS, subject, {"projected": projected, "light": light})


def no_figure(subject: Any, *, coverage: int) -> Question | None:
    """Something without any approved figure; `coverage` in percent."""
    return Question(Topic.NO_FIGURE, subject) if coverage == 0 else None


def shrank(subject: Any, *, growth: Decimal | None, is_more_better: bool) -> Question | None:
    """A figure that should grow and is below the year before; `growth` in percent, as it was entered."""
    if growth is None or growth >= 0 or not is_more_better:
        return None
    return Question(Topic.SHRANK, subject, {"growth": growth})


def light_lifted(subject: Any, *, computed: Light, displayed: Light, reason: str) -> Question | None:
    """A light that an accepted reason lifted: the reason is asked about, the computed light stays in sight."""
    if computed is displayed:
        return None
    return Question(Topic.LIGHT_LIFTED, subject, {"computed": computed, "displayed": displayed, "reason": reason})


def fell(subject: Any, *, rank: int | None, movement: int | None) -> Question | None:
    """A unit that lost two places or more since the published period before."""
    if rank is None or movement is None or movement > -PLACES_LOST:
        return None
    return Question(Topic.FELL, subject, {"rank": rank, "places": -movement})


def judgement(subject: Any, *, is_hopeful: bool, projected: Fraction | None) -> Question | None:
    """Where the lead's judgement and the projection say opposite things: hopeful and missed by more than a tenth, or
    doubtful and enough for the target."""
    if projected is None:
        return None
    if is_hopeful and projected < MISSED_BELOW:
        return Question(Topic.JUDGED_BETTER, subject, {"projected": projected})
    if not is_hopeful and projected >= 1:
        return Question(Topic.JUDGED_WORSE, subject, {"projected": projected})
    return None


# --- projects and follow-ups ------------------------------------------------------------------------------------------


def about_warning(
    subject: Any,
    *,
    is_red: bool,
    is_answered: bool,
    measure: str,
    measure_due_on: date | None,
    raised_on: date,
    today: date,
) -> Question | None:
    """An open warning: a red one without a measure, else one whose measure is past its day, else one that nobody has
    explained yet."""
    days = (today - raised_on).days
    if is_red and not measure:
        return Question(Topic.NO_MEASURE, subject, {"days": days})
    if measure_due_on is not None and measure_due_on < today:
        return Question(
            Topic.MEASURE_OVERDUE, subject, {"due_on": measure_due_on, "days": (today - measure_due_on).days}
        )
    if not is_answered:
        return Question(Topic.NOT_EXPLAINED, subject, {"days": days})
    return None


def milestone_late(subject: Any, *, planned_on: date, done_on: date | None, today: date) -> Question | None:
    """A milestone that is not done by the end of its planned day."""
    if done_on is not None or planned_on >= today:
        return None
    return Question(Topic.MILESTONE_LATE, subject, {"planned_on": planned_on, "days": (today - planned_on).days})


def follow_up_overdue(subject: Any, *, is_done: bool, due_on: date, today: date) -> Question | None:
    if is_done or due_on >= today:
        return None
    return Question(Topic.FOLLOW_UP_OVERDUE, subject, {"due_on": due_on, "days": (today - due_on).days})
