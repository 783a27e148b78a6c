"""Makes a campaign as large as it is asked for, the same each time: for benchmarks, and to see pages with much in them.

Rows go into the tables by the thousand, without the operations; all constraints hold, and a filed report has its
events. The last month is August 2022, as in the Jiaxing data; it is open, its reports are drafts without figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from campaigns.domain.months import Month
from campaigns.domain.workflow import ReportStatus, Verb
from campaigns.models import (
    Action,
    Assignment,
    Campaign,
    Indicator,
    Measurement,
    Period,
    Report,
    ReportEvent,
    Target,
)
from campaigns.operations.clock import set_clock
from campaigns.operations.periods import make_periods
from campaigns.queries.clock import clock_row
from units.models import Membership, RankingGroup, RankingGroupMember, Role, Source, Unit, User
from units.operations.changes import record

SLUG = "scale"
LAST_MONTH = Month(2022, 8)
STANDS_AT = datetime(2022, 9, 3, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
AT_ONCE = 2000
GOAL = 1000
"""Every indicator goes from 0 to this."""
STEPS = (
    (Verb.SUBMIT, ReportStatus.DRAFT, ReportStatus.TO_SIGN),
    (Verb.SIGN, ReportStatus.TO_SIGN, ReportStatus.SUBMITTED),
    (Verb.APPROVE, ReportStatus.SUBMITTED, ReportStatus.APPROVED),
)
MOST = {"units": 5000, "actions": 500, "indicators": 100, "months": 120}


class AlreadyThere(Exception):
    """The database holds this campaign; a second one of another size would only mix with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much there is to be; `indicators` is for each action, `months` includes the open one."""

    units: int
    actions: int
    indicators: int
    months: int

    def __post_init__(self) -> None:
        for name, most in MOST.items():
            if not 1 <= getattr(self, name) <= most:
                raise ValueError(f"--{name}: from 1 to {most}")

    @property
    def reports(self) -> int:
        return self.units * self.actions * self.months

    @property
    def figures(self) -> int:
        return self.units * self.actions * self.indicators * (self.months - 1)


@transaction.atomic
def load_scale(scale: Scale) -> None:
    """All or nothing. Raises `AlreadyThere`. A business clock that is there stays as it is."""
    if Campaign.objects.filter(slug=SLUG).exists():
        raise AlreadyThere
    units, leads, office = _units(scale)
    _people(units, leads, office)
    campaign = _campaign(scale, office)
    actions = _create(
        Action(campaign=campaign, number=number, lead=lead, source=Source.SAMPLE, **_named("Action", "行动", number))
        for number, lead in enumerate(leads, start=1)
    )
    indicators = _indicators(actions, scale)
    _targets(indicators, units)
    _create(Assignment(action=action, unit=unit, source=Source.SAMPLE) for action in actions for unit in units)
    for period in _periods(campaign):
        _reports(period, actions, units, indicators, is_last=period.month == LAST_MONTH.key)
    if clock_row() is None:
        set_clock(to=STANDS_AT, actor=None)
    record(actor=None, verb="load_scale", reason=str(scale), touched=[])


# --- who takes part ---------------------------------------------------------------------------------------------------


def _units(scale: Scale) -> tuple[list[Unit], list[Unit], Unit]:
    """Localities that report, a department that leads each action, and the campaign office."""
    kinds = Unit.LOCALITIES
    units = _create(
        _unit(f"{SLUG}-{number:04}", kinds[number % len(kinds)], number, "Locality", "地区")
        for number in range(1, scale.units + 1)
    )
    leads = _create(
        _unit(f"{SLUG}-lead-{number:03}", Unit.Kind.DEPARTMENT, number, "Department", "部门")
        for number in range(1, scale.actions + 1)
    )
    (office,) = _create([_unit(f"{SLUG}-office", Unit.Kind.OFFICE, 0, "Campaign Office", "攻坚办")])
    group = RankingGroup.objects.create(
        code=SLUG, name_en="All localities", name_zh="全部地区", order=1, source=Source.SAMPLE
    )
    _create(RankingGroupMember(group=group, unit=unit, source=Source.SAMPLE) for unit in units)
    return units, leads, office


def _unit(code: str, kind: str, number: int, english: str, chinese: str) -> Unit:
    return Unit(code=code, kind=kind, order=number, source=Source.SAMPLE, **_named(english, chinese, number))


def _people(units: Sequence[Unit], leads: Sequence[Unit], office: Unit) -> None:
    """A reporter and a head for each unit, a reviewer for each lead, and the office. None of them can sign in."""
    roles = [
        *((f"{unit.code}-{role}", unit, role) for unit in units for role in (Role.REPORTER, Role.HEAD)),
        *((f"{unit.code}-{Role.REVIEWER}", unit, Role.REVIEWER) for unit in leads),
        (office.code, office, Role.OFFICE),
    ]
    locked = make_password(None)
    people = _create(
        User(username=username, name=username, password=locked, source=Source.SAMPLE)
        for username, _unit, _role in roles
    )
    _create(
        Membership(user=person, unit=unit, role=role) for person, (_name, unit, role) in zip(people, roles, strict=True)
    )


# --- the campaign -----------------------------------------------------------------------------------------------------


def _campaign(scale: Scale, office: Unit) -> Campaign:
    return Campaign.objects.create(
        slug=SLUG,
        name_en="A campaign to measure with",
        name_zh="性能测试行动",
        starts_on=LAST_MONTH.plus(1 - scale.months).first_day,
        ends_on=LAST_MONTH.last_day,
        office=office,
        source=Source.SAMPLE,
    )


def _indicators(actions: Sequence[Action], scale: Scale) -> list[Indicator]:
    return _create(
        Indicator(
            action=action,
            code=f"{SLUG}-{action.number:03}-{number:03}",
            order=number,
            measure_en="¥100m",
            measure_zh="亿元",
            asks_growth=True,
            source=Source.SAMPLE,
            **_named("Indicator", "指标", number),
        )
        for action in actions
        for number in range(1, scale.indicators + 1)
    )


def _targets(indicators: Sequence[Indicator], units: Sequence[Unit]) -> None:
    _create(
        Target(indicator=indicator, unit=unit, baseline=0, target=GOAL, source=Source.SAMPLE)
        for indicator in indicators
        for unit in units
    )


def _periods(campaign: Campaign) -> list[Period]:
    """All but the last closed at their time and published then."""
    make_periods(campaign=campaign, actor=None, source=Source.SAMPLE)
    rows = Period.objects.filter(campaign=campaign)
    rows.exclude(month=LAST_MONTH.key).update(
        state=Period.State.PUBLISHED, closed_at=F("closes_at"), published_at=F("closes_at")
    )
    rows.filter(month=LAST_MONTH.key).update(state=Period.State.OPEN)
    return list(rows.order_by("month"))


# --- its months -------------------------------------------------------------------------------------------------------


def _reports(
    period: Period, actions: Sequence[Action], units: Sequence[Unit], indicators: Sequence[Indicator], *, is_last: bool
) -> None:
    status = ReportStatus.DRAFT if is_last else ReportStatus.APPROVED
    reports = _create(
        Report(
            unit=unit,
            action=action,
            period=period,
            status=status.value,
            status_since=period.opens_at if is_last else period.due_at,
            version=1 if is_last else 1 + len(STEPS),
            progress="" if is_last else "As planned.",
            source=Source.SAMPLE,
        )
        for action in actions
        for unit in units
    )
    if is_last:
        return
    _create(event for report in reports for event in _events(report))
    of_action: dict[int, list[Indicator]] = {}
    for indicator in indicators:
        of_action.setdefault(indicator.action_id, []).append(indicator)
    _create(_figure(report, indicator) for report in reports for indicator in of_action[report.action_id])


def _events(report: Report) -> Iterator[ReportEvent]:
    """Filed, signed and approved on the last day before it was due."""
    for number, (verb, came_from, to) in enumerate(STEPS, start=1):
        yield ReportEvent(
            report=report,
            verb=verb.value,
            from_status=came_from.value,
            to_status=to.value,
            at=report.period.due_at - timedelta(hours=len(STEPS) + 1 - number),
            report_version=1 + number,
            source=Source.SAMPLE,
        )


def _figure(report: Report, indicator: Indicator) -> Measurement:
    """Grows with the months, faster or slower by unit and indicator."""
    share = Decimal(_days(report.period) * (60 + (report.unit.order * 31 + indicator.order * 7) % 60)) / 100
    return Measurement(
        report=report,
        indicator=indicator,
        value=share.quantize(Decimal("0.01")),
        value_status="verified",
        growth=Decimal(report.unit.order % 40 - 10),
        source=Source.SAMPLE,
    )


def _days(period: Period) -> int:
    first: date = period.campaign.starts_on
    return (period.ends_on - first).days + 1


# --- what they share --------------------------------------------------------------------------------------------------


def _create(rows: Iterable[Any]) -> list[Any]:
    made = list(rows)
    return type(made[0])._default_manager.bulk_create(made, batch_size=AT_ONCE) if made else []  # noqa: SLF001


def _named(english: str, chinese: str, number: int) -> dict[str, str]:
    return {"name_en": f"{english} {number}", "name_zh": f"{chinese}{number}"}
