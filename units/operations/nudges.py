"""Asks a worker to look at once instead of at the next beat; the broker may lose every one of these without harm."""

from __future__ import annotations

import logging
from time import monotonic

from celery import current_app

logger = logging.getLogger(__name__)

PATIENCE = 1
"""Seconds that a broker has to take a nudge; somebody may be waiting for a page."""
IMPATIENT = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
PAUSE = 5.0
"""Seconds between two nudges of the same kind, where `seldom` asks: a hundred changes in a row are sealed together."""
PAUSE_AFTER_FAILURE = 60.0

_not_before: dict[str, float] = {}


def nudge(task: str) -> bool:
    """Whether the broker took it; without an answer the next beat does the work."""
    try:
        with current_app.connection_for_write(connect_timeout=PATIENCE, transport_options=IMPATIENT) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=PATIENCE)
            current_app.send_task(task, expires=60, retry=False, ignore_result=True, connection=broker)
    except Exception as problem:  # noqa: BLE001  (each transport has errors of its own; none may reach the person)
        logger.warning("The broker did not take a nudge (%s); the beat delivers.", type(problem).__name__)
        return False
    return True


def nudge_seldom(task: str) -> None:
    """At most one nudge in a while from this process; a broker that is gone is left alone for a minute."""
    if monotonic() < _not_before.get(task, 0.0):
        return
    _not_before[task] = monotonic() + PAUSE
    if not nudge(task):
        _not_before[task] = monotonic() + PAUSE_AFTER_FAILURE
