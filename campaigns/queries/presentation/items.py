"""The agenda of a meeting as it is walked through: every item with its time, and all of the one that is shown.

Everyone who has signed in may open it; of each item people see what the pages behind it show them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby

from campaigns.models import AgendaItem, Meeting
from campaigns.permissions import can_see_papers_of
from campaigns.queries.meetings import Entry, sessions_of
from campaigns.queries.presentation.departments import DepartmentReport, department_report
from campaigns.queries.presentation.localities import LocalityReport, locality_report
from campaigns.queries.presentation.looks import looks_of
from campaigns.queries.presentation.others import Announced, CarriedOver, Required, Words, carried, required
from campaigns.queries.presentation.projects import ProjectVideo, WarningVideo, project_video, warning_video
from campaigns.queries.presentation.words import Asked, asked
from units.models import Source
from units.permissions import Capacities

Kind = AgendaItem.Kind
WITHOUT_FIGURES = frozenset({Kind.STUDY, Kind.ASSESSMENT, Kind.OTHER})
Shown = ProjectVideo | WarningVideo | LocalityReport | DepartmentReport | CarriedOver | Required | Announced | Words


class UnknownItem(LookupError):
    """The agenda has no item with this number."""


@dataclass(frozen=True, slots=True)
class Stop:
    """An item in its place; `after` is how many minutes of the agenda lie before it, `at` the time of day that makes
    where the meeting has a beginning."""

    entry: Entry
    session: str
    after: int
    at: time | None

    @property
    def number(self) -> int:
        return self.entry.number

    @property
    def item(self) -> AgendaItem:
        return self.entry.item

    @property
    def clock(self) -> str:
        """The time of day, or how long after the beginning: 9:45, +1:15."""
        if self.at is not None:
            return f"{self.at:%H:%M}"
        return f"+{self.after // 60}:{self.after % 60:02}"

    @property
    def heading(self) -> str:
        """Who presents, as far as a unit does; else the title."""
        return self.item.presenter.name if self.item.presenter else self.item.title

    @property
    def short(self) -> str:
        """The heading in a list."""
        return self.item.presenter.short if self.item.presenter else self.item.title

    @property
    def sub(self) -> str:
        """What the presenter presents."""
        if self.item.presenter is None:
            return ""
        rest = self.entry.title_after_presenter
        told = self.item.title if rest is None else rest.lstrip(":：,， ")
        return told[:1].upper() + told[1:]


@dataclass(frozen=True, slots=True)
class Part:
    """A session with its items."""

    label: str
    stops: Sequence[Stop]

    @property
    def runs(self) -> list[list[Stop]]:
        """Items of one kind that follow each other stand together."""
        return [list(run) for _kind, run in groupby(self.stops, key=lambda stop: stop.item.kind)]


@dataclass(frozen=True, slots=True)
class Presentation:
    """The whole agenda, and the item that is shown: none on an agenda without items. `has_papers` where its presenter's
    papers are for the reader."""

    meeting: Meeting
    parts: Sequence[Part]
    current: Stop | None
    shown: Shown | None
    questions: Sequence[Asked]
    has_papers: bool

    @property
    def stops(self) -> list[Stop]:
        return [stop for part in self.parts for stop in part.stops]

    @property
    def previous(self) -> Stop | None:
        return self._beside(-1)

    @property
    def next(self) -> Stop | None:
        return self._beside(+1)

    @property
    def minutes(self) -> int:
        return sum(stop.item.minutes_allotted for stop in self.stops)

    @property
    def source_of_times(self) -> str:
        """The article tells what was on the agenda, never how many minutes it took."""
        return Source.SAMPLE.value if self.meeting.source == Source.ARTICLE else self.meeting.source

    def _beside(self, step: int) -> Stop | None:
        wanted = self.current.number + step if self.current else 0
        return next((one for one in self.stops if one.number == wanted), None)


def presentation(meeting_id: int, *, number: int, person: Capacities, now: datetime) -> Presentation:
    """The item with this number. Two queries for the agenda, one for the periods, and those of the item's kind; raises
    `Meeting.DoesNotExist` and `UnknownItem`."""
    meeting = Meeting.objects.select_related("campaign", "period").get(pk=meeting_id)
    parts = _parts(meeting, person)
    stops = [stop for part in parts for stop in part.stops]
    if not stops:
        return Presentation(meeting, [], None, None, [], has_papers=False)
    current = next((one for one in stops if one.number == number), None)
    if current is None:
        raise UnknownItem(number)
    shown = _shown(meeting, current.item, person, now)
    presenter_id = current.item.presenter_id
    has_papers = presenter_id is not None and can_see_papers_of(person, unit_id=presenter_id, lead_ids=())
    return Presentation(meeting, parts, current, shown, asked(shown.questions), has_papers)


def _parts(meeting: Meeting, person: Capacities) -> list[Part]:
    found, after = [], 0
    for session in sessions_of(meeting, person):
        stops = []
        for entry in session.entries:
            stops.append(Stop(entry, session.label, after, _time_of(meeting, after)))
            after += entry.item.minutes_allotted
        found.append(Part(session.label, stops))
    return found


def _time_of(meeting: Meeting, after: int) -> time | None:
    if meeting.starts_at is None:
        return None
    return (datetime.combine(meeting.held_on, meeting.starts_at) + timedelta(minutes=after)).time()


def _shown(meeting: Meeting, item: AgendaItem, person: Capacities, now: datetime) -> Shown:
    if item.kind == Kind.REQUIREMENTS:
        return required(meeting)
    if item.kind == Kind.AWARD:
        return Announced()
    if item.kind in WITHOUT_FIGURES:
        return Words()
    return _of_figures(meeting, item, person, now) or Words()


def _of_figures(meeting: Meeting, item: AgendaItem, person: Capacities, now: datetime) -> Shown | None:
    """What stands on a campaign's figures; none where there is no campaign or unit to show figures of."""
    looks, unit = looks_of(meeting), item.presenter
    if looks.named is None or looks.running is None:
        return None
    if item.kind == Kind.PROJECT_VIDEO and (unit or item.project_id):
        return project_video(looks.running, unit, item.project_id, person=person, now=now)
    if item.kind == Kind.WARNING_VIDEO:
        return warning_video(looks.running, person=person, now=now)
    if item.kind == Kind.LOCALITY_REPORT and unit:
        return locality_report(looks.named, unit, person=person, now=now)
    if item.kind == Kind.DEPARTMENT_REPORT and unit:
        return department_report(looks.running, unit, person=person)
    if item.kind == Kind.FOLLOW_UPS:
        return carried(looks.running, meeting, person=person, now=now)
    return None
