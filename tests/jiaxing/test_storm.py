"""Workers and beat are killed while messages go out: nothing is lost, the inbox has each once, doubles are rare.

A small storm; the large one is `run.py bench storm`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent
MESSAGES, KILLS = 150, 3
PATIENCE = 300


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of an empty database of its own, beside that of the tests."""
    if connection.vendor == "sqlite":
        yield {}
        return
    request.getfixturevalue("django_db_setup")
    blocker = request.getfixturevalue("django_db_blocker")
    name = f"storm_{uuid.uuid4().hex}"
    url = urlsplit(os.environ["DATABASE_URL"])
    with blocker.unblock():
        run_alone(f"CREATE DATABASE {name}")
        yield {"DATABASE_URL": urlunsplit(url._replace(path=f"/{name}"))}
        run_alone(f"DROP DATABASE {name} WITH (FORCE)")


def run_alone(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def manage(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )


def test_a_storm_loses_nothing(database: dict[str, str], tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **database}
    assert manage(environment, "migrate", "--verbosity", "0", "--skip-checks").returncode == 0
    answer = manage(environment, "storm", f"--messages={MESSAGES}", f"--kills={KILLS}")
    assert answer.returncode == 0, answer.stderr[-5000:] + answer.stdout
    told = json.loads(answer.stdout)
    assert (told["in_inbox"], told["inbox_doubled"]) == (MESSAGES, 0)
    assert (told["mail"], told["mail_lost"], told["robot"], told["robot_lost"]) == (MESSAGES, 0, MESSAGES, 0)
    assert told["mail_doubled"] + told["robot_doubled"] <= told["kills"] <= KILLS
    assert told["database"] == connection.vendor
    # It is for a database that nobody uses.
    again = manage(environment, "storm")
    assert again.returncode == 1
    assert "not empty" in again.stderr
