"""Loads the Chinese working-day calendar with the office's own changes to it."""

from __future__ import annotations

from campaigns.domain.working_days import WorkingCalendar
from campaigns.models import CalendarDay


def working_calendar() -> WorkingCalendar:
    return WorkingCalendar(dict(CalendarDay.objects.values_list("on", "is_working")))
