"""Brings reports and periods into the state a test needs, by calling the operations that people would call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from campaigns.domain.workflow import ReportStatus
from campaigns.models import Action, BusinessClock, Indicator, Pack, Period, Report
from campaigns.operations.clock import set_clock
from campaigns.operations.packs import build_pack, fill_pack, issue_pack
from campaigns.operations.periods import advance_periods, close_period, publish_period
from campaigns.operations.reports import (
    Figure,
    approve_report,
    save_report,
    send_back_report,
    sign_report,
    submit_report,
)
from tests.cast import NOW, Cast, assemble, at
from units.models import Unit, User

S = ReportStatus
JULY_FIGURES = {"exports": Decimal("50.00"), "share": Decimal("12.0"), "roads": Decimal(20)}
USUAL_FIGURES = {"exports": Decimal("90.00"), "share": Decimal("13.5"), "roads": Decimal(40)}


def figure(value: str | int | Decimal | None, **fields: object) -> Figure:
    """A figure to save, from what is convenient to write: `figure("12.5", note="…")`."""
    return Figure(value=None if value is None else Decimal(value), **fields)  # type: ignore[arg-type]


def reporter_of(cast: Cast, unit: Unit) -> User:
    return {cast.town.pk: cast.reporter, cast.neighbour.pk: cast.outsider, cast.lead.pk: cast.lead_reporter}[unit.pk]


def head_of(cast: Cast, unit: Unit) -> User:
    return {cast.town.pk: cast.head, cast.neighbour.pk: cast.outsider_head, cast.lead.pk: cast.lead_head}[unit.pk]


def decider_of(cast: Cast, report: Report) -> User:
    """Who decides on the report: the lead's reviewer, the office where it is the lead's own."""
    if report.unit_id == report.action.lead_id:
        return cast.office
    return cast.reviewer if report.action_id == cast.trade.pk else cast.other_reviewer


def fill(
    cast: Cast,
    report: Report,
    figures: Mapping[Indicator, Figure] | None = None,
    *,
    narrative: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> Report:
    """Saves figures as the unit's reporter would; without any, a usual one for each indicator of the action."""
    if figures is None:
        figures = {one: Figure(value=USUAL_FIGURES[one.code]) for one in report.action.indicators.all()}
    return save_report(
        report_id=report.pk,
        actor=reporter_of(cast, report.unit),
        version=report.version,
        figures={one.pk: value for one, value in figures.items()},
        narrative=narrative or {},
        now=now or cast.now,
    )


def bring_to(
    cast: Cast,
    status: ReportStatus | str,
    *,
    unit: Unit | None = None,
    action: Action | None = None,
    period: Period | None = None,
    figures: Mapping[Indicator, Figure] | None = None,
    now: datetime | None = None,
) -> Report:
    """Takes a draft with figures to this status: signed by its head, decided on by its reviewer."""
    now = now or cast.now
    report = fill(cast, cast.report(unit, action, period), figures, now=now)
    if status == S.DRAFT:
        return report
    report = submit_report(report_id=report.pk, actor=reporter_of(cast, report.unit), now=now)
    if status == S.TO_SIGN:
        return report
    if status == S.RETURNED:
        return send_back_report(
            report_id=report.pk, actor=head_of(cast, report.unit), now=now, reason="Please check the exports."
        )
    report = sign_report(report_id=report.pk, actor=head_of(cast, report.unit), now=now)
    if status == S.SUBMITTED:
        return report
    return approve_report(report_id=report.pk, actor=decider_of(cast, report), now=now)


def bring_all_to(cast: Cast, status: ReportStatus | str, *, period: Period | None = None) -> list[Report]:
    """Takes every report of the period (August) to this status."""
    reports = Report.objects.filter(period=period or cast.august).select_related("unit", "action")
    return [bring_to(cast, status, unit=one.unit, action=one.action, period=period) for one in reports]


def close(cast: Cast, period: Period | None = None, *, now: datetime | None = None) -> Period:
    """The office closes the period (August) before its time."""
    return close_period(period=period or cast.august, actor=cast.office, now=now or cast.now)


def publish(cast: Cast, period: Period | None = None, *, now: datetime | None = None) -> Period:
    """The office publishes the period (August), closing it first where it is still open."""
    period = Period.objects.get(pk=(period or cast.august).pk)
    if period.state == Period.State.OPEN:
        period = close(cast, period, now=now)
    return publish_period(period=period, actor=cast.office, now=now or cast.now)


def draft_pack(cast: Cast, period: Period | None = None, *, now: datetime | None = None) -> Pack:
    """The office has the pack of the period (July) built: the figures are there, no document is drawn yet."""
    pack = build_pack(period=period or cast.july, actor=cast.office, now=now or cast.now)
    return fill_pack(pack_id=pack.pk, actor=cast.office, now=now or cast.now)


def issued_pack(cast: Cast, period: Period | None = None) -> Pack:
    """The office issues the pack of the period (July), which is published."""
    pack = draft_pack(cast, period)
    return issue_pack(pack_id=pack.pk, version=pack.version, actor=cast.office, now=cast.now)


def move_clock_to(instant: datetime) -> None:
    """Pages read this instant from now on; periods stay as they are until `advance_periods` is called."""
    set_clock(to=instant, actor=None)


def real_time() -> None:
    """Takes the business clock away."""
    BusinessClock.objects.all().delete()


def assemble_with_july() -> Cast:
    """The cast with a July in which everybody filed, signed and approved in time, published on 16 August."""
    cast = assemble(now=at(8, 3))
    for report in Report.objects.filter(period=cast.july).select_related("unit", "action"):
        figures = {one: Figure(value=JULY_FIGURES[one.code]) for one in report.action.indicators.all()}
        bring_to(cast, S.APPROVED, unit=report.unit, action=report.action, period=cast.july, figures=figures)
    cast.now = NOW
    move_clock_to(NOW)
    advance_periods(now=NOW)
    publish(cast, cast.july, now=at(8, 16))
    for period in (cast.july, cast.august):
        period.refresh_from_db()
    return cast
