"""What every test has: fast passwords, and marks that leave a test out, with the reason, where a service is missing."""

import json
import os
import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.plugins.database import wanted_vendor

if TYPE_CHECKING:
    from tests.cast import Cast

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# Where run.py wants to read how the run went and what it left out.
SUMMARY_FILE = "TEST_SUMMARY"
# `sync_playwright` keeps an event loop running in the main thread, which Django would take for asynchronous code.
ALLOW_SYNC = "DJANGO_ALLOW_ASYNC_UNSAFE"


def chromium() -> str | None:
    """The installed browser, or nothing; ``CHROMIUM`` names another one."""
    named = os.environ.get("CHROMIUM", "")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def missing_service(mark: str) -> str | None:
    """Why a test with this mark cannot run here; ``None`` where it can."""
    if mark == "browser":
        if chromium() is None:
            return "Chromium is not installed"
        return None if wanted_vendor() == "postgresql" else "journeys in the browser run once, on PostgreSQL"
    if mark == "postgresql":
        return None if wanted_vendor() == "postgresql" else "needs PostgreSQL"
    if mark == "redis":
        return None if shutil.which("redis-server") else "Redis is not installed"
    if mark == "rabbitmq":
        return None if answers("127.0.0.1", 5672) else "RabbitMQ does not run here"
    return None


def answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Whatever the day and hour of the run; tests of the hours say their own.
    settings.WORKING_CALENDAR, settings.SENDING_HOURS = "tests.calendars.always_working", None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for mark in ("browser", "postgresql", "redis", "rabbitmq"):
            if item.get_closest_marker(mark) and (reason := missing_service(mark)):
                item.add_marker(pytest.mark.skip(reason=reason))
        if item.get_closest_marker("browser"):
            os.environ[ALLOW_SYNC] = "1"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Written by the main process alone, after the workers have reported."""
    path = os.environ.get(SUMMARY_FILE)
    if not path:
        return
    counts = {
        outcome: len(terminalreporter.stats.get(outcome, []))
        for outcome in ("passed", "failed", "error", "skipped", "xfailed", "xpassed")
    }
    reasons = {_reason(report) for report in terminalreporter.stats.get("skipped", [])}
    Path(path).write_text(json.dumps({"counts": counts, "reasons": sorted(reasons)}), encoding="utf-8")


def _reason(report: pytest.TestReport) -> str:
    told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return told.removeprefix("Skipped: ")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = chromium()
    if path is None:
        pytest.skip("Chromium is not installed")
    return path


@pytest.fixture
def cast(db: None) -> "Cast":
    """One person for each role and a small campaign, on 3 September 2022; see `tests.cast`."""
    from tests.cast import assemble

    return assemble()


@pytest.fixture
def cast_with_july(db: None) -> "Cast":
    """The cast after a July that everybody filed and that is published, so that August has a month before it."""
    from tests.builders import assemble_with_july

    return assemble_with_july()
