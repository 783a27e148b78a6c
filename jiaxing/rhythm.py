"""How often the beat asks for which job. Plain Python: the settings read it."""

from typing import Any

HOUR = 3600.0


def schedule(seconds: float) -> dict[str, dict[str, Any]]:
    """Each job looks in the database for what is due by now and not yet done, so a missed one is made up by the next.

    `seconds` is the usual pause between two requests for the same job.
    """
    return {
        "worker-seen": _asked("jiaxing.worker_seen", seconds),
        "tick": _asked("campaigns.tick", seconds),
        "scan-warnings": _asked("campaigns.scan_warnings", 10 * seconds),
        "seal-changes": _asked("units.seal_changes", seconds / 6),
        "deliver-webhooks": _asked("units.deliver_webhooks", seconds),
        "work": _asked("campaigns.work", seconds),
        "deliver": _asked("units.deliver", seconds),
        "watch-tokens": _asked("units.watch_tokens", HOUR),
        "clean-up": _asked("units.clean_up", HOUR),
    }


def _asked(task: str, seconds: float) -> dict[str, Any]:
    """A request that nobody took is dropped when the next one comes."""
    return {"task": task, "schedule": seconds, "options": {"expires": max(10.0, seconds)}}
