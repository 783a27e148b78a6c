"""Looks at the monthly figures of a project: what can only stand with a note, and days that contradict each other.

It returns codes with parameters; the words are chosen where they can be translated.
"""

from datetime import date
from decimal import Decimal

from campaigns.domain.checks import Finding


def check_investment(
    *, invested: Decimal | None, total: Decimal, invested_before: Decimal, last_month: Decimal | None
) -> list[Finding]:
    """What asks for a note, in 10,000 yuan. ``invested`` and ``last_month`` are this year's to date; ``last_month`` is
    the newest figure reported earlier in the same year, None where there is none.

    Codes: ``beyond_total`` (with what was invested up to last year it is more than the total investment),
    ``below_last_month``.
    """
    if invested is None:
        return []
    found = []
    if invested_before + invested > total:
        found.append(Finding("warning", "beyond_total", {"sum": invested_before + invested, "total": total}))
    if last_month is not None and invested < last_month:
        found.append(Finding("warning", "below_last_month", {"earlier": last_month}))
    return found


def is_finish_before_start(started_on: date | None, finished_on: date | None) -> bool:
    return started_on is not None and finished_on is not None and finished_on < started_on


def share_of(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """The part in percent of the whole, exact to 28 digits; None where either is missing or the whole is nothing."""
    return 100 * part / whole if part is not None and whole else None
