"""When messages that are not urgent may go out: on working days, between the hours that the office has said.

Real time, since people sleep by it, whatever the business clock shows; the working days are those of the calendar.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.timezone import get_current_timezone

from units.models import SendingHours

LONGEST_HOLIDAY = 60
"""Days after which a calendar without a working day is believed no more."""


@dataclass(frozen=True, slots=True)
class Hours:
    """From `begins` until before `ends` on the days that `is_working`; the whole day where there are no hours."""

    begins: time
    ends: time | None
    makes_digests: bool
    is_working: Callable[[date], bool]

    def opens(self, now: datetime) -> datetime:
        """Now where it is within the hours, else their next beginning."""
        local = now.astimezone(get_current_timezone())
        if self.is_working(local.date()):
            if local.time() < self.begins:
                return self._morning(local.date())
            if self.ends is None or local.time() < self.ends:
                return now
        return self.next_morning(local.date())

    def next_morning(self, day: date) -> datetime:
        """The beginning of the hours on the next working day after this one."""
        for _step in range(LONGEST_HOLIDAY):
            day += timedelta(days=1)
            if self.is_working(day):
                break
        return self._morning(day)

    def _morning(self, day: date) -> datetime:
        return datetime.combine(day, self.begins, tzinfo=get_current_timezone())


def sending_hours() -> Hours:
    """Two queries."""
    said = SendingHours.objects.filter(pk=1).first()
    calendar = import_string(settings.WORKING_CALENDAR)()
    if said is not None:
        return Hours(said.begins, said.ends, said.makes_digests, calendar.is_working)
    hours: tuple[time, time] | None = settings.SENDING_HOURS
    begins, ends = (time.min, None) if hours is None else hours
    return Hours(begins, ends, True, calendar.is_working)
