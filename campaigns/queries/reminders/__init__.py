"""Who ought to be told what by now: deadlines, reports that wait or came back, meetings, warnings, follow-ups.

Everything follows from the rows, the calendar and the instant; what was told already is for the ledger to know. So a
missed run is made up by the next, and the number of SQL queries is the same for one unit and for a thousand.
"""

from __future__ import annotations

from datetime import datetime

from units.queries.messages import Notice

from .follow_ups import follow_up_notices
from .meetings import meeting_notices
from .periods import WITH_THE_UNIT, period_notices, period_reminders
from .reports import report_notices, returned_notices
from .scene import Scene
from .warnings import warning_notices

__all__ = ["WITH_THE_UNIT", "period_reminders", "reminders_due", "returned_notices"]


def reminders_due(*, now: datetime) -> list[Notice]:
    """Every reminder that has fallen due by `now`, newest stage only, told before or not."""
    scene = Scene.at(now)
    return [
        *period_notices(scene),
        *report_notices(scene),
        *meeting_notices(now=now, people=scene.people),
        *warning_notices(scene),
        *follow_up_notices(scene),
    ]
