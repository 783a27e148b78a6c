"""The meeting of 27 July 2022: its kinds, agenda, attendance, requirements, minutes, and the follow-ups from it."""

from __future__ import annotations

from datetime import datetime

from campaigns.models import (
    AgendaItem,
    Attendance,
    Campaign,
    FollowUp,
    FollowUpEvent,
    Meeting,
    MeetingKind,
    Minutes,
    MinutesItem,
    Period,
    Requirement,
)
from units.models import Source, Unit, User

from .files import as_instant, read
from .reports import OPEN_CAMPAIGN
from .tally import Tally


def load_meetings(tally: Tally, stands_at: datetime) -> None:
    units = {unit.code: unit for unit in Unit.objects.all()}
    people = {person.username: person for person in User.objects.all()}
    meeting = _load_meeting(tally)
    _load_kinds(tally, meeting)
    _load_attendance(tally, meeting, units)
    _load_agenda(tally, meeting, units)
    _load_requirements(tally, meeting)
    items = _load_minutes(tally, meeting, units, people)
    _load_follow_ups(tally, meeting, items, units, people, stands_at)


def first_item(meeting: Meeting, key: str) -> AgendaItem:
    """The agenda item that a key of the file means; of several presenters the first."""
    rows = read("meeting")["agenda"]
    kind = next(row["kind"] for row in rows if row["key"] == key)
    return meeting.agenda.filter(kind=kind).order_by("order")[0]


def _load_meeting(tally: Tally) -> Meeting:
    row = read("meeting")["meeting"]
    campaign = Campaign.objects.get(slug=row["campaign"])
    meeting = Meeting(
        campaign=campaign,
        period=Period.objects.get(campaign=campaign, month=row["period"]),
        figures_as_of=row["figures_as_of"],
        name_en=row["name_en"],
        name_zh=row["name_zh"],
        held_on=row["held_on"],
        chair_en=row["chair_en"],
        chair_zh=row["chair_zh"],
        summary_en=row["summary_en"],
        summary_zh=row["summary_zh"],
        source=row["source"],
    )
    stored = tally.add_missing([meeting], "campaign", "held_on")
    return stored[(campaign.pk, row["held_on"])]


def _load_kinds(tally: Tally, meeting: Meeting) -> None:
    kinds = [
        MeetingKind(
            meeting=meeting,
            kind=row["kind"],
            year=row.get("year"),
            number=row.get("number"),
            order=order,
            source=row["source"],
        )
        for order, row in enumerate(read("meeting")["kinds"], start=1)
    ]
    tally.add_missing(kinds, "meeting", "kind")


def _load_attendance(tally: Tally, meeting: Meeting, units: dict[str, Unit]) -> None:
    content = read("meeting")
    names = ("name_en", "name_zh", "office_en", "office_zh", "capacity", "presence", "source")
    people = [Attendance(meeting=meeting, **{name: row[name] for name in names}) for row in content["people"]]
    present = [
        Attendance(meeting=meeting, unit=units[code], capacity=row["capacity"], source=row["source"])
        for row in content["units_present"]
        for code in row["units"]
    ]
    for order, one in enumerate([*people, *present], start=1):
        one.order = order
    tally.add_missing([*people, *present], "meeting", "unit", "name_en")


def _load_agenda(tally: Tally, meeting: Meeting, units: dict[str, Unit]) -> None:
    items = [
        AgendaItem(
            meeting=meeting,
            session=row["session"],
            kind=row["kind"],
            title_en=row["title_en"].format(unit=units[code].name_en if code else ""),
            title_zh=row["title_zh"].format(unit=units[code].name_zh if code else ""),
            presenter=units[code] if code else None,
            minutes_allotted=row["minutes_allotted"],
            form=row["form"],
            text_en=row.get("text_en", ""),
            text_zh=row.get("text_zh", ""),
            article_words=_quotes(row),
            source=row["source"],
        )
        for row in read("meeting")["agenda"]
        for code in row.get("presenters", [None])
    ]
    for order, item in enumerate(items, start=1):
        item.order = order
    if not meeting.agenda.exists():  # an agenda that is there may have been put in another order
        tally.add_missing(items, "meeting", "order")


def _load_requirements(tally: Tally, meeting: Meeting) -> None:
    requirements = [
        Requirement(
            meeting=meeting,
            group=row["group"],
            order=order,
            text_en=row["text_en"],
            text_zh=row["text_zh"],
            article_words=_quotes(row),
            source=row["source"],
        )
        for order, row in enumerate(read("meeting")["requirements"], start=1)
    ]
    if not meeting.requirements.exists():
        tally.add_missing(requirements, "meeting", "order")


def _quotes(row: dict) -> str:
    """The words of the article, one quotation a line."""
    return "\n".join(row.get("article_words", []))


def _load_minutes(tally: Tally, meeting: Meeting, units: dict[str, Unit], people: dict[str, User]) -> list[MinutesItem]:
    row = read("meeting")["minutes"]
    minutes = Minutes(
        meeting=meeting,
        number=row["number"],
        issued_at=row["issued_at"],
        issued_by=people["office"],
        source=row["source"],
    )
    stored = tally.add_missing([minutes], "meeting", "version")[(meeting.pk, 1)]
    if not stored.items.exists():
        items = [
            MinutesItem(
                minutes=stored,
                order=order,
                agenda_item=first_item(meeting, entry["agenda"]),
                conclusion_en=entry["conclusion_en"],
                conclusion_zh=entry["conclusion_zh"],
                responsible=units[entry["responsible"]],
                due_on=entry["due_on"],
                source=entry["source"],
            )
            for order, entry in enumerate(row["items"], start=1)
        ]
        tally.add_missing(items, "minutes", "order")
    return list(stored.items.order_by("order"))


def _load_follow_ups(
    tally: Tally,
    meeting: Meeting,
    items: list[MinutesItem],
    units: dict[str, Unit],
    people: dict[str, User],
    stands_at: datetime,
) -> None:
    campaign = Campaign.objects.get(slug=OPEN_CAMPAIGN)
    keys = [row["key"] for row in read("meeting")["requirements"]]
    known = set(FollowUp.objects.values_list("number", flat=True))
    for row in read("meeting")["follow_ups"]:
        if row["number"] in known:
            continue
        steps = [step for step in row["steps"] if as_instant(step["at"]) <= stands_at]
        state = steps[-1]["to"] if steps else FollowUp.State.REGISTERED
        item = items[row["minutes_item"] - 1] if len(items) >= row["minutes_item"] else None
        follow_up = FollowUp.objects.create(
            campaign=campaign,
            number=row["number"],
            title_en=row["title_en"],
            title_zh=row["title_zh"],
            text=row["text"],
            origin=FollowUp.Origin.MEETING,
            meeting=meeting,
            agenda_item=item.agenda_item if item else None,
            minutes_item=item,
            requirement=meeting.requirements.filter(order=keys.index(row["requirement"]) + 1).first(),
            lead=units[row["lead"]],
            registered_on=row["registered_on"],
            due_on=row["due_on"],
            state=state,
            closed_on=as_instant(steps[-1]["at"]).date() if state == FollowUp.State.CLOSED else None,
            source=row["source"],
        )
        follow_up.supporting.set(units[code] for code in row["supporting"])
        FollowUpEvent.objects.bulk_create(_events(follow_up, steps, people))
        tally.count(FollowUp)


def _events(follow_up: FollowUp, steps: list[dict], people: dict[str, User]) -> list[FollowUpEvent]:
    states = [FollowUp.State.REGISTERED, *(step["to"] for step in steps)]
    return [
        FollowUpEvent(
            source=Source.SAMPLE,
            follow_up=follow_up,
            verb=step["verb"],
            from_state=came_from,
            to_state=step["to"],
            actor=people[step["by"]],
            at=as_instant(step["at"]),
            text=step.get("text", ""),
        )
        for came_from, step in zip(states, steps, strict=False)
    ]
