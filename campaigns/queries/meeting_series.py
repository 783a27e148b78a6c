"""What the next meeting of a series would be: day, name, number, period, and the agenda that its template gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max
from django.utils.formats import date_format
from django.utils.translation import override

from campaigns.domain.agenda import next_day
from campaigns.models import Action, Assignment, Campaign, Meeting, MeetingKind, MeetingSeries, Period, SeriesItem
from campaigns.models.meeting_series import AgendaKind, MeetingType
from campaigns.queries.calendars import working_calendar
from campaigns.queries.follow_ups import carried_over
from units.models import Unit

SERIES_NAMES = {
    MeetingType.MONTHLY_ANALYSIS.value: ("Monthly analysis meeting", "月度分析会"),
    MeetingType.MUTUAL_LEARNING.value: ("Mutual learning and competition event", "“互学互比”活动"),
    MeetingType.STANDING_COMMITTEE.value: ("Enlarged meeting of the Standing Committee", "市委常委会扩大会议"),
}

WHO = SeriesItem.Presenters
DEFAULT_ROWS: Sequence[Mapping[str, Any]] = (
    {"kind": AgendaKind.FOLLOW_UPS, "title_en": "Follow-ups carried over from earlier meetings",
     "title_zh": "上次会议督办事项办理情况"},
    {"kind": AgendaKind.LOCALITY_REPORT, "title_en": "{unit}: report", "title_zh": "{unit}汇报",
     "presenters": WHO.LOCALITIES},
    {"kind": AgendaKind.DEPARTMENT_REPORT, "title_en": "{unit}: report", "title_zh": "{unit}汇报",
     "presenters": WHO.DEPARTMENTS},
    {"kind": AgendaKind.WARNING_VIDEO, "title_en": "Early-warning projects", "title_zh": "预警项目情况",
     "form": "video"},
    {"kind": AgendaKind.AWARD, "title_en": "Result of the mobile red flag", "title_zh": "流动红旗评定结果",
     "minutes_allotted": 5},
    {"kind": AgendaKind.REQUIREMENTS, "title_en": "What the meeting requires", "title_zh": "会议要求",
     "minutes_allotted": 20},
)  # fmt: skip
"""The template of a campaign that has none of its own yet."""

NAMED = 12
"""So many follow-ups are named in the text of their item; all are listed live on its page."""


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """The next meeting of a series as it would be made now; `items` are the fields of its agenda, in order."""

    held_on: date
    number: int
    period: Period | None
    name_en: str
    name_zh: str
    items: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series with the day on which its next meeting would be held."""

    series: MeetingSeries
    held_on: date


def series_row(campaign: Campaign, today: date) -> SeriesRow | None:
    """The campaign's monthly analysis; none where it has no series yet."""
    found = MeetingSeries.objects.filter(campaign=campaign, kind=MeetingType.MONTHLY_ANALYSIS).first()
    return SeriesRow(found, next_day_of(found, today)) if found else None


def next_meeting_of(series: MeetingSeries, *, today: date) -> NextMeeting:
    """Ten queries at most, whatever the rows."""
    held_on = next_day_of(series, today)
    period = last_closed(series.campaign)
    return NextMeeting(
        held_on=held_on,
        number=_number(series.kind, held_on.year),
        period=period,
        name_en=f"{series.name_en}, {_month(held_on, 'en')}",
        name_zh=f"{_month(held_on, 'zh-hans')}{series.name_zh}",
        items=list(_items(series, held_on, period.ends_on if period else held_on)),
    )


def next_day_of(series: MeetingSeries, today: date) -> date:
    """After today, and after the last meeting of the kind that the campaign has."""
    held = Meeting.objects.filter(campaign=series.campaign_id, kinds__kind=series.kind, cancelled_at=None)
    last = held.aggregate(last=Max("held_on"))["last"]
    return next_day(series.day_of_month, after=max(today, last or today), calendar=working_calendar())


def last_closed(campaign: Campaign) -> Period | None:
    states = (Period.State.CLOSED, Period.State.PUBLISHED)
    return campaign.periods.filter(state__in=states).order_by("-month").first()


def _number(kind: str, year: int) -> int:
    """After those of the year, of all campaigns, numbered or not."""
    held = MeetingKind.objects.filter(kind=kind, meeting__held_on__year=year, meeting__cancelled_at=None)
    told = held.aggregate(most=Max("number"), count=Count("pk"))
    return max(told["most"] or 0, told["count"]) + 1


def _month(day: date, language: str) -> str:
    with override(language):
        return date_format(day, "F Y") if language == "en" else f"{day.year}年{day.month}月"


# --- the agenda -------------------------------------------------------------------------------------------------------


def _items(series: MeetingSeries, held_on: date, on: date) -> Iterator[dict[str, Any]]:
    rows = list(series.template.order_by("order"))
    presenters = _presenters(series.campaign, on)
    for row in rows:
        common = {"kind": row.kind, "session": row.session, "minutes_allotted": row.minutes_allotted, "form": row.form}
        if row.kind == AgendaKind.FOLLOW_UPS:
            common |= _carried(series, held_on)
        if row.presenters == WHO.NONE:
            yield {**common, "title_en": row.title_en, "title_zh": row.title_zh}
        for unit, action in presenters.get(row.presenters, ()):
            yield {
                **common,
                "presenter": unit,
                "title_en": _named(row.title_en, unit.name_en, action.name_en if action else "")[:300],
                "title_zh": _named(row.title_zh, unit.name_zh, action.name_zh if action else "")[:150],
            }


def _named(title: str, unit: str, action: str) -> str:
    return title.replace("{unit}", unit).replace("{action}", action)


Presenter = tuple[Unit, Action | None]


def _presenters(campaign: Campaign, on: date) -> dict[str, list[Presenter]]:
    """By rule. Departments present that lead an action or report on one. Two queries."""
    actions = list(campaign.actions.select_related("lead").order_by("number"))
    assigned = Assignment.objects.filter(action__campaign=campaign).covering(on).select_related("unit")
    units = _in_order([*(one.unit for one in assigned), *(one.lead for one in actions)])
    departments = [one for one in units if one.kind == Unit.Kind.DEPARTMENT]
    reporting = {one.unit_id for one in assigned}
    return {
        WHO.LOCALITIES: [(one, None) for one in units if one.is_locality and one.pk in reporting],
        WHO.DEPARTMENTS: [(one, None) for one in departments],
        WHO.LEADS: [(one.lead, one) for one in actions],
    }


def _in_order(units: Iterable[Unit]) -> list[Unit]:
    found = {one.pk: one for one in units if one.is_active}
    return sorted(found.values(), key=lambda one: (one.order, one.code))


def _carried(series: MeetingSeries, held_on: date) -> dict[str, str]:
    """What earlier meetings left open when the agenda was made."""
    rows = carried_over(campaign=series.campaign, kinds=[series.kind], before=held_on)
    numbers = list(rows.values_list("number", flat=True))
    if not numbers:
        return {}
    told = ", ".join(numbers[:NAMED]) + (" …" if len(numbers) > NAMED else "")
    return {
        "text_en": f"Carried over when the agenda was made: {told}.",
        "text_zh": f"编制议程时结转：{told.replace(', ', '、')}。",
    }
