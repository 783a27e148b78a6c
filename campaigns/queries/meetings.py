"""The meetings and what belongs to each: agenda, requirements, attendance, minutes and the follow-ups from it.

Everyone who has signed in may read them; minutes that are not issued yet are for those who write them, follow-ups and
the names of people for whom they concern.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from campaigns.models import (
    AgendaItem,
    Attendance,
    Campaign,
    FollowUp,
    Meeting,
    MeetingKind,
    Minutes,
    MinutesItem,
    Requirement,
)
from campaigns.permissions import can_arrange_meetings, can_run_meetings, can_see_attendance, can_see_reports_of
from campaigns.queries.agenda import in_order
from campaigns.queries.follow_ups import FollowUpRow, carried_over, follow_up_row
from units.models import Source
from units.permissions import Capacities


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting in the list; `minutes` is the newest version, issued or still being written."""

    meeting: Meeting
    kinds: Sequence[MeetingKind]
    minutes: Minutes | None
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """An agenda item with its place on the page, and whether the reader may open the report it names."""

    number: int
    item: AgendaItem
    is_report_open: bool

    @property
    def title_after_presenter(self) -> str | None:
        """What follows the presenter's name in a title that begins with it; none where it does not."""
        presenter = self.item.presenter
        if presenter is None or not self.item.title.startswith(presenter.name):
            return None
        return self.item.title.removeprefix(presenter.name)


@dataclass(frozen=True, slots=True)
class Session:
    """A session of the meeting with its items in order."""

    label: str
    entries: Sequence[Entry]

    @property
    def minutes(self) -> int:
        return sum(entry.item.minutes_allotted for entry in self.entries)


@dataclass(frozen=True, slots=True)
class RequirementGroup:
    label: str
    requirements: Sequence[Requirement]


@dataclass(frozen=True, slots=True)
class Presence:
    """How many came, and who was on leave or sent somebody else."""

    present: int
    substitutes: Sequence[Attendance]
    on_leave: Sequence[Attendance]
    has_sample: bool


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """All that the page of one meeting shows."""

    meeting: Meeting
    kinds: Sequence[MeetingKind]
    sessions: Sequence[Session]
    requirements: Sequence[RequirementGroup]
    deployment: RequirementGroup | None
    people: Sequence[Attendance]
    units: Sequence[Attendance]
    presence: Presence
    minutes: Minutes | None
    minutes_items: Sequence[MinutesItem]
    follow_ups: Sequence[FollowUpRow]
    carried: Sequence[FollowUpRow]
    may_write: bool
    may_arrange: bool
    is_closed: bool

    @property
    def agenda_count(self) -> int:
        return sum(len(session.entries) for session in self.sessions)

    @property
    def agenda_minutes(self) -> int:
        return sum(session.minutes for session in self.sessions)

    @property
    def requirement_count(self) -> int:
        groups = [*self.requirements, *([self.deployment] if self.deployment else [])]
        return sum(len(group.requirements) for group in groups)

    @property
    def attendance_count(self) -> int:
        return len(self.people) + len(self.units)

    @property
    def has_only_sample_follow_ups(self) -> bool:
        return bool(self.follow_ups) and all(row.follow_up.source == Source.SAMPLE for row in self.follow_ups)

    @property
    def attending(self) -> Sequence[Attendance]:
        """The people under the heading, the chair apart."""
        return [one for one in self.people if one.capacity == Attendance.Capacity.ATTENDING]

    @property
    def source_of_times(self) -> str:
        """The article tells what was on the agenda, never how many minutes it took or as of when the figures stood."""
        return Source.SAMPLE.value if self.meeting.source == Source.ARTICLE else self.meeting.source


def meeting_list(*, campaign: Campaign | None, today: date) -> list[MeetingRow]:
    """Meetings by day, the newest first, of all campaigns or of one. Three queries."""
    rows = Meeting.objects.select_related("campaign").prefetch_related("kinds", "minutes")
    if campaign is not None:
        rows = rows.filter(campaign=campaign)
    return [
        MeetingRow(
            meeting=meeting,
            kinds=list(meeting.kinds.all()),
            minutes=max(meeting.minutes.all(), key=lambda one: one.version, default=None),
            is_ahead=meeting.held_on > today,
        )
        for meeting in rows.order_by("-held_on", "-id")
    ]


def meeting_page(meeting_id: int, *, person: Capacities, today: date) -> MeetingPage:
    """One meeting with all its parts, in ten queries; raises `Meeting.DoesNotExist`."""
    meeting = Meeting.objects.select_related("campaign__office", "period").get(pk=meeting_id)
    requirements = requirement_groups(meeting.requirements.order_by("order"))
    attendances = attendance_seen(meeting.attendances.select_related("unit").order_by("order", "id"), person)
    follow_ups = meeting.follow_ups.visible_to(person).select_related("lead").order_by("number")
    minutes, items = minutes_of(meeting, person)
    kinds, sessions = list(meeting.kinds.order_by("order")), sessions_of(meeting, person)
    return MeetingPage(
        meeting=meeting,
        kinds=kinds,
        sessions=sessions,
        requirements=[group for name, group in requirements.items() if name != Requirement.Group.DEPLOYMENT],
        deployment=requirements.get(Requirement.Group.DEPLOYMENT),
        people=[one for one in attendances if one.name_en or one.name_zh],
        units=[one for one in attendances if not (one.name_en or one.name_zh)],
        presence=_presence(attendances),
        minutes=minutes,
        minutes_items=items,
        follow_ups=[follow_up_row(one, today) for one in follow_ups],
        carried=[follow_up_row(one, today) for one in _carried(meeting, kinds, sessions, person)],
        may_write=can_run_meetings(person),
        may_arrange=can_arrange_meetings(person),
        is_closed=is_closed(meeting),
    )


def is_closed(meeting: Meeting) -> bool:
    """Whether it is cancelled or its minutes are issued, so that it stays as it is."""
    return meeting.is_cancelled or meeting.minutes.filter(issued_at__isnull=False).exists()


def _carried(
    meeting: Meeting, kinds: Sequence[MeetingKind], sessions: Sequence[Session], person: Capacities
) -> Iterable[FollowUp]:
    """What earlier meetings of the series left open, where that is on the agenda; live, for whom it concerns."""
    if not any(one.item.kind == AgendaItem.Kind.FOLLOW_UPS for session in sessions for one in session.entries):
        return []
    names = [one.kind for one in kinds]
    return carried_over(campaign=meeting.campaign, kinds=names, before=meeting.held_on).visible_to(person)


def attendance_seen(rows: Iterable[Attendance], person: Capacities) -> list[Attendance]:
    """Units, and those who led the meeting, are seen by everybody; other people by whom names are shown to."""
    return [one for one in rows if can_see_attendance(person, one)]


def sessions_of(meeting: Meeting, person: Capacities) -> list[Session]:
    """The agenda by session, the morning first, numbered through."""
    items = meeting.agenda.select_related(
        "presenter", "project", "report__unit", "report__action", "report__period__campaign"
    )
    entries = [Entry(number, item, is_report_open(item, person)) for number, item in enumerate(in_order(items), 1)]
    return [
        Session(str(AgendaItem.Session(session).label), list(part))
        for session, part in groupby(entries, key=lambda entry: entry.item.session)
    ]


def is_report_open(item: AgendaItem, person: Capacities) -> bool:
    report = item.report
    return report is not None and can_see_reports_of(person, unit_id=report.unit_id, lead_id=report.action.lead_id)


def requirement_groups(requirements: Iterable[Requirement]) -> dict[str, RequirementGroup]:
    groups: dict[str, list[Requirement]] = {}
    for requirement in requirements:
        groups.setdefault(requirement.group, []).append(requirement)
    return {name: RequirementGroup(str(Requirement.Group(name).label), rows) for name, rows in groups.items()}


def _presence(attendances: Sequence[Attendance]) -> Presence:
    by_presence: dict[str, list[Attendance]] = {}
    for one in attendances:
        by_presence.setdefault(one.presence, []).append(one)
    return Presence(
        present=len(by_presence.get(Attendance.Presence.PRESENT, [])),
        substitutes=by_presence.get(Attendance.Presence.SUBSTITUTE, []),
        on_leave=by_presence.get(Attendance.Presence.LEAVE, []),
        has_sample=any(one.source == Source.SAMPLE for one in attendances),
    )


def minutes_of(meeting: Meeting, person: Capacities) -> tuple[Minutes | None, list[MinutesItem]]:
    """The newest issued version; for those who write the minutes the newest one, issued or not."""
    versions = meeting.minutes.order_by("-version")
    if not (person.is_office or person.is_administrator):
        versions = versions.filter(issued_at__isnull=False)
    minutes = versions.first()
    if minutes is None:
        return None, []
    return minutes, list(minutes.items.select_related("responsible", "agenda_item").order_by("order"))
