"""What every resource of the API promises: callers, refusals, filters, pages, versions, keys, tables."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import jsonschema
import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.operations.periods import advance_periods, set_calendar_day
from tests.admin_forms import change
from tests.api_cast import JSON, bearer, system, token
from tests.builders import publish
from tests.cast import Cast, at, client_of
from units.models import ApiToken, Change, IdempotencyKey, RankingGroup, Source, Unit
from units.operations.tokens import revoke_token
from units.permissions import capacities
from units.refusals import Invalid

UNITS = "/api/v1/units/"
GROUPS = "/api/v1/ranking-groups/"
NEW = {"code": "new-unit", "name_en": "New", "name_zh": "新", "kind": "county"}


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def manager(cast: Cast) -> Client:
    return system("read", "manage")


def unit_at(code: str) -> str:
    return f"{UNITS}{code}/"


def send(client: Client, verb: str, url: str, body: Any = None, **headers: str) -> Any:
    told = body if isinstance(body, bytes) else json.dumps(body)
    return client.generic(
        verb, url, told, content_type=JSON, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def errors_of(answer: Any) -> dict[str, str]:
    """Codes by pointer."""
    return {one["pointer"]: one["code"] for one in answer.json()["errors"]}


def must_be(answer: Any, status: int, kind: str) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content
    told = answer.json()
    assert (told["status"], told["type"]) == (status, f"/api/docs/#problem-{kind}")
    assert told["title"]
    assert told["detail"]
    assert told["instance"].replace("-", "").removeprefix("urn:uuid:") == answer["X-Request-Id"]
    return told


# --- who calls --------------------------------------------------------------------------------------------------------


def test_a_token_is_known_by_its_digest_and_its_use_is_written_once_a_minute(cast: Cast) -> None:
    row, secret = token("read")
    client = bearer(secret)
    assert client.get(UNITS).status_code == 200
    row.refresh_from_db()
    first = row.last_used_at
    assert first is not None
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(UNITS).status_code == 200
    assert not [one for one in queries if one["sql"].startswith("UPDATE")]
    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(seconds=61))
    client.get(UNITS)
    row.refresh_from_db()
    assert row.last_used_at > first


@pytest.mark.parametrize("given", ["Bearer wrong", "Bearer ", "Bearer", "bearer x y", "Basic YTpi", "Token x", "é"])
def test_a_wrong_header_is_nobody(cast: Cast, given: str) -> None:
    answer = Client(headers={"authorization": given}).get(UNITS)
    must_be(answer, 401, "not-signed-in")
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_the_scheme_may_be_written_small(cast: Cast) -> None:
    _row, secret = token("read")
    assert Client(headers={"authorization": f"bearer {secret}"}).get(UNITS).status_code == 200


def test_an_expired_a_revoked_and_a_closed_token_are_nobody(cast: Cast) -> None:
    row, secret = token("read", expires_at=timezone.now() + timedelta(hours=1))
    assert bearer(secret).get(UNITS).status_code == 200
    ApiToken.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    must_be(bearer(secret).get(UNITS), 401, "not-signed-in")
    row, secret = token("read")
    revoke_token(token=row, actor=None)
    must_be(bearer(secret).get(UNITS), 401, "not-signed-in")
    row.account.refresh_from_db()
    assert not row.account.is_active


@pytest.mark.parametrize("given", ["Bearer wrong", "Bearer", "Basic YTpi", "Token x", "nonsense", ""])
def test_a_wrong_token_is_not_helped_by_a_session(cast: Cast, given: str) -> None:
    client = client_of(cast.administrator)
    assert client.get(UNITS, headers={"authorization": given}).status_code == 401


def test_a_session_writes_only_with_the_csrf_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.administrator)
    must_be(send(client, "POST", UNITS, NEW), 403, "forbidden")
    client.get("/")
    secret = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    if not secret:
        client.get("/accounts/password_change/")
        secret = client.cookies["csrftoken"].value
    assert send(client, "POST", UNITS, NEW, x_csrftoken=secret).status_code == 201


def test_a_token_needs_no_csrf_token(cast: Cast) -> None:
    assert send(system("read", "manage", enforce_csrf_checks=True), "POST", UNITS, NEW).status_code == 201


def test_a_client_system_acts_by_name_and_the_record_has_its_token(cast: Cast) -> None:
    row, secret = token("manage")
    send(bearer(secret), "POST", UNITS, NEW)
    change = Change.objects.get(verb="add")
    assert (change.actor, change.token, change.actor.display_name) == (row.account, row, "A system")
    send(client_of(cast.administrator), "PATCH", unit_at("new-unit"), {"order": 3}, if_match="*")
    assert Change.objects.get(verb="change").token is None


def test_what_a_token_may_follows_from_its_scopes(cast: Cast) -> None:
    def of(*scopes: str, unit: Unit | None = None) -> Any:
        return capacities(token(*scopes, unit=unit)[0].account, cast.now.date())

    everywhere = {one.pk for one in Unit.objects.all()}
    assert of("read").reads_everything
    assert not of("read", unit=cast.town).reads_everything
    assert of("read", unit=cast.town).own_units == {cast.town.pk}
    assert of("read", unit=cast.town).reporter_of == frozenset()
    assert of("report", unit=cast.town).reporter_of == {cast.town.pk}
    assert of("report").reporter_of == everywhere
    assert of("manage").is_manager
    for capacity in (of("read", "report", "manage"), of("read", "report", unit=cast.town)):
        held = (capacity.head_of, capacity.reviewer_of, capacity.is_office, capacity.is_administrator)
        assert not any(held)
    cast.town.is_active = False
    cast.town.save()
    assert of("report", unit=cast.town).reporter_of == frozenset()


def test_what_is_managed_belongs_to_the_whole_city(cast: Cast) -> None:
    with pytest.raises(Invalid):
        token("manage", unit=cast.town)


def test_the_account_of_a_client_cannot_sign_in_and_is_no_person(cast: Cast) -> None:
    account = token("read")[0].account
    assert not account.has_usable_password()
    page = client_of(cast.administrator).get("/people/")
    assert account.username not in page.content.decode()
    assert client_of(cast.administrator).get(f"/people/{account.pk}/").status_code == 404


# --- what is refused, and how -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"nonsense",
        b'{"order": NaN}',
        b'{"order": Infinity}',
        b'{"order": 1, "order": 2}',
        b'{"name_en": "\x00"}',
        b'{"name_en": "\\u0000"}',
        b'{"name_en": "\\ud800"}',
        b'{"\\ud800": 1}',
        b'{"name_en": "\xff"}',
        b'{"order": 1e999999999}',
        b'{"order": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 50 + b"1" + b"}" * 50,
        b'{"name_en": "line\nbreak"}',
    ],
)
def test_what_is_no_json_is_a_400_that_says_why(manager: Client, body: bytes) -> None:
    if body:
        must_be(send(manager, "POST", UNITS, body), 400, "malformed")
    else:
        must_be(send(manager, "POST", UNITS, body), 400, "invalid")


def test_where_json_breaks_is_told(manager: Client) -> None:
    told = must_be(send(manager, "POST", UNITS, b'{"code": "a",\n "kind" }'), 400, "malformed")
    assert (told["line"], told["column"]) == (2, 9)


def test_a_mark_at_the_beginning_of_the_text_is_read(manager: Client) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(NEW).encode()
    assert send(manager, "POST", UNITS, body).status_code == 201


@pytest.mark.parametrize("body", [[], "text", 5, None, True, [NEW]])
def test_a_body_that_is_no_object_is_refused(manager: Client, body: Any) -> None:
    must_be(send(manager, "POST", UNITS, body), 400, "invalid")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", 5),
        ("code", "with space"),
        ("code", ""),
        ("name_en", 5),
        ("name_en", None),
        ("name_en", "x" * 121),
        ("name_en", ["x"]),
        ("kind", "village"),
        ("kind", 1),
        ("order", "5"),
        ("order", 5.0),
        ("order", True),
        ("order", -1),
        ("order", 32768),
        ("is_active", "true"),
        ("is_active", 1),
        ("counted_in", "nowhere"),
        ("counted_in", 5),
        ("counted_in", {"code": "town"}),
        ("counted_in", "a/b"),
    ],
)
def test_a_wrong_value_is_a_400_with_its_place(manager: Client, field: str, value: Any) -> None:
    answer = send(manager, "POST", UNITS, {**NEW, field: value})
    must_be(answer, 400, "invalid")
    assert list(errors_of(answer)) == [f"/{field}"]
    assert not Unit.objects.filter(code="new-unit").exists()


def test_every_error_is_told_at_once(manager: Client) -> None:
    answer = send(manager, "POST", UNITS, {"code": "a b", "colour": "red", "version": 3, "order": "x"})
    found = errors_of(answer)
    assert found["/colour"] == "unknown"
    assert found["/version"] == "read_only"
    answer = send(manager, "POST", UNITS, {"code": "a b", "order": "x"})
    assert set(errors_of(answer)) == {"/code", "/order", "/name_en", "/name_zh", "/kind"}


def test_a_code_that_is_taken_is_told_beside_it(manager: Client) -> None:
    answer = send(manager, "POST", UNITS, {**NEW, "code": "town"})
    must_be(answer, 400, "invalid")
    assert errors_of(answer) == {"/code": "unique"}


def test_the_rules_of_the_administration_hold_here_too(manager: Client, cast: Cast) -> None:
    assert send(manager, "PATCH", unit_at("town"), {"counted_in": "neighbour"}, if_match="*").status_code == 200
    answer = send(manager, "POST", UNITS, {**NEW, "counted_in": "town"})
    assert errors_of(answer) == {"/counted_in": "rule"}
    answer = send(manager, "PATCH", unit_at("neighbour"), {"counted_in": "lead"}, if_match="*")
    assert errors_of(answer) == {"/counted_in": "rule"}
    answer = send(manager, "PATCH", unit_at("lead"), {"counted_in": "lead"}, if_match="*")
    assert answer.status_code == 400


def test_other_types_of_content_are_not_read(manager: Client) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "nonsense"):
        must_be(manager.generic("POST", UNITS, "x", content_type=kind), 415, "unsupported-media-type")
    assert (
        manager.generic("POST", UNITS, json.dumps(NEW), content_type="application/json; charset=utf-8").status_code
        == 201
    )


def test_a_body_in_chunks_is_refused_in_words_and_not_taken_for_an_empty_one(manager: Client) -> None:
    answer = send(manager, "POST", UNITS, NEW, transfer_encoding="chunked")
    assert "Content-Length" in must_be(answer, 400, "malformed")["detail"]
    assert not Unit.objects.filter(code=NEW["code"]).exists()


def test_a_body_that_is_too_large_is_not_read(manager: Client, settings: Any) -> None:
    settings.API_MAX_BODY = 1000
    told = must_be(send(manager, "POST", UNITS, {**NEW, "name_en": "x" * 2000}), 413, "too-large")
    assert told["limit"] == 1000


@pytest.mark.parametrize(
    ("verb", "url", "status", "kind"),
    [
        ("PUT", UNITS, 405, "method-not-allowed"),
        ("OPTIONS", UNITS, 405, "method-not-allowed"),
        ("TRACE", UNITS, 405, "method-not-allowed"),
        ("DELETE", UNITS, 405, "method-not-allowed"),
        ("GET", "/api/v1/units", 404, "not-found"),
        ("GET", "/api/v1/units/none/", 404, "not-found"),
        ("GET", "/api/v1/units/%00/", 404, "not-found"),
        ("GET", "/api/v1/units/%F0%9F%98%80/", 404, "not-found"),
        ("GET", "/api/v2/", 404, "not-found"),
        ("POST", "/api/", 404, "not-found"),
        ("PATCH", "/api/v1/units/%C2%B1/", 404, "not-found"),
    ],
)
def test_there_is_no_such_thing(manager: Client, verb: str, url: str, status: int, kind: str) -> None:
    for client in (manager, system("read", enforce_csrf_checks=True)):
        answer = client.generic(verb, url)
        must_be(answer, status, kind)
    if status == 405:
        assert "GET" in answer["Allow"]


def test_a_host_that_is_not_ours_is_told_in_the_same_shape(manager: Client) -> None:
    must_be(manager.get(UNITS, headers={"host": "evil.example"}), 400, "malformed")


def test_an_error_of_the_server_is_told_and_reported(
    manager: Client, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    from units.api.units import UnitViewSet

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("secret particulars")

    monkeypatch.setattr(UnitViewSet, "retrieve", broken)
    with pytest.raises(RuntimeError):
        manager.get(unit_at("town"))
    manager.raise_request_exception = False
    answer = manager.get(unit_at("town"))
    must_be(answer, 500, "server-error")
    assert b"secret particulars" not in answer.content
    assert "secret particulars" in caplog.text


def test_an_error_of_the_server_beside_the_resources_is_told_in_the_same_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_language: str) -> None:
        raise RuntimeError("secret particulars")

    monkeypatch.setattr("jiaxing.api_docs.description", broken)
    answer = Client(raise_request_exception=False).get("/api/schema/")
    must_be(answer, 500, "server-error")
    assert b"secret particulars" not in answer.content


def test_an_error_of_the_server_keeps_nothing_so_that_the_same_key_may_try_again(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("units.api.units.UnitViewSet.answer", lambda *_args, **_kwargs: 1 / 0)
        answer = send(manager, "POST", UNITS, NEW, idempotency_key="k1")
    must_be(answer, 500, "server-error")
    assert not Unit.objects.filter(code="new-unit").exists()
    assert not IdempotencyKey.objects.exists()
    assert send(manager, "POST", UNITS, NEW, idempotency_key="k1").status_code == 201


def test_problems_are_in_the_language_of_the_reader(cast: Cast) -> None:
    english, chinese = (Client().get(UNITS, headers={"accept-language": one}) for one in ("en", "zh-CN"))
    assert english["Content-Language"] == "en"
    assert chinese["Content-Language"] == "zh-hans"
    assert "Accept-Language" in chinese["Vary"]


def test_whatever_a_client_accepts_it_gets_json(manager: Client) -> None:
    for accepts in ("text/html", "application/xml", "nonsense", "image/*;q=0.1"):
        assert manager.get(UNITS, headers={"accept": accepts})["Content-Type"] == "application/json"


# --- filters ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("colour=red", "unknown"),
        ("unit=town", "unknown"),
        ("kind=county&kind=district", "repeated"),
        ("kind=", "empty"),
        ("kind=village", "invalid_choice"),
        ("is_active=yes", "invalid"),
        ("is_active=True", "invalid"),
        ("counted_in=nowhere", "invalid_choice"),
        ("group=%00", "not_text"),
        ("ordering=colour", "invalid"),
        ("ordering=code,code", "invalid"),
        ("ordering=code,", "invalid"),
        ("ordering=pk", "invalid"),
        ("updated_since=yesterday", "invalid"),
        ("updated_since=2022-09-01", "invalid"),
        ("updated_since=2022-13-01T00:00:00Z", "invalid"),
        ("page_size=0", "invalid"),
        ("page_size=501", "invalid"),
        ("page_size=-1", "invalid"),
        ("page_size=five", "invalid"),
        ("page_size=%D9%A3", "invalid"),
        ("cursor=nonsense", "invalid"),
        ("cursor=%F0%9F%98%80", "invalid"),
        ("format=xml", "invalid"),
        ("page_size=5&format=csv", "invalid"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(manager: Client, query: str, code: str) -> None:
    answer = manager.get(f"{UNITS}?{query}")
    must_be(answer, 400, "invalid-query")
    (found,) = answer.json()["errors"]
    assert (found["in"], found["pointer"], found["code"]) == ("query", f"/{query.partition('=')[0]}", code)


def test_an_unknown_parameter_is_told_what_is_known(manager: Client) -> None:
    told = manager.get(f"{UNITS}?colour=red").json()["detail"]
    assert "colour" in told
    assert "counted_in, cursor, format, group, is_active, kind, ordering, page_size, updated_since" in told


def test_objects_and_writes_take_no_parameters(manager: Client) -> None:
    must_be(manager.get(f"{unit_at('town')}?format=csv"), 400, "invalid-query")
    must_be(send(manager, "POST", f"{UNITS}?dry_run=true", NEW), 400, "invalid-query")
    assert not Unit.objects.filter(code="new-unit").exists()


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["code"] for one in answer.json()["results"]]


def test_filters_narrow_the_list(manager: Client, cast: Cast) -> None:
    assert codes(manager.get(f"{UNITS}?kind=county")) == ["neighbour"]
    assert codes(manager.get(f"{UNITS}?group=localities")) == ["town", "neighbour"]
    Unit.objects.filter(pk=cast.town.pk).update(is_active=False, counted_in=cast.neighbour)
    assert codes(manager.get(f"{UNITS}?is_active=false")) == ["town"]
    assert codes(manager.get(f"{UNITS}?counted_in=neighbour&is_active=false")) == ["town"]
    assert codes(manager.get(f"{UNITS}?ordering=-code&kind=department")) == ["second-lead", "lead"]


def test_whatever_changes_a_row_moves_its_instant(cast: Cast) -> None:
    """Operations and the administration write single fields; the instant goes with them."""

    def moved(row: Any) -> bool:
        before = row.updated_at
        row.refresh_from_db()
        return row.updated_at > before

    advance_periods(now=at(9, 13, 18))
    assert moved(cast.august)
    publish(cast, cast.august, now=at(9, 14))
    assert moved(cast.august)
    set_calendar_day(on=date(2022, 10, 10), is_working=False, note="", actor=cast.office, now=at(9, 14))
    assert moved(cast.september) or moved(cast.october)
    page = client_of(cast.administrator)
    change(page, cast.town, order=9)
    assert moved(cast.town)


def test_what_changed_since_an_instant(manager: Client, cast: Cast) -> None:
    since = timezone.now()
    assert codes(manager.get(UNITS, {"updated_since": since.isoformat()})) == []
    send(manager, "PATCH", unit_at("town"), {"order": 9}, if_match="*")
    assert codes(manager.get(UNITS, {"updated_since": since.isoformat()})) == ["town"]
    unescaped = timezone.localtime(since).isoformat()
    assert codes(manager.get(f"{UNITS}?updated_since={unescaped}")) == ["town"]
    assert codes(manager.get(UNITS, {"updated_since": timezone.localtime(since).replace(tzinfo=None).isoformat()})) == [
        "town"
    ]


# --- pages ------------------------------------------------------------------------------------------------------------


def many_units(count: int, **fields: Any) -> None:
    Unit.objects.bulk_create(
        Unit(code=f"many-{number:04d}", name_en="x", name_zh="x", kind="county", order=number % 7, **fields)
        for number in range(count)
    )


def walk(client: Client, url: str) -> list[list[str]]:
    found = []
    while url:
        answer = client.get(url)
        found.append(codes(answer))
        url = answer.json()["next"]
    return found


@pytest.mark.parametrize("ordering", ["order", "-order", "code", "-updated_at", "-name_en,order", "kind,-order,code"])
def test_pages_hold_each_row_once_in_the_order(manager: Client, ordering: str) -> None:
    many_units(50)
    found = walk(manager, f"{UNITS}?page_size=9&ordering={ordering}")
    assert [len(one) for one in found] == [9, 9, 9, 9, 9, 9, 1]
    at_once = codes(manager.get(f"{UNITS}?page_size=500&ordering={ordering}"))
    assert [code for page in found for code in page] == at_once
    assert len(set(at_once)) == 55


def test_pages_go_back_as_they_went_forth(manager: Client) -> None:
    many_units(30)
    there, url = [], f"{UNITS}?page_size=8&ordering=-order"
    while url:
        answer = manager.get(url).json()
        there.append([one["code"] for one in answer["results"]])
        last, url = answer, answer["next"]
    back, url = [there[-1]], last["previous"]
    while url:
        answer = manager.get(url).json()
        back.append([one["code"] for one in answer["results"]])
        assert answer["next"]
        url = answer["previous"]
    assert back[::-1] == there


def test_rows_that_are_added_meanwhile_move_no_row_to_another_page(manager: Client) -> None:
    many_units(20)
    before = codes(manager.get(f"{UNITS}?page_size=500&ordering=code"))
    first = manager.get(f"{UNITS}?page_size=7&ordering=code").json()
    seen = [one["code"] for one in first["results"]]
    url, number = first["next"], 0
    while url:
        Unit.objects.create(code=f"aaa-{number}", name_en="x", name_zh="x", kind="county")
        number += 1
        answer = manager.get(url).json()
        seen += [one["code"] for one in answer["results"]]
        url = answer["next"]
    assert seen == before


def test_the_row_at_which_a_page_ends_may_go(manager: Client) -> None:
    many_units(12)
    first = manager.get(f"{UNITS}?page_size=5&ordering=-code").json()
    seen = [one["code"] for one in first["results"]]
    Unit.objects.filter(code=seen[-1]).delete()
    following = codes(manager.get(first["next"]))
    everything = codes(manager.get(f"{UNITS}?page_size=500&ordering=-code"))
    assert following == everything[4:9]


def test_a_cursor_is_good_for_its_own_ordering_alone(manager: Client) -> None:
    many_units(5)
    url = manager.get(f"{UNITS}?page_size=2&ordering=code").json()["next"]
    must_be(manager.get(url.replace("ordering=code", "ordering=-code")), 400, "invalid-query")
    cursor = url.partition("cursor=")[2].partition("&")[0]
    for tampered in (cursor[:-1], cursor[1:], f"{cursor}x", cursor.swapcase()):
        must_be(manager.get(f"{UNITS}?ordering=code&cursor={tampered}"), 400, "invalid-query")


def test_empty_values_have_their_place_in_the_order(cast: Cast) -> None:
    """Directly: rows without a value come last, both ways round, and no page loses or repeats one."""
    from units.api.pagination import Order, after

    many_units(6)
    Unit.objects.filter(code__in=["many-0001", "many-0003"]).update(counted_in=cast.town)
    for order in (Order("counted_in__code"), Order("counted_in__code", True)):
        orders = [order, Order("pk")]
        for nulls_last in (True, False):
            rows = Unit.objects.select_related("counted_in").order_by(
                *(one.expression(nulls_last=nulls_last) for one in orders)
            )
            everything = [one.pk for one in rows]
            for place, row in enumerate(rows):
                values = [one.value_of(row) for one in orders]
                following = [one.pk for one in rows.filter(after(orders, values, nulls_last=nulls_last))]
                assert following == everything[place + 1 :]


def test_a_page_takes_the_same_few_queries_whatever_its_rows(manager: Client) -> None:
    counts = []
    for _each in range(2):
        manager.get(UNITS)
        with CaptureQueriesContext(connection) as queries:
            manager.get(f"{UNITS}?page_size=500&kind=county&ordering=-name_en")
        counts.append(len(queries))
        many_units(100) if len(counts) == 1 else None
    assert counts[0] == counts[1] <= 3


# --- tables -----------------------------------------------------------------------------------------------------------


def table(answer: Any) -> list[list[str]]:
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))


def test_the_whole_filtered_list_as_a_table(manager: Client, cast: Cast) -> None:
    many_units(700)
    answer = manager.get(f"{UNITS}?kind=county&ordering=-code&format=csv")
    head, *rows = table(answer)
    assert head[:3] == ["code", "division_code", "name_en"]
    assert [row[0] for row in rows] == ["neighbour", *(f"many-{number:04d}" for number in reversed(range(700)))]
    assert 'filename="units.csv"' in answer["Content-Disposition"]


def test_a_cell_cannot_become_a_formula(manager: Client, cast: Cast) -> None:
    for name, told in {
        "=1+1": "'=1+1",
        "+x": "'+x",
        "-x": "'-x",
        "@x": "'@x",
        "\tx": "'\tx",
        "-5.20": "-5.20",
        'a "b", c': 'a "b", c',
        "线\n二": "线\n二",
    }.items():
        Unit.objects.filter(pk=cast.town.pk).update(name_en=name)
        head, row = table(manager.get(f"{UNITS}?kind=county_level_city&format=csv"))
        assert dict(zip(head, row, strict=True))["name_en"] == told


def test_lists_within_a_row_stand_in_one_cell(manager: Client) -> None:
    head, row = table(manager.get(f"{GROUPS}?format=csv"))
    assert dict(zip(head, row, strict=True))["units"] == "town;neighbour"


def test_a_table_is_sent_row_by_row(manager: Client) -> None:
    import tracemalloc

    peaks = []
    for count in (300, 6000):
        Unit.objects.filter(code__startswith="many-").delete()
        many_units(count)
        answer = manager.get(f"{UNITS}?kind=county&format=csv")
        tracemalloc.start()
        rows = sum(1 for _line in answer.streaming_content)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert rows == count + 2
    assert peaks[1] < peaks[0] + 6_000_000


# --- versions ---------------------------------------------------------------------------------------------------------


def test_an_object_that_is_unchanged_is_not_sent_again(manager: Client) -> None:
    answer = manager.get(unit_at("town"))
    tag = answer["ETag"]
    assert tag.startswith('"1-')
    for given in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = manager.get(unit_at("town"), headers={"if-none-match": given})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    for given in ('"other"', '"1"', "nonsense"):
        assert manager.get(unit_at("town"), headers={"if-none-match": given}).status_code == 200
    send(manager, "PATCH", unit_at("town"), {"order": 9}, if_match=tag)
    assert manager.get(unit_at("town"), headers={"if-none-match": tag}).status_code == 200


def test_a_change_of_anything_shown_changes_the_tag(manager: Client, cast: Cast) -> None:
    """Even where the row itself did not change."""
    tag = manager.get(f"{GROUPS}localities/")["ETag"]
    Unit.objects.filter(pk=cast.town.pk).update(order=99)
    assert manager.get(f"{GROUPS}localities/")["ETag"] != tag


def test_a_change_says_which_version_it_saw(manager: Client) -> None:
    must_be(send(manager, "PATCH", unit_at("town"), {"order": 5}), 428, "version-required")
    must_be(send(manager, "DELETE", unit_at("town")), 428, "version-required")
    for given in ('"2"', '"2-abc"', "nonsense", '""'):
        told = must_be(send(manager, "PATCH", unit_at("town"), {"order": 5}, if_match=given), 412, "stale-version")
        assert (told["current"]["code"], told["current"]["version"]) == ("town", 1)
    assert Unit.objects.get(code="town").order == 1
    for version, given in ((1, manager.get(unit_at("town"))["ETag"]), (2, '"2"'), (3, 'W/"3-x"'), (4, "*")):
        answer = send(manager, "PATCH", unit_at("town"), {"order": 10 + version}, if_match=given)
        assert (answer.status_code, answer.json()["version"]) == (200, version + 1)
        assert answer["ETag"].startswith(f'"{version + 1}-')


def test_a_change_of_nothing_changes_nothing(manager: Client) -> None:
    whole = manager.get(unit_at("town")).json()
    answer = send(manager, "PATCH", unit_at("town"), whole, if_match='"1"')
    assert (answer.status_code, answer.json()) == (200, whole)
    assert not Change.objects.filter(verb="change").exists()


def test_what_is_fixed_may_be_repeated_and_not_changed(manager: Client) -> None:
    answer = send(manager, "PATCH", unit_at("town"), {"code": "city", "source": "article", "order": 4}, if_match="*")
    assert errors_of(answer) == {"/code": "fixed", "/source": "read_only"}
    assert send(manager, "PATCH", unit_at("town"), {"code": "town", "order": 4}, if_match="*").status_code == 200


def test_a_change_is_recorded_and_the_row_is_entered(manager: Client, cast: Cast) -> None:
    Unit.objects.filter(pk=cast.town.pk).update(source=Source.ARTICLE)
    send(manager, "PATCH", unit_at("town"), {"order": 4}, if_match="*")
    (item,) = Change.objects.get(verb="change").items.all()
    assert (item.before["order"], item.after["order"], item.after["source"]) == (1, 4, "entered")


def test_parts_of_an_object_are_written_with_it(manager: Client) -> None:
    answer = send(manager, "PATCH", f"{GROUPS}localities/", {"units": ["lead", "town"]}, if_match="*")
    assert (answer.json()["units"], answer.json()["version"]) == (["town", "lead"], 2)
    verbs = {(one.object_type, one.before is None) for one in Change.objects.get(verb="change").items.all()}
    assert verbs == {("units.rankinggroupmember", True), ("units.rankinggroupmember", False)}
    answer = send(manager, "PATCH", f"{GROUPS}localities/", {"units": ["town", "town"]}, if_match="*")
    assert errors_of(answer) == {"/units": "repeated"}
    answer = send(manager, "PATCH", f"{GROUPS}localities/", {"units": ["town", "nowhere"]}, if_match="*")
    assert errors_of(answer) == {"/units/1": "does_not_exist"}


def test_what_others_hang_on_stays(manager: Client, cast: Cast) -> None:
    must_be(send(manager, "DELETE", unit_at("town"), if_match="*"), 409, "in-use")
    assert Unit.objects.filter(pk=cast.town.pk).exists()
    assert not Change.objects.filter(verb="delete").exists()
    send(manager, "POST", UNITS, NEW)
    assert send(manager, "DELETE", unit_at("new-unit"), if_match='"1"').status_code == 204
    assert Change.objects.filter(verb="delete").count() == 1


def test_a_new_object_says_where_it_is(manager: Client) -> None:
    answer = send(manager, "POST", UNITS, NEW)
    assert answer["Location"].endswith(unit_at("new-unit"))
    assert manager.get(answer["Location"])["ETag"] == answer["ETag"]


# --- once -------------------------------------------------------------------------------------------------------------


def test_the_same_key_with_the_same_request_gets_the_first_answer_again(manager: Client) -> None:
    first = send(manager, "POST", UNITS, NEW, idempotency_key="k1")
    Unit.objects.filter(code="new-unit").update(order=77)
    again = send(manager, "POST", UNITS, NEW, idempotency_key="k1")
    assert (again.status_code, again.json(), again["ETag"]) == (201, first.json(), first["ETag"])
    assert again["Location"] == first["Location"]
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Change.objects.filter(verb="add").count() == 1


def test_the_same_key_with_another_request_is_a_conflict(manager: Client) -> None:
    send(manager, "POST", UNITS, NEW, idempotency_key="k1")
    must_be(send(manager, "POST", UNITS, {**NEW, "code": "b"}, idempotency_key="k1"), 409, "key-reused")
    group = {"code": "g", "name_en": "G", "name_zh": "组"}
    must_be(send(manager, "POST", GROUPS, group, idempotency_key="k1"), 409, "key-reused")


def test_another_client_has_keys_of_its_own(manager: Client) -> None:
    send(manager, "POST", UNITS, NEW, idempotency_key="k1")
    answer = send(system("manage"), "POST", UNITS, {**NEW, "code": "other"}, idempotency_key="k1")
    assert answer.status_code == 201


def test_what_was_refused_may_be_tried_again_with_the_same_key(manager: Client) -> None:
    body = {**NEW, "counted_in": "later"}
    assert send(manager, "POST", UNITS, body, idempotency_key="k1").status_code == 400
    assert not IdempotencyKey.objects.exists()
    send(manager, "POST", UNITS, {**NEW, "code": "later"})
    assert send(manager, "POST", UNITS, body, idempotency_key="k1").status_code == 201


def test_a_key_is_forgotten_after_a_day(manager: Client) -> None:
    send(manager, "POST", UNITS, NEW, idempotency_key="k1")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    answer = send(manager, "POST", UNITS, NEW, idempotency_key="k1")
    assert (answer.status_code, errors_of(answer)) == (400, {"/code": "unique"})


@pytest.mark.parametrize("key", ["", "x" * 201, "é", "a\tb", "a b"])
def test_a_key_is_short_and_printable(manager: Client, key: str) -> None:
    answer = send(manager, "POST", UNITS, NEW, idempotency_key=key)
    must_be(answer, 400, "invalid")
    assert answer.json()["errors"][0]["in"] == "header"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_moment_acts_once() -> None:
    _row, secret = token("manage")
    barrier, answers = Barrier(6), []

    def call() -> None:
        barrier.wait()
        try:
            answers.append(send(bearer(secret), "POST", UNITS, NEW, idempotency_key="k1"))
        finally:
            connections.close_all()

    threads = [Thread(target=call) for _each in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.status_code for one in answers] == [201] * 6
    assert len({one.content for one in answers}) == 1
    assert sum("Idempotency-Replayed" in one for one in answers) == 5
    assert Unit.objects.filter(code="new-unit").count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_changes_of_one_version_one_is_too_late() -> None:
    Unit.objects.create(**NEW)
    _row, secret = token("manage")
    barrier, answers = Barrier(4), []

    def call(number: int) -> None:
        barrier.wait()
        try:
            answers.append(send(bearer(secret), "PATCH", unit_at("new-unit"), {"order": number}, if_match='"1"'))
        finally:
            connections.close_all()

    threads = [Thread(target=call, args=(number,)) for number in range(1, 5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(one.status_code for one in answers) == [200, 412, 412, 412]
    assert Unit.objects.get(code="new-unit").version == 2


# --- how often --------------------------------------------------------------------------------------------------------


def test_who_calls_too_often_is_told_when_to_come_again(cast: Cast, settings: Any) -> None:
    settings.API_THROTTLE = "3/min"
    client, other = system("read"), system("read")
    assert [client.get(UNITS).status_code for _each in range(3)] == [200] * 3
    answer = client.get(UNITS)
    must_be(answer, 429, "too-many-requests")
    assert 1 <= int(answer["Retry-After"]) <= 61
    assert other.get(UNITS).status_code == 200
    assert client_of(cast.leader).get(UNITS).status_code == 200


# --- the description --------------------------------------------------------------------------------------------------


def test_the_description_is_openapi_3_1_without_a_warning(capsys: Any) -> None:
    from django.core.management import call_command

    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", "--file", "/dev/null")


def test_the_description_and_its_page_are_for_everybody(db: None) -> None:
    told = Client().get("/api/schema/").json()
    assert told["openapi"] == "3.1.0"
    assert told["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    page = Client().get("/api/docs/").content.decode()
    for path in told["paths"]:
        assert path in page
    assert 'id="problem-stale-version"' in page


def test_each_part_of_the_page_has_a_name_of_its_own(db: None) -> None:
    """Screen readers list the parts by their names and take capitals for small letters."""
    page = Client().get("/api/docs/").content.decode()
    names = [one.casefold() for one in re.findall(r'aria-label(?:ledby)?="([^"]+)"', page)]
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_every_operation_tells_of_every_problem_it_may_answer_with(db: None) -> None:
    told = Client().get("/api/schema/").json()
    for path, verbs in told["paths"].items():
        for verb, operation in verbs.items():
            answers = set(operation["responses"])
            assert {"400", "401", "403", "429"} <= answers, (verb, path)
            assert ("404" in answers) == ("{" in path), (verb, path)
            asks = [one["name"] for one in operation.get("parameters", []) if one["in"] == "header"]
            assert ("If-Match" in asks) == ({"412", "428"} <= answers), (verb, path)
            assert ("Idempotency-Key" in asks) == (verb == "post"), (verb, path)


def test_examples_are_as_the_description_says(db: None) -> None:
    told = Client().get("/api/schema/").json()
    for name, schema in told["components"]["schemas"].items():
        for example in schema.get("examples", []):
            whole = {"$ref": f"#/components/schemas/{name}", "components": told["components"]}
            jsonschema.validate(example, whole)


def test_answers_are_as_the_description_says(manager: Client) -> None:
    told = manager.get("/api/schema/").json()
    for url, name in ((UNITS, "PaginatedUnitList"), (GROUPS, "PaginatedRankingGroupList")):
        whole = {"$ref": f"#/components/schemas/{name}", "components": told["components"]}
        jsonschema.validate(manager.get(url).json(), whole)
    problem = {"$ref": "#/components/schemas/Problem", "components": told["components"]}
    jsonschema.validate(manager.get(f"{UNITS}?x=1").json(), problem)


def test_a_group_of_units_is_made_as_a_client_would(manager: Client) -> None:
    body = {"code": "g", "name_en": "G", "name_zh": "组", "units": ["neighbour", "town"]}
    answer = send(manager, "POST", GROUPS, body)
    assert (answer.status_code, answer.json()["units"]) == (201, ["town", "neighbour"])
    assert RankingGroup.objects.get(code="g").members.count() == 2
