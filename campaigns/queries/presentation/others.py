"""Items that show what was carried over, what the meeting required, or their own words alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaigns.domain.questions import Question
from campaigns.models import Meeting
from campaigns.queries.clock import local_day
from campaigns.queries.follow_ups import FollowUpRow, carried_over, follow_up_row
from campaigns.queries.meetings import RequirementGroup, requirement_groups
from campaigns.queries.presentation.localities import about_follow_up
from campaigns.queries.presentation.looks import Look
from units.permissions import Capacities


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What earlier meetings of the series asked for and is not done, as far as the reader may see it."""

    rows: Sequence[FollowUpRow]
    is_partial: bool
    questions: Sequence[Question | None]

    template = "follow_ups"


@dataclass(frozen=True, slots=True)
class Required:
    groups: Sequence[RequirementGroup]
    questions: Sequence[Question | None] = ()

    template = "requirements"


@dataclass(frozen=True, slots=True)
class Announced:
    """The result of an award round: the template asks the awards for it."""

    questions: Sequence[Question | None] = ()

    template = "award"


@dataclass(frozen=True, slots=True)
class Words:
    """Nothing but the words of the item."""

    questions: Sequence[Question | None] = ()

    template = ""


def carried(look: Look, meeting: Meeting, *, person: Capacities, now: datetime) -> CarriedOver:
    """Two queries."""
    kinds = list(meeting.kinds.values_list("kind", flat=True))
    earlier = carried_over(campaign=look.campaign, kinds=kinds, before=meeting.held_on)
    found = list(earlier.visible_to(person))
    return CarriedOver(
        rows=[follow_up_row(one, local_day(now)) for one in found],
        is_partial=not person.reads_everything,
        questions=[about_follow_up(one, now) for one in found],
    )


def required(meeting: Meeting) -> Required:
    """One query."""
    return Required(list(requirement_groups(meeting.requirements.order_by("order")).values()))
