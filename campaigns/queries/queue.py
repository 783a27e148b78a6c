"""The reports that wait for a person's decision, oldest first, with what looks odd in each of them.

Five queries for any number of reports: the reports, the figures before them, what is owed (two), the figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from django.db.models import Count

from campaigns.domain.checks import Finding, needs_note
from campaigns.domain.figures import half_up
from campaigns.domain.workflow import Verb
from campaigns.models import Action, Campaign, Indicator, Period, Report, ReportEvent
from campaigns.queries.clock import local_day
from campaigns.queries.findings import History, Owed, findings_on, owed_figures
from units.models import User
from units.permissions import Capacities

LONG_WAIT_DAYS = 8
"""From so many days on a report's wait is marked."""


class Odd(StrEnum):
    """What makes a reviewer look twice."""

    BELOW = "below_last_month"
    STEP = "unusual_step"
    SAME = "no_change"
    RANGE = "outside_range"
    NO_FIGURE = "no_figure"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Oddity:
    """One odd thing about one figure. `times` is how many usual steps an unusual one is, `since` the period held
    against; `has_note` says whether the unit said something about it."""

    kind: Odd
    indicator: Indicator
    finding: Finding | None
    note: str
    times: Decimal | None = None
    since: Period | None = None

    @property
    def has_note(self) -> bool:
        return bool(self.note.strip())


@dataclass(frozen=True, slots=True)
class Waiting:
    """One report of the queue."""

    report: Report
    oddities: Sequence[Oddity]
    days: int

    @property
    def is_clean(self) -> bool:
        return not self.oddities

    @property
    def lacks_note(self) -> bool:
        """Whether a warning was left without the note it asks for."""
        found = (one for one in self.oddities if one.finding is not None)
        return any(needs_note([one.finding], one.note) for one in found if one.finding)

    @property
    def labels(self) -> list[Oddity]:
        """The oddities to show in a row: each kind once, the first of its kind."""
        return list({one.kind: one for one in reversed(self.oddities)}.values())[::-1]

    @property
    def waits_long(self) -> bool:
        return self.days >= LONG_WAIT_DAYS


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits in one period; `elsewhere` counts what waits in other periods of the campaign and in others."""

    rows: Sequence[Waiting]
    elsewhere: Sequence[tuple[Period, int]]

    @property
    def actions(self) -> list[Action]:
        by_id = {one.report.action_id: one.report.action for one in self.rows}
        return sorted(by_id.values(), key=lambda action: action.number)

    @property
    def odd(self) -> list[Waiting]:
        return [one for one in self.rows if not one.is_clean]


def review_queue(*, person: Capacities, period: Period, periods: Sequence[Period], now: datetime) -> Queue:
    """What this person may decide in this period; `periods` are those of its campaign."""
    waiting = list(
        Report.objects.decidable_by(person).for_list().order_by("status_since", "unit__order", "action__number")
    )
    reports = [one for one in waiting if one.period_id == period.pk]
    oddities = oddities_in(reports, periods)
    today = local_day(now)
    rows = [Waiting(one, oddities[one.pk], max(0, (today - local_day(one.status_since)).days)) for one in reports]
    return Queue(rows, _elsewhere(waiting, period))


def _elsewhere(waiting: Sequence[Report], shown: Period) -> list[tuple[Period, int]]:
    counts: dict[int, list[Report]] = {}
    for report in waiting:
        if report.period_id != shown.pk:
            counts.setdefault(report.period_id, []).append(report)
    return sorted(
        ((found[0].period, len(found)) for found in counts.values()), key=lambda one: (one[0].month, one[0].pk)
    )


def oddities_in(reports: Sequence[Report], periods: Sequence[Period]) -> dict[int, list[Oddity]]:
    """By report id, what looks odd in reports of one period; four queries, none without reports."""
    if not reports:
        return {}
    history, owed = owed_figures(reports, periods)
    return {
        report.pk: [oddity for figure in owed[report.pk] for oddity in _oddities(report, figure, history)]
        for report in reports
    }


def _oddities(report: Report, figure: Owed, history: History) -> Iterator[Oddity]:
    indicator, measurement = figure
    value, note = (measurement.value, measurement.note) if measurement else (None, "")
    if value is None:
        yield Oddity(Odd.NO_FIGURE, indicator, None, note)
        return
    for finding in findings_on(indicator, unit_id=report.unit_id, value=value, note=note, history=history):
        yield oddity_of(finding, indicator, note, history)


def oddity_of(finding: Finding, indicator: Indicator, note: str, history: History) -> Oddity:
    """A finding in the reviewer's terms."""
    kind = Odd(finding.code) if finding.code in set(Odd) else Odd.OTHER
    months_ago = finding.params.get("months_ago", 1)
    since = history.periods[-months_ago] if len(history.periods) >= months_ago else None
    usual = finding.params.get("usual")
    times = half_up(Fraction(abs(finding.params["step"])) / Fraction(usual), 1) if usual else None
    return Oddity(kind, indicator, finding, note, times, since)


@dataclass(frozen=True, slots=True)
class DayCount:
    """What one person decided on one day."""

    approved: int
    sent_back: int


def decided_on_day(user: User, campaign: Campaign, now: datetime) -> DayCount:
    """What this person approved and sent back on the business day of `now`. One query."""
    events = ReportEvent.objects.filter(
        actor=user,
        verb__in=[Verb.APPROVE, Verb.SEND_BACK],
        report__period__campaign=campaign,
        at__date=local_day(now),
        at__lte=now,
    )
    counts = dict(events.order_by().values_list("verb").annotate(Count("pk")))
    return DayCount(counts.get(Verb.APPROVE.value, 0), counts.get(Verb.SEND_BACK.value, 0))
