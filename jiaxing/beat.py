"""The beat's clock: it keeps nothing, asks for every job at once when it starts, and shows that it is alive.

Whether there is work stands in the database, so asking once too often does no harm, while a file of last runs could be
broken by a `kill -9`, and a clock that is put back would silence it until the old time comes again.
"""

from __future__ import annotations

import logging
from time import monotonic, time
from typing import Any

from celery.beat import Scheduler
from django.conf import settings
from django.db import Error, connection

from jiaxing.signs import BEAT, show_life

logger = logging.getLogger(__name__)

LONGEST_SLEEP = 5
JUMP = 30.0
"""Seconds by which wall clock and running time may drift apart from one look to the next."""


class SeenScheduler(Scheduler):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._shown_at: float | None = None
        self._drift = time() - monotonic()
        kwargs["max_interval"] = LONGEST_SLEEP
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        super().setup_schedule()
        self._ask_for_all()

    def tick(self, *args: Any, **kwargs: Any) -> float:
        self._notice_jumps()
        self._show_life()
        return min(float(super().tick(*args, **kwargs)), LONGEST_SLEEP)

    def _ask_for_all(self) -> None:
        for entry in self.schedule.values():
            every: Any = entry.schedule
            entry.last_run_at = entry.default_now() - every.run_every
        self._heap = None

    def _notice_jumps(self) -> None:
        """After a jump of the clock no time that was noted before it can be trusted."""
        drift = time() - monotonic()
        if abs(drift - self._drift) > JUMP:
            logger.warning("The clock has jumped by %.0f s; asking for all jobs.", drift - self._drift)
            self._ask_for_all()
        self._drift = drift

    def _show_life(self) -> None:
        """In the database for `/readyz`, and in a file for health checks of containers."""
        if self._shown_at is not None and monotonic() - self._shown_at < settings.BEAT_SECONDS / 2:
            return
        self._shown_at = monotonic()
        try:
            settings.BEAT_SEEN_FILE.touch()
            show_life(BEAT)
        except (Error, OSError) as problem:  # the beat goes on; whoever watches sees that the sign is old
            logger.warning("The beat could not show that it is alive (%s)", type(problem).__name__)
        finally:
            connection.close()
