"""Which days a round of a scheme covers, from the month that it ends with."""

from datetime import date
from enum import StrEnum

from campaigns.domain.months import Month


class Interval(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


MONTHS = {Interval.MONTH: 1, Interval.QUARTER: 3, Interval.HALF_YEAR: 6, Interval.YEAR: 12}


def stretch(interval: Interval, last: Month) -> tuple[date, date]:
    """First and last day of the stretch that ends with this month."""
    return last.plus(1 - MONTHS[interval]).first_day, last.last_day
