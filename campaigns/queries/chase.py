"""Which missing reports may be chased, whom that reaches, and who was asked for them today already.

A report is chased at most once a day, and not on a day on which the reminder of the deadline asks for it anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from campaigns.models import Period
from campaigns.queries.clock import local_day
from campaigns.queries.completeness import Cell
from campaigns.queries.recipients import People
from campaigns.queries.reminders import WITH_THE_UNIT, period_reminders
from units.models import Message, Role, Unit
from units.queries.messages import Notice

KIND = "report_chased"
UNTOUCHED = "report_untouched"
Asked = set[tuple[str, int, int]]
"""Unit code, action number and person's id of everybody who was asked for a report."""


def may_be_chased(cell: Cell, now: datetime) -> bool:
    """Whether the report is missing, lies with its unit, and can still be filed."""
    report = cell.report
    if report is None or cell.filing.is_filed or report.status not in WITH_THE_UNIT:
        return False
    return report.takes_figures(now)


def _nudged(period: Period, day: date) -> Asked:
    """Whom a reminder of this day or later asks to go on with a report that came back. One query."""
    rows = Message.objects.filter(kind=UNTOUCHED, params__period=period.key, day__gte=day)
    return {
        (params["unit_code"], params["number"], person)
        for person, params in rows.order_by().values_list("recipient_id", "params")
    }


def chased_on(period: Period, day: date) -> Asked:
    """Whom the office asked for which report on this day or later. One query."""
    rows = Message.objects.filter(kind=KIND, subject__startswith=f"report:{period.key}/", day__gte=day)
    return {
        (params["unit_code"], one["number"], person)
        for person, params in rows.order_by().values_list("recipient_id", "params")
        for one in params["reports"]
    }


@dataclass(frozen=True, slots=True)
class Chase:
    """What a chase is about to do: the messages, the reports in them, who was asked today already, and which units
    have nobody to ask."""

    notices: Sequence[Notice]
    cells: Sequence[Cell]
    asked_before: frozenset[int]
    unreachable: Sequence[Unit]


def chase(period: Period, cells: Sequence[Cell], *, now: datetime) -> Chase:
    """The messages that ask for these reports: one for each person and unit, about all that is new to them."""
    today = local_day(now)
    people = People.on(today, {cell.unit.pk for cell in cells})
    told = chased_on(period, today) | _nudged(period, today) | set(_reminded(period, cells, now))
    reached: dict[tuple[int, Unit], list[Cell]] = {}
    before: set[int] = set()
    unreachable: dict[Unit, None] = {}
    for cell in cells:
        recipients = _recipients(people, cell.unit)
        if not recipients:
            unreachable[cell.unit] = None
        for person in recipients:
            if (cell.unit.code, cell.action.number, person) in told:
                before.add(person)
            else:
                reached.setdefault((person, cell.unit), []).append(cell)
    new = {(cell.unit.pk, cell.action.pk): cell for asked in reached.values() for cell in asked}
    notices = [_notice(period, person, unit, asked, today) for (person, unit), asked in reached.items()]
    return Chase(notices, list(new.values()), frozenset(before), list(unreachable))


def _recipients(people: People, unit: Unit) -> list[int]:
    """The unit's reporters; where it has none, its heads."""
    return people.of(Role.REPORTER, unit.pk) or people.of(Role.HEAD, unit.pk)


def _reminded(period: Period, cells: Iterable[Cell], now: datetime) -> Iterator[tuple[str, int, int]]:
    """Whom a reminder of today asks for these reports, sent already or within the minute."""
    today = local_day(now)
    kinds: dict[int, set[str]] = {}
    for one in period_reminders(period, now=now):
        if one.day == today:
            kinds.setdefault(one.recipient_id, set()).add(one.kind)
    for cell in cells:
        for person, sent in kinds.items():
            if cell.is_overdue or sent & {"period_opened", "report_due_soon"}:
                yield cell.unit.code, cell.action.number, person


def _notice(period: Period, person: int, unit: Unit, asked: Sequence[Cell], today: date) -> Notice:
    """The subject is the first report: nobody is asked for it twice on a day, so no two messages share it."""
    campaign = period.campaign
    return Notice(
        kind=KIND,
        subject=f"report:{period.key}/{unit.code}/{asked[0].action.number}",
        recipient_id=person,
        day=today,
        url=reverse("report_form", args=[campaign.slug, period.month, unit.code]),
        params={
            "campaign_en": campaign.name_en,
            "campaign_zh": campaign.name_zh,
            "month": period.month,
            "due_at": period.due_at.isoformat(),
            "is_overdue": any(cell.is_overdue for cell in asked),
            "unit_code": unit.code,
            "unit_en": unit.name_en,
            "unit_zh": unit.name_zh,
            "count": len(asked),
            "reports": [
                {"number": one.action.number, "name_en": one.action.name_en, "name_zh": one.action.name_zh}
                for one in asked
            ],
        },
    )
