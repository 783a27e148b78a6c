"""The fixed cast of the tests: one person for each role, an outsider, and a small campaign that they take part in.

It is 3 September 2022, 09:00. July is closed, August is open until 13 September with a draft for every assignment;
`tests.builders` brings reports and periods into other states by calling the operations.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.test import Client

from campaigns.models import Action, Assignment, Campaign, Indicator, Period, Report, Target
from campaigns.operations.clock import set_clock
from campaigns.operations.periods import advance_periods, make_periods
from units.models import Membership, RankingGroup, RankingGroupMember, Role, Unit, User

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2022, 9, 3, 9, 0, tzinfo=ZONE)
PASSWORD = "correct-horse-2022"
"""What everyone in the cast signs in with; `client_of` needs none."""


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of 2022 where the city is."""
    return datetime(2022, month, day, hour, minute, tzinfo=ZONE)


@dataclass(kw_only=True)
class Cast:
    """Everybody and everything a test names. `lead` leads `trade` and reports on it too; `second_lead` leads
    `transport`; `town` and `neighbour` report on both. `stranger` has an account and no role."""

    reporter: User  # of town
    head: User  # of town
    outsider: User  # reporter of neighbour
    outsider_head: User  # of neighbour
    reviewer: User  # of lead
    second_reviewer: User  # of lead too
    other_reviewer: User  # of second_lead
    lead_reporter: User  # of lead
    lead_head: User  # of lead
    office: User
    leader: User
    administrator: User
    stranger: User

    town: Unit
    neighbour: Unit
    lead: Unit
    second_lead: Unit
    office_unit: Unit
    localities: RankingGroup

    campaign: Campaign
    trade: Action
    transport: Action
    exports: Indicator  # of trade: cumulative, 2 decimals, 0 to 1,000, asks for growth
    share: Indicator  # of trade: level, 1 decimal
    roads: Indicator  # of transport: cumulative, no decimals, not required

    july: Period
    august: Period
    september: Period
    october: Period

    now: datetime

    @property
    def people(self) -> dict[str, User]:
        """Everybody, by the name of the part."""
        everybody = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: person for name, person in everybody if isinstance(person, User)}

    def report(self, unit: Unit | None = None, action: Action | None = None, period: Period | None = None) -> Report:
        """The report of a unit (town) on an action (trade) for a period (August), as it is in the database."""
        return Report.objects.select_related("unit", "action", "period__campaign").get(
            unit=unit or self.town, action=action or self.trade, period=period or self.august
        )


def client_of(person: User, **extra: object) -> Client:
    """A browser in which this person has signed in."""
    client = Client(**extra)  # type: ignore[arg-type]
    client.force_login(person, backend="units.backends.PeopleBackend")
    return client


def assemble(*, now: datetime = NOW) -> Cast:
    """Makes the cast and brings its clock and periods to `now`."""
    parts: dict[str, object] = {"now": now, **_units()}
    parts |= _people(parts)
    parts |= _campaign(parts)
    set_clock(to=now, actor=None)
    advance_periods(now=now)
    periods = Period.objects.filter(campaign=parts["campaign"]).select_related("campaign").order_by("month")
    parts |= dict(zip(("july", "august", "september", "october"), periods, strict=True))
    return Cast(**parts)  # type: ignore[arg-type]


def _units() -> dict[str, object]:
    kinds = Unit.Kind
    rows = {
        "town": ("town", "Riverside Town", "河畔市", kinds.COUNTY_LEVEL_CITY),
        "neighbour": ("neighbour", "Hillside County", "山坡县", kinds.COUNTY),
        "lead": ("lead", "Trade Bureau", "商贸局", kinds.DEPARTMENT),
        "second_lead": ("second-lead", "Road Bureau", "公路局", kinds.DEPARTMENT),
        "office_unit": ("office", "Campaign Office", "攻坚办", kinds.OFFICE),
    }
    units = {
        part: Unit.objects.create(code=code, name_en=english, name_zh=chinese, kind=kind, order=order)
        for order, (part, (code, english, chinese, kind)) in enumerate(rows.items(), start=1)
    }
    group = RankingGroup.objects.create(code="localities", name_en="All localities", name_zh="全部县（市、区）")
    RankingGroupMember.objects.bulk_create(
        RankingGroupMember(group=group, unit=units[part]) for part in ("town", "neighbour")
    )
    return {**units, "localities": group}


def _people(parts: dict[str, object]) -> dict[str, object]:
    roles = {
        "reporter": ("town", Role.REPORTER),
        "head": ("town", Role.HEAD),
        "outsider": ("neighbour", Role.REPORTER),
        "outsider_head": ("neighbour", Role.HEAD),
        "reviewer": ("lead", Role.REVIEWER),
        "second_reviewer": ("lead", Role.REVIEWER),
        "other_reviewer": ("second_lead", Role.REVIEWER),
        "lead_reporter": ("lead", Role.REPORTER),
        "lead_head": ("lead", Role.HEAD),
        "office": ("office_unit", Role.OFFICE),
        "leader": ("office_unit", Role.LEADER),
    }
    names = [*roles, "administrator", "stranger"]
    User.objects.bulk_create(_person(name) for name in names)
    people = {one.username: one for one in User.objects.filter(username__in=names)}
    Membership.objects.bulk_create(
        Membership(user=people[part], unit=parts[unit], role=role) for part, (unit, role) in roles.items()
    )
    return dict(people)


def _person(part: str) -> User:
    is_administrator = part == "administrator"
    person = User(
        username=part,
        name=part.replace("_", " ").title(),
        email=f"{part}@example.org",
        is_superuser=is_administrator,
        is_staff=is_administrator,
    )
    person.set_password(PASSWORD)
    return person


def _campaign(parts: dict[str, object]) -> dict[str, object]:
    campaign = Campaign.objects.create(
        slug="hundred-days",
        name_en="Hundred Days",
        name_zh="百日攻坚",
        starts_on=date(2022, 7, 12),
        ends_on=date(2022, 10, 19),
        office=parts["office_unit"],
    )
    make_periods(campaign=campaign, actor=None)
    trade = Action.objects.create(
        campaign=campaign, number=1, name_en="Stable foreign trade", name_zh="稳外贸", lead=parts["lead"]
    )
    transport = Action.objects.create(
        campaign=campaign, number=2, name_en="Transport construction", name_zh="交通建设", lead=parts["second_lead"]
    )
    exports = Indicator.objects.create(
        action=trade,
        code="exports",
        order=1,
        name_en="Exports, to date",
        name_zh="出口额",
        measure_en="¥100m",
        measure_zh="亿元",
        minimum=Decimal(0),
        maximum=Decimal(1000),
        asks_growth=True,
    )
    share = Indicator.objects.create(
        action=trade,
        code="share",
        order=2,
        name_en="Share of new markets",
        name_zh="新兴市场占比",
        measure_en="%",
        measure_zh="%",
        decimals=1,
        accumulation=Indicator.Accumulation.LEVEL,
        rollup=Indicator.RollUp.MEAN,
    )
    roads = Indicator.objects.create(
        action=transport,
        code="roads",
        order=1,
        name_en="Roads opened",
        name_zh="通车里程",
        measure_en="km",
        measure_zh="公里",
        decimals=0,
        is_required=False,
    )
    _targets(parts, exports, share, roads)
    for action in (trade, transport):
        Assignment.objects.bulk_create(
            Assignment(action=action, unit=parts[part])
            for part in ("town", "neighbour", *(("lead",) if action == trade else ()))
        )
    return {
        "campaign": campaign,
        "trade": trade,
        "transport": transport,
        "exports": exports,
        "share": share,
        "roads": roads,
    }


def _targets(parts: dict[str, object], exports: Indicator, share: Indicator, roads: Indicator) -> None:
    """By the end of the campaign: exports 0 → 200, the share of new markets 10 → 20 %, roads 0 → 100 km."""
    goals = {exports: (0, 200), share: (10, 20), roads: (0, 100)}
    Target.objects.bulk_create(
        Target(indicator=indicator, unit=parts[part], baseline=baseline, target=target)
        for indicator, (baseline, target) in goals.items()
        for part in ("town", "neighbour", *(() if indicator is roads else ("lead",)))
    )
