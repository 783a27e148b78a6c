"""Says what on a project calls for an early warning, how grave it is, and on which fact it stands.

Plain rules of ``docs/algorithms/early-warnings.md``: facts and today in, a `Finding` or nothing out. Money is in any
one unit; shares are judged exactly, before any rounding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from campaigns.domain.figures import half_up
from campaigns.domain.light import Light, LightMethod, LightRule, computed_light, displayed_light, raw_light
from campaigns.domain.months import Month, same_day_next_month

PLAN_RULE = LightRule(method=LightMethod.POINTS_BEHIND, green_within=10, yellow_within=30)
"""Behind by less than 10 points is no warning, 10 to 30 points yellow, more red."""

START_MONTHS = (1, 3)
"""A start that is so many months overdue is yellow, and red."""

ENTRY_MONTHS = (1, 2)
"""A started project without statistical entry for so many months is yellow, and red."""

PROBLEM_MONTHS = 1
"""A problem is open for too long once more than so many months have passed."""


class Cause(StrEnum):
    BEHIND_PLAN = "behind_plan"
    START_OVERDUE = "start_overdue"
    MILESTONE_OVERDUE = "milestone_overdue"
    NO_STATISTICAL_ENTRY = "no_statistical_entry"
    PROBLEM_OPEN = "problem_open"
    NO_UPDATE = "no_update"


class Level(StrEnum):
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Finding:
    """A cause that holds. `basis` is the day, month or milestone that it stands on: while it stays the same it is the
    same case. `particulars` are plain texts that say why: days as ISO dates, money and points with two places."""

    cause: Cause
    level: Level
    basis: str
    particulars: dict[str, str] = field(default_factory=dict)


# --- behind plan ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """One period's investment of this year to date and what was planned for its end; None where it is not known."""

    month: str
    planned: Decimal | None
    done: Decimal | None


def points_behind(figures: PlanFigures, plan_this_year: Decimal) -> Fraction | None:
    """100 × (plan to date − done) / this year's plan; None without a figure, a plan for the month or for the year."""
    if figures.planned is None or figures.done is None or plan_this_year <= 0:
        return None
    return 100 * (Fraction(figures.planned) - Fraction(figures.done)) / Fraction(plan_this_year)


def plan_light(figures: PlanFigures | None, plan_this_year: Decimal) -> Light:
    """The raw light of one period: grey where the points cannot be told."""
    behind = None if figures is None else points_behind(figures, plan_this_year)
    return raw_light(None, None, PLAN_RULE) if behind is None else raw_light(-behind / 100, Fraction(0), PLAN_RULE)


def behind_plan(now: PlanFigures, before: PlanFigures | None, plan_this_year: Decimal) -> Finding | None:
    """By the newest period with a figure; yellow in it and in the period just before is red.

    `before` is the period just before `now`, None where it has no figure or there is no such period.
    """
    raw = plan_light(now, plan_this_year)
    previous = plan_light(before, plan_this_year)
    level = computed_light(raw, previous)
    if level not in (Light.YELLOW, Light.RED):
        return None
    behind = points_behind(now, plan_this_year)
    particulars = {
        "month": now.month,
        "plan_to_date": _money(now.planned),
        "invested_to_date": _money(now.done),
        "plan_this_year": _money(plan_this_year),
        "points_behind": f"{half_up(behind, 2):.2f}",  # type: ignore[arg-type]  # a light other than grey has points
    }
    if raw is not level:
        particulars["also_behind_in"] = before.month  # type: ignore[union-attr]  # a run needs the period before
    return Finding(Cause.BEHIND_PLAN, Level(level), now.month, particulars)


# --- days that have passed --------------------------------------------------------------------------------------------


def start_overdue(planned_start_on: date | None, started_on: date | None, today: date) -> Finding | None:
    """Yellow once the planned start lies a month back, red at three; the same day of the month counts."""
    if planned_start_on is None or started_on is not None:
        return None
    level = _level_after(planned_start_on, today, START_MONTHS)
    if level is None:
        return None
    return Finding(
        Cause.START_OVERDUE, level, planned_start_on.isoformat(), {"planned_start_on": planned_start_on.isoformat()}
    )


def no_statistical_entry(started_on: date | None, statistical_entry_on: date | None, today: date) -> Finding | None:
    """Yellow once the start lies a month back and nothing is entered, red at two."""
    if started_on is None or statistical_entry_on is not None:
        return None
    level = _level_after(started_on, today, ENTRY_MONTHS)
    if level is None:
        return None
    return Finding(Cause.NO_STATISTICAL_ENTRY, level, started_on.isoformat(), {"started_on": started_on.isoformat()})


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone: its names, the day it is planned for, and the day it was done."""

    name_en: str
    name_zh: str
    planned_on: date
    done_on: date | None = None


def milestone_overdue(steps: Iterable[Step], today: date) -> Finding | None:
    """The milestone that is overdue the longest; one that is planned for today is not overdue yet."""
    late = sorted(
        (one for one in steps if one.done_on is None and one.planned_on < today),
        key=lambda one: (one.planned_on, one.name_en),
    )
    if not late:
        return None
    first = late[0]
    return Finding(
        Cause.MILESTONE_OVERDUE,
        Level.YELLOW,
        f"{first.planned_on.isoformat()} {first.name_en}"[:BASIS_LENGTH],
        {
            "milestone_en": first.name_en,
            "milestone_zh": first.name_zh,
            "planned_on": first.planned_on.isoformat(),
            "overdue_milestones": str(len(late)),
        },
    )


def problem_open(problem: str, since: date | None, today: date) -> Finding | None:
    """A problem of the newest update that is open for more than a month: the same day of the next month is not more."""
    if not problem.strip() or since is None or not same_day_next_month(since, PROBLEM_MONTHS) < today:
        return None
    return Finding(Cause.PROBLEM_OPEN, Level.YELLOW, since.isoformat(), {"problem_since": since.isoformat()})


def no_update(newest_closed_month: str | None, has_update: bool) -> Finding | None:
    """Nothing was reported for the newest closed period."""
    if newest_closed_month is None or has_update:
        return None
    return Finding(Cause.NO_UPDATE, Level.YELLOW, newest_closed_month, {"month": newest_closed_month})


def days_reached(today: date, months: int) -> date:
    """The last day whose same day so many months later has been reached today: what a query compares with.

    ``same_day_next_month(day, months) <= today`` exactly where ``day <= days_reached(today, months)``.
    """
    earlier = Month.of(today).plus(-months)
    if today == Month.of(today).last_day:
        return earlier.last_day
    return min(earlier.last_day, earlier.first_day + timedelta(days=today.day - 1))


BASIS_LENGTH = 150


def _level_after(day: date, today: date, months: tuple[int, int]) -> Level | None:
    yellow, red = (same_day_next_month(day, count) <= today for count in months)
    if red:
        return Level.RED
    return Level.YELLOW if yellow else None


def _money(amount: Decimal | None) -> str:
    return f"{amount:.2f}"


# --- for show ---------------------------------------------------------------------------------------------------------


def displayed_level(level: str, *, reason_accepted: bool) -> Light:
    """The light that pages show: an accepted reason lifts red to yellow and yellow to green, for show alone."""
    return displayed_light(Light(level), reason_accepted=reason_accepted)
