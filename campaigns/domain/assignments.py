"""Tells which reports a period expects, from the dates of an assignment.

Rates of completeness are over the expected reports.
"""

from datetime import date


def is_expected(
    *,
    assignment_starts_on: date | None,
    assignment_ends_on: date | None,
    period_last_day: date,
    is_unit_active: bool,
) -> bool:
    """Whether a unit has to report on an action in a period: it is active, and its assignment covers the last day that
    the period has in the campaign. An assignment is open at an end that has no date; both its days are counted in."""
    has_begun = assignment_starts_on is None or assignment_starts_on <= period_last_day
    has_ended = assignment_ends_on is not None and assignment_ends_on < period_last_day
    return is_unit_active and has_begun and not has_ended
