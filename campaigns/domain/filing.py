"""Tells from a report's history whether it is filed, on time or overdue.

None of the three is ever stored: they follow from the recorded changes of status, the due instant and the working
calendar. The rule is in ``docs/algorithms/filing.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo

from campaigns.domain.working_days import WorkingCalendar

_SUBMITTED = "submitted"
_RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One recorded transition of a report, ``at`` aware. ``resubmit_by`` is the deadline that came with it, as when the
    office reopens a report after closing; without it a report that comes back has two working days."""

    at: datetime
    from_status: str
    to_status: str
    resubmit_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """How a report stands. On time implies filed, so that no rate over the expected reports exceeds 100 %.

    ``first_filed_at`` is the first submission with a figure, kept while the report is sent back. ``resubmit_by`` is set
    while it is: the last instant for it to come again, which keeps it on time if it was.
    """

    is_filed: bool
    is_on_time: bool
    first_filed_at: datetime | None
    resubmit_by: datetime | None = None


def filing(
    events: Sequence[StatusChange],
    *,
    has_figure: bool,
    due_at: datetime,
    calendar: WorkingCalendar,
    tz: tzinfo,
    resubmission_working_days: int = 2,
) -> Filing:
    """How a report with these transitions (in any order) stands; ``has_figure`` says whether it holds a figure.

    Filed: it was submitted at least once, with at least one figure, and has not been sent back since. Waiting for the
    head's signature is not submitted, so a returned report stays unfiled until it is submitted again.

    On time: the first submission came no later than ``due_at``, and after each sending back the next came by ``due_at``
    or by the end of the second working day after, counted in ``tz``, whichever is later; or by the deadline that the
    sending back named. Sent back again before it was submitted, it keeps the time it had.
    """
    history = sorted((event for event in events if event.to_status in (_SUBMITTED, _RETURNED)), key=lambda one: one.at)
    first_filed_at: datetime | None = None
    resubmit_by: datetime | None = None
    is_on_time = True
    for event in history:
        if event.to_status == _RETURNED:
            if event.resubmit_by is not None:
                resubmit_by = event.resubmit_by
            elif resubmit_by is None and first_filed_at is not None:
                resubmit_by = _end_of_grace(event.at, due_at, calendar, tz, resubmission_working_days)
            continue
        if first_filed_at is None:
            first_filed_at = event.at
            is_on_time = event.at <= due_at
        elif resubmit_by is not None:
            is_on_time = is_on_time and event.at <= resubmit_by
        resubmit_by = None
    if not has_figure:
        first_filed_at = None
    is_filed = first_filed_at is not None and resubmit_by is None
    return Filing(is_filed, is_filed and is_on_time, first_filed_at, resubmit_by)


def is_overdue(now: datetime, due_at: datetime, filing: Filing) -> bool:
    """Whether the report is missing after its due instant. One that was sent back is not while it has time to come
    again."""
    return not filing.is_filed and now > max(due_at, filing.resubmit_by or due_at)


def _end_of_grace(
    returned_at: datetime, due_at: datetime, calendar: WorkingCalendar, tz: tzinfo, working_days: int
) -> datetime:
    last_day = calendar.add(returned_at.astimezone(tz).date(), working_days)
    return max(due_at, datetime.combine(last_day, time.max, tz))
