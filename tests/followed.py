"""Follow-ups that the town leads, in each state, reached by calling the operations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from campaigns.domain.follow_up_life import FollowUpState
from campaigns.models import FollowUp
from campaigns.operations.follow_ups import (
    Task,
    accept_follow_up,
    archive_follow_up,
    ask_extension,
    assign_follow_up,
    close_follow_up,
    give_feedback,
    register_follow_up,
    send_back_follow_up,
    start_follow_up,
)
from tests.cast import Cast
from units.models import Unit

S = FollowUpState
DUE = date(2022, 9, 30)


def registered(cast: Cast, *, supporting: Sequence[Unit] = (), **fields: Any) -> FollowUp:
    given = {"title_en": "Move the power line", "title_zh": "电力线路迁改", "text": "By the end of the month."}
    task = Task(**given | {"lead": cast.town, "due_on": DUE, "supporting": supporting} | fields)
    return register_follow_up(campaign=cast.campaign, task=task, actor=cast.office, now=cast.now)


def bring_follow_up_to(cast: Cast, state: str, **fields: Any) -> FollowUp:
    """A follow-up of the town in this state, by the steps that its people and the office would take."""
    follow_up = registered(cast, **fields)
    step: dict[str, Any] = {"follow_up_id": follow_up.pk, "now": cast.now}
    way = [
        (S.ASSIGNED, lambda: assign_follow_up(**step, actor=cast.office)),
        (S.ACCEPTED, lambda: accept_follow_up(**step, actor=cast.head)),
        (S.IN_HAND, lambda: start_follow_up(**step, actor=cast.reporter)),
        (S.FEEDBACK, lambda: give_feedback(**step, actor=cast.reporter, text="The line is moved.")),
        (S.CLOSED, lambda: close_follow_up(**step, actor=cast.office)),
        (S.ARCHIVED, lambda: archive_follow_up(**step, actor=cast.office)),
    ]
    if state == S.RETURNED:
        bring_on(way[:4])
        return send_back_follow_up(**step, actor=cast.office, text="The letter is missing.")
    wanted = [one for one, _take in way]
    bring_on(way[: wanted.index(S(state)) + 1] if state in wanted else [])
    return FollowUp.objects.get(pk=follow_up.pk)


def bring_on(way: Sequence[Any]) -> None:
    for _state, take in way:
        take()


def extension_asked(cast: Cast, **fields: Any) -> FollowUp:
    follow_up = bring_follow_up_to(cast, "in_hand", **fields)
    return ask_extension(
        follow_up_id=follow_up.pk, actor=cast.head, now=cast.now, new_due_on=date(2022, 10, 15), text="Rain."
    )
