"""Calendar months, and the months of a campaign clipped to its first and last day.

A period of a campaign is one such span; its last day is the day that progress is measured on.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

_KEY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, ordered by time. Raises ``ValueError`` for a month outside 1–12 or a year outside 1–9999."""

    year: int
    month: int

    def __post_init__(self) -> None:
        date(self.year, self.month, 1)

    @classmethod
    def parse(cls, key: str) -> Self:
        """The month of a key such as ``2022-07``. Raises ``ValueError`` for anything else."""
        match = _KEY.fullmatch(key)
        if match is None:
            raise ValueError(f"not a month: {key!r}")
        return cls(int(match["year"]), int(match["month"]))

    @classmethod
    def of(cls, day: date) -> Self:
        """The month that ``day`` lies in."""
        return cls(day.year, day.month)

    @property
    def key(self) -> str:
        """``2022-07``: what addresses, files and the API say."""
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def next(self) -> Self:
        return self.plus(1)

    @property
    def previous(self) -> Self:
        return self.plus(-1)

    def plus(self, months: int) -> Self:
        """The month so many months later (earlier where negative)."""
        years, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return type(self)(years, month + 1)

    def __str__(self) -> str:
        return self.key


@dataclass(frozen=True, slots=True)
class Span:
    """The days of one month that belong to a campaign, both ends included."""

    month: Month
    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    @property
    def is_full_month(self) -> bool:
        """True where the campaign clips nothing off the month."""
        return self.starts_on == self.month.first_day and self.ends_on == self.month.last_day


def campaign_spans(starts_on: date, ends_on: date) -> list[Span]:
    """The months of a campaign in order, the first and last clipped to it; together they cover each day once.

    Raises ``ValueError`` where the campaign ends before it starts.
    """
    if ends_on < starts_on:
        raise ValueError("a campaign cannot end before it starts")
    spans = []
    month = Month.of(starts_on)
    while month <= Month.of(ends_on):
        spans.append(Span(month, max(month.first_day, starts_on), min(month.last_day, ends_on)))
        month = month.next
    return spans


def day_of_campaign(starts_on: date, on: date) -> int:
    """Which day of the campaign ``on`` is: the first day is 1, its eve is 0."""
    return (on - starts_on).days + 1


def same_day_next_month(day: date, months: int = 1) -> date:
    """The same day so many months later; the last day of that month where it has no such day (31 Jan → 28 Feb)."""
    month = Month.of(day).plus(months)
    return min(month.last_day, month.first_day + timedelta(days=day.day - 1))
