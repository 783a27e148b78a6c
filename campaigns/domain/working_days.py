"""Knows which days the offices of China work, make-up weekends included, and counts by them.

The days come from the yearly notice of the State Council as the ``holidays`` package carries it; the campaign office
can override any single day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import holidays

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Notice:
    """One year of the State Council's notice: weekdays off, and weekend days worked to make up for them."""

    weekdays_off: frozenset[date]
    weekend_workdays: frozenset[date]

    @property
    def is_announced(self) -> bool:
        """Every notice since 2001 moved at least one working day onto a weekend; the package has none of a year
        before its notice is in it, and then merely guesses the festivals. A notice without a single make-up day
        would be taken for missing: the mistake then is a warning too many."""
        return bool(self.weekend_workdays)


@lru_cache(maxsize=128)
def _notice(year: int) -> _Notice:
    china = holidays.country_holidays("CN", years=year)
    return _Notice(
        weekdays_off=frozenset(day for day in china if day.year == year and day.weekday() < _SATURDAY),
        weekend_workdays=frozenset(day for day in china.weekend_workdays if day.year == year),
    )


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The Chinese working calendar. ``overrides`` says of single days whether they are worked, and always wins.

    A year without an announced notice counts Monday to Friday, overrides apart; ``is_covered`` tells it, so that a page
    can warn. The rule is in ``docs/algorithms/working-days-and-deadlines.md``.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_covered(self, year: int) -> bool:
        """Whether the make-up days of ``year`` are known. False: Monday to Friday stands in for them."""
        return _notice(year).is_announced

    def is_working(self, day: date) -> bool:
        """Whether offices work on ``day``."""
        override = self.overrides.get(day)
        if override is not None:
            return override
        notice = _notice(day.year)
        if not notice.is_announced:
            return day.weekday() < _SATURDAY
        if day.weekday() < _SATURDAY:
            return day not in notice.weekdays_off
        return day in notice.weekend_workdays

    def roll_forward(self, day: date) -> date:
        """``day`` where it is worked, else the next day that is."""
        while not self.is_working(day):
            day += _ONE_DAY
        return day

    def add(self, day: date, n: int) -> date:
        """The ``n``-th working day after ``day``; ``add(day, 0)`` is ``day`` itself, worked or not.

        Raises ``ValueError`` where ``n`` is negative.
        """
        if n < 0:
            raise ValueError("working days are counted forward only")
        for _ in range(n):
            day = self.roll_forward(day + _ONE_DAY)
        return day

    def back(self, day: date, n: int) -> date:
        """The ``n``-th working day before ``day`` (papers that are due two working days ahead).

        Raises ``ValueError`` where ``n`` is negative.
        """
        if n < 0:
            raise ValueError("the number of working days is not negative")
        while n:
            day -= _ONE_DAY
            n -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; 0 where ``end`` is not after ``start``."""
        return sum(self.is_working(start + _ONE_DAY * step) for step in range(1, (end - start).days + 1))
