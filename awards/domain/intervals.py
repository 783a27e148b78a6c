"""Which days a round of a scheme covers, and what it is called, from the month that it ends with."""

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


ENGLISH = ("First", "Second", "Third", "Fourth")
CHINESE = ("一", "二", "三", "四")


def name_of(interval: Interval, last: Month) -> tuple[str, str]:
    """In English and Chinese: First half of 2022, 2022年上半年. A stretch that is no whole part of a year is
    named by its months."""
    months, year = MONTHS[interval], last.year
    if interval is Interval.MONTH:
        return f"{last.first_day:%B} {year}", f"{year}年{last.month}月"
    if last.month % months:
        return f"{months} months to {last.first_day:%B} {year}", f"截至{year}年{last.month}月的{months}个月"
    part = last.month // months - 1
    if interval is Interval.QUARTER:
        return f"{ENGLISH[part]} quarter of {year}", f"{year}年第{CHINESE[part]}季度"
    if interval is Interval.HALF_YEAR:
        return f"{ENGLISH[part]} half of {year}", f"{year}年{'上下'[part]}半年"
    return str(year), f"{year}年"
