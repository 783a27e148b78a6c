"""A real browser before a real server, over the Jiaxing data on PostgreSQL.

The data is loaded once and copied as a whole for every journey, so that a journey may change anything.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tests.journeys.watch import Watch
from tests.plugins.database import PREPARED

# Of a page that does not come; a machine under load needs a while.
PATIENCE = 20_000

BACKEND = "units.backends.PeopleBackend"
LANGUAGES = {"en": "en-GB", "zh-hans": "zh-CN"}

SignIn = Callable[..., Page]


# --- the data -------------------------------------------------------------------------------------------------------


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    """All threads of this process talk to another database for a while; they share the settings of the connection."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _make(name: str, *, template: str = "template1") -> None:
    _drop(name)
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def _drop(name: str) -> None:
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def _copy_of(loaded: str, suffix: str) -> Iterator[None]:
    name = f"{loaded}_{suffix}_{os.getpid()}"
    _make(name, template=loaded)
    with _connected_to(name):
        yield
    _drop(name)


def _exists(name: str) -> bool:
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


@pytest.fixture(scope="session")
def loaded(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a database with the Jiaxing data, which nobody changes; the processes of one run share it. It is not
    the one of the other tests: those empty theirs after a test that commits."""
    name, unfinished = "journeys", "journeys_unfinished"
    with django_db_blocker.unblock(), (Path(os.environ[PREPARED]) / "journeys.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _exists(name):
            _make(unfinished)
            with _connected_to(unfinished):
                call_command("migrate", verbosity=0, interactive=False)
                call_command("load_jiaxing_2022", verbosity=0)
            with connection.creation._nodb_cursor() as cursor:
                cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


class KeptStaticFiles(StaticFilesHandler):
    """A browser asks for each style sheet once, not once for every page."""

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        response = super().get_response(request)
        response["Cache-Control"] = "max-age=3600"
        return response


@pytest.fixture(scope="session")
def server_address() -> Iterator[str]:
    """A threaded server in this process; it reads whatever database the journey has chosen."""
    server = LiveServerThread("127.0.0.1", KeptStaticFiles, connections_override={})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://{server.host}:{server.port}"
    server.terminate()


@pytest.fixture
def site(loaded: str, server_address: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of the site, over a copy of the data that is this journey's own."""
    with django_db_blocker.unblock(), _copy_of(loaded, "journey"):
        mail.outbox.clear()
        yield server_address


@pytest.fixture(scope="module")
def shared_site(loaded: str, server_address: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of the site, over one copy for a whole module that only looks."""
    with django_db_blocker.unblock(), _copy_of(loaded, "shared"):
        yield server_address


# --- the browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Everything a page complained about; a journey ends well only if that is nothing."""
    watching = Watch()
    yield watching
    assert watching.complaints == []


@pytest.fixture
def open_browser(browser: Browser, site: str, watch: Watch) -> Iterator[SignIn]:
    """Opens a browser of its own for a person who has signed in, or for a visitor."""
    contexts: list[BrowserContext] = []

    def opened(username: str | None = None, **options: object) -> Page:
        context = new_context(browser, site, username, **options)
        contexts.append(context)
        page = context.new_page()
        watch.over(page, site)
        return page

    yield opened
    for context in contexts:
        context.close()


def new_context(
    browser: Browser, site: str, username: str | None = None, *, language: str = "en", **options: object
) -> BrowserContext:
    """A browser with nothing in it but a language and, with a name, that person's session."""
    options.setdefault("viewport", {"width": 1280, "height": 900})
    options.setdefault("color_scheme", "light")
    options.setdefault("reduced_motion", "reduce")
    context = browser.new_context(base_url=site, locale=LANGUAGES[language], **options)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    if username:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(username), "url": site}])
    return context


def session_of(username: str) -> str:
    client = Client()
    client.force_login(get_user_model().objects.get(username=username), backend=BACKEND)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
