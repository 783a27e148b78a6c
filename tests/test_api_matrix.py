"""Every address of the REST API × every verb × every role and every kind of token: one table.

It fails when an address or a verb is missing from it, and when it names one that is no longer there. Bodies are right
in themselves and every version matches, so that a refusal comes from the permission alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import api_matrix
from tests.addresses import Scene, build_scene
from tests.api_cast import CALLERS, JSON, caller
from tests.api_matrix.sample import Sample
from tests.cast import Cast

# 200 answered, 201 made, 204 gone, 401 nobody, 403 not theirs, 404 not for them to see, 409 not in this state.
FAMILIES = sorted(one.name for one in iter_modules(api_matrix.__path__) if one.name != "sample")
TABLES = [import_module(f"tests.api_matrix.{name}") for name in FAMILIES]

Statuses = dict[str, int]


# --- the table against the site ---------------------------------------------------------------------------------------


def read_table(table: str) -> dict[tuple[str, str], Statuses]:
    rows = {}
    for line in table.strip().splitlines():
        words = line.split()
        if words and words[0] in ("GET", "POST", "PATCH", "PUT", "DELETE"):
            verb, name, *statuses = words
            assert (verb, name) not in rows, f"{verb} {name} is in the table twice"
            rows[verb, name] = dict(zip(CALLERS, map(int, statuses), strict=True))
    return rows


EXPECTED = read_table("\n".join(one.TABLE for one in TABLES))
SAMPLES: dict[str, Sample] = {name: sample for one in TABLES for name, sample in one.SAMPLES.items()}


def api_patterns() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Name and verbs of each address of the API."""
    api = next(one for one in get_resolver().url_patterns if str(one.pattern) == "api/")
    for inner in api.url_patterns:
        for one in inner.url_patterns if isinstance(inner, URLResolver) else ():
            assert isinstance(one, URLPattern)
            yield one.name or str(one.pattern), one.callback.actions  # type: ignore[attr-defined]  # of a viewset


def test_the_table_has_every_address_with_every_verb_and_no_other() -> None:
    there = {(verb.upper(), name) for name, verbs in api_patterns() for verb in verbs if verb != "head"}
    assert there == set(EXPECTED)


@pytest.fixture
def scene(cast_with_july: Cast, settings: Any, tmp_path: Any) -> Scene:
    settings.MEDIA_ROOT = tmp_path
    settings.API_THROTTLE = ""
    return build_scene(cast_with_july)


def ask(client: Any, scene: Scene, verb: str, name: str) -> Any:
    """The answer to one request, after which everything is as before."""
    sample = SAMPLES.get(name, Sample())
    with transaction.atomic():
        if sample.given is not None:
            sample.given(scene)
        url = reverse(f"api:{name}", kwargs=dict(sample.kwargs(scene)))
        if verb == "GET":
            answer = client.get(url, dict(sample.query(scene)))
        else:
            body = dict(sample.body(verb, scene))
            answer = client.generic(verb, url, _json(body), content_type=JSON, headers={"if-match": "*"})
        transaction.set_rollback(True)
    return answer


def _json(body: Mapping[str, Any]) -> str:
    return json.dumps(body, default=str)


@pytest.mark.parametrize("name", CALLERS)
def test_each_caller_gets_from_each_address_what_the_table_says(scene: Scene, name: str) -> None:
    client = caller(name, scene.cast)
    client.raise_request_exception = False
    wrong = []
    for (verb, address), statuses in EXPECTED.items():
        answer = ask(client, scene, verb, address)
        if answer.status_code != statuses[name]:
            wrong.append(
                f"{verb} {address}: {answer.status_code} instead of {statuses[name]}: {answer.content[:300]!r}"
            )
        elif answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json"
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["anonymous", "revoked"])
def test_who_is_not_known_is_asked_who_they_are_and_never_sent_elsewhere(scene: Scene, name: str) -> None:
    client = caller(name, scene.cast)
    for verb, address in EXPECTED:
        answer = ask(client, scene, verb, address)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
