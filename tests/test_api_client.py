"""A client that a public generator makes from the description, tried against a running server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from campaigns.models import Measurement
from jiaxing.api_docs import description
from tests.api_cast import token
from tests.cast import Cast
from units.models import Unit

TOOLS = Path(sys.executable).parent
PACKAGE = "generated_tracker"
OFFICE = "application/vnd.openxmlformats-officedocument"
OF_BYTES = {
    f"{OFFICE}.wordprocessingml.document": "application/octet-stream",
    f"{OFFICE}.spreadsheetml.sheet": "application/octet-stream",
    "application/pdf": "application/octet-stream",
}
"""What this generator must be told of: it knows documents as bytes by one type alone."""

Part = Callable[[str], Any]
"""A module of the generated package, by its name."""


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Part]:
    """The generator may not warn: what it leaves out, a client would miss."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_text(json.dumps(description("en")), encoding="utf-8")
    (folder / "config.json").write_text(json.dumps({"content_type_overrides": OF_BYTES}), encoding="utf-8")
    options = ["--path", "openapi.json", "--output-path", PACKAGE, "--config", "config.json"]
    options += ["--meta", "none", "--fail-on-warning"]
    done = subprocess.run(
        [str(TOOLS / "openapi-python-client"), "generate", *options],
        cwd=folder,
        env={**os.environ, "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield lambda name: import_module(f"{PACKAGE}.{name}")


@pytest.fixture
def calls(part: Part, live_server: Any) -> Callable[..., Any]:
    """`calls("read")` is the generated client with a token of these scopes."""

    def with_token(*scopes: str) -> Any:
        _row, secret = token(*scopes)
        return part("client").AuthenticatedClient(base_url=live_server.url, token=secret)

    return with_token


def test_it_reads_a_list_page_by_page(part: Part, calls: Any, cast: Cast) -> None:
    client, units_list = calls("read"), part("api.units.units_list")
    page = units_list.sync(client=client, page_size=2)
    found = list(page.results)
    while page.next_:
        cursor = parse_qs(urlsplit(page.next_).query)["cursor"][0]
        page = units_list.sync(client=client, page_size=2, cursor=cursor)
        found += page.results
    assert [one.code for one in found] == list(Unit.objects.order_by("order", "code").values_list("code", flat=True))


def test_it_reads_an_object_again_only_when_it_has_changed(part: Part, calls: Any, cast: Cast) -> None:
    client, retrieve = calls("read"), part("api.units.units_retrieve")
    first = retrieve.sync_detailed(cast.town.code, client=client)
    assert (first.status_code, first.parsed.code) == (200, cast.town.code)
    again = retrieve.sync_detailed(cast.town.code, client=client, if_none_match=first.headers["ETag"])
    assert (again.status_code, again.parsed) == (304, None)


def test_it_writes_an_object_that_it_has_seen(part: Part, calls: Any, cast: Cast) -> None:
    client, models = calls("read", "manage"), part("models")
    body = models.UnitRequest(code="new-unit", name_en="New", name_zh="新", kind=models.UnitRequestKind.COUNTY)
    create = part("api.units.units_create")
    made = create.sync_detailed(client=client, body=body, idempotency_key="new-unit-1")
    assert (made.status_code, made.parsed.version) == (201, 1)
    assert create.sync_detailed(client=client, body=body, idempotency_key="new-unit-1").status_code == 201
    change, seen = part("api.units.units_partial_update"), made.headers["ETag"]
    later = models.PatchedUnitRequest(order=7)
    assert change.sync("new-unit", client=client, body=later, if_match=seen).order == 7
    too_late = change.sync_detailed("new-unit", client=client, body=later, if_match=seen)
    assert (too_late.status_code, too_late.parsed.current["order"]) == (412, 7)


def test_it_is_told_of_a_problem_as_an_object(part: Part, calls: Any, cast: Cast) -> None:
    told = part("api.units.units_list").sync(client=calls("read"), ordering="colour")
    assert (told.type_, told.errors[0].pointer) == ("/api/docs/#problem-invalid-query", "/ordering")


def test_it_pushes_figures_first_as_a_trial_and_then_for_real(part: Part, calls: Any, cast: Cast) -> None:
    client, models = calls("report"), part("models")
    push = part("api.measurements.measurements_bulk_create")
    row = models.FigureRowRequest(unit="town", indicator="exports", period="hundred-days/2022-08", value="90.00")
    figures = Measurement.objects.filter(report__unit=cast.town, report__period__month="2022-08")
    trial = push.sync(client=client, body=models.FigureRowsRequest(rows=[row], dry_run=True))
    assert (trial.dry_run, trial.counts.created, figures.count()) == (True, 1, 0)
    done = push.sync(client=client, body=models.FigureRowsRequest(rows=[row]), idempotency_key="push-1")
    assert (done.counts.created, str(figures.get().value)) == (1, "90.0000")
    row.indicator = "nonsense"
    refused = push.sync_detailed(client=client, body=models.FigureRowsRequest(rows=[row]))
    assert (refused.status_code, refused.parsed.errors[0].pointer) == (400, "/rows/0/indicator")


def test_it_files_a_report(part: Part, calls: Any, cast: Cast) -> None:
    client, models = calls("read", "report"), part("models")
    asked = {"campaign": "hundred-days", "period": "2022-08", "unit": "town", "action": 1}
    (draft,) = part("api.reports.reports_list").sync(client=client, **asked).results
    figures = [models.ReportFigureRequest(indicator=code, value="9.0") for code in ("exports", "share")]
    seen = part("api.reports.reports_retrieve").sync_detailed(draft.id, client=client).headers["ETag"]
    filled = part("api.reports.reports_partial_update").sync_detailed(
        draft.id, client=client, body=models.PatchedReportRequest(measurements=figures), if_match=seen
    )
    filed = part("api.reports.reports_submit_create").sync(
        draft.id, client=client, body=models.SubmissionRequest(), if_match=filled.headers["ETag"]
    )
    assert [(one.indicator, one.value) for one in filed.measurements] == [("exports", "9.0000"), ("share", "9.0000")]
    assert filed.status == models.ReportStatus.TO_SIGN


def test_it_reads_the_standings(part: Part, calls: Any, cast_with_july: Cast) -> None:
    told = part("api.standings.standings_retrieve").sync(
        client=calls("read"), campaign="hundred-days", period="2022-07"
    )
    ranked = {row.unit: (row.rank, row.composite) for row in told.rows if row.is_in_group}
    assert ranked == {"neighbour": (1, "21.25"), "town": (1, "21.25")}
