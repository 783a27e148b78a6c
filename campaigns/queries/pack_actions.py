"""The actions as the content of a pack holds them: the city's figures, then every unit's, each traceable to its report
and to who filed and approved it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from campaigns.domain.forecast import Forecast
from campaigns.domain.projection import Projection
from campaigns.domain.workflow import ReportStatus, Verb
from campaigns.models import Action, Likelihood, Period, ReportEvent
from campaigns.queries.burn_up import BurnUp
from campaigns.queries.city import CityIndicator
from campaigns.queries.dashboard import ActionLine
from campaigns.queries.forecasts import Forecasts
from campaigns.queries.pack_words import day, exact, figure, instant, name_of, percent, person_of, short_of, unit_of
from campaigns.queries.progress import ActionProgress, IndicatorProgress, UnitRows, Weighed
from units.models import Unit

Judged = Mapping[tuple[int, int | None], Likelihood]
"""By action and unit id; no unit: of the city."""


@dataclass(frozen=True, slots=True)
class Paper:
    """Where a figure comes from: an approved report, who filed it, who approved it and when. Names are those of now."""

    report_id: int
    filed_by: dict[str, str] | None
    approved_by: dict[str, str] | None
    approved_at: str | None

    @property
    def told(self) -> dict[str, Any]:
        return {
            "id": self.report_id,
            "url_path": reverse("report", args=[self.report_id]),
            "filed_by": self.filed_by,
            "approved_by": self.approved_by,
            "approved_at": self.approved_at,
        }


Papers = Mapping[int, Paper]
"""By report id."""


def papers_of(period: Period) -> dict[int, Paper]:
    """The approved reports of a period with the last who filed and the last who approved. One query."""
    steps = ReportEvent.objects.filter(report__period=period, report__status=ReportStatus.APPROVED)
    steps = steps.filter(Q(verb=Verb.SUBMIT) | Q(verb=Verb.APPROVE)).select_related("actor", "on_behalf_of")
    last: dict[tuple[int, str], ReportEvent] = {(one.report_id, one.verb): one for one in steps.order_by("pk")}
    return {report_id: _paper(report_id, last) for report_id, _verb in last}


def _paper(report_id: int, last: Mapping[tuple[int, str], ReportEvent]) -> Paper:
    filed, approved = last.get((report_id, Verb.SUBMIT)), last.get((report_id, Verb.APPROVE))
    return Paper(
        report_id=report_id,
        filed_by=person_of(filed.on_behalf_of or filed.actor) if filed else None,
        approved_by=person_of(approved.actor) if approved else None,
        approved_at=instant(approved.at) if approved else None,
    )


def judgements_of(period: Period) -> Judged:
    """What the leads judge, of the city and of units, with who judged. One query."""
    rows = Likelihood.objects.filter(period=period).select_related("judged_by")
    return {(one.action_id, one.unit_id): one for one in rows}


def actions_of(
    lines: Sequence[ActionLine], rows: UnitRows, told: Forecasts, judged: Judged, papers: Papers
) -> list[dict[str, Any]]:
    return [_action(line, rows, told, judged, papers) for line in lines]


def _action(line: ActionLine, rows: UnitRows, told: Forecasts, judged: Judged, papers: Papers) -> dict[str, Any]:
    action = line.action
    return {
        "number": action.number,
        "name": name_of(action),
        "short": short_of(action),
        "lead": unit_of(action.lead),
        "weight": exact(action.weight, 0),
        "source": action.source,
        "light": line.city.light.value,
        **composite_of(line.city),
        "change": figure(line.change),
        **projection_of(line.projection),
        "is_missed": line.is_missed,
        "likelihood": _likelihood(judged.get((action.pk, None))),
        "way": way_of(line.way),
        "indicators": [_city_indicator(one, told.city.get(one.indicator.pk)) for one in line.city.indicators],
        "units": [_unit(*row, told, judged, papers) for row in _units(action, rows)],
    }


# --- figures ----------------------------------------------------------------------------------------------------------


def composite_of(one: Weighed) -> dict[str, str | None]:
    """Percent, and the gap in points."""
    return {
        "published": figure(one.published),
        "planned": figure(one.planned_percent),
        "gap": figure(one.gap),
        "coverage": str(one.coverage),
    }


def projection_of(one: Projection | None) -> dict[str, Any]:
    """Percent of the way; needed and made are percent of the way that a day must bring and brings."""
    return {
        "projected": percent(one.share if one else None),
        "low": percent(one.low if one else None),
        "high": percent(one.high if one else None),
        "needed_a_day": percent(one.needed_a_day if one else None, 4),
        "made_a_day": percent(one.made_a_day if one else None, 4),
        "days_left": one.days_left if one else None,
    }


def _forecast(one: Forecast | None, decimals: int) -> dict[str, Any] | None:
    """In the indicator's unit of measure."""
    if one is None:
        return None
    told = one.published(decimals)
    return {
        "projected": format(told.projected, "f"),
        "low": None if told.low is None else format(told.low, "f"),
        "high": None if told.high is None else format(told.high, "f"),
        "required_rate": None if told.required_rate is None else format(told.required_rate, "f"),
        "shortfall": format(told.shortfall, "f"),
        "days_left": told.days_left,
    }


def way_of(way: BurnUp | None) -> list[dict[str, str | None]]:
    """The plan and what was attained at the end of each period, percent; first the eve of day 1."""
    return [
        {
            "on": day(one.on),
            "month": one.period.month if one.period else None,
            "planned": percent(one.planned),
            "attained": percent(one.attained),
        }
        for one in (way.points if way else ())
    ]


def _likelihood(one: Likelihood | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "level": one.level,
        "reason": one.reason,
        "next_step": one.next_step,
        "judged_by": person_of(one.judged_by),
        "judged_on": instant(one.judged_at),
    }


# --- the city's figures -----------------------------------------------------------------------------------------------


def _city_indicator(one: CityIndicator, told: Forecast | None) -> dict[str, Any]:
    indicator = one.indicator
    places = indicator.decimals
    return {
        "code": indicator.code,
        "name": name_of(indicator),
        "measure": name_of(indicator, "measure"),
        "scope_note": name_of(indicator, "scope_note"),
        "decimals": places,
        "weight": exact(indicator.weight, 0),
        "direction": indicator.direction,
        "accumulation": indicator.accumulation,
        "attribute": indicator.attribute,
        "source": indicator.source,
        "value": figure(one.value, places),
        "baseline": figure(one.line.baseline, places) if one.line else None,
        "target": figure(one.line.target, places) if one.line else None,
        "planned_figure": figure(one.planned_figure, places),
        "attainment": percent(one.attainment),
        "gap": figure(one.gap),
        "light": one.light.value,
        "present": one.figure.present,
        "expected": one.figure.expected,
        "forecast": _forecast(told, places),
        "is_corrected": one.is_corrected,
    }


# --- the units' figures -----------------------------------------------------------------------------------------------


def _units(action: Action, rows: UnitRows) -> Iterator[tuple[Unit, ActionProgress]]:
    for row in rows.values():
        if action.pk in row.actions:
            yield row.unit, row.actions[action.pk]


def _unit(unit: Unit, one: ActionProgress, told: Forecasts, judged: Judged, papers: Papers) -> dict[str, Any]:
    return {
        "unit": unit_of(unit),
        **composite_of(one),
        "pace": _pace(one),
        "light": one.light.value,
        "computed_light": one.computed.value,
        "accepted_reason": one.reason.reason if one.reason else None,
        "likelihood": _likelihood(judged.get((one.action.pk, unit.pk))),
        "figures": [_figure(row, told.units.get((unit.pk, row.indicator.pk)), papers) for row in one.indicators],
    }


def _pace(one: ActionProgress) -> str | None:
    whole = one.composite
    return percent(whole.attainment / whole.planned) if whole.attainment is not None and whole.planned else None


def _figure(one: IndicatorProgress, told: Forecast | None, papers: Papers) -> dict[str, Any]:
    measured, places = one.measurement, one.indicator.decimals
    paper = papers.get(measured.report_id) if measured else None
    return {
        "indicator": one.indicator.code,
        "value": exact(one.value, places),
        "value_status": measured.value_status if measured and one.value is not None else None,
        "growth": figure(measured.growth) if measured else None,
        "note": measured.note if measured else "",
        "source": measured.source if measured else None,
        "baseline": exact(one.line.baseline, places),
        "target": exact(one.line.target, places),
        "planned_figure": figure(one.planned_figure, places),
        "attainment": percent(one.attainment),
        "gap": figure(one.gap),
        "pace": figure(one.pace),
        "light": one.light.value,
        "forecast": _forecast(told, places),
        "is_corrected": one.is_corrected,
        "report": _report(measured.report_id, paper) if measured else None,
    }


def _report(report_id: int, paper: Paper | None) -> dict[str, Any]:
    """Of rows that were loaded rather than filed nobody is known."""
    return (paper or Paper(report_id, None, None, None)).told
