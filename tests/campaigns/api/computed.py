"""What the tests of the computed answers share: asking for a period, and reading the answer as rows or as a table."""

from __future__ import annotations

import csv
import io
from typing import Any

import jsonschema
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

MOST_QUERIES = 15


def ask(client: Client, name: str, **query: Any) -> Any:
    """Of August, unless the query names another month."""
    asked = {"campaign": "hundred-days", "period": "2022-08", **query}
    return client.get(f"/api/v1/{name}/", asked)


def read(client: Client, name: str, **query: Any) -> dict[str, Any]:
    answer = ask(client, name, **query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def table(client: Client, name: str, **query: Any) -> list[dict[str, str]]:
    answer = ask(client, name, format="csv", **query)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def refused(client: Client, name: str, **query: Any) -> tuple[str, str]:
    """Where and why it is refused."""
    answer = ask(client, name, **query)
    assert answer.status_code == 400, answer.content
    (error,) = answer.json()["errors"]
    return error["pointer"], error["code"]


def queries_of(client: Client, name: str, **query: Any) -> int:
    ask(client, name, **query)
    with CaptureQueriesContext(connection) as caught:
        assert ask(client, name, **query).status_code == 200
    return len(caught)


def must_fit(told: dict[str, Any], schema: str) -> None:
    """The answer is as the description says."""
    whole = Client().get("/api/schema/").json()
    jsonschema.validate(told, {"$ref": f"#/components/schemas/{schema}", "components": whole["components"]})
    (example,) = whole["components"]["schemas"][schema]["examples"]
    jsonschema.validate(example, {"$ref": f"#/components/schemas/{schema}", "components": whole["components"]})
    assert set(example) == set(told)
