"""Every address of the REST API × every verb × every role and every kind of token: one table.

It fails when an address or a verb is missing from it, and when it names one that is no longer there. Bodies are right
in themselves and every version matches, so that a refusal comes from the permission alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from tests.addresses import Scene, build_scene
from tests.admin_builders import make
from tests.api_cast import CALLERS, JSON, caller
from tests.cast import Cast
from units.models import Change, Unit, Webhook, WebhookDelivery
from units.operations.sealing import seal_all

# 200 answered, 201 made, 204 gone, 401 nobody, 403 not theirs, 404 not for them to see, 409 not in this state.
TABLE = """
                              people                                         | tokens
                              anon stra repo head outs revi offi lead admi   | read r-to repo p-to mana gone
# units
GET    units-list             401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
POST   units-list             401  403  403  403  403  403  403  403  201      403  403  403  403  201  401
GET    units-detail           401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
PATCH  units-detail           401  403  403  403  403  403  403  403  200      403  403  403  403  200  401
DELETE units-detail           401  403  403  403  403  403  403  403  204      403  403  403  403  204  401
GET    ranking-groups-list    401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
POST   ranking-groups-list    401  403  403  403  403  403  403  403  201      403  403  403  403  201  401
GET    ranking-groups-detail  401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
PATCH  ranking-groups-detail  401  403  403  403  403  403  403  403  200      403  403  403  403  200  401
DELETE ranking-groups-detail  401  403  403  403  403  403  403  403  204      403  403  403  403  204  401

# what happened, and who is told of it
GET    changes-list           401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    changes-detail         401  404  200  200  404  404  200  200  200      200  200  403  200  200  401
GET    webhooks-list          401  403  403  403  403  403  403  403  200      403  403  403  403  200  401
POST   webhooks-list          401  403  403  403  403  403  403  403  201      403  403  403  403  201  401
GET    webhooks-detail        401  403  403  403  403  403  403  403  200      403  403  403  403  200  401
PATCH  webhooks-detail        401  403  403  403  403  403  403  403  200      403  403  403  403  200  401
DELETE webhooks-detail        401  403  403  403  403  403  403  403  204      403  403  403  403  204  401
GET    webhook-deliveries-list      401 403 403 403 403 403 403 403 200        403  403  403  403  200  401
GET    webhook-deliveries-detail    401 403 403 403 403 403 403 403 200        403  403  403  403  200  401
POST   webhook-deliveries-redeliver 401 403 403 403 403 403 403 403 200        403  403  403  403  200  401
"""

Statuses = dict[str, int]
Named = Callable[[Scene], Mapping[str, Any]]


def nothing(scene: Scene) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Sample:
    """How an address is asked for: its parts, its query, bodies by verb, and what must have happened before."""

    kwargs: Named = nothing
    query: Named = nothing
    bodies: Mapping[str, Named] | None = None
    given: Callable[[Scene], Any] | None = None

    def body(self, verb: str, scene: Scene) -> Mapping[str, Any]:
        return (self.bodies or {}).get(verb, nothing)(scene)


def named(code: str) -> dict[str, str]:
    return {"code": code, "name_en": "New", "name_zh": "新"}


SAMPLES: dict[str, Sample] = {
    "units-list": Sample(bodies={"POST": lambda scene: {**named("new-unit"), "kind": "county"}}),
    "units-detail": Sample(
        kwargs=lambda scene: {"code": "spare"},
        bodies={"PATCH": lambda scene: {"order": 7}},
        given=lambda scene: spare_unit(),
    ),
    "ranking-groups-list": Sample(bodies={"POST": lambda scene: {**named("new-group"), "units": ["town"]}}),
    "ranking-groups-detail": Sample(
        kwargs=lambda scene: {"code": "localities"}, bodies={"PATCH": lambda scene: {"units": ["town"]}}
    ),
    "changes-detail": Sample(
        kwargs=lambda scene: {"sequence": change_of_town().sequence}, given=lambda scene: sealed()
    ),
    "webhooks-list": Sample(
        bodies={
            "POST": lambda scene: {
                "client": "Dashboard",
                "address": "https://hooks.example.org/new",
                "events": ["report.approved"],
            }
        }
    ),
    "webhooks-detail": Sample(
        kwargs=lambda scene: {"id": Webhook.objects.latest("pk").pk},
        bodies={"PATCH": lambda scene: {"is_active": False}},
        given=lambda scene: make(Webhook),
    ),
    "webhook-deliveries-list": Sample(
        kwargs=lambda scene: {"webhook": delivered().webhook_id},
        given=lambda scene: make(WebhookDelivery, status="dead"),
    ),
    "webhook-deliveries-detail": Sample(
        kwargs=lambda scene: {"webhook": delivered().webhook_id, "id": delivered().pk},
        given=lambda scene: make(WebhookDelivery, status="dead"),
    ),
    "webhook-deliveries-redeliver": Sample(
        kwargs=lambda scene: {"webhook": delivered().webhook_id, "id": delivered().pk},
        given=lambda scene: make(WebhookDelivery, status="dead"),
    ),
}


def spare_unit() -> None:
    """A unit that nothing hangs on."""
    Unit.objects.create(code="spare", name_en="Spare", name_zh="备", kind=Unit.Kind.COUNTY)


def sealed() -> None:
    seal_all(now=timezone.now())


def change_of_town() -> Change:
    """One that touched rows of the town alone."""
    return Change.objects.filter(sequence__isnull=False, verb="approve_report", items__unit="town")[0]


def delivered() -> WebhookDelivery:
    return WebhookDelivery.objects.latest("pk")


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


EXPECTED = read_table(TABLE)


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
