"""Meeting packs by the API: built in the background, read with their documents, issued by the office."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from campaigns.models import Pack
from campaigns.operations.pack_files import keep_file
from tests.api_calls import costs_the_same, must_be_as_described, results, send
from tests.api_cast import system
from tests.builders import draft_pack, issued_pack
from tests.cast import Cast, client_of
from units.models import Job

URL = "/api/v1/packs/"
JULY = {"period": "hundred-days/2022-07"}


@pytest.fixture
def cast(cast_with_july: Cast, settings: Any, tmp_path: Path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    return cast_with_july


@pytest.fixture
def manager(cast: Cast) -> Client:
    return system("read", "manage")


def test_a_system_has_a_pack_built_and_finds_its_documents(cast: Cast, manager: Client) -> None:
    made = send(manager, "POST", URL, JULY)
    assert made.status_code == 201, made.content
    told = manager.get(made["Location"]).json()
    assert (told["period"], told["number"], told["state"]) == ("hundred-days/2022-07", 1, "building")
    assert (told["is_in_work"], told["documents"], told["digest"]) == (True, [], "")
    assert Job.objects.get().kind == "build_pack"
    assert send(manager, "POST", URL, JULY).status_code == 409


def test_a_draft_takes_the_figures_anew(cast: Cast, manager: Client) -> None:
    pack = draft_pack(cast)
    again = send(manager, "POST", URL, JULY)
    assert (again.status_code, again.json()["id"], again.json()["state"]) == (200, pack.pk, "building")


def test_a_built_pack_leads_to_its_six_documents(cast: Cast, manager: Client) -> None:
    pack = issued_pack(cast)
    keep_file(pack=pack, kind="pdf", language="zh-hans", content=b"%PDF-")
    told = manager.get(f"{URL}{pack.pk}/").json()
    assert len(told["documents"]) == 6
    [drawn] = [one for one in told["documents"] if one["is_drawn"]]
    assert (drawn["kind"], drawn["language"]) == ("pdf", "zh-hans")
    answer = manager.get(drawn["url"])
    assert b"".join(answer.streaming_content) == b"%PDF-"  # type: ignore[attr-defined]
    must_be_as_described(manager, URL, "PaginatedPackList")


def test_the_digest_is_over_the_bytes_of_the_content(cast: Cast, manager: Client) -> None:
    pack = issued_pack(cast)
    content = manager.get(f"{URL}{pack.pk}/content/").content
    assert sha256(content).hexdigest() == manager.get(f"{URL}{pack.pk}/").json()["digest"] == pack.digest


def test_the_office_issues_what_it_has_seen(cast: Cast) -> None:
    pack, client = draft_pack(cast), client_of(cast.office)
    address = f"{URL}{pack.pk}/"
    assert send(client, "POST", f"{address}issue/", {}).status_code == 428
    stale = send(client, "POST", f"{address}issue/", {}, if_match='"1-old"')
    assert stale.status_code == 412
    issued = send(client, "POST", f"{address}issue/", {}, if_match=client.get(address)["ETag"])
    assert (issued.status_code, issued.json()["state"], issued.json()["issued_by"]) == (200, "issued", "Office")
    assert send(client, "POST", f"{address}issue/", {}, if_match="*").status_code == 409


@pytest.mark.parametrize("period", ["hundred-days/2022-10", "hundred-days/2022-11", "", None])
def test_a_pack_needs_a_period_that_has_begun(cast: Cast, manager: Client, period: str | None) -> None:
    assert send(manager, "POST", URL, {"period": period}).status_code in (400, 409)
    assert not Pack.objects.exists()


def test_packs_are_found_by_campaign_period_and_state(cast: Cast, manager: Client) -> None:
    issued_pack(cast)
    draft_pack(cast, cast.august)

    def months(query: str) -> list[str]:
        return [one["period"][-7:] for one in results(manager.get(f"{URL}?{query}"))]

    assert months("campaign=hundred-days") == ["2022-08", "2022-07"]
    assert months("campaign=hundred-days&period=2022-07") == ["2022-07"]
    assert months("state=draft") == ["2022-08"]


def test_more_packs_take_no_more_queries(cast: Cast, manager: Client) -> None:
    def one_more() -> None:
        issued_pack(cast)

    one_more()
    assert costs_the_same(manager, URL, one_more)
