"""The commands that run.py leans on: prepare and sign_ins."""

import io

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django.fixtures import Settings

from jiaxing.demo import DEMO_PASSWORD
from jiaxing.management.commands import prepare

pytestmark = pytest.mark.django_db


def output_of(command: str) -> str:
    out = io.StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def no_catalogues(settings: Settings, tmp_path: object) -> None:
    settings.LOCALE_PATHS = [tmp_path]


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that prepare called, none of them run."""
    called: list[str] = []
    monkeypatch.setattr(prepare, "call_command", lambda name, **_options: called.append(name))
    monkeypatch.setattr(prepare, "get_commands", lambda: {prepare.FIRST_DATA: "jiaxing"})
    return called


def test_the_first_start_loads_the_data(settings: Settings, loads: list[str]) -> None:
    settings.DEBUG = True
    output_of("prepare")
    assert loads == ["migrate", "load_jiaxing_2022"]


def test_a_second_start_keeps_what_is_there(settings: Settings, loads: list[str]) -> None:
    settings.DEBUG = True
    get_user_model().objects.create_user("somebody", name="Somebody")
    output_of("prepare")
    assert loads == ["migrate"]


def test_a_real_site_starts_empty_and_says_how_to_go_on(settings: Settings, loads: list[str]) -> None:
    settings.DEBUG = False
    assert "createsuperuser" in output_of("prepare")
    assert loads == ["migrate", "collectstatic"]


def test_a_real_site_does_not_start_with_demo_sign_ins(settings: Settings, loads: list[str]) -> None:
    settings.DEBUG = False
    get_user_model().objects.create_user("admin", name="Administrator", is_demo=True)
    with pytest.raises(SystemCheckError, match=r"jiaxing\.E001"):
        output_of("prepare")


def test_sign_ins_are_printed_with_one_password_line() -> None:
    get_user_model().objects.create_user("tongxiang", name="Tongxiang reporter", is_demo=True)
    get_user_model().objects.create_user("somebody", name="Somebody")
    lines = output_of("sign_ins").splitlines()
    assert [line.split()[0] for line in lines] == ["tongxiang", "password:"]
    assert lines[-1] == f"password: {DEMO_PASSWORD}"


def test_without_demo_people_no_password_is_printed() -> None:
    assert output_of("sign_ins") == ""
