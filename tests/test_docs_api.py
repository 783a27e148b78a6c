"""docs/api.md against a running server with the Jiaxing data: its commands work, and its answers are what it says."""

from __future__ import annotations

import io
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from campaigns.models import Measurement
from jiaxing.api_docs import description
from units.api.problems import KINDS
from units.operations.tokens import Scope

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MAKES_A_TOKEN = "python3 run.py manage create_token"
CURL_OPTIONS = "fail-with-body\nsilent\nshow-error\nnoproxy = 127.0.0.1,localhost\n"


@pytest.fixture
def surroundings(live_server: Any, settings: Any, tmp_path: Path) -> dict[str, str]:
    """What a reader has after the first two steps: the data, a token, and where the API is."""
    settings.MEDIA_ROOT = tmp_path / "media"
    call_command("load_jiaxing_2022", verbosity=0)
    (tmp_path / ".curlrc").write_text(CURL_OPTIONS)
    line = next(line for line in PAGE.splitlines() if line.startswith(MAKES_A_TOKEN))
    printed = io.StringIO()
    call_command(*shlex.split(line.partition("manage ")[2]), stdout=printed, stderr=io.StringIO())
    return {
        "API": f"{live_server.url}/api/v1",
        "TOKEN": printed.getvalue().strip(),
        "HOME": str(tmp_path),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "no_proxy": "127.0.0.1,localhost",
    }


def run(command: list[str], surroundings: dict[str, str]) -> str:
    done = subprocess.run(
        command, cwd=surroundings["HOME"], env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command[-1]}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def export_of_tongxiang() -> str:
    figure = Measurement.objects.get(
        indicator__code="EXPORTS", report__unit__code="tongxiang", report__period__month="2022-08"
    )
    return f"{figure.value:.2f}"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.django_db(transaction=True)
def test_the_commands_work_one_after_the_other_and_answer_as_told(surroundings: dict[str, str]) -> None:
    answer = ""
    for language, text in BLOCK.findall(PAGE):
        if language == "bash":
            answer = run(["bash", "-euo", "pipefail", "-c", text], surroundings)
        elif language == "json":
            assert json.loads(answer) == json.loads(text)
    assert export_of_tongxiang() == "21.35"


@pytest.mark.django_db(transaction=True)
def test_the_python_of_the_page_runs_as_one_program(surroundings: dict[str, str]) -> None:
    program = "\n".join(text for language, text in BLOCK.findall(PAGE) if language == "python")
    printed = run([sys.executable, "-c", program], surroundings)
    assert "桐乡市" in printed
    assert "There is no “nanhu”." in printed
    assert "Action 4 is to_sign" in printed
    assert export_of_tongxiang() == "21.40"


# --- the reference ----------------------------------------------------------------------------------------------------


def test_every_kind_of_problem_is_in_the_table_with_its_status() -> None:
    assert [name for name, kind in KINDS.items() if f"| {kind.status} | `{name}` |" not in PAGE] == []


def test_every_scope_is_in_the_table() -> None:
    assert [scope for scope in Scope if f"| `{scope}` |" not in PAGE] == []


def test_every_resource_is_in_the_table() -> None:
    resources = {path.split("/")[3] for path in description("en")["paths"]}
    table = PAGE.partition("## Resources")[2]
    assert sorted(name for name in resources if f"`{name}`" not in table) == []


def test_every_step_is_in_the_table() -> None:
    """A step is an address that ends with a word, not with a key."""
    table = PAGE.partition("## Resources")[2]
    ends = {path.rstrip("/").rpartition("/")[2] for path in description("en")["paths"] if path.count("/") > 4}
    assert sorted(word for word in ends if "{" not in word and word not in table) == []
