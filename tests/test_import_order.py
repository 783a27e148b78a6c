"""The import order of the house holds, and the contracts that say so do fail when it is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("jiaxing", "awards", "campaigns", "units")
LINTER = Path(sys.executable).parent / "lint-imports"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINTER, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy_of_the_house(tmp_path: Path) -> Path:
    for app in APPS:
        shutil.copytree(ROOT / app, tmp_path / app, ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_import_follows_the_order() -> None:
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout
    assert "0 broken" in answer.stdout


@pytest.mark.parametrize(
    ("file", "forbidden", "contract"),
    [
        ("units/models/planted.py", "import campaigns.models", "Apps"),
        ("campaigns/models/planted.py", "import awards.models", "Apps"),
        ("awards/models/planted.py", "import jiaxing.settings", "Apps"),
        ("campaigns/models/planted.py", "import campaigns.queries", "Layers inside each app"),
        ("campaigns/domain/planted.py", "import campaigns.models", "Layers inside each app"),
        ("campaigns/domain/planted.py", "from django.utils import timezone", "The domain is plain Python"),
        ("awards/domain/planted.py", "from django.utils import timezone", "The domain is plain Python"),
    ],
)
def test_a_planted_import_against_the_order_is_found(
    copy_of_the_house: Path, file: str, forbidden: str, contract: str
) -> None:
    (copy_of_the_house / file).write_text(f'"""Planted by a test."""\n\n{forbidden}\n', encoding="utf-8")
    answer = lint(copy_of_the_house)
    assert answer.returncode == 1
    broken = [line for line in answer.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(line.startswith(contract) for line in broken), answer.stdout
    assert "planted" in answer.stdout
