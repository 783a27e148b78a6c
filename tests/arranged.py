"""Meetings of the cast's campaign, called and filled by calling the operations."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from campaigns.models import AgendaItem, Meeting
from campaigns.operations.agenda import ItemFacts, add_item
from campaigns.operations.meetings import MeetingFacts, NumberedKind, make_meeting
from campaigns.operations.minutes import Conclusion, issue_minutes, save_minutes
from tests.cast import Cast
from units.models import Unit

MONTHLY = NumberedKind("monthly_analysis", 2022, 8)


def facts(cast: Cast, **given: Any) -> MeetingFacts:
    usual = {"held_on": date(2022, 9, 26), "name_en": "Monthly analysis", "name_zh": "月度分析会", "kinds": [MONTHLY]}
    return MeetingFacts(**{"campaign": cast.campaign, **usual, **given})


def called(cast: Cast, **given: Any) -> Meeting:
    """A meeting of 26 September at 14:30 about July."""
    usual = {"period": cast.july, "starts_at": time(14, 30)}
    return make_meeting(facts=facts(cast, **usual | given), actor=cast.office, now=cast.now)


def put_on(cast: Cast, meeting: Meeting, title: str, presenter: Unit | None = None, **given: Any) -> AgendaItem:
    """One more item at the end of the agenda."""
    item = ItemFacts(**{"kind": "other", "title_en": title, "title_zh": title, "presenter": presenter, **given})
    return add_item(meeting_id=meeting.pk, version=None, item=item, actor=cast.office, now=cast.now)


def step(cast: Cast, meeting: Meeting, **given: Any) -> dict[str, Any]:
    """What every operation on a meeting asks for, with its newest version."""
    meeting.refresh_from_db()
    usual = {"meeting_id": meeting.pk, "version": meeting.version, "actor": cast.office, "now": cast.now}
    return {**usual, **given}


def with_issued_minutes(cast: Cast, meeting: Meeting, item: AgendaItem | None = None) -> Meeting:
    one = Conclusion(
        item_id=None, agenda_item=item, conclusion_en="Done.", conclusion_zh="", responsible=None, due_on=None
    )
    save_minutes(**step(cast, meeting), conclusions=[one])
    issue_minutes(**step(cast, meeting))
    meeting.refresh_from_db()
    return meeting
