"""Plays the months of both campaigns: every report is filled, signed and decided by calling the operations.

Months before the last one end approved and published; the last one stays as `filing.yaml` says. A report that holds a
figure or has a history was touched before and is left as it is, so that nothing anybody typed is written over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import timezone

from campaigns.domain.workflow import EDITABLE, ReportStatus
from campaigns.domain.working_days import WorkingCalendar
from campaigns.models import Campaign, Indicator, Measurement, Period, Report, ReportEvent
from campaigns.models.reports import ValueStatus
from campaigns.operations.periods import advance_periods, make_expected_reports, publish_period
from campaigns.operations.reports import (
    Figure,
    approve_report,
    save_report,
    send_back_report,
    sign_report,
    submit_report,
)
from campaigns.queries.calendars import working_calendar
from campaigns.queries.clock import local_day
from campaigns.refusals import Refusal
from units.models import Delivery, Membership, Message, Role, Source, User

from .files import as_figure, at_clock, read, read_table
from .tally import Tally

OPEN_CAMPAIGN = "hundred-days-2022"
APPROVED, SUBMITTED, TO_SIGN, RETURNED, DRAFT, NOT_BEGUN = "A", "S", "T", "R", "D", "."
Entered = tuple[Decimal | None, Decimal | None, str]  # figure, growth, note


def play_reports(tally: Tally, *, through: str, stands_at: datetime) -> None:
    """Plays every period up to this month, oldest first."""
    stage = Stage.set_up(tally)
    before = {model: _newest(model) for model in (Report, Measurement, ReportEvent)}
    told_before = Message.objects.aggregate(newest=Max("pk"))["newest"] or 0
    periods = Period.objects.select_related("campaign").filter(month__lte=through).order_by("starts_on")
    for period in periods:
        if period.state in (Period.State.CLOSED, Period.State.PUBLISHED):
            continue
        advance_periods(now=period.opens_at)
        period.refresh_from_db()
        make_expected_reports(period=period, now=period.opens_at)
        if period.campaign.slug == OPEN_CAMPAIGN and period.month == through:
            stage.play_open(period, stands_at)
        else:
            stage.play_whole(period)
            _settle_messages(told_before)
    for model, newest in before.items():
        model.objects.filter(pk__gt=newest).update(source=Source.SAMPLE)


def _settle_messages(told_before: int) -> None:
    """What was told of a month that is over is history: read, and no mail goes out for it."""
    told = Message.objects.filter(pk__gt=told_before)
    Delivery.objects.filter(message__in=told).delete()
    told.update(read_at=timezone.now())


def _newest(model: type[Report | Measurement | ReportEvent]) -> int:
    """The highest id so far; what a load makes comes after it."""
    return model.objects.aggregate(newest=Max("pk"))["newest"] or 0


@dataclass(slots=True)
class Stage:
    """Who acts, with which figures, and by which calendar."""

    tally: Tally
    calendar: WorkingCalendar
    cast: Cast
    figures: dict[tuple[str, str, str], Entered]
    indicators: dict[int, list[Indicator]]
    told_apart: dict[tuple[str, str, int], dict]

    @classmethod
    def set_up(cls, tally: Tally) -> Stage:
        indicators: dict[int, list[Indicator]] = {}
        for indicator in Indicator.objects.all():
            indicators.setdefault(indicator.action_id, []).append(indicator)
        return cls(tally, working_calendar(), Cast.gather(), _figures(), indicators, _told_apart())

    # --- whole months ---

    def play_whole(self, period: Period) -> None:
        """Fills, signs and approves what is still missing in the month, closes and publishes it."""
        for place, report in enumerate(self._reports(period)):
            special = self._special(report)
            self._attempt(report, self._finish, report, place, special)
        advance_periods(now=period.closes_at)
        period.refresh_from_db()
        published_on = self.calendar.add(local_day(period.closes_at), 1)
        publish_period(period=period, actor=self.cast.office, now=at_clock(published_on, 10))
        self.tally.steps["publish"] += 1

    def _finish(self, report: Report, place: int, special: dict) -> None:
        """From wherever the report stands to approved; figures that are there stay, missing ones are filled in."""
        history = special.get("history", "")
        due_on = local_day(report.period.due_at)
        filed_on = self.calendar.back(due_on, 4 - place % 3)
        if history == "late":
            filed_on = self.calendar.add(due_on, 1)
        decided_on = self.calendar.add(filed_on, 2 + place % 2)
        self._fill(report, self._entered(report, special, is_open=False), at_clock(filed_on, 9, place % 60))
        self._submit(report, at_clock(filed_on, 10, place % 60))
        self._sign(report, at_clock(self.calendar.add(filed_on, 1), 8, 30 + place % 30))
        if history == "returned_once" and report.status == ReportStatus.SUBMITTED:
            self._send_back(report, at_clock(decided_on, 9), special["reason"])
            self._submit(report, at_clock(decided_on, 14))
            self._sign(report, at_clock(decided_on, 16, 30))
            decided_on = self.calendar.add(decided_on, 1)
        self._approve(report, at_clock(decided_on, 15, place % 60))

    # --- the month that stays open ---

    def play_open(self, period: Period, stands_at: datetime) -> None:
        """Brings each report that nobody touched to where `filing.yaml` has it."""
        states = read("filing")["open_month"]
        for place, report in enumerate(self._reports(period)):
            state = states[report.unit.code][report.action.number - 1]
            if state == NOT_BEGUN or _is_touched(report):
                continue
            self._attempt(report, self._bring_to, report, state, place, stands_at)

    def _bring_to(self, report: Report, state: str, place: int, stands_at: datetime) -> None:
        special = self._special(report)
        today = local_day(stands_at)
        days_ago = 3 + place % 4 if state == SUBMITTED else 2 if state == TO_SIGN else 3 + place % 2
        filed_on = self.calendar.back(today, 1 if state == DRAFT else days_ago)
        self._fill(report, self._entered(report, special, is_open=True), at_clock(filed_on, 9, place % 60))
        if state == DRAFT:
            return
        self._submit(report, at_clock(filed_on, 10, place % 60))
        if state == TO_SIGN:
            return
        self._sign(report, at_clock(self.calendar.add(filed_on, 1), 8, 30 + place % 30))
        decided_on = self.calendar.back(today, 1)
        if state == RETURNED:
            reason = special.get("reason", read("filing")["usual_reason"])
            self._send_back(report, at_clock(decided_on, 16, 20), reason)
        elif state == APPROVED:
            self._approve(report, at_clock(decided_on, 15, place % 60))

    # --- one step each ---

    def _fill(self, report: Report, figures: dict[int, Figure], now: datetime) -> None:
        measured = {one.indicator_id for one in report.measurements.all()}
        missing = {pk: figure for pk, figure in figures.items() if pk not in measured}
        if not missing or report.status not in EDITABLE:
            return
        has_narrative = report.progress or report.problems or report.next_steps
        self._take(
            "fill",
            save_report,
            report,
            now,
            actor=self.cast.of(report.unit_id, Role.REPORTER),
            version=report.version,
            figures=missing,
            narrative={} if has_narrative else self._narrative(report),
        )

    def _submit(self, report: Report, now: datetime) -> None:
        if report.status in EDITABLE:
            self._take("submit", submit_report, report, now, actor=self.cast.of(report.unit_id, Role.REPORTER))

    def _sign(self, report: Report, now: datetime) -> None:
        if report.status == ReportStatus.TO_SIGN:
            self._take("sign", sign_report, report, now, actor=self.cast.of(report.unit_id, Role.HEAD))

    def _approve(self, report: Report, now: datetime) -> None:
        if report.status == ReportStatus.SUBMITTED:
            self._take("approve", approve_report, report, now, actor=self.cast.decides(report))

    def _send_back(self, report: Report, now: datetime, reason: str) -> None:
        self._take("send back", send_back_report, report, now, actor=self.cast.decides(report), reason=reason)

    def _take(self, verb: str, operation: Callable[..., Report], report: Report, now: datetime, **how: Any) -> None:
        moved = operation(report_id=report.pk, now=max(now, report.status_since), **how)
        report.status, report.status_since, report.version = moved.status, moved.status_since, moved.version
        self.tally.steps[verb] += 1

    def _attempt(self, report: Report, play: Callable[..., None], *how: Any) -> None:
        """A report that refuses, because of what was changed in use, is left and named."""
        try:
            play(*how)
        except Refusal as refusal:
            self.tally.left.append(f"{report.period.key}, {report.unit.code}, {report.action.number}: {refusal}")

    # --- what is entered ---

    def _reports(self, period: Period) -> Iterable[Report]:
        return (
            Report.objects.filter(period=period)
            .select_related("unit", "action", "period__campaign")
            .prefetch_related("measurements", "events")
            .order_by("unit__order", "action__number")
        )

    def _special(self, report: Report) -> dict:
        return self.told_apart.get((report.period.month, report.unit.code, report.action.number), {})

    def _entered(self, report: Report, special: dict, *, is_open: bool) -> dict[int, Figure]:
        """The month's figures by indicator id; those told apart only while the month is open."""
        only = special.get("only")
        instead = special.get("figures", {}) if is_open else {}
        return {
            indicator.pk: self._figure(report, indicator, instead.get(indicator.code), is_open=is_open)
            for indicator in self.indicators[report.action_id]
            if not is_open or only is None or indicator.code in only
        }

    def _figure(self, report: Report, indicator: Indicator, instead: dict | None, *, is_open: bool) -> Figure:
        key = (report.unit.code, indicator.code)
        value, growth, note = self.figures[(*key, report.period.month)]
        status = _usual_status(indicator) if is_open else ValueStatus.VERIFIED
        if instead is not None:
            value = as_figure(instead.get("value"))
            if "same_as" in instead:
                value = self.figures[(*key, instead["same_as"])][0]
            note = instead.get("note", "")
            status = instead.get("status", status)
        return Figure(value=value, value_status=status, growth=growth, note=note)

    def _narrative(self, report: Report) -> dict[str, str]:
        special = self._special(report)
        if "progress" in special:
            return {name: special[name] for name in ("progress", "problems", "next_steps")}
        variants = read("narratives")[report.period.campaign.slug][report.action.number]
        first = report.period.campaign.starts_on
        months = (report.period.starts_on.year - first.year) * 12 + report.period.starts_on.month - first.month
        return variants[(report.unit.order + months) % len(variants)]


@dataclass(slots=True)
class Cast:
    """The people who act, by unit and role; stand-ins stay out of it."""

    by_role: dict[tuple[int, str], User]
    office: User

    @classmethod
    def gather(cls) -> Cast:
        memberships = Membership.objects.filter(stands_in_for=None, user__is_active=True).select_related("user")
        people: dict[int, User] = {}
        by_role: dict[tuple[int, str], User] = {}
        for one in memberships.order_by("id"):
            person = people.setdefault(one.user_id, one.user)
            by_role.setdefault((one.unit_id, one.role), person)
        office = Campaign.objects.get(slug=OPEN_CAMPAIGN).office_id
        return cls(by_role, by_role[(office, Role.OFFICE)])

    def of(self, unit_id: int, role: str) -> User:
        return self.by_role[(unit_id, role)]

    def decides(self, report: Report) -> User:
        """The lead's reviewer; the office where the report is the lead's own."""
        lead = report.action.lead_id
        return self.office if lead == report.unit_id else self.of(lead, Role.REVIEWER)


def _is_touched(report: Report) -> bool:
    return bool(report.measurements.all() or report.events.all() or report.version > 1)


def _usual_status(indicator: Indicator) -> str:
    """In an open month counts are verified, levels estimates, the rest preliminary."""
    if indicator.accumulation == Indicator.Accumulation.LEVEL:
        return ValueStatus.ESTIMATE
    return ValueStatus.PRELIMINARY if indicator.decimals else ValueStatus.VERIFIED


def _figures() -> dict[tuple[str, str, str], Entered]:
    """By unit, indicator and month."""
    by_month: Iterable[dict[str, str]] = read_table("figures-mutual-learning-2022")
    figures: dict[tuple[str, str, str], Entered] = {
        (row["unit"], row["indicator"], row["period"]): (
            as_figure(row["value"]),
            as_figure(row["growth"]),
            row["note"],
        )
        for row in by_month
    }
    for row in read_table("figures-hundred-days-2022"):
        for month in read("clocks"):
            figures[(row["unit"], row["indicator"], month)] = (as_figure(row[month]), None, "")
    return figures


def _told_apart() -> dict[tuple[str, str, int], dict]:
    """The reports of `filing.yaml`, by month, unit and action number."""
    return {
        (month, row["unit"], row["action"]): row for month, rows in read("filing")["reports"].items() for row in rows
    }
