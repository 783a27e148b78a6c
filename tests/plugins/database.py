"""Decides, before Django reads its settings, where the tests run: on SQLite, or on a PostgreSQL of their own.

Loaded with ``-p`` (a ``conftest.py`` would be too late). Nothing of a running site is touched: files go to a folder of
the run, and the variables a developer may have set for the site do not reach the tests.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugins.postgresql import start_postgresql

SETTINGS_VARIABLES = (
    "SECRET_KEY",
    "DEBUG",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_URL",
    "CELERY_BROKER_URL",
    "CACHE_URL",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
    "MEDIA_ROOT",
    "TIME_ZONE",
    "LANGUAGE_CODE",
    "BUSINESS_CLOCK",
    "SENTRY_DSN",
    "VAR_DIR",
    "HTTPS",
    "BEHIND_PROXY",
    "SITE_URL",
    "PORT",
    "WEBHOOK_ALLOW_PRIVATE",
    "WEBHOOK_PORTS",
    "DINGTALK_ROBOT_URL",
    "DINGTALK_ROBOT_SECRET",
    "WECOM_ROBOT_URL",
    "METRICS_TOKEN",
)
# Set by this plugin in the main process and inherited by the xdist workers.
PREPARED = "TESTS_PREPARED"


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """A wrapper runs ahead of pytest-django, which reads the settings in this same hook."""
    if PREPARED in os.environ:
        _own_folder(early_config, Path(os.environ[PREPARED]) / f"worker-{os.getpid()}")
        return (yield)
    for name in SETTINGS_VARIABLES:
        os.environ.pop(name, None)
    home = Path(tempfile.mkdtemp(prefix="tracker-tests-"))
    early_config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    os.environ[PREPARED] = str(home)
    early_config.add_cleanup(lambda: os.environ.pop(PREPARED, None))
    _own_folder(early_config, home / "main")
    if wanted_vendor() == "postgresql":
        os.environ["DATABASE_URL"] = _start_postgresql(early_config, home / "postgresql")
    return (yield)


def wanted_vendor() -> str:
    vendor = os.environ.get("TEST_DATABASE", "sqlite")
    if vendor not in {"sqlite", "postgresql"}:
        raise pytest.UsageError("TEST_DATABASE must be sqlite or postgresql")
    return vendor


def pytest_report_header() -> str:
    return f"database: {wanted_vendor()}"


def pytest_collection_finish(session: pytest.Session) -> None:
    """The database asked for is the one Django talks to; a silent fall-back would make half the run worthless."""
    from django.db import connection

    if connection.vendor != wanted_vendor():
        raise pytest.UsageError(f"the tests should run on {wanted_vendor()}, but Django uses {connection.vendor}")


def _own_folder(config: pytest.Config, folder: Path) -> None:
    """Each process writes to a folder of its own, so that parallel workers do not read each other's mail."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["VAR_DIR"] = str(folder)
    os.environ["EMAIL_URL"] = "memorymail://"
    config.add_cleanup(lambda: os.environ.pop("VAR_DIR", None))


def _start_postgresql(config: pytest.Config, folder: Path) -> str:
    server = start_postgresql(folder)
    config.add_cleanup(server.cleanup)
    return str(server.get_uri())
