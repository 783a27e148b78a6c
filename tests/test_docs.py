"""The documents say what is there: their links lead somewhere, and the files, names and settings they name exist."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")
SOURCE_FILE = re.compile(
    r"`((?:jiaxing|units|campaigns|awards|tests|templates|static|locale)/[\w/.-]+\.\w+)(?:: (\w+))?`"
)
MODEL = re.compile(r"`(units|campaigns|awards)\.([A-Z]\w+)`")


def told(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    assert [target for target in LINK.findall(told(page)) if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_and_function_that_is_named_exists(page: Path) -> None:
    for name, function in SOURCE_FILE.findall(told(page)):
        assert (ROOT / name).exists(), name
        if function:
            assert re.search(rf"^(?:def|class) {function}\b", told(ROOT / name), re.MULTILINE), f"{name}: {function}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_table_that_is_named_exists(page: Path) -> None:
    for app, name in MODEL.findall(told(page)):
        known = {model.__name__ for model in apps.get_app_config(app).get_models()}
        assert name in known or hasattr(import_module(f"{app}.models"), name), f"{app}.{name}"


def test_every_setting_of_the_environment_is_in_the_operators_table() -> None:
    settings = told(ROOT / "jiaxing" / "settings.py")
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    assert len(names) > 15
    assert sorted(name for name in names if f"| `{name}` |" not in told(DOCS / "operations.md")) == []


def test_every_decision_is_in_the_list() -> None:
    decisions = sorted(path.name for path in (DOCS / "decisions").glob("[0-9]*.md"))
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", told(DOCS / "decisions" / "README.md"))
    assert listed == decisions
