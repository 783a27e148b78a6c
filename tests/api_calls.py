"""How the tests of single resources call the API, and how they read what it answers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import jsonschema
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api_cast import JSON


def send(client: Client, verb: str, url: str, body: Any = None, **headers: str) -> Any:
    """`headers` as keywords: `if_match='"1"'`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.generic(verb, url, json.dumps(body), content_type=JSON, headers=named)


def errors_of(answer: Any) -> dict[str, str]:
    """Codes by pointer of a 400."""
    assert answer.status_code == 400, answer.content
    return {one["pointer"]: one["code"] for one in answer.json()["errors"]}


def results(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def table(answer: Any) -> list[dict[str, str]]:
    """The rows of a CSV, by the names of its columns."""
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def queries_of(client: Client, url: str) -> int:
    """How many SQL queries the answer takes, streamed or not."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
        assert answer.status_code == 200, answer.content
        b"".join(answer.streaming_content) if answer.streaming else answer.content
    return len(captured)


def costs_the_same(client: Client, url: str, add_rows: Callable[[], Any]) -> bool:
    """Whether pages and table of a list take the same queries after rows were added."""
    addresses = (url, f"{url}?format=csv")
    before = [queries_of(client, one) for one in addresses]
    add_rows()
    return [queries_of(client, one) for one in addresses] == before


def must_be_as_described(client: Client, url: str, name: str) -> None:
    """Holds the list at the address against the schema of this name in the API's own description."""
    components = client.get("/api/schema/").json()["components"]
    whole = {"$ref": f"#/components/schemas/{name}", "components": components}
    jsonschema.validate(client.get(url).json(), whole)
