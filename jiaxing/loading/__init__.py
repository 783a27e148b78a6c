"""Loads the Jiaxing 2022 data: the article's facts and the flagged samples of `jiaxing/data`.

`load` may run again: it adds what is missing and never writes over a row that is there.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from campaigns.operations.clock import set_clock
from campaigns.operations.periods import advance_periods
from campaigns.queries.clock import business_now, clock_row
from units.operations.changes import record

from .awards import load_awards
from .campaigns import load_campaigns
from .files import as_instant, read
from .judgements import load_judgements
from .meetings import load_meetings
from .projects import load_projects
from .reports import play_reports
from .tally import Tally
from .units import load_units
from .warnings import load_warnings

MONTHS: tuple[str, ...] = tuple(read("clocks"))
DEFAULT_MONTH = "2022-08"


@transaction.atomic
def load(*, through: str = DEFAULT_MONTH) -> Tally:
    """Loads everything up to this month, which stays open; all or nothing. Raises `ValueError` for another month."""
    if through not in MONTHS:
        raise ValueError(f"no figures for {through}; there are some for {', '.join(MONTHS)}")
    stands_at = as_instant(read("clocks")[through])
    tally = Tally()
    load_units(tally)
    load_campaigns(tally)
    play_reports(tally, through=through, stands_at=stands_at)
    advance_periods(now=stands_at)
    load_judgements(tally, stands_at)
    load_projects(tally, stands_at)
    load_warnings(tally, stands_at)
    load_meetings(tally, stands_at)
    load_awards(tally)
    _set_clock(tally, stands_at)
    if tally.has_changes:
        record(actor=None, verb="load_jiaxing_2022", reason=f"through {through}: {tally}", touched=[])
    return tally


def _set_clock(tally: Tally, stands_at: datetime) -> None:
    """A clock that already stands later was moved on in use, and stays."""
    if clock_row() is None or business_now() < stands_at:
        set_clock(to=stands_at, actor=None)
        tally.clock_set_to = stands_at
