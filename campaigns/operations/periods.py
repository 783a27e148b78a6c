"""Periods: made from a campaign's days, opened and closed by the business clock, published by the office."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.deadlines import Deadlines, deadlines
from campaigns.domain.months import Span
from campaigns.models import Assignment, CalendarDay, Campaign, Period, Report
from campaigns.permissions import can_run_periods
from campaigns.queries.calendars import working_calendar
from campaigns.queries.campaign_rules import due_rule
from campaigns.queries.clock import local_day
from campaigns.queries.period_plan import planned_periods
from campaigns.refusals import WrongState
from units.models import User
from units.operations.changes import Touched, fields_of, record
from units.permissions import capacities

DEADLINES = ("opens_at", "due_at", "closes_at")
STATE = ("state", "closed_at", "published_at", "version", "updated_at")

OFFICE_ONLY = gettext_lazy("Only the campaign office may do this.")


# --- making them ----------------------------------------------------------------------------------------------------


@transaction.atomic
def make_periods(*, campaign: Campaign, actor: User | None, source: str = "entered") -> list[Period]:
    """Makes the periods that the campaign's days ask for and that are not there yet; returns the new ones."""
    existing = set(campaign.periods.values_list("month", flat=True))
    made = [one for one in planned_periods(campaign, source=source) if one.month not in existing]
    for period in made:
        period.save()
    if made:
        record(
            actor=actor,
            verb="make_periods",
            touched=[Touched(one, None, {"month": one.month, **fields_of(one, DEADLINES)}) for one in made],
        )
    return made


@transaction.atomic
def set_deadlines(*, actor: User | None, campaign: Campaign | None = None) -> list[Period]:
    """Computes again when periods that are not closed yet open, fall due and close; returns those that moved.

    Called whenever an input changes: a campaign's days or rule, or the calendar (then for all campaigns).
    """
    periods = Period.objects.select_for_update(of=("self",)).select_related("campaign")
    periods = periods.filter(state__in=[Period.State.UPCOMING, Period.State.OPEN])
    if campaign is not None:
        periods = periods.filter(campaign=campaign)
    touched = []
    for period in periods:
        before = fields_of(period, DEADLINES)
        span = Span(period.calendar_month, period.starts_on, period.ends_on)
        _write_deadlines(period, _deadlines_of(period.campaign, span))
        after = fields_of(period, DEADLINES)
        if after != before:
            period.version += 1
            period.save(update_fields=[*DEADLINES, "version", "updated_at"])
            touched.append(Touched(period, before, after))
    if touched:
        record(actor=actor, verb="set_deadlines", touched=touched)
    return [one.row for one in touched]  # type: ignore[misc]


def _deadlines_of(campaign: Campaign, span: Span) -> Deadlines:
    return deadlines(span, rule=due_rule(campaign), calendar=working_calendar(), tz=get_current_timezone())


def _write_deadlines(period: Period, instants: Deadlines) -> None:
    period.opens_at, period.due_at, period.closes_at = instants.opens_at, instants.due_at, instants.closes_at


@transaction.atomic
def set_calendar_day(*, on: date, is_working: bool | None, note: str, actor: User, now: datetime) -> list[Period]:
    """Declares a day working or off, or (None) leaves it to the Chinese calendar again; returns periods that moved."""
    _must_be_office(actor, now)
    row = CalendarDay.objects.filter(on=on).first()
    before = fields_of(row, ("is_working", "note")) if row else None
    if is_working is None:
        if row is None:
            return []
        record(actor=actor, verb="clear_calendar_day", touched=[Touched(row, before, None)])
        row.delete()
    else:
        row, _made = CalendarDay.objects.update_or_create(on=on, defaults={"is_working": is_working, "note": note})
        after = fields_of(row, ("is_working", "note"))
        record(actor=actor, verb="set_calendar_day", touched=[Touched(row, before, after)])
    return set_deadlines(actor=actor)


# --- moving them ----------------------------------------------------------------------------------------------------


def advance_periods(*, now: datetime) -> list[Period]:
    """Opens and closes what the business clock says, and gives open periods the reports they expect. Idempotent."""
    moved = []
    for period_id in Period.objects.filter(state=Period.State.UPCOMING, opens_at__lte=now).values_list("pk", flat=True):
        moved += _open(period_id, now)
    for period_id in Period.objects.filter(state=Period.State.OPEN, closes_at__lte=now).values_list("pk", flat=True):
        moved += _close(period_id, actor=None, now=now)
    for period in Period.objects.filter(state=Period.State.OPEN):
        make_expected_reports(period=period, now=now)
    return moved


@transaction.atomic
def _open(period_id: int, now: datetime) -> list[Period]:
    period = _locked(period_id)
    if period.state != Period.State.UPCOMING or now < period.opens_at:
        return []
    _move(period, actor=None, verb="open_period", state=Period.State.OPEN)
    make_expected_reports(period=period, now=now)
    return [period]


@transaction.atomic
def _close(period_id: int, *, actor: User | None, now: datetime, early: bool = False) -> list[Period]:
    period = _locked(period_id)
    if period.state != Period.State.OPEN or (now < period.closes_at and not early):
        return []
    period.closed_at = now if early else period.closes_at
    _move(period, actor=actor, verb="close_period", state=Period.State.CLOSED)
    return [period]


def close_period(*, period: Period, actor: User, now: datetime) -> Period:
    """Closes an open period before its time."""
    _must_be_office(actor, now)
    closed = _close(period.pk, actor=actor, now=now, early=True)
    if not closed:
        raise WrongState(_("Only an open period can be closed."))
    return closed[0]


@transaction.atomic
def publish_period(*, period: Period, actor: User, now: datetime) -> Period:
    """Publishes a closed period: its standings are for all, its reports decided for good."""
    _must_be_office(actor, now)
    period = _locked(period.pk)
    if period.state != Period.State.CLOSED:
        raise WrongState(_("Only a closed period can be published. Close it first."))
    period.published_at = now
    period.published_by = actor
    return _move(period, actor=actor, verb="publish_period", state=Period.State.PUBLISHED)


def make_expected_reports(*, period: Period, now: datetime) -> int:
    """Gives the period a draft for each assignment that covers its last day; returns how many were missing."""
    expected = set(
        Assignment.objects.filter(action__campaign=period.campaign_id)
        .covering(period.ends_on)
        .values_list("unit_id", "action_id")
    )
    existing = set(Report.objects.filter(period=period).values_list("unit_id", "action_id"))
    missing = sorted(expected - existing)
    Report.objects.bulk_create(
        [
            Report(unit_id=unit_id, action_id=action_id, period=period, status_since=now)
            for unit_id, action_id in missing
        ],
        ignore_conflicts=True,
    )
    return len(missing)


def _locked(period_id: int) -> Period:
    return Period.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=period_id)


def _move(period: Period, *, actor: User | None, verb: str, state: str) -> Period:
    before = {"state": period.state}
    period.state = state
    period.version += 1
    period.save(update_fields=[*STATE, "published_by"])
    record(actor=actor, verb=verb, touched=[Touched(period, before, {"state": state})])
    return period


def _must_be_office(actor: User, now: datetime) -> None:
    if not can_run_periods(capacities(actor, local_day(now))):
        raise PermissionDenied(OFFICE_ONLY)
