"""One unit's figures of a calendar year over all campaigns: each indicator with its months. Two queries.

Only approved figures, and of periods that are not published only those that the reader may see already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import FilteredRelation, Q

from campaigns.domain.workflow import ReportStatus
from campaigns.models import Action, Period, Target
from campaigns.models.reports import ValueStatus
from campaigns.permissions import can_see_action_standings, can_see_reports_of, can_see_unit_standings
from units.models import Unit
from units.models.naming import in_reader_language
from units.permissions import Capacities

UNIT = ("pk", "code", "name_en", "name_zh")
FILED = "filed__measurements"
FIGURE = (
    "filed__period__month", "filed__period__state", "filed__action__lead_id", f"{FILED}__value",
    f"{FILED}__value_status", f"{FILED}__growth", f"{FILED}__note", f"{FILED}__corrected_at",
)  # fmt: skip
INDICATOR = (
    "pk", "code", "order", "name_en", "name_zh", "measure_en", "measure_zh", "decimals",
    "action__number", "action__name_en", "action__name_zh", "action__campaign__slug",
    "action__campaign__name_en", "action__campaign__name_zh",
)  # fmt: skip


class UnknownUnit(LookupError):
    """There is no unit with this code."""


@dataclass(frozen=True, slots=True)
class YearFigure:
    """One month's figure; the note only for those who may see the report."""

    month: str
    value: Decimal | None
    value_status: str
    growth: Decimal | None
    note: str
    is_corrected: bool


@dataclass(slots=True)
class YearRow:
    """One indicator of the unit in the year, in the order of campaign and action."""

    place: tuple[Any, ...]
    campaign: str
    number: int
    action: str
    code: str
    name: str
    measure: str
    decimals: int
    baseline: Decimal | None = None
    target: Decimal | None = None
    figures: dict[str, YearFigure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnitYear:
    code: str
    name: str
    year: int
    rows: Sequence[YearRow]

    @property
    def months(self) -> list[str]:
        return [f"{self.year}-{month:02}" for month in range(1, 13)]


def unit_year(code: str, year: int, person: Capacities) -> UnitYear:
    """The unit's year as this person may see it; raises `UnknownUnit`."""
    found = _figures(code)
    if not found:
        raise UnknownUnit(code)
    unit_id, unit_code, name_en, name_zh = found[0][: len(UNIT)]
    rows = _targets(unit_code, year)
    for line in found:
        month, state, lead_id, *figure = line[len(UNIT) : len(UNIT) + len(FIGURE)]
        if month is None or not month.startswith(f"{year}-") or not _may_see(person, state, unit_id, lead_id):
            continue
        identity = line[len(UNIT) + len(FIGURE) :]
        if identity[0] is None:
            continue
        row = rows.setdefault(identity[0], _row(identity))
        row.figures[month] = _figure(month, figure, shows_note=_may_see_note(person, unit_id, lead_id))
    return UnitYear(
        unit_code, in_reader_language(name_en, name_zh), year, sorted(rows.values(), key=lambda row: row.place)
    )


def _figures(code: str) -> list[tuple[Any, ...]]:
    """The unit with every approved figure of it, or one line without a figure."""
    approved = FilteredRelation("reports", condition=Q(reports__status=ReportStatus.APPROVED))
    indicator = (f"{FILED}__indicator__{name}" for name in INDICATOR)
    rows = Unit.objects.filter(code=code).annotate(filed=approved).order_by("filed__period__month")
    return list(rows.values_list(*UNIT, *FIGURE, *indicator))


def _targets(code: str, year: int) -> dict[int, YearRow]:
    """What the unit has targets for in campaigns of the year, by indicator id."""
    lines = Target.objects.filter(
        unit__code=code,
        indicator__action__campaign__starts_on__lte=date(year, 12, 31),
        indicator__action__campaign__ends_on__gte=date(year, 1, 1),
    ).values_list("baseline", "target", *(f"indicator__{name}" for name in INDICATOR))
    rows = {}
    for baseline, target, *identity in lines:
        row = rows[identity[0]] = _row(identity)
        row.baseline, row.target = baseline, target
    return rows


def _row(identity: Sequence[Any]) -> YearRow:
    (_pk, code, order, name_en, name_zh, measure_en, measure_zh, decimals,
     number, action_en, action_zh, slug, campaign_en, campaign_zh) = identity  # fmt: skip
    return YearRow(
        place=(slug, number, order, code),
        campaign=in_reader_language(campaign_en, campaign_zh),
        number=number,
        action=in_reader_language(action_en, action_zh),
        code=code,
        name=in_reader_language(name_en, name_zh),
        measure=in_reader_language(measure_en, measure_zh),
        decimals=decimals,
    )


def _figure(month: str, figure: Sequence[Any], *, shows_note: bool) -> YearFigure:
    value, status, growth, note, corrected_at = figure
    words = str(ValueStatus(status).label) if value is not None else ""
    return YearFigure(month, value, words, growth, note if shows_note else "", corrected_at is not None)


def _may_see(person: Capacities, state: str, unit_id: int, lead_id: int) -> bool:
    """As on the unit's page: published for all, else the unit's own people, the lead, and who reads everything."""
    period, action = Period(state=state), Action(lead_id=lead_id)
    return can_see_unit_standings(person, period, unit_id) or can_see_action_standings(person, period, action)


def _may_see_note(person: Capacities, unit_id: int, lead_id: int) -> bool:
    return can_see_reports_of(person, unit_id=unit_id, lead_id=lead_id)


def each_figure(year: UnitYear) -> Iterator[tuple[YearRow, YearFigure]]:
    """Every figure of the year, indicator by indicator and month by month."""
    for row in year.rows:
        for month in sorted(row.figures):
            yield row, row.figures[month]
