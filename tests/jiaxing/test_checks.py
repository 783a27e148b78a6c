"""What the system checks refuse, and that they let a sound installation pass."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db


def told() -> set[str]:
    return {message.id or "" for message in run_checks() if (message.id or "").startswith("jiaxing.")}


@pytest.fixture(autouse=True)
def compiled_words(settings: Settings, tmp_path: Path) -> None:
    """No catalogue at all, so that a clone in which nothing is compiled yet does not matter here."""
    settings.LOCALE_PATHS = [tmp_path]


def test_a_sound_installation_passes(settings: Settings) -> None:
    settings.DEBUG = False
    assert told() == set()


def test_demo_sign_ins_are_refused_while_debug_is_off(settings: Settings) -> None:
    get_user_model().objects.create_user("tongxiang", name="Tongxiang reporter", is_demo=True)
    settings.DEBUG = True
    assert told() == set()
    settings.DEBUG = False
    assert told() == {"jiaxing.E001"}


def test_a_deactivated_demo_sign_in_harms_nobody(settings: Settings) -> None:
    get_user_model().objects.create_user("tongxiang", name="Tongxiang reporter", is_demo=True, is_active=False)
    settings.DEBUG = False
    assert told() == set()


def test_a_clock_without_a_time_zone_is_refused(settings: Settings) -> None:
    settings.BUSINESS_CLOCK = datetime(2022, 9, 3, 9)  # noqa: DTZ001  (what the check is there to find)
    assert told() == {"jiaxing.E002"}


def test_a_set_clock_on_a_real_site_is_warned_of(settings: Settings) -> None:
    settings.BUSINESS_CLOCK = datetime(2022, 9, 3, 9, tzinfo=UTC)
    settings.DEBUG = True
    assert told() == set()
    settings.DEBUG = False
    assert told() == {"jiaxing.W002"}


def test_missing_npm_packages_are_named(settings: Settings, tmp_path: Path) -> None:
    settings.NODE_MODULES = tmp_path
    assert told() == {"jiaxing.E003"}


def test_a_catalogue_that_is_not_compiled_is_warned_of(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid ""\nmsgstr ""\n', encoding="utf-8")
    assert told() == {"jiaxing.W004"}
    (folder / "django.mo").write_bytes(b"")
    assert told() == set()
