"""Makes the next meeting of a series with its agenda, and gives a campaign the series that it has none of.

The series' row is locked and its version raised, so that two clicks make one meeting.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import AgendaItem, Campaign, Meeting, MeetingSeries, SeriesItem
from campaigns.operations.agenda import FIELDS as ITEM_FIELDS
from campaigns.operations.meetings import MeetingFacts, NumberedKind, created, must_arrange, papers_due_at
from campaigns.queries.clock import local_day
from campaigns.queries.meeting_series import DEFAULT_ROWS, SERIES_NAMES, NextMeeting, next_meeting_of
from campaigns.refusals import StaleVersion
from units.models import User
from units.operations.changes import Touched, fields_of, record
from units.operations.constraints import must_be_right

FIELDS = ("campaign", "kind", "name_en", "name_zh", "day_of_month")
ROW_FIELDS = ("order", "session", "kind", "title_en", "title_zh", "presenters", "minutes_allotted", "form")


@transaction.atomic
def series_of(*, campaign: Campaign, kind: str, actor: User, now: datetime) -> MeetingSeries:
    """The campaign's series of this kind; where it has none, one with the default template."""
    must_arrange(actor, now)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    found = MeetingSeries.objects.filter(campaign=campaign, kind=kind).first()
    if found is not None:
        return found
    english, chinese = SERIES_NAMES[kind]
    made = MeetingSeries.objects.create(campaign=campaign, kind=kind, name_en=english, name_zh=chinese)
    rows = [SeriesItem(series=made, order=order, **row) for order, row in enumerate(DEFAULT_ROWS, start=1)]
    SeriesItem.objects.bulk_create(rows)
    touched = [Touched(row, None, fields_of(row, ROW_FIELDS)) for row in made.template.all()]
    record(actor=actor, verb="make_series", touched=[Touched(made, None, fields_of(made, FIELDS)), *touched])
    return made


@transaction.atomic
def next_meeting(*, series_id: int, version: int | None, actor: User, now: datetime) -> Meeting:
    """Makes the series' next meeting: its name and number, the last closed period, papers due two working days ahead,
    and the agenda of the template. Raises `StaleVersion` where somebody has just made it."""
    must_arrange(actor, now)
    series = MeetingSeries.objects.select_for_update().get(pk=series_id)
    if version is not None and series.version != version:
        raise StaleVersion(_("The series changed after you opened the page: see whether the meeting is there already."),
                           current=series)  # fmt: skip
    planned = next_meeting_of(series, today=local_day(now))
    meeting, touched = created(_facts(series, planned))
    touched += _fill_agenda(meeting, planned)
    series.version += 1
    series.save(update_fields=["version", "updated_at"])
    of_series = Touched(series, {"version": series.version - 1}, {"version": series.version})
    record(actor=actor, verb="make_next_meeting", touched=[*touched, of_series])
    return meeting


def _facts(series: MeetingSeries, planned: NextMeeting) -> MeetingFacts:
    due = papers_due_at(planned.held_on)
    period = planned.period
    return MeetingFacts(
        campaign=series.campaign,
        period=period,
        series=series,
        kinds=[NumberedKind(series.kind, planned.held_on.year, planned.number)],
        name_en=planned.name_en,
        name_zh=planned.name_zh,
        held_on=planned.held_on,
        starts_at=series.starts_at,
        place=series.place,
        video_url=series.video_url,
        chair_en=series.chair_en,
        chair_zh=series.chair_zh,
        figures_as_of=(period.published_at or due) if period else None,
        papers_due_at=due,
    )


def _fill_agenda(meeting: Meeting, planned: NextMeeting) -> list[Touched]:
    """An item for each planned one, in their order."""
    touched = []
    for order, row in enumerate(planned.items, start=1):
        item = AgendaItem(meeting=meeting, order=order, **row)
        must_be_right(item)
        item.save()
        touched.append(Touched(item, None, fields_of(item, ITEM_FIELDS)))
    return touched
