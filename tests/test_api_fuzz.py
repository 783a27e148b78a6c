"""The API as its description says it is, tried by schemathesis against a running server with the Jiaxing data.

A bounded sample for two kinds of callers; `API_FUZZ_EXAMPLES=100` tries every kind, in all phases, with so many
examples of each operation.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.test import Client

from units.models import Unit, User
from units.operations.tokens import create_token

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

TOOL = Path(sys.executable).parent / "schemathesis"
CONFIG = Path(__file__).parent / "schemathesis.toml"
EXAMPLES = os.environ.get("API_FUZZ_EXAMPLES", "")
BOUNDS = ["--max-examples", EXAMPLES] if EXAMPLES else ["--max-examples", "1", "--phases", "fuzzing,stateful"]
SEED = "20220712"


def of_token(*scopes: str, unit: str = "") -> list[str]:
    named = Unit.objects.get(code=unit) if unit else None
    _row, secret = create_token(client="Fuzzer", scopes=scopes, unit=named, actor=None)
    return ["-H", f"Authorization: Bearer {secret}"]


def of_session(username: str) -> list[str]:
    client = Client()
    client.force_login(User.objects.get(username=username))
    client.get("/accounts/password_change/")
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    told = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return ["-H", f"Cookie: {told}", "-H", f"X-CSRFToken: {cookies[site.CSRF_COOKIE_NAME]}"]


CALLERS: dict[str, Any] = {
    "a token that may do all": lambda: of_token("read", "report", "manage"),
    "a token of one unit": lambda: of_token("read", "report", unit="tongxiang"),
    "a token that reads": lambda: of_token("read"),
    "the office": lambda: of_session("office"),
    "a reporter": lambda: of_session("tongxiang"),
    "a leader": lambda: of_session("leader"),
    "an administrator": lambda: of_session("admin"),
    "nobody": list,
}


SAMPLED = list(CALLERS) if EXAMPLES else ["a token that may do all", "a token of one unit"]


@pytest.mark.parametrize("who", SAMPLED)
def test_the_api_is_as_its_description_says(who: str, live_server: Any, settings: Any, tmp_path: Path) -> None:
    settings.API_THROTTLE = ""
    settings.MEDIA_ROOT = tmp_path / "media"
    call_command("load_jiaxing_2022", verbosity=0)
    command = [
        str(TOOL),
        "--config-file",
        str(CONFIG),
        "run",
        f"{live_server.url}/api/schema/",
        *CALLERS[who](),
        *BOUNDS,
        *("--seed", SEED, "--workers", "1"),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=3600)
    assert done.returncode == 0, done.stdout[-15000:] + done.stderr[-2000:]
